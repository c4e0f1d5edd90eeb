"""A series as a line no taller than a word: inline SVG with a title, for tables. It touches nothing."""

from html import escape

from dashboard.charts.compose import series
from dashboard.charts.inline import Frame, drawing
from dashboard.charts.palette import MUTED
from metrics.answer import Released
from metrics.course import Course

WIDTH, HEIGHT, MARGIN = 120, 28, 4
LATEST = 26  # half a year of weeks


def sparkline(released: Released, latest: int = LATEST, course: Course | None = None) -> str:
    """The newest figures of an answer without split, as SVG: gaps where nothing is known, dashes where it may change.

    The last point is a dot: filled where it is settled, hollow where it can still change. course: the whole answer as
    a control chart, of which these are the last points: what is usual is an area, what is more than chance has a shape.
    """
    recent = Released(**{**released.__dict__, "figures": released.figures[-latest:]})
    chart = series(recent, course=course, intervals=False)
    label = escape(chart.alt)
    frame = Frame(chart, MARGIN, WIDTH - MARGIN, MARGIN, HEIGHT - MARGIN, 1.5, 2.5, crowded=True)
    drawn = _nothing() if chart.is_empty else "".join(drawing(frame))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="sparkline" role="img" aria-label="{label}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"><title>{label}</title>{drawn}</svg>'
    )


def _nothing() -> str:
    middle = HEIGHT / 2
    ends = f'x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{middle}" y2="{middle}"'
    return f'<line {ends} stroke="{MUTED}" stroke-dasharray="1 4"/>'
