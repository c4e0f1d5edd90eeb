"""What the plan's records said when a day was over."""

from datetime import date, datetime
from typing import Any

import pytest

from dashboard.reports import plan_records
from metrics.answer import Listing
from tests.answers import listing, milestone

SUNDAY = date(2026, 11, 15)
NO_PROJECTS = listing("projects", {"project": "a", "title": "Reporting"})


def one_milestone(planned: date, forecast: date | None = None, actual: date | None = None) -> plan_records.Milestone:
    found = plan_records.milestones(
        listing("milestones", milestone("m", planned, forecast, actual, "?")), NO_PROJECTS, SUNDAY
    )
    return found[0]


@pytest.mark.parametrize(
    ("planned", "forecast", "actual", "state", "days_late"),
    [
        ("2026-11-20", None, "2026-11-12", "done", -8),
        ("2026-11-01", None, "2026-11-12", "done", 11),
        ("2026-11-10", None, None, "late", 6),  # at the earliest tomorrow
        ("2026-11-10", "2026-11-12", None, "late", 6),  # its forecast has passed too
        ("2026-11-10", "2026-12-10", None, "late", 30),
        ("2026-11-15", None, None, "late", 1),
        ("2026-11-16", None, None, "on_track", None),
        ("2026-12-01", "2026-12-08", None, "slipping", 7),
        ("2026-12-01", "2026-11-28", None, "on_track", -3),
        ("2026-11-10", "2026-12-10", "2026-11-16", "late", 30),  # done on Monday: not known on Sunday
    ],
)
def test_a_milestone_stands_as_it_did_at_the_end_of_the_day(
    planned: str, forecast: str | None, actual: str | None, state: str, days_late: int | None
) -> None:
    days = [None if day is None else date.fromisoformat(day) for day in (forecast, actual)]
    one = one_milestone(date.fromisoformat(planned), *days)
    assert (one.state, one.days_late) == (state, days_late)


def test_a_milestone_that_is_done_has_no_forecast_any_more() -> None:
    assert one_milestone(date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 4)).forecast is None


def table(name: str, *rows: dict[str, Any]) -> Listing:
    at = lambda text: None if text is None else datetime.fromisoformat(text)  # noqa: E731
    return listing(
        name, *({key: at(value) if key.endswith("_at") else value for key, value in row.items()} for row in rows)
    )


def test_a_risk_is_open_from_its_day_until_the_day_it_closes() -> None:
    risks = table(
        "risks",
        {"title": "old", "severity": "high", "owner": "x", "opened_at": "2026-01-01", "closed_at": None},
        {
            "title": "closes on Sunday",
            "severity": "high",
            "owner": "x",
            "opened_at": "2026-01-01",
            "closed_at": "2026-11-15",
        },
        {
            "title": "closes on Monday",
            "severity": "critical",
            "owner": "x",
            "opened_at": "2026-02-01",
            "closed_at": "2026-11-16",
        },
        {"title": "opens on Monday", "severity": "high", "owner": "x", "opened_at": "2026-11-16", "closed_at": None},
    )
    assert [one.title for one in plan_records.risks(risks, SUNDAY)] == ["closes on Monday", "old"]


def test_an_escalation_waits_from_the_day_it_was_raised_to_the_end_of_the_day() -> None:
    raised = table(
        "escalations",
        {"title": "waits", "to_role": "sponsor", "raised_at": "2026-11-14", "answered_at": "2026-11-16"},
        {"title": "answered", "to_role": "sponsor", "raised_at": "2026-11-01", "answered_at": "2026-11-15"},
    )
    assert [(one.title, one.waiting_days) for one in plan_records.escalations(raised, SUNDAY)] == [("waits", 2)]


def test_a_decision_is_overdue_once_the_day_it_was_needed_by_is_over() -> None:
    asked = [
        {"question": "today", "needed_by": date(2026, 11, 15)},
        {"question": "yesterday", "needed_by": date(2026, 11, 14)},
        {"question": "taken", "needed_by": date(2026, 11, 1), "decided_at": "2026-11-02", "outcome": "Yes"},
        {"question": "taken on Monday", "needed_by": date(2026, 11, 20), "decided_at": "2026-11-16", "outcome": "No"},
    ]
    empty: dict[str, Any] = {"owner": "x", "asked_at": "2026-10-01", "decided_at": None, "outcome": None}
    found = plan_records.decisions(table("decisions", *({**empty, **row} for row in asked)), SUNDAY)
    assert [(one.question, one.is_overdue, one.outcome) for one in found] == [
        ("yesterday", True, ""), ("today", False, ""), ("taken on Monday", False, ""), ("taken", True, "Yes"),
    ]  # fmt: skip


def test_a_rollout_counts_from_the_day_it_started() -> None:
    rollouts = table(
        "rollouts",
        {"title": "b", "wiki": "en", "started_at": "2026-11-15"},
        {"title": "a", "wiki": "ar", "started_at": "2026-11-16"},
    )
    assert [one.title for one in plan_records.rollouts(rollouts, SUNDAY)] == ["b"]
