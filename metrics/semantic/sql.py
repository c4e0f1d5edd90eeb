"""Writes SQL for passes and roll-ups as sqlglot expressions: portable, bound to `$as_of`, never pasted together.

It runs nothing. The table of a pass has a row by day, members of the split, place on a scale and stratum, and a column
for every part; `metric_part` says the same with a row for every part.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlglot import exp

from metrics.semantic import expression, places
from metrics.semantic.model import WIKI, Grain
from metrics.semantic.plan import Part, Pass

UNKNOWN = "unknown"  # the member that stands for a missing value of a dimension
Where = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Days:
    """Days from one on, before `until` if there is one; and others.

    quiet: those on which few enough rows have a value that each stands at it; None where nobody knows.
    """

    since: date
    others: Sequence[date] = ()
    until: date | None = None
    quiet: Collection[date] | None = None


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
    known: list[exp.Expr] = [exp.LT(this=exp.column(one.day), expression=as_of())]
    known += [within(exp.column(one.day), days)] if days else []
    rows = places.rows(one, known, days.quiet if days else None)
    select = exp.select(*keys, *values, copy=False).from_(rows, copy=False)
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


def summed_days(one: Pass, keep: Sequence[str], grains: Sequence[Grain]) -> exp.Select:
    """SELECT of the table of a pass, for `rolled_up` in its place, so that great numbers of rows are added up once.

    Days that lie in the same period of every grain become one row, dated by the latest start among these periods. A day
    that is in periods of some grains alone, as one that is not over and in no total, stays by itself.
    """
    is_in_all = exp.EQ(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(len(grains)))
    latest = exp.Case().when(is_in_all, exp.Max(this=exp.column("starts_on"))).else_(exp.column("day"))
    starts = exp.select("day", exp.alias_(latest, "since")).from_("meta_calendar")
    starts = starts.where(exp.column("grain").isin(*grains)).group_by("day")
    since = exp.column("since", "c")
    keys = [_kept(name) for name in (*keep, *one.keys[1 + len(one.split) :])]
    sums = [exp.alias_(exp.Sum(this=exp.column(part.column, "p")), part.column) for part in one.parts]
    select = exp.select(exp.alias_(since, "day"), *keys, *sums).from_(exp.table_(one.table).as_("p"))
    return select.join(starts.subquery("c"), on=_same_day()).group_by(since.copy(), *(key.copy() for key in keys))


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


def in_no_order(query: exp.Select) -> exp.Select:
    """The same rows as they come: those by place are put in order where they are read, and faster."""
    unsorted = query.copy()
    unsorted.set("order", None)
    return unsorted


def counted_periods(one: Pass) -> exp.Select:
    """SELECT grain, starts_on, the members of a pass's split, and in how many rows any and each part was counted."""
    keys = [exp.column(exp.to_identifier(name, quoted=True)) for name in one.split]
    named = {"row_count": exp.Star(), **{part.column: exp.column(part.column) for part in one.parts}}
    counts = [exp.alias_(exp.Count(this=value), name) for name, value in named.items()]
    of_days = exp.select("day", *keys, *counts).from_(one.table).group_by("day", *(key.copy() for key in keys))
    sums = [exp.cast(exp.Sum(this=exp.column(name)), exp.DType.BIGINT) for name in named]
    told = [exp.alias_(value, name) for value, name in zip(sums, named, strict=True)]
    groups = [exp.column("grain"), exp.column("starts_on"), *keys]
    periods = exp.select(*groups, *told).from_(of_days.subquery("counted"))
    return periods.join("meta_calendar", using=["day"]).group_by(*(key.copy() for key in groups))


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


def quiet_days(one: Pass, days: Days) -> exp.Select:
    """SELECT the quiet ones among some days of a pass of bins or hashes, in order; of those the pass knows."""
    known = (exp.LT(this=exp.column(one.day), expression=as_of()), within(exp.column(one.day), days))
    return places.quiet_days(one).where(*known)


def within(day: exp.Expr, days: Days) -> exp.Expr:
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


def as_of() -> exp.Expr:
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
        yield exp.LTE(this=exp.Add(this=exp.column(one.day), expression=span), expression=as_of())
