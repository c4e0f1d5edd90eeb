"""Turns a contract's rules into SELECTs that must return no row: for quarantine, for checks, for people.

It writes SQL and runs none.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import sqlglot
from sqlglot import exp

from data_contracts.faults import FeedFault
from data_contracts.load import Column, Quality, Severity, Table

Kind = Literal["present", "unique", "values", "minimum", "maximum", "pattern", "key", "written"]


@dataclass(frozen=True)
class Rule:
    """One rule of one table. `breaking`: SELECT of the rows that break it, with the table's name as its only source."""

    table: str
    name: str
    column: str | None
    severity: Severity
    breaking: exp.Select
    says: str
    kind: Kind


@cache
def rules(table: Table) -> tuple[Rule, ...]:
    """Every rule of the table, in the order in which a person reads the contract; to change a SELECT, copy it."""
    found = [rule for column in table.columns for rule in _column_rules(table, column)]
    if table.key:
        found.append(_unique(table, table.key, f"{' and '.join(table.key)} tell the rows apart", "key"))
    found.extend(_written(table, quality) for quality in table.quality)
    return tuple(found)


def _column_rules(table: Table, column: Column) -> list[Rule]:
    name, here = column.stored, exp.column(column.stored)
    found: list[Rule] = []
    if column.required:
        found.append(_rule(table, column, f"{name} is present", "present", here.is_(exp.null())))
    if column.unique:
        found.append(_unique(table, (name,), f"{name} is unique", "unique"))
    if column.values:
        known = exp.Not(this=here.isin(*column.values))
        found.append(_rule(table, column, f"{name} is one of {', '.join(column.values)}", "values", known))
    if column.minimum is not None:
        below = exp.LT(this=here, expression=_literal(column, column.minimum))
        found.append(_rule(table, column, f"{name} is at least {column.minimum}", "minimum", below))
    if column.maximum is not None:
        above = exp.GT(this=here, expression=_literal(column, column.maximum))
        found.append(_rule(table, column, f"{name} is at most {column.maximum}", "maximum", above))
    if column.pattern:
        like = exp.Not(this=exp.RegexpLike(this=here, expression=exp.Literal.string(column.pattern)))
        found.append(_rule(table, column, f"{name} looks like {column.pattern}", "pattern", like))
    return found


def _literal(column: Column, value: object) -> exp.Expr:
    plain = exp.Literal.number(str(value)) if isinstance(value, int | float) else exp.Literal.string(str(value))
    return exp.cast(plain, column.type)


def _rule(table: Table, column: Column, says: str, kind: Kind, condition: exp.Expression) -> Rule:
    breaking = exp.select("*").from_(table.name).where(condition)
    severity: Severity = "error" if kind == "present" else column.severity
    return Rule(table.name, says, column.stored, severity, breaking, f"{table.path}:{column.line}: {says}", kind)


def _unique(table: Table, columns: tuple[str, ...], says: str, kind: Kind) -> Rule:
    order = "line" if table.column("line") else columns[0]
    count = sqlglot.parse_one(
        f"ROW_NUMBER() OVER (PARTITION BY {', '.join(columns)} ORDER BY {order})", dialect="duckdb"
    )
    again = exp.select("*").from_(table.name).qualify(exp.GT(this=count, expression=exp.Literal.number(1)))
    first = table.column(columns[0])
    where = f"{table.path}:{first.line if first else 1}"
    return Rule(table.name, says, columns[0], "error", again, f"{where}: {says}", kind)


def _written(table: Table, quality: Quality) -> Rule:
    """A rule in SQL: its count of breaking rows becomes those rows."""
    where = f"{table.path}:{quality.line}"
    try:
        select = sqlglot.parse_one(quality.query.replace("{object}", table.name), dialect="duckdb")
    except sqlglot.ParseError as error:
        raise FeedFault(
            where, f"SQL that cannot be read: {quality.query}", "one SELECT COUNT(*)", str(error)
        ) from error
    counted = isinstance(select, exp.Select) and len(select.selects) == 1 and select.selects[0].find(exp.Count)
    if not counted or not isinstance(select, exp.Select):
        raise FeedFault(where, quality.query, "SELECT COUNT(*) FROM {object} WHERE ...", "Count the breaking rows.")
    select.set("expressions", [exp.Star()])
    return Rule(table.name, quality.name, None, quality.severity, select, f"{where}: {quality.name}", "written")
