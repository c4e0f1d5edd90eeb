"""Writes SQL for passes and roll-ups as sqlglot expressions: portable, bound to `$as_of`, never pasted together.

It runs nothing. The table of a pass has a row by day, members of the split, place on a scale and stratum, and a column
for every part; `metric_part` says the same with a row for every part.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlglot
from sqlglot import exp

from metrics.semantic import expression, places
from metrics.semantic.model import WIKI, Grain, Mart
from metrics.semantic.plan import Part, Pass

UNKNOWN = "unknown"  # the member that stands for a missing value of a dimension
Where = Sequence[tuple[str, str]]
NEW_DAYS = "CREATE TABLE meta_day (mart VARCHAR, day_column VARCHAR, day DATE, row_count BIGINT, fingerprint HUGEINT)"


@dataclass(frozen=True)
class Days:
    """Days from one on, before `until` if there is one; and others."""

    since: date
    others: Sequence[date] = ()
    until: date | None = None


def parts(one: Pass, where: Where = (), days: Days | None = None) -> exp.Select:
    """SELECT of the table of a pass. A count of 0 is no part and so NULL; a sum of 0 is one, for there were rows.

    Rows in bins and others are told apart by the groups and counted once: a day and a place say which of both they are.
    where: dimension and member, all of which must hold. days: those alone.
    """
    day = exp.cast(exp.column(one.day), exp.DType.DATE)
    named: list[tuple[str, exp.Expr]] = [("day", day), *((name, _text_of(name)) for name in one.split)]
    named += [("at", places.place(one))] if one.at else []
    named += [("stratum", exp.cast(exp.column(one.stratum), exp.DType.VARCHAR))] if one.stratum else []
    keys = [exp.alias_(value, name, quoted=True) for name, value in named]
    values = [exp.alias_(_aggregate(part, one), part.column, copy=False) for part in one.parts]
    known: list[exp.Expr] = [exp.LT(this=exp.column(one.day), expression=_as_of())]
    known += [_within(exp.column(one.day), days)] if days else []
    select = exp.select(*keys, *values, copy=False).from_(places.rows(one, known), copy=False)
    select.where(*known, *(_text_of(name).eq(exp.Literal.string(value)) for name, value in where), copy=False)
    sides = [exp.column("is_near")] if any(part.near is not None for part in one.parts) else []
    return select.group_by(*(value for _, value in named), *sides, copy=False)


def rolled_up(
    one: Pass,
    keep: Sequence[str],
    source: exp.Query | None = None,
    *,
    grains: Iterable[Grain] | None = None,
    where: Where = (),
    days: tuple[date | None, date | None] = (None, None),
) -> exp.Select:
    """SELECT grain, the members kept, starts_on, place and stratum, parts: the pass summed over the calendar's periods.

    Sorted from the left, so that what belongs to one period and group stands together.

    keep: dimensions that stay, in that order. source: its parts taken anew; its table where it is None.
    where: dimension and member wanted. days: first and last day that count, both included.
    """
    relation = exp.table_(one.table).as_("p") if source is None else source.subquery("p")
    start = exp.column("starts_on", "c")
    keys = [
        exp.column("grain", "c"),
        *map(_kept, keep),
        start,
        *(_kept(name) for name in one.keys[1 + len(one.split) :]),
    ]
    sums = [exp.alias_(exp.Sum(this=exp.column(part.column, "p")), part.column) for part in one.parts]
    select = exp.select(*keys, *sums, copy=False).from_(relation, copy=False)
    select = select.join(exp.table_("meta_calendar").as_("c"), on=_same_day(), copy=False)
    select = select.group_by(*(key.copy() for key in keys), copy=False)
    select = select.order_by(*(key.copy() for key in keys), copy=False)
    if grains is not None:
        select = select.where(exp.column("grain", "c").isin(*grains), copy=False)
    for name, wanted in where:
        select = select.where(_kept(name).eq(exp.Literal.string(wanted)), copy=False)
    for side, day in zip((exp.GTE, exp.LTE), days, strict=True):
        if day is not None:
            select = select.where(side(this=exp.column("day", "p"), expression=_date(day)), copy=False)
    return select


def among(query: exp.Select, wikis: Sequence[str] | None, dimension: str = WIKI) -> exp.Select:
    """A roll-up of some wikis alone (or members of another dimension), which its pass tells apart; None: of all."""
    if wikis is None:
        return query
    return query.where(_kept(dimension).isin(*wikis) if wikis else exp.false())


def of_periods(query: exp.Select, wanted: Mapping[Grain, Sequence[date]]) -> exp.Select:
    """A roll-up of some periods alone, by their first days; of the total, which has one, wherever it is asked for."""
    found = list[exp.Expr]()
    for name, days in wanted.items():
        of_grain = exp.column("grain", "c").eq(exp.Literal.string(name))
        starts = exp.In(this=exp.column("starts_on", "c"), expressions=[_date(one) for one in days])
        found.append(of_grain if name == "total" else exp.and_(of_grain, starts, copy=False))
    return query.where(exp.or_(*found, copy=False) if found else exp.false(), copy=False)


def counted_groups(one: Pass, schema: str | None = None) -> exp.Select:
    """SELECT the members of a pass's split that occur together, and in how many rows each part was counted.

    schema: that of the build before, for its table.
    """
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.split]
    counts = [exp.alias_(exp.Count(this=exp.column(part.column)), part.column) for part in one.parts]
    rows = exp.select(*keys, *counts).from_(exp.table_(one.table, db=schema))
    return rows.group_by(*(key.copy() for key in keys))


def stored_before(table: str, schema: str) -> exp.Select:
    """SELECT of all that the build before stored in a table."""
    return exp.select("*").from_(exp.table_(table, db=schema))


def with_standing(told: str, stands: str, before: str) -> exp.Query:
    """The rows of a table like `metric_value`, and those of the build before that stand, by metric and split.

    stands: a table of metrics, splits, grains and first days.
    """
    kept = exp.select("v.*").from_(exp.table_("metric_value", db=before).as_("v"))
    kept = kept.join(exp.table_(stands), using=["metric", "split", "grain", "starts_on"], join_type="semi")
    return union([kept, exp.select("*").from_(told)]).order_by("split", "metric", "grain")


def in_no_order(query: exp.Select) -> exp.Select:
    unsorted = query.copy()
    unsorted.set("order", None)
    return unsorted


def period_rows(table: str) -> exp.Select:
    """SELECT grain, starts_on and row_count of a pass's table, by period in order; of a period without rows 0."""
    of_days = exp.select("day", exp.alias_(exp.Count(this=exp.Star()), "rows_of_day")).from_(table).group_by("day")
    total = exp.func("COALESCE", exp.Sum(this=exp.column("rows_of_day")), exp.Literal.number(0))
    row_count = exp.alias_(exp.cast(total, exp.DType.BIGINT), "row_count")
    periods = exp.select("grain", "starts_on", row_count).from_("meta_calendar")
    periods = periods.join(of_days.subquery("counted"), using=["day"], join_type="LEFT")
    return periods.group_by("grain", "starts_on").order_by("grain", "starts_on")


