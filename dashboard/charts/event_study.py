"""What a rollout changed, as a chart: the effect by time since the start, or the series with where it would have led.

It describes and draws for the screen; it computes nothing that the finding does not hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import plotly.graph_objects as go

from dashboard.charts import effect_words, words
from dashboard.charts.axis import Axis, value_axis
from dashboard.charts.palette import BAND, GRID, GROUPS, INK, MUTED, PAPER, SCREEN_FONT, TARGET
from metrics.answer import Released
from metrics.finding import Finding, Moment, Point
from metrics.semantic.model import Metric

HEIGHT: Final = 300
NOT_REACHED: Final = MUTED


@dataclass(frozen=True)
class Dot:
    """The effect in one stretch of time. at: its middle in periods since the start; words: as a reader is told."""

    at: float
    when: str
    value: float
    low: float | None
    high: float | None
    words: str
    interval: str


@dataclass(frozen=True)
class EventStudy:
    """The effect by time since the start, in the unit of `axis_title`; mean, low, high: the effect as a whole."""

    alt: str
    axis: Axis
    axis_title: str
    time_title: str
    before: tuple[Dot, ...]
    since: tuple[Dot, ...]
    mean: float
    low: float | None
    high: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One period of a series: its figure, the line through it, and where the time before would have led."""

    day: date
    when: str
    value: float | None
    words: str
    fitted: float | None
    otherwise: float | None


@dataclass(frozen=True)
class Interruption:
    """A series before and since something began on `start`, with its lines."""

    alt: str
    axis: Axis
    axis_title: str
    start: date
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def event_study(one: Finding, metric: Metric, locale: str = words.LOCALE) -> EventStudy | None:
    """The chart of a comparison; None for a finding without one."""
    if one.size is None or one.released is None or not one.points:
        return None
    scale = 100.0 if metric.unit == "share" or one.is_relative else 1.0
    dots = [(point, _dot(point, one, metric, scale, locale)) for point in one.points]
    before = tuple(dot for point, dot in dots if point.last < 0)
    since = tuple(dot for point, dot in dots if point.first >= 0)
    bounds = [None if bound is None else bound * scale for bound in (one.size.low, one.size.high)]
    reach = [value for dot in (*before, *since) for value in (dot.value, dot.low, dot.high) if value is not None]
    period = f"{words.GRAIN_WORDS[one.released.by]}s"
    notes = (
        "Each dot is how much further apart the wikis were than on average before it began.",
        "Thin lines: where 95 of 100 such dots would lie if nothing had changed, set around the dot."
        if one.method in ("alone", "together")
        else "Thin lines: 95 % interval.",
        "Shaded: the effect as a whole with its 95 % interval.",
    )
    return EventStudy(
        _told(one, metric, before, since, period, locale),
        value_axis([*reach, 0.0], "rate", locale=locale),  # its title says the unit, which is that of a difference
        effect_words.title_of_axis(one, metric),
        f"{period} since it began",
        before,
        since,
        one.size.value * scale,
        bounds[0],
        bounds[1],
        notes,
    )


def interruption(one: Finding, metric: Metric, start: date, locale: str = words.LOCALE) -> Interruption | None:
    """The chart of a series that is compared with its own time before; None for a finding without one."""
    if one.released is None or not one.moments:
        return None
    steps = tuple(_step(moment, one.released, locale) for moment in one.moments)
    reach = [value for step in steps for value in (step.value, step.fitted, step.otherwise) if value is not None]
    notes = ["Lines: the course before and since. Dashed: where the course before would have led."]
    if one.basis.season == "year_ago":
        notes.append("The lines go up and down as the same periods did a year before.")
    if one.basis.season == "fitted":
        notes.append("The lines go up and down with the time of the year.")
    axis = value_axis(reach, metric.unit, locale=locale)
    if axis.low > 0:
        notes.append("The axis does not start at 0.")
    title = "" if metric.unit == "share" else effect_words.title_of_axis(one, metric)
    return Interruption(_story(one, metric, start, steps, locale), axis, title, start, steps, tuple(notes))


