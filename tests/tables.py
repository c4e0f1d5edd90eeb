"""Small tables written as text: read by hand, typed by their contract, stored in a DuckDB that a test brings along.

It makes tables; it runs no model and knows no expected answer.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import duckdb

from data_contracts import load

Cell = str | None


def read_table(text: str) -> list[dict[str, Cell]]:
    """The rows of a table of pipes: a header, a rule of dashes, one line a row.

    An empty cell is None; `""` is the empty text. Blank lines and what stands behind a `#` with blanks around are not read.
    """
    lines = [line.split(" # ")[0].strip() for line in text.strip().splitlines()]
    kept = [line for line in lines if line and not set(line) <= set("-+|: ")]
    if not kept:
        return []
    names = [name.strip() for name in kept[0].split("|")]
    rows = [[_cell(word.strip()) for word in line.split("|")] for line in kept[1:]]
    for row in rows:
        if len(row) != len(names):
            raise ValueError(f"{len(row)} cells where the header has {len(names)}: {row}")
    return [dict(zip(names, row, strict=True)) for row in rows]


def raw(
    connection: duckdb.DuckDBPyConnection, name: str, text: str = "", defaults: Mapping[str, Any] | None = None
) -> None:
    """Makes the table `name` (of any contract: sources, core or marts) hold the rows of `text`, typed by its contract.

    Columns go by the contract's name or by the stored one (`target` or `target_key`: the word itself is the key).
    A column that is not in `text` has its value from `defaults`, else NULL; `line` counts up, `_file` is "file".
    """
    columns = _columns(name)
    told = [_by_stored_name(name, row) for row in read_table(text)]
    given = _by_stored_name(name, defaults or {})
    spelled = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    connection.execute(f'CREATE OR REPLACE TABLE "{name}" ({spelled})')
    for line, row in enumerate(told, start=1):
        whole = {"line": line, "_file": "file", **given, **row}
        values = [typed(whole.get(column), kind) for column, kind in columns.items()]
        connection.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(values))})', values)


def rows(connection: duckdb.DuckDBPyConnection, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of a table, all its rows, sorted by them from the left (NULL first)."""
    listed = ", ".join(f'"{column}"' for column in columns)
    return connection.execute(f'SELECT {listed} FROM "{name}" ORDER BY ALL NULLS FIRST').fetchall()


def typed(value: Any, kind: str) -> Any:
    """The value as a contract's type has it; a value that is not text stays what it is."""
    if not isinstance(value, str):
        return value
    match kind:
        case "BIGINT":
            return int(value)
        case "DOUBLE":
            return float(value)
        case "BOOLEAN":
            return {"yes": True, "true": True, "no": False, "false": False}[value.lower()]
        case "TIMESTAMP":
            return datetime.fromisoformat(value)
        case "DATE":
            return date.fromisoformat(value)
        case "VARCHAR":
            return value
    raise ValueError(f"a type that no contract has: {kind}")


def _cell(word: str) -> Cell:
    return "" if word == '""' else word or None


def _table(name: str) -> load.Table:
    for room in ("sources", "core", "marts"):
        found = load.tables(room).get(name)
        if found:
            return found
    raise ValueError(f"no contract has a table {name}")


def _columns(name: str) -> dict[str, str]:
    table = _table(name)
    stored = {column.stored: column.type for column in table.columns}
    return {**stored, "_file": "VARCHAR"} if name.startswith("raw_") else stored


def _by_stored_name(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    known = {"_file": "_file"} if name.startswith("raw_") else {}
    for column in _table(name).columns:
        known |= {column.name: column.stored, column.stored: column.stored}
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise ValueError(f"{name} has no column {', '.join(unknown)}; its columns: {', '.join(known)}")
    return {known[column]: value for column, value in row.items()}
