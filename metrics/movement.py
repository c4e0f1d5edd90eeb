"""Why a metric moved: which two periods are compared, which groups made the change, and whether it is more than chance.

It takes released figures alone, so that it knows no more than their reader; who asks for them is handed in.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal

from data_contracts.faults import DefinitionFault
from metrics.answer import Figure, Released
from metrics.calendar import SUNDAY_WEEK, Rules, year_before
from metrics.contributions import MIXED, SUMMED, Pair, contributions, mix_and_rate
from metrics.course import Course
from metrics.difference import difference
from metrics.reason import (
    LAST_BIT,
    Beside,
    Change,
    Contribution,
    Found,
    Group,
    Movement,
    Reason,
    SideBySide,
    Unexplained,
)
from metrics.semantic.model import Grain

Against = Literal["before", "year_before"]  # what a page offers; a label does, too
AGAINST: Final[tuple[Against, ...]] = ("before", "year_before")


def reason(
    answer: Released,
    ask: Callable[..., Released],
    course: Callable[[Released], Course],
    split: Sequence[str] | None,
    period: str | None,
    against: str,
) -> Reason:
    """What `Released.explain` says. ask: the door, for the answer's own metric, grain and reader.

    An answer with groups is explained as a whole, over the periods that it has.
    """
    where = dict(answer.where)
    left = [name for name in answer.metric.dimensions if name not in where]
    by = tuple(split or answer.split or left[:1])
    if not by:
        found = f"{answer.metric.id} has no {'other ' if where else ''}dimension"
        raise DefinitionFault(
            "explain()", found, "a dimension by which it can be taken apart", "Explain another metric."
        )
    _check_periods(answer, period, against)
    parts = ask(split=by, where=where)
    whole = _whole(answer, ask) if answer.split else answer
    of = (answer.metric, answer.by, by, answer.where, answer.audience, answer.minimum)
    return Reason(*of, answer.build, answer.as_of, movement(whole, parts, against, course(whole), period))


def _whole(answer: Released, ask: Callable[..., Released]) -> Released:
    starts = {one.start for one in answer.figures}
    asked = ask(where=dict(answer.where))
    return replace(asked, figures=tuple(one for one in asked.figures if one.start in starts))


def _check_periods(answer: Released, period: str | None, against: str) -> None:
    """DefinitionFault where a period is named that the answer does not have, or that is not before the other one."""
    labels = list(dict.fromkeys(one.label for one in sorted(answer.figures, key=lambda one: one.start)))
    place, has = f"explain() of {answer.metric.id}", f"{labels[0]} to {labels[-1]}" if labels else "no period"
    for name, label in (("period", period), ("against", None if against in AGAINST else against)):
        if label is not None and label not in labels:
            wanted = has if name == "period" else f"{' or '.join(AGAINST)}, or a period: {has}"
            raise DefinitionFault(place, f'{name}="{label}"', wanted, "Name a period of the answer.")
    if against in labels and period in labels and labels.index(against) >= labels.index(period):
        raise DefinitionFault(place, f'against="{against}"', f"a period before {period}", "Name the earlier one there.")


def movement(
    whole: Released,
    parts: Released,
    against: str = "before",
    course: Course | None = None,
    period: str | None = None,
) -> Found:
    """Takes the change of a metric apart by the groups of one or several dimensions.

    whole: the answer without a split; parts: the same question, split; both for one reader. The later period is the
    newest settled one, or the one with the label `period`; the earlier is the settled one before it, the same week,
    month or quarter a year before, or the one with the label `against`.
    course: of `whole`; it tells whether the later period is usual, and whether both mean the same thing.
    Ratios and means: Kitagawa's mix and rate, equal to the change; a group absent in one period has the rate of the
    other, so that its change is all mix. Counts, sums and stocks: differences. All else: groups side by side.
    Groups withheld in a period are one row together, or nothing is said where that would tell of few. Public sums are
    rounded one by one, and add up to that. Source: Kitagawa 1955.
    """
    change = _change(whole, against, course, period)
    if isinstance(change, Unexplained):
        return change
    pairs = _pairs(parts, change)
    if whole.metric.kind not in (*MIXED, *SUMMED):
        return _side_by_side(whole, pairs, change)
    found = contributions(whole, pairs, change.before, change.after)
    if isinstance(found, Unexplained):
        return found
    mix, rate = mix_and_rate(found) if whole.metric.kind in MIXED else (None, None)
    withheld = sum(any(one is not None and one.state == "withheld" for one in pair) for pair in pairs.values())
    return Movement(change, mix, rate, found, _shares(found), withheld)


def _shares(parts: Sequence[Contribution]) -> tuple[float | None, ...]:
    """Of each part in the sum of all; what floats leave over of parts that cancel is no sum."""
    size = math.fsum(one.total for one in parts)
    is_nothing = abs(size) <= LAST_BIT * max(abs(one.total) for one in parts)
    return tuple(None if is_nothing or one.mix is not None else one.total / size for one in parts)


def _change(whole: Released, against: str, course: Course | None, period: str | None) -> Change | Unexplained:
    settled = [one for one in whole.figures if one.state == "final" and one.shown]
    after = next((one for one in reversed(settled) if period in (None, one.label)), None)
    if after is None:
        return Unexplained("no_value")
    if whole.by == "total":
        return Unexplained("no_before")
    earlier = [one for one in settled if one.start < after.start]
    before, is_shifted = _earlier(earlier, after, whole.by, against)
    if before is None:
        return Unexplained("no_year_before" if against == "year_before" else "no_before")
    if course is not None and _means_another_thing(course, before, after):
        return Unexplained("not_comparable")
    return Change(before, after, difference(whole.metric, before, after), is_shifted, _is_usual(course, after))


def _earlier(earlier: Sequence[Figure], after: Figure, by: Grain, against: str) -> tuple[Figure | None, bool]:
    """What the later period is compared with, and whether that had to be 364 days before for want of a week 53."""
    if against == "before":
        return (earlier[-1] if earlier else None), False
    if against != "year_before":
        return next((one for one in earlier if one.label == against), None), False
    week_start: Literal["monday", "sunday"] = "sunday" if after.label.startswith(SUNDAY_WEEK) else "monday"
    start, is_shifted = year_before(after.start, by, Rules(week_start=week_start))
    return next((one for one in earlier if one.start == start), None), is_shifted


def _means_another_thing(course: Course, before: Figure, after: Figure) -> bool:
    return any(not one.is_comparable and before.start < one.starts_on <= after.start for one in course.phases)


def _is_usual(course: Course | None, figure: Figure) -> bool | None:
    places = course.places if course is not None else ()
    place = next((one for one in places if one.figure.start == figure.start), None)
    if place is None or (place.lower is None and place.upper is None):
        return None
    return place.signal is None


def _pairs(parts: Released, change: Change) -> Mapping[Group, Pair]:
    by_place = {(one.group, one.start): one for one in parts.figures}
    starts = change.before.start, change.after.start
    return {group: (by_place.get((group, starts[0])), by_place.get((group, starts[1]))) for group in parts.groups()}


def _side_by_side(whole: Released, pairs: Mapping[Group, Pair], change: Change) -> SideBySide | Unexplained:
    groups = tuple(
        Beside(before, after, difference(whole.metric, before, after))
        for before, after in pairs.values()
        if before is not None and after is not None and before.shown and after.shown
    )
    return SideBySide(change, groups, len(pairs) - len(groups)) if groups else Unexplained("no_group")
