"""How sure a share, a rate, a difference or a quantile is: intervals of what was counted, and p-values of many looks.

It touches nothing: numbers in, numbers out. `scipy.stats` is left out because it takes seconds to import; the exact
quantiles it would give come from `scipy.special`. How often the intervals hold the truth is what
`benchmarks/share_coverage.py` works out. Units beside each other are those of `funnel`, mixes of groups of `mix`.
"""

import math
from bisect import bisect_left

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from metrics.stats.funnel import Funnel, funnel
from metrics.stats.mix import kitagawa

__all__ = [
    "Funnel", "benjamini_hochberg", "clopper_pearson", "funnel", "is_small", "jeffreys", "kitagawa",
    "newcombe_difference", "poisson_rate", "quantile_interval", "rate_ratio", "wilson",
]  # fmt: skip

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Bounds = tuple[float, float]

NO_LIKELIER = 1e-7  # two outcomes whose chances differ by less count as equally likely, as in R's binom.test
COUNTABLE = 2**53  # above it floats skip whole numbers
FEW, WIDE = 5, 0.10  # fewer cases with or without, or a half width above: a small number (STATS 2)


def wilson(x: float, n: float, level: float = 0.95) -> Bounds | None:
    """Wilson score interval of the share x / n: the default for every share.

    x: cases that count, 0 <= x <= n. n: all cases. Returns (low, high) between 0 and 1, or None where n is 0.
    Raises ValueError where x or n is missing, negative or out of order. Source: Wilson 1927; Newcombe 1998, method 3.
    Of true shares spread evenly from 0 to 1 it holds, for n = 5, 10, 20, 50, 100, 1000: 95.5, 95.4, 95.3, 95.2, 95.1,
    95.0 % in the mean, 83.5, 83.8, 84.3, 83.9, 86.1, 91.0 % at least: least where almost none or almost all count.
    """
    x, n = _checked_share(x, n)
    if n == 0:
        return None
    low, high = wilsons([x], [n], level)
    return float(low[0]), float(high[0])


