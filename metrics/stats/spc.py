"""Whether a series only wavers or has changed: the control charts, and which of them fits.

It touches nothing: numbers in, charts out. It never moves limits by itself: where a new phase begins is the caller's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.stats.control_chart import Better, ControlChart, ControlCharts, Options
from metrics.stats.signals import LAST_BIT, Lines, Marks, mark, scale

Floats = NDArray[np.float64]
LinesOf = Callable[[slice, slice], Lines]  # from the points that limits are taken from, for the points of the phase
Chart = Literal["xmr", "p", "p_prime", "u", "u_prime", "c", "g", "t"]

XMR_FACTOR = 2.66  # 3 / 1.128, rounded as NHS Making Data Count prints it
SCREEN_FACTOR = 3.267  # the upper limit of ranges of two points, in mean ranges (Nelson 1982)
RANGE_IN_SIGMAS = 1.128  # d2: the mean range of two points of a normal distribution
TIME_POWER = 3.6  # its root makes times between events nearly normal (Nelson 1994)
FEWEST_FOR_LIMITS = 2

RARE_EVENTS = 2  # fewer in a period: look at what lies between them (STATS 1)
VARYING = 1.25  # largest over smallest denominator above which limits have to follow it (STATS 1)
LARGE = 1000  # cases: chance alone moves a share by 1.6 points at most, less than other causes usually do
COUNTED_KINDS = ("count", "distinct")
OTHER_KINDS = ("sum", "mean", "quantile", "duration", "stock", "survey_share")


class Same(TypedDict, total=False):
    """What every chart may be told; `xmr` says what each means."""

    better: Better
    target: float | None
    screen: bool
    rebase: Sequence[int]
    fix_after: int | None


@dataclass(frozen=True)
class Choice:
    """The chart that fits a series, and why, in a sentence."""

    chart: Chart
    why: str


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
    """
    return _xmr(_row(values), Options(better, target, screen, rebase, fix_after)).chart(0)


def xmr_of_many(values: ArrayLike, **same: Unpack[Same]) -> ControlCharts:
    """Individuals charts of many series at once, such as a metric of every wiki.

    values: shape (series, periods), each row as for `xmr`, which explains the options they share. Raises as `xmr`.
    """
    return _xmr(_checked(values, 2), Options(**same))


