"""A chart no larger than a card, as inline SVG: its lowest and highest tick, its first and last period, its target.

It draws a chart that was described in the chart room and decides nothing. The figures themselves stand beside it.
"""

from collections.abc import Iterator

from markupsafe import Markup, escape

from dashboard.charts.chart import Chart, Line
from dashboard.charts.palette import BAND, GRID, GROUPS, MUTED, PAPER, TARGET

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
    line = chart.lines[0]
    places = {
        point: _place(at, point.value, line, chart) for at, point in enumerate(line.points) if point.value is not None
    }
    yield from _grid(chart)
    yield from _ends(line)
    yield from _bands(line, chart)
    if chart.target is not None:
        y = _height(chart.target, chart)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{TARGET}" stroke-width="1.3" stroke-dasharray="5 3"/>'
    for stroke in line.strokes():
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (places[point] for point in stroke.points))
        dash = "" if stroke.settled else ' stroke-dasharray="3 3"'
        yield f'<polyline points="{path}" fill="none" stroke="{GROUPS[0]}" stroke-width="1.8"{dash}/>'
    joined = {point for stroke in line.strokes() for point in stroke.points}
    for point in line.shown:
        if point not in joined or not point.settled or point is line.shown[-1]:
            x, y = places[point]
            fill = GROUPS[0] if point.settled else PAPER
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="{fill}" stroke="{GROUPS[0]}" stroke-width="1.4"/>'


def _grid(chart: Chart) -> Iterator[str]:
    for value, text in (chart.axis.ticks[0], chart.axis.ticks[-1]):
        y = _height(value, chart)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
        yield f'<text x="{LEFT - 7}" y="{y + 3.5:.1f}" text-anchor="end" fill="{MUTED}">{escape(text)}</text>'


def _ends(line: Line) -> Iterator[str]:
    """The first and the last period, in words."""
    first, last = line.points[0], line.points[-1]
    y = HEIGHT - 5
    yield f'<text x="{LEFT}" y="{y}" fill="{MUTED}">{escape(first.short)}</text>'
    if last is not first:
        yield f'<text x="{WIDTH - RIGHT}" y="{y}" text-anchor="end" fill="{MUTED}">{escape(last.short)}</text>'


def _bands(line: Line, chart: Chart) -> Iterator[str]:
    order = {point: at for at, point in enumerate(line.points)}
    for run in line.bands():
        upper = [_place(order[point], point.high or 0.0, line, chart) for point in run]  # a band's points have both
        lower = [_place(order[point], point.low or 0.0, line, chart) for point in reversed(run)]
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*upper, *lower])
        yield f'<polygon points="{corners}" fill="{BAND}" opacity="0.7"/>'


def _place(at: int, value: float, line: Line, chart: Chart) -> tuple[float, float]:
    share = at / max(len(line.points) - 1, 1)
    return LEFT + (WIDTH - LEFT - RIGHT) * share, _height(value, chart)


def _height(value: float, chart: Chart) -> float:
    share = (value - chart.axis.low) / (chart.axis.high - chart.axis.low)
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * min(max(share, 0.0), 1.0)


def _empty() -> Iterator[str]:
    y = HEIGHT / 2
    yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{MUTED}" stroke-dasharray="1 4"/>'
