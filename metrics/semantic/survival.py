"""Writes SQL for Kaplan-Meier curves of a whole mart by group: one scan, one row per group and time, or one per group.

It runs nothing. What it gives equals `metrics.stats.survival` of each group; the words there explain every column.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import sqlglot
from sqlglot import exp

REACHED = 1e-9  # as in `metrics.stats.survival`, which this room may not import; a test holds both equal
COLUMNS = frozenset({"time", "until", "leaving", "at_risk", "events", "survival", "low", "high", "piece", "ahead"})

# A step of the curve: how the time's events change log S, and Greenwood's variance of it. Where the last cases end
# there is no logarithm; nothing comes after, so their part is 0 and S is set to 0 beside it.
FALL = "SUM(CASE WHEN events < at_risk THEN LN((at_risk - events) / at_risk) ELSE 0 END)"
SPREAD = "SUM(CASE WHEN events < at_risk THEN events / (at_risk * (at_risk - events)) ELSE 0 END)"
SURVIVAL = "CASE WHEN events = at_risk THEN 0 ELSE EXP(log_survival) END"
LOW = """CASE WHEN events = at_risk THEN NULL WHEN log_survival = 0 THEN 1
    ELSE EXP(log_survival * EXP(-:z * SQRT(spread) / log_survival)) END"""
HIGH = """CASE WHEN events = at_risk THEN NULL WHEN log_survival = 0 THEN 1
    ELSE EXP(log_survival * EXP(:z * SQRT(spread) / log_survival)) END"""

FOLLOWED = "(MAX(time) >= :t OR MIN(survival) = 0)"
IN_FORCE = "time <= :t AND (until IS NULL OR until > :t)"
ERROR = """SQRT(SUM(CASE WHEN time <= :t AND events < at_risk
    THEN ahead * ahead * events / (CAST(at_risk AS DOUBLE) * (at_risk - events)) ELSE 0 END))"""
AREA = "CASE WHEN MIN(time) < :t THEN MIN(time) ELSE :t END + SUM(piece)"
PIECE = "CASE WHEN time < :t THEN survival * (CASE WHEN until < :t THEN until ELSE :t END - time) ELSE 0 END"


@dataclass(frozen=True)
class Cases:
    """Where the cases are. source: a table, or a query of which one row is a case (or `count` like cases).

    duration: column, >= 0, in any unit. observed: column, true where the event was seen. by: the group's columns.
    Rows without a duration, or of which nobody knows whether the event was seen, are no cases; nor are counts of 0.
    Raises ValueError where a group's column has the name of a result.
    """

    source: exp.Table | exp.Query
    duration: str
    observed: str
    by: Sequence[str] = ()
    count: str | None = None

    def __post_init__(self) -> None:
        taken = COLUMNS.intersection(self.by)
        if taken:
            raise ValueError(f"a group's column needs a name that no result has: {sorted(taken)}")


def curves(cases: Cases, *, level: float = 0.95) -> exp.Select:
    """SELECT the group's columns, time, until, at_risk, events, survival, low, high: one row per group and time.

    until: the group's next time, NULL at its last. low, high: log-log interval, NULL where survival is 0. In no order.
    Raises ValueError where the level is no share.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    by = _columns(cases.by)
    risk = exp.select(*by, "time", "events", _over(cases, "SUM(leaving)", "ahead", "at_risk")).from_("tally")
    falls = (
        exp.select(*by, "time", "at_risk", "events", _over(cases, "LEAD(time)", None, "until"))
        .select(_over(cases, FALL, "so far", "log_survival"), _over(cases, SPREAD, "so far", "spread"))
        .from_("risk")
    )
    counts = [exp.alias_(exp.cast(exp.column(name), "BIGINT"), name) for name in ("at_risk", "events")]
    heights = [
        exp.alias_(_read(text, z=z), name) for text, name in ((SURVIVAL, "survival"), (LOW, "low"), (HIGH, "high"))
    ]
    return (
        exp.select(*by, "time", "until", *counts, *heights)
        .from_("falls")
        .with_("tally", as_=_tally(cases))
        .with_("risk", as_=risk)
        .with_("falls", as_=falls)
    )