def told_apart(one: Pass) -> exp.Query:
    """SELECT metric, split, members, day, part, at, stratum, value of the table of a pass: a row for every part."""
    members = exp.cast(exp.Array(expressions=[_kept(name) for name in one.split]), "VARCHAR[]", dialect="duckdb")
    texts = {"metric": "", "split": one.key, "part": ""}
    selects = list[exp.Query]()
    for part in one.parts:
        texts |= {"metric": part.metric.id, "part": part.name}
        text = {name: exp.alias_(exp.Literal.string(value), name) for name, value in texts.items()}
        at = _kept("at") if one.at else exp.cast(exp.null(), exp.DType.DOUBLE)
        stratum = _kept("stratum") if one.stratum else exp.cast(exp.null(), exp.DType.VARCHAR)
        value = exp.column(part.column, "p")
        told = exp.select(text["metric"], text["split"], exp.alias_(members, "members"), _kept("day"), text["part"])
        told = told.select(
            exp.alias_(at, "at", quoted=True), exp.alias_(stratum, "stratum"), exp.alias_(value, "value")
        )
        selects.append(told.from_(exp.table_(one.table).as_("p")).where(exp.Not(this=value.is_(exp.null()))))
    return union(selects)


def first_day(one: Pass, where: Where = ()) -> exp.Select:
    """SELECT the first day on which anything of a stored pass counted, of these members; NULL where nothing did."""
    nothing = exp.func("COALESCE", *(exp.column(part.column, "p") for part in one.parts)).is_(exp.null())
    select = exp.select(exp.Min(this=_kept("day"))).from_(exp.table_(one.table).as_("p")).where(exp.Not(this=nothing))
    for name, wanted in where:
        select = select.where(_kept(name).eq(exp.Literal.string(wanted)))
    return select


