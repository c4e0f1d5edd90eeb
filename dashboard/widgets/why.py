"""Why did it move? The change of a number taken apart by groups, and whether it is more than chance."""

from collections.abc import Iterator, Sequence
from typing import Final

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import choices, door, names
from dashboard.widgets.language import _
from dashboard.widgets.number import paragraph, sentence, to_receipt
from dashboard.widgets.table import draw, markup
from metrics.answer import Figure, Released
from metrics.movement import AGAINST
from metrics.reason import Change, Contribution, Group, Movement, Reason, SideBySide, Unexplained
from metrics.semantic.model import Unit

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
    reason = door.reason(whole, dimension, against)
    found = reason.found
    if isinstance(found, Unexplained):
        st.markdown(_(f"unexplained-{found.why}"))
        return
    draw(_change(found.change, whole))
    for one in _told(found, dimension, whole):
        st.markdown(names.plain(one))
    if isinstance(found, SideBySide):
        draw(_side_by_side(found, reason, whole))
        return
    draw(_contributions(found, reason, LARGEST))
    if len(found.parts) > LARGEST:
        with st.expander(_("why-all", count=len(found.parts))):
            draw(_contributions(found, reason, len(found.parts)))


def _told(found: Movement | SideBySide, dimension: str, whole: Released) -> list[str]:
    """Whether the change is more than chance, and what made most of it."""
    told, unit = [_certainty(found.change)], whole.metric.unit
    if isinstance(found, SideBySide):
        return [*told, _("why-side-by-side")]
    if found.rate is not None and found.mix is not None:
        told.append(_("why-mix", rate=_size(found.rate, unit), mix=_size(found.mix, unit)))
    if found.unrounded is not None:
        told.append(_("why-rounded", change=_size(found.unrounded, unit)))
    leading = [f"{_name(one, dimension)} ({_size(one.total, unit)})" for one in found.parts[:LEADING] if one.total]
    if leading:
        told.append(_("why-leading", groups=words.listed(leading)))
    return told


def _change(change: Change, whole: Released) -> Markup:
    told = sentence(
        "why-change", {"before": (change.before, whole), "after": (change.after, whole)},
        earlier=words.period(change.before, whole.by), later=words.period(change.after, whole.by),
        change=words.change(change.difference.size, whole.metric.unit),
    )  # fmt: skip
    return paragraph(told, *_more(change, whole))


def _more(change: Change, whole: Released) -> Iterator[str]:
    """How sure the size is, and what is to be known of the two periods."""
    low, high = change.difference.low, change.difference.high
    if low is not None and high is not None:
        spread = [words.change(one, whole.metric.unit) for one in (low, high)]
        yield _("why-interval", low=spread[0], high=spread[1])
    days = [(one.end - one.start).days + 1 for one in (change.before, change.after)]
    if change.is_shifted:
        yield _("why-shifted")
    elif whole.metric.kind in ("count", "sum", "distinct") and days[0] != days[1]:
        yield _("why-days", before=str(days[0]), after=str(days[1]))


def _certainty(change: Change) -> str:
    """Whether the change is more than chance, and what the control chart says of its end."""
    word = {True: "clear", False: "chance", None: "unknown"}[change.difference.is_clear]
    usual = {True: "usual", False: "unusual", None: "unknown"}[change.is_usual]
    return _(f"certainty-{word}-{usual}")


def _contributions(found: Movement, reason: Reason, count: int) -> Markup:
    is_mixed = found.mix is not None
    columns = [names.dimension(reason.split[0]), _("column-before"), _("column-after")]
    columns += [_("column-weight"), _("column-rate"), _("column-mix")] if is_mixed else []
    columns += [_("column-contribution"), *([] if is_mixed else [_("column-change-share")])]
    rows = [_row(*one, found, reason) for one in zip(found.parts[:count], found.shares[:count], strict=True)]
    return markup(_("why-caption"), columns, rows, empty="", stacked=True)


def _row(one: Contribution, share: float | None, found: Movement, reason: Reason) -> list[str]:
    periods, unit = (found.change.before, found.change.after), reason.metric.unit
    values = [_value(*both, one.group, reason) for both in zip((one.before, one.after), periods, strict=True)]
    told = [_name(one, reason.split[0], found.withheld), *values]
    total = _size(one.total, unit)
    if one.rate is None or one.mix is None:
        return [*told, total, "–" if share is None else words.number(share, "share")]
    weights = [words.number(weight or 0.0, "share") for weight in (one.weight_before, one.weight_after)]
    return [*told, " → ".join(weights), _size(one.rate, unit), _size(one.mix, unit), total]


def _side_by_side(found: SideBySide, reason: Reason, whole: Released) -> Markup:
    dimension = reason.split[0]
    columns = [names.dimension(dimension), _("column-before"), _("column-after"), _("column-change")]
    columns.append(_("column-certainty"))
    rows = [
        (
            names.member(dimension, one.after.group[0]),
            to_receipt(_with_interval(one.before, whole), reason.receipt(one.before, one.before.group)),
            to_receipt(_with_interval(one.after, whole), reason.receipt(one.after, one.after.group)),
            words.change(one.difference.size, whole.metric.unit),
            _({True: "moved-clearly", False: "moved-chance", None: "moved-unknown"}[one.difference.is_clear]),
        )
        for one in found.groups
    ]
    return markup(_("why-beside-caption"), columns, rows, empty="", stacked=True)


def _with_interval(one: Figure, whole: Released) -> str:
    spread = words.interval(one, whole.metric.unit)
    return f"{words.figure(one, whole)} ({spread})" if spread else words.figure(one, whole)


def _name(one: Contribution, dimension: str, withheld: int = 0) -> str:
    if one.group is not None:
        return names.member(dimension, one.group[0])
    return _("why-others-withheld", count=withheld) if withheld else _("why-others")


def _value(value: float | None, period: Figure, group: Group | None, reason: Reason) -> str:
    """A group's own value, with its receipt; all others have none, as no question has them for its answer."""
    if value is None:
        return _("why-absent")
    told = words.number(value, reason.metric.unit)
    return told if group is None else to_receipt(told, reason.receipt(period, group))


def _size(difference: float, unit: Unit) -> str:
    """A part of the change; one that rounds to nothing is little, since all parts together are the change."""
    told = words.change(difference, unit)
    if told != words.change(0.0, unit):
        return told
    return _("why-little") if difference else _("why-nothing")