def interactive(chart: EventStudy | Interruption) -> go.Figure:
    """The Plotly figure. Its text alternative is `chart.alt`; show it beside the figure, with a table."""
    figure = go.Figure(layout=_layout(chart.axis))
    if isinstance(chart, EventStudy):
        _draw_study(figure, chart)
    else:
        _draw_interruption(figure, chart)
    return figure


def _dot(point: Point, one: Finding, metric: Metric, scale: float, locale: str) -> Dot:
    size = point.size
    told, interval = effect_words.signed(size, one, metric, locale)
    low, high = (None if bound is None else bound * scale for bound in (size.low, size.high))
    middle = (point.first + point.last + 1) / 2
    return Dot(middle, _when(point, one), size.value * scale, low, high, told, interval)


def _when(point: Point, one: Finding) -> str:
    """ "weeks 1–4 since it began", "weeks 8–5 before it"."""
    period = words.GRAIN_WORDS[one.released.by] if one.released is not None else "period"
    first, last = (point.first + 1, point.last + 1) if point.first >= 0 else (-point.first, -point.last)
    place = "since it began" if point.first >= 0 else "before it"
    return f"{period} {first} {place}" if first == last else f"{period}s {first}–{last} {place}"


def _told(one: Finding, metric: Metric, before: Sequence[Dot], since: Sequence[Dot], period: str, locale: str) -> str:
    sentences = [f"{metric.title}: how much further apart, by {period} since it began."]
    for name, dots in (("Before", before), ("Since", since)):
        if dots:
            lowest, highest = min(dots, key=lambda dot: dot.value), max(dots, key=lambda dot: dot.value)
            sentences.append(f"{name}: between {lowest.words} ({lowest.when}) and {highest.words} ({highest.when}).")
    return " ".join([*sentences, f"As a whole: {effect_words.effect(one, metric, locale)}."])


def _step(moment: Moment, released: Released, locale: str) -> Step:
    figure = moment.figure
    day = figure.start + (figure.end - figure.start) / 2
    shown = figure.value if figure.state == "final" else None
    told = words.figure(figure, released, locale)
    return Step(day, words.period(figure, released.by, locale), shown, told, moment.fitted, moment.otherwise)


def _story(one: Finding, metric: Metric, start: date, steps: Sequence[Step], locale: str) -> str:
    def at(step: Step, value: float) -> str:
        return f"{words.number(value, metric.unit, locale)} ({step.when})"

    before = [step for step in steps if step.day < start and step.fitted is not None]
    since = [step for step in steps if step.otherwise is not None and step.fitted is not None]
    sentences = [f"{metric.title}, before and since {words.day(start, locale)}."]
    if before:
        first, last = before[0], before[-1]
        sentences.append(f"Before: from {at(first, first.fitted or 0.0)} to {at(last, last.fitted or 0.0)}.")
    if since:
        first, last = since[0], since[-1]
        sentences.append(f"Since: from {at(first, first.fitted or 0.0)} to {at(last, last.fitted or 0.0)};")
        sentences.append(f"without it, {words.number(last.otherwise or 0.0, metric.unit, locale)} at the end.")
    return " ".join([*sentences, f"Effect at the end: {effect_words.effect(one, metric, locale)}."])


