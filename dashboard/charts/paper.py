"""Draws a chart for documents: Vega-Lite by vl-convert to SVG, without a browser, the same bytes for the same chart.

It decides nothing that the chart does not say. The Vega-Lite is written as plain data: building it with Altair takes
several times as long as drawing it.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import Any, Final

import vl_convert
from lxml import etree

from dashboard.charts import limits
from dashboard.charts.axis import day_ticks
from dashboard.charts.chart import Chart, Line, Mark, Point, Row
from dashboard.charts.control import diameter
from dashboard.charts.flags import Flag, flags
from dashboard.charts.palette import (
    BAND,
    BAR,
    DASHES,
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

Spec = dict[str, Any]
VEGA_LITE: Final = "6.4"
WIDTH, HEIGHT, ROW_HEIGHT = 640, 190, 20
_SHAPES: Final = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross")
_MARKS: Final = {"planned": ("circle", False), "forecast": ("diamond", True), "actual": ("circle", True)}
_SETTLED_DASH: Final = [1, 0]
_OPEN_DASH: Final = [3, 3]
_TRIAL_DASH: Final = [1.5, 2.5]


def svg(chart: Chart, width: int = WIDTH, height: int = HEIGHT, font: str = SCREEN_FONT, name: str = "") -> str:
    """The chart as one SVG element with role and label; the title is the document's to write.

    width: of the whole; height: of the plot, where the chart is a series: bars and timelines are as high as their rows
    need. In pixels; labels are 11 high.
    name: goes before the ids inside, which must differ where several charts stand in one document.
    """
    if chart.is_empty:
        return _empty(chart, width, font)
    text: str = vl_convert.vegalite_to_svg(json.dumps(spec(chart, width, height, font)), vl_version=VEGA_LITE)
    return _labelled(text, chart, name)


def spec(chart: Chart, width: int = WIDTH, height: int = HEIGHT, font: str = SCREEN_FONT) -> Spec:
    """The Vega-Lite of a chart that has something to draw."""
    layers = {"series": _series, "bars": _bars, "timeline": _timeline}[chart.kind](chart)
    return {
        "width": width,
        "height": _height(chart, height),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 4, "right": 6, "top": 6, "bottom": 4},
        "config": _config(font),
        "layer": layers,
    }


def _series(chart: Chart) -> list[Spec]:
    layers = [_band(run) for run in chart.lines[0].bands()] if len(chart.lines) == 1 else []
    layers += [_area(area) for area in limits.areas(chart)]
    layers += [_edge(edge) for edge in limits.edges(chart)]
    if chart.target is not None:
        layers += _target(chart)
    for flag in flags(chart):
        layers += _flag(flag)
    for index, line in enumerate(chart.lines):
        layers += _line(line, index, chart)
    return _placed(layers, x=_time(chart), y=_values(chart, "value"))


def _line(line: Line, index: int, chart: Chart) -> list[Spec]:
    colour, dash = LOOKS["common"].colour if line.controlled else GROUPS[index % len(GROUPS)], _dash(index)
    layers = [
        _layer(
            _points(stroke.points),
            {"type": "line", "color": colour, "strokeWidth": 2, "strokeDash": dash if stroke.settled else _OPEN_DASH},
        )
        for stroke in line.strokes()
    ]
    if line.whiskers:
        spread = [{**row, "low": point.low, "high": point.high} for row, point in _paired(line.shown)]
        spread = [row for row in spread if row["low"] is not None and row["high"] is not None]
        rule = {"type": "rule", "color": EDGE, "strokeWidth": 0.9}
        layers.append(_layer(spread, rule, y=_values(chart, "low"), y2={"field": "high"}))
    dots = [{**row, **_look(point, line, index)} for row, point in _paired(line.shown)]
    mark = {"type": "point", "strokeWidth": 1.4, "opacity": 1}
    look = {channel: _as_is(channel) for channel in ("shape", "fill", "stroke", "size")}
    layers.append(_layer(dots, mark, **look))
    if len(chart.lines) > 1 and line.shown:
        mark = {"type": "text", "align": "left", "dx": 7, "color": colour, "fontSize": 11}
        layers.append(_layer([{**_points(line.shown[-1:])[0], "name": line.name}], mark, text={"field": "name"}))
    return layers


def _look(point: Point, line: Line, index: int) -> dict[str, Any]:
    """Shape, colours and area of a point."""
    if line.controlled:
        look = LOOKS[point.verdict or "common"]
        fill, area = look.colour if point.settled else PAPER, (diameter(point, line) * 0.8) ** 2
        return {"shape": look.shape, "stroke": look.colour, "fill": fill, "size": area}
    colour = GROUPS[index % len(GROUPS)]
    fill = colour if point.settled else PAPER
    return {"shape": _SHAPES[index % len(_SHAPES)], "stroke": colour, "fill": fill, "size": 32}


def _area(area: limits.Area) -> Spec:
    rows = [{"day": _moment(day), "value": lower, "high": upper} for day, lower, upper in area.steps]
    mark = {"type": "area", "color": USUAL, "opacity": 1, "interpolate": "step-after"}
    return _layer(rows, mark, y2={"field": "high"})


def _edge(edge: limits.Edge) -> Spec:
    rows = [{"day": _moment(day), "value": value} for day, value in edge.steps]
    dash = _TRIAL_DASH if edge.trial else _SETTLED_DASH
    mark = {"type": "line", "color": EDGE, "strokeWidth": EDGES[edge.kind], "strokeDash": dash}
    return _layer(rows, {**mark, "interpolate": "step-after"})


def _band(run: tuple[Point, ...]) -> Spec:
    rows = [{"day": _moment(point.middle), "value": point.low, "high": point.high} for point in run]
    return _layer(rows, {"type": "area", "color": BAND, "opacity": 0.7}, y2={"field": "high"})


def _target(chart: Chart) -> list[Spec]:
    rows = [{"value": chart.target, "text": chart.target_words}]
    rule = {"type": "rule", "color": TARGET, "strokeDash": [6, 3], "strokeWidth": 1.4}
    words = {"type": "text", "color": TARGET, "align": "left", "baseline": "middle", "dx": 6, "fontSize": 11}
    at_end = {"value": "width"}
    return [_layer(rows, rule, x=None), _layer(rows, words, x=at_end, text={"field": "text"})]


def _flag(flag: Flag) -> list[Spec]:
    rows = [{"day": _moment(flag.day), "text": flag.sign}]
    rule = {"color": INK, "strokeWidth": 1.4} if flag.is_phase else {"color": MUTED, "strokeDash": [2, 2]}
    above = {"type": "text", "color": INK, "baseline": "bottom", "dy": -2 - flag.height, "fontSize": 11}
    return [
        _layer(rows, {"type": "rule", **rule}, y=None),
        _layer(rows, above, y={"value": 0}, text={"field": "text"}),
    ]


def _bars(chart: Chart) -> list[Spec]:
    rows = [
        {
            "name": one.label,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "end": max(one.value or 0.0, one.high or 0.0),
            "text": one.words,
            "fill": BAR if one.settled else PAPER,
        }
        for one in chart.lines[0].points
    ]
    bar = {"type": "bar", "stroke": BAR, "strokeWidth": 1.4, "height": {"band": 0.6}}
    words = {"type": "text", "align": "left", "dx": 5, "color": INK, "fontSize": 11}
    spread = [row for row in rows if row["low"] is not None and row["high"] is not None]
    layers = [
        _layer([row for row in rows if row["value"] is not None], bar, fill=_as_is("fill")),
        _layer(spread, {"type": "rule", "color": INK}, x=_values(chart, "low"), x2={"field": "high"}),
        _layer(rows, words, x=_values(chart, "end"), text={"field": "text"}),
    ]
    axis = {"labelLimit": 260, "ticks": False, "domain": False}
    names = {"field": "name", "type": "nominal", "sort": [row["name"] for row in rows], "title": None, "axis": axis}
    return _placed(layers, x=_values(chart, "value"), y=names)


def _timeline(chart: Chart) -> list[Spec]:
    labels = [row.name if row.start else f"   {row.name}" for row in chart.rows]
    spans = [
        {"day": _moment(row.start), "end": _moment(row.end), "row": at}
        for at, row in enumerate(chart.rows)
        if row.start is not None and row.end is not None
    ]
    marks = [_mark(mark, row, at) for at, row in enumerate(chart.rows) for mark in row.marks]
    today = [{"day": _moment(chart.today)}] if chart.today is not None else []
    point = {"type": "point", "size": 70, "strokeWidth": 1.6, "opacity": 1}
    layers = [
        _layer(spans, {"type": "bar", "color": BAND, "height": {"band": 0.5}}, x2={"field": "end"}),
        _layer(today, {"type": "rule", "color": MUTED}, y=None),
        _layer(marks, point, shape=_as_is("shape"), fill=_as_is("fill"), stroke=_as_is("stroke")),
    ]
    texts = f"({json.dumps(labels)})[datum.value]"
    # Browsers write wider than the renderer measures, and what does not fit is cut.
    axis = {"labelExpr": texts, "labelLimit": 250, "minExtent": 280, "ticks": False, "domain": False, "grid": True}
    scale = {"domain": list(range(len(labels)))}
    place = {"field": "row", "type": "ordinal", "scale": scale, "axis": axis, "title": None}
    return _placed(layers, x=_time(chart), y=place)


def _mark(mark: Mark, row: Row, at: int) -> dict[str, Any]:
    colour = STATES.get(row.state, GROUPS[0])
    shape, filled = _MARKS[mark.kind]
    fill = colour if filled else PAPER
    return {"day": _moment(mark.day), "row": at, "shape": shape, "fill": fill, "stroke": colour}


def _layer(rows: list[dict[str, Any]], mark: dict[str, Any], **encoding: dict[str, Any] | None) -> Spec:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _placed(layers: list[Spec], x: dict[str, Any], y: dict[str, Any]) -> list[Spec]:
    """The layers that have rows, each on these axes unless it has its own or, where that is None, none."""
    found = []
    for layer in layers:
        encoding = {"x": x, "y": y, **layer["encoding"]}
        kept = {channel: what for channel, what in encoding.items() if what is not None}
        if layer["data"]["values"]:
            found.append({**layer, "encoding": kept})
    return found


def _as_is(field: str) -> dict[str, Any]:
    """A colour or shape that stands in the row itself."""
    return {"field": field, "type": "nominal", "scale": None}


def _points(points: Iterable[Point]) -> list[dict[str, Any]]:
    return [{"day": _moment(point.middle), "value": point.value} for point in points]


def _paired(points: tuple[Point, ...]) -> Iterable[tuple[dict[str, Any], Point]]:
    return zip(_points(points), points, strict=True)


def _time(chart: Chart) -> dict[str, Any]:
    """Days in UTC, with ticks and words of our own: the renderer's are English and know no fiscal year."""
    start, end = chart.span or (date.min, date.min)
    if chart.kind == "timeline":  # marks stand on their day and need room beside it
        room = (end - start) / 40 + timedelta(days=7)
        start, end = start - room, end + room
    ticks = day_ticks(start, end, chart.locale)
    texts = {str(_moment(one.day)): [one.text, one.year] for one in ticks}
    axis = {
        "values": [_moment(one.day) for one in ticks],
        "labelExpr": f"({json.dumps(texts)})[time(datum.value)]",
        "grid": False,
        "labelAngle": 0,
        "labelOverlap": False,
    }
    scale = {"type": "utc", "domain": [_moment(start), _moment(end)], "nice": False}
    return {"field": "day", "type": "temporal", "scale": scale, "axis": axis, "title": None}


