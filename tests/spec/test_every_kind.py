"""SQL and reference say the same on random marts, for every definition."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts import load
from metrics import catalog
from metrics.semantic.model import Metric
from tests import engine
from tests.tables import raw

AS_OF = datetime(2026, 4, 15)
FIRST = datetime(2025, 12, 20)


def cells(column: load.Column) -> st.SearchStrategy[Any]:
    """Few distinct values, so that groups and ties happen; half-hours, so that both engines hold them exactly."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "BOOLEAN": st.booleans(),
        "BIGINT": st.integers(0, 40),
        "DOUBLE": st.integers(0, 400).map(lambda half: half / 2),
        "TIMESTAMP": st.integers(0, 24 * 130).map(lambda hours: FIRST + timedelta(hours=hours)),
        "DATE": st.integers(0, 130).map(lambda days: (FIRST + timedelta(days=days)).date()),
        "VARCHAR": st.sampled_from(column.values or ("one", "two")),
    }
    value = values[column.type]
    return value if column.required or column.type == "TIMESTAMP" else st.one_of(st.none(), value)


def row_of(table: load.Table, metric: Metric) -> st.SearchStrategy[dict[str, Any]]:
    words = [part.where for part in metric.measures if part.where and part.where.startswith("measure = ")]
    fixed = {"measure": st.sampled_from([words[0].split("'")[1], "another"])} if words else {}
    return st.fixed_dictionaries({**{one.stored: cells(one) for one in table.columns}, **fixed}).map(_orderly)


def _orderly(row: dict[str, Any]) -> dict[str, Any]:
    """What leaves has entered before, and a stratum has one population."""
    for start, end in (
        ("opened_at", "closed_at"),
        ("set_at", "ended_at"),
        ("asked_at", "decided_at"),
        ("raised_at", "answered_at"),
    ):
        if row.get(start) is not None and row.get(end) is not None and row[end] < row[start]:
            row[start], row[end] = row[end], row[start]
    if "stratum" in row:
        row["stratum_population"] = {"one": 300, "two": 50}[row["stratum"]]
    return row


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@pytest.mark.parametrize("name", sorted(catalog.definitions()))
@settings(max_examples=settings().max_examples // 2, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_sql_and_reference_agree_on_random_rows(
    name: str, connection: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    metric = catalog.definitions()[name]
    tables = [load.tables("marts")[source] for source in metric.sources]
    rows = [data.draw(st.lists(row_of(table, metric), max_size=12)) for table in tables]
    by = data.draw(st.sampled_from(metric.grains))
    split = data.draw(st.sampled_from([(), *((one,) for one in metric.dimensions)])) if all(rows) else ()
    for table, several in zip(tables, rows, strict=True):
        _fill(connection, table, several)
    engine.values(connection, metric, as_of=AS_OF, by=by, split=split, start=FIRST.date())


def _fill(connection: duckdb.DuckDBPyConnection, table: load.Table, rows: list[dict[str, Any]]) -> None:
    """Makes the table hold the rows, all at once."""
    raw(connection, table.name)
    if rows:
        schema = connection.table(table.name).limit(0).to_arrow_table().schema
        incoming = pa.table({name: [row[name] for row in rows] for name in schema.names}, schema=schema)
        engine.hold_table(connection, table.name, incoming)


@pytest.mark.parametrize("source", sorted({metric.source for metric in catalog.definitions().values()}))
def test_stored_values_are_those_taken_from_the_mart_at_once(source: str) -> None:
    metrics = {name: one for name, one in catalog.definitions().items() if one.source == source}
    words = [
        part.where.split("'")[1]
        for one in metrics.values()
        for part in one.measures
        if "measure =" in (part.where or "")
    ]
    chance = random.Random(46)
    with duckdb.connect() as connection:
        for name in sorted({name for metric in metrics.values() for name in metric.sources}):
            table = load.tables("marts")[name]
            _fill(connection, table, [_orderly(_random_row(table, chance, words)) for _ in range(60)])
        kept = engine.stored(connection, metrics, AS_OF, FIRST.date())
        for metric in metrics.values():
            for split in ((), *((one,) for one in metric.dimensions)):
                _hold_equal(connection, metric, split, kept)


def _hold_equal(
    connection: duckdb.DuckDBPyConnection, metric: Metric, split: tuple[str, ...], kept: Mapping[Any, float | None]
) -> None:
    by = metric.grains[0]
    found = engine.figures(connection, metric, as_of=AS_OF, by=by, split=split, start=FIRST.date())
    assert found or split
    for one in found:
        key = (metric.id, ",".join(split), by, one.label, one.group)
        value = kept[key]
        assert value == one.value or value == pytest.approx(one.value, rel=1e-12), key


def _random_row(table: load.Table, chance: random.Random, words: list[str]) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "BOOLEAN": lambda column: chance.random() < 0.5,
        "BIGINT": lambda column: chance.randrange(40),
        "DOUBLE": lambda column: chance.randrange(400) / 2,
        "TIMESTAMP": lambda column: FIRST + timedelta(hours=chance.randrange(24 * 130)),
        "DATE": lambda column: (FIRST + timedelta(days=chance.randrange(130))).date(),
        "VARCHAR": lambda column: chance.choice(column.values or ("one", "two")),
    }
    row = {column.stored: drawn[column.type](column) for column in table.columns}
    return {**row, "measure": chance.choice(words)} if words else row
