"""Writes SQL for what builds carry over: which rows days had, parts and values of the one before, and deleted days.

It runs nothing, as `semantic.sql`.
"""

from collections.abc import Collection, Iterable, Sequence

import sqlglot
from sqlglot import exp

from metrics.semantic import sql
from metrics.semantic.model import Mart
from metrics.semantic.plan import Pass
from metrics.semantic.sql import Days

NEW_DAYS = "CREATE TABLE meta_day (mart VARCHAR, day_column VARCHAR, day DATE, row_count BIGINT, fingerprint HUGEINT)"


def fingerprints(mart: Mart, day: str) -> exp.Insert:
    """The statement that says of every day of a mart, in `meta_day`, how many rows it has and what they hold."""
    of_day = exp.cast(exp.column(day), exp.DType.DATE)
    held = exp.Sum(this=exp.Anonymous(this="HASH", expressions=[exp.column(name) for name in mart.columns]))
    names = [exp.Literal.string(mart.name), exp.Literal.string(day)]
    rows = exp.select(*names, of_day, exp.Count(this=exp.Star()), held).from_(mart.name)
    return exp.insert(
        rows.where(exp.LT(this=exp.column(day), expression=sql.as_of())).group_by(of_day.copy()), "meta_day"
    )


def known_days() -> exp.Select:
    """SELECT mart and day column of all that has rows."""
    return exp.select("mart", "day_column").distinct().from_("meta_day")


def row_counts(one: Pass) -> exp.Select:
    """SELECT the days of a pass, in order, and how many rows its mart has of each."""
    of_pass = exp.and_(
        exp.column("mart").eq(exp.Literal.string(one.mart.name)),
        exp.column("day_column").eq(exp.Literal.string(one.day)),
    )
    return exp.select("day", "row_count").from_("meta_day").where(of_pass).order_by("day")


def changed_days(mart: str, day: str, before: str) -> exp.Query:
    """SELECT the days of which a mart has not the rows that it had. before: the schema of the build before."""
    sides = [
        exp.select("day", "row_count", "fingerprint")
        .from_(exp.table_("meta_day", db=schema))
        .where(exp.column("mart").eq(exp.Literal.string(mart)), exp.column("day_column").eq(exp.Literal.string(day)))
        for schema in (None, before)
    ]
    alike = [exp.Min(this=exp.column(name)).eq(exp.Max(this=exp.column(name))) for name in ("row_count", "fingerprint")]
    same = exp.and_(exp.Count(this=exp.Star()).eq(exp.Literal.number(2)), *alike)
    return (
        exp.select("day").from_(sql.union(sides).subquery("both")).group_by("day").having(exp.Not(this=exp.paren(same)))
    )


def made_before(before: str) -> exp.Select:
    """SELECT of what the build before says by which text its parts were counted."""
    return exp.select("table_name", "column_name", "digest").from_(exp.table_("meta_part", db=before))


def carried_over(one: Pass, same: Pass, before: str, days: Days) -> exp.Select:
    """SELECT the parts of `same` of all days but those, from the build before; the other parts of the pass are NULL."""
    there = {part.column for part in same.parts}
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.keys]
    rows = exp.select(*keys, *_some(one, there)).from_(exp.table_(one.table, db=before))
    return rows.where(exp.Not(this=exp.paren(sql.within(exp.column("day"), days))))


def widened(one: Pass, some: Pass, days: Days) -> exp.Select:
    """SELECT some parts of a pass of all days but those, from its mart; the other parts of the pass are NULL."""
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.keys]
    counted = sql.parts(some).where(exp.Not(this=exp.paren(sql.within(exp.column(one.day), days))))
    return exp.select(*keys, *_some(one, {part.column for part in some.parts})).from_(counted.subquery("counted"))


def merged(one: Pass, queries: Sequence[exp.Query]) -> exp.Query:
    """The rows of all the queries, each in the columns of a pass's table. More than two have rows of the same key."""
    if len(queries) < 3:
        return sql.union(queries)
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.keys]
    sums = [exp.alias_(exp.Sum(this=exp.column(part.column)), part.column) for part in one.parts]
    return (
        exp.select(*keys, *sums).from_(sql.union(queries).subquery("several")).group_by(*(key.copy() for key in keys))
    )


def _some(one: Pass, columns: Collection[str]) -> list[exp.Expr]:
    """The columns of a pass's parts, NULL but for some."""
    return [
        exp.column(part.column)
        if part.column in columns
        else exp.alias_(exp.cast(exp.null(), exp.DType.DOUBLE), part.column)
        for part in one.parts
    ]


def stored_before(table: str, schema: str) -> exp.Select:
    """SELECT of all that the build before stored in a table."""
    return exp.select("*").from_(exp.table_(table, db=schema))


def with_standing(told: str, stands: str, before: str) -> exp.Query:
    """The rows of a table like `metric_value`, and those of the build before that stand, by metric and split.

    stands: a table of metrics, splits, grains and first days.
    """
    kept = exp.select("v.*").from_(exp.table_("metric_value", db=before).as_("v"))
    kept = kept.join(exp.table_(stands), using=["metric", "split", "grain", "starts_on"], join_type="semi")
    return sql.union([kept, exp.select("*").from_(told)]).order_by("split", "metric", "grain")


def remembered(one: Pass, kept: Pass, told: str) -> Iterable[exp.Expr]:
    """Statements that put the parts of `told`, a table like `metric_part`, in place of a pass's days before `$before`.

    kept: the pass with the metrics of which the parts still say the same; of the others nothing is put there.
    """
    before = exp.LT(
        this=exp.column("day"), expression=exp.cast(exp.Parameter(this=exp.Var(this="before")), exp.DType.DATE)
    )
    yield exp.delete(one.table).where(before)
    if not kept.parts:
        return
    keys = [exp.alias_(exp.column("day"), "day"), *(_member(at, name) for at, name in enumerate(one.split))]
    keys += [exp.column(exp.to_identifier(name, quoted=True)) for name in one.keys[1 + len(one.split) :]]
    named = exp.func("CONCAT", exp.column("metric"), exp.Literal.string("__"), exp.column("part"))
    sums = [
        exp.Filter(
            this=exp.Sum(this=exp.column("value")),
            expression=exp.Where(this=named.copy().eq(exp.Literal.string(part.column))),
        )
        for part in kept.parts
    ]
    columns = [exp.to_identifier(name, quoted=True) for name in (*one.keys, *(part.column for part in kept.parts))]
    rows = exp.select(*keys, *sums).from_(told).where(before.copy())
    rows = rows.where(exp.column("split").eq(exp.Literal.string(one.key)))
    rows = rows.where(named.isin(*(part.column for part in kept.parts)))
    places = (exp.Literal.number(1 + place) for place in range(len(keys)))
    yield exp.insert(rows.group_by(*places), exp.table_(one.table), columns=columns)


def _member(place: int, name: str) -> exp.Expr:
    """A member by its place, counted from 0."""
    return exp.alias_(sqlglot.parse_one(f"members[{place + 1}]", dialect="duckdb"), name, quoted=True)