def _values(chart: Chart, field: str) -> dict[str, Any]:
    """The chart's own limits, ticks and texts of ticks."""
    values, texts = zip(*chart.axis.ticks, strict=True)
    axis = {
        "values": list(values),
        "labelExpr": f"({json.dumps(texts)})[round((datum.value - {chart.axis.low}) / {values[1] - values[0]})]",
        "domain": False,
        "ticks": False,
        "labelOverlap": False,
    }
    scale = {"domain": [chart.axis.low, chart.axis.high], "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis, "title": None}


def _moment(day: date) -> int:
    """Milliseconds since 1970 of a day's beginning in UTC."""
    return int(datetime.combine(day, time(), tzinfo=UTC).timestamp() * 1000)


def _dash(index: int) -> list[int]:
    dash = DASHES[index % len(DASHES)]
    return _SETTLED_DASH if dash == "solid" else [int(part) for part in dash.split(",")]


def _height(chart: Chart, height: int) -> int:
    if chart.kind == "series":
        return height
    return ROW_HEIGHT * (len(chart.rows) if chart.kind == "timeline" else len(chart.lines[0].points))


def _config(font: str) -> dict[str, Any]:
    return {
        "font": font,
        "background": "transparent",
        "aria": False,
        "view": {"stroke": None},
        "axis": {"labelColor": INK, "labelFontSize": 11, "gridColor": GRID, "tickColor": MUTED, "domainColor": MUTED},
    }


def _labelled(text: str, chart: Chart, name: str) -> str:
    """The SVG as one picture with a label, sized by the place it stands in, its ids its own."""
    root = etree.fromstring(text)
    for element in root.iter(etree.Element):
        for attribute, value in [(str(key), str(value)) for key, value in element.attrib.items()]:
            if attribute == "role" or attribute.startswith("aria-"):
                del element.attrib[attribute]  # inside a picture there is nothing to read; unnamed roles are a fault
            else:
                element.set(attribute, re.sub(r"\bclip(\d+)\b", rf"{name or 'chart'}-clip\1", value))
    told = {"role": "img", "aria-label": chart.alt, "class": "chart", "overflow": "visible"}
    for attribute, value in told.items():
        root.set(attribute, value)
    return etree.tostring(root, encoding="unicode")


def _empty(chart: Chart, width: int, font: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(chart.alt)}" class="chart" xmlns="http://www.w3.org/2000/svg" '
        f'width="{width}" height="40" viewBox="0 0 {width} 40"><text x="0" y="24" font-family="{escape(font)}" '
        f'font-size="12" fill="{MUTED}">No value to draw</text></svg>'
    )
