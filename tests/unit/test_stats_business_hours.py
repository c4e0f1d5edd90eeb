"""Opening hours between two moments: nights, holidays, and the days on which clocks jump."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.business_hours import Calendar, business_hours
from metrics.stats.survival import kaplan_meier

OFFICE = {day: [("09:00", "12:00"), ("13:00", "17:00")] for day in range(5)}
ALWAYS = {day: [("00:00", "24:00")] for day in range(7)}
BERLIN, NEW_YORK = Calendar("Europe/Berlin", OFFICE), Calendar("America/New_York", OFFICE)


def between(start: str, end: str, calendar: Calendar) -> float:
    """Of one case; moments in UTC."""
    (found,) = business_hours([datetime.fromisoformat(start)], [datetime.fromisoformat(end)], calendar)
    return float(found)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-01-07T08:30", "2026-01-07T10:00", 1.5),  # a Wednesday, 9:30 to 11:00 in Berlin
        ("2026-01-07T10:30", "2026-01-07T12:30", 1.0),  # lunch does not count
        ("2026-01-07T02:00", "2026-01-07T09:00", 1.0),  # from before they open
        ("2026-01-07T15:00", "2026-01-08T09:00", 2.0),  # over the night
        ("2026-01-09T15:00", "2026-01-12T09:00", 2.0),  # over the weekend
        ("2026-01-10T09:00", "2026-01-11T15:00", 0.0),  # within it
        ("2026-01-07T09:00", "2026-01-07T09:00", 0.0),
        ("2026-01-07T08:00", "2026-01-14T08:00", 35.0),
    ],
)
def test_only_opening_hours_count(start, end, hours):
    assert between(start, end, BERLIN) == hours


def test_a_moment_is_taken_as_utc():
    """9:00 in Berlin is 8:00 UTC in January and 7:00 in July; in New York it is 14:00 and 13:00."""
    assert between("2026-01-07T07:00", "2026-01-07T09:00", BERLIN) == 1
    assert between("2026-07-08T06:00", "2026-07-08T08:00", BERLIN) == 1
    assert between("2026-01-07T13:00", "2026-01-07T15:00", NEW_YORK) == 1
    assert between("2026-07-08T12:00", "2026-07-08T14:00", NEW_YORK) == 1


def test_a_holiday_is_closed_and_is_a_local_day():
    calendar = Calendar("Europe/Berlin", ALWAYS, [date(2026, 1, 1)])
    assert between("2025-12-31T00:00", "2026-01-02T00:00", calendar) == 23 + 1  # to 23:00 UTC, and from it a day later


@pytest.mark.parametrize(
    ("zone", "spring", "autumn"),
    [("Europe/Berlin", "2026-03-29", "2026-10-25"), ("America/New_York", "2026-03-08", "2026-11-01")],
)
def test_a_day_has_the_hours_that_it_has(zone, spring, autumn):
    calendar = Calendar(zone, {6: [("00:00", "24:00")]})  # both jumps fall on a Sunday
    for day, hours in ((spring, 23), (autumn, 25)):
        sunday = np.datetime64(day)
        assert business_hours([sunday - 3], [sunday + 3], calendar).tolist() == [hours]


@pytest.mark.parametrize(
    ("opening", "spring", "autumn"),
    [
        (("01:00", "04:00"), 2, 4),  # the hour from 2 to 3 is left out, then comes twice
        (("02:30", "04:00"), 1, 2),  # opens with the jump; in autumn 2:30 to 3:00 comes twice
        (("01:00", "02:30"), 1, 2),  # closes with the jump; in autumn it opens once more
        (("02:00", "03:00"), 0, 2),
        (("03:00", "04:00"), 1, 1),
    ],
)
def test_opening_hours_across_a_jump_in_berlin(opening, spring, autumn):
    """The clocks jump from 2:00 to 3:00, and from 3:00 back to 2:00, at 1:00 UTC."""
    calendar = Calendar("Europe/Berlin", {6: [opening]})
    assert between("2026-03-28T12:00", "2026-03-29T12:00", calendar) == spring
    assert between("2026-10-24T12:00", "2026-10-25T12:00", calendar) == autumn


@pytest.mark.parametrize(
    ("opening", "spring", "autumn"),
    [(("00:30", "03:30"), 2, 4), (("01:30", "02:30"), 0.5, 1.5), (("02:15", "02:45"), 0, 0.5)],
)
def test_opening_hours_across_a_jump_in_new_york(opening, spring, autumn):
    """The clocks jump from 2:00 to 3:00 at 7:00 UTC, and from 2:00 back to 1:00 at 6:00 UTC."""
    calendar = Calendar("America/New_York", {6: [opening]})
    assert between("2026-03-08T00:00", "2026-03-08T20:00", calendar) == spring
    assert between("2026-11-01T00:00", "2026-11-01T20:00", calendar) == autumn


def test_cases_may_begin_and_end_within_a_jump():
    """From 0:30 to 1:30 UTC the clocks in Berlin show 1:30 to 3:30, or 2:30 to 3:00 and again 2:00 to 2:30."""
    calendar = Calendar("Europe/Berlin", {6: [("02:00", "04:00")]})
    assert between("2026-03-29T00:30", "2026-03-29T01:30", calendar) == 0.5
    assert between("2026-10-25T00:30", "2026-10-25T01:30", calendar) == 1


def test_a_day_that_an_island_skipped_has_no_hours():
    """Samoa went from Thursday, 29 December 2011, to Saturday the 31st."""
    friday = Calendar("Pacific/Apia", {4: [("00:00", "24:00")]})
    assert between("2011-12-28T00:00", "2012-01-02T00:00", friday) == 0


def test_half_hours_of_a_zone_and_seconds_count():
    kolkata = Calendar("Asia/Kolkata", OFFICE)  # UTC + 5:30
    assert between("2026-01-07T03:30", "2026-01-07T03:30:36.5", kolkata) == 36.5 / 3600


def test_hours_that_touch_are_one():
    calendar = Calendar("UTC", {2: [("12:00", "24:00"), ("09:00", "12:00")], 3: [("00:00", "01:00")]})
    assert between("2026-01-07T00:00", "2026-01-09T00:00", calendar) == 16


def test_a_calendar_that_is_never_open_counts_nothing():
    assert between("2026-01-07T00:00", "2026-02-07T00:00", Calendar("UTC", {})) == 0


def test_what_is_missing_stays_missing():
    day = datetime(2026, 1, 7)
    found = business_hours([day, None, None, day], [None, day, None, day + timedelta(days=1)], BERLIN)
    assert np.isnan(found).tolist() == [True, True, True, False]
    times = np.array(["2026-01-07T09:00", "NaT"], dtype="datetime64[s]")
    assert business_hours(times, times, BERLIN)[0] == 0
    assert business_hours([], [], BERLIN).tolist() == []
    assert np.isnan(business_hours([None], [None], BERLIN)).all()


@pytest.mark.parametrize(
    ("starts", "ends", "message"),
    [
        ([datetime(2026, 1, 8)], [datetime(2026, 1, 7)], "row 0 ends at 2026-01-07"),
        ([datetime(2026, 1, 8)], [], "one length"),
        ([[datetime(2026, 1, 8)]], [[datetime(2026, 1, 8)]], "two columns"),
        ([datetime(2026, 1, 8, tzinfo=UTC)], [datetime(2026, 1, 9)], "without a zone"),
        ([1.0], [2.0], "moments in UTC"),
        (["yesterday"], ["today"], "moments in UTC"),
        ([datetime(2026, 1, 8)], [object()], "moments in UTC"),
        ([datetime(1, 1, 1)], [datetime(2026, 1, 7)], "between 1900 and 2200"),
    ],
)
def test_what_are_no_two_moments_is_refused(starts, ends, message):
    with pytest.raises(ValueError, match=message):
        business_hours(starts, ends, BERLIN)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"zone": "Europe/Wikitown"}, "no time zone is called 'Europe/Wikitown'"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"hours": {7: [("09:00", "17:00")]}}, "weekdays run from 0"),
        ({"hours": {"monday": [("09:00", "17:00")]}}, "weekdays run from 0"),
        ({"hours": {0: [("17:00", "09:00")]}}, "Monday's hours end before they begin"),
        ({"hours": {1: [("09:00", "09:00")]}}, "Tuesday's hours end before they begin"),
        ({"hours": {4: [("13:00", "17:00"), ("09:00", "13:01")]}}, "Friday's hours overlap"),
        ({"hours": {6: [("9", "17:00")]}}, "Sunday's hours are written as 09:00"),
        ({"hours": {6: [("09:00", "24:01")]}}, "not '24:01'"),
        ({"hours": {6: [("09:00", 1020)]}}, "not 1020"),
        ({"holidays": [datetime(2026, 1, 1)]}, "holidays are dates"),
        ({"holidays": ["2026-01-01"]}, "holidays are dates"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        Calendar(**{"zone": "UTC", "hours": {}, **changed})


def test_a_calendar_is_kept_as_it_was_written():
    written = {0: [("09:00", "17:00")]}
    calendar = Calendar("UTC", written)
    written[0].append(("18:00", "19:00"))
    assert between("2026-01-05T00:00", "2026-01-06T00:00", calendar) == 8


def test_business_hours_are_another_clock_for_the_same_curve():
    """Four cases came in on Friday at 16:00; three were answered after 1, 2 and 8 opening hours, one is open after 8."""
    friday = [datetime(2026, 1, 9, 15)] * 4
    ended = [datetime(2026, 1, 9, 16), datetime(2026, 1, 12, 9), datetime(2026, 1, 13, 8), datetime(2026, 1, 13, 8)]
    curve = kaplan_meier(business_hours(friday, ended, BERLIN), [True, True, True, False])
    assert curve.times.tolist() == [1, 2, 8]
    assert curve.median()[0] == 2
    assert curve.share_within(8)[0] == pytest.approx(0.75)


WEEK = datetime(2026, 3, 27), datetime(2026, 10, 23), datetime(2011, 12, 29)  # before a jump or two
zones = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"])


@st.composite
def openings(draw):
    """Up to two openings a day, to the minute."""
    hours = {}
    for day in range(7):
        edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=0, max_size=4)))
        edges = edges[: len(edges) // 2 * 2]
        texts = [f"{edge // 60:02}:{edge % 60:02}" for edge in edges]
        hours[day] = list(zip(texts[::2], texts[1::2], strict=True))
    return hours


def slowly(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Minute by minute, by what the clock on the wall shows."""
    minutes, zone = 0, ZoneInfo(calendar.zone)
    while start < end:
        there = start.replace(tzinfo=UTC).astimezone(zone)
        shown = f"{there:%H:%M}"
        is_open = any(opens <= shown < closes for opens, closes in calendar.hours[there.weekday()])
        minutes += is_open and there.date() not in calendar.holidays
        start += timedelta(minutes=1)
    return minutes / 60


