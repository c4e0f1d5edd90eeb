"""A chart no larger than a card or a word, as elements of SVG: its first line, what is usual, its target.

It writes no text and decides nothing that the chart does not say; the picture around it is the caller's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.charts import limits
from dashboard.charts.chart import Chart, Line, Point
from dashboard.charts.palette import EDGE, GROUPS, INK, LOOKS, PAPER, TARGET, USUAL, Shape

_OUTLINES: Final[dict[Shape, str]] = {  # corners, in radii from the middle
    "square": "-.9,-.9 .9,-.9 .9,.9 -.9,.9",
    "diamond": "0,-1.25 1.25,0 0,1.25 -1.25,0",
    "triangle-up": "0,-1.2 1.1,.8 -1.1,.8",
    "triangle-down": "0,1.2 1.1,-.8 -1.1,-.8",
}


@dataclass(frozen=True)
class Frame:
    """Where in a picture a chart of one line is drawn, in pixels from its upper left corner.

    stroke, radius: how wide the line and how large a point is. crowded: points stand so close that few are drawn.
    """

    chart: Chart
    left: float
    right: float
    top: float
    bottom: float
    stroke: float
    radius: float
    crowded: bool = False

    def x(self, day: date) -> float:
        start, end = self.chart.span or (day, day)
        share = (day - start).days / max((end - start).days, 1)
        return self.left + (self.right - self.left) * share

    def y(self, value: float) -> float:
        axis = self.chart.axis
        share = (value - axis.low) / (axis.high - axis.low)
        return self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0)

    def place(self, point: Point) -> str:
        return f"{self.x(point.middle):.1f},{self.y(point.value or 0.0):.1f}"  # only of points that have a value


def drawing(frame: Frame) -> Iterator[str]:
    """From the back to the front: area, limits, target, phases, the line, and the points that matter.

    Those are the last one, what is more than chance, the lonely and, unless it is crowded, what can still change.
    """
    line = frame.chart.lines[0]
    yield from _areas(frame)
    yield from _edges(frame)
    yield from _rules(frame)
    colour = LOOKS["common"].colour if line.controlled else GROUPS[0]
    for stroke in line.strokes():
        path = " ".join(frame.place(point) for point in stroke.points)
        dash = "" if stroke.settled else ' stroke-dasharray="3 2.5"'
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{frame.stroke}"{dash}/>'
    joined = {point for stroke in line.strokes() for point in stroke.points}
    for point in line.shown:
        is_open = not point.settled and not frame.crowded
        if point.flagged or is_open or point not in joined or point is line.shown[-1]:
            is_last = point is line.shown[-1]
            yield _mark(frame, point, line, frame.radius * (0.7 if frame.crowded and not is_last else 1))


def _mark(frame: Frame, point: Point, line: Line, radius: float) -> str:
    look = LOOKS[point.verdict or "common"]
    colour = look.colour if line.controlled else GROUPS[0]
    fill = colour if point.settled else PAPER
    x, y = frame.x(point.middle), frame.y(point.value or 0.0)
    style = f'fill="{fill}" stroke="{colour}" stroke-width="{1 if frame.crowded else 1.2}"'
    if look.shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" {style}/>'
    corners = [pair.split(",") for pair in _OUTLINES[look.shape].split()]
    path = " ".join(f"{x + float(dx) * radius:.1f},{y + float(dy) * radius:.1f}" for dx, dy in corners)
    return f'<polygon points="{path}" class="{point.verdict}" {style}/>'


def _areas(frame: Frame) -> Iterator[str]:
    for area in limits.areas(frame.chart):
        there = _stairs(frame, [(day, upper) for day, _lower, upper in area.steps])
        back = _stairs(frame, [(day, lower) for day, lower, _upper in area.steps])
        yield f'<polygon points="{" ".join([*there, *reversed(back)])}" fill="{USUAL}"/>'


def _edges(frame: Frame) -> Iterator[str]:
    for edge in limits.edges(frame.chart):
        dash = ' stroke-dasharray="1.5 2"' if edge.trial else ""
        path = " ".join(_stairs(frame, edge.steps))
        yield f'<polyline points="{path}" class="{edge.kind}" fill="none" stroke="{EDGE}" stroke-width=".8"{dash}/>'


def _stairs(frame: Frame, steps: tuple[limits.Step, ...] | list[limits.Step]) -> list[str]:
    """The corners of a line that keeps its value until the next step."""
    corners, before = [], steps[0][1]
    for day, value in steps:
        corners += [f"{frame.x(day):.1f},{frame.y(height):.1f}" for height in dict.fromkeys((before, value))]
        before = value
    return corners


def _rules(frame: Frame) -> Iterator[str]:
    if frame.chart.target is not None:
        path = f"M{frame.left} {frame.y(frame.chart.target):.1f}H{frame.right}"
        yield f'<path d="{path}" stroke="{TARGET}" stroke-width="1.3" stroke-dasharray="5 3"/>'
    for phase in frame.chart.phases:
        yield f'<path d="M{frame.x(phase.day):.1f} {frame.top}V{frame.bottom}" class="phase" stroke="{INK}"/>'