def p_chart(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of shares, between 0 and 1, with binomial limits that follow the denominators.

    numerators, denominators: shape (n,), the cases that count and all cases; a denominator of 0 is a missing point. The
    centre is the share of all cases together. Options and errors as for `xmr` (there is nothing to screen);
    ValueError also where a count is negative, or a numerator above its denominator.
    Source: Montgomery, Introduction to Statistical Quality Control, 7.
    """
    return _ratio_chart(numerators, denominators, Options(**same), is_share=True, laney=False)


def p_prime(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """As `p_chart`, with limits as wide as the shares really vary: for large denominators.

    `screen` leaves out ranges of the standardised shares. Source: Laney 2002.
    """
    return _ratio_chart(numerators, denominators, Options(**same), is_share=True, laney=True)


def u_chart(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of events per unit of exposure, 0 or more, with Poisson limits that follow the exposure.

    As `p_chart`, except that there may be more events than units.
    """
    return _ratio_chart(numerators, denominators, Options(**same), is_share=False, laney=False)


def u_prime(numerators: ArrayLike, denominators: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """As `u_chart`, with limits as wide as the rates really vary, as `p_prime` has them. Source: Laney 2002."""
    return _ratio_chart(numerators, denominators, Options(**same), is_share=False, laney=True)


def c_chart(counts: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of counts, 0 or more, with Poisson limits, where every period has the same exposure.

    counts: shape (n,), the events of each period. Options and errors as for `p_chart`.
    """
    row = _not_negative(_row(counts))

    def lines(base: slice, phase: slice) -> Lines:
        center = _mean(row[:, base])
        return Lines(center, center, 3 * np.sqrt(center))

    return _draw(row, lines, Options(**same), floor=0).chart(0)


def g_chart(counts: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of how many cases, or days, lie between two rare events; its centre is the median, its lower limit 0.

    counts: shape (n,), one for each event, in order. Options and errors as for `p_chart`. The limits are those of a
    geometric distribution around its mean. Source: Benneyan 2001; the median as in qicharts2.
    """
    row = _not_negative(_row(counts))

    def lines(base: slice, phase: slice) -> Lines:
        mean = _mean(row[:, base])
        return Lines(_median(row[:, base]), mean, 3 * np.sqrt(mean * (mean + 1)))

    return _draw(row, lines, Options(**same), floor=0).chart(0)


def t_chart(times: ArrayLike, **same: Unpack[Same]) -> ControlChart:
    """Chart of the time between two rare events, in the unit of the times.

    times: shape (n,), above 0, one for each event, in order. Drawn and judged as an individuals chart of the 3.6th
    roots, then carried back. Options and errors as for `xmr`; ValueError also where a time is 0 or less.
    Source: Nelson 1994.
    """
    row = _row(times)
    if np.any(row <= 0):
        raise ValueError("times between events are above 0: add half a unit to each, or use g_chart")
    roots = _xmr(row ** (1 / TIME_POWER), Options(**same))
    lower = np.maximum(roots.lower, 0)
    center, lower, upper = (line**TIME_POWER for line in (roots.center, lower, roots.upper))
    return replace(roots, values=row, center=center, lower=lower, upper=upper).chart(0)


def choose(kind: str, sizes: ArrayLike, *, events: ArrayLike | None = None) -> Choice:
    """Which chart fits a metric, and why.

    kind: of the metric's definition. sizes: shape (n,), for a ratio the denominator of each period, for a count the
    count itself; other kinds do not look at it. events: shape (n,), for a ratio its numerators, by which rare events
    and rates above 1 are known; without them the denominators stand for them. NaN = missing.
    Raises ValueError for an unknown kind or a negative size.
    """
    known = _not_negative(_row(sizes))[0]
    counted = known if events is None else _not_negative(_row(events))[0]
    if counted.shape != known.shape:
        raise ValueError(f"{len(counted)} events do not fit {len(known)} sizes")
    if kind in OTHER_KINDS:
        return Choice("xmr", f"A {kind} is no count out of cases: how much its values usually move says what is usual.")
    if kind in COUNTED_KINDS:
        return _choose_for_counts(known)
    if kind != "ratio":
        raise ValueError(f"a metric is a ratio, {', '.join((*COUNTED_KINDS, *OTHER_KINDS))}, not {kind!r}")
    return _choose_for_ratios(known, counted)


def _choose_for_counts(counts: Floats) -> Choice:
    if _mean(counts[np.newaxis])[0, 0] < RARE_EVENTS:
        return Choice("t", f"Fewer than {RARE_EVENTS} events in a period: the time between two of them says more.")
    return Choice("xmr", "A count has no denominator that could vary, and varies more than pure chance would make it.")


def _choose_for_ratios(sizes: Floats, events: Floats) -> Choice:
    filled = (sizes > 0) & np.isfinite(events)
    if not filled.any():
        return Choice("xmr", "No period has a denominator yet.")
    if events[filled].mean() < RARE_EVENTS:
        return Choice("g", f"Fewer than {RARE_EVENTS} events in a period: the cases between two of them say more.")
    smallest, largest = sizes[filled].min(), sizes[filled].max()
    is_share, vary = not np.any(events[filled] > sizes[filled]), f"vary, {smallest:g} to {largest:g},"
    if largest <= VARYING * smallest:
        return Choice("xmr", f"The denominators hardly vary: {smallest:g} to {largest:g}.")
    if np.median(sizes[filled]) < LARGE:
        return Choice(
            "p" if is_share else "u", f"The denominators {vary} and are small: the limits are those of chance."
        )
    why = f"The denominators {vary} and are large: more than chance moves the values, and the limits allow for it."
    return Choice("p_prime" if is_share else "u_prime", why)


def _xmr(values: Floats, options: Options) -> ControlCharts:
    def lines(base: slice, phase: slice) -> Lines:
        center = _mean(values[:, base])
        return Lines(center, center, XMR_FACTOR * _mean_range(values[:, base], options.screen))

    return _draw(values, lines, options)


def _ratio_chart(
    numerators: ArrayLike, denominators: ArrayLike, options: Options, *, is_share: bool, laney: bool
) -> ControlChart:
    counted, sizes = _not_negative(_row(numerators)), _not_negative(_row(denominators))
    if counted.shape != sizes.shape:
        raise ValueError(f"{counted.shape[1]} numerators do not fit {sizes.shape[1]} denominators")
    sizes = np.where(sizes > 0, sizes, np.nan)
    if is_share and np.any(counted > sizes):
        raise ValueError("a share counts at most all cases")
    ratios = counted / sizes
    known_counts, known_sizes = (np.where(np.isfinite(ratios), column, np.nan) for column in (counted, sizes))

    def lines(base: slice, phase: slice) -> Lines:
        # of all cases, never the mean of the ratios: a period with few cases says little
        center = _mean(known_counts[:, base]) / _mean(known_sizes[:, base])
        sigma = np.sqrt((center * (1 - center) if is_share else center) / sizes)
        if laney:
            z = (ratios - center) / np.where(sigma > 0, sigma, 1)  # without sigma every ratio is the centre
            sigma = sigma * _mean_range(z[:, base], options.screen) / RANGE_IN_SIGMAS
        return Lines(center, center, 3 * sigma[:, phase])

    return _draw(ratios, lines, options, floor=0, ceiling=1 if is_share else np.inf).chart(0)


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
    known = [row[np.isfinite(row)] for row in values]
    return np.array([[np.median(row) if len(row) else np.nan] for row in known])


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
