"""Where a measure should be by now on a straight way to its target.

It takes a control chart of released figures and the plan's targets, and asks nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

from metrics.answer import Figure, Released
from metrics.calendar import DAY, Rules, parse_label
from metrics.course import Course
from metrics.semantic.model import Grain

Standing = Literal["ahead", "behind", "close"]

BASE: Final[Mapping[Grain, int]] = {"week": 13, "month": 3, "quarter": 1, "fiscal_year": 1}  # a quarter, or one period
YEAR: Final = timedelta(days=366)  # what is older tells nothing of where a measure began


@dataclass(frozen=True)
class Aim:
    """A target and its time; both days included."""

    value: float
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Path:
    """The straight line to the target at the end of its time, and where the measure should be by now.

    base: where the line begins, at the end of the day begins_on: the mean of base_count settled figures before the
    target's time; where there are none, the first within it, and base_count is 0. is_held: it was at the target then,
    so that the line stays at the target. now: the newest settled figure; expected: the line at its end. lead: how far
    it is ahead, in the unit of the metric, negative where behind. standing: "close" where its interval holds the line.
    """

    base: float
    base_count: int
    begins_on: date
    is_held: bool
    now: Figure
    expected: float
    lead: float
    standing: Standing


@dataclass(frozen=True)
class NoPath:
    """Why there is no line. not_begun: nothing of the target's time is settled; over: it has ended; no_level: nobody
    knows where the measure began."""

    why: Literal["not_begun", "over", "no_level"]


def aim_of(
    released: Released, measures: Sequence[Mapping[str, Any]], targets: Sequence[Mapping[str, Any]], rules: Rules
) -> Aim | None:
    """The target of exactly this answer: the plan's; else the definition's, where the answer is not narrowed.

    measures, targets: the listings of that name. Of several the one whose time holds the last known day; else the next
    to come; else the last that was.
    """
    narrowed = dict(released.where)
    mine = {
        (one["goal"], one["measure"])
        for one in measures
        if one["metric"] == released.metric.id and json.loads(one["filters"] or "{}") == narrowed
    }
    planned = [one for one in targets if (one["goal"], one["measure"]) in mine]
    aims = [Aim(one["value"], _day(one["starts_on"]), _day(one["ends_on"])) for one in planned]
    if not aims and not narrowed:
        years = [(one.value, parse_label(f"FY{one.fiscal_year}", rules)) for one in released.metric.targets]
        aims = [Aim(value, year.start, year.end) for value, year in years]
    today = released.as_of - DAY
    by_time = sorted(aims, key=lambda one: (one.starts_on, one.ends_on))
    holding = [one for one in by_time if one.starts_on <= today <= one.ends_on]
    coming = [one for one in by_time if one.starts_on > today]
    return next(iter([*holding, *coming, *reversed(by_time)]), None)


def path(course: Course, aim: Aim) -> Path | NoPath:
    """The line to the target, read at the end of the newest settled period, so that like is held against like.

    course: of an answer of one group, whose metric has a better way. What was before a phase that means another thing
    does not count.
    """
    settled = [one.figure for one in course.places if one.figure.state == "final" and one.figure.shown]
    within = [one for one in settled if one.end >= aim.starts_on]
    if not within:
        return NoPath("not_begun")
    now = within[-1]
    if course.released.as_of - DAY > aim.ends_on or now.start > aim.ends_on:
        return NoPath("over")
    base, count, begins_on = _beginning(course, aim, settled, within[0])
    if begins_on >= min(now.end, aim.ends_on):
        return NoPath("no_level")
    better = course.released.metric.better
    is_held = base >= aim.value if better == "higher" else base <= aim.value
    expected = on_line(base, begins_on, is_held, aim, now.end)
    lead = ((now.value or 0.0) - expected) * (1 if better == "higher" else -1)
    return Path(base, count, begins_on, is_held, now, expected, lead, _standing(now, expected, lead))


def on_line(base: float, begins_on: date, is_held: bool, aim: Aim, day: date) -> float:
    """Where the line is at the end of a day."""
    if is_held:
        return aim.value
    share = (day - begins_on) / (aim.ends_on - begins_on)
    return base + (aim.value - base) * min(max(share, 0.0), 1.0)


def _beginning(course: Course, aim: Aim, settled: Sequence[Figure], first: Figure) -> tuple[float, int, date]:
    """Where the measure was when the target's time began, of how many figures, and on which day."""
    since = max((one.starts_on for one in course.phases if not one.is_comparable), default=date.min)
    oldest = max(since, aim.starts_on - YEAR)
    before = [one for one in settled if one.end < aim.starts_on and one.start >= oldest]
    kept = [one.value or 0.0 for one in before[-BASE[course.released.by] :]]
    if kept:
        return sum(kept) / len(kept), len(kept), aim.starts_on - DAY
    return first.value or 0.0, 0, first.end


def _standing(now: Figure, expected: float, lead: float) -> Standing:
    low = now.value if now.low is None else now.low
    high = now.value if now.high is None else now.high
    if low is not None and high is not None and low <= expected <= high:
        return "close"
    return "ahead" if lead > 0 else "behind"


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
