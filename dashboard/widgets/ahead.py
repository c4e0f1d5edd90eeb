"""Where a number should be by now on its way to its target, and how likely it is there in time."""

from typing import Any

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.charts.ahead import AheadChart, ahead_chart, interactive
from dashboard.charts.screen import PLOTLY_CONFIG
from dashboard.widgets import door, names, signal
from dashboard.widgets.language import _
from dashboard.widgets.number import paragraph, sentence
from dashboard.widgets.table import draw
from metrics.answer import Released
from metrics.outlook import CAP, NoChance, NoOutlook, Outlook
from metrics.target_path import NoPath, Path


def show(whole: Released) -> None:
    """The section of one answer: standing, chance, each or why there is none, and the chart of both."""
    found = door.outlook(whole)
    st.header(_("ahead-title"))
    if isinstance(found, NoOutlook):
        st.markdown(_(f"no-outlook-{found.why}"))
        return
    draw(_standing(found))
    for one in _chance(found):
        st.markdown(names.plain(one))
    if found.fan or not isinstance(found.path, NoPath):
        chart = ahead_chart(found)
        st.plotly_chart(_drawn(chart), theme=None, config=PLOTLY_CONFIG, alt=chart.alt, key=f"ahead-{whole.metric.id}")
        draw(signal.listed(chart.notes))


def _standing(found: Outlook) -> Markup:
    path, unit = found.path, found.released.metric.unit
    target, end = _target(found), words.day(found.aim.ends_on)
    if isinstance(path, NoPath):
        start = words.day(found.aim.starts_on)
        return paragraph(_(f"no-path-{path.why}", target=target, start=start, end=end))
    lead = words.change(abs(path.lead), unit).lstrip("+")
    standing = "close" if lead == words.change(0.0, unit) else path.standing
    told = sentence(
        f"path-{standing}", {"value": (path.now, found.released)}, target=target, end=end, lead=lead,
        period=words.period(path.now, found.released.by), expected=words.number(path.expected, unit),
    )  # fmt: skip
    return paragraph(told) + paragraph(_base(path, found))


def _base(path: Path, found: Outlook) -> str:
    """Where the way to the target begins."""
    base, start = words.number(path.base, found.released.metric.unit), words.day(found.aim.starts_on)
    count = path.base_count
    begun = _("path-base", count=count, base=base, start=start) if count else _("path-first", base=base, start=start)
    return f"{begun} {_('path-held')}" if path.is_held else begun


def _chance(found: Outlook) -> list[str]:
    chance, unit = found.chance, found.released.metric.unit
    if isinstance(chance, NoChance):
        again = chance.possible_from
        told = _(f"no-chance-{chance.why}", known=str(chance.known), wanted=str(chance.wanted))
        return [f"{told} {_('no-chance-until', day=words.day(again))}" if again is not None else told]
    end = chance.end
    low, high = (words.number(one, unit) for one in (end.low80, end.high80))
    day, at = words.day(end.period.end), told_chance(chance.at)
    return [
        _("chance-at", day=day, target=_target(found), chance=at, low=low, high=high),
        _("chance-ever", count=chance.rests_on, chance=told_chance(chance.ever)),
    ]


def told_chance(chance: float) -> str:
    """A chance as it may be said: never under 5 %, never over 95 %."""
    if chance < CAP[0]:
        return _("chance-under", chance=_percent(CAP[0]))
    return _("chance-over", chance=_percent(CAP[1])) if chance > CAP[1] else _percent(chance)


def _percent(chance: float) -> str:
    return f"{words.decimal(100 * chance, 0)}{words.NBSP}%"


def _target(found: Outlook) -> str:
    value = words.number(found.aim.value, found.released.metric.unit)
    return _(f"aim-{found.released.metric.better}", value=value)


@st.cache_resource(show_spinner=False, max_entries=50, hash_funcs={AheadChart: repr})
def _drawn(chart: AheadChart) -> Any:
    return interactive(chart)
