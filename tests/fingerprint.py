"""What a build holds, as numbers that are equal where the content is: table by table, whatever the order of rows."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
from sqlglot import exp

SAID_OF_THE_RUN = {
    "meta_build",
    "meta_feed",
    "meta_input",
    "meta_part",
    "meta_same",
    "metric_vintage",
}  # its number, times of receipt, builds before it and what was carried over from them

TABLES = "SELECT table_name FROM duckdb_tables() ORDER BY ALL"
COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type FROM duckdb_columns() AS c JOIN duckdb_tables() USING (table_oid)
    ORDER BY c.table_name, c.column_index
"""


def fingerprint(build: Path, without: tuple[str, ...] = ()) -> dict[str, tuple[int, int]]:
    """Table -> its rows and the sum of their hashes; doubles to twelve digits, since sums are not added in one order.

    without: tables that may differ.
    """
    with duckdb.connect(str(build), read_only=True) as connection:
        columns = {name: list[exp.Expression]() for (name,) in connection.execute(TABLES).fetchall()}
        for name, column, kind in connection.execute(COLUMNS).fetchall():
            columns[name].append(_stable(column, kind))
        return {
            name: _of_table(connection, name, hashed)
            for name, hashed in columns.items()
            if name not in SAID_OF_THE_RUN and name not in without
        }


def _of_table(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[exp.Expression]) -> tuple[int, int]:
    hashed = exp.cast(exp.func("HASH", *columns), "HUGEINT")
    query = exp.select(exp.Count(this=exp.Star()), exp.Sum(this=hashed)).from_(exp.table_(name, quoted=True))
    ((count, total),) = connection.execute(query.sql("duckdb")).fetchall()
    return int(count), int(total or 0)


def _stable(column: str, kind: str) -> exp.Expression:
    here = exp.column(column, quoted=True)
    return exp.func("FORMAT", exp.Literal.string("{:.12g}"), here) if kind == "DOUBLE" else here
