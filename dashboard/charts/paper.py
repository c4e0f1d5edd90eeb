"""Draws a chart for documents: SVG text by Altair and vl-convert, without a browser, the same bytes for the same chart.

It decides nothing that the chart does not say.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from html import escape
from typing import Any, Final

import altair as alt
import vl_convert

from dashboard.charts.axis import day_ticks
from dashboard.charts.chart import Chart, Line, Point, Row
from dashboard.charts.palette import BAND, BAR, DASHES, GRID, GROUPS, INK, MUTED, PAPER, SCREEN_FONT, STATES, TARGET

VEGA_LITE: Final = "6.4"
WIDTH, HEIGHT, ROW_HEIGHT = 560, 190, 22
_SHAPES: Final = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross")
_MARKS: Final = {"planned": ("circle", False), "forecast": ("diamond", True), "actual": ("circle", True)}
_SETTLED_DASH: Final = [1, 0]
_OPEN_DASH: Final = [3, 3]


def svg(chart: Chart, width: int = WIDTH, height: int = HEIGHT, font: str = SCREEN_FONT, name: str = "") -> str:
    """The chart as one SVG element with role and label; the title is the document's to write.

    width, height: of the plot, in pixels, without labels; bars and timelines are as high as their rows need.
    name: goes before the ids inside, which must differ where several charts stand in one document.
    """
    if chart.is_empty:
        return _empty(chart, width, font)
    layers = {"series": _series, "bars": _bars, "timeline": _timeline}[chart.kind](chart)
    drawn = alt.layer(*layers).properties(width=width, height=_height(chart, height)).configure(**_config(font))
    text: str = vl_convert.vegalite_to_svg(json.dumps(drawn.to_dict()), vl_version=VEGA_LITE)
    return _labelled(text, chart, name)


def _series(chart: Chart) -> list[alt.Chart]:
    layers = [_band(run, chart) for run in chart.lines[0].bands()] if len(chart.lines) == 1 else []
    layers += _grid_lines(chart)
    for index, line in enumerate(chart.lines):
        layers += _line(chart, line, index)
    return layers


def _line(chart: Chart, line: Line, index: int) -> list[alt.Chart]:
    colour, dash = GROUPS[index % len(GROUPS)], _dash(index)
    layers = [
        _over_time(chart, _points(stroke.points)).mark_line(
            color=colour, strokeWidth=2, strokeDash=dash if stroke.settled else _OPEN_DASH
        )
        for stroke in line.strokes()
    ]
    for settled in (True, False):
        points = [point for point in line.shown if point.settled is settled]
        if points:
            layers.append(
                _over_time(chart, _points(points)).mark_point(
                    shape=_SHAPES[index % len(_SHAPES)], size=32, stroke=colour, strokeWidth=1.4, opacity=1,
                    fill=colour if settled else PAPER,
                )
            )  # fmt: skip
    if len(chart.lines) > 1 and line.shown:
        layers.append(
            _over_time(chart, [{**_points(line.shown[-1:])[0], "name": line.name}])
            .mark_text(align="left", dx=7, color=colour, fontSize=11)
            .encode(text="name:N")
        )
    return layers


def _band(run: tuple[Point, ...], chart: Chart) -> alt.Chart:
    data = [{"day": _moment(point.middle), "low": point.low, "high": point.high} for point in run]
    area = _of(data).mark_area(color=BAND, opacity=0.7)
    drawn: alt.Chart = area.encode(x=_time(chart), y=alt.Y("low:Q", **_value_axis(chart)), y2="high:Q")
    return drawn


def _grid_lines(chart: Chart) -> list[alt.Chart]:
    """The target, and what happened on which day."""
    layers = []
    if chart.target is not None:
        place = _of([{"value": chart.target, "text": chart.target_words}])
        y = alt.Y("value:Q", **_value_axis(chart))
        layers.append(place.mark_rule(color=TARGET, strokeDash=[6, 3], strokeWidth=1.4).encode(y=y))
        words = place.mark_text(color=TARGET, align="left", baseline="middle", dx=6, fontSize=11)
        layers.append(words.encode(x=alt.value("width"), y=y, text="text:N"))
    for number, one in enumerate(chart.annotations, start=1):
        place = _of([{"day": _moment(one.day), "text": str(number)}])
        layers.append(place.mark_rule(color=MUTED, strokeDash=[2, 2]).encode(x=_time(chart)))
        above = place.mark_text(color=INK, baseline="bottom", dy=-2, fontSize=11)
        layers.append(above.encode(x=_time(chart), y=alt.value(0), text="text:N"))
    return layers


def _bars(chart: Chart) -> list[alt.Chart]:
    points = chart.lines[0].points
    rows = [
        {"name": one.label, "value": one.value, "low": one.low, "high": one.high, "text": one.words} for one in points
    ]
    name = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=260, ticks=False, domain=False))
    value = alt.X("value:Q", **_value_axis(chart))
    layers = []
    for settled in (True, False):
        kept = [row for row, one in zip(rows, points, strict=True) if one.value is not None and one.settled is settled]
        bar = _of(kept).mark_bar(fill=BAR if settled else PAPER, stroke=BAR, strokeWidth=1.4, height={"band": 0.6})
        layers += [bar.encode(y=name, x=value)] if kept else []
    spread = [row for row in rows if row["low"] is not None and row["high"] is not None]
    if spread:
        rule = _of(spread).mark_rule(color=INK)
        layers.append(rule.encode(y=name, x=alt.X("low:Q", **_value_axis(chart)), x2="high:Q"))
    ends = [{**row, "at": max(row["value"] or 0.0, row["high"] or 0.0)} for row in rows]
    text = _of(ends).mark_text(align="left", dx=5, color=INK, fontSize=11)
    layers.append(text.encode(y=name, x=alt.X("at:Q", **_value_axis(chart)), text="text:N"))
    return layers


def _timeline(chart: Chart) -> list[alt.Chart]:
    names = alt.Scale(domain=list(range(len(chart.rows))), paddingInner=0.2)
    labels = {str(at): row.name if row.start else f"   {row.name}" for at, row in enumerate(chart.rows)}
    axis = alt.Axis(labelExpr=f"({json.dumps(labels)})[datum.value]", labelLimit=250, ticks=False, domain=False)
    place = alt.Y("row:O", scale=names, axis=axis, title=None)
    layers: list[alt.Chart] = []
    for at, row in enumerate(chart.rows):
        layers += _row(chart, row, at, place)
    if chart.today is not None:
        today = _of([{"day": _moment(chart.today)}])
        layers.append(today.mark_rule(color=MUTED).encode(x=_time(chart)))
    return layers


def _row(chart: Chart, row: Row, at: int, place: alt.Y) -> list[alt.Chart]:
    colour = STATES.get(row.state, GROUPS[0])
    layers = []
    if row.start is not None and row.end is not None:
        data = [{"day": _moment(row.start), "end": _moment(row.end), "row": at}]
        bar = _of(data).mark_bar(color=BAND, height={"band": 0.5})
        layers.append(bar.encode(x=_time(chart), x2="end:T", y=place))
    for mark in row.marks:
        shape, filled = _MARKS[mark.kind]
        data = [{"day": _moment(mark.day), "row": at}]
        drawn = _of(data).mark_point(
            shape=shape, size=70, stroke=colour, fill=colour if filled else PAPER, strokeWidth=1.6, opacity=1
        )
        layers.append(drawn.encode(x=_time(chart), y=place))
    return layers


def _over_time(chart: Chart, data: list[dict[str, Any]]) -> alt.Chart:
    return _of(data).encode(x=_time(chart), y=alt.Y("value:Q", **_value_axis(chart)))


def _of(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _points(points: Iterable[Point]) -> list[dict[str, Any]]:
    return [{"day": _moment(point.middle), "value": point.value} for point in points]


def _time(chart: Chart) -> alt.X:
    """Days in UTC, with ticks and words of our own: the renderer's are English and know no fiscal year."""
    start, end = chart.span or (date.min, date.min)
    ticks = day_ticks(start, end, chart.locale)
    texts = {str(_moment(one.day)): [one.text, one.year] for one in ticks}
    axis = alt.Axis(
        values=[_moment(one.day) for one in ticks], labelExpr=f"({json.dumps(texts)})[time(datum.value)]",
        grid=False, labelAngle=0, labelOverlap=False,
    )  # fmt: skip
    scale = alt.Scale(type="utc", domain=[_moment(start), _moment(end)], nice=False)
    return alt.X("day:T", scale=scale, axis=axis, title=None)


