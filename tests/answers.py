"""Answers written by hand, for tests of what shows them: a metric, its figures week by week, and what a build says.

The values are those that the test gives; only their course is read from them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from metrics.answer import Build, Figure, Listing, Released, State
from metrics.course import course
from metrics.progress import Progress
from metrics.semantic.model import Metric

MONDAY = date(2026, 9, 28)  # the first day of 2026-W40

METRIC = Metric(
    id="block_recidivism_30d", title="Blocked again within 30 days",
    question="Of the blocks that ended, how many targets were blocked again within 30 days?",
    why="A block that is needed again did not change behaviour.", not_this="It says nothing of indefinite blocks.",
    pillar="tools", status="live", owner="trust-and-safety", written_by="program-analytics",
    checked_by="community-research", reviewed_on=date(2026, 10, 1), review_again_by=date(2027, 4, 1), version=1,
    changes=(), kind="ratio", source="mart_block_end", at="ended_at", unit="share", better="lower",
    grains=("week", "month"), dimensions=("wiki",), mature_after=None, targets=(),
    release={"program": 5, "executive": 10, "public": 10}, published=(), caveats=("Bots place most address blocks.",),
)  # fmt: skip

BUILD = Build("2026-11-19-1", datetime(2026, 11, 19), "Safer Wikis", True, 7, "monday")


def metric(**changed: Any) -> Metric:
    return replace(METRIC, **changed)


def figure(
    week: int, value: float | State | None, state: State = "final", group: tuple[str, ...] = (), width: float = 0.0
) -> Figure:
    """The figure of a week of 2026. value: a number, or the state that explains why there is none."""
    start = date.fromisocalendar(2026, week, 1)
    if isinstance(value, str):
        state, value = value, None
    low, high = (value - width, value + width) if value is not None and width else (None, None)
    label, end = f"2026-W{week:02d}", start + timedelta(days=6)
    return Figure(start, end, label, group, value, low, high, None, None, None if value is None else 100, state)


def released(*figures: Figure, split: tuple[str, ...] = (), of: Metric = METRIC, minimum: int = 10) -> Released:
    as_of = date(2026, 11, 19)
    return Released(of, "week", split, (), "executive", figures, BUILD.id, as_of, minimum, True)


def progress(answer: Released, status: Any = "met", **changed: Any) -> Progress:
    """A measure of one goal; last and previous are the two newest settled figures, change is their difference."""
    settled = [one for one in answer.figures if one.state == "final" and one.value is not None]
    last, previous = ([None, None, *settled][-1], [None, None, *settled][-2])
    moved = last.value - previous.value if last and previous and last.value and previous.value else None
    one = Progress("fewer-repeats", "Fewer people are blocked again", "tools", "trust-and-safety", answer.metric.title,
                   answer, last, previous, 0.15, status, moved, None, course(answer))  # fmt: skip
    return replace(one, **{"course": course(answer, (), changed.get("target", 0.15)), **changed})


def listing(name: str, *rows: Mapping[str, Any]) -> Listing:
    return Listing(name, tuple(rows[0]) if rows else (), rows, BUILD.id)


PROJECTS = listing("projects", {
    "project": "a", "title": "Reporting", "pillar": "tools", "owner": "engineering", "state": "running",
    "starts_at": datetime(2026, 7, 1), "ends_at": datetime(2026, 12, 31),
})  # fmt: skip


def milestone(name: str, planned: date, forecast: date | None, actual: date | None, state: str) -> dict[str, Any]:
    days = {"planned_at": planned, "forecast_at": forecast, "actual_at": actual}
    at = {column: None if day is None else datetime(day.year, day.month, day.day) for column, day in days.items()}
    return {
        "project": "a",
        "milestone": name,
        "title": name,
        "pillar": "tools",
        "owner": "engineering",
        "state": state,
        **at,
    }


MILESTONES = listing(
    "milestones",
    milestone("Pilot", date(2026, 11, 1), date(2026, 12, 15), None, "late"),
    milestone("Design", date(2026, 8, 31), date(2026, 9, 2), date(2026, 9, 4), "done"),
)
