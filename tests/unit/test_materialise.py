"""What a build remembers of its metrics."""

from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from etl import pipeline
from metrics import catalog, materialise
from metrics.calendar import Rules
from metrics.evaluate import Coverage
from metrics.materialise import Known
from tests.tables import raw

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
THANKS = catalog.definitions()["thanks_given"]
MARTS = catalog.marts()
MART = MARTS["mart_thanks"]


def known(as_of: datetime = datetime(2026, 2, 1), **coverage: Coverage) -> Known:
    return Known(as_of, Rules(), coverage)


def test_the_calendar_has_every_day_of_every_period_that_is_touched() -> None:
    days = materialise.calendar(date(2026, 1, 31), known()).to_pylist()
    found = {grain: [row for row in days if row["grain"] == grain] for grain in ("week", "month", "quarter", "total")}
    assert {grain: len(rows) for grain, rows in found.items()} == {"week": 7, "month": 31, "quarter": 90, "total": 1}
    assert found["week"][0] == {
        "grain": "week",
        "day": date(2026, 1, 26),
        "starts_on": date(2026, 1, 26),
        "label": "2026-W05",
    }
    assert found["total"][0]["label"] == "all"


def test_a_build_that_ends_before_it_starts_has_an_empty_calendar() -> None:
    assert materialise.calendar(date(2026, 2, 1), known()).num_rows == 0


def test_what_a_feed_covers_is_known_and_else_from_the_first_day_of_the_mart_on() -> None:
    covered = known(mediawiki_logging=Coverage(JANUARY))
    assert materialise.frame_of(THANKS, MARTS, covered, {MART.name: date(2026, 1, 9)}).coverage.whole == JANUARY
    assert materialise.frame_of(THANKS, MARTS, known(), {MART.name: date(2026, 1, 9)}).coverage.whole == (
        date(2026, 1, 9),
        JANUARY[1],
    )


def test_of_a_mart_that_was_never_seen_nothing_is_known_whatever_its_feed_covers() -> None:
    covered = known(mediawiki_logging=Coverage(JANUARY))
    first, last = materialise.frame_of(THANKS, MARTS, covered, {}).coverage.whole
    assert first > last


@pytest.fixture
def build() -> Any:
    """`build(table)` computes the metrics of a database in which that is all the thanks there are."""
    connection = duckdb.connect()

    def computed(thanks: str) -> duckdb.DuckDBPyConnection:
        for name in catalog.marts():
            raw(connection, name, thanks if name == "mart_thanks" else "")
        connection.execute("CREATE TABLE meta_build AS SELECT 1 AS fiscal_year_start, 'sunday' AS week_start")
        connection.execute("CREATE TABLE meta_coverage (feed VARCHAR, wiki VARCHAR, starts_on DATE, ends_on DATE)")
        pipeline.compute_metrics(connection, datetime(2026, 2, 1))
        return connection

    yield computed
    connection.close()


def test_parts_and_values_and_what_they_were_made_of_are_kept(build: Any) -> None:
    connection = build("""
        thanked_at | wiki
        -----------+-------
        2026-01-05 | a.demo
        2026-01-05 | a.demo
        2026-01-20 | b.demo
    """)
    parts = "SELECT split, members, day, part, value FROM metric_part WHERE metric = 'thanks_given' ORDER BY ALL"
    assert connection.execute(parts).fetchall() == [
        ("", [], date(2026, 1, 5), "value", 2),
        ("", [], date(2026, 1, 20), "value", 1),
        ("wiki", ["a.demo"], date(2026, 1, 5), "value", 2),
        ("wiki", ["b.demo"], date(2026, 1, 20), "value", 1),
    ]
    values = (
        "SELECT grain, label, value, state FROM metric_value WHERE metric = 'thanks_given' AND split = '' ORDER BY ALL"
    )
    assert connection.execute(values).fetchall() == [
        ("fiscal_year", "FY2026", 3, "partial"),
        ("month", "2026-01", 3, "partial"),  # nobody knows of its first four days
        ("quarter", "2026Q1", 3, "partial"),
        ("total", "all", 3, "final"),
        ("week", "week of 2026-01-04", 2, "partial"),
        ("week", "week of 2026-01-11", 0, "final"),
        ("week", "week of 2026-01-18", 1, "final"),
        ("week", "week of 2026-01-25", 0, "final"),
    ]
    assert connection.execute("SELECT * FROM meta_mart").fetchall() == [("mart_thanks", date(2026, 1, 5), None)]
    metrics = connection.execute("SELECT metric, version, digest FROM meta_metric ORDER BY metric").fetchall()
    assert metrics == [(name, one.version, catalog.digest(one)) for name, one in sorted(catalog.definitions().items())]


def test_a_build_of_nothing_has_no_values(build: Any) -> None:
    connection = build("")
    for table in ("metric_part", "metric_value", "meta_calendar", "meta_mart"):
        assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchall() == [(0,)]