def _value_axis(chart: Chart) -> dict[str, Any]:
    texts = [text for _, text in chart.axis.ticks]
    axis = alt.Axis(
        values=[value for value, _ in chart.axis.ticks],
        labelExpr=f"({json.dumps(texts)})[round((datum.value - {chart.axis.low}) / {_tick_step(chart)})]",
        domain=False, ticks=False, labelOverlap=False,
    )  # fmt: skip
    scale = alt.Scale(domain=[chart.axis.low, chart.axis.high], nice=False, zero=False)
    return {"scale": scale, "axis": axis, "title": None}


def _tick_step(chart: Chart) -> float:
    return chart.axis.ticks[1][0] - chart.axis.ticks[0][0]


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
    """The SVG with role and label on its root, sized by the place it stands in, its ids its own."""
    body = text[text.index("<svg") :]
    head, rest = body.split(">", 1)
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', head)
    label = f'<svg role="img" aria-label="{escape(chart.alt)}" class="chart" overflow="visible"'
    head = re.sub(r' class="[^"]*"', "", head).replace("<svg", label, 1)
    if size and "viewBox" not in head:
        head += f' viewBox="0 0 {size[1]} {size[2]}"'
    return re.sub(r"\bclip(\d+)\b", rf"{name or 'chart'}-clip\1", f"{head}>{rest}")


def _empty(chart: Chart, width: int, font: str) -> str:
    return (
        f'<svg role="img" aria-label="{escape(chart.alt)}" class="chart" xmlns="http://www.w3.org/2000/svg" '
        f'width="{width}" height="40" viewBox="0 0 {width} 40"><text x="0" y="24" font-family="{escape(font)}" '
        f'font-size="12" fill="{MUTED}">No value to draw</text></svg>'
    )