def fingerprints(mart: Mart, day: str) -> exp.Insert:
    """The statement that says of every day of a mart, in `meta_day`, how many rows it has and what they hold."""
    of_day = exp.cast(exp.column(day), exp.DType.DATE)
    held = exp.Sum(this=exp.Anonymous(this="HASH", expressions=[exp.column(name) for name in mart.columns]))
    names = [exp.Literal.string(mart.name), exp.Literal.string(day)]
    rows = exp.select(*names, of_day, exp.Count(this=exp.Star()), held).from_(mart.name)
    return exp.insert(rows.where(exp.LT(this=exp.column(day), expression=_as_of())).group_by(of_day.copy()), "meta_day")


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
    return exp.select("day").from_(union(sides).subquery("both")).group_by("day").having(exp.Not(this=exp.paren(same)))


def made_before(before: str) -> exp.Select:
    """SELECT of what the build before says by which text its parts were counted."""
    return exp.select("table_name", "column_name", "digest").from_(exp.table_("meta_part", db=before))


def carried_over(one: Pass, same: Pass, before: str, days: Days) -> exp.Select:
    """SELECT the parts of `same` of all days but those, from the build before; the other parts of the pass are NULL."""
    there = {part.column for part in same.parts}
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.keys]
    rows = exp.select(*keys, *_some(one, there)).from_(exp.table_(one.table, db=before))
    return rows.where(exp.Not(this=exp.paren(_within(exp.column("day"), days))))


def widened(one: Pass, some: Pass, days: Days) -> exp.Select:
    """SELECT some parts of a pass of all days but those, from its mart; the other parts of the pass are NULL."""
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.keys]
    counted = parts(some).where(exp.Not(this=exp.paren(_within(exp.column(one.day), days))))
    return exp.select(*keys, *_some(one, {part.column for part in some.parts})).from_(counted.subquery("counted"))


def merged(one: Pass, queries: Sequence[exp.Query]) -> exp.Query:
    """The rows of all the queries, each in the columns of a pass's table. More than two have rows of the same key."""
    if len(queries) < 3:
        return union(queries)
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.keys]
    sums = [exp.alias_(exp.Sum(this=exp.column(part.column)), part.column) for part in one.parts]
    return exp.select(*keys, *sums).from_(union(queries).subquery("several")).group_by(*(key.copy() for key in keys))


def _some(one: Pass, columns: Collection[str]) -> list[exp.Expr]:
    """The columns of a pass's parts, NULL but for some."""
    return [
        exp.column(part.column)
        if part.column in columns
        else exp.alias_(exp.cast(exp.null(), exp.DType.DOUBLE), part.column)
        for part in one.parts
    ]


def _within(day: exp.Expr, days: Days) -> exp.Expr:
    """Whether a day, or a time, lies within some days."""
    span: exp.Expr = exp.GTE(this=day, expression=_date(days.since))
    if days.until:
        span = exp.And(this=span, expression=exp.LT(this=day.copy(), expression=_date(days.until)))
    if not days.others:
        return span
    others = exp.In(this=exp.cast(day.copy(), exp.DType.DATE), expressions=[_date(one) for one in days.others])
    return exp.Paren(this=exp.Or(this=span, expression=others))


