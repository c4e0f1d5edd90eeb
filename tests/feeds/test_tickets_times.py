"""Times as people's tools write them, read as UTC: zones, nights on which the clocks change, formats."""

from datetime import datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.formats.times import Clock, check_format, zone

BERLIN = Clock("Europe/Berlin", "%Y-%m-%d %H:%M")


def test_summer_and_winter_have_their_own_offset():
    assert BERLIN.utc("2026-07-01 12:00") == datetime(2026, 7, 1, 10)
    assert BERLIN.utc("2026-12-01 12:00") == datetime(2026, 12, 1, 11)


def test_a_time_that_the_clocks_jump_over_is_read_as_if_they_had_not_been_put_forward():
    # On 29 March 2026 02:00 is 03:00: 01:59 is 00:59 UTC and 03:00 is 01:00 UTC.
    assert BERLIN.utc("2026-03-29 01:59") == datetime(2026, 3, 29, 0, 59)
    assert BERLIN.utc("2026-03-29 02:30") == datetime(2026, 3, 29, 1, 30)
    assert BERLIN.utc("2026-03-29 03:30") == datetime(2026, 3, 29, 1, 30)


def test_a_time_that_comes_twice_is_the_first_of_the_two():
    # On 25 October 2026 03:00 is 02:00 again: the first 02:30 is 00:30 UTC, the second 01:30 UTC.
    assert BERLIN.utc("2026-10-25 02:30") == datetime(2026, 10, 25, 0, 30)


def test_but_the_second_where_only_that_is_not_before_what_it_follows():
    opened = BERLIN.utc("2026-10-25 02:50")
    assert BERLIN.utc("2026-10-25 02:10", not_before=opened) == datetime(2026, 10, 25, 1, 10)  # 20 minutes later
    assert BERLIN.utc("2026-10-25 02:55", not_before=opened) == datetime(2026, 10, 25, 0, 55)  # 5 minutes later
    late = datetime(2026, 10, 25, 12)
    assert BERLIN.utc("2026-10-25 02:10", not_before=late) == datetime(2026, 10, 25, 0, 10)  # before it either way


def test_an_offset_in_the_text_counts_before_the_zone():
    clock = Clock("Europe/Berlin", "%Y-%m-%dT%H:%M:%S%z")
    assert clock.utc("2026-07-01T12:00:00+0530") == datetime(2026, 7, 1, 6, 30)
    assert clock.utc("2026-07-01T12:00:00Z") == datetime(2026, 7, 1, 12)


def test_a_zone_behind_the_time_counts_before_the_settings():
    assert BERLIN.utc("2023-10-16 09:40 (America/New_York)") == datetime(2023, 10, 16, 13, 40)


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-02-30 10:00", "2026-02-28 25:00", "0001-01-01 00:00", "2026-01-01 10:00 (Nowhere/Land)"]
)
def test_what_is_no_time_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"."):
        BERLIN.utc(text)


@pytest.mark.parametrize("pattern", ["%H:%M", "%Y-%m", "%d.%m. %H:%M", "%Q", "Y-m-d"])
def test_a_format_without_a_whole_date_is_refused(pattern):
    with pytest.raises(ValueError, match=r"holds no whole date|cannot be read"):
        check_format(pattern)


@pytest.mark.parametrize("pattern", ["%Y-%m-%d", "%m/%d/%Y %I:%M:%S %p", "%d-%m-%y %H:%M", "%Y-%m-%dT%H:%M:%S.%f%z"])
def test_a_format_with_a_whole_date_is_taken(pattern):
    assert check_format(pattern) == pattern


@given(st.datetimes(datetime(2001, 1, 1), datetime(2040, 1, 1)), st.sampled_from(sorted(available_timezones())))
def test_what_is_read_is_what_the_clock_on_that_wall_showed(moment, name):
    """A round trip by way of the zone's own wall clock; in the hour that comes twice the first of the two is found."""
    moment = moment.replace(microsecond=0)
    wall = moment.replace(tzinfo=zone("UTC")).astimezone(zone(name))
    found = Clock(name, "%Y-%m-%d %H:%M:%S").utc(f"{wall:%Y-%m-%d %H:%M:%S}")
    if wall.fold == 0:
        assert found == moment
    else:
        assert found < moment
