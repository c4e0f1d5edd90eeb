"""Where two builds differ in what metrics are: their parts, values, days and calendar."""

from pathlib import Path

import duckdb

COMPARED = ("metric_value", "meta_calendar", "meta_day", "meta_mart", "meta_metric")
TABLES = "SELECT DISTINCT table_name FROM one.meta_part UNION SELECT DISTINCT table_name FROM other.meta_part"
DIGITS = 9  # of numbers: a sum in another order has another last bit


def differences(one: Path, other: Path) -> dict[str, int]:
    """Table -> how many of its rows only one of the two has; of parts without rows in which nothing was counted."""
    found = dict[str, int]()
    with duckdb.connect() as connection:
        for name, path in (("one", one), ("other", other)):
            connection.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
        parts = [table for (table,) in connection.execute(TABLES).fetchall()]
        assert parts
        for table in (*parts, *COMPARED):
            here, there = (_rows(connection, f"{name}.{table}", table in parts) for name in ("one", "other"))
            query = f"(({here}) EXCEPT ALL ({there})) UNION ALL (({there}) EXCEPT ALL ({here}))"
            found[table] = len(connection.execute(query).fetchall())
    return {table: count for table, count in found.items() if count}


def _rows(connection: duckdb.DuckDBPyConnection, table: str, is_of_parts: bool) -> str:
    columns = {row[0]: row[1] for row in connection.execute(f"DESCRIBE {table}").fetchall()}
    told = [f'ROUND("{name}", {DIGITS})' if kind == "DOUBLE" else f'"{name}"' for name, kind in sorted(columns.items())]
    counted = ", ".join(f'"{name}"' for name in columns if "__" in name)
    where = f" WHERE COALESCE({counted}) IS NOT NULL" if is_of_parts else ""
    return f"SELECT {', '.join(told)} FROM {table}{where}"
