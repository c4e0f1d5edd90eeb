"""What files can know of the time: an event of a day after their receipt moves nothing, and is warned of."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from etl.warehouse.happened import happened, latest, warnings
from tests.unit.test_meta import VISITS

LAST_DAYS = {"march": date(2026, 3, 4), "april": date(2026, 4, 1)}


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw_pigeons (wiki VARCHAR, came_at TIMESTAMP, _file VARCHAR)")
        connection.execute(
            "INSERT INTO raw_pigeons VALUES ('loft', '2026-03-01 10:00:00', 'march'), "
            "('barn', '2026-03-04 23:59:59', 'march'), ('loft', '2031-01-01 00:00:00', 'march'), "
            "('loft', NULL, 'march'), ('loft', '2026-04-03 00:00:00', 'april')"
        )
        yield connection


def test_what_is_dated_after_the_day_of_its_files_receipt_is_not_the_latest_event(connection):
    found = {one.file: (one.rows, one.latest, one.late) for one in happened(connection, [VISITS], LAST_DAYS)}
    assert found == {"march": (4, datetime(2026, 3, 4, 23, 59, 59), 1), "april": (1, None, 1)}


def test_the_latest_event_is_of_all_files_and_none_where_nothing_happened(connection):
    assert latest(happened(connection, [VISITS], {**LAST_DAYS, "april": date(2026, 4, 3)})) == datetime(2026, 4, 3)
    connection.execute("DELETE FROM raw_pigeons")
    assert latest(happened(connection, [VISITS], LAST_DAYS)) is None


def test_what_is_a_day_ahead_is_nothing_to_warn_of_since_clocks_and_zones_differ_and_is_not_known_yet(connection):
    days = {**LAST_DAYS, "april": date(2026, 4, 2)}
    assert {(one.latest, one.late) for one in happened(connection, [VISITS], days) if one.file == "april"} == {
        (None, 0)
    }


def test_days_that_a_feed_covers_are_taken_as_they_are_said_for_settings_can_say_more_than_a_file(connection):
    found = happened(connection, [replace(VISITS, is_coverage=True)], LAST_DAYS)
    assert (latest(found), sum(one.late for one in found)) == (datetime(2031, 1, 1), 0)
    assert warnings(found) == []


def test_late_rows_are_counted_and_warned_of_by_table(connection):
    (warned,) = warnings(happened(connection, [VISITS], LAST_DAYS))
    assert (warned.table, warned.column, warned.passed) == ("raw_pigeons", "came_at", False)
    assert (warned.severity, warned.breaking_count) == ("warning", 2)


def test_a_table_that_says_of_no_time_has_rows_and_is_not_warned_of(connection):
    found = happened(connection, [replace(VISITS, event_time=None)], LAST_DAYS)
    assert {(one.rows, one.latest) for one in found} == {(4, None), (1, None)}
    assert warnings(found) == []
