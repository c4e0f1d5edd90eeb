"""Writes SQL for passes and roll-ups as sqlglot expressions: portable, bound to `$as_of`, never pasted together.

It runs nothing. `metric_part` has the columns metric, split, members, day, part, at, stratum, value.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlglot
from sqlglot import exp

from metrics.semantic import expression
from metrics.semantic.model import Grain
from metrics.semantic.plan import Part, Pass

UNKNOWN = "unknown"  # the member that stands for a missing value of a dimension
PART_COLUMNS = ("metric", "split", "members", "day", "part", '"at"', "stratum", "value")
Where = Sequence[tuple[str, str]]


def parts(one: Pass, where: Where = ()) -> exp.Query:
    """SELECT of `metric_part` rows of one pass: the scan is done once, its columns are then told apart by name.

    where: dimension and member, all of which must hold; the members of the split stay in the split's order.
    """
    scan = _scan(one, where)
    selects = [_unpivoted(one, part, f"part_{index}") for index, part in enumerate(one.parts)]
    whole: exp.Query = selects[0]
    for select in selects[1:]:
        whole = exp.union(whole, select, distinct=False, copy=False)
    return whole.with_("scan", as_=scan, copy=False)


def together(passes: Sequence[Pass], where: Where = ()) -> exp.Query:
    """The parts of several passes of one metric as one SELECT."""
    selects = [exp.select(*PART_COLUMNS).from_(parts(one, where).subquery("one")) for one in passes]
    whole: exp.Query = selects[0]
    for select in selects[1:]:
        whole = exp.union(whole, select, distinct=False, copy=False)
    return whole


def rolled_up(
    source: exp.Query | exp.Table,
    positions: Sequence[int],
    *,
    split: str | None = None,
    metrics: Iterable[str] | None = None,
    grains: Iterable[Grain] | None = None,
    members: Sequence[tuple[int, str]] = (),
    days: tuple[date | None, date | None] = (None, None),
) -> exp.Select:
    """SELECT metric, grain, members, starts_on, part, at, stratum, value: `source` summed over the calendar's periods.

    Sorted from the left, so that what belongs to one period and group stands together.

    positions: which of the source's members stay, in that order (counted from 0). members: position and wanted value.
    days: first and last day that count, both included.
    """
    kept = [_member(index) for index in positions]
    named = [exp.alias_(one, f"member_{index}") for index, one in enumerate(kept)]
    metric, part, at, stratum, value = (exp.column(name, "p") for name in ("metric", "part", "at", "stratum", "value"))
    grain, start = exp.column("grain", "c"), exp.column("starts_on", "c")
    relation = source.as_("p") if isinstance(source, exp.Table) else source.subquery("p")
    select = (
        exp.select(metric, grain, *named, start, part, at, stratum, exp.alias_(exp.Sum(this=value), "value"))
        .from_(relation)
        .join("meta_calendar AS c", on="c.day = p.day")
        .group_by(metric, grain, *kept, start, part, at, stratum)
        .order_by(metric, grain, *kept, start, part, at, stratum)
    )
    if split is not None:
        select = select.where(exp.column("split", "p").eq(exp.Literal.string(split)))
    if metrics is not None:
        select = select.where(exp.column("metric", "p").isin(*sorted(metrics)))
    if grains is not None:
        select = select.where(exp.column("grain", "c").isin(*grains))
    for index, wanted in members:
        select = select.where(_member(index).eq(exp.Literal.string(wanted)))
    for side, day in zip((exp.GTE, exp.LTE), days, strict=True):
        if day is not None:
            literal = exp.cast(exp.Literal.string(day.isoformat()), "DATE")
            select = select.where(side(this=exp.column("day", "p"), expression=literal))
    return select


def text(query: exp.Expr, dialect: str = "duckdb") -> str:
    """The query as people read it. What it asks for stands in it as `$as_of`, and as `:as_of` for Spark."""
    if dialect == "spark":
        query = query.transform(_named_marker)
    return query.sql(dialect=dialect, pretty=True)


def _named_marker(node: exp.Expr) -> exp.Expr:
    return exp.Placeholder(this=node.name) if isinstance(node, exp.Parameter) else node


def _member(index: int) -> exp.Expr:
    """A member by its place; sqlglot counts from the dialect's own first index."""
    return sqlglot.parse_one(f"p.members[{index + 1}]", dialect="duckdb")


