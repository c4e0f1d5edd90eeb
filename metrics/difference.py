"""Whether two figures of one metric differ by more than chance makes them.

It takes two released figures, and asks nothing.
"""

from metrics.answer import Figure
from metrics.reason import Difference
from metrics.semantic.model import Metric
from metrics.stats.interval import newcombe_difference, rate_ratio

UNKNOWN = Difference(None, None, None, None)


def difference(metric: Metric, before: Figure, after: Figure) -> Difference:
    """The difference of two figures of different periods, so that neither counts what the other does.

    Shares of counted rows: Newcombe's interval. Counts: the exact ratio of what came per day, since months differ in
    length, and that of rates the one of what came per exposure; it takes each for independent of the others, which
    many are not, so a control chart has a say beside it.
    Other kinds: clear where their 95 % intervals do not meet, which is strict.
    """
    if before.value is None or after.value is None:
        return UNKNOWN
    size = after.value - before.value
    if metric.is_share:
        low, high = _of_shares(before, after)
        return Difference(size, low, high, None if low is None or high is None else not low <= 0 <= high)
    if metric.kind == "count":
        counted = (after.value, _days(after)), (before.value, _days(before))
        return Difference(size, None, None, _is_other_rate(*counted))
    if metric.kind == "distinct":  # its interval, if any, is of the counting: it says nothing of chance
        return Difference(size, None, None, None)
    if metric.has_exposure:
        sides = [(one.numerator or 0.0, one.denominator or 0.0) for one in (after, before)]
        return Difference(size, None, None, _is_other_rate(*sides))
    return Difference(size, None, None, _are_apart(before, after))


def _of_shares(before: Figure, after: Figure) -> tuple[float, float] | tuple[None, None]:
    counts = (after.numerator, after.denominator, before.numerator, before.denominator)
    x2, n2, x1, n1 = (one if one is not None else 0.0 for one in counts)
    if None in counts or x1 > n1 or x2 > n2:
        return None, None
    return newcombe_difference(x2, n2, x1, n1) or (None, None)


def _is_other_rate(after: tuple[float, float], before: tuple[float, float]) -> bool | None:
    """Whether events came at another rate; of each period its events and the days, or the exposure, they came in."""
    (events2, exposure2), (events1, exposure1) = after, before
    compared = rate_ratio(round(events2), exposure2, round(events1), exposure1)
    if compared is None or not (events1 or events2):
        return None
    _, low, high, _ = compared
    return low > 1 or (high is not None and high < 1)


def _are_apart(before: Figure, after: Figure) -> bool | None:
    intervals = (before.low, before.high, after.low, after.high)
    if None in intervals:
        return None
    low1, high1, low2, high2 = (one or 0.0 for one in intervals)
    return high1 < low2 or high2 < low1


def _days(figure: Figure) -> int:
    return (figure.end - figure.start).days + 1
