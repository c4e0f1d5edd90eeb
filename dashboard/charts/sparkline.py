"""A series as a line no taller than a word: inline SVG with a title, for tables. It touches nothing."""

from html import escape

from dashboard.charts.alternative import describe
from dashboard.charts.axis import Axis
from dashboard.charts.chart import Chart, Point
from dashboard.charts.compose import series
from dashboard.charts.palette import GROUPS, MUTED, PAPER
from metrics.answer import Released

WIDTH, HEIGHT, MARGIN = 120, 28, 4
LATEST = 26  # half a year of weeks


def sparkline(released: Released, latest: int = LATEST) -> str:
    """The newest figures of an answer without split, as SVG: gaps where nothing is known, dashes where it may change.

    The last point is a dot: filled where it is settled, hollow where it can still change.
    """
    recent = Released(**{**released.__dict__, "figures": released.figures[-latest:]})
    chart = series(recent)
    label = escape(describe(recent))
    drawn = "".join(_draw(chart)) if not chart.is_empty else _nothing()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sparkline" role="img" aria-label="{label}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"><title>{label}</title>{drawn}</svg>'
    )


def _draw(chart: Chart) -> list[str]:
    (line,) = chart.lines
    places = {point: _place(at, point, line.points, chart.axis) for at, point in enumerate(line.points)}
    drawn = []
    for stroke in line.strokes():
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (places[point] for point in stroke.points))
        dash = "" if stroke.settled else ' stroke-dasharray="3 2"'
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{GROUPS[0]}" stroke-width="1.5"{dash}/>')
    joined = {point for stroke in line.strokes() for point in stroke.points}
    for point in line.shown:
        if point not in joined or point is line.shown[-1]:
            x, y = places[point]
            fill = GROUPS[0] if point.settled else PAPER
            drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{fill}" stroke="{GROUPS[0]}"/>')
    return drawn


def _place(at: int, point: Point, points: tuple[Point, ...], axis: Axis) -> tuple[float, float]:
    share = ((point.value or 0.0) - axis.low) / (axis.high - axis.low)
    x = MARGIN + (WIDTH - 2 * MARGIN) * (at / max(len(points) - 1, 1))
    return x, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * share


def _nothing() -> str:
    middle = HEIGHT / 2
    ends = f'x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{middle}" y2="{middle}"'
    return f'<line {ends} stroke="{MUTED}" stroke-dasharray="1 4"/>'
