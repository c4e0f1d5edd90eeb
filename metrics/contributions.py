"""What each group adds to the change of a total, and what is left for the groups that are not shown.

It takes released figures of two periods, and asks nothing.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from metrics import withhold
from metrics.answer import Figure, Released
from metrics.reason import LAST_BIT, Contribution, Group, Unexplained, Why
from metrics.stats.interval import kitagawa

Pair = tuple[Figure | None, Figure | None]  # one group before and after; None where it has no figure

MIXED: Final = ("ratio", "mean")  # kinds with weights and rates
SUMMED: Final = ("count", "sum", "stock")


@dataclass(frozen=True)
class _Part:
    """A group's sum and how many it is of, in both periods; how many is 1 for amounts, 0 where it was absent."""

    group: Group | None
    sums: tuple[float, float]
    sizes: tuple[float, float]


def contributions(
    whole: Released, pairs: Mapping[Group, Pair], before: Figure, after: Figure
) -> tuple[Contribution, ...] | Unexplained:
    """What each group adds to after minus before: the largest first, all others last.

    pairs: every group of the split. Those withheld in either period are among all others: what the total leaves, which
    a reader can subtract anyway. Nothing is said where that would be one group, or fewer than the reader may see.
    """
    for place, total in enumerate((before, after)):
        why = _why_unsafe(whole, total, [pair[place] for pair in pairs.values()])
        if why is not None:
            return Unexplained(why)
    shown = [
        _part(whole, group, pair)
        for group, pair in pairs.items()
        if not any(one is not None and one.state == "withheld" for one in pair)
    ]
    parts = [part for part in shown if any(part.sizes)]
    if not parts:
        return Unexplained("no_group")
    rest = _rest(whole, _part(whole, None, (before, after)), parts)
    if rest is not None and not _is_possible(whole, rest):
        return Unexplained("not_summing")
    made = (_of_rates if whole.metric.kind in MIXED else _of_amounts)([*parts, *([rest] if rest else [])])
    ordered = sorted(made, key=lambda one: (one.group is None, -abs(one.total), one.group or ()))
    return tuple(_as_told(whole, one) for one in ordered)


def mix_and_rate(parts: Sequence[Contribution]) -> tuple[float | None, float | None]:
    """How much of the change of a rate comes from the groups' weights, and how much from their own rates.

    None where a period has no weight at all.
    """
    weights = [[one.weight_before or 0.0 for one in parts], [one.weight_after or 0.0 for one in parts]]
    rates = [[one.before for one in parts], [one.after for one in parts]]
    first, second = ([math.nan if rate is None else rate for rate in several] for several in rates)
    mix, rate, _ = kitagawa(weights[0], first, weights[1], second) or (None, None, None)
    return mix, rate


def _why_unsafe(whole: Released, total: Figure, column: Iterable[Figure | None]) -> Why | None:
    """Whether what a period's total leaves beside all that is shown tells of a withheld group, or of few."""
    figures = [one for one in column if one is not None]
    if sum(one.state == "withheld" for one in figures) == 1:
        return "lone_group"
    everybody = withhold.amounts(whole.metric, total, whole.audience)
    shown = [withhold.amounts(whole.metric, one, whole.audience) for one in figures if one.shown]
    left = [all_of_them - sum(those) for all_of_them, *those in zip(everybody, *shown, strict=True)]
    is_few = any(LAST_BIT * (1 + total_of) < one < whole.minimum for one, total_of in zip(left, everybody, strict=True))
    return "few_left" if is_few else None


def _as_told(whole: Released, one: Contribution) -> Contribution:
    """A group's own values as its reader sees them elsewhere."""
    before, after = (withhold.rounded(whole.metric, value, whole.audience) for value in (one.before, one.after))
    return replace(one, before=before, after=after)


def _part(whole: Released, group: Group | None, pair: Pair) -> _Part:
    (sum1, size1), (sum2, size2) = (_amount(whole, one) for one in pair)
    return _Part(group, (sum1, sum2), (size1, size2))


def _amount(whole: Released, figure: Figure | None) -> tuple[float, float]:
    if figure is None or figure.value is None:
        return 0.0, 0.0  # absent: in the accounts of the total it adds nothing
    if whole.metric.kind in MIXED:
        return figure.numerator or 0.0, (figure.denominator or 0.0) / whole.metric.per
    return figure.value, 1.0


def _rest(whole: Released, total: _Part, parts: Sequence[_Part]) -> _Part | None:
    """What the total leaves for all others; None where that is nothing but what floats and rounding leave over."""
    is_mixed = whole.metric.kind in MIXED
    sums = [_left(whole, total.sums[at], [one.sums[at] for one in parts]) for at in (0, 1)]
    sizes = [_left(whole, total.sizes[at], [one.sizes[at] for one in parts]) if is_mixed else 1.0 for at in (0, 1)]
    if not any(sums) and not (is_mixed and any(sizes)):
        return None
    return _Part(None, (sums[0], sums[1]), (sizes[0], sizes[1]))


def _left(whole: Released, total: float, parts: Sequence[float]) -> float:
    left = total - sum(parts)
    slack = LAST_BIT * max(abs(total), 1.0)
    if whole.audience == "public" and whole.metric.kind in SUMMED:  # each was rounded by itself
        slack += 0.5 * 10 ** -withhold.PUBLIC_DIGITS[whole.metric.unit] * (len(parts) + 1)
    return left if abs(left) > slack else 0.0


def _is_possible(whole: Released, rest: _Part) -> bool:
    if whole.metric.kind == "sum":
        return True
    if whole.metric.kind in SUMMED:
        return min(rest.sums) >= 0
    if any(size < 0 or (size == 0 and total != 0) for total, size in zip(rest.sums, rest.sizes, strict=True)):
        return False
    metric = whole.metric
    return not metric.is_share or all(0 <= total <= size for total, size in zip(rest.sums, rest.sizes, strict=True))


def _of_rates(parts: Sequence[_Part]) -> list[Contribution]:
    """Kitagawa by group. Mix is measured from the average of both periods, so that a group of which more was counted
    adds what it has above the average; summed over the groups that is Kitagawa's mix, since weights sum to 1."""
    sums, sizes = ([[getattr(one, name)[at] for one in parts] for at in (0, 1)] for name in ("sums", "sizes"))
    average = sum(sum(sums[at]) / sum(sizes[at]) for at in (0, 1)) / 2
    made = []
    for one in parts:
        weight1, weight2 = (one.sizes[at] / sum(sizes[at]) for at in (0, 1))
        before, after = (one.sums[at] / one.sizes[at] if one.sizes[at] else None for at in (0, 1))
        rate1 = before if before is not None else after or 0.0  # absent: the rate of the other period
        rate2 = after if after is not None else rate1
        mix = (weight2 - weight1) * ((rate1 + rate2) / 2 - average)
        rate = (rate2 - rate1) * (weight1 + weight2) / 2
        made.append(Contribution(one.group, before, after, weight1, weight2, rate, mix, rate + mix))
    return made


def _of_amounts(parts: Sequence[_Part]) -> list[Contribution]:
    return [
        Contribution(
            one.group,
            one.sums[0] if one.sizes[0] else None,
            one.sums[1] if one.sizes[1] else None,
            None, None, None, None, one.sums[1] - one.sums[0],
        )
        for one in parts
    ]  # fmt: skip
