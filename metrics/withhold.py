"""Withholds small groups and rounds, for one reader, before anything leaves the door.

It touches nothing. What it cannot see (other answers to the same reader) is the release gate's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from metrics.answer import Figure
from metrics.semantic.model import AUDIENCES, WIKI, Audience, Metric, Unit

PUBLIC_DIGITS: dict[Unit, int] = {"share": 2, "rate": 2, "hours": 1, "days": 1, "count": 0, "people": 1, "money": 0}

Group = tuple[str, ...]

MOST_WITHHELD = 0.1  # of a series: above that, what is left of it says too little of what it was


def release(metric: Metric, figures: Sequence[Figure], audience: Audience) -> tuple[Figure, ...]:
    """The figures as `audience` may see them: small groups withheld, with enough others that none can be worked out.

    A figure is withheld where the group it rests on has 1 to minimum - 1 members; for the public also where the
    numerator or its complement has. Within a period at least two groups are withheld, and together they have nobody or
    at least the minimum, so that subtracting the others from the total gives nobody away. What is withheld from a
    narrower audience is withheld from a wider one too: its readers see both. Of a rate of two marts each side is
    withheld as the count that it is, among all groups of its mart, and the rate with either: else one side would give
    away the other. What is told of groups together goes through `together` as well.
    """
    hidden = set[int]().union(*(gone for _, gone in _by_side(metric, figures, audience)))
    return tuple(
        _without_sides(one) if not one.shown and (metric.has_exposure or metric.kind == "stock")
        else withheld(one) if index in hidden
        else _rounded(metric, one, audience)
        for index, one in enumerate(figures)
    )  # fmt: skip


def together(
    metric: Metric,
    figures: Sequence[Figure],
    apart: Sequence[Figure],
    members: Collection[str] | None,
    audience: Audience,
) -> tuple[Figure, ...]:
    """Released rates of two marts, withheld also where they would tell what the counts of their sides withhold.

    A rate takes in the members of which both marts tell, its counts all of theirs. Of those that a count withholds, a
    reader learns how many events the ones inside the rate have together, and so the ones outside it: neither may be one
    alone or few. apart: the same question split by one more dimension, last, as it was before withholding. members: of
    that dimension, those taken in; None for all. What a narrower audience is not told, nobody is: see `release`.
    """
    unsafe = set[tuple[date, Group]]()
    for narrower in AUDIENCES[: AUDIENCES.index(audience) + 1]:
        for amounts, hidden in _by_side(metric, apart, narrower):
            found: dict[tuple[date, Group, bool], list[tuple[float, ...]]] = defaultdict(list)
            for index in hidden:
                one = apart[index]
                found[one.start, one.group[:-1], members is None or one.group[-1] in members].append(amounts[index])
            few = metric.release[narrower]
            unsafe |= {(start, group) for (start, group, _), gone in found.items() if not _is_safe(gone, few)}
    return tuple(withheld(one) if one.shown and (one.start, one.group) in unsafe else one for one in figures)


def remembered(metric: Metric, figures: Sequence[Figure], audience: Audience) -> tuple[Figure, ...]:
    """As `release`, of what a build said before.

    Nobody remembers what only one side of a rate counted then on some wiki, so nobody sees again what it was.
    """
    if metric.has_exposure and WIKI in metric.dimensions:
        return tuple(withheld(one) if one.shown else _without_sides(one) for one in figures)
    return release(metric, figures, audience)


def _by_side(
    metric: Metric, figures: Sequence[Figure], audience: Audience
) -> Iterator[tuple[list[tuple[float, ...]], set[int]]]:
    """Of each side of the figures, of which most have one: whom each tells of, and which must be withheld."""
    for side in range(2 if metric.has_exposure else 1):
        hidden = _unseen(figures) if metric.kind == "stock" else set[int]()
        for one in AUDIENCES[: AUDIENCES.index(audience) + 1]:
            told = [_sides(metric, figure, one)[side] for figure in figures]
            hidden = _hidden(told, figures, hidden, metric.release[one])
        yield told, hidden


def _unseen(figures: Sequence[Figure]) -> set[int]:
    """Of a stock the groups of which nothing is known any more, and which what is told of all together holds still."""
    return {index for index, one in enumerate(figures) if one.state == "no_data" and one.n}


def _hidden(
    amounts: Sequence[tuple[float, ...]], figures: Sequence[Figure], before: set[int], minimum: int
) -> set[int]:
    """What one audience may not see. before: what narrower ones may not."""
    hidden = {index for index, several in enumerate(amounts) if any(0 < one < minimum for one in several)} | before
    for group in _by_period(figures):
        hidden |= _companions(amounts, group, hidden, minimum)
    return hidden


def _without_sides(figure: Figure) -> Figure:
    """A figure that has no value, without what it was counted from."""
    return replace(figure, numerator=None, denominator=None, n=None)


def waiting(figure: Figure) -> Figure:
    """An unfinished figure without its numbers: once it is whole, the difference would be of those who came late."""
    return replace(withheld(figure), state=figure.state)


def withheld(figure: Figure) -> Figure:
    """The figure with nothing left of it but its period, its group and the word."""
    nothing = dict.fromkeys(("value", "low", "high", "numerator", "denominator", "n", "error"))
    return replace(figure, **nothing, state="withheld")  # type: ignore[arg-type]


def is_selective(figures: Sequence[Figure]) -> bool:
    """Whether so many figures of a series are withheld that those shown are not like the others.

    What is withheld is small and what is 0 is shown, so that a mean of what is left lies beside that of the whole.
    """
    gone = sum(one.state == "withheld" for one in figures)
    shown = sum(one.state == "final" and one.shown for one in figures)
    return shown > 0 and gone > MOST_WITHHELD * (gone + shown)


def alike(figures: Sequence[Figure], beside: Sequence[Figure], members: tuple[str, ...]) -> tuple[Figure, ...]:
    """The figures, withheld also where the same one is withheld beside the others of its dimension.

    beside: the same question split by the dimensions of `members` too, released. Whoever asks for one member alone must
    not be shown what a table of all members withholds.
    """
    gone = {(one.start, one.end, *sorted(one.group)) for one in beside if one.state == "withheld"}
    return tuple(
        withheld(one) if (one.start, one.end, *sorted((*one.group, *members))) in gone else one for one in figures
    )


def amounts(metric: Metric, figure: Figure, audience: Audience) -> tuple[float, ...]:
    """How many members the groups have that a figure tells of; 0 where that is nobody or not a group of anybody."""
    return tuple(one for side in _sides(metric, figure, audience) for one in side)


def _sides(metric: Metric, figure: Figure, audience: Audience) -> tuple[tuple[float, ...], ...]:
    """The same of each side of a figure, of which most have one: a rate has its events, and its exposure.

    All; of shares for the public also those with and without the event.
    """
    events, cases = figure.numerator, figure.denominator
    if metric.has_exposure:
        is_counted = metric.counts_rows  # what is added up, such as hours, is a group of nobody
        return (float(events or 0),), (float(cases or 0) if is_counted else 0.0,)
    is_of_persons = metric.kind == "ratio" and metric.counts_rows
    if audience != "public" or not is_of_persons or events is None or cases is None:
        return ((float(figure.n or 0),),)
    return ((float(figure.n or 0), events, cases - events),)


def _by_period(figures: Sequence[Figure]) -> Iterable[list[int]]:
    found: dict[date, list[int]] = defaultdict(list)
    for index, one in enumerate(figures):
        if one.group:
            found[one.start].append(index)
    return found.values()


def _companions(amounts: Sequence[tuple[float, ...]], group: list[int], hidden: set[int], minimum: int) -> set[int]:
    """The groups of a period that must go: the small ones, and the smallest others until those are safe."""
    gone = [index for index in group if index in hidden]
    left = sorted((index for index in group if index not in hidden and amounts[index][0] > 0), key=lambda i: amounts[i])
    while gone and left and not _is_safe([amounts[index] for index in gone], minimum):
        gone.append(left.pop(0))
    return set(gone)


def _is_safe(gone: Sequence[tuple[float, ...]], minimum: int) -> bool:
    """Whether the groups cannot be told apart, nor be few, by what the total leaves for them."""
    together = [sum(several) for several in zip(*gone, strict=True)]
    return len(gone) > 1 and not any(0 < one < minimum for one in together)


def rounded(metric: Metric, value: float | None, audience: Audience) -> float | None:
    """A value with as many digits as the audience sees."""
    return value if value is None or audience != "public" else round(value, PUBLIC_DIGITS[metric.unit])


def _rounded(metric: Metric, figure: Figure, audience: Audience) -> Figure:
    low, value, high = (rounded(metric, one, audience) for one in (figure.low, figure.value, figure.high))
    return replace(figure, value=value, low=low, high=high)