def _date(day: date) -> exp.Expr:
    return exp.Cast(this=exp.Literal.string(day.isoformat()), to=exp.DataType(this=exp.DType.DATE))


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


def union(queries: Sequence[exp.Query]) -> exp.Query:
    """The rows of all the queries, of which there is one at least."""
    whole = queries[0]
    for query in queries[1:]:
        whole = exp.union(whole, query, distinct=False, copy=False)
    return whole


def created(name: str, query: exp.Query, kind: Literal["TABLE", "VIEW"] = "TABLE") -> exp.Create:
    """The statement that makes a table, or a view, of a query."""
    return exp.Create(this=exp.table_(name), kind=kind, expression=query)


def added(name: str, query: exp.Query) -> exp.Insert:
    """The statement that puts the rows of a query into a table."""
    return exp.insert(query, name)


def text(query: exp.Expr, dialect: str = "duckdb") -> str:
    """The query as people read it. What it asks for stands in it as `$as_of`, and as `:as_of` for Spark."""
    if dialect == "spark":
        query = query.transform(_named_marker).transform(places.spelled)
    return query.sql(dialect=dialect, pretty=True, copy=False)


def _named_marker(node: exp.Expr) -> exp.Expr:
    return exp.Placeholder(this=node.name) if isinstance(node, exp.Parameter) else node


def _same_day() -> exp.Expr:
    return exp.EQ(this=exp.column("day", "c"), expression=exp.column("day", "p"))


def _kept(name: str) -> exp.Column:
    """A key of the table of a pass; quoted, since "at" is a word of SQL."""
    return exp.column(exp.to_identifier(name, quoted=True), "p")


def _text_of(column: str) -> exp.Expr:
    return exp.func("COALESCE", exp.cast(exp.column(column), exp.DType.VARCHAR), exp.Literal.string(UNKNOWN))


def _as_of() -> exp.Expr:
    return exp.cast(exp.Parameter(this=exp.Var(this="as_of")), exp.DType.TIMESTAMP)


def _aggregate(part: Part, one: Pass) -> exp.Expr:
    """Conditions stand inside what is added up, where DuckDB finds out once what several aggregates ask; a FILTER each
    takes more than twice the time. Of a missing value nothing is counted or added, without being told so."""
    conditions = list(_conditions(part, one))
    if part.add is not None:
        number = _where(exp.cast(exp.column(part.add), exp.DType.DOUBLE), conditions)
        return exp.Sum(this=exp.Mul(this=number, expression=number.copy()) if part.squared else number)
    if part.present:
        total: exp.Expr = exp.Count(this=_where(exp.column(part.present), conditions))
    else:
        total = exp.CountIf(this=exp.and_(*conditions)) if conditions else exp.Count(this=exp.Star())
    counted = exp.cast(exp.func("NULLIF", total, exp.Literal.number(0)), exp.DType.DOUBLE)
    if part.near is None:
        return counted
    is_near = exp.column("is_near")
    return exp.Case().when(is_near if part.near else exp.Not(this=is_near), counted)


def _where(value: exp.Expr, conditions: Sequence[exp.Expr]) -> exp.Expr:
    """A value where all conditions hold, and nothing elsewhere."""
    return exp.Case().when(exp.and_(*conditions), value) if conditions else value


def _conditions(part: Part, one: Pass) -> Iterable[exp.Expr]:
    if part.where is not None:
        yield exp.paren(expression.condition(part.where, one.mart.columns))
    if part.holds is not None:
        yield exp.column(part.holds)
    if part.fails is not None:
        yield exp.Not(this=exp.column(part.fails))
    if part.matured and part.metric.mature_after is not None:
        seconds = int(part.metric.mature_after.total_seconds())
        span = exp.Interval(this=exp.Literal.string(str(seconds)), unit=exp.Var(this="SECOND"))
        yield exp.LTE(this=exp.Add(this=exp.column(one.day), expression=span), expression=_as_of())
