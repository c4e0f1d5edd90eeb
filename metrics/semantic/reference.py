"""What a metric means, in slow plain Python: rows in, values out. The compiled SQL must always say the same.

It touches nothing and shares nothing with the compiler but the definition: no SQL is run, no part is stored.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp

from metrics.semantic.model import Measure, Metric

Row = Mapping[str, Any]
Rows = list[dict[str, Any]]
Name = Callable[[date], str]  # the label of the period that holds a day


def values(
    metric: Metric,
    rows: Iterable[Row],
    exposure: Iterable[Row] | None = None,
    *,
    as_of: datetime,
    name: Name,
    labels: Sequence[str],
    split: Sequence[str] = (),
) -> dict[str | tuple[str, ...], float]:
    """Period -> value, or (period, members of the split...) -> value; what has no value is left out.

    rows: of the metric's mart, as mappings of column to value, times naive UTC. labels: the periods in order, oldest
    first (a stock has a value in each, whether or not something moved). exposure: of a rate, the rows of the mart that
    stands below its line; each side is added up by itself.
    """
    kept, below = [dict(row) for row in rows], None if exposure is None else [dict(row) for row in exposure]
    groups = sorted({_members(row, split) for row in (*kept, *(below or ()))})
    found: dict[str | tuple[str, ...], float] = {}
    for group in groups or [()]:
        mine = [row for row in kept if _members(row, split) == group]
        others = None if below is None else [row for row in below if _members(row, split) == group]
        if split and not _appears(metric, mine, others, as_of):
            continue
        for label in labels:
            value = _value(metric, mine, others, as_of, name, label, labels)
            if value is not None:
                found[(label, *group) if split else label] = value
    return found


def _appears(metric: Metric, rows: Rows, exposure: Rows | None, as_of: datetime) -> bool:
    """Whether a group ever counted: a group of which nothing was ever seen has no zeros either."""
    if exposure is not None:
        sides = ((metric.numerator, rows), (metric.denominator, exposure))
        return all(measure is not None and _ever(metric, measure, several, as_of) for measure, several in sides)
    if (
        metric.measure is None
        or metric.kind not in ("count", "sum", "distinct", "stock")
        or metric.without_rows == "unknown"
    ):
        return True
    columns = (metric.measure.column, metric.measure.until) if metric.kind == "stock" else (metric.at,)
    told = rows if metric.kind == "stock" else _told(metric.measure, rows)
    return any(
        truth(metric.measure.where, row)
        and row.get(column) is not None
        and row[column] < as_of
        and _is_ripe(row, metric, as_of)
        for row in told
        for column in columns
        if column is not None
    )


def _ever(metric: Metric, measure: Measure, rows: Rows, as_of: datetime) -> bool:
    """Whether any row of one side of a rate ever counted."""
    known = [
        row for row in rows if row.get(measure.at or metric.at) is not None and row[measure.at or metric.at] < as_of
    ]
    return any(truth(measure.where, row) for row in _told(measure, known))


def truth(condition: str | None, row: Row) -> bool:
    """Whether a row meets a condition: unknown is not true."""
    return condition is None or _eval(_parsed(condition), row) is True


@cache
def _parsed(condition: str) -> exp.Expr:
    return sqlglot.parse_one(condition, dialect="duckdb")


def _members(row: Row, split: Sequence[str]) -> tuple[str, ...]:
    return tuple("unknown" if row.get(one) is None else str(row[one]) for one in split)


def _value(
    metric: Metric,
    rows: Rows,
    exposure: Rows | None,
    as_of: datetime,
    name: Name,
    label: str,
    labels: Sequence[str],
) -> float | None:
    if metric.kind == "stock" and metric.measure is not None:
        return _stock(metric.measure, rows, as_of, name, labels[: labels.index(label) + 1])
    here = _within(rows, metric.at, as_of, name, label)
    if metric.kind == "duration":
        return _waited(metric, here)
    ripe = [row for row in here if _is_ripe(row, metric, as_of)]
    if metric.numerator is not None and metric.denominator is not None:
        below = metric.denominator
        cases = ripe if exposure is None else _within(exposure, below.at or metric.at, as_of, name, label)
        size = _added(below, cases)
        return None if size == 0 else float(_added(metric.numerator, ripe) / size * metric.per)
    if metric.measure is None:
        return None
    return _of_measure(metric, metric.measure, ripe)


def _within(rows: Rows, at: str, as_of: datetime, name: Name, label: str) -> Rows:
    """The rows whose time falls into a period, as far as they are known."""
    return [row for row in rows if row.get(at) is not None and row[at] < as_of and name(row[at].date()) == label]


def _is_ripe(row: Row, metric: Metric, as_of: datetime) -> bool:
    return metric.mature_after is None or bool(row[metric.at] + metric.mature_after <= as_of)


def _of_measure(metric: Metric, measure: Measure, rows: list[dict[str, Any]]) -> float | None:
    chosen = [row for row in rows if truth(measure.where, row)]
    if metric.kind in ("count", "sum"):
        told = [row for row in chosen if metric.kind == "count" or row.get(measure.column) is not None]
        return None if metric.without_rows == "unknown" and not told else float(_added(measure, rows))
    present = [row[measure.column] for row in chosen if row.get(measure.column) is not None]
    if metric.kind == "distinct":
        return float(len(set(present)))
    if metric.kind == "mean":
        return float(sum(map(Fraction, present)) / len(present)) if present else None
    if metric.kind == "quantile" and metric.statistic and metric.statistic.quantile is not None:
        return _quantile(sorted(map(float, present)), metric.statistic.quantile)
    return _share(measure, chosen)


def _told(measure: Measure, rows: Rows) -> Rows:
    """The rows that say what is counted or added up."""
    return [row for row in rows if measure.column == "*" or row.get(measure.column) is not None]


def _added(measure: Measure, rows: list[dict[str, Any]]) -> Fraction:
    chosen = [row for row in _told(measure, rows) if truth(measure.where, row)]
    if measure.function == "count":
        return Fraction(len(chosen))
    return sum((Fraction(row[measure.column]) for row in chosen), Fraction(0))


def _quantile(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _stock(measure: Measure, rows: list[dict[str, Any]], as_of: datetime, name: Name, labels: Sequence[str]) -> float:
    """Rows that entered in a period up to the last of `labels` (or before all of them), less those that left."""

    def moved(column: str) -> int:
        days = [row[column] for row in rows if truth(measure.where, row) and row.get(column) is not None]
        known = [day for day in days if day < as_of]
        return sum(1 for day in known if name(day.date()) in labels or name(day.date()) < labels[0])

    return float(moved(measure.column) - moved(str(measure.until)))


def _waited(metric: Metric, rows: list[dict[str, Any]]) -> float | None:
    """Kaplan-Meier, one distinct time after the other."""
    measure, statistic = metric.measure, metric.statistic
    if measure is None or statistic is None or measure.observed is None:
        return None
    cases = [
        (float(row[measure.column]), bool(row[measure.observed]))
        for row in rows
        if truth(measure.where, row) and row.get(measure.column) is not None and row.get(measure.observed) is not None
    ]
    waiting = Fraction(1)
    for time in sorted({time for time, _ in cases}):
        if statistic.within is not None and time > statistic.within:
            return float(1 - waiting)
        at_risk = sum(1 for one, _ in cases if one >= time)
        ended = sum(1 for one, seen in cases if one == time and seen)
        waiting *= Fraction(at_risk - ended, at_risk)
        if statistic.quantile is not None and waiting <= 1 - Fraction(str(statistic.quantile)):
            return time
    everybody_followed = bool(cases) and waiting == 0
    reached = statistic.within is not None and any(time == statistic.within for time, _ in cases)
    return float(1 - waiting) if statistic.within is not None and (everybody_followed or reached) else None


def _share(measure: Measure, rows: list[dict[str, Any]]) -> float | None:
    """Each stratum's share, weighted by the people in it; a single answer joins the smallest other stratum."""
    strata: dict[str, list[Fraction]] = {}
    for row in rows:
        if row.get(measure.column) is None:
            continue
        size = Fraction(row[str(measure.population)])
        one = strata.setdefault(str(row[str(measure.stratum)]), [Fraction(0), Fraction(0), size])
        one[2] = min(one[2], size)
        one[0] += int(bool(row[measure.column]))
        one[1] += 1
    for stratum in sorted(strata):
        if strata[stratum][1] < 2 and len(strata) > 1:
            yes, answers, people = strata.pop(stratum)
            other = min(strata, key=lambda key: (strata[key][2], key))
            strata[other] = [strata[other][0] + yes, strata[other][1] + answers, strata[other][2] + people]
    people = sum((one[2] for one in strata.values()), Fraction(0))
    if sum(one[1] for one in strata.values()) < 2 or people == 0:
        return None
    return float(sum(yes / answers * size for yes, answers, size in strata.values()) / people)


