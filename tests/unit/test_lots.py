"""Which rows of long passes are read at once."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from metrics import catalog, lots
from metrics.calendar import Period
from metrics.semantic import plan
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


def read(build: duckdb.DuckDBPyConnection, rests: dict[str, Rest] | None = None) -> list[tuple[Any, ...]]:
    """Of each cut of the metric by language: grain, first and last day, languages that were asked for, rows."""

    def run(query: str, values: Any) -> pa.Table:
        asked.append(query)
        return build.sql(query).to_arrow_table()

    asked = list[str]()
    passes = plan.passes([METRIC], {"mart_case": catalog.marts()["mart_case"]})
    found = []
    for lot in lots.rolled_up(passes, [METRIC.id], ("language",), None, run, rests or {}):
        for one, table in lot.rolled:
            assert one.is_long
            cut = lot.cut or pytest.fail("a large dimension is always cut")
            languages = re.search(r'"language" IN \((.*?)\)', asked[-1])
            found.append((cut.grain, cut.first, cut.last, languages and languages[1], table.num_rows))
    return found


def test_few_rows_are_read_at_once_by_grain(build: duckdb.DuckDBPyConnection) -> None:
    assert read(build) == [("total", None, None, None, 5), ("week", None, None, None, 5)]


def test_of_many_rows_periods_are_read_together_and_of_a_period_with_many_some_members(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weeks without rows go with the one after, or with the last."""
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", 2)
    assert read(build) == [
        ("total", None, None, "'de'", 2),
        ("total", None, None, "'fr', 'nl'", 3),
        ("week", None, date(2025, 12, 14), None, 3),
        ("week", date(2025, 12, 15), date(2025, 12, 28), None, 1),
        ("week", date(2025, 12, 29), None, None, 1),
    ]


def test_where_most_is_known_only_the_periods_that_are_told_anew_are_read(
    build: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", 1)
    groups = [("de",), ("fr",), ("nl",)]
    rest = Rest(groups, {"week": [WEEK], "total": []}, STANDS.empty_table())
    assert [(grain, first, rows) for grain, first, _, _, rows in read(build, {METRIC.id: rest})] == [
        ("week", date(2025, 12, 15), 1)
    ]


def test_a_cut_tells_its_own_groups_and_periods() -> None:
    cut = lots.Cut("week", {"a": [("de",), ("nl",)]}, first=WEEK.start, last=WEEK.end)
    later = Period(date(2025, 12, 29), date(2026, 1, 4), "2026-W01")
    assert cut.of("a", [WEEK, later]) == ([("de",), ("nl",)], [WEEK])
    assert cut.limited(["nl"]).of("a", [later]) == ([("nl",)], [])
