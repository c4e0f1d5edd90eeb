"""How sure a share, a difference, a ratio of rates or a place among other units is: intervals of counts.

It touches nothing: numbers in, numbers out. `scipy.stats` is left out because it takes seconds to import; the exact
quantiles it would give come from `scipy.special`.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Bounds = tuple[float, float]

NO_LIKELIER = 1e-7  # two outcomes whose chances differ by less count as equally likely, as in R's binom.test
Z95, Z998 = 1.959964, 3.090232  # the funnel's limits, rounded as FunnelPlotR prints them
FEWEST_FOR_OVERDISPERSION = 10  # below this many units tau squared is noise (STATS 2)


@dataclass(frozen=True, eq=False)
class Funnel:
    """Where each unit may lie if it is like the others. Arrays in the order of the units; NaN where a unit is empty.

    on_root_scale: the limits are those of sqrt(x / n), so draw the roots of the units with them, or square the limits.
    """

    center: float | None
    low95: Floats
    high95: Floats
    low998: Floats
    high998: Floats
    outside: NDArray[np.bool_]
    overdispersion: float
    on_root_scale: bool


def wilson(x: float, n: float, level: float = 0.95) -> Bounds | None:
    """Wilson score interval of the share x / n: the default for every share.

    x: cases that count, 0 <= x <= n. n: all cases. Returns (low, high) between 0 and 1, or None where n is 0.
    Raises ValueError where x or n is missing, negative or out of order. Source: Wilson 1927; Newcombe 1998, method 3.
    """
    x, n = _checked_share(x, n)
    if n == 0:
        return None
    z = float(special.ndtri(0.5 + _check_level(level) / 2))
    middle = x + z * z / 2
    spread = z * math.sqrt(x * (n - x) / n + z * z / 4)
    low = 0.0 if x == 0 else (middle - spread) / (n + z * z)
    high = 1.0 if x == n else (middle + spread) / (n + z * z)
    return low, high


def clopper_pearson(x: float, n: float, level: float = 0.95) -> Bounds | None:
    """Exact binomial interval of the share x / n, where the interval must not undercover.

    Takes, returns and raises as `wilson`; x and n may be fractions (effective sizes). Source: Clopper, Pearson 1934.
    """
    x, n = _checked_share(x, n)
    if n == 0:
        return None
    tail = (1 - _check_level(level)) / 2
    low = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(special.betaincinv(x + 1, n - x, 1 - tail))
    return low, high


def jeffreys(x: float, n: float, level: float = 0.95) -> Bounds | None:
    """Jeffreys interval of the share x / n, with 0 at x = 0 and 1 at x = n.

    Takes, returns and raises as `wilson`. Source: Brown, Cai, DasGupta 2001, the modified interval.
    """
    x, n = _checked_share(x, n)
    if n == 0:
        return None
    tail = (1 - _check_level(level)) / 2
    low = 0.0 if x == 0 else float(special.betaincinv(x + 0.5, n - x + 0.5, tail))
    high = 1.0 if x == n else float(special.betaincinv(x + 0.5, n - x + 0.5, 1 - tail))
    return low, high


def newcombe_difference(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> Bounds | None:
    """Interval of the difference of two independent shares, x1 / n1 - x2 / n2; None where a group is empty.

    Raises as `wilson`. Source: Newcombe 1998, method 10 (hybrid of two Wilson intervals, without correction).
    """
    first, second = wilson(x1, n1, level), wilson(x2, n2, level)
    if first is None or second is None:
        return None
    share1, share2 = x1 / n1, x2 / n2
    down = math.hypot(share1 - first[0], second[1] - share2)
    up = math.hypot(first[1] - share1, share2 - second[0])
    return share1 - share2 - down, share1 - share2 + up


def rate_ratio(
    x1: int, t1: float, x2: int, t2: float, level: float = 0.95
) -> tuple[float | None, float, float | None, float] | None:
    """Exact comparison of two event rates, (x1 / t1) / (x2 / t2).

    x1, x2: whole numbers of events. t1, t2: the exposure they came from, in one unit. Returns (ratio, low, high, p);
    without events in the second group ratio and high are None; None altogether where an exposure is 0.
    Raises ValueError where a count is not whole or anything is missing or negative.
    Source: R's poisson.test: the first count is binomial given the sum; p sums all outcomes that are no likelier.
    """
    if not all(math.isfinite(value) and value >= 0 for value in (x1, t1, x2, t2)) or x1 != int(x1) or x2 != int(x2):
        raise ValueError(f"events are whole numbers and exposures are not negative, not {x1}/{t1} and {x2}/{t2}")
    if t1 == 0 or t2 == 0:
        return None
    low, high = clopper_pearson(x1, x1 + x2, level) or (0.0, 1.0)  # no events at all: nothing is known
    ratio = None if x2 == 0 else (x1 / t1) / (x2 / t2)
    highest = None if x2 == 0 else high / (1 - high) * t2 / t1
    return ratio, low / (1 - low) * t2 / t1, highest, _chance_of_no_likelier(int(x1), int(x1 + x2), t1 / (t1 + t2))


def _chance_of_no_likelier(x: int, n: int, share: float) -> float:
    """How likely a binomial count is that is no likelier than x; the chances rise to the mode and fall after it."""

    def unlikeliness(k: int) -> float:
        return float(special.betaln(n - k + 1, k + 1) - special.xlogy(k, share) - special.xlog1py(n - k, -share))

    bar = unlikeliness(x) - NO_LIKELIER
    mode = int((n + 1) * share)
    above = mode + bisect_left(range(mode, n + 1), bar, key=unlikeliness)
    below = mode - bisect_left(range(mode + 1), bar, key=lambda steps: unlikeliness(mode - steps))
    upper = 0.0 if above > n else float(special.betainc(above, n - above + 1, share))
    lower = 0.0 if below < 0 else float(special.betainc(n - below, below + 1, 1 - share))
    return min(1.0, lower + upper)


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """P-values adjusted for looking many times: reject those at or under q to keep the false share of finds under q.

    p_values: shape (n,), any order; NaN or None is missing, stays NaN and does not count. Returns the same shape.
    Raises ValueError outside 0 to 1. Source: Benjamini, Hochberg 1995, step-up, made monotone (R's p.adjust "BH").
    """
    given = np.asarray(p_values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(given))
    if np.any((given[known] < 0) | (given[known] > 1)):
        raise ValueError("p-values lie between 0 and 1")
    order = known[np.argsort(-given[known], kind="stable")]
    places = np.arange(len(order), 0, -1)
    adjusted = np.full(given.shape, np.nan)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(given[order] * len(order) / places))
    return adjusted


def kitagawa(
    weights1: ArrayLike, rates1: ArrayLike, weights2: ArrayLike, rates2: ArrayLike
) -> tuple[float, float, float] | None:
    """How much of a change in an overall rate comes from who was counted (mix), and how much from their rates.

    Each: shape (groups,), same order. weights: counts or shares, made to sum to 1. rates: of each group; NaN where the
    group was absent, which takes the other period's rate, so that its change is all mix.
    Returns (mix, rate, total) in the unit of the rates, or None where a period has no weight at all.
    Raises ValueError where a weight is missing or negative, or where a group with weight has no rate.
    Source: Kitagawa 1955.
    """
    shares1, shares2 = _shares(weights1), _shares(weights2)
    first, second = np.asarray(rates1, dtype=np.float64), np.asarray(rates2, dtype=np.float64)
    if np.any(np.isnan(first) & (shares1 > 0)) or np.any(np.isnan(second) & (shares2 > 0)):
        raise ValueError("a group that has weight in a period needs its rate there")
    if np.isnan(shares1).any() or np.isnan(shares2).any():
        return None
    first, second = np.where(np.isnan(first), second, first), np.where(np.isnan(second), first, second)
    first, second = np.nan_to_num(first), np.nan_to_num(second)  # absent in both periods: its weights are 0
    mix = float(np.sum((shares2 - shares1) * (first + second)) / 2)
    rate = float(np.sum((second - first) * (shares1 + shares2)) / 2)
    return mix, rate, mix + rate


def funnel(
    numerators: ArrayLike, denominators: ArrayLike, kind: Literal["proportion", "ratio"] = "proportion"
) -> Funnel:
    """Which units are unlike the others, given their sizes: never a league table.

    numerators, denominators: shape (units,). proportion: cases among n, centre is the overall share. ratio: observed
    and expected counts, centre 1. A unit with denominator 0 or a missing number has no limits and does not count.
    `outside`: beyond the 99.8 % limits. `overdispersion`: tau squared on the transformed scale, in the limits where it
    is not 0; 0.0 under 10 units. Raises ValueError where a number is negative or a proportion above 1.
    Limits of ratios with overdispersion stay on the square-root scale, as FunnelPlotR prints them (its issue 33), and
    `on_root_scale` says so; `outside` compares like with like. Without overdispersion they are exact Poisson limits.
    Source: Spiegelhalter 2005.
    """
    x, n = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    if kind not in ("proportion", "ratio"):
        raise ValueError(f"a funnel is of proportions or ratios, not of {kind!r}")
    if np.any(x < 0) or np.any(n < 0) or (kind == "proportion" and np.any(x > n)):
        raise ValueError("counts are not negative, and a proportion counts at most all cases")
    filled = np.isfinite(x) & np.isfinite(n) & (n > 0)
    share, size = np.full(n.shape, np.nan), np.where(filled, n, np.nan)
    share[filled] = x[filled] / n[filled]
    if not filled.any():
        return Funnel(None, share, share, share, share, filled, 0.0, False)
    center = float(x[filled].sum() / n[filled].sum()) if kind == "proportion" else 1.0
    tau2 = _overdispersion(share[filled], n[filled], center, kind)
    low95, high95 = _funnel_limits(size, center, tau2, Z95, kind)
    low998, high998 = _funnel_limits(size, center, tau2, Z998, kind)
    on_root_scale = kind == "ratio" and tau2 > 0
    place = np.sqrt(share) if on_root_scale else share
    outside = (place < low998) | (place > high998)
    return Funnel(center, low95, high95, low998, high998, outside, tau2, on_root_scale)


def _bend(share: Floats, kind: str) -> Floats:
    return np.asarray(np.arcsin(np.sqrt(share)) if kind == "proportion" else np.sqrt(share), dtype=np.float64)


def _overdispersion(share: Floats, n: Floats, center: float, kind: str) -> float:
    if len(n) < FEWEST_FOR_OVERDISPERSION:
        return 0.0
    z = (_bend(share, kind) - _bend(np.array(center), kind)) * 2 * np.sqrt(n)
    phi = np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)
    weight = 4 * n
    spare = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float((len(n) * phi - (len(n) - 1)) / spare))


def _funnel_limits(n: Floats, center: float, tau2: float, z: float, kind: str) -> tuple[Floats, Floats]:
    if kind == "ratio" and tau2 == 0:
        tail = float(special.ndtr(-z))
        return special.gammaincinv(n, tail) / n, special.gammaincinv(n + 1, 1 - tail) / n
    middle, spread = _bend(np.array(center), kind), z * np.sqrt(1 / (4 * n) + tau2)
    if kind == "ratio":
        return np.maximum(middle - spread, 0), middle + spread
    return np.sin(np.maximum(middle - spread, 0)) ** 2, np.sin(np.minimum(middle + spread, math.pi / 2)) ** 2


def _shares(weights: ArrayLike) -> Floats:
    """Weights that sum to 1; NaN where there is nothing to weigh."""
    given = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(given).all() and (given >= 0).all()):
        raise ValueError("weights are neither missing nor negative")
    total = given.sum()
    return given / total if total > 0 else np.full(given.shape, np.nan)


def _checked_share(x: float, n: float) -> tuple[float, float]:
    """As floats, so that the integers of an array cannot overflow when multiplied."""
    if not (0 <= x <= n < math.inf):
        raise ValueError(f"{x} of {n} is not a share: wanted 0 <= x <= n")
    return float(x), float(n)


def _check_level(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return level
