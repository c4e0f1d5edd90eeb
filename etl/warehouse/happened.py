"""When what raw tables hold happened, as far as their files can know it: nothing of a day behind that of their receipt.

It looks at times only; what happened, and to whom, stands in the models.
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

RULE = "nothing is dated behind the day on which its file came in"
LAST_DAYS = pa.schema([(FILE, pa.string()), ("last_on", pa.date32())])


@dataclass(frozen=True)
class Happened:
    """What one file brought into one table. file: its SHA-256. latest: the last time that it can know of.

    late: rows that are dated behind the day on which it came in; they are no reason to know anything until then.
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
    """For each table with times, how many of its rows are dated behind the receipt of their file."""
    late: dict[str, int] = {}
    tables: dict[str, Table] = {}
    for one in of:
        tables[one.table.name] = one.table
        late[one.table.name] = late.get(one.table.name, 0) + one.late
    return [
        Check(RULE, name, table.event_time, "warning", not late[name], late[name], f"{table.path}: {RULE}")
        for name, table in tables.items()
        if table.event_time
    ]


def _rows(table: Table) -> exp.Select:
    """A row per file. A file without a last day has none: all that it says is taken."""
    if not table.event_time:
        query = exp.select(FILE, exp.Count(this=exp.Star()), exp.null(), exp.Literal.number(0))
        return query.from_(table.name).group_by(FILE)
    moment = exp.column(table.event_time)
    is_late = exp.GT(this=exp.cast(moment.copy(), "DATE"), expression=exp.column("last_on"))
    known = exp.Case().when(is_late.copy(), exp.null()).else_(exp.cast(moment, "TIMESTAMP"))
    query = exp.select(FILE, exp.Count(this=exp.Star()), exp.Max(this=known), exp.CountIf(this=is_late))
    return query.from_(table.name).join("_last_day", using=[FILE], join_type="left").group_by(FILE)
