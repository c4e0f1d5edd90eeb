"""Where a measure stands: its last settled figure against the target of its period, and its course.

It touches nothing: a plan's record, released figures and targets come in.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from metrics import course as courses
from metrics.answer import Figure, Released
from metrics.calendar import Rules, fiscal_year
from metrics.course import Course, Phase
from metrics.semantic.model import Metric
from metrics.stats.interval import newcombe_difference

Status = Literal["met", "missed", "unclear", "no_target", "no_value"]


@dataclass(frozen=True)
class Progress:
    """Where one measure of a goal stands: its figures, the last settled one, the target of its period, and the word.

    status: "met" and "missed" need the whole interval on one side of the target; "unclear" is neither. change: last
    settled figure minus the one before; change_is_clear: True or False where an interval can tell, else None. course:
    all its figures as a control chart, which says what two figures alone cannot.
    """

    goal: str
    goal_title: str
    pillar: str
    owner: str
    title: str
    released: Released
    last: Figure | None
    previous: Figure | None
    target: float | None
    status: Status
    change: float | None
    change_is_clear: bool | None
    course: Course


def where_of(row: Mapping[str, Any]) -> Mapping[str, str]:
    """The filters of a measure of the plan: dimension to member."""
    filters: Mapping[str, str] = json.loads(row["filters"] or "{}")
    return filters


def assess(
    row: Mapping[str, Any],
    released: Released,
    targets: Sequence[Mapping[str, Any]],
    rules: Rules,
    phases: Sequence[Phase] = (),
) -> Progress:
    """One measure of a goal. row: its record in the plan; targets: starts_on, ends_on (days, included) and value.

    phases: those that hold for its answer, as `metrics.course.phases_of` finds them.
    """
    settled = [one for one in released.figures if one.state == "final" and one.shown]
    last = settled[-1] if settled else None
    previous = settled[-2] if len(settled) > 1 else None
    target = _target(last, targets, released.metric, rules)
    both = last is not None and previous is not None and last.value is not None and previous.value is not None
    return Progress(
        goal=row["goal"],
        goal_title=row["goal_title"],
        pillar=row["pillar"],
        owner=row["owner"],
        title=row["title"],
        released=released,
        last=last,
        previous=previous,
        target=target,
        status=_status(last, target, released.metric),
        change=last.value - previous.value if both else None,  # type: ignore[union-attr, operator]
        change_is_clear=_is_clear(last, previous, released.metric),
        course=courses.course(released, phases, target),
    )


def _target(last: Figure | None, targets: Sequence[Mapping[str, Any]], metric: Metric, rules: Rules) -> float | None:
    """The plan's target for the period of the figure, else the definition's for its fiscal year."""
    if last is None:
        return None
    planned = [one["value"] for one in targets if _day(one["starts_on"]) <= last.end <= _day(one["ends_on"])]
    defined = [one.value for one in metric.targets if one.fiscal_year == fiscal_year(last.end, rules)]
    return next(iter([*planned, *defined]), None)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _status(last: Figure | None, target: float | None, metric: Metric) -> Status:
    """Met or missed only where the whole interval is on one side of the target; without an interval, the value."""
    if last is None or last.value is None:
        return "no_value"
    if target is None or not metric.judged:
        return "no_target"
    low = last.value if last.low is None else last.low
    high = last.value if last.high is None else last.high
    if metric.better == "higher":
        return "met" if low >= target else "missed" if high < target else "unclear"
    return "met" if high <= target else "missed" if low > target else "unclear"


def _is_clear(last: Figure | None, previous: Figure | None, metric: Metric) -> bool | None:
    """Whether the last change is more than noise; None where nothing here can tell."""
    if last is None or previous is None:
        return None
    if metric.kind == "ratio":
        counts = (last.numerator, last.denominator, previous.numerator, previous.denominator)
        if last.n is None or previous.n is None or any(one is None for one in counts):
            return None
        x1, n1, x2, n2 = (float(one or 0) for one in counts)
        bounds = newcombe_difference(x1, n1, x2, n2)
        return None if bounds is None else not bounds[0] <= 0 <= bounds[1]
    intervals = (last.low, last.high, previous.low, previous.high)
    if any(one is None for one in intervals):
        return None
    low1, high1, low2, high2 = (float(one or 0) for one in intervals)
    return high1 < low2 or high2 < low1
