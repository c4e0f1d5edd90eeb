"""What a Plotly figure looks like before anything is drawn on it: title, paper, axes. It knows no chart."""

from html import escape
from typing import Any

from dashboard.charts.axis import Axis
from dashboard.charts.palette import GRID, INK, MUTED, PAPER, SCREEN_FONT


def canvas(title: str, height: int) -> dict[str, Any]:
    """The layout of an empty figure."""
    return {
        "title": {"text": text(title), "font": {"size": 16, "color": INK}, "x": 0, "xref": "paper"},
        "font": {"family": SCREEN_FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": height,
        "margin": {"l": 8, "r": 16, "t": 56, "b": 8},
        "hoverlabel": {"font": {"family": SCREEN_FONT}},
        "xaxis": _line(),
        "yaxis": _line(),
        "showlegend": False,
    }


def scale(axis: Axis) -> dict[str, Any]:
    """Limits and ticks as the chart says them."""
    return {
        "range": [axis.low, axis.high],
        "tickvals": [value for value, _ in axis.ticks],
        "ticktext": [told for _, told in axis.ticks],
    }


def text(told: str) -> str:
    """Text from a plan or a wiki as Plotly shall show it: it reads a little HTML."""
    return escape(told, quote=False)


def _line() -> dict[str, Any]:
    return {"gridcolor": GRID, "linecolor": MUTED, "tickfont": {"color": INK}, "automargin": True, "zeroline": False}
