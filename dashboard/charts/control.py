"""Puts the course of an answer into the description of its chart: lines, verdicts, phases, and how to read them.

It draws nothing and computes no statistics: what is usual and what is more than chance is the course's to say.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.charts import signals, words
from dashboard.charts.chart import Annotation, Chart, Line, Point, Usual
from dashboard.charts.palette import LOOKS
from metrics.answer import Figure, Released
from metrics.course import Course, Place
from metrics.semantic.model import Unit
from metrics.stats.control_chart import Verdict

MANY_POINTS = 60


@dataclass(frozen=True)
class Seen:
    """What of a control chart needs to be explained. middle: what its centre is, "" where no limits are drawn."""

    middle: str
    trial: bool
    verdicts: frozenset[Verdict]


def placed(points: Iterable[Point], figures: Iterable[Figure], course: Course) -> tuple[Point, ...]:
    """The points with their lines and verdicts; a period that the course does not have stays as it is."""
    places = {place.figure.start: place for place in course.places}
    last = _last_phase(course)
    pairs = zip(points, figures, strict=True)
    return tuple(_point(point, places.get(one.start), one.start in last, course) for point, one in pairs)


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


def describe(chart: Chart, course: Course) -> str:
    """What the lines of the newest point with limits are and what the course says, for the chart's words."""
    points = [point for line in chart.lines for point in line.points if usual(point, chart)]
    told = [signals.sentence(course), signals.outlook(course)]
    if points and points[-1].usual is not None and points[-1].usual.center is not None:
        middle = words.number(points[-1].usual.center, chart.unit, chart.locale)
        told.insert(0, f"{_middle(course).capitalize()} {middle}, usual: {usual(points[-1], chart)}.")
    told += [f"Another usual from {words.day(one.day, chart.locale)}: {one.text}." for one in chart.phases]
    return " ".join(filter(None, told))


def notes(chart: Chart, course: Course) -> Iterator[str]:
    """How to read the lines and the shapes of a control chart, and which it is."""
    yield from reading([seen(chart, course)])
    yield from signals.notes(course)


def seen(chart: Chart, course: Course) -> Seen:
    """What there is to explain in a chart."""
    points = [point for line in chart.lines for point in line.points]
    return Seen(
        _middle(course) if any(usual(point, chart) for point in points) else "",
        any(point.usual is not None and point.usual.trial for point in points),
        frozenset(point.verdict for point in points if point.verdict is not None),
    )


def reading(several: Sequence[Seen]) -> Iterator[str]:
    """How to read the lines and the shapes of one or several control charts, each told once."""
    middles = [one.middle for one in several if one.middle]
    if middles:
        told = words.listed(list(dict.fromkeys(middles)), "or")
        yield f"Middle line: the {told}. Shaded: what is usual, 3 sigma around it."
    if any(one.trial for one in several):
        yield "Dotted: trial limits. Fewer than 13 values stand behind them, so they may still move."
    there = {verdict for one in several for verdict in one.verdicts} - {"common"}
    shapes = [f"{look.glyph} {signals.VERDICTS[one].lower()}" for one, look in LOOKS.items() if one in there]
    if shapes:
        yield f"More than chance: {words.listed(shapes)}."


def _middle(course: Course) -> str:
    return "median" if course.chart == "g" else "mean"


def _can_be(value: float, chart: Chart) -> bool:
    return chart.axis.low <= value <= chart.axis.high


def _point(point: Point, place: Place | None, is_last_phase: bool, course: Course) -> Point:
    if place is None or (place.center is None and place.lower is None and place.upper is None):
        return point
    judged = place.is_settled and (signals.can_tell(course) or not is_last_phase)
    lines = Usual(place.center, place.lower, place.upper, is_last_phase and course.trial)
    verdict = place.verdict if judged else None
    says = signals.VERDICTS[verdict] if verdict is not None else ""
    return replace(point, usual=lines, verdict=verdict, says=says)


def _last_phase(course: Course) -> frozenset[date]:
    """The periods that the newest limits are for."""
    begun = max((one.starts_on for one in course.phases), default=date.min)
    return frozenset(place.figure.start for place in course.places if place.figure.start >= begun)
