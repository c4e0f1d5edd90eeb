"""Weeks as Python's own ISO calendar has them, and a year back from a week 53."""

import json
from datetime import date, timedelta
from pathlib import Path

from metrics.calendar import Rules, parse_label, period_of, periods

VECTOR = json.loads((Path(__file__).parent / "vectors/calendar/calendar.json").read_text(encoding="utf-8"))
ISO, SUNDAY = Rules(), Rules(week_start="sunday")


def test_iso_weeks_have_the_number_and_the_monday_of_the_standard() -> None:
    for one in VECTOR["iso_weeks"]:
        week = period_of(date.fromisoformat(one["date"]), "week", ISO)
        assert week.label == f"{one['iso_year']}-W{one['iso_week']:02d}"
        assert week.start.isoformat() == one["week_start_monday"]


def test_weeks_from_sunday_start_on_the_sunday_before() -> None:
    for one in VECTOR["iso_weeks"]:
        assert period_of(date.fromisoformat(one["date"]), "week", SUNDAY).start.isoformat() == one["week_start_sunday"]


def test_a_week_has_its_namesake_364_days_earlier_except_week_53() -> None:
    last, longest = parse_label("2025-W23", ISO), parse_label("2026-W53", ISO)
    assert [one["current"] for one in VECTOR["yoy"][2:]] == [[str(one.start), str(one.end)] for one in (last, longest)]
    before = period_of(last.start - timedelta(days=364), "week", ISO)
    assert [str(before.start), str(before.end)] == VECTOR["yoy"][2]["comparison"]
    assert before.label == "2024-W23"
    assert period_of(longest.start - timedelta(days=364), "week", ISO).label == "2026-W01"


def test_weeks_without_collection_stand_in_the_series() -> None:
    present = [parse_label(label, ISO) for label in VECTOR["gaps"]["weeks_present"]]
    series = periods(present[0].start, present[-1].end, "week", ISO)
    expected = [(label, state == "value") for label, state in VECTOR["gaps"]["expected_series"]]
    assert [(one.label, one in present) for one in series] == expected
