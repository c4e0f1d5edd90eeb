"""Why a metric moved: which two periods are compared, which groups made the change, and whether it is more than chance.

It takes released figures alone, so that it knows no more than their reader, and asks nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from metrics.answer import Figure, Released
from metrics.calendar import SUNDAY_WEEK
from metrics.contributions import (
    LAST_BIT,
    MIXED,
    SUMMED,
    Contribution,
    Group,
    Pair,
    Unexplained,
    contributions,
    mix_and_rate,
)
from metrics.course import Course
from metrics.difference import Difference, difference
from metrics.semantic.model import Grain

Against = Literal["before", "year_before"]
AGAINST: Final[tuple[Against, ...]] = ("before", "year_before")
YEAR_OF_WEEKS: Final = timedelta(weeks=52)


@dataclass(frozen=True)
class Change:
    """The change of the whole. is_shifted: "a year before" is 364 days, as the year before has no week 53.

    is_usual: whether the control chart finds the later period within what is usual; None where it cannot tell.
    """

    before: Figure
    after: Figure
    difference: Difference
    is_shifted: bool
    is_usual: bool | None


@dataclass(frozen=True)
class Movement:
    """A change taken apart. parts: the largest first, all others last; they sum to the change.

    mix, rate: of the change, what groups' weights made, and what their own rates did; None for amounts. shares: of each
    part in the change of an amount, below 0 or above 1 where parts went both ways; None where they leave no change, and
    for rates, of which the change has two reasons. withheld: how many groups all others are.
    """

    change: Change
    mix: float | None
    rate: float | None
    parts: tuple[Contribution, ...]
    shares: tuple[float | None, ...]
    withheld: int


@dataclass(frozen=True)
class Beside:
    """One group in both periods, by itself."""

    before: Figure
    after: Figure
    difference: Difference


@dataclass(frozen=True)
class SideBySide:
    """A change that cannot be taken apart, as that of a median, and the groups that moved by themselves.

    groups: those shown in both periods, in order of their names. unshown: how many others there are.
    """

    change: Change
    groups: tuple[Beside, ...]
    unshown: int


def movement(
    whole: Released, parts: Released, against: Against = "before", course: Course | None = None
) -> Movement | SideBySide | Unexplained:
    """Takes the change of a metric apart by the groups of one or several dimensions.

    whole: the answer without a split; parts: the same question, split; both for one reader. The later period is the
    newest settled one; the earlier is the settled one before it, or the same week, month or quarter a year before.
    course: of `whole`; it tells whether the later period is usual, and whether both mean the same thing.
    Ratios and means: Kitagawa's mix and rate, equal to the change; a group absent in one period has the rate of the
    other, so that its change is all mix. Counts, sums and stocks: differences. All else: groups side by side.
    Groups withheld in a period are one row together, or nothing is said where that would tell of few. Public sums are
    rounded one by one, and add up to that. Source: Kitagawa 1955.
    """
    change = _change(whole, against, course)
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


def _change(whole: Released, against: Against, course: Course | None) -> Change | Unexplained:
    settled = [one for one in whole.figures if one.state == "final" and one.shown]
    if not settled:
        return Unexplained("no_value")
    if whole.by == "total":
        return Unexplained("no_before")
    after, is_shifted = settled[-1], False
    if against == "before":
        before = settled[-2] if len(settled) > 1 else None
    else:
        start, is_shifted = _year_before(after, whole.by)
        before = next((one for one in settled if one.start == start), None)
    if before is None:
        return Unexplained("no_before" if against == "before" else "no_year_before")
    if course is not None and _means_another_thing(course, before, after):
        return Unexplained("not_comparable")
    return Change(before, after, difference(whole.metric, before, after), is_shifted, _is_usual(course, after))


def _year_before(figure: Figure, by: Grain) -> tuple[date, bool]:
    """The first day of the same period a year before, and whether that had to be 364 days for want of a week 53."""
    if by != "week":
        return figure.start.replace(year=figure.start.year - 1), False
    if figure.label.startswith(SUNDAY_WEEK):
        return figure.start - YEAR_OF_WEEKS, False
    year, week, _ = figure.start.isocalendar()
    try:
        return date.fromisocalendar(year - 1, week, 1), False
    except ValueError:
        return figure.start - YEAR_OF_WEEKS, True


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
