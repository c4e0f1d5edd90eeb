"""What the kinds whose parts are plain numbers make of them: counts, sums, ratios, means and stocks, many at once.

It touches nothing; arrays in, arrays out. A value that does not exist is NaN here and None where figures are told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import special

from metrics.semantic.model import Metric
from metrics.stats.interval import poisson_rates, wilsons

Floats = NDArray[np.float64]
Parts = Mapping[str, Floats]


@dataclass(frozen=True, eq=False)
class Estimates:
    """Values of many periods and groups, as arrays of one shape; NaN where there is nothing. n: the rows below them.

    error: of approximate values, how far from the exact one they may be, as a share of it; NaN where they are exact.
    """

    value: Floats
    low: Floats
    high: Floats
    numerator: Floats
    denominator: Floats
    n: Floats
    error: Floats


def estimates(metric: Metric, parts: Parts, shape: tuple[int, ...]) -> Estimates:
    """The values of a metric of an additive kind. parts: arrays of the shape, NaN where there is no part."""
    given = {name: parts.get(name, np.full(shape, np.nan)) for name in PARTS[metric.kind]}
    return KINDS[metric.kind](metric, given)


def nothing(shape: tuple[int, ...]) -> Estimates:
    """Estimates of which none exists yet."""
    return Estimates(**{one.name: np.full(shape, np.nan) for one in fields(Estimates)})


def _estimates(value: Floats, **others: Floats) -> Estimates:
    known = nothing(value.shape).__dict__ | {"value": value} | others
    is_there = ~np.isnan(value)
    return Estimates(**{name: np.where(is_there, one, np.nan) for name, one in known.items()})


def _zero(part: Floats) -> Floats:
    """A part that is not there adds nothing."""
    return np.nan_to_num(part, nan=0.0)


def _count(metric: Metric, parts: Parts) -> Estimates:
    value = _zero(parts["value"])
    if metric.without_rows == "unknown":
        value = np.where(np.isnan(parts["n"]), np.nan, value)
    return _estimates(value, n=value) if metric.kind == "count" else _estimates(value)


def _stock(metric: Metric, parts: Parts) -> Estimates:
    return _estimates(parts["stock"], n=parts["stock"])


def _ratio(metric: Metric, parts: Parts) -> Estimates:
    numerator, denominator = _zero(parts["numerator"]), _zero(parts["denominator"])
    is_there = denominator != 0
    value = np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=is_there) * metric.per
    low, high = _bounds(metric, numerator, denominator / metric.per)
    n = _rows(metric, parts)
    return _estimates(value, low=low, high=high, numerator=numerator, denominator=denominator, n=n)


def _rows(metric: Metric, parts: Parts) -> Floats:
    """The rows that a ratio rests on: of a rate its events, of which there are few where it says little."""
    if metric.has_exposure:
        return _zero(parts["numerator"])
    return _zero(parts["denominator"]) if metric.counts_rows else parts["n"]


def _bounds(metric: Metric, numerator: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """Wilson's for a share. A rate, of which some rows are not below the line, has the exact one of its events.

    exposure: what stands below the line, in the units that the value is told for.
    Where most rows above the line are below it too, that errs on the wide side; it takes the exposure for known, and
    events for independent of each other, and errs on the narrow side where they come in bursts. Sums of money or hours
    have none: they do not say how many independent things they are made of.
    """
    low, high = np.full(numerator.shape, np.nan), np.full(numerator.shape, np.nan)
    is_there = exposure > 0
    if metric.is_share:
        is_there &= numerator <= exposure
        low[is_there], high[is_there] = wilsons(numerator[is_there], exposure[is_there])
    elif metric.has_exposure or metric.counts_rows:
        low[is_there], high[is_there] = poisson_rates(numerator[is_there], exposure[is_there])
    return low, high


def _mean(metric: Metric, parts: Parts) -> Estimates:
    """Student's interval; one row alone does not say how much rows differ."""
    n, total = _zero(parts["n"]), _zero(parts["sum"])
    mean = np.divide(total, n, out=np.full(n.shape, np.nan), where=n > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.maximum(0.0, _zero(parts["squares"]) - n * mean * mean) / (n - 1)
        half = np.where(n > 1, special.stdtrit(np.maximum(n - 1, 1), 0.975) * np.sqrt(spread / n), np.nan)
    return _estimates(mean, low=mean - half, high=mean + half, numerator=total, denominator=n, n=n)


PARTS: Mapping[str, tuple[str, ...]] = {
    "count": ("value", "n"),
    "sum": ("value", "n"),
    "ratio": ("numerator", "denominator", "n"),
    "mean": ("n", "sum", "squares"),
    "stock": ("stock",),
}
KINDS: Mapping[str, Callable[[Metric, Parts], Estimates]] = {
    "count": _count,
    "sum": _count,
    "ratio": _ratio,
    "mean": _mean,
    "stock": _stock,
}
