"""The plan's and the build's own records, each by one fixed query: no persons, no figures of metrics.

It holds text only; `metrics.query` runs it.
"""

from collections.abc import Mapping

QUERIES: Mapping[str, str] = {
    "measures": (
        "SELECT m.goal, g.title AS goal_title, g.pillar, g.owner, m.measure, m.metric, m.title, m.grain, m.filters "
        "FROM mart_measure AS m JOIN mart_goal AS g ON g.goal = m.goal ORDER BY m.position"
    ),
    "targets": "SELECT goal, measure, starts_on, ends_on, value FROM mart_target ORDER BY measure, starts_on",
    "projects": (
        "SELECT project, title, pillar, owner, starts_at, ends_at, state FROM mart_project ORDER BY starts_at, project"
    ),
    "milestones": (
        "SELECT project, milestone, title, pillar, owner, planned_at, forecast_at, actual_at, is_due, is_on_time, "
        "days_late, state FROM mart_milestone ORDER BY planned_at, milestone"
    ),
    "staffing": (
        "SELECT role, day_at, planned_people, filled_people FROM mart_staffing_day "
        "WHERE day_at = (SELECT MAX(day_at) FROM mart_staffing_day) ORDER BY role"
    ),
    "budget": (
        "SELECT line, pillar, month_at, planned_amount, spent_amount FROM mart_budget_month ORDER BY line, month_at"
    ),
    "risks": (
        "SELECT risk, title, severity, pillar, owner, opened_at, closed_at FROM mart_risk ORDER BY CASE severity "
        "WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, opened_at, risk"
    ),
    "escalations": (
        "SELECT escalation, title, to_role, raised_at, answered_at, is_answered, waiting_days FROM mart_escalation "
        "ORDER BY is_answered, raised_at, escalation"
    ),
    "decisions": (
        "SELECT decision, question, owner, asked_at, needed_by, decided_at, outcome, is_decided, waiting_days "
        "FROM mart_decision ORDER BY is_decided, needed_by, decision"
    ),
    "rollouts": "SELECT rollout, title, wiki, started_at FROM mart_rollout ORDER BY started_at, rollout, wiki",
    "evaluations": (
        "SELECT evaluation, title, owner, written_on, metric, grain, filters FROM mart_evaluation ORDER BY position"
    ),
    "evaluated_rollouts": (
        "SELECT evaluation, rollout, wiki, started_at, has_started FROM mart_evaluation_rollout "
        "ORDER BY evaluation, started_at, rollout"
    ),
    "phases": "SELECT phase, metric, filters, starts_on, why, is_comparable FROM mart_phase ORDER BY starts_on, phase",
    "rota_gaps": (
        "SELECT role, starts_at, ends_at, gap_hours FROM mart_rota_gap WHERE is_ahead ORDER BY starts_at, role"
    ),
    "rota_ahead": (
        "SELECT role, MAX(hour_at) AS last_hour_at, SUM(wanted_hours) AS wanted_hours, "
        "SUM(covered_hours) AS covered_hours, SUM(gap_hours) AS gap_hours FROM mart_rota_hour "
        "WHERE hour_at >= (SELECT as_of FROM meta_build) GROUP BY role ORDER BY role"
    ),
    "developments": (
        "SELECT happened_at, title, text, source, wiki, pillar FROM mart_development WHERE audience = $audience "
        "ORDER BY happened_at DESC, title"
    ),
    "build": "SELECT build_id, code_version FROM meta_build",
    "wikis": "SELECT * FROM meta_wiki ORDER BY 1",
    "feeds": "SELECT * FROM meta_feed ORDER BY ALL",
    "freshness": (
        "SELECT feed, COALESCE(f.file_count, 0) AS files, f.received_at, f.latest_event_at, c.starts_on, c.ends_on "
        "FROM (SELECT feed, COUNT(*) AS file_count, MAX(received_at) AS received_at, MAX(latest_event_at) AS "
        "latest_event_at FROM meta_feed GROUP BY feed) AS f FULL JOIN (SELECT feed, MIN(starts_on) AS starts_on, "
        "MAX(ends_on) AS ends_on FROM meta_coverage WHERE starts_on <= ends_on GROUP BY feed) AS c USING (feed) "
        "ORDER BY feed"
    ),
    "coverage": (
        "SELECT feed, wiki, CASE WHEN starts_on <= ends_on THEN starts_on END AS starts_on, "
        "CASE WHEN starts_on <= ends_on THEN ends_on END AS ends_on, left_on "
        "FROM meta_coverage LEFT JOIN meta_delivered USING (feed, wiki) ORDER BY feed, wiki NULLS FIRST"
    ),
    # For readers outside the team. Where nobody delivers days of a wiki, they are those of what happened there.
    "published_coverage": (
        "SELECT c.feed, c.wiki, CASE WHEN c.starts_on <= c.ends_on THEN c.starts_on END AS starts_on, "
        "CASE WHEN c.starts_on <= c.ends_on THEN c.ends_on END AS ends_on "
        "FROM meta_coverage AS c LEFT JOIN meta_delivered AS d USING (feed, wiki) "
        "WHERE c.wiki IS NULL OR d.wiki IS NOT NULL ORDER BY c.feed, c.wiki NULLS FIRST"
    ),
    "parts": "SELECT * FROM meta_part ORDER BY table_name, column_name",
    "quarantine": (
        "SELECT q.feed, q.file, q.rule, COUNT(*) AS row_count FROM quarantine AS q GROUP BY q.feed, q.file, q.rule "
        "ORDER BY q.feed, q.file, q.rule"
    ),
    "agreement": (
        "SELECT measure, compared_with, COUNT(*) AS month_count, SUM(CASE WHEN difference <> 0 THEN 1 ELSE 0 END) "
        "AS differing_count, MAX(ABS(difference)) AS largest_difference, MIN(month_at) AS first_at, "
        "MAX(month_at) AS last_at "
        "FROM mart_movement_difference GROUP BY measure, compared_with ORDER BY measure, compared_with"
    ),
    "differences": (
        "SELECT month_at, measure, compared_with, theirs, ours, difference, state FROM mart_movement_difference "
        "WHERE difference <> 0 ORDER BY month_at DESC, measure, compared_with"
    ),
    "checks": "SELECT * FROM meta_check ORDER BY passed, severity, table_name, rule",
    "metrics": (
        "SELECT m.metric, m.version, COUNT(v.value) AS value_count FROM meta_metric AS m "
        "LEFT JOIN metric_value AS v ON v.metric = m.metric GROUP BY m.metric, m.version ORDER BY m.metric"
    ),
}
