"""Where a measure stands: its last settled figure against the target of its period, and its course.

It touches nothing: a plan's record, released figures and targets come in.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from metrics import course as courses
from metrics.answer import Figure, Released
from metrics.calendar import Rules, fiscal_year
from metrics.course import Course, Phase
from metrics.difference import UNKNOWN, difference
from metrics.reason import Difference
from metrics.semantic.model import Metric

Status = Literal["met", "missed", "unclear", "no_target", "no_value"]


@dataclass(frozen=True)
class Progress:
    """Where one measure of a goal stands: its figures, the last settled one, the target of its period, and the word.

    status: "met" and "missed" need the whole interval on one side of the target; "unclear" is neither. change: last
    settled figure minus the one before, None where they mean different things; change_is_clear: True or False where an
    interval can tell, else None. course: all its figures as a control chart, which says what two alone cannot.
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
    changed = _changed(last, previous, released.metric, phases)
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
        change=changed.size,
        change_is_clear=changed.is_clear,
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


def _changed(last: Figure | None, previous: Figure | None, metric: Metric, phases: Sequence[Phase]) -> Difference:
    """The last change; nothing where values before and after mean different things.

    Counts vary by more than chance makes them, so of two alone nothing is said: the control chart has the word.
    """
    if last is None or previous is None:
        return UNKNOWN
    if any(not one.is_comparable and previous.start < one.starts_on <= last.start for one in phases):
        return UNKNOWN
    found = difference(metric, previous, last)
    return replace(found, is_clear=None) if metric.kind == "count" else found
