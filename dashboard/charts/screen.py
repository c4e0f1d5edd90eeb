"""Draws a chart for the screen with Plotly. It decides nothing that the chart does not say, and knows no page."""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go

from dashboard.charts import limits, words
from dashboard.charts.chart import Chart, Line, Point, Row
from dashboard.charts.control import diameter, usual
from dashboard.charts.flags import Flag, flags
from dashboard.charts.palette import (
    BAND,
    BAR,
    EDGE,
    EDGES,
    GRID,
    GROUPS,
    INK,
    LOOKS,
    MUTED,
    PAPER,
    SCREEN_FONT,
    STATES,
    TARGET,
    USUAL,
)  # fmt: skip

# Plotly's written HTML has a button that posts the data to its vendor; it is off, and so is everything that edits.
PLOTLY_CONFIG: Final[dict[str, Any]] = {
    "showSendToCloud": False,
    "plotlyServerURL": "",
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"],
}
_DASHES: Final = ("solid", "dash", "dot", "longdash", "dashdot", "longdashdot")
_SYMBOLS: Final = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross")
_MARKS: Final = {"planned": "circle-open", "forecast": "diamond", "actual": "circle"}
ROW_HEIGHT, SERIES_HEIGHT = 28, 340
TITLE_SIZE, TITLE_WIDTH = 16, 40


def interactive(chart: Chart) -> go.Figure:
    """The Plotly figure. Its text alternative is `chart.alt`; show it beside the figure, with a table."""
    draw = {"series": _series, "bars": _bars, "timeline": _timeline}[chart.kind]
    figure = go.Figure(layout=_layout(chart))
    draw(figure, chart)
    if chart.is_empty:
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        figure.add_annotation(text="No value to draw", showarrow=False, x=0.5, y=0.5, xref="paper", yref="paper")
    return figure


