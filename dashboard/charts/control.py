"""Puts the course of an answer into the description of its chart: lines, verdicts, phases, and how to read them.

It draws nothing and computes no statistics: what is usual and what is more than chance is the course's to say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile

from dashboard.charts import words
from dashboard.charts.chart import Annotation, Chart, Line, Point, Usual
from metrics.answer import Figure, Released
from metrics.course import Course, Place
from metrics.semantic.model import Unit
from metrics.stats.control_chart import Verdict

MANY_POINTS = 60
SHAPES: Mapping[Verdict, str] = {
    "improvement": "diamond for better",
    "concern": "square for worse",
    "high": "triangle upwards for higher",
    "low": "triangle downwards for lower",
}


def placed(points: Iterable[Point], figures: Iterable[Figure], course: Course) -> tuple[Point, ...]:
    """The points with their lines and verdicts; a period that the course does not have stays as it is."""
    places = {place.figure.start: place for place in course.places}
    trial = _trial(course)
    pairs = zip(points, figures, strict=True)
    return tuple(
        _point(point, places[one.start], one.start in trial) if one.start in places else point for point, one in pairs
    )


def phases(released: Released, course: Course) -> tuple[Annotation, ...]:
    """The beginnings of phases on days of the chart, but none where it begins itself."""
    if not released.figures:
        return ()
    start, end = released.figures[0].start, released.figures[-1].end
    return tuple(Annotation(one.starts_on, one.why) for one in course.phases if start < one.starts_on <= end)


def within(point: Point, values: Sequence[float], unit: Unit) -> Iterator[float]:
    """The lines of a point that the axis must hold: none below 0 or above 100 % where no value is."""
    if point.usual is None:
        return
    lowest = 0.0 if min(values, default=0.0) >= 0 else float("-inf")
    highest = 1.0 if unit == "share" and max(values, default=0.0) <= 1 else float("inf")
    for height in (point.usual.center, point.usual.lower, point.usual.upper):
        if height is not None:
            yield min(max(height, lowest), highest)


def diameter(point: Point, line: Line) -> int:
    """How large a point is drawn, in pixels: what is more than chance stands out, and of many each is small."""
    many = len(line.shown) > MANY_POINTS
    return (7 if many else 10) if point.flagged else (4 if many else 7)


def usual(point: Point, chart: Chart) -> str:
    """What is usual at a point: "10.0 % to 20.0 %"; "" without limits. A limit that no value can reach is left out."""
    if point.usual is None:
        return ""
    lower, upper = (words.number(one, chart.unit, chart.locale) if one is not None and _can_be(one, chart) else ""
                    for one in (point.usual.lower, point.usual.upper))  # fmt: skip
    if lower and upper:
        return f"{lower} to {upper}"
    return f"{lower} or more" if lower else f"up to {upper}" if upper else ""


def notes(chart: Chart, course: Course) -> Iterator[str]:
    """How to read the lines and the shapes of a control chart."""
    points = [point for line in chart.lines for point in line.points]
    if not any(usual(point, chart) for point in points):
        return
    middle = "median" if course.chart == "g" else "mean"
    yield f"Middle line: the {middle}. Shaded: what is usual, 3 sigma around it."
    if any(point.usual is not None and point.usual.trial for point in points):
        yield "Dotted lines are trial limits: fewer than 13 values stand behind them, and they can still move."
    found = [verdict for verdict in SHAPES if any(point.verdict == verdict for point in points)]
    if found:
        yield f"More than chance: {words.listed([SHAPES[verdict] for verdict in found])}."


def _can_be(value: float, chart: Chart) -> bool:
    return chart.axis.low <= value <= chart.axis.high


def _point(point: Point, place: Place, trial: bool) -> Point:
    if place.center is None and place.lower is None and place.upper is None:
        return point
    judged = point.value is not None and point.settled
    lines = Usual(place.center, place.lower, place.upper, trial)
    return replace(point, usual=lines, verdict=place.verdict if judged else None)


def _trial(course: Course) -> frozenset[date]:
    """The periods whose limits may still move: those of the last phase, which has one centre from first to last."""
    if not course.trial or not course.places:
        return frozenset()
    center = course.places[-1].center
    last = takewhile(lambda place: place.center == center, reversed(course.places))
    return frozenset(place.figure.start for place in last)
