"""Small multiples: one card per metric with its newest settled value, the one before, and a small chart.

Each card leads to the metric's own page, narrowed as the card is. A metric that cannot be asked says why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.chart import Chart
from dashboard.charts.compose import series
from dashboard.charts.control import Seen, reading, seen
from dashboard.widgets import door, names, plan, signal
from dashboard.widgets.language import _
from dashboard.widgets.number import number, sentence
from dashboard.widgets.small_chart import small_chart
from dashboard.widgets.table import draw, link
from data_contracts.faults import UserFault
from metrics import query
from metrics.answer import Figure, Released
from metrics.semantic.model import Grain

LATEST: Final[Mapping[Grain, int]] = {"week": 53, "month": 25, "quarter": 9, "fiscal_year": 6, "total": 1}
GROUPS_SHOWN: Final = 12


@dataclass(frozen=True)
class Card:
    """A card, and what is to be seen in its chart; None where the metric cannot be asked."""

    drawn: Markup
    seen: Seen | None


def cards(metrics: Sequence[str], by: Grain, chosen: Mapping[str, str]) -> None:
    """Draws the cards in one grid; a choice that a metric has no dimension for is left out, and the card says so."""
    _draw([_asked(name, by, chosen) for name in metrics])


def groups(answer: Released) -> None:
    """Draws a card for each group of an answer, the largest first; of many the others stand in the table."""
    parts = parts_of(answer)
    _draw([card(part, plan.target_of(part), (), names.chosen(dict(new))) for part, new in parts[:GROUPS_SHOWN]])
    if len(parts) > GROUPS_SHOWN:
        draw(Markup('<p class="up-note">{}</p>').format(_("cards-more", count=len(parts) - GROUPS_SHOWN)))


def parts_of(answer: Released) -> Sequence[tuple[Released, Sequence[tuple[str, str]]]]:
    """Every group as an answer of its own, narrowed to it, and to what; those of the most cases first.

    Figures that rest on nothing that is counted are ordered by their values.
    """
    parts = []
    for group in answer.groups():
        new = tuple(zip(answer.split, group, strict=True))
        figures = tuple(replace(one, group=()) for one in answer.of(*group).figures)
        where = tuple(sorted((*answer.where, *new)))
        parts.append((replace(answer, split=(), where=where, figures=figures), new))
    return sorted(parts, key=lambda part: _size(part[0]), reverse=True)


def narrowed(metric: str, chosen: Mapping[str, str]) -> Mapping[str, str]:
    """The part of the choice that the metric can be narrowed to."""
    dimensions = query.definitions()[metric].dimensions
    return {name: value for name, value in chosen.items() if name in dimensions}


def grain_of(metric: str, wanted: Grain) -> Grain:
    """The grain wanted, or the shortest that the metric has."""
    grains = query.definitions()[metric].grains
    return wanted if wanted in grains else grains[0]


def newest(answer: Released) -> Released:
    """The answer's newest periods, as many as a small chart can show."""
    return Released(**{**answer.__dict__, "figures": answer.figures[-LATEST[answer.by] :]})


def _asked(metric: str, by: Grain, chosen: Mapping[str, str]) -> Card:
    where = narrowed(metric, chosen)
    try:
        answer = door.ask(metric, by=grain_of(metric, by), where=where)
    except UserFault as fault:
        told = Markup('<article class="up-card"><p class="up-title">{}</p><p>{}: {}. {}</p></article>')
        return Card(told.format(query.definitions()[metric].title, fault.where, fault.found, fault.remedy), None)
    left_out = tuple(name for name in chosen if name not in where)
    return card(answer, plan.target_of(answer), left_out)


@door.remembered
def card(answer: Released, target: float | None, left_out: tuple[str, ...], title: str = "") -> Card:
    """One card. left_out: dimensions that were chosen and that the metric does not have; title: else the metric's."""
    course = door.course(answer, target)
    recent = newest(answer)
    chart = series(recent, target, course=course, intervals=False)
    chart = replace(chart, alt=f"{title}: {chart.alt}") if title else chart
    settled = [one for one in recent.figures if one.shown and one.state == "final"]
    drawn = Markup(
        '<article class="up-card"><p class="up-title">{}</p><p class="up-value">{}</p>'
        '<p class="up-before">{}</p>{}{}{}</article>'
    ).format(
        _title(answer, title),
        _value(settled[-1], answer) if settled else _absent(answer),
        _before(settled, answer),
        signal.brief(course) if settled else "",
        small_chart(chart),
        Markup("").join(Markup('<p class="up-note">{}</p>').format(note) for note in _notes(recent, chart, left_out)),
    )
    return Card(drawn, seen(chart, course))


def _draw(several: Sequence[Card]) -> None:
    draw(Markup('<div class="up-cards">{}</div>').format(Markup("").join(one.drawn for one in several)))
    draw(signal.listed(reading([one.seen for one in several if one.seen is not None])))


def _title(answer: Released, title: str) -> Markup | str:
    """A link to the metric's page; a group that has no name there cannot be chosen, and has none."""
    asked = {"metric": answer.metric.id, "by": answer.by, **dict(answer.where)}
    return link(title or answer.metric.title, "metric", **asked) if all(asked.values()) else title


def _notes(answer: Released, chart: Chart, left_out: tuple[str, ...]) -> Iterator[str]:
    for name in left_out:
        yield _("card-left-out", dimension=names.dimension(name))
    if chart.target is not None:
        yield _("card-target", target=words.number(chart.target, answer.metric.unit))
    yield from _rates(answer)
    if answer.metric.read_with is not None:
        yield _("card-cannot-tell")
    if answer.withheld_count:
        yield _("card-withheld", count=answer.withheld_count, minimum=str(answer.minimum))


def _rates(answer: Released) -> Iterator[Markup]:
    """The newest settled rate of what is counted, for exactly those whom the card counts."""
    for one in query.definitions().values():
        if one.is_rate_of(answer.metric) and all(name in one.dimensions for name, member in answer.where):
            rate = door.ask(one.id, by=grain_of(one.id, answer.by), where=dict(answer.where))
            last = rate.last_final
            if last is not None:
                period = words.short_period(last, rate.by)
                yield sentence("card-rate", {"value": (last, rate)}, title=one.title, period=period)


def _size(answer: Released) -> tuple[float, float]:
    last = answer.last_final
    return (0.0, 0.0) if last is None else (float(last.n or 0), last.value or 0.0)


def _value(one: Figure, answer: Released) -> Markup:
    told = Markup("<strong>{}</strong> {}")
    return told.format(number(one, answer), words.short_period(one, answer.by))


def _absent(answer: Released) -> str:
    return number(answer.figures[-1], answer) if answer.figures else _("answer-empty")


def _before(settled: Sequence[Figure], answer: Released) -> str:
    if len(settled) < 2:
        return _("card-no-before") if settled else ""
    before = settled[-2]
    return sentence("card-before", {"value": (before, answer)}, period=words.short_period(before, answer.by))
