"""A file given to a feed as the build gives it: landed, read, hashed, held against its contract; and the models run on it."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from data_contracts import load, rules
from data_contracts.faults import UserFault
from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.warehouse import quarantine
from etl.warehouse.order import Model, models, run_models
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.raw import create_raw
from etl.warehouse.raw import load as load_raw

RECEIVED = datetime(2026, 11, 20)


def landed(delivery: Delivery, *paths: Path, received_at: datetime = RECEIVED) -> Landed:
    """The delivery with these files, as if they had just come."""
    return Landed(delivery, tuple(_file(path, received_at) for path in paths))


def drained(batches: Iterator[Batch]) -> tuple[list[Batch], UserFault | None]:
    """The batches up to the end or to the fault, and the fault."""
    found: list[Batch] = []
    try:
        found.extend(batches)
    except UserFault as fault:
        return found, fault
    return found, None


def rows_of(batches: Sequence[Batch], table: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the rows that go into `table`, in the order of the feed."""
    return [
        row
        for batch in batches
        if batch.table == table
        for row in zip(*(values_of(batch, name) for name in columns), strict=True)
    ]


def values_of(batch: Batch, column: str) -> list[Any]:
    """The column as Python has it, whether the feed hands over a list or an array."""
    values = batch.columns[column]
    return list(values) if isinstance(values, list) else values.to_pylist()


def rejects_of(batches: Sequence[Batch]) -> list[Reject]:
    return [reject for batch in batches for reject in batch.rejects]


def load_feed(connection: duckdb.DuckDBPyConnection, feed: ModuleType, given: Sequence[Landed]) -> None:
    """Raw tables of the feed's contract and `quarantine`, filled from what landed."""
    tables = load.of_feed(str(given[0].delivery.feed))
    quarantine.create_quarantine(connection)
    for table in tables.values():
        create_raw(connection, table)
    loaded = [
        file
        for one in given
        for file in load_raw(connection, tables, one, feed.read(one), Pseudonym(b"a key for tests"))
    ]
    quarantine.note_rejects(connection, loaded)
    names = {one.file.sha256: one.file.name for one in loaded}
    for table in tables.values():
        create_raw(connection, table, "set_aside")
        quarantine.quarantine_breaking_rows(connection, table, names, "set_aside")
        connection.execute("DROP TABLE set_aside")


def run(connection: duckdb.DuckDBPyConnection, as_of: str, *names: str) -> None:
    """These models, in the order of their text; every contract of severity error must hold for what they make."""
    run_models(connection, datetime.fromisoformat(as_of), [model for model in _models() if model.name in names])
    found = broken(connection, *names, severity="error")
    assert not found, f"broken: {found}"


def broken(connection: duckdb.DuckDBPyConnection, *names: str, severity: str) -> list[str]:
    """The rules of these core and mart tables that a row breaks."""
    return [
        name
        for table in names
        for name, rule_severity, breaking in _rules(table)
        if rule_severity == severity and connection.execute(breaking).fetchall()
    ]


@contextmanager
def faulty(*words: str) -> Iterator[None]:
    """A fault for the user that has all these words."""
    with pytest.raises(UserFault) as caught:
        yield
    for word in words:
        assert word in str(caught.value)
    assert caught.value.exit_code == 11


@cache
def _models() -> tuple[Model, ...]:
    return models()


@cache
def _rules(table: str) -> tuple[tuple[str, str, str], ...]:
    found = rules.rules({**load.tables("core"), **load.tables("marts")}[table])
    return tuple((rule.name, rule.severity, rule.breaking.sql("duckdb")) for rule in found)


def _file(path: Path, received_at: datetime) -> LandedFile:
    content = path.read_bytes()
    return LandedFile(path, path.name, hashlib.sha256(content).hexdigest(), len(content), received_at)
