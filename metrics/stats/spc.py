"""Whether a series only wavers or has changed: the control charts, one series at a time or many at once.

It touches nothing: numbers in, charts out. It never moves limits by itself: where a new phase begins is the caller's.
How often a chart speaks where nothing happened is what `benchmarks/false_alarms.py` counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypedDict, Unpack, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.stats.choice import Choice, choose
from metrics.stats.control_chart import Better, Chart, ControlChart, ControlCharts, Options
from metrics.stats.signals import LAST_BIT, Lines, Marks, mark, scale

__all__ = [
    "Chart", "Choice", "ControlChart", "ControlCharts", "Same", "c_chart", "choose", "g_chart", "of_many", "p_chart",
    "p_prime", "t_chart", "u_chart", "u_prime", "xmr",
]  # fmt: skip

Floats = NDArray[np.float64]
LinesOf = Callable[[slice, slice], Lines]  # from the points that limits are taken from, for the points of the phase

XMR_FACTOR = 2.66  # 3 / 1.128, rounded as NHS Making Data Count prints it
SCREEN_FACTOR = 3.267  # the upper limit of ranges of two points, in mean ranges (Nelson 1982)
RANGE_IN_SIGMAS = 1.128  # d2: the mean range of two points of a normal distribution
TIME_POWER = 3.6  # its root makes times between events nearly normal (Nelson 1994)
FEWEST_FOR_LIMITS = 2
SHARES, RATES = ("p", "p_prime"), ("u", "u_prime")
LANEY = ("p_prime", "u_prime")


class Same(TypedDict, total=False):
    """What every chart may be told; `xmr` says what each means."""

    better: Better
    target: float | None
    screen: bool
    rebase: Sequence[int]
    fix_after: int | None


def xmr(
    values: ArrayLike,
    *,
    better: Better = "neither",
    target: float | None = None,
    screen: bool = False,
    rebase: Sequence[int] = (),
    fix_after: int | None = None,
) -> ControlChart:
    """Individuals chart of one series, in the unit of the series.

    values: shape (n,), equally spaced, oldest first; NaN marks a period without a value and breaks runs.
    better: which way is improvement. target: in the unit of the series. screen: leave out ranges of 3.267 mean ranges
    or more, once. rebase: the place of each new phase's first point, from 0; rules never look across. fix_after:
    limits from the first points of each phase, missing ones counted.
    Below 2 values there are no limits; below 13 they are trial limits. A constant series has its value as limits.
    Raises ValueError where values are infinite or no single row, or an option means nothing.
    Source: NHS England, Making Data Count, "Plot the dots" rules of November 2023.
    Of 10,000 quiet series of 104 points: 0.55 false alarms a year of 52 points (outside 0.14, trend 0.02, two of three
    0.08, shift 0.33), 0.27 on trial limits; the last point is marked in 1.8 % of them (screened 0.62 a year, lognormal
    values 1.61, neighbours correlated by 0.3 1.75).
    """
    options = Same(better=better, target=target, screen=screen, rebase=rebase, fix_after=fix_after)
    return of_many("xmr", _row(values), **options).chart(0)


def of_many(chart: Chart, values: ArrayLike, sizes: ArrayLike | None = None, **same: Unpack[Same]) -> ControlCharts:
    """Charts of many series at once, such as a metric of every wiki; each row is drawn as its own function draws it.

    chart: its name; `choose` says which fits. values: shape (series, periods): values, numerators, counts or times,
    as the chart's own function takes them; a shorter series has NaN before its first point. sizes: the denominators of
    p, p_prime, u and u_prime, same shape. Options are those of `xmr`; all series share them.
    Raises ValueError as the chart's own function, and where there are sizes for a chart without, or none for one with.
    """
    if chart not in get_args(Chart):
        raise ValueError(f"a chart is one of {', '.join(get_args(Chart))}, not {chart!r}")
    rows, options = _checked(values, 2), Options(**same)
    if (chart in (*SHARES, *RATES)) != (sizes is not None):
        raise ValueError(f"shares and rates have denominators, and they alone: not {chart!r}")
    if sizes is not None:
        return _ratios(_not_negative(rows), _not_negative(_checked(sizes, 2)), options, chart)
    return ALONE[chart](rows, options)


def p_chart(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of shares, between 0 and 1, with binomial limits that follow the denominators.

    numerators, denominators: shape (n,), the cases that count and all cases; a denominator of 0 is a missing point. The
    centre is the share of all cases together. Options and errors as for `xmr` (there is nothing to screen);
    ValueError also where a count is negative, or a numerator above its denominator.
    Source: Montgomery, Introduction to Statistical Quality Control, 7.
    Of 10,000 quiet series of 104 points: 0.56 false alarms a year of 52 points (outside 0.14, trend 0.02, two of three
    0.06, shift 0.34), 0.17 on trial limits; the last point is marked in 1.8 % of them; where more than chance moves
    them 17.13 a year.
    """
    return of_many("p", _row(numerators), _row(denominators), **same).chart(0)


