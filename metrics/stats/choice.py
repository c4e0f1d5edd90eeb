"""Which control chart fits a metric, and why.

It touches nothing, and draws nothing: `metrics.stats.spc` does.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.stats.control_chart import Chart

Floats = NDArray[np.float64]

RARE_EVENTS = 2  # fewer in a period: look at what lies between them (STATS 1)
VARYING = 1.25  # largest over smallest denominator above which limits have to follow it (STATS 1)
LARGE = 1000  # cases: chance alone moves a share by 1.6 points at most, less than other causes usually do
COUNTED_KINDS = ("count",)
OTHER_KINDS = ("sum", "mean", "quantile", "distinct", "duration", "stock", "survey_share")


@dataclass(frozen=True)
class Choice:
    """The chart that fits a series, and why, in a sentence."""

    chart: Chart
    why: str


def choose(kind: str, sizes: ArrayLike, *, events: ArrayLike | None = None, is_rate: bool = False) -> Choice:
    """Which chart fits a metric, and why.

    kind: of the metric's definition. sizes: shape (n,), for a ratio the denominator of each period, for a count the
    count itself; other kinds do not look at it. events: shape (n,), for a ratio its numerators, by which rare events
    and rates above 1 are known; without them the denominators stand for them. NaN = missing. is_rate: of a ratio,
    that its events are not some of its cases, so that it is no share wherever it happens to lie.
    Raises ValueError for an unknown kind or a negative size.
    """
    if kind in OTHER_KINDS:
        return Choice("xmr", f"A {kind} is no count out of cases: how much its values usually move says what is usual.")
    if kind not in (*COUNTED_KINDS, "ratio"):
        raise ValueError(f"a metric is a ratio, {', '.join((*COUNTED_KINDS, *OTHER_KINDS))}, not {kind!r}")
    known = _counts(sizes)
    if kind in COUNTED_KINDS:
        return _choose_for_counts(known)
    counted = known if events is None else _counts(events)
    if counted.shape != known.shape:
        raise ValueError(f"{len(counted)} events do not fit {len(known)} sizes")
    return _choose_for_ratios(known, counted, is_rate)


def _choose_for_counts(counts: Floats) -> Choice:
    if (known := counts[np.isfinite(counts)]).size and known.mean() < RARE_EVENTS:
        return Choice("t", f"Fewer than {RARE_EVENTS} events in a period: the time between two of them says more.")
    return Choice("xmr", "A count has no denominator that could vary, and varies more than pure chance would make it.")


def _choose_for_ratios(sizes: Floats, events: Floats, is_rate: bool) -> Choice:
    filled = (sizes > 0) & np.isfinite(events)
    if not filled.any():
        return Choice("xmr", "No period has a denominator yet.")
    if events[filled].mean() < RARE_EVENTS:
        return Choice("g", f"Fewer than {RARE_EVENTS} events in a period: the cases between two of them say more.")
    smallest, largest = sizes[filled].min(), sizes[filled].max()
    is_share, sizes_told = not is_rate and not np.any(events[filled] > sizes[filled]), _told(smallest, largest)
    if largest <= VARYING * smallest:
        return Choice("xmr", f"The denominators hardly vary: {sizes_told}.")
    if np.median(sizes[filled]) < LARGE:
        why = f"The denominators vary, {sizes_told}, and are small: the limits are those of chance."
        return Choice("p" if is_share else "u", why)
    why = (
        f"The denominators vary, {sizes_told}, and are large: more than chance moves the values, and the limits allow "
        "for it."
    )
    return Choice("p_prime" if is_share else "u_prime", why)


def _told(smallest: float, largest: float) -> str:
    """From the one to the other, with decimals only where they are small parts of a unit such as 1,000."""
    return " to ".join(
        f"{one:,.0f}" if one >= 100 or one == round(one) else f"{one:.3g}" for one in (smallest, largest)
    )


def _counts(values: ArrayLike) -> Floats:
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 1:
        raise ValueError(f"wanted one row of sizes, not {given.ndim} dimensions")
    if np.isinf(given).any():
        raise ValueError("sizes are finite, or NaN where they are missing")
    if np.any(given < 0):
        raise ValueError("sizes are not negative")
    return given
