"""Which rows of long passes are read at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from metrics import catalog, lots
from metrics.calendar import Period
from metrics.semantic import plan
from metrics.semantic.model import Metric
from metrics.standing import STANDS, Rest
from tests import engine
from tests.kinds import metric_of
from tests.tables import raw

TABLE = """
    opened_at  | language | first_response_hours
    -----------+----------+---------------------
    2025-12-01 | fr       | 9
    2025-12-08 | de       | 4
    2025-12-09 | nl       | 3.5
    2025-12-22 | nl       | 3
    2026-01-05 | de       | 8
"""
METRIC = replace(metric_of("quantile"), dimensions=("language",), grains=("week", "total"))
WEEK = Period(date(2025, 12, 22), date(2025, 12, 28), "2025-W52")


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        raw(connection, "mart_case", TABLE)
        engine.stored(connection, {METRIC.id: METRIC}, datetime(2026, 1, 12), date(2025, 11, 24))
        yield connection


def read(
    build: duckdb.DuckDBPyConnection, rests: dict[str, Rest] | None = None, metrics: Sequence[Metric] = (METRIC,)
) -> list[tuple[Any, ...]]:
    """Of each cut by language: grain, first and last day, languages that were asked for, rows."""

    def run(query: str, values: Any) -> pa.Table:
        asked.append(query)
        return build.sql(query).to_arrow_table()

    asked = list[str]()
    passes = plan.passes(metrics, {"mart_case": catalog.marts()["mart_case"]})
    found = []
    for lot in lots.rolled_up(passes, [one.id for one in metrics], ("language",), None, run, rests or {}):
        for one, table in lot.rolled:
            assert one.is_long
            languages = re.search(r'"language" IN \((.*?)\)', asked[-1])
            cut = (lot.cut.grain, lot.cut.first, lot.cut.last) if lot.cut else ()
            found.append((*cut, languages and languages[1], table.num_rows))
    return found


def test_few_rows_are_read_at_once(build: duckdb.DuckDBPyConnection) -> None:
    assert read(build) == [(None, 10)]


def test_of_many_rows_periods_are_read_together_and_of_a_period_with_many_some_members(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weeks without rows go with the one before, those before the first row with the first."""
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", 2)
    assert read(build) == [
        ("total", None, None, "'de'", 2),
        ("total", None, None, "'fr', 'nl'", 3),
        ("week", None, date(2025, 12, 21), None, 3),
        ("week", date(2025, 12, 22), date(2026, 1, 4), None, 1),
        ("week", date(2026, 1, 5), None, None, 1),
    ]


def test_a_row_that_several_metrics_count_is_one_row(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = [METRIC, replace(METRIC, id="another")]
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", 2)
    with duckdb.connect() as connection:
        raw(connection, "mart_case", TABLE)
        engine.stored(connection, {one.id: one for one in several}, datetime(2026, 1, 12), date(2025, 11, 24))
        assert read(connection, metrics=several) == read(build)


def test_where_most_is_known_only_the_periods_that_are_told_anew_are_read(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", 1)
    groups = [("de",), ("fr",), ("nl",)]
    rest = Rest(groups, {"week": [WEEK], "total": []}, STANDS.empty_table())
    assert [(grain, first, rows) for grain, first, _, _, rows in read(build, {METRIC.id: rest})] == [
        ("week", WEEK.start, 1)
    ]


def test_a_lot_tells_the_groups_and_periods_of_its_cut() -> None:
    later = Period(date(2025, 12, 29), date(2026, 1, 4), "2026-W01")
    cut = lots.Cut("week", {METRIC.id: [("nl",)]}, first=WEEK.start, last=WEEK.end)
    rest = Rest([("de",), ("nl",)], {"week": [later]}, STANDS.empty_table())
    lot, whole = lots.Lot([METRIC.id], [], cut), lots.Lot([METRIC.id], [])
    assert (lot.grains(METRIC), whole.grains(METRIC)) == (["week"], ["week", "total"])
    assert lot.places(METRIC, "week", None, [WEEK, later]) == ([("nl",)], [WEEK])
    assert lot.places(METRIC, "week", rest, [WEEK, later]) == ([("nl",)], [])
    assert whole.places(METRIC, "week", rest, [WEEK, later]) == ([("de",), ("nl",)], [later])
    assert whole.places(METRIC, "week", None, [WEEK, later]) is None
