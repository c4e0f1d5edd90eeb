"""The lines of a control chart as steps, by day and value: the centre, the limits, and the area between them.

Screen, paper and small charts draw from these corners, so that they cannot differ. It draws nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, Final, Literal, TypeVar

from dashboard.charts.axis import Axis
from dashboard.charts.chart import Chart, Point, neighbours

Kind = Literal["center", "lower", "upper"]
Step = tuple[date, float]
S = TypeVar("S", bound=tuple[Any, ...])
KINDS: Final[tuple[Kind, ...]] = ("center", "lower", "upper")


@dataclass(frozen=True)
class Edge:
    """One line without a gap, as long as one phase lasts. trial: it may still move, and is drawn otherwise.

    steps: from each day on it has this value, until the next; the last day is its end.
    """

    kind: Kind
    trial: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Area:
    """What is usual, as steps: day, lower, upper. It ends with the axis where no limit lies on it."""

    steps: tuple[tuple[date, float, float], ...]


def edges(chart: Chart) -> tuple[Edge, ...]:
    """Every line on the chart's axis, in pieces: a period without it leaves a gap, a new phase begins anew."""
    found = []
    for kind in KINDS:
        for run in _runs(chart, partial(_on_axis, kind=kind, axis=chart.axis)):
            trial = any(point.usual is not None and point.usual.trial for point in run)
            heights = [(point.start, _limit(point, kind) or 0.0) for point in run]  # a run's points have it
            found.append(Edge(kind, trial, (*_changes(heights), (run[-1].end, heights[-1][1]))))
    return tuple(found)


def areas(chart: Chart) -> tuple[Area, ...]:
    """What is usual, phase by phase, as far as the axis reaches."""
    found = []
    for run in _runs(chart, _has_limit):
        reach = [(point.start, *_reach(point, chart.axis)) for point in run]
        found.append(Area((*_changes(reach), (run[-1].end, *reach[-1][1:]))))
    return tuple(found)


def _limit(point: Point, kind: Kind) -> float | None:
    value: float | None = getattr(point.usual, kind) if point.usual is not None else None
    return value


def _has_limit(point: Point) -> bool:
    return _limit(point, "lower") is not None or _limit(point, "upper") is not None


def _on_axis(point: Point, kind: Kind, axis: Axis) -> bool:
    value = _limit(point, kind)
    return value is not None and axis.low <= value <= axis.high


def _reach(point: Point, axis: Axis) -> tuple[float, float]:
    lower, upper = _limit(point, "lower"), _limit(point, "upper")
    low = axis.low if lower is None else min(max(lower, axis.low), axis.high)
    high = axis.high if upper is None else min(max(upper, axis.low), axis.high)
    return low, high


def _runs(chart: Chart, holds: Callable[[Point], bool]) -> list[list[Point]]:
    """Neighbouring points of one phase for which it holds; only one line can have limits."""
    runs: list[list[Point]] = []
    before: Point | None = None
    for point in chart.lines[0].points if len(chart.lines) == 1 else ():
        held = holds(point)
        if held and before is not None and neighbours(before, point) and _same_phase(before, point):
            runs[-1].append(point)
        elif held:
            runs.append([point])
        before = point if held else None
    return runs


def _same_phase(one: Point, other: Point) -> bool:
    """A phase has one centre, whatever its chart."""
    return _limit(one, "center") == _limit(other, "center")


def _changes(heights: list[S]) -> Iterator[S]:
    """The first step, and those that go elsewhere than the one before."""
    yield heights[0]
    for before, step in pairwise(heights):
        if step[1:] != before[1:]:
            yield step
