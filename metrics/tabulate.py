"""Puts counts into a table with totals, and withholds so much of it that no small count can be worked out.

It touches nothing: counts before withholding come in, figures that may be shown go out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from metrics import withhold
from metrics.answer import Figure, State
from metrics.privacy import suppress
from metrics.semantic.model import Audience, Metric

Line = list[Figure]


def table(metric: Metric, figures: Sequence[Figure], audience: Audience) -> tuple[Figure, ...]:
    """Counts by period and group as `audience` may see them, with the totals of both and of all.

    figures: of a count, one per period and group, before withholding. Withheld is what `withhold.release` withholds,
    and so much more that the greatest and least value that a small count could have stay the minimum apart (STATS 7).
    Returns them by period and then group; a total over the groups has the group (), one over the periods the label
    "all".
    """
    lines = list(_lines(figures))
    if not lines:
        return ()
    counts = [[one.value or 0.0 for one in line] for line in lines]
    hidden = suppress.table(counts, minimum=metric.release[audience]).hidden
    alone = {_place(one) for one in withhold.release(metric, figures, audience) if one.state == "withheld"}
    return tuple(
        withhold.withheld(one) if is_hidden or _place(one) in alone else one
        for line, flags in zip(_with_totals(lines), hidden.tolist(), strict=True)
        for one, is_hidden in zip(line, flags, strict=True)
    )


def _lines(figures: Sequence[Figure]) -> Iterable[Line]:
    """The figures period by period, each with every group in order of their names."""
    groups = sorted({one.group for one in figures})
    found = {(one.start, one.group): one for one in figures}
    for start in sorted({one.start for one in figures}):
        yield [found[start, group] for group in groups]


def _with_totals(lines: Sequence[Line]) -> Iterable[Line]:
    wide = [[*line, _total(line, replace(line[0], group=()))] for line in lines]
    yield from wide
    for_all = replace(wide[0][0], end=wide[-1][0].end, label="all")
    yield [_total(column, replace(for_all, group=column[0].group)) for column in zip(*wide, strict=True)]


def _total(parts: Sequence[Figure], place: Figure) -> Figure:
    """The sum at a place of the table: what is not known adds nothing, and makes the total partial."""
    known = [one.value for one in parts if one.value is not None]
    states: set[State] = {one.state for one in parts}
    value = sum(known) if known else None
    n = None if value is None else round(value)
    return replace(place, value=value, n=n, state=states.pop() if len(states) == 1 else "partial")


def _place(one: Figure) -> tuple[str, tuple[str, ...]]:
    return one.label, one.group