def _scan(one: Pass, where: Where) -> exp.Select:
    day = exp.cast(exp.column(one.day), "DATE")
    keys: list[exp.Expr] = [exp.alias_(day, "day")]
    grouped: list[exp.Expr] = [day]
    for name in one.split:
        member = _text_of(name)
        keys.append(exp.alias_(member, name))
        grouped.append(member)
    for name, column in (("at", one.at), ("stratum", one.stratum)):
        if column is not None:
            keys.append(exp.alias_(exp.column(column), name))
            grouped.append(exp.column(column))
    values = [exp.alias_(_aggregate(part, one), f"part_{index}") for index, part in enumerate(one.parts)]
    known = exp.LT(this=exp.column(one.day), expression=_as_of())
    select = exp.select(*keys, *values).from_(one.mart.name).where(known).group_by(*grouped)
    for name, value in where:
        select = select.where(_text_of(name).eq(exp.Literal.string(value)))
    return select


def _text_of(column: str) -> exp.Expr:
    return exp.func("COALESCE", exp.cast(exp.column(column), "VARCHAR"), exp.Literal.string(UNKNOWN))


def _as_of() -> exp.Expr:
    return exp.cast(exp.Parameter(this=exp.Var(this="as_of")), "TIMESTAMP")


def _aggregate(part: Part, one: Pass) -> exp.Expr:
    if part.add is None:
        total: exp.Expr = exp.Count(this=exp.Star())
    else:
        number = exp.cast(exp.column(part.add), "DOUBLE")
        total = exp.Sum(this=exp.Mul(this=number, expression=number.copy()) if part.squared else number)
    conditions = list(_conditions(part, one))
    return exp.Filter(this=total, expression=exp.Where(this=exp.and_(*conditions))) if conditions else total


def _conditions(part: Part, one: Pass) -> Iterable[exp.Expr]:
    if part.where is not None:
        yield exp.paren(expression.condition(part.where, one.mart.columns))
    if part.holds is not None:
        yield exp.column(part.holds)
    if part.fails is not None:
        yield exp.Not(this=exp.column(part.fails))
    for name in part.present:
        yield exp.Not(this=exp.column(name).is_(exp.null()))
    if part.matured and part.metric.mature_after is not None:
        seconds = int(part.metric.mature_after.total_seconds())
        span = exp.Interval(this=exp.Literal.string(str(seconds)), unit=exp.Var(this="SECOND"))
        yield exp.LTE(this=exp.Add(this=exp.column(one.day), expression=span), expression=_as_of())


def _unpivoted(one: Pass, part: Part, column: str) -> exp.Select:
    members = exp.Array(expressions=[exp.column(name) for name in one.split])
    value = exp.column(column)
    # A count of 0 is no part; a sum of 0 is one, for there were rows: without them it is NULL.
    is_there = (
        exp.NEQ(this=value, expression=exp.Literal.number(0))
        if part.add is None
        else exp.Not(this=value.is_(exp.null()))
    )
    return (
        exp.select(
            exp.alias_(exp.Literal.string(part.metric.id), "metric"),
            exp.alias_(exp.Literal.string(one.key), "split"),
            exp.alias_(exp.cast(members, "VARCHAR[]", dialect="duckdb"), "members"),
            "day",
            exp.alias_(exp.Literal.string(part.name), "part"),
            exp.alias_(exp.cast(exp.column("at") if one.at else exp.null(), "DOUBLE"), "at"),
            exp.alias_(exp.cast(exp.column("stratum") if one.stratum else exp.null(), "VARCHAR"), "stratum"),
            exp.alias_(exp.cast(value, "DOUBLE"), "value"),
        )
        .from_("scan")
        .where(is_there)
    )
