"""What a count of reports is read beside: its rate, those among whom it can happen, and what a survey hears.

It asks the door for the newest settled figure of each, as the page is narrowed; it judges nothing.
"""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import cards, door, names
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import draw, link, markup
from data_contracts.faults import UserFault
from metrics import query
from metrics.answer import Released
from metrics.semantic.model import Grain, Metric


def show(answer: Released) -> None:
    """The metrics without which the answer's own is not read, and the sentence that it cannot tell by itself."""
    paired = list(_paired(answer.metric))
    if not paired:
        return
    columns = [_("beside-part"), _("column-metric"), _("column-last"), _("column-interval")]
    rows = [(_(f"beside-{part}"), *_row(metric, answer.by, dict(answer.where))) for part, metric in paired]
    draw(markup(_("beside-title"), columns, rows, empty=_("answer-empty"), stacked=True))
    draw(Markup('<p class="up-note">{}</p>').format(_("beside-cannot-tell")))


def _paired(metric: Metric) -> Iterator[tuple[str, Metric]]:
    if metric.read_with is None:
        return
    known = query.definitions()
    yield from (("rate", one) for one in known.values() if one.is_rate_of(metric))
    if metric.read_with.exposure is not None:
        yield "exposure", known[metric.read_with.exposure]
    yield "prevalence", known[metric.read_with.prevalence]


def _row(metric: Metric, by: Grain, chosen: Mapping[str, str]) -> tuple[Markup, Markup | str, str]:
    where, by = cards.narrowed(metric.id, chosen), cards.grain_of(metric.id, by)
    name = link(metric.title, "metric", metric=metric.id, by=by, **where)
    try:
        answer = door.ask(metric.id, by=by, where=where)
    except UserFault as fault:
        return name, fault.found, "–"
    last = answer.last_final
    if last is None:
        return name, number(answer.figures[-1], answer) if answer.figures else _("answer-empty"), "–"
    left_out = [_("card-left-out", dimension=names.dimension(one)) for one in chosen if one not in where]
    told = Markup("<strong>{}</strong> <small>{}</small>").format(
        number(last, answer), "; ".join([words.short_period(last, by), *left_out])
    )
    return name, told, words.interval(last, metric.unit) or "–"
