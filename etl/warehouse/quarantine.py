"""Takes rows that break their contract out of the raw tables and notes them: feed, file, line, rule, redacted excerpt.

It judges by the contract's rules of severity error; what a rule finds is described by shape, never by value.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp

from data_contracts.load import Table
from data_contracts.rules import Rule, rules
from etl.feed import shape
from etl.warehouse.raw import FILE, Loaded

NOTES = pa.schema(
    [
        ("feed", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("rule", pa.string()),
        ("excerpt", pa.string()),
    ]
)
LONGEST = 200


def create_quarantine(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE quarantine (feed VARCHAR, file VARCHAR, line BIGINT, rule VARCHAR, excerpt VARCHAR)"
    )


def note_rejects(connection: duckdb.DuckDBPyConnection, loaded: Iterable[Loaded]) -> None:
    """Rows that the feed itself could not read."""
    _note(connection, notes_of_rejects(loaded))


def notes_of_rejects(loaded: Iterable[Loaded]) -> pa.Table:
    """Rows that the feed itself could not read, as the columns of `quarantine`."""
    rows = [
        (one.feed, one.file.name, reject.line, reject.rule, reject.excerpt[:LONGEST])
        for one in loaded
        for reject in one.rejects
    ]
    return _notes(rows)


def quarantine_breaking_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, names: Mapping[str, str], set_aside: str
) -> int:
    """Moves the rows of a raw table that break a rule; a row that breaks several is noted under the first. How many.

    names: of files, by their SHA-256. set_aside: the table, of the same columns, that takes the rows.
    """
    moved = 0
    for rule in rules(table):
        if rule.severity == "error":
            moved += _move(connection, table, rule, names, set_aside)
    return moved


def _move(
    connection: duckdb.DuckDBPyConnection, table: Table, rule: Rule, names: Mapping[str, str], set_aside: str
) -> int:
    shown = _shown_columns(table, rule)
    line = "line" if table.column("line") else None
    picked = [name for name in ("rowid", FILE, line, *shown) if name]
    rows = connection.execute(_picking(table, rule, picked)).fetchall()
    if not rows:
        return 0
    notes = []
    for row in rows:
        values = dict(zip(picked[1:], row[1:], strict=True))
        excerpt = "; ".join(_said(table, name, values[name]) for name in shown)[:LONGEST]
        notes.append((table.contract, names.get(values[FILE], ""), values.get("line"), rule.name, excerpt))
    _note(connection, _notes(notes))
    connection.register("_breaking", pa.table({"row": pa.array([row[0] for row in rows], pa.int64())}))
    breaking = exp.column("rowid").isin(query=exp.select("row").from_("_breaking"))
    here = exp.table_(table.name, quoted=True)
    kept = exp.insert(exp.select("*").from_(here).where(breaking), exp.table_(set_aside, quoted=True))
    connection.execute(kept.sql("duckdb"))
    connection.execute(exp.delete(here, breaking).sql("duckdb"))
    connection.unregister("_breaking")
    return len(rows)


def _picking(table: Table, rule: Rule, names: Sequence[str]) -> str:
    """The rule's SELECT with these columns of the table in place of its star."""
    select = rule.breaking.copy()
    source = next(one for one in select.find_all(exp.Table) if one.name == table.name)
    select.set("expressions", [exp.column(name, table=source.alias_or_name, quoted=True) for name in names])
    return select.sql("duckdb")


def _shown_columns(table: Table, rule: Rule) -> list[str]:
    """The columns that the rule is about, in the contract's order."""
    named = {rule.column} if rule.column else {column.name for column in rule.breaking.find_all(exp.Column)}
    return [column.stored for column in table.columns if column.stored in named and column.stored != "line"]


def _said(table: Table, name: str, value: Any) -> str:
    column = table.column(name)
    if value is None:
        return f"{name} is empty"
    if column is None or column.hashed:
        return f"{name} has a value"
    return f"{name} is {value if isinstance(value, int | float | date) else shape(value)}"


def _notes(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = [[row[index] for row in rows] for index in range(len(NOTES))]
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, NOTES, strict=True)], schema=NOTES)


def _note(connection: duckdb.DuckDBPyConnection, notes: pa.Table) -> None:
    if notes.num_rows:
        connection.register("_notes", notes)
        connection.execute("INSERT INTO quarantine SELECT * FROM _notes")
        connection.unregister("_notes")