def p_prime(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """As `p_chart`, with limits as wide as the shares really vary: for large denominators.

    `screen` leaves out ranges of the standardised shares. Source: Laney 2002.
    Of 10,000 quiet series of 104 points: 0.60 false alarms a year of 52 points (outside 0.18, trend 0.02, two of three
    0.08, shift 0.33), 0.26 on trial limits; the last point is marked in 1.8 % of them (screened 0.68 a year).
    """
    return of_many("p_prime", _row(numerators), _row(denominators), **same).chart(0)


def u_chart(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of events per unit of exposure, 0 or more, with Poisson limits that follow the exposure.

    As `p_chart`, except that there may be more events than units.
    Of 10,000 quiet series of 104 points: 0.59 false alarms a year of 52 points (outside 0.16, trend 0.01, two of three
    0.07, shift 0.35), 0.17 on trial limits; the last point is marked in 1.9 % of them; where more than chance moves
    them 20.50 a year.
    """
    return of_many("u", _row(numerators), _row(denominators), **same).chart(0)


def u_prime(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """As `u_chart`, with limits as wide as the rates really vary, as `p_prime` has them. Source: Laney 2002.

    Of 10,000 quiet series of 104 points: 0.60 false alarms a year of 52 points (outside 0.18, trend 0.02, two of three
    0.07, shift 0.33), 0.25 on trial limits; the last point is marked in 2.0 % of them (screened 0.69 a year).
    """
    return of_many("u_prime", _row(numerators), _row(denominators), **same).chart(0)


def c_chart(counts: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of counts, 0 or more, with Poisson limits, where every period has the same exposure.

    counts: shape (n,), the events of each period. Options and errors as for `p_chart`.
    Of 10,000 quiet series of 104 points: 0.59 false alarms a year of 52 points (outside 0.16, trend 0.00, two of three
    0.07, shift 0.36), 0.17 on trial limits; the last point is marked in 2.1 % of them.
    """
    return of_many("c", _row(counts), **same).chart(0)


def g_chart(counts: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of how many cases, or days, lie between two rare events; its centre is the median, its lower limit 0.

    counts: shape (n,), one for each event, in order. Options and errors as for `p_chart`. The limits are those of a
    geometric distribution around its mean. Source: Benneyan 2001; the median as in qicharts2.
    Of 10,000 quiet series of 104 points: 1.25 false alarms a year of 52 points (outside 0.89, trend 0.01, two of three
    0.08, shift 0.27), 0.63 on trial limits; the last point is marked in 3.1 % of them: the lopsided distribution passes
    its upper limit more often than others.
    """
    return of_many("g", _row(counts), **same).chart(0)


def t_chart(times: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of the time between two rare events, in the unit of the times.

    times: shape (n,), above 0, one for each event, in order. Drawn and judged as an individuals chart of the 3.6th
    roots, then carried back. Options and errors as for `xmr`; ValueError also where a time is 0 or less.
    Source: Nelson 1994.
    Of 10,000 quiet series of 104 points: 0.47 false alarms a year of 52 points (outside 0.05, trend 0.02, two of three
    0.07, shift 0.34), 0.24 on trial limits; the last point is marked in 1.6 % of them.
    """
    return of_many("t", _row(times), **same).chart(0)


def _xmr(values: Floats, options: Options) -> ControlCharts:
    def lines(base: slice, phase: slice) -> Lines:
        center = _mean(values[:, base])
        return Lines(center, center, XMR_FACTOR * _mean_range(values[:, base], options.screen))

    return _draw(values, lines, options)


def _counts(counts: Floats, options: Options) -> ControlCharts:
    def lines(base: slice, phase: slice) -> Lines:
        center = _mean(counts[:, base])
        return Lines(center, center, 3 * np.sqrt(center))

    return _draw(_not_negative(counts), lines, options, floor=0)


def _between_events(counts: Floats, options: Options) -> ControlCharts:
    def lines(base: slice, phase: slice) -> Lines:
        mean = _mean(counts[:, base])
        return Lines(_median(counts[:, base]), mean, 3 * np.sqrt(mean * (mean + 1)))

    return _draw(_not_negative(counts), lines, options, floor=0)


def _times(times: Floats, options: Options) -> ControlCharts:
    if np.any(times <= 0):
        raise ValueError("times between events are above 0: add half a unit to each, or use g_chart")
    roots = _xmr(times ** (1 / TIME_POWER), options)
    lower = np.maximum(roots.lower, 0)
    center, lower, upper = (line**TIME_POWER for line in (roots.center, lower, roots.upper))
    return replace(roots, values=times, center=center, lower=lower, upper=upper)


ALONE: Mapping[Chart, Callable[[Floats, Options], ControlCharts]] = {
    "xmr": _xmr,
    "c": _counts,
    "g": _between_events,
    "t": _times,
}


def _ratios(counted: Floats, sizes: Floats, options: Options, chart: Chart) -> ControlCharts:
    if counted.shape != sizes.shape:
        raise ValueError(f"numerators of shape {counted.shape} do not fit denominators of shape {sizes.shape}")
    is_share, sizes = chart in SHARES, np.where(sizes > 0, sizes, np.nan)
    if is_share and np.any(counted > sizes):
        raise ValueError("a share counts at most all cases")
    ratios = counted / sizes
    known_counts, known_sizes = (np.where(np.isfinite(ratios), column, np.nan) for column in (counted, sizes))

    def lines(base: slice, phase: slice) -> Lines:
        # of all cases, never the mean of the ratios: a period with few cases says little
        center = _mean(known_counts[:, base]) / _mean(known_sizes[:, base])
        sigma = np.sqrt((center * (1 - center) if is_share else center) / sizes)
        if chart in LANEY:
            z = (ratios - center) / np.where(sigma > 0, sigma, 1)  # without sigma every ratio is the centre
            sigma = sigma * _mean_range(z[:, base], options.screen) / RANGE_IN_SIGMAS
        return Lines(center, center, 3 * sigma[:, phase])

    return _draw(ratios, lines, options, floor=0, ceiling=1 if is_share else np.inf)


def _draw(
    values: Floats, lines_of: LinesOf, options: Options, *, floor: float = -np.inf, ceiling: float = np.inf
) -> ControlCharts:
    """Each phase is judged alone, so that no rule can see across a rebase. floor, ceiling: what values there can be."""
    drawn, marked = [], []
    for phase in options.phases(values.shape[1]):
        fixed = phase.stop if options.fix_after is None else min(phase.stop, phase.start + options.fix_after)
        base, shape = slice(phase.start, fixed), values[:, phase].shape
        lines = lines_of(base, phase)
        enough = np.isfinite(values[:, base]).sum(axis=1, keepdims=True) >= FEWEST_FOR_LIMITS
        lines = replace(lines, spread=np.where(enough, lines.spread, np.nan))
        lower, upper = np.maximum(lines.middle - lines.spread, floor), np.minimum(lines.middle + lines.spread, ceiling)
        drawn.append([np.broadcast_to(line, shape) for line in (lines.center, lower, upper)])
        marks = mark(values[:, phase], lines)
        marked.append([marks.rules, marks.directions, marks.conflicts])
    center, lower, upper = (np.concatenate(parts, axis=1) for parts in zip(*drawn, strict=True))
    joined = Marks(*(np.concatenate(parts, axis=1) for parts in zip(*marked, strict=True)))
    return ControlCharts(values, center, lower, upper, joined, options)


def _mean(values: Floats) -> Floats:
    """Of the known values of each series, shape (series, 1); NaN where there are none."""
    known = np.isfinite(values)
    count = known.sum(axis=1, keepdims=True)
    total = np.where(known, values, 0).sum(axis=1, keepdims=True)
    mean: Floats = np.divide(total, count, out=np.full(count.shape, np.nan), where=count > 0)
    return mean


def _median(values: Floats) -> Floats:
    """As `_mean`."""
    ordered, count = np.sort(values, axis=1), np.isfinite(values).sum(axis=1, keepdims=True)  # NaN comes last
    if not values.shape[1]:
        return np.full(count.shape, np.nan)
    below, above = (
        np.take_along_axis(ordered, np.maximum(place, 0), axis=1) for place in ((count - 1) // 2, count // 2)
    )
    return np.asarray((below + above) / 2, dtype=np.float64)


def _mean_range(values: Floats, screen: bool) -> Floats:
    """The mean distance of neighbours, shape (series, 1); there is none to or from a missing point."""
    ranges = np.abs(np.diff(values, axis=1))
    average = _mean(ranges)
    if not screen:
        return average
    smaller = ranges - SCREEN_FACTOR * average < -LAST_BIT * scale(values)
    screened = _mean(np.where(smaller, ranges, np.nan))
    return np.where(np.isfinite(screened), screened, average)  # a constant series has no smaller ranges


def _row(values: ArrayLike) -> Floats:
    return _checked(values, 1)[np.newaxis]


def _checked(values: ArrayLike, dimensions: int) -> Floats:
    """A copy, so that a chart stays as it is when the caller goes on with the array."""
    given = np.array(values, dtype=np.float64)
    if given.ndim != dimensions:
        raise ValueError(f"wanted an array with {dimensions} dimension(s), not with {given.ndim}")
    if np.isinf(given).any():
        raise ValueError("values are finite, or NaN where they are missing")
    return given


def _not_negative(values: Floats) -> Floats:
    if np.any(values < 0):
        raise ValueError("counts are not negative")
    return values