def _eval(node: exp.Expr, row: Row) -> Any:
    """SQL's three values: True, False and None for unknown."""
    if isinstance(node, exp.Paren):
        return _eval(node.this, row)
    if isinstance(node, exp.Column):
        return row.get(node.name)
    if isinstance(node, exp.Literal):
        return node.this if node.is_string else Fraction(node.this)
    if isinstance(node, exp.Boolean):
        return node.this
    if isinstance(node, exp.Null):
        return None
    if isinstance(node, exp.Neg):
        inner = _eval(node.this, row)
        return None if inner is None else -inner
    if isinstance(node, exp.Not):
        inner = _eval(node.this, row)
        return None if inner is None else not inner
    if isinstance(node, exp.And | exp.Or):
        return _joined(node, row)
    if isinstance(node, exp.Is):
        return _eval(node.this, row) is _eval(node.expression, row)
    if isinstance(node, exp.In):
        return _any([_compare(exp.EQ, _eval(node.this, row), _eval(one, row)) for one in node.expressions])
    if isinstance(node, exp.Between):
        value, low, high = (_eval(node.args[name], row) for name in ("this", "low", "high"))
        return _all([_compare(exp.GTE, value, low), _compare(exp.LTE, value, high)])
    return _compare(type(node), _eval(node.this, row), _eval(node.expression, row))


def _joined(node: exp.And | exp.Or, row: Row) -> bool | None:
    sides = [_eval(node.this, row), _eval(node.expression, row)]
    return _all(sides) if isinstance(node, exp.And) else _any(sides)


def _all(sides: Sequence[bool | None]) -> bool | None:
    return False if False in sides else None if None in sides else True


def _any(sides: Sequence[bool | None]) -> bool | None:
    return True if True in sides else None if None in sides else False


def _compare(kind: type[exp.Expr], left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):  # in SQL 0.1 beside a double is the double next to it
        left, right = float(left), float(right)
    signs: Mapping[type[exp.Expr], Callable[[], bool]] = {
        exp.EQ: lambda: bool(left == right),
        exp.NEQ: lambda: bool(left != right),
        exp.LT: lambda: bool(left < right),
        exp.LTE: lambda: bool(left <= right),
        exp.GT: lambda: bool(left > right),
        exp.GTE: lambda: bool(left >= right),
    }
    return signs[kind]()
