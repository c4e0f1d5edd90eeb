"""The way to a target: the settled figures, the straight line to the target, and where the series drifts.

It computes nothing and knows no page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import plotly.graph_objects as go

from dashboard.charts import words
from dashboard.charts.axis import Axis, value_axis
from dashboard.charts.canvas import canvas, scale, text
from dashboard.charts.palette import BAND, GROUPS, TARGET, USUAL
from metrics.answer import Figure
from metrics.outlook import Ahead, Outlook
from metrics.target_path import Path

HEIGHT: Final = 320
LOOKING_BACK: Final = timedelta(days=183)  # before the target's time begins


@dataclass(frozen=True)
class Stop:
    """A value on the last day of its period, and what it says."""

    day: date
    value: float
    told: str


@dataclass(frozen=True)
class AheadChart:
    """The way to a target before it is drawn. alt: the chart in words.

    stops: the settled figures. way: the two ends of the line; expected: where it is by now. fan: the periods to come.
    """

    title: str
    alt: str
    stops: tuple[Stop, ...]
    way: tuple[Stop, ...]
    expected: Stop | None
    target: Stop
    fan: tuple[Ahead, ...]
    axis: Axis
    notes: tuple[str, ...]


def ahead_chart(found: Outlook, locale: str = words.LOCALE) -> AheadChart:
    """The description of an outlook: half a year before the target's time, all of it since, and what is to come."""
    title = "The way to the target"
    unit, aim = found.released.metric.unit, found.aim
    since = min(aim.starts_on, found.released.as_of) - LOOKING_BACK
    settled = [one for one in found.released.figures if one.state == "final" and one.shown and one.end >= since]
    stops = tuple(_stop(one, found, locale) for one in settled)
    target = Stop(aim.ends_on, aim.value, f"Target {words.number(aim.value, unit, locale)}")
    way, expected = _way(found, target, locale)
    reach = [one.value for one in (*stops, *way, target)]
    reach += [value for one in found.fan for value in (one.low95, one.high95)]
    return AheadChart(
        title=title,
        alt=" ".join(
            _alt(f"{found.released.metric.title}: the way to the target", stops, expected, target, found, locale)
        ),
        stops=stops,
        way=way,
        expected=expected,
        target=target,
        fan=found.fan,
        axis=value_axis(reach, unit, locale=locale),
        notes=tuple(_notes(found)),
    )


def interactive(chart: AheadChart) -> go.Figure:
    """The Plotly figure. Its text alternative is `chart.alt`."""
    figure = go.Figure(layout=canvas(chart.title, HEIGHT))
    days = [one.day for one in (*chart.stops, *chart.way, chart.target)]
    room = (max(days) - min(days)) / 60
    figure.update_xaxes(type="date", range=[(min(days) - room).isoformat(), (max(days) + room).isoformat()])
    figure.update_yaxes(**scale(chart.axis))
    _fan(figure, chart)
    if chart.way:
        figure.add_scatter(
            x=_days(chart.way), y=_values(chart.way), mode="lines", hoverinfo="skip",
            line={"color": TARGET, "width": 1.5, "dash": "dash"},
        )  # fmt: skip
    figure.add_scatter(
        x=_days(chart.stops), y=_values(chart.stops), mode="lines+markers",
        line={"color": GROUPS[0], "width": 2}, marker={"size": 6, "color": GROUPS[0]},
        customdata=[one.told for one in chart.stops], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    for one, symbol in ((chart.expected, "circle-open"), (chart.target, "diamond")):
        if one is not None:
            figure.add_scatter(
                x=[one.day.isoformat()], y=[one.value], mode="markers", cliponaxis=False,
                marker={"symbol": symbol, "size": 11, "color": TARGET, "line": {"color": TARGET, "width": 2}},
                hovertemplate=f"{text(one.told)}<extra></extra>",
            )  # fmt: skip
    falls = bool(chart.way) and chart.way[0].value > chart.target.value  # then the way lies above its end
    figure.add_annotation(
        x=chart.target.day.isoformat(), y=chart.target.value, text=text(chart.target.told), showarrow=False,
        xanchor="right", yanchor="top" if falls else "bottom", yshift=-7 if falls else 7, font={"color": TARGET},
    )  # fmt: skip
    return figure


def _stop(one: Figure, found: Outlook, locale: str) -> Stop:
    released = found.released
    told = f"{words.period(one, released.by, locale)}: {words.figure(one, released, locale)}"
    return Stop(one.end, one.value or 0.0, told)


def _way(found: Outlook, target: Stop, locale: str) -> tuple[tuple[Stop, ...], Stop | None]:
    """The ends of the line, and where it is by now."""
    path = found.path
    if not isinstance(path, Path):
        return (), None
    begin = Stop(path.begins_on, found.aim.value if path.is_held else path.base, "")
    told = f"Should be by now: {words.number(path.expected, found.released.metric.unit, locale)}"
    return (begin, target), Stop(path.now.end, path.expected, told)


def _alt(
    title: str, stops: Sequence[Stop], expected: Stop | None, target: Stop, found: Outlook, locale: str
) -> Iterator[str]:
    yield f"{title}."
    if stops:
        yield f"Last settled figure: {stops[-1].told}."
    if expected is not None:
        yield f"{expected.told}."
    yield f"{target.told} on {words.day(target.day, locale)}."
    if found.fan:
        last, unit = found.fan[-1], found.released.metric.unit
        low, high = (words.number(one, unit, locale) for one in (last.low80, last.high80))
        yield f"If it drifts on, it is {low} to {high} on {words.day(last.period.end, locale)} (80 % interval)."


def _notes(found: Outlook) -> Iterator[str]:
    if isinstance(found.path, Path):
        yield "Dashed: the straight way to the target; open circle: where it should be by now."
    if found.fan:
        yield "Shaded: where it is with 80 % (dark) and 95 % (light) if it drifts on as it did."


def _fan(figure: go.Figure, chart: AheadChart) -> None:
    """The intervals widen from the last settled figure on."""
    if not chart.fan or not chart.stops:
        return
    last = chart.stops[-1]
    days = [last.day.isoformat(), *(one.period.end.isoformat() for one in chart.fan)]
    for low, high, colour in (("low95", "high95", USUAL), ("low80", "high80", BAND)):
        upper = [last.value, *(getattr(one, high) for one in chart.fan)]
        lower = [last.value, *(getattr(one, low) for one in chart.fan)]
        figure.add_scatter(
            x=[*days, *reversed(days)], y=[*upper, *reversed(lower)], fill="toself", fillcolor=colour,
            line={"width": 0}, mode="lines", hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=days, y=[last.value, *(one.mean for one in chart.fan)], mode="lines", hoverinfo="skip",
        line={"color": GROUPS[0], "width": 1.5, "dash": "dot"},
    )  # fmt: skip


def _days(stops: Sequence[Stop]) -> list[str]:
    return [one.day.isoformat() for one in stops]


def _values(stops: Sequence[Stop]) -> list[float]:
    return [one.value for one in stops]
