"""When what raw tables hold happened, as far as their files can know it: nothing after the day of their receipt.

It looks at times only; what happened, and to whom, stands in the models. Days that a feed covers are taken as they are:
readers end them with the receipt, unless somebody says in the settings that more is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import pyarrow as pa
from sqlglot import exp

from data_contracts.load import Table
from etl.warehouse.check import Check
from etl.warehouse.raw import FILE

RULE = "nothing is dated more than a day after its file came in"
AHEAD = 1  # days: clocks and zones differ
LAST_DAYS = pa.schema([(FILE, pa.string()), ("last_on", pa.date32())])


@dataclass(frozen=True)
class Happened:
    """What one file brought into one table. file: its SHA-256. latest: the last time that it can know of.

    late: rows that are dated more than `AHEAD` after the day on which it came in, which cannot be true.
    """

    table: Table
    file: str
    rows: int
    latest: datetime | None
    late: int


def happened(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], last_days: Mapping[str, date]
) -> tuple[Happened, ...]:
    """last_days: of each file, and each correction, by SHA-256, the day on which it came in."""
    connection.register("_last_day", pa.table([list(last_days), list(last_days.values())], schema=LAST_DAYS))
    found = tuple(
        Happened(table, *row) for table in tables for row in connection.execute(_rows(table).sql("duckdb")).fetchall()
    )
    connection.unregister("_last_day")
    return found


def latest(of: Iterable[Happened]) -> datetime | None:
    return max((one.latest for one in of if one.latest is not None), default=None)


def warnings(of: Iterable[Happened]) -> list[Check]:
    """For each table with times, how many of its rows are dated after the receipt of their file."""
    late: dict[str, int] = {}
    tables: dict[str, Table] = {}
    for one in of:
        tables[one.table.name] = one.table
        late[one.table.name] = late.get(one.table.name, 0) + one.late
    return [
        Check(RULE, name, table.event_time, "warning", not late[name], late[name], f"{table.path}: {RULE}")
        for name, table in tables.items()
        if table.event_time and not table.is_coverage
    ]


def _rows(table: Table) -> exp.Select:
    """A row per file. A file without a last day has none: all that it says is taken."""
    if not table.event_time:
        query = exp.select(FILE, exp.Count(this=exp.Star()), exp.null(), exp.Literal.number(0))
        return query.from_(table.name).group_by(FILE)
    moment = exp.cast(exp.column(table.event_time), "TIMESTAMP")
    known: exp.Expr = moment
    late: exp.Expr = exp.Literal.number(0)
    if not table.is_coverage:
        day, last = exp.cast(moment.copy(), "DATE"), exp.column("last_on")
        known = exp.Case().when(exp.GT(this=day, expression=last), exp.null()).else_(moment)
        ahead = exp.Add(this=last.copy(), expression=exp.Literal.number(AHEAD))
        late = exp.CountIf(this=exp.GT(this=day.copy(), expression=ahead))
    query = exp.select(FILE, exp.Count(this=exp.Star()), exp.Max(this=known), late)
    return query.from_(table.name).join("_last_day", using=[FILE], join_type="left").group_by(FILE)
