"""Shows what the plan's rollouts changed: a table of verdicts, and a card per rollout with chart and assumptions.

It arranges what `metrics.query.impact` found; it computes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from dashboard.charts import effect_words, words
from dashboard.charts.event_study import EventStudy, Interruption, event_study, interactive, interruption
from dashboard.charts.screen import PLOTLY_CONFIG
from dashboard.widgets import assumptions, names
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import Row, draw, markup
from metrics import query
from metrics.answer import Released
from metrics.finding import LEAST_AFTER, LEAST_BEFORE, Card, Finding
from metrics.impact import FALSE_ALARMS, verdicts
from metrics.semantic.model import Metric

CLASSES: Final[Mapping[str, str]] = {
    "improved": "met",
    "worsened": "missed",
    "no detectable effect": "unclear",
    "no verdict": "no_target",
}


def summary(found: Sequence[Card]) -> None:
    """Every verdict in one table, and how many of them chance alone may have made."""
    rows = [_row(card, one) for card in found for one in card.findings]
    columns = [_("column-rollout"), _("column-measure"), _("column-verdict"), _("column-effect"), _("column-said")]
    draw(markup(_("impact-summary"), columns, rows, empty=_("impact-empty"), stacked=True))
    count = verdicts(found)
    if count:
        st.markdown(_("impact-chance", count=count, false=words.decimal(count * FALSE_ALARMS, 1)))


def show(card: Card) -> None:
    """One rollout with everything that it is judged by."""
    with st.container(border=True):
        st.header(names.plain(card.title), anchor=_anchor(card))
        st.markdown(names.plain(_reached(card)))
        if card.evaluation is None:
            st.markdown(_("impact-unsaid"))
            return
        st.markdown(names.plain(_said(card)))
        for at, one in enumerate(card.findings):
            _finding(card, one, f"{_anchor(card)}-{at}")


def _row(card: Card, one: Finding) -> Row:
    metric = query.definitions().get(one.metric)
    title = one.metric if metric is None else metric.title
    effect = "" if metric is None or one.size is None else effect_words.effect(one, metric)
    reason = _reason(one, metric) if one.word == "no verdict" else ""
    told = ". ".join(part for part in (effect, reason) if part)
    link = Markup('<a href="#{}">{}</a>').format(_anchor(card), card.title)
    said = _("impact-said-before" if card.said_before else "impact-said-after")
    return (link, title, _verdict(one), told, said)


def _finding(card: Card, one: Finding, key: str) -> None:
    metric = query.definitions().get(one.metric)
    st.subheader(names.plain(one.metric if metric is None else metric.title))
    draw(Markup("<p>{}: {}</p>").format(_verdict(one), _sentence(one, metric)))
    if metric is None or one.released is None:
        return
    chart = event_study(one, metric) or interruption(one, metric, _last_day(card, one))
    if chart is not None:
        st.plotly_chart(_drawn(chart), theme=None, config=PLOTLY_CONFIG, alt=chart.alt, key=key)
        draw(_notes(chart))
        with st.expander(_("answer-table")):
            draw(_table(chart, metric, one.released))
    with st.expander(_("impact-assumptions")):
        st.markdown("\n".join(f"- {names.plain(text)}" for text in assumptions.told(one, metric)))
    _whole_page(one, metric)


def _verdict(one: Finding) -> Markup:
    symbol, _space, word = effect_words.verdict(one).partition(" ")
    told = Markup('<span class="up-status up-{}"><span aria-hidden="true">{}</span> {}</span>')
    return told.format(CLASSES[one.word], symbol, word)


def _sentence(one: Finding, metric: Metric | None) -> str:
    """The effect, what that is in numbers of things, and why there is no verdict."""
    parts = []
    if metric is not None and one.size is not None:
        effect, things = effect_words.effect(one, metric), effect_words.of_a_hundred(one, metric)
        told = _("impact-things", effect=effect, things=things) if things else effect
        parts.append(_("impact-at-the-end", effect=told) if one.method == "interrupted" else f"{told}.")
    parts.append(_reason(one, metric))
    return " ".join(part for part in parts if part)


def _reason(one: Finding, metric: Metric | None) -> str:
    """Why there is no verdict, or what could have been seen; "" where the verdict says all."""
    if one.reason is not None:
        needed = LEAST_AFTER if one.reason == "too_little_after" else LEAST_BEFORE
        least = needed.get(one.released.by, 0) if one.released is not None else 0
        period = words.GRAIN_WORDS[one.released.by] if one.released is not None else ""
        return _(
            f"impact-why-{one.reason}",
            least=words.count(least, period),
            other=words.listed([cut.title for cut in one.basis.cut]) if one.basis.cut else "",
            way=_(f"impact-way-{one.direction or 'up'}"),
            why=one.why,
        )
    if one.word == "no detectable effect" and metric is not None and one.smallest is not None:
        size = effect_words.amount(one.smallest, effect_words.unit_of(one, metric), one.is_relative)
        return _("impact-smallest", size=size)
    return ""


def _reached(card: Card) -> str:
    days: dict[date, list[str]] = {}
    for one in card.reaches:
        days.setdefault(one.day, []).append(names.member("wiki", one.wiki))
    told = [_("impact-on", day=words.day(day), wikis=words.listed(wikis)) for day, wikis in days.items()]
    return _("impact-began", days="; ".join(told))


def _said(card: Card) -> str:
    day = words.day(card.written_on) if card.written_on is not None else "–"
    place = "before" if card.said_before else "after"
    return _(f"impact-written-{place}", day=day, owner=names.role(card.owner))


def _last_day(card: Card, one: Finding) -> date:
    """The day from which on the series is after it: the last of those that it was judged by."""
    only = dict(one.released.where).get("wiki") if one.released is not None else None
    return max(reach.day for reach in card.reaches if reach.has_begun and only in (None, reach.wiki))


def _table(chart: EventStudy | Interruption, metric: Metric, answer: Released) -> Markup:
    if isinstance(chart, EventStudy):
        columns = [_("column-when"), _("column-effect"), _("column-interval")]
        rows: list[Row] = [(dot.when, dot.words, dot.interval) for dot in (*chart.before, *chart.since)]
        return markup(_("impact-by-time"), columns, reversed(rows), empty=_("answer-empty"))
    columns = [_("column-period"), _("column-value"), _("column-fitted"), _("column-otherwise")]
    return markup(_("impact-series"), columns, _steps(chart, metric, answer), empty=_("answer-empty"))


def _steps(chart: Interruption, metric: Metric, answer: Released) -> Iterator[Row]:
    """Each period with its figure, which leads to its receipt, and the lines through it."""
    figures = {words.period(one, answer.by): one for one in answer.figures}
    for step in reversed(chart.steps):
        lines = [words.number(one, metric.unit) if one is not None else "–" for one in (step.fitted, step.otherwise)]
        yield (step.when, number(figures[step.when], answer), *lines)


def _notes(chart: EventStudy | Interruption) -> Markup:
    items = Markup("").join(Markup("<li>{}</li>").format(note) for note in chart.notes)
    return Markup('<ul class="up-notes">{}</ul>').format(items)


def _whole_page(one: Finding, metric: Metric) -> None:
    """A link to the metric, narrowed to the wikis that were reached: to the one, or by wiki where there are several."""
    if one.released is None:
        return
    asked = {"metric": metric.id, "by": one.released.by, **dict(one.released.where)}
    if len(one.basis.reached) == 1:
        asked["wiki"] = one.basis.reached[0]
    elif one.basis.reached:
        asked |= {"split": "wiki", "view": "course"}
    st.page_link("pages/metric.py", label=_("answer-whole-page", title=names.plain(metric.title)), query_params=asked)


def _anchor(card: Card) -> str:
    return card.evaluation or "".join(one if one.isalnum() else "-" for one in card.title.lower())


@st.cache_resource(show_spinner=False, max_entries=100, hash_funcs={EventStudy: repr, Interruption: repr})
def _drawn(chart: EventStudy | Interruption) -> Any:
    return interactive(chart)  # a resource, not data: nobody changes it, and copying it takes longer than drawing
