"""Tables of the plan's records for any report: milestones, risks, escalations, decisions. It asks and writes nothing.

limit: only so many rows, and below them how many were left out; 0 is all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dashboard.charts import words
from dashboard.reports.document import Table
from dashboard.reports.plan_records import Decision, Escalation, Milestone, Risk

SEVERITIES = {"critical": "▲ Critical", "high": "▲ High", "medium": "◆ Medium", "low": "○ Low"}


@dataclass(frozen=True)
class PlanTables:
    """The plan's records in one place of a report."""

    milestones: Table
    risks: Table
    escalations: Table
    decisions: Table

    def without_plan(self) -> "PlanTables":
        """The same where there is no plan: nothing is known, which is not the same as nothing is open."""
        tables = (self.milestones, self.risks, self.escalations, self.decisions)
        return PlanTables(*(replace(table, empty="No plan was loaded.") for table in tables))


def milestones(found: Sequence[Milestone], caption: str, empty: str, limit: int = 0) -> Table:
    kept = found[:limit] if limit else found
    rows = tuple(
        (
            one.title,
            role(one.owner),
            words.day(one.planned),
            words.day(one.forecast) if one.forecast else "–",
            words.day(one.actual) if one.actual else "not done",
            _state(one),
        )
        for one in kept
    )
    columns = ("Milestone", "Owner", "Planned", "Forecast", "Actual", "State")
    left = len(found) - len(kept)
    return Table(caption, columns, rows, (31, 17, 11, 11, 11, 19), empty=empty, left=left, noun="milestone")


def risks(found: Sequence[Risk], limit: int = 0) -> Table:
    """Half as wide where it is limited: without the day on which the risk opened."""
    kept = found[:limit] if limit else found
    rows = tuple((one.title, SEVERITIES[one.severity], role(one.owner), words.day(one.opened)) for one in kept)
    left = len(found) - len(kept)
    whole = Table("Open risks", ("Risk", "Severity", "Owner", "Open since"), rows, (50, 16, 20, 14))
    return replace(_narrow(whole) if limit else whole, empty="No risk is open.", left=left, noun="risk")


def escalations(found: Sequence[Escalation], limit: int = 0) -> Table:
    """Half as wide where it is limited: without the day on which it was raised."""
    kept = found[:limit] if limit else found
    rows = tuple(
        (one.title, words.number(one.waiting_days, "days"), role(one.to_role), words.day(one.raised)) for one in kept
    )
    left = len(found) - len(kept)
    columns = ("Escalation", "Waits for", "To", "Raised")
    whole = Table("Escalations without an answer", columns, rows, (50, 16, 20, 14))
    return replace(
        _narrow(whole) if limit else whole, empty="No escalation waits for an answer.", left=left, noun="escalation"
    )


def decisions_needed(found: Sequence[Decision], limit: int = 0) -> Table:
    kept = found[:limit] if limit else found
    rows = tuple(
        (one.question, role(one.owner), words.day(one.asked), words.day(one.needed_by), _decided(one)) for one in kept
    )
    left = len(found) - len(kept)
    columns = ("Question", "Owner", "Asked", "Needed by", "State")
    return Table(
        "Decisions needed",
        columns,
        rows,
        (42, 18, 13, 13, 14),
        empty="No decision is needed.",
        left=left,
        noun="decision",
    )


def decisions(found: Sequence[Decision]) -> Table:
    """Those that wait and those that were taken, with their outcome."""
    rows = tuple(
        (one.question, role(one.owner), words.day(one.needed_by), _decided(one), one.outcome or "–") for one in found
    )
    columns = ("Question", "Owner", "Needed by", "State", "Outcome")
    widths = (34, 16, 12, 18, 20)
    return Table("Decisions asked for and taken", columns, rows, widths, empty="No decision was asked for.")


def role(name: str) -> str:
    """A role's id as words: "trust-and-safety" is Trust and safety."""
    told = name.replace("-", " ").replace("_", " ")
    return told[:1].upper() + told[1:]


def _narrow(whole: Table) -> Table:
    """The table without its last column, for half a page."""
    rows = tuple(cells[:-1] for cells in whole.rows)
    return replace(whole, columns=whole.columns[:-1], rows=rows, widths=(46, 22, 32))


def _state(one: Milestone) -> str:
    """The state and by how many days: "■ Done, 4 days late"."""
    state = words.progress_state(one.state)
    if not one.days_late or one.state == "on_track":
        return state
    size = words.number(abs(one.days_late), "days")
    if one.state == "done":
        return f"{state}, {size} {'late' if one.days_late > 0 else 'early'}"
    return f"{state} by {size}"


def _decided(one: Decision) -> str:
    if one.decided is not None:
        return f"■ {words.day(one.decided)}"
    return "▲ Overdue" if one.is_overdue else "○ Open"
