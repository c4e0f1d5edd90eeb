"""A metric in words: where it stands in the plan, what it means, what it does not say, and the whole catalogue."""

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from dashboard.charts import signals, words
from dashboard.widgets import cards, door, names, plan, restated
from dashboard.widgets.language import _
from dashboard.widgets.number import number, paragraph, sentence
from dashboard.widgets.table import draw, link, markup
from data_contracts.faults import UserFault
from metrics.answer import Released
from metrics.semantic.model import Metric


def standing(answer: Released) -> None:
    """The newest settled value; where the plan has exactly this measure, its status, target and owner too."""
    for one in door.goals():
        if one.released.metric.id == answer.metric.id and one.released.where == answer.where and one.last:
            told = sentence("standing-goal", {"value": (one.last, one.released)}, goal=one.goal_title,
                            status=words.status(words.judged(one)), target=words.target(one),
                            period=words.period(one.last, one.released.by), course=signals.brief(one.course),
                            owner=names.role(one.owner))  # fmt: skip
            draw(paragraph(told))
            return
    last = answer.last_final
    if last is not None:
        draw(paragraph(sentence("standing-last", {"value": (last, answer)}, period=words.period(last, answer.by))))


def first(metrics: Mapping[str, Metric]) -> str:
    """The metric that is shown where nobody chose one: that of the plan's first measure."""
    return next((one.released.metric.id for one in door.goals()), min(metrics))


def show(metric: Metric) -> None:
    """Why it is counted, what it does not say, who owns and checked it, its changes, and how it is computed."""
    pairs = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*pair) for pair in _facts(metric))
    draw(Markup('<dl class="up-facts">{}</dl>').format(pairs))
    changes = [(str(one.version), words.day(one.on), one.why, one.moves) for one in reversed(metric.changes)]
    columns = [_("column-version"), _("column-since"), _("column-why"), _("column-moves")]
    draw(markup(_("changes-caption"), columns, changes, empty=_("changes-empty")))
    explained = door.explain(metric.id)
    with st.expander(_("definition-sql")):
        st.markdown(_("definition-feeds", feeds=words.listed([names.feed(one) for one in explained.sources])))
        st.code(explained.sql, language="sql")


def catalogue(metrics: Sequence[Metric], caption: str) -> Markup:
    """Several metrics: question, newest settled value, direction, owner, and when somebody must look again."""
    columns = [_("column-metric"), _("column-question"), _("column-last"), _("column-better"), _("column-owner")]
    columns += [_("column-pillar"), _("column-review"), _("column-restated")]
    rows = [
        (
            link(one.title, "metric", metric=one.id),
            one.question,
            last_value(one),
            _(f"better-{one.better}"),
            names.role(one.owner),
            _(f"pillar-{one.pillar}"),
            _review(one),
            _restated(one),
        )
        for one in metrics
    ]
    return markup(caption, columns, rows, empty=_("catalogue-empty"), stacked=True)


def last_value(metric: Metric) -> Markup | str:
    try:
        answer = door.ask(metric.id, by=cards.grain_of(metric.id, "month"))
    except UserFault as fault:
        return fault.found
    last = answer.last_final
    if last is None:
        return number(answer.figures[-1], answer) if answer.figures else _("answer-empty")
    told = Markup("<strong>{}</strong> <small>{}</small>")
    return told.format(number(last, answer), words.short_period(last, answer.by))


def _restated(metric: Metric) -> str:
    """How many periods were told differently once, of the length in which the newest value is told."""
    by = cards.grain_of(metric.id, "month")
    amount = restated.count(metric.id, by)
    return _(f"restated-{by}", count=amount) if amount else "–"


def _facts(metric: Metric) -> Iterable[tuple[str, str]]:
    yield _("definition-why"), metric.why
    yield _("definition-not-this"), metric.not_this
    yield _("definition-better"), _(f"better-{metric.better}")
    for caveat in metric.caveats:
        yield _("definition-caveat"), caveat
    if metric.mature_after is not None:
        yield _("definition-mature"), _("definition-mature-after", count=metric.days_to_settle)
    for published in metric.published:
        value = words.number(published.value, metric.unit)
        yield _("definition-published"), f"{value}, {published.period}: {published.source}"
    yield _("definition-owner"), names.role(metric.owner)
    written, checked = names.role(metric.written_by), names.role(metric.checked_by)
    yield _("definition-checked"), _("definition-checked-by", written=written, checked=checked)
    yield _("definition-review"), _("definition-reviewed", day=words.day(metric.reviewed_on), again=_review(metric))
    yield _("definition-version"), str(metric.version)


def _review(metric: Metric) -> str:
    day = plan.told_day(metric.review_again_by)
    return _("review-due", day=day) if metric.review_again_by < plan.today() else day
