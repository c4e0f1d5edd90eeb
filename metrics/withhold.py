"""Withholds small groups and rounds, for one reader, before anything leaves the door.

It touches nothing. What it cannot see (other answers to the same reader) is the release gate's.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from metrics.answer import Figure
from metrics.semantic.model import Audience, Metric, Unit

PUBLIC_DIGITS: dict[Unit, int] = {"share": 2, "hours": 1, "days": 1, "count": 0, "people": 1, "money": 0}


def release(metric: Metric, figures: Sequence[Figure], audience: Audience) -> tuple[Figure, ...]:
    """The figures as `audience` may see them: small groups withheld, with enough others that none can be worked out.

    A figure is withheld where the group it rests on has 1 to minimum - 1 members; for the public also where the
    numerator or its complement has. Within a period the withheld groups together hold at least the minimum and are at
    least two, so that subtracting the others from the total gives nobody away.
    """
    minimum = metric.release[audience]
    hidden = {index for index, one in enumerate(figures) if _is_small(metric, one, minimum, audience)}
    for group in _by_period(figures):
        hidden |= _companions(figures, group, hidden, minimum)
    return tuple(
        withheld(one) if index in hidden else _rounded(metric, one, audience) for index, one in enumerate(figures)
    )


def withheld(figure: Figure) -> Figure:
    """The figure with nothing left of it but its period, its group and the word."""
    return replace(figure, value=None, low=None, high=None, numerator=None, denominator=None, n=None, state="withheld")


def size(figure: Figure) -> float:
    """How many members the figure's group has; 0 where that is nobody or not a group of anybody."""
    return float(figure.n or 0)


def _is_small(metric: Metric, figure: Figure, minimum: int, audience: Audience) -> bool:
    if 0 < size(figure) < minimum:
        return True
    if audience != "public" or metric.kind != "ratio" or figure.numerator is None or figure.denominator is None:
        return False
    return 0 < figure.numerator < minimum or 0 < figure.denominator - figure.numerator < minimum


def _by_period(figures: Sequence[Figure]) -> Iterable[list[int]]:
    found: dict[date, list[int]] = defaultdict(list)
    for index, one in enumerate(figures):
        if one.group:
            found[one.start].append(index)
    return found.values()


def _companions(figures: Sequence[Figure], group: list[int], hidden: set[int], minimum: int) -> set[int]:
    """The smallest further groups of a period that must go too."""
    gone = [index for index in group if index in hidden]
    if not gone:
        return set()
    left = sorted(
        (index for index in group if index not in hidden and size(figures[index]) > 0),
        key=lambda index: (size(figures[index]), figures[index].group),
    )
    while left and (len(gone) < 2 or sum(size(figures[index]) for index in gone) < minimum):
        gone.append(left.pop(0))
    return set(gone)


def _rounded(metric: Metric, figure: Figure, audience: Audience) -> Figure:
    if audience != "public":
        return figure
    digits = PUBLIC_DIGITS[metric.unit]

    def cut(value: float | None) -> float | None:
        return None if value is None else round(value, digits)

    return replace(figure, value=cut(figure.value), low=cut(figure.low), high=cut(figure.high))