def _layout(chart: Chart) -> dict[str, Any]:
    count = len(chart.rows) if chart.kind == "timeline" else len(chart.lines[0].points) if chart.lines else 0
    above = max((flag.height for flag in flags(chart)), default=0) + (18 if chart.target_words else 0)
    above += (len(_lines(chart)) - 1) * round(TITLE_SIZE * 1.3)
    height = SERIES_HEIGHT + above if chart.kind == "series" else 110 + above + ROW_HEIGHT * max(count, 3)
    axis = {"gridcolor": GRID, "linecolor": MUTED, "tickfont": {"color": INK}, "automargin": True, "zeroline": False}
    return {
        "title": _title(chart),
        "font": {"family": SCREEN_FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": height,
        "margin": {
            "l": 8,
            "r": 120 if chart.kind == "bars" else 16,
            "t": 56 + above,
            "b": 8,
        },
        "xaxis": axis,
        "yaxis": axis,
        "hoverlabel": {"font": {"family": SCREEN_FONT}},
        "showlegend": len(chart.lines) > 1,
        "legend": {"orientation": "h", "y": -0.18, "x": 0},
    }


def _title(chart: Chart) -> dict[str, Any]:
    """The title, and below it what the dashed line is: beside the line it would stand on points."""
    place = {"x": 0, "xref": "container", "xanchor": "left", "y": 1, "yref": "container", "yanchor": "top"}
    font = {"size": TITLE_SIZE, "color": INK}
    title = {"text": "<br>".join(map(_text, _lines(chart))), "font": font, **place, "pad": {"t": 12, "l": 8}}
    if not chart.target_words:
        return title
    return {**title, "subtitle": {"text": f"– –  {_text(chart.target_words)}", "font": {"size": 13, "color": TARGET}}}


def _lines(chart: Chart) -> list[str]:
    """The title in lines that a phone has room for: it cannot be broken by who draws it."""
    return wrap(chart.title, TITLE_WIDTH) or [""]


def _series(figure: go.Figure, chart: Chart) -> None:
    figure.update_yaxes(**_values(chart))
    if chart.span is not None:  # periods without a value at either end have their place, too
        first, last = chart.span
        figure.update_xaxes(range=[first.isoformat(), last.isoformat()])
    if len(chart.lines) == 1:
        _bands(figure, chart.lines[0])
        _limits(figure, chart)
    for flag in flags(chart):
        _flag(figure, flag, chart.locale)
    for index, line in enumerate(chart.lines):
        _line(figure, line, index, chart)
    if chart.target is not None:
        figure.add_hline(y=chart.target, line={"color": TARGET, "width": 1.5, "dash": "dash"})


def _flag(figure: go.Figure, flag: Flag, locale: str) -> None:
    day = flag.day.isoformat()
    line = {"color": INK, "width": 1.5} if flag.is_phase else {"color": MUTED, "width": 1, "dash": "dot"}
    figure.add_vline(x=day, line=line)
    figure.add_annotation(
        x=day, y=1, yref="paper", yanchor="bottom", yshift=flag.height, text=flag.sign, showarrow=False,
        hovertext=f"{_text(flag.text)}, {words.day(flag.day, locale)}", font={"color": INK if flag.is_phase else MUTED},
    )  # fmt: skip


def _limits(figure: go.Figure, chart: Chart) -> None:
    """The area of what is usual, then its edges and its middle."""
    for area in limits.areas(chart):
        for side, fill in ((1, "none"), (2, "tonexty")):
            figure.add_scatter(
                x=[step[0].isoformat() for step in area.steps], y=[step[side] for step in area.steps],
                mode="lines", line={"width": 0, "shape": "hv"},
                fill=fill, fillcolor=USUAL, hoverinfo="skip", showlegend=False, name="usual",
            )  # fmt: skip
    for edge in limits.edges(chart):
        figure.add_scatter(
            x=[day.isoformat() for day, _ in edge.steps], y=[value for _, value in edge.steps], mode="lines",
            line={"color": EDGE, "width": EDGES[edge.kind], "dash": "dot" if edge.trial else "solid", "shape": "hv"},
            hoverinfo="skip", showlegend=False, name=edge.kind,
        )  # fmt: skip


def _line(figure: go.Figure, line: Line, index: int, chart: Chart) -> None:
    colour, symbol = GROUPS[index % len(GROUPS)], _SYMBOLS[index % len(_SYMBOLS)]
    colour = LOOKS["common"].colour if line.controlled else colour
    for stroke in line.strokes():
        dash = _DASHES[index % len(_DASHES)] if stroke.settled else "dot"
        figure.add_scatter(
            x=_days(stroke.points), y=[point.value for point in stroke.points], mode="lines", hoverinfo="skip",
            line={"color": colour, "width": 2, "dash": dash}, showlegend=False, legendgroup=line.name,
        )  # fmt: skip
    points = line.shown
    marker: dict[str, Any] = _looks(line) if line.controlled else {"color": colour, "symbol": symbol, "size": 7}
    colours = marker["color"] if line.controlled else [colour] * len(points)
    figure.add_scatter(
        x=_days(points), y=[point.value for point in points], mode="markers", name=_text(line.name),
        legendgroup=line.name, error_y=_whiskers(points, EDGE) if line.whiskers else {"visible": False},
        marker={
            **marker, "opacity": 1, "line": {"color": colours, "width": 1.5},
            "color": [one if point.settled else PAPER for one, point in zip(colours, points, strict=True)],
        },
        customdata=[[point.label, _told(point, usual(point, chart))] for point in points],
        hovertemplate="%{customdata[0]}<br><b>%{customdata[1]}</b>" + f"<extra>{_text(line.name)}</extra>",
    )  # fmt: skip


def _looks(line: Line) -> dict[str, Any]:
    """Shape, colour and size of every point of a control chart."""
    looks = [LOOKS[point.verdict or "common"] for point in line.shown]
    return {
        "symbol": [look.shape for look in looks],
        "color": [look.colour for look in looks],
        "size": [diameter(point, line) for point in line.shown],
    }


def _bands(figure: go.Figure, line: Line) -> None:
    for run in line.bands():
        figure.add_scatter(
            x=[*_days(run), *reversed(_days(run))],
            y=[*(point.high for point in run), *(point.low for point in reversed(run))],
            fill="toself", fillcolor=BAND, opacity=0.6, line={"width": 0}, mode="lines", hoverinfo="skip",
            showlegend=False,
        )  # fmt: skip


def _bars(figure: go.Figure, chart: Chart) -> None:
    points = chart.lines[0].points
    shown = [point for point in points if point.value is not None]
    figure.add_bar(
        x=[point.value for point in shown], y=[_text(point.label) for point in shown], orientation="h",
        marker={"color": [BAR if point.settled else PAPER for point in shown], "line": {"color": BAR, "width": 1.5}},
        error_x=_whiskers(shown), showlegend=False, customdata=[_told(point) for point in shown],
        hovertemplate="%{y}<br><b>%{customdata}</b><extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[max(point.value or 0.0, point.high or 0.0, chart.axis.low) for point in points],
        y=[_text(point.label) for point in points], mode="text", text=[f" {point.words}" for point in points],
        textposition="middle right", cliponaxis=False, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    figure.update_xaxes(**_values(chart))
    order = [_text(point.label) for point in points]
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=order, autorange="reversed")


def _whiskers(points: Sequence[Point], colour: str = INK) -> dict[str, Any]:
    if not any(point.low is not None for point in points):
        return {"visible": False}
    return {
        "type": "data",
        "symmetric": False,
        "array": [(point.high or 0.0) - (point.value or 0.0) if point.high is not None else 0.0 for point in points],
        "arrayminus": [(point.value or 0.0) - (point.low or 0.0) if point.low is not None else 0.0 for point in points],
        "color": colour,
        "thickness": 1,
        "width": 0 if colour == EDGE else 3,
    }


def _timeline(figure: go.Figure, chart: Chart) -> None:
    names = list(_row_names(chart.rows))
    for name, row in zip(names, chart.rows, strict=True):
        colour = STATES.get(row.state, GROUPS[0])
        if row.start is not None and row.end is not None:
            figure.add_scatter(
                x=[row.start.isoformat(), row.end.isoformat()], y=[name, name], mode="lines", showlegend=False,
                line={"color": BAND, "width": 12}, hovertemplate=f"{words.progress_state(row.state)}<extra></extra>",
            )  # fmt: skip
        for mark in row.marks:
            figure.add_scatter(
                x=[mark.day.isoformat()], y=[name], mode="markers", showlegend=False,
                marker={"symbol": _MARKS[mark.kind], "size": 11, "color": colour, "line": {"width": 1.5}},
                hovertemplate=f"{mark.kind} {words.day(mark.day, chart.locale)}"
                f"<br>{words.progress_state(row.state)}<extra></extra>",
            )  # fmt: skip
    if chart.today is not None:
        figure.add_vline(x=chart.today.isoformat(), line={"color": MUTED, "width": 1})
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names, autorange="reversed")


def _row_names(rows: tuple[Row, ...]) -> Iterator[str]:
    """Names that differ, as an axis of categories needs: a repeated one gets zero-width marks behind it."""
    seen: dict[str, int] = {}
    for row in rows:
        name = row.name if row.start is not None else f"    {row.name}"
        seen[name] = seen.get(name, -1) + 1
        yield _text(name) + "\u200b" * seen[name]


def _text(text: str) -> str:
    """Text from a plan or a wiki as Plotly shall show it: it reads a little HTML."""
    return escape(text, quote=False)


def _told(point: Point, usual_words: str = "") -> str:
    told = [point.words, f"95 % interval: {point.interval}" if point.interval else "", _text(point.says)]
    told.append(f"usual: {usual_words}" if usual_words else "")
    return "<br>".join(filter(None, told))


def _days(points: tuple[Point, ...]) -> list[str]:
    return [point.middle.isoformat() for point in points]


def _values(chart: Chart) -> dict[str, Any]:
    """The value axis: limits and ticks are the chart's own, so that screen and paper agree."""
    values, texts = zip(*chart.axis.ticks, strict=True)
    return {"range": [chart.axis.low, chart.axis.high], "tickvals": list(values), "ticktext": list(texts)}
