"""Survey waves: each measure's share with its 95 % interval, wave by wave, as small charts and as one table."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from markupsafe import Markup, escape

from dashboard.charts import words
from dashboard.charts.axis import Axis, value_axis
from dashboard.charts.palette import GRID, GROUPS, INK, MUTED
from dashboard.widgets import door, names
from dashboard.widgets.answer import rests_on
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.small_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from dashboard.widgets.table import Group, Row, draw, link, markup
from metrics.answer import Figure, Released

DIMENSION: Final = "wave"
ROOM, BELOW = 42, 26  # pixels that a wave's name needs beside and below its dot


def cards(metrics: Sequence[str], chosen: Mapping[str, str]) -> None:
    """A card per measure, and below them all shares of all waves as one table."""
    answers = [door.ask(name, by="total", split=[DIMENSION], where=chosen) for name in metrics]
    order = list(waves(metrics[0]))
    drawn = Markup("").join(_card(answer, order) for answer in answers)
    draw(Markup('<div class="up-cards">{}</div>').format(drawn))
    draw(_table(answers, order))


def waves(metric: str) -> Mapping[str, tuple[date, date]]:
    """The waves that have a figure, shown or withheld, oldest first, each with the days of its month."""
    found: dict[str, tuple[date, date]] = {}
    for one in door.ask(metric, by="month", split=[DIMENSION]).figures:
        if one.shown or one.state == "withheld":
            found.setdefault(one.group[0], (one.start, one.end))
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _card(answer: Released, order: Sequence[str]) -> Markup:
    figures = {one.group[0]: one for one in answer.figures}
    found = [(wave, figures[wave]) for wave in order if wave in figures]
    told = [
        Markup('<p class="up-{}">{}</p>').format(kind, text)
        for kind, text in zip(("value", "before"), _newest(found, answer), strict=False)
    ]
    title = link(answer.metric.title, "metric", metric=answer.metric.id, **dict(answer.where))
    body = Markup('<article class="up-card"><p class="up-title">{}</p>{}{}</article>')
    return body.format(title, Markup("").join(told), _svg(found, answer))


def _newest(found: Sequence[tuple[str, Figure]], answer: Released) -> list[Markup | str]:
    if not found:
        return [_("answer-empty")]
    wave, last = found[-1]
    spread = words.interval(last, answer.metric.unit)
    value = Markup("<strong>{}</strong> {}").format(number(last, answer), wave)
    return [value, _("waves-interval", interval=spread) if spread else words.absent(last.state)]


def _svg(found: Sequence[tuple[str, Figure]], answer: Released) -> Markup:
    """Dots with their intervals, the oldest wave left; a wave without a value says why in its place."""
    reach = [end for _wave, one in found for end in (one.value, one.low, one.high) if end is not None]
    axis = value_axis(reach, answer.metric.unit)
    label = _("waves-alt", title=answer.metric.title, waves="; ".join(_told(*one, answer) for one in found))
    step = (WIDTH - LEFT - RIGHT) / max(len(found), 1)
    drawn = [_grid(axis)]
    for at, (wave, one) in enumerate(found):
        x = LEFT + step * (at + 0.5)
        drawn += [_dot(x, one, axis, answer), _name(x, wave, at in (0, len(found) - 1), step)]
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="up-chart" role="img" aria-label="{escape(label)}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT + BELOW}"><title>{escape(label)}</title>{"".join(drawn)}</svg>'
    )


def _told(wave: str, one: Figure, answer: Released) -> str:
    spread = words.interval(one, answer.metric.unit)
    return f"{wave}: {words.figure(one, answer)}" + (f" ({spread})" if spread else "")


def _grid(axis: Axis) -> str:
    drawn = ""
    for value, text in (axis.ticks[0], axis.ticks[-1]):
        y = _height(value, axis)
        drawn += f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
        drawn += f'<text x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end" fill="{MUTED}">{escape(text)}</text>'
    return drawn


def _dot(x: float, one: Figure, axis: Axis, answer: Released) -> str:
    if one.value is None:
        why = escape(words.absent(one.state))
        return f'<text x="{x:.1f}" y="{HEIGHT / 2}" text-anchor="middle" fill="{INK}">{why}</text>'
    y = _height(one.value, axis)
    spread = ""
    if one.low is not None and one.high is not None:
        low, high = _height(one.low, axis), _height(one.high, axis)
        spread = f'<path d="M{x:.1f} {low:.1f}V{high:.1f}" stroke="{GROUPS[0]}" stroke-width="1.6"/>'
    return f'{spread}<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{GROUPS[0]}"/>'


def _name(x: float, wave: str, is_end: bool, step: float) -> str:
    """The wave's name below its dot, on two lines; between the ends only where there is room."""
    if step < ROOM and not is_end:
        return ""
    first, _dash, second = wave.partition("-")
    lines = "".join(
        f'<tspan x="{x:.1f}" y="{y}">{escape(part)}</tspan>' for part, y in ((first, HEIGHT + 9), (second, HEIGHT + 22))
    )
    return f'<text text-anchor="middle" fill="{MUTED}">{lines}</text>'


def _height(value: float, axis: Axis) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - axis.low) / (axis.high - axis.low)


def _table(answers: Sequence[Released], order: Sequence[str]) -> Markup:
    rows: list[Row | Group] = []
    for answer in answers:
        rows.append(Group(answer.metric.title))
        for wave in reversed(order):
            rows += [_row(wave, one, answer) for one in answer.of(wave).figures]
    where = names.chosen(dict(answers[0].where))
    caption = _("waves-caption", more=f" ({where})" if where else "")
    columns = [names.dimension(DIMENSION), _("column-share"), _("column-interval"), _("column-answers")]
    return markup(caption, columns, rows if order else [], empty=_("answer-empty"))


def _row(wave: str, one: Figure, answer: Released) -> Row:
    spread = words.interval(one, answer.metric.unit) or "–"
    return (wave, number(one, answer), spread, rests_on(one))