minutes = st.integers(0, 4 * 1440)


@given(zones, openings(), st.sampled_from(WEEK), minutes, minutes, st.sets(st.integers(0, 4), max_size=1))
def test_the_hours_are_those_of_a_clock_on_the_wall(zone, hours, week, one, other, closed):
    calendar = Calendar(zone, hours, [week.date() + timedelta(days=day) for day in closed])
    start, end = (week + timedelta(minutes=at) for at in sorted((one, other)))
    assert business_hours([start], [end], calendar)[0] == pytest.approx(slowly(start, end, calendar), abs=1e-9)


@given(zones, openings(), st.lists(st.integers(0, 400 * 86400), min_size=3, max_size=3))
def test_hours_of_parts_sum_to_the_hours_of_the_whole(zone, hours, seconds):
    first, second, third = (np.datetime64("2026-01-01") + np.timedelta64(at, "s") for at in sorted(seconds))
    calendar = Calendar(zone, hours)
    found = business_hours([first, second, first], [second, third, third], calendar)
    assert found[0] + found[1] == pytest.approx(found[2])
    assert np.all(
        found <= (np.array([second, third, third]) - np.array([first, second, first])) / np.timedelta64(1, "h")
    )


@given(zones, st.integers(0, 400 * 86400), st.integers(0, 400 * 86400))
def test_who_never_closes_counts_every_hour(zone, start, length):
    begun = np.datetime64("2026-01-01") + np.timedelta64(start, "s")
    found = business_hours([begun], [begun + np.timedelta64(length, "s")], Calendar(zone, ALWAYS))
    assert found[0] == pytest.approx(length / 3600)
