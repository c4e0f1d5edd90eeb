"""Why did it move? The change of a number taken apart by groups, and whether it is more than chance."""

from collections.abc import Sequence
from typing import Final

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import choices, door, names
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, markup
from metrics.answer import Figure, Released
from metrics.contributions import Contribution, Unexplained
from metrics.movement import AGAINST, Change, Movement, SideBySide

LARGEST: Final = 10
LEADING: Final = 2


def show(whole: Released, dimensions: Sequence[str]) -> None:
    """The section of one answer. dimensions: those that it can be taken apart by."""
    st.header(_("why-title"))
    if not dimensions:
        st.markdown(_("why-no-dimension"))
        return
    with st.container(horizontal=True):
        dimension = choices.switch("why", _("choose-split"), dimensions, names.dimension)
        against = choices.switch("against", _("choose-against"), AGAINST, lambda one: _(f"against-{one}"))
    parts = door.ask(whole.metric.id, by=whole.by, split=[dimension], where=dict(whole.where))
    found = door.movement(whole, parts, against)
    if isinstance(found, Unexplained):
        st.markdown(_(f"unexplained-{found.why}"))
        return
    for one in _told(found, parts):
        st.markdown(names.plain(one))
    draw(_side_by_side(found, parts) if isinstance(found, SideBySide) else _contributions(found, parts, LARGEST))
    if isinstance(found, Movement) and len(found.parts) > LARGEST:
        with st.expander(_("why-all", count=len(found.parts))):
            draw(_contributions(found, parts, len(found.parts)))


def _told(found: Movement | SideBySide, parts: Released) -> list[str]:
    """The change, whether it is more than chance, and what made most of it."""
    told = [_change(found.change, parts), _certainty(found.change)]
    if isinstance(found, SideBySide):
        return [*told, _("why-side-by-side")]
    if found.rate is not None and found.mix is not None:
        told.append(_("why-mix", rate=_size(found.rate, parts), mix=_size(found.mix, parts)))
    leading = [f"{_name(one, parts)} ({_size(one.total, parts)})" for one in found.parts[:LEADING] if one.total]
    if leading:
        told.append(_("why-leading", groups=words.listed(leading)))
    return told


def _change(change: Change, parts: Released) -> str:
    told = _(
        "why-change", before=words.figure(change.before, parts), after=words.figure(change.after, parts),
        earlier=words.period(change.before, parts.by), later=words.period(change.after, parts.by),
        change=words.change(change.difference.size, parts.metric.unit),
    )  # fmt: skip
    low, high = change.difference.low, change.difference.high
    if low is not None and high is not None:
        spread = [words.change(one, parts.metric.unit) for one in (low, high)]
        told = f"{told} {_('why-interval', low=spread[0], high=spread[1])}"
    if change.is_shifted:
        return f"{told} {_('why-shifted')}"
    days = [(one.end - one.start).days + 1 for one in (change.before, change.after)]
    if parts.metric.kind in ("count", "sum") and days[0] != days[1]:
        return f"{told} {_('why-days', before=str(days[0]), after=str(days[1]))}"
    return told


def _certainty(change: Change) -> str:
    """Whether the change is more than chance, and what the control chart says of its end."""
    word = {True: "clear", False: "chance", None: "unknown"}[change.difference.is_clear]
    usual = {True: "usual", False: "unusual", None: "unknown"}[change.is_usual]
    return _(f"certainty-{word}-{usual}")


def _contributions(found: Movement, parts: Released, count: int) -> Markup:
    is_mixed = found.mix is not None
    columns = [names.dimension(parts.split[0]), _("column-before"), _("column-after")]
    columns += [_("column-weight"), _("column-rate"), _("column-mix")] if is_mixed else []
    columns += [_("column-contribution"), *([] if is_mixed else [_("column-change-share")])]
    rows = [_row(*one, found, parts) for one in zip(found.parts[:count], found.shares[:count], strict=True)]
    return markup(_("why-caption"), columns, rows, empty="", stacked=True)


def _row(one: Contribution, share: float | None, found: Movement, parts: Released) -> list[str]:
    told = [_name(one, parts, found.withheld), *(_value(value, parts) for value in (one.before, one.after))]
    total = _size(one.total, parts)
    if one.rate is None or one.mix is None:
        return [*told, total, "–" if share is None else words.number(share, "share")]
    weights = [words.number(weight or 0.0, "share") for weight in (one.weight_before, one.weight_after)]
    return [*told, " → ".join(weights), _size(one.rate, parts), _size(one.mix, parts), total]


def _side_by_side(found: SideBySide, parts: Released) -> Markup:
    columns = [names.dimension(parts.split[0]), _("column-before"), _("column-after"), _("column-change")]
    columns.append(_("column-certainty"))
    rows = [
        (
            names.member(parts.split[0], one.after.group[0]),
            _with_interval(one.before, parts),
            _with_interval(one.after, parts),
            words.change(one.difference.size, parts.metric.unit),
            _({True: "moved-clearly", False: "moved-chance", None: "moved-unknown"}[one.difference.is_clear]),
        )
        for one in found.groups
    ]
    return markup(_("why-beside-caption"), columns, rows, empty="", stacked=True)


def _with_interval(one: Figure, parts: Released) -> str:
    spread = words.interval(one, parts.metric.unit)
    return f"{words.figure(one, parts)} ({spread})" if spread else words.figure(one, parts)


def _name(one: Contribution, parts: Released, withheld: int = 0) -> str:
    if one.group is not None:
        return names.member(parts.split[0], one.group[0])
    return _("why-others-withheld", count=withheld) if withheld else _("why-others")


def _value(value: float | None, parts: Released) -> str:
    return _("why-absent") if value is None else words.number(value, parts.metric.unit)


def _size(difference: float, parts: Released) -> str:
    """A part of the change; one that rounds to nothing is little, since all parts together are the change."""
    told = words.change(difference, parts.metric.unit)
    if told != words.change(0.0, parts.metric.unit):
        return told
    return _("why-little") if difference else _("why-nothing")
