"""A chart no larger than a card, as inline SVG: its lowest and highest tick, its first and last period, its target.

It draws a chart that was described in the chart room and decides nothing. The figures themselves stand beside it.
"""

from collections.abc import Iterator

from markupsafe import Markup, escape

from dashboard.charts.chart import Chart, Line
from dashboard.charts.inline import Frame, drawing
from dashboard.charts.palette import GRID, MUTED

WIDTH, HEIGHT = 260, 110
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 10, 20


def small_chart(chart: Chart) -> Markup:
    """The chart as one SVG element with role and label. Only its first line is drawn."""
    drawn = "".join(_empty() if chart.is_empty else _drawn(chart))
    label = escape(chart.alt)
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="up-chart" role="img" aria-label="{label}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><title>{label}</title>{drawn}</svg>'
    )


def _drawn(chart: Chart) -> Iterator[str]:
    frame = Frame(chart, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM, 1.6, 2.7)
    yield from _grid(frame)
    yield from _ends(chart.lines[0])
    yield from drawing(frame)


def _grid(frame: Frame) -> Iterator[str]:
    for value, text in (frame.chart.axis.ticks[0], frame.chart.axis.ticks[-1]):
        y = frame.y(value)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
        yield f'<text x="{LEFT - 7}" y="{y + 3.5:.1f}" text-anchor="end" fill="{MUTED}">{escape(text)}</text>'


def _ends(line: Line) -> Iterator[str]:
    """The first and the last period, in words; with their years where else they would be called the same."""
    first, last = line.points[0], line.points[-1]
    same = first.short == last.short and first is not last
    start, end = (f"{one.short}, {one.end.year}" if same else one.short for one in (first, last))
    y = HEIGHT - 5
    yield f'<text x="{LEFT}" y="{y}" fill="{MUTED}">{escape(start)}</text>'
    if last is not first:
        yield f'<text x="{WIDTH - RIGHT}" y="{y}" text-anchor="end" fill="{MUTED}">{escape(end)}</text>'


def _empty() -> Iterator[str]:
    y = HEIGHT / 2
    yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{MUTED}" stroke-dasharray="1 4"/>'