def _layout(axis: Axis) -> dict[str, Any]:
    values, texts = zip(*axis.ticks, strict=True)
    line = {"gridcolor": GRID, "linecolor": MUTED, "tickfont": {"color": INK}, "automargin": True, "zeroline": False}
    return {
        "font": {"family": SCREEN_FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "height": HEIGHT,
        "margin": {"l": 8, "r": 16, "t": 24, "b": 8},
        "xaxis": line,
        "yaxis": {**line, "range": [axis.low, axis.high], "tickvals": list(values), "ticktext": list(texts)},
        "hoverlabel": {"font": {"family": SCREEN_FONT}},
        "showlegend": False,
    }


def _draw_study(figure: go.Figure, chart: EventStudy) -> None:
    last = max((dot.at for dot in chart.since), default=1.0) + 1
    if chart.low is not None and chart.high is not None:
        figure.add_shape(
            type="rect", x0=0, x1=last, y0=chart.low, y1=chart.high, fillcolor=BAND, opacity=0.6, layer="below",
            line={"width": 0},
        )  # fmt: skip
    figure.add_shape(type="line", x0=0, x1=last, y0=chart.mean, y1=chart.mean, line={"color": GROUPS[0], "width": 2})
    figure.add_hline(y=0, line={"color": INK, "width": 1})
    _began(figure, 0)
    for dots, colour, symbol in ((chart.before, NOT_REACHED, "circle-open"), (chart.since, GROUPS[0], "circle")):
        figure.add_scatter(
            x=[dot.at for dot in dots], y=[dot.value for dot in dots], mode="markers",
            marker={"color": colour, "size": 8, "symbol": symbol, "line": {"width": 1.5}},
            error_y=_whiskers(dots, colour),
            customdata=[[_escaped(dot.when), _escaped(dot.words), dot.interval] for dot in dots],
            hovertemplate="%{customdata[0]}<br><b>%{customdata[1]}</b><br>%{customdata[2]}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title=_title(chart.time_title))
    figure.update_yaxes(title=_title(chart.axis_title))


def _draw_interruption(figure: go.Figure, chart: Interruption) -> None:
    known = [step for step in chart.steps if step.value is not None]
    figure.add_scatter(
        x=_days(known), y=[step.value for step in known], mode="markers",
        marker={
            "color": [GROUPS[0] if step.otherwise is not None else NOT_REACHED for step in known],
            "symbol": ["circle" if step.otherwise is not None else "circle-open" for step in known], "size": 6,
        },
        customdata=[[_escaped(step.when), _escaped(step.words)] for step in known],
        hovertemplate="%{customdata[0]}<br><b>%{customdata[1]}</b><extra></extra>",
    )  # fmt: skip
    since = [step for step in chart.steps if step.otherwise is not None]
    before = [step for step in chart.steps if step.otherwise is None and step.day < chart.start]
    lines = (
        (before, [step.fitted for step in before], {"color": MUTED, "width": 2}),
        (since, [step.fitted for step in since], {"color": GROUPS[0], "width": 2.5}),
        (since, [step.otherwise for step in since], {"color": TARGET, "width": 2, "dash": "dash"}),
    )
    for steps, values, line in lines:
        figure.add_scatter(x=_days(steps), y=values, mode="lines", line=line, hoverinfo="skip")
    _began(figure, chart.start.isoformat())
    figure.update_yaxes(title=_title(chart.axis_title))


def _title(text: str) -> dict[str, Any]:
    return {"text": _escaped(text), "font": {"size": 13, "color": MUTED}}


def _began(figure: go.Figure, where: float | str) -> None:
    figure.add_vline(x=where, line={"color": MUTED, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=where, y=1, yref="paper", yanchor="bottom", xanchor="left", text="began", showarrow=False,
        font={"color": MUTED},
    )  # fmt: skip


def _whiskers(dots: Sequence[Dot], colour: str) -> dict[str, Any]:
    if any(dot.low is None or dot.high is None for dot in dots):
        return {"visible": False}
    return {
        "type": "data",
        "symmetric": False,
        "array": [(dot.high or 0.0) - dot.value for dot in dots],
        "arrayminus": [dot.value - (dot.low or 0.0) for dot in dots],
        "color": colour,
        "thickness": 1,
        "width": 3,
    }


def _days(steps: Iterable[Step]) -> list[str]:
    return [step.day.isoformat() for step in steps]


def _escaped(text: str) -> str:
    """Text from a plan or a definition as Plotly shall show it: it reads a little HTML."""
    return escape(text, quote=False)
