"""Weeks, years back, local days and gaps as the calendar's vectors have them: ISO 8601 and the IANA time zones."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from etl.formats.times import Clock
from metrics import evaluate
from metrics.answer import Figure
from metrics.calendar import (
    DAY,
    Period,
    Rules,
    parse_label,
    period_of,
    periods,
    year_before,
)
from metrics.difference import difference
from metrics.movement import movement
from metrics.reason import Unexplained
from metrics.rollup import Rows
from metrics.semantic.model import Grain
from metrics.stats.business_hours import Calendar, business_hours
from tests import answers
from tests.kinds import metric_of

VECTOR = json.loads((Path(__file__).parent / "vectors/calendar/calendar.json").read_text(encoding="utf-8"))
ISO, SUNDAY = Rules(), Rules(week_start="sunday")


@pytest.mark.parametrize("one", VECTOR["iso_weeks"], ids=lambda one: one["date"])
def test_a_week_has_the_number_and_the_first_day_of_the_standard(one: dict[str, Any]) -> None:
    day = date.fromisoformat(one["date"])
    week = period_of(day, "week", ISO)
    assert week.label == f"{one['iso_year']}-W{one['iso_week']:02d}"
    assert (week.start.isoformat(), (day - week.start).days + 1) == (one["week_start_monday"], one["iso_weekday"])
    assert period_of(day, "week", SUNDAY).start.isoformat() == one["week_start_sunday"]


@pytest.mark.parametrize("one", VECTOR["iso_weeks"], ids=lambda one: one["date"])
def test_weeks_from_sunday_bear_no_number_of_weeks_from_monday(one: dict[str, Any]) -> None:
    """So that files by Sunday weeks cannot be joined to ISO weeks by name; by day each goes into the right one."""
    monday = period_of(date.fromisoformat(one["week_start_monday"]), "week", ISO)
    sunday = parse_label(monday.label, SUNDAY)
    assert (sunday.start, sunday.label) == (monday.start - DAY, f"week of {monday.start - DAY}")
    assert period_of(sunday.start, "week", ISO).label != monday.label


@pytest.mark.parametrize("one", VECTOR["yoy"][:3], ids=lambda one: one["period"])
def test_a_year_earlier_begins_on_the_same_day_of_the_month_or_of_the_week_of_that_number(one: dict[str, Any]) -> None:
    grain: Grain = "week" if "week" in one["period"] else "month"
    start, is_shifted = year_before(date.fromisoformat(one["current"][0]), grain, ISO)
    assert (str(start), is_shifted) == (one["comparison"][0], False)


def test_a_week_53_goes_back_364_days_and_says_so() -> None:
    one = VECTOR["yoy"][3]
    assert one["comparison"] is None
    assert year_before(date.fromisoformat(one["current"][0]), "week", ISO) == (date(2025, 12, 29), True)
    assert "2025-12-29..2026-01-04" in one["note"]
    assert year_before(date(2026, 12, 21), "week", ISO) == (date(2025, 12, 22), False)  # week 52 has a namesake


def figure(label: str, value: float) -> Figure:
    period = parse_label(label, ISO)
    return Figure(period.start, period.end, label, (), value, None, None, None, None, round(value), "final")


def test_months_of_different_length_are_compared_by_what_came_per_day() -> None:
    february = difference(metric_of("count"), figure("2023-02", 28_000), figure("2024-02", 29_000))
    assert (february.size, february.is_clear) == (1_000, False)  # 1,000 a day in both
    assert difference(metric_of("count"), figure("2023-03", 28_000), figure("2024-03", 29_000)).is_clear


@pytest.mark.parametrize("one", VECTOR["dst_days"], ids=lambda one: f"{one['tz']} {one['local_date']}")
def test_local_midnights_in_files_are_read_as_their_moments(one: dict[str, Any]) -> None:
    """Where clocks are put forward at midnight, the midnight that is left out is the moment of the jump."""
    clock, day = Clock(one["tz"], "%Y-%m-%d"), date.fromisoformat(one["local_date"])
    bounds = [f"{clock.utc(str(midnight)).isoformat()}Z" for midnight in (day, day + DAY)]
    assert bounds == [one["utc_start"], one["utc_end"]]


@pytest.mark.parametrize("one", VECTOR["dst_days"], ids=lambda one: f"{one['tz']} {one['local_date']}")
def test_opening_hours_of_a_whole_local_day_are_the_23_to_25_that_it_has(one: dict[str, Any]) -> None:
    day = np.datetime64(one["local_date"])
    weekday = date.fromisoformat(one["local_date"]).weekday()
    opened = Calendar(one["tz"], {weekday: [("00:00", "24:00")]})
    assert business_hours([day - 3], [day + 3], opened).tolist() == [one["hours"]]
    start, end = (np.datetime64(one[bound].removesuffix("Z")) for bound in ("utc_start", "utc_end"))
    assert business_hours([start], [end], opened).tolist() == [one["hours"]]


def test_a_running_month_is_never_set_against_a_whole_one() -> None:
    """On 12 June what moved is May, also against the year before; of June itself nothing is said yet."""
    one = VECTOR["yoy"][0]
    running, before = (parse_label(days[0][:7], ISO) for days in (one["current"], one["comparison"]))
    told = [figure("2024-05", 80), figure(before.label, 90), figure("2025-05", 100)]
    june = replace(figure(running.label, 40), state="partial")
    assert (str(june.start), june.end > date.fromisoformat(one["as_of"])) == (one["current"][0], True)

    def moved(period: str | None = None) -> Any:
        whole, parts = (
            replace(answers.released(*several, of=metric_of("count"), split=split), by="month")
            for several, split in (
                ((*told, june), ()),
                (
                    [replace(each, group=(name,), value=(each.value or 0) / 2) for name in "ab" for each in told],
                    ("queue",),
                ),
            )
        )
        return movement(whole, parts, "year_before", period=period)

    assert (moved().change.before.label, moved().change.after.label) == ("2024-05", "2025-05")
    assert moved(running.label) == Unexplained("no_value")


PRESENT = [parse_label(label, ISO) for label in VECTOR["gaps"]["weeks_present"]]
EXPECTED = [tuple(one) for one in VECTOR["gaps"]["expected_series"]]


def told(weeks: list[Period], first: date, last: date, **changed: Any) -> list[tuple[str, float | None, str]]:
    """A count of 7 in each of the weeks, of a feed that covers these days and no later ones."""
    starts = np.array([one.start.toordinal() for one in weeks], np.int64)
    sevens = np.full(len(weeks), 7.0)
    rows = [Rows([()], np.zeros(len(weeks), np.int64), starts, {"value": sevens, "n": sevens})]
    frame = evaluate.Frame(last + DAY, ISO, evaluate.Coverage((first, last)))
    found = evaluate.figures(metric_of("count", **changed), "week", rows, frame, 0)
    return [(one.label, one.value, one.state) for one in found]


def test_weeks_without_collection_stand_in_the_series_without_a_value() -> None:
    """Of what somebody has to write down, a week without a row was not written down."""
    found = told(PRESENT, PRESENT[0].start, PRESENT[-1].end, without_rows="unknown")
    assert [(label, "missing" if value is None else "value") for label, value, _ in found] == EXPECTED
    assert {state for _, value, state in found if value is None} == {"no_data"}


def test_weeks_without_an_event_are_0_while_the_feed_covers_them() -> None:
    found = told(PRESENT, PRESENT[0].start, PRESENT[-1].end)
    assert [(value, state) for _, value, state in found] == [
        (7, "final"), (7, "final"), (0, "final"), (0, "final"), (7, "final"),
    ]  # fmt: skip


def test_weeks_before_the_first_and_after_the_last_day_of_a_feed_are_missing() -> None:
    weeks = periods(date(2025, 1, 6), date(2025, 2, 16), "week", ISO)
    coverage = evaluate.Coverage((weeks[0].start, weeks[-1].end), {"a": (weeks[1].start, weeks[3].start)})
    frame = evaluate.Frame(weeks[-1].end + 20 * DAY, ISO, coverage)
    rows = Rows([("a",)], np.zeros(1, np.int64), np.array([weeks[1].start.toordinal()]), {"value": np.array([7.0])})
    found = evaluate.figures(metric_of("count"), "week", [rows], frame, 1)
    assert [(one.value, one.state) for one in found][:6] == [
        (None, "no_data"),  # before it was watched
        (7, "final"),
        (0, "final"),
        (0, "partial"),  # watched on its Monday only
        (None, "no_data"),
        (None, "no_data"),
    ]
