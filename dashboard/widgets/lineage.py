"""Where a metric comes from: a picture from the metric to its feeds, and the same as a table. It reads no data."""

import streamlit as st
from markupsafe import Markup

from dashboard.charts import lineage as picture
from dashboard.widgets import choices, door, names
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, markup
from metrics.lineage import Lineage, Room
from metrics.semantic.model import Metric

ROOMS: tuple[Room, ...] = ("mart", "core", "raw", "settings")


def chosen(metrics: list[Metric]) -> None:
    """One metric to choose, and where it comes from; opened where the address names one."""
    with st.expander(_("lineage-title"), expanded=choices.is_named(["lineage"])):
        titles = {one.id: one.title for one in metrics}
        name = choices.pick("lineage", _("choose-metric"), sorted(titles, key=titles.__getitem__), titles.__getitem__)
        show(door.lineage(name), titles[name])


def link(metric: Metric) -> None:
    st.page_link("pages/catalogue.py", label=_("lineage-link"), query_params={"lineage": metric.id})


def show(lineage: Lineage, title: str) -> None:
    """The picture, where the screen is wide enough for one, and the table that says the same."""
    st.markdown(_("lineage-text"))
    box = Markup('<div class="up-drawing up-wide" role="region" aria-label="{}" tabindex="0">{}</div>')
    draw(box.format(_("lineage-title"), Markup(picture.svg(lineage, title))))
    draw(table(lineage))


def table(lineage: Lineage) -> Markup:
    """Every table with the columns that are used of it and what stands behind it, from the metric to the feeds."""
    rows = []
    for room in ROOMS:
        for name in lineage.tables(room):
            used = ", ".join(lineage.columns(name)) or _("lineage-rows-only")
            behind = ", ".join(lineage.reads(name)) or _("lineage-nothing")
            rows.append((name, _(f"room-{room}"), used, _("lineage-settings") if room == "settings" else behind))
    for one in lineage.freshness:
        rows.append((names.feed(one.feed), _("room-feed"), "–", ", ".join(picture.told(one))))
    columns = [_("column-table"), _("column-room"), _("column-columns"), _("column-made-from")]
    return markup(_("lineage-caption"), columns, rows, empty=_("lineage-nothing"), stacked=True)
