"""The plan's records as a page shows them: tables of milestones, risks, escalations and decisions; rollouts; targets.

It reads records and draws nothing. The plan's days are those of the build: `today` is the last day that it knows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.chart import Annotation
from dashboard.widgets import door, names
from dashboard.widgets.language import _
from dashboard.widgets.table import markup
from metrics.answer import Released
from metrics.calendar import Rules, fiscal_year

Record = Mapping[str, Any]
SEVERE: Final = ("critical", "high")
SEVERITY_SYMBOLS: Final = {"critical": "▲", "high": "▲", "medium": "◆", "low": "○"}


def today() -> date:
    """The last day that the build knows."""
    return door.build().as_of.date() - timedelta(days=1)


def day(value: Any) -> date | None:
    """The day of a date or timestamp; None where there is none (None or NaT)."""
    if value is None or value != value:  # NaT is not itself
        return None
    return value.date() if isinstance(value, datetime) else value


def told_day(value: Any, absent: str = "–") -> str:
    """A day in words that stay on one line."""
    found = day(value)
    return words.day(found).replace(" ", words.NBSP) if found else absent


def is_open(row: Record, column: str = "closed_at") -> bool:
    return day(row[column]) is None


def is_overdue(decision: Record) -> bool:
    """Whether a decision still waits that was needed by an earlier day."""
    needed = day(decision["needed_by"])
    return not decision["is_decided"] and needed is not None and needed < today()


def severity(row: Record) -> str:
    return f"{SEVERITY_SYMBOLS.get(row['severity'], '')} {names.role(row['severity'])}".strip()


def milestone_state(row: Record) -> str:
    """The state and by how many days: "■ Done, 4 days late", "▲ Late, 17 days"."""
    state, late = words.progress_state(row["state"]), row["days_late"]
    if late is None or late != late or late == 0 or row["state"] == "on_track":
        return state
    size = words.number(abs(late), "days")
    if row["state"] != "done":
        return f"{state}, {size}"
    return _("milestone-done-late" if late > 0 else "milestone-done-early", state=state, size=size)


def milestones(rows: Iterable[Record], projects: Iterable[Record]) -> Markup:
    titles = {one["project"]: one["title"] for one in projects}
    drawn = [
        (
            one["title"],
            titles.get(one["project"], "–"),
            names.role(one["owner"]),
            told_day(one["planned_at"]),
            told_day(one["forecast_at"]),
            told_day(one["actual_at"], _("milestone-not-done")),
            milestone_state(one),
        )
        for one in rows
    ]
    columns = [_("column-milestone"), _("column-project"), _("column-owner"), _("column-planned")]
    columns += [_("column-forecast"), _("column-actual"), _("column-state")]
    return markup(_("milestones-caption"), columns, drawn, empty=_("milestones-empty"), stacked=True)


def urgency(row: Record) -> tuple[int, date]:
    """Sorts milestones: late, slipping, to come, done; the done ones from the newest."""
    planned = day(row["planned_at"]) or date.max
    if row["state"] == "done":
        return 3, date.min + (date.max - planned)
    return {"late": 0, "slipping": 1}.get(row["state"], 2), planned


def risks(rows: Iterable[Record]) -> Markup:
    drawn = [
        (one["title"], severity(one), names.role(one["owner"]), told_day(one["opened_at"]), _closed(one))
        for one in rows
    ]
    columns = [_("column-risk"), _("column-severity"), _("column-owner"), _("column-opened"), _("column-closed")]
    return markup(_("risks-caption"), columns, drawn, empty=_("risks-empty"), stacked=True)


def escalations(rows: Iterable[Record]) -> Markup:
    drawn = [
        (
            one["title"],
            names.role(one["to_role"]),
            told_day(one["raised_at"]),
            told_day(one["answered_at"], _("escalation-waits")),
            words.number(one["waiting_days"], "days"),
        )
        for one in rows
    ]
    columns = [_("column-escalation"), _("column-to"), _("column-raised"), _("column-answered"), _("column-waited")]
    return markup(_("escalations-caption"), columns, drawn, empty=_("escalations-empty"), stacked=True)


def decisions(rows: Iterable[Record], caption: str) -> Markup:
    drawn = [
        (
            one["question"],
            names.role(one["owner"]),
            told_day(one["asked_at"]),
            told_day(one["needed_by"]),
            decision_state(one),
        )
        for one in rows
    ]
    columns = [_("column-decision"), _("column-owner"), _("column-asked"), _("column-needed-by"), _("column-state")]
    return markup(caption, columns, drawn, empty=_("decisions-empty"), stacked=True)


def decision_state(row: Record) -> str:
    if row["is_decided"]:
        return _("decision-taken", day=told_day(row["decided_at"]), outcome=str(row["outcome"] or "–"))
    late = today() - (day(row["needed_by"]) or today())
    return _("decision-overdue", size=words.number(late.days, "days")) if is_overdue(row) else _("decision-open")


def rollouts(where: Mapping[str, str]) -> tuple[Annotation, ...]:
    """What reached which wiki and when; one mark where the same thing reached several on one day."""
    reached: dict[tuple[date, str], list[str]] = defaultdict(list)
    for row in door.listing("rollouts").rows:
        start = day(row["started_at"])
        if start is not None and where.get("wiki", row["wiki"]) == row["wiki"]:
            reached[start, str(row["title"])].append(str(row["wiki"]))
    return tuple(
        Annotation(start, _("rollout-on", title=title, wikis=words.listed(wikis)))
        for (start, title), wikis in reached.items()
    )


def target_of(answer: Released) -> float | None:
    """The target of an answer's newest settled period: the plan's for exactly this measure, else the definition's."""
    for one in door.goals():
        if one.released.metric.id == answer.metric.id and one.released.where == answer.where:
            return one.target
    last = answer.last_final
    if last is None or answer.where or not answer.metric.judged:
        return None
    year = fiscal_year(last.end, Rules(door.build().fiscal_year_start))
    return next((one.value for one in answer.metric.targets if one.fiscal_year == year), None)


def pending(rows: Iterable[Record]) -> Sequence[Record]:
    """The decisions that wait, the most urgent first."""
    return sorted((one for one in rows if not one["is_decided"]), key=lambda one: day(one["needed_by"]) or date.max)


def _closed(row: Record) -> str:
    return told_day(row["closed_at"], _("risk-open"))
