"""What the plan's records said on one day: milestones, risks, escalations and decisions as they stood when it ended.

It reads the records it is given. The plan keeps no history: forecasts, owners and titles are those of the build.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from metrics.answer import Listing

DAY = timedelta(days=1)
SEVERITIES = ("critical", "high", "medium", "low")
MilestoneState = Literal["done", "late", "slipping", "on_track"]


@dataclass(frozen=True)
class Milestone:
    """Days of the plan. actual: None where it was not done by then; days_late: None where nothing is expected yet."""

    title: str
    project: str
    owner: str
    planned: date
    forecast: date | None
    actual: date | None
    state: MilestoneState
    days_late: int | None


@dataclass(frozen=True)
class Risk:
    title: str
    severity: str
    owner: str
    opened: date


@dataclass(frozen=True)
class Escalation:
    title: str
    to_role: str
    raised: date
    waiting_days: int


@dataclass(frozen=True)
class Decision:
    """decided: the day it was taken, None while it waits. is_overdue: it was needed by an earlier day."""

    question: str
    owner: str
    asked: date
    needed_by: date
    waiting_days: int
    is_overdue: bool
    decided: date | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Rollout:
    title: str
    wiki: str
    started: date


def rollouts(listing: Listing, on: date) -> tuple[Rollout, ...]:
    """What had reached which wiki by the end of the day `on`, the oldest first."""
    found = [
        Rollout(str(row["title"]), str(row["wiki"]), started)
        for row in listing.rows
        if (started := _began(row["started_at"], on))
    ]
    return tuple(sorted(found, key=lambda one: (one.started, one.title, one.wiki)))


def milestones(listing: Listing, projects: Listing, on: date) -> tuple[Milestone, ...]:
    """Every milestone as it stood at the end of the day `on`, in order of the plan's days."""
    titles = {row["project"]: str(row["title"]) for row in projects.rows}
    found = [_milestone(row, titles.get(row["project"], ""), on) for row in listing.rows]
    return tuple(sorted(found, key=lambda one: (one.planned, one.title)))


def risks(listing: Listing, on: date) -> tuple[Risk, ...]:
    """The risks open at the end of the day `on`, the most severe and then the oldest first."""
    found = [
        Risk(str(row["title"]), str(row["severity"]), str(row["owner"]), opened)
        for row in listing.rows
        if (opened := _began(row["opened_at"], on)) and not _began(row["closed_at"], on)
    ]
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.opened, one.title)))


def escalations(listing: Listing, on: date) -> tuple[Escalation, ...]:
    """The escalations that waited for an answer at the end of the day `on`, the oldest first."""
    found = [
        Escalation(str(row["title"]), str(row["to_role"]), raised, (on + DAY - raised).days)
        for row in listing.rows
        if (raised := _began(row["raised_at"], on)) and not _began(row["answered_at"], on)
    ]
    return tuple(sorted(found, key=lambda one: (one.raised, one.title)))


def decisions(listing: Listing, on: date) -> tuple[Decision, ...]:
    """Every decision asked for by the end of the day `on`: those that wait, the most urgent first, then those taken."""
    found = [_decision(row, asked, on) for row in listing.rows if (asked := _began(row["asked_at"], on))]
    return tuple(sorted(found, key=lambda one: (one.decided is not None, one.needed_by, one.question)))


def day_of(value: Any) -> date | None:
    """The day of a date or timestamp; None where there is none (None or NaT)."""
    if value is None or value != value:  # NaT is not itself
        return None
    return value.date() if isinstance(value, datetime) else value


def _began(value: Any, on: date) -> date | None:
    """The day, where it had come by the end of `on`."""
    day = day_of(value)
    return day if day is not None and day <= on else None


def _milestone(row: Mapping[str, Any], project: str, on: date) -> Milestone:
    planned, forecast, actual = day_of(row["planned_at"]), day_of(row["forecast_at"]), _began(row["actual_at"], on)
    if planned is None:
        raise ValueError(f"milestone {row['milestone']} has no planned day")
    state = _state(planned, forecast, actual, on)
    reckoned = actual or forecast
    if state == "late":
        reckoned = max(
            on + DAY, forecast or on
        )  # as the mart reckons: undone today, it is done tomorrow at the earliest
    days_late = None if reckoned is None else (reckoned - planned).days
    expected = None if actual else forecast
    return Milestone(str(row["title"]), project, str(row["owner"]), planned, expected, actual, state, days_late)


def _state(planned: date, forecast: date | None, actual: date | None, on: date) -> MilestoneState:
    if actual is not None:
        return "done"
    if planned <= on:
        return "late"
    return "slipping" if forecast is not None and forecast > planned else "on_track"


def _decision(row: Mapping[str, Any], asked: date, on: date) -> Decision:
    decided, needed_by = _began(row["decided_at"], on), day_of(row["needed_by"]) or on
    return Decision(
        question=str(row["question"]),
        owner=str(row["owner"]),
        asked=asked,
        needed_by=needed_by,
        waiting_days=((decided or on + DAY) - asked).days,
        is_overdue=(decided or on) > needed_by,
        decided=decided,
        outcome=str(row["outcome"] or "") if decided else "",
    )
