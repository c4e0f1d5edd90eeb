"""Weeks, months, quarters and fiscal years: which days they hold and what they are called."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.calendar import Period, Rules, fiscal_year, parse_label, period_of, periods
from metrics.semantic.model import GRAINS, Grain

JULY, SUNDAY = Rules(), Rules(week_start="sunday")
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
rules = st.builds(Rules, st.integers(1, 12), st.sampled_from(["monday", "sunday"]))
grains = st.sampled_from([grain for grain in GRAINS if grain != "total"])


@pytest.mark.parametrize(
    ("grain", "rules", "expected"),
    [
        ("week", JULY, Period(date(2026, 11, 16), date(2026, 11, 22), "2026-W47")),
        ("week", SUNDAY, Period(date(2026, 11, 15), date(2026, 11, 21), "week of 2026-11-15")),
        ("month", JULY, Period(date(2026, 11, 1), date(2026, 11, 30), "2026-11")),
        ("quarter", JULY, Period(date(2026, 10, 1), date(2026, 12, 31), "2027Q2")),
        ("quarter", Rules(1), Period(date(2026, 10, 1), date(2026, 12, 31), "2026Q4")),
        ("quarter", Rules(2), Period(date(2026, 11, 1), date(2027, 1, 31), "2027Q4")),
        ("fiscal_year", JULY, Period(date(2026, 7, 1), date(2027, 6, 30), "FY2027")),
        ("fiscal_year", Rules(1), Period(date(2026, 1, 1), date(2026, 12, 31), "FY2026")),
    ],
)
def test_a_day_of_november_2026_lies_in(grain: Grain, rules: Rules, expected: Period) -> None:
    assert period_of(date(2026, 11, 19), grain, rules) == expected


def test_the_week_of_new_year_belongs_to_the_year_of_its_thursday() -> None:
    assert period_of(date(2021, 1, 3), "week", JULY).label == "2020-W53"
    assert period_of(date(2018, 12, 31), "week", JULY).label == "2019-W01"


def test_the_leap_day_ends_its_month() -> None:
    assert period_of(date(2024, 2, 3), "month", JULY).end == date(2024, 2, 29)


def test_a_total_is_no_period_of_the_calendar_but_the_whole_span() -> None:
    first, last = date(2026, 1, 5), date(2026, 2, 7)
    assert periods(first, last, "total", JULY) == (Period(first, last, "all"),)
    with pytest.raises(ValueError, match="total"):
        period_of(first, "total", JULY)


def test_a_span_that_ends_before_it_starts_has_no_periods() -> None:
    assert periods(date(2026, 1, 2), date(2026, 1, 1), "week", JULY) == ()
    assert periods(date(2026, 1, 2), date(2026, 1, 1), "total", JULY) == ()


def test_the_fiscal_year_is_named_by_the_year_in_which_it_ends() -> None:
    assert [fiscal_year(day, JULY) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [2026, 2027]
    assert fiscal_year(date(2026, 12, 31), Rules(1)) == 2026


def test_an_iso_week_is_understood_where_weeks_start_on_sunday() -> None:
    assert parse_label("2026-W47", SUNDAY) == Period(date(2026, 11, 15), date(2026, 11, 21), "week of 2026-11-15")


@pytest.mark.parametrize(
    "label",
    [
        "", "2026", "2026-13", "2026-00", "2026-W54", "2026-W00", "9999-W52", "W46", "2027Q0", "2027Q5", "2027Q", "Q1",
        "2027Q1Q2", "FY", "FYxx", "FY99999", "2026-11-19", "all", "week of 2026-11-15", "last week", "2026-W46-W47",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match=f'"{label}" is no period such as 2026-W46'):
        parse_label(label, JULY)


@given(days, grains, rules)
def test_a_period_holds_its_day_and_goes_by_its_label(day: date, grain: Grain, rules: Rules) -> None:
    period = period_of(day, grain, rules)
    assert period.start <= day <= period.end
    assert period_of(period.start, grain, rules) == period_of(period.end, grain, rules) == period
    assert parse_label(period.label, rules) == period


@given(days, st.integers(0, 500), grains, rules)
def test_periods_follow_one_another_without_gap_and_cover_the_span(
    first: date, length: int, grain: Grain, rules: Rules
) -> None:
    last = first + timedelta(days=length)
    found = periods(first, last, grain, rules)
    assert found[0].start <= first <= found[0].end
    assert found[-1].start <= last <= found[-1].end
    assert all(one.end + timedelta(days=1) == after.start for one, after in pairwise(found))
    assert len({one.label for one in found}) == len(found)