def wilsons(x: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson intervals of many shares: arrays of low and high, in the order given.

    x, n: arrays of one length, 0 <= x <= n and n above 0. Raises ValueError where they are not.
    """
    cases, of = np.asarray(x, float), np.asarray(n, float)
    if not ((cases >= 0) & (cases <= of) & (of > 0) & np.isfinite(of)).all():
        raise ValueError("shares are wanted: 0 <= x <= n, and n above 0")
    z = float(special.ndtri(0.5 + _check_level(level) / 2))
    middle = cases + z * z / 2
    spread = z * np.sqrt(cases * ((of - cases) / of) + z * z / 4)
    low = np.where(cases == 0, 0.0, np.maximum(0.0, (middle - spread) / (of + z * z)))
    high = np.where(cases == of, 1.0, np.minimum(1.0, (middle + spread) / (of + z * z)))
    return low, high


def clopper_pearson(x: float, n: float, level: float = 0.95) -> Bounds | None:
    """Exact binomial interval of the share x / n, where the interval must not undercover.

    Takes, returns and raises as `wilson`; x and n may be fractions (effective sizes). Source: Clopper, Pearson 1934.
    Of true shares spread evenly it holds, for n = 5, 10, 20, 50, 100, 1000: 99.0, 98.4, 97.7, 96.9, 96.5, 95.5 % in the
    mean, 97.5, 96.1, 95.8, 95.1, 95.1, 95.0 % at least.
    """
    x, n = _checked_share(x, n)
    if n == 0 or n > COUNTABLE:  # beta quantiles have no digits there, and the methods no difference
        return wilson(x, n, level)
    tail = (1 - _check_level(level)) / 2
    low = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(special.betaincinv(x + 1, n - x, 1 - tail))
    return low, high


def jeffreys(x: float, n: float, level: float = 0.95) -> Bounds | None:
    """Jeffreys interval of the share x / n, with 0 at x = 0 and 1 at x = n.

    Takes, returns and raises as `wilson`. Source: Brown, Cai, DasGupta 2001, the modified interval.
    Of true shares spread evenly it holds, for n = 5, 10, 20, 50, 100, 1000: 95.8, 95.3, 95.1, 95.0, 95.0, 95.0 % in the
    mean, 89.2, 86.8, 89.4, 88.5, 91.0, 92.4 % at least.
    """
    x, n = _checked_share(x, n)
    if n == 0 or n > COUNTABLE:  # beta quantiles have no digits there, and the methods no difference
        return wilson(x, n, level)
    tail = (1 - _check_level(level)) / 2
    low = 0.0 if x == 0 else float(special.betaincinv(x + 0.5, n - x + 0.5, tail))
    high = 1.0 if x == n else float(special.betaincinv(x + 0.5, n - x + 0.5, 1 - tail))
    return low, high


def newcombe_difference(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> Bounds | None:
    """Interval of the difference of two independent shares, x1 / n1 - x2 / n2; None where a group is empty.

    Raises as `wilson`. Source: Newcombe 1998, method 10 (hybrid of two Wilson intervals, without correction).
    Of pairs of true shares it holds, for n = 10, 30, 100 in each: 95.2, 95.1, 95.1 % in the mean, 88.8, 90.2, 94.0 % at
    least.
    """
    first, second = wilson(x1, n1, level), wilson(x2, n2, level)
    if first is None or second is None:
        return None
    share1, share2 = float(x1) / float(n1), float(x2) / float(n2)
    down = math.hypot(share1 - first[0], second[1] - share2)
    up = math.hypot(first[1] - share1, share2 - second[0])
    return share1 - share2 - down, share1 - share2 + up


def is_small(x: float, n: float) -> bool:
    """Whether the share x / n rests on so little that it is shown with a warning.

    So it does where fewer than 5 cases count, or fewer than 5 do not, or where half the width of the 95 % Wilson
    interval is more than 10 points. Raises as `wilson`.
    """
    low, high = wilson(x, n) or (0.0, 1.0)
    return x < FEW or n - x < FEW or (high - low) / 2 > WIDE


def poisson_rate(x: int, t: float, level: float = 0.95) -> Bounds | None:
    """Exact Poisson interval of the rate x / t: events for each unit of exposure, which can be more than 1.

    x: a whole number of events. t: the exposure they came from. Returns (low, high) in events per unit, or None where t
    is 0, or so near it that the rate is too large for a number. Raises ValueError where x is not whole or anything is
    missing or negative. Source: Garwood 1936.
    Of 0.5 to 100 expected events it holds 97.2 % in the mean, 95.1 % at least.
    """
    events, exposure = _checked_rate(x, t)
    if exposure == 0:
        _check_level(level)
        return None
    low, high = poisson_rates([events], [exposure], level)
    return None if np.isnan(high[0]) else (float(low[0]), float(high[0]))


def poisson_rates(x: ArrayLike, t: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Exact Poisson intervals of many rates: arrays of low and high, in the order given; NaN where too large to tell.

    x, t: arrays of one length, whole numbers of events and exposures above 0. Raises ValueError where they are not.
    """
    events, exposure = np.asarray(x, float), np.asarray(t, float)
    is_right = (events >= 0) & (events == np.floor(events)) & (exposure > 0)
    if not (is_right & np.isfinite(events) & np.isfinite(exposure)).all():
        raise ValueError("whole numbers of events are wanted, and exposures above 0")
    tail = (1 - _check_level(level)) / 2
    with np.errstate(over="ignore"):
        low = np.where(events == 0, 0.0, special.gammaincinv(np.maximum(events, 1), tail)) / exposure
        high = special.gammaincinv(events + 1, 1 - tail) / exposure
    is_told = np.isfinite(high)
    return np.where(is_told, low, np.nan), np.where(is_told, high, np.nan)


def quantile_interval(values: ArrayLike, share: float, level: float = 0.95) -> tuple[float | None, float | None] | None:
    """Interval of a quantile, whatever the distribution: two of the values themselves.

    values: shape (n,), any order, ties allowed, none missing. share: 0.5 for the median. Each side errs in at most
    (1 - level) / 2 of all samples; a side for which there are too few values is None (below 6, both sides of a 95 %
    interval of a median). None altogether without values. Raises ValueError where a value is missing or infinite, or
    where share or level is not between 0 and 1. Source: Conover 1999, 3.2: values below it are binomial (n, share).
    It holds, for n = 10, 20, 50, 200: of a median 97.9, 95.9, 96.7, 96.0 %, of a 90 % quantile 98.7, 98.9, 97.0, 96.7
    %.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if ordered.ndim != 1 or not np.isfinite(ordered).all():
        raise ValueError("a quantile is of one row of values, none missing or infinite")
    if not (_are_numbers(share) and 0 < share < 1):
        raise ValueError(f"a quantile parts a share between 0 and 1, not {share}")
    tail, n = (1 - _check_level(level)) / 2, len(ordered)
    if n == 0:
        return None
    below, above = _places(n, share, tail), _places(n, 1 - share, tail)
    return float(ordered[below - 1]) if below else None, float(ordered[n - above]) if above else None


def quantile_places(n: ArrayLike, share: float, level: float = 0.95) -> tuple[Counts, Counts]:
    """Of samples of n values, which from below and which from above are the ends of `quantile_interval`; 0: none."""
    tail = (1 - _check_level(level)) / 2
    sizes, back = np.unique(np.asarray(n, np.int64), return_inverse=True)
    below, above = ([_places(int(size), part, tail) for size in sizes] for part in (share, 1 - share))
    return np.array(below, np.int64)[back], np.array(above, np.int64)[back]


def _places(n: int, share: float, tail: float) -> int:
    """How many of the smallest values lie below the quantile in all but `tail` of all samples."""
    return bisect_left(range(n), True, key=lambda below: bool(special.bdtr(below, n, share) > tail))


def rate_ratio(
    x1: int, t1: float, x2: int, t2: float, level: float = 0.95
) -> tuple[float | None, float, float | None, float] | None:
    """Exact comparison of two event rates, (x1 / t1) / (x2 / t2).

    x1, x2: whole numbers of events. t1, t2: the exposure they came from, in one unit. Returns (ratio, low, high, p);
    without events in the second group ratio and high are None; None altogether where an exposure is 0, or so near it
    beside the other that the ratio is too large for a number.
    Raises ValueError where a count is not whole or above 2^53, or anything is missing or negative.
    Source: R's poisson.test: the first count is binomial given the sum; p sums all outcomes that are no likelier.
    Of 1 to 60 expected events in each group it holds 97.8 % in the mean, 96.0 % at least.
    """
    (events1, exposure1), (events2, exposure2) = _checked_rate(x1, t1), _checked_rate(x2, t2)
    if max(events1, events2) > COUNTABLE:
        raise ValueError(f"events are counted one by one, up to 2^53, not {max(events1, events2)}")
    tail = (1 - _check_level(level)) / 2
    if exposure1 == 0 or exposure2 == 0:
        return None
    longer = max(exposure1, exposure2)
    share = exposure1 / longer / (exposure1 / longer + exposure2 / longer)
    p = _chance_of_no_likelier(int(events1), int(events1) + int(events2), share)
    scale = exposure2 / exposure1
    low = 0.0 if events1 == 0 else _odds(events1, events2 + 1, tail) * scale
    if events2 == 0:
        return (None, low, None, p) if math.isfinite(low) else None
    ratio, high = events1 / events2 * scale, _odds(events1 + 1, events2, 1 - tail) * scale
    return (ratio, low, high, p) if _are_numbers(ratio, low, high) else None


def _odds(a: float, b: float, tail: float) -> float:
    """A quantile of the beta distribution, as odds: of both sides by themselves, since 1 - p has no digits near 1."""
    this, that = float(special.betaincinv(a, b, tail)), float(special.betaincinv(b, a, 1 - tail))
    return this / that if that > 0 else math.inf


def _chance_of_no_likelier(x: int, n: int, share: float) -> float:
    """How likely a binomial count is that is no likelier than x; the chances rise to the mode and fall after it."""

    def unlikeliness(k: int) -> float:
        return float(special.betaln(n - k + 1, k + 1) - special.xlogy(k, share) - special.xlog1py(n - k, -share))

    bar = unlikeliness(x) - NO_LIKELIER
    mode = min(n, int((n + 1) * share))
    above = mode + bisect_left(range(mode, n + 1), bar, key=unlikeliness)
    below = mode - bisect_left(range(mode + 1), bar, key=lambda steps: unlikeliness(mode - steps))
    upper = 0.0 if above > n else float(special.betainc(above, n - above + 1, share))
    lower = 0.0 if below < 0 else float(special.betainc(n - below, below + 1, 1 - share))
    return min(1.0, lower + upper)


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """P-values adjusted for looking many times: reject those at or under q to keep the false share of finds under q.

    p_values: shape (n,), any order; NaN or None is missing, stays NaN and does not count. Returns the same shape.
    Raises ValueError outside 0 to 1, and for any other shape.
    Source: Benjamini, Hochberg 1995, step-up, made monotone (R's p.adjust "BH").
    """
    given = np.asarray(p_values, dtype=np.float64)
    if given.ndim != 1:
        raise ValueError(f"p-values of many looks are one row, not {given.shape}")
    known = np.flatnonzero(~np.isnan(given))
    if np.any((given[known] < 0) | (given[known] > 1)):
        raise ValueError("p-values lie between 0 and 1")
    order = known[np.argsort(-given[known], kind="stable")]
    places = np.arange(len(order), 0, -1)
    adjusted = np.full(given.shape, np.nan)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(given[order] * len(order) / places))
    return adjusted


def _checked_share(x: float, n: float) -> Bounds:
    """As floats, so that the integers of an array cannot overflow when multiplied."""
    if not (_are_numbers(x, n) and 0 <= x <= n):
        raise ValueError(f"{x} of {n} is not a share: wanted 0 <= x <= n")
    return float(x), float(n)


def _checked_rate(x: float, t: float) -> Bounds:
    if not (_are_numbers(x, t) and x >= 0 and t >= 0) or x != int(x):
        raise ValueError(f"events are whole numbers and exposures not negative, none missing: not {x}/{t}")
    return float(x), float(t)


def _are_numbers(*values: float) -> bool:
    """Whether all are finite numbers; None and the like, and what is too large for a float, are not."""
    try:
        return all(math.isfinite(value) for value in values)
    except (TypeError, OverflowError):
        return False


def _check_level(level: float) -> float:
    if not (_are_numbers(level) and 0 < level < 1):
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    return level
