"""Wikis, or members of another large dimension, side by side: which are unlike the others, given their sizes.

It ranks nobody: members stand in order of their names.
"""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.funnel import FunnelChart, cases, funnel_chart, interactive
from dashboard.charts.screen import PLOTLY_CONFIG
from dashboard.widgets import choices, door, names, signal
from dashboard.widgets.language import _
from dashboard.widgets.number import number
from dashboard.widgets.table import draw, markup
from metrics import query
from metrics.answer import Released
from metrics.comparison import Comparison, Member, NoFunnel, kind_refused, year_until

OVER: Final = ("year", "newest")


def show(whole: Released, dimensions: Sequence[str]) -> None:
    """The section of one answer; none where no large dimension is left among `dimensions`."""
    large = [one for one in query.large_dimensions(whole.metric.id) if one in dimensions]
    if not large:
        return
    st.header(_(f"compare-title-{'wiki' if 'wiki' in large else 'other'}"))
    why = kind_refused(whole.metric)
    if why is not None:
        st.markdown(_(f"no-funnel-{why}", shown="0"))
        return
    with st.container(horizontal=True):
        dimension = choices.switch("compare", _("choose-split"), large, names.dimension) if len(large) > 1 else large[0]
        over = choices.switch("over", _("choose-over"), OVER, lambda one: _(f"over-{one}"))
    found = door.comparison(*_both(whole, dimension, over))
    if isinstance(found, NoFunnel):
        st.markdown(_(f"no-funnel-{found.why}", shown=str(found.shown)))
        return
    called = {one.name: names.member(dimension, one.name) for one in found.members}
    for one in _told(found):
        st.markdown(names.plain(one))
    chart = funnel_chart(found, called)
    st.plotly_chart(_drawn(chart), theme=None, config=PLOTLY_CONFIG, alt=chart.alt, key=f"funnel-{whole.metric.id}")
    draw(signal.listed(chart.notes))
    with st.expander(_("answer-table")):
        draw(_table(found, called))


def _both(whole: Released, dimension: str, over: str) -> tuple[Released, Released]:
    """The answer split by the dimension, and its whole: by period, or the twelve months to the newest in one figure."""
    asked: dict[str, Any] = {"by": whole.by, "where": dict(whole.where)}
    year = year_until(whole)
    if over == "year" and year is not None and "total" in whole.metric.grains:
        asked |= {"by": "total", "start": year[0], "end": year[1]}
    return door.ask(whole.metric.id, split=[dimension], **asked), door.ask(whole.metric.id, **asked)


def _told(found: Comparison) -> list[str]:
    period = words.days(found.start, found.end)
    told = [_unlike(found.unlike, len(found.members), period)]
    doubtful = [_id(one) for one in found.members if one.is_beyond and not one.is_unlike]
    if doubtful:
        told.append(_("compare-doubtful", members=words.listed(doubtful)))
    if found.withheld:
        told.append(_("compare-withheld", count=found.withheld))
    return told


def _unlike(unlike: Sequence[Member], count: int, period: str) -> str:
    if not unlike:
        return _("compare-alike", period=period)
    named = [f"{_id(one)} ({_('compare-above' if one.is_above else 'compare-below')})" for one in unlike]
    told = _("compare-unlike", members=words.listed(named), period=period)
    return f"{told} {_('compare-no-level')}" if 2 * len(unlike) > count else told


def _table(found: Comparison, called: dict[str, str]) -> Markup:
    columns = [names.dimension(found.released.split[0]), _("column-value"), _("column-interval"), _("column-rests-on")]
    columns.append(_("column-reading"))
    rows = [
        (
            called[one.name],
            number(one.figure, found.released),
            words.interval(one.figure, found.released.metric.unit) or "–",
            cases(one.figure),
            _reading(one),
        )
        for one in found.members
    ]
    return markup(
        _("compare-caption", period=words.days(found.start, found.end)), columns, rows, empty="", stacked=True
    )


def _reading(one: Member) -> str:
    word = "like" if not one.is_unlike else "above" if one.is_above else "below"
    told = _(f"reading-{word}")
    return f"{told}; {_('reading-small')}" if one.is_small else told


def _id(one: Member) -> str:
    return one.name or _("member-not-known")


@st.cache_resource(show_spinner=False, max_entries=50, hash_funcs={FunnelChart: repr})
def _drawn(chart: FunnelChart) -> Any:
    return interactive(chart)
