"""A receipt on the screen: one number with its definition, history, SQL, feeds and checks. It decides nothing."""

from collections.abc import Iterable, Sequence

import streamlit as st
from markupsafe import Markup

from dashboard.charts import lineage as picture
from dashboard.charts import words
from dashboard.widgets import lineage, names
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, markup
from metrics.answer import Figure
from metrics.lineage import Freshness
from metrics.receipt import Checked, Receipt
from metrics.restated import Said
from metrics.semantic.model import Metric


def show(receipt: Receipt) -> None:
    """All of it, what a reader asks first on top."""
    metric = receipt.metric
    st.header(names.plain(metric.title))
    st.markdown(f"**{names.plain(metric.question)}**")
    draw(_notes(receipt))
    draw(_pairs(_number(receipt)))
    draw(history(receipt.metric, receipt.said))
    st.header(_("metric-definition"))
    draw(_pairs(_meaning(receipt)))
    st.header(_("receipt-made"))
    draw(_pairs(_made(receipt)))
    with st.expander(_("receipt-sql")):
        st.code(receipt.sql, language="sql")
    if receipt.source is not None:
        draw(_feeds(receipt.lineage.freshness))
        draw(_checks(receipt.failed))
    lineage.link(metric)


def history(metric: Metric, said: Sequence[Said]) -> Markup:
    """What builds said of one closed period, the newest first."""
    rows = [
        (one.build, words.day(one.known_until.date()), value(one.figure, metric, ""), cause(one), str(one.version))
        for one in reversed(said)
    ]
    columns = [_("column-build"), _("column-known"), _("column-value"), _("column-cause"), _("column-version")]
    return markup(_("receipt-history"), columns, rows, empty=_("receipt-history-empty"), stacked=True)


def value(figure: Figure, metric: Metric, withheld: str, is_over: bool = True) -> str:
    """A figure's value, or why there is none. withheld: in place of the one word for it.

    is_over: whether its period is, as those are that are remembered.
    """
    if figure.value is not None:
        return words.number(figure.value, metric.unit)
    return withheld if withheld and figure.state == "withheld" else words.absent(figure.state, is_over)


def cause(said: Said) -> str:
    """Why something else was said than before."""
    return _("receipt-first") if said.cause is None else f"{_(f'cause-{said.cause}')}: {said.why}"


def _notes(receipt: Receipt) -> Markup:
    """What is to be known before the number is used."""
    notes = []
    if receipt.told != "build":
        notes.append(_(f"receipt-{receipt.told}", build=receipt.named.build, source=receipt.source or ""))
    if receipt.rows_from is not None:
        notes.append(_("receipt-rows-gone", day=words.day(receipt.rows_from)))
    if receipt.is_withheld:
        notes.append(_("receipt-withheld", minimum=str(receipt.minimum), audience=receipt.named.audience))
    if receipt.is_superseded:
        newest = receipt.said[-1]
        notes.append(_("receipt-superseded", build=newest.build, value=value(newest.figure, receipt.metric, "")))
    if receipt.metric.read_with is not None:
        notes.append(_("beside-cannot-tell"))
    if not receipt.is_defined_so:
        notes.append(_("receipt-redefined", then=str(receipt.named.version), now=str(receipt.metric.version)))
    told = Markup("").join(Markup("<li>{}</li>").format(one) for one in notes)
    return Markup('<ul class="up-notes" role="note">{}</ul>').format(told) if notes else Markup("")


def _number(receipt: Receipt) -> Iterable[tuple[str, str]]:
    named, metric, figure = receipt.named, receipt.metric, receipt.figure
    yield _("receipt-id"), receipt.id
    yield _("column-period"), _period(receipt)
    for dimension, member in (*named.split, *named.where):
        yield names.dimension(dimension), names.member(dimension, member)
    if figure is None:
        return
    is_over = figure.end < named.as_of
    few = _("receipt-fewer", minimum=str(receipt.minimum))
    yield _("column-value"), value(figure, metric, few, is_over)
    yield _("column-interval"), words.interval(figure, metric.unit) or "–"
    error = words.approximate([figure], metric)
    if error:
        yield _("receipt-error"), error
    for name, part in (("numerator", figure.numerator), ("denominator", figure.denominator), ("size", figure.n)):
        if part is not None:
            yield _(f"receipt-{name}"), words.number(part, "count")
    yield _("receipt-state"), words.absent(figure.state, is_over) if figure.state != "final" else _("receipt-final")


def _period(receipt: Receipt) -> str:
    if receipt.figure is not None:
        return words.period(receipt.figure, receipt.named.by)
    named = receipt.named
    return words.days(named.start, named.end) if named.end else _("receipt-from", day=words.day(named.start))


def _meaning(receipt: Receipt) -> Iterable[tuple[str, str]]:
    metric = receipt.metric
    yield _("definition-why"), metric.why
    yield _("definition-not-this"), metric.not_this
    yield _("definition-better"), _(f"better-{metric.better}")
    for caveat in metric.caveats:
        yield _("definition-caveat"), caveat
    yield _("definition-version"), str(receipt.named.version)
    yield _("definition-owner"), names.role(metric.owner)


def _made(receipt: Receipt) -> Iterable[tuple[str, str]]:
    named = receipt.named
    yield _("column-build"), _("receipt-build", build=named.build, day=words.day(named.as_of))
    if receipt.code is not None:
        yield _("receipt-code"), receipt.code
    rule = _("receipt-released", minimum=str(receipt.minimum)) if receipt.minimum else _("receipt-of-nobody")
    yield _("receipt-audience"), f"{named.audience}: {rule}"
    yield _("receipt-tables"), ", ".join(receipt.lineage.tables("mart", "core", "raw"))
    if receipt.source is None:
        yield _("receipt-feeds"), ", ".join(map(names.feed, receipt.lineage.feeds))
    else:
        passed, warned = sum(one.passed for one in receipt.checks), len(receipt.failed)
        yield _("receipt-checks"), _("receipt-kept", passed=str(passed), count=warned)


def _feeds(freshness: Sequence[Freshness]) -> Markup:
    rows = [(names.feed(one.feed), str(one.files), ", ".join(picture.told(one)), _covered(one)) for one in freshness]
    columns = [_("column-feed"), _("column-files"), _("column-fresh"), _("column-covers")]
    return markup(_("receipt-feeds"), columns, rows, empty=_("lineage-nothing"), stacked=True)


def _covered(one: Freshness) -> str:
    return words.days(one.starts_on, one.ends_on) if one.starts_on and one.ends_on else "–"


def _checks(failed: Sequence[Checked]) -> Markup:
    rows = [
        (one.rule, one.table, _(f"check-{one.severity}"), words.number(one.breaking_count, "count")) for one in failed
    ]
    columns = [_("column-rule"), _("column-table"), _("column-result"), _("column-breaking")]
    return markup(_("receipt-broken"), columns, rows, empty=_("receipt-broken-empty"), stacked=True)


def _pairs(pairs: Iterable[tuple[str, str]]) -> Markup:
    told = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*pair) for pair in pairs)
    return Markup('<dl class="up-facts">{}</dl>').format(told)