def summaries(
    cases: Cases,
    *,
    quantile: float = 0.5,
    within: float | None = None,
    tau: float | None = None,
    level: float = 0.95,
) -> exp.Select:
    """SELECT the group's columns, n, events and figures of the curve: one row per group that has cases.

    quantile, quantile_low, quantile_high: the first time by which this share of the cases has ended. With `within` also
    share_within, share_within_low, share_within_high; with `tau` restricted_mean, restricted_mean_se. NULL as None in
    `metrics.stats.survival`. Without group columns there is one row, with n 0 where there are no cases.
    Raises ValueError where the level or the quantile is no share, or a time is missing or negative.
    """
    if not 0 < quantile < 1:
        raise ValueError(f"a quantile lies between 0 and 1, not {quantile}")
    wrong = [t for t in (within, tau) if t is not None and not 0 <= t < math.inf]
    if wrong:
        raise ValueError(f"time runs from 0, not from {wrong[0]}")
    by = _columns(cases.by)
    select = exp.select(*by, *_counts(), *_quantile(quantile), *(_within(within) if within is not None else ()))
    points = exp.select("*").from_("curve")
    if tau is not None:
        select = select.select(*_restricted(tau))
        pieces = points.select(exp.alias_(_read(PIECE, t=tau), "piece")).subquery("pieces")
        points = exp.select("*", _over(cases, "SUM(piece)", "ahead", "ahead")).from_(pieces)
    whole = select.from_(points.subquery("points")).with_("curve", as_=curves(cases, level=level))
    return whole.group_by(*by) if by else whole


def _tally(cases: Cases) -> exp.Select:
    """How many cases of each group leave at each time, and how many by their event; as DOUBLE, exact to 2^53."""
    time = exp.cast(exp.column(cases.duration), "DOUBLE")
    one: exp.Expr = exp.Count(this=exp.Star()) if cases.count is None else exp.Sum(this=exp.column(cases.count))
    seen = exp.Filter(this=one.copy(), expression=exp.Where(this=exp.column(cases.observed)))
    seen_count = exp.func("COALESCE", exp.cast(seen, "DOUBLE"), exp.Literal.number(0))
    relation = cases.source if isinstance(cases.source, exp.Table) else cases.source.subquery("cases")
    select = (
        exp.select(*_columns(cases.by), exp.alias_(time, "time"))
        .select(exp.alias_(exp.cast(one, "DOUBLE"), "leaving"), exp.alias_(seen_count, "events"))
        .from_(relation)
        .group_by(*_columns(cases.by), time.copy())
    )
    for name in (cases.duration, cases.observed):
        select = select.where(exp.Not(this=exp.column(name).is_(exp.null())))
    if cases.count is not None:
        select = select.where(exp.GT(this=exp.column(cases.count), expression=exp.Literal.number(0)))
    return select


def _counts() -> list[exp.Expr]:
    events = _read("CAST(COALESCE(SUM(events), 0) AS BIGINT)")
    return [exp.alias_(_read("COALESCE(MAX(at_risk), 0)"), "n"), exp.alias_(events, "events")]


def _quantile(share: float) -> list[exp.Expr]:
    """The first time at which each of the three curves is down at this height."""
    found = []
    for column, name in (("survival", ""), ("low", "_low"), ("high", "_high")):
        reached = exp.LTE(this=exp.column(column), expression=_number(1 - share + REACHED))
        found.append(exp.alias_(exp.Min(this=exp.Case().when(reached, exp.column("time"))), f"quantile{name}"))
    return found


def _within(t: float) -> list[exp.Expr]:
    """The height of the curve at t, turned round; 0 before the group's first time."""
    found = []
    for column, name in (("survival", ""), ("high", "_low"), ("low", "_high")):
        height = exp.Max(this=exp.Case().when(_read(IN_FORCE, t=t), exp.column(column)))
        ended = exp.Sub(this=exp.Literal.number(1), expression=height)
        value = exp.Case().when(_read("MIN(time) > :t", t=t), exp.Literal.number(0)).else_(ended)
        found.append(exp.alias_(exp.Case().when(_read(FOLLOWED, t=t), value), f"share_within{name}"))
    return found


def _restricted(tau: float) -> list[exp.Expr]:
    """The area under the curve to tau, and its error from the area that lies behind each event."""
    named = (AREA, "restricted_mean"), (ERROR, "restricted_mean_se")
    return [exp.alias_(exp.Case().when(_read(FOLLOWED, t=tau), _read(text, t=tau)), name) for text, name in named]


def _over(cases: Cases, text: str, reach: Literal["so far", "ahead"] | None, name: str) -> exp.Expr:
    """A window over the group's times in their order: from the first to this one, or from this one to the last."""
    spec = None
    if reach == "ahead":
        spec = exp.WindowSpec(kind="ROWS", start="CURRENT ROW", end="UNBOUNDED", end_side="FOLLOWING")
    if reach == "so far":
        spec = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
    order = exp.Order(expressions=[exp.Ordered(this=exp.column("time"))])
    window = exp.Window(this=_read(text), partition_by=_columns(cases.by), order=order, spec=spec)
    return exp.alias_(window, name)


def _columns(names: Sequence[str]) -> list[exp.Expr]:
    return [exp.column(name) for name in names]


def _number(value: float) -> exp.Expr:
    return exp.cast(exp.Literal.number(repr(float(value))), "DOUBLE")


def _read(text: str, **numbers: float) -> exp.Expr:
    """Fixed text as an expression, numbers in place of its names with a colon."""
    tree = sqlglot.parse_one(text, dialect="duckdb")
    return exp.replace_placeholders(tree, **{name: _number(value) for name, value in numbers.items()})
