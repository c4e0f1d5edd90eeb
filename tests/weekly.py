"""A week written by hand, for tests of the weekly summary: 9 to 15 November 2026 of an invented program.

It asks nothing; a test changes what it is about.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.reports.plan_records import Decision, Escalation, Milestone, Risk, Rollout
from dashboard.reports.weekly_sheet import WeeklyContent
from metrics.calendar import Period
from tests.answers import BUILD, figure, listing, metric, progress, released

WEEK = Period(date(2026, 11, 9), date(2026, 11, 15), "2026-W46")

REPEATS = progress(
    released(figure(44, 0.2, width=0.02), figure(45, 0.2, width=0.02), figure(46, 0.3, width=0.02)),
    "missed", title="Blocked again", target=0.15, change_is_clear=True,
)  # fmt: skip
ANSWERS = progress(
    released(figure(45, 0.9), figure(46, 0.91), of=metric(id="answered", title="Answered", better="higher")),
    "met", goal="quick-help", goal_title="Whoever asks is answered soon", title="Answered in time", target=0.8,
    change_is_clear=False,
)  # fmt: skip
THANKS = progress(
    released(figure(45, 40), figure(46, "withheld"), of=metric(id="thanks", title="Thanks", unit="count", better="neither")),
    "missed", goal="quick-help", goal_title="Whoever asks is answered soon", title="Thanks given", target=50,
)  # fmt: skip

DONE = Milestone("Results published", "Survey", "research", date(2026, 11, 20), None, date(2026, 11, 12), "done", -8)
LATE = Milestone("Pilot", "Reporting", "trust-and-safety", date(2026, 11, 1), date(2026, 12, 15), None, "late", 44)
LATER = Milestone("Everywhere", "Reporting", "engineering", date(2027, 3, 1), None, None, "on_track", None)

CONTENT = WeeklyContent(
    week=WEEK,
    name="2026-W46",
    build=BUILD,
    measures=(REPEATS, ANSWERS, THANKS),
    is_planned=True,
    milestones=(LATE, DONE, LATER),
    risks=(Risk("No second wiki agrees", "high", "engineering", date(2026, 9, 20)),),
    escalations=(Escalation("Where reports are kept", "sponsor", date(2026, 11, 2), 14),),
    decisions=(
        Decision("May the pilot start later?", "sponsor", date(2026, 10, 28), date(2026, 11, 25), 19, False),
        Decision("One <b>wave</b> or two?", "program-lead", date(2026, 6, 1), date(2026, 7, 1), 19, False, date(2026, 6, 20), "Two"),
    ),
    rollouts=(Rollout("Report button", "ar.demo", date(2026, 11, 3)), Rollout("Report button", "en.demo", date(2026, 11, 3))),
    files=listing(
        "feeds",
        {"feed": "mediawiki_logging", "file": "en.xml.gz", "sha256": "a1", "rows": 1200, "rejected": 3},
        {"feed": "plan", "file": "plan.yml", "sha256": "b2", "rows": 40, "rejected": 0},
    ),
    coverage=listing(
        "coverage",
        {"feed": "mediawiki_logging", "wiki": None, "starts_on": date(2026, 1, 5), "ends_on": date(2026, 11, 18)},
        {"feed": "mediawiki_logging", "wiki": "ar.demo", "starts_on": date(2026, 1, 5), "ends_on": date(2026, 11, 10)},
        {"feed": "mediawiki_logging", "wiki": "en.demo", "starts_on": date(2026, 1, 5), "ends_on": date(2026, 11, 18)},
    ),
    quarantine=listing("quarantine", {"feed": "mediawiki_logging", "file": "en.xml.gz", "rule": "the item has a time", "row_count": 3}),
    checks=listing(
        "checks",
        {"rule": "a late milestone has a forecast", "table_name": "mart_milestone", "severity": "warning", "passed": False, "breaking_count": 1},
        {"rule": "a block ends after it was set", "table_name": "core_block", "severity": "error", "passed": True, "breaking_count": 0},
    ),
)  # fmt: skip


def content(**changed: Any) -> WeeklyContent:
    return replace(CONTENT, **changed)
