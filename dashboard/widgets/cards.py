"""Small multiples: one card per metric with its newest settled value, the one before, and a small chart.

Each card leads to the metric's own page, narrowed as the card is. A metric that cannot be asked says why.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.compose import series
from dashboard.widgets import door, names, plan
from dashboard.widgets.language import _
from dashboard.widgets.small_chart import small_chart
from dashboard.widgets.table import draw, link
from data_contracts.faults import UserFault
from metrics import query
from metrics.answer import Figure, Released
from metrics.semantic.model import Grain

LATEST: Final[Mapping[Grain, int]] = {"week": 53, "month": 25, "quarter": 9, "fiscal_year": 6, "total": 1}


def cards(metrics: Sequence[str], by: Grain, chosen: Mapping[str, str]) -> None:
    """Draws the cards in one grid; a choice that a metric has no dimension for is left out, and the card says so."""
    drawn = Markup("").join(_asked(name, by, chosen) for name in metrics)
    draw(Markup('<div class="up-cards">{}</div>').format(drawn))


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


def _asked(metric: str, by: Grain, chosen: Mapping[str, str]) -> Markup:
    where = narrowed(metric, chosen)
    try:
        answer = door.ask(metric, by=grain_of(metric, by), where=where)
    except UserFault as fault:
        told = Markup('<article class="up-card"><p class="up-title">{}</p><p>{}: {}. {}</p></article>')
        return told.format(query.definitions()[metric].title, fault.where, fault.found, fault.remedy)
    left_out = tuple(name for name in chosen if name not in where)
    return card(newest(answer), plan.target_of(answer), left_out)


@door.remembered
def card(answer: Released, target: float | None, left_out: tuple[str, ...]) -> Markup:
    """One card. left_out: dimensions that were chosen and that the metric does not have."""
    chart = series(answer, target)
    asked = {"metric": answer.metric.id, "by": answer.by, **dict(answer.where)}
    settled = [one for one in answer.figures if one.shown and one.state == "final"]
    notes = [_("card-left-out", dimension=names.dimension(name)) for name in left_out]
    if target is not None and chart.target is not None:
        notes.append(_("card-target", target=words.number(target, answer.metric.unit)))
    if answer.withheld_count:
        notes.append(_("card-withheld", count=answer.withheld_count, minimum=str(answer.minimum)))
    return Markup(
        '<article class="up-card"><p class="up-title">{}</p><p class="up-value">{}</p>'
        '<p class="up-before">{}</p>{}{}</article>'
    ).format(
        link(answer.metric.title, "metric", **asked),
        _value(settled[-1], answer) if settled else _absent(answer),
        _before(settled, answer),
        small_chart(chart),
        Markup("").join(Markup('<p class="up-note">{}</p>').format(note) for note in notes),
    )


def _value(one: Figure, answer: Released) -> Markup:
    told = Markup("<strong>{}</strong> {}")
    return told.format(words.figure(one, answer), words.short_period(one, answer.by))


def _absent(answer: Released) -> str:
    return words.figure(answer.figures[-1], answer) if answer.figures else _("answer-empty")


def _before(settled: Sequence[Figure], answer: Released) -> str:
    if len(settled) < 2:
        return _("card-no-before") if settled else ""
    before = settled[-2]
    return _("card-before", value=words.figure(before, answer), period=words.short_period(before, answer.by))
