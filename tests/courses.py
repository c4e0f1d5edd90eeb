"""Control charts written by hand, for tests of what shows them: lines and verdicts are those that the test gives.

It computes nothing. The points are weeks of 2026, as those of `tests.answers`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from metrics.answer import Released, State
from metrics.course import Course, Place
from metrics.stats.control_chart import Verdict
from tests.answers import METRIC, figure, released

Lines = tuple[float | None, float | None, float | None]  # centre, lower, upper
FIRST_WEEK = 30


def weekly(*values: float | State, of: Any = METRIC, last: State = "final", width: float = 0.0) -> Released:
    """One value a week from week 30 on; `last` is the state of the newest."""
    states: list[State] = ["final"] * (len(values) - 1) + [last]
    weeks = enumerate(zip(values, states, strict=True), start=FIRST_WEEK)
    return released(*[figure(week, value, state, width=width) for week, (value, state) in weeks], of=of)


def course(answer: Released, *lines: Lines, verdicts: Mapping[int, Verdict] | None = None, **changed: Any) -> Course:
    """The course of an answer. lines: those of every figure, or one triple for each; verdicts: by place."""
    each: Sequence[Lines] = lines * len(answer.figures) if len(lines) == 1 else lines
    told = verdicts or {}
    places = tuple(
        Place(one, *drawn, signal="outside" if at in told else None, verdict=told.get(at, "common"), conflicts=False)
        for at, (one, drawn) in enumerate(zip(answer.figures, each, strict=True))
    )
    whole = Course(answer, "xmr", "The denominators hardly vary.", places, (), None, "common", None, False, None)
    return replace(whole, **changed)
