"""The rest of what the catalogue knows of a subject: every live metric of a group of which a page has no card.

A new definition so stands on its group's page by itself. `upstander metric check` takes a page that shows a group for a
use of all its metrics.
"""

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from dashboard.widgets import definition
from dashboard.widgets.language import _
from dashboard.widgets.table import draw, link, markup
from metrics import catalog, query
from metrics.semantic.model import Metric


def show(group: str, shown: Sequence[str] = ()) -> None:
    """A table to open with the metrics of the group but for those that the page shows; nothing where none is left."""
    left = [one for one in of_group(group) if one.id not in shown]
    if left:
        title = _(f"group-{group}")
        with st.expander(_("rest-title", count=len(left), group=title)):
            draw(_table(left, title))


def of_group(group: str) -> list[Metric]:
    """The live metrics of a group by their titles."""
    live = (one for one in query.definitions().values() if one.status == "live" and catalog.group(one) == group)
    return sorted(live, key=lambda one: one.title.casefold())


def _table(several: Sequence[Metric], caption: str) -> Markup:
    columns = [_("column-metric"), _("column-question"), _("column-last"), _("column-better")]
    rows = [
        (link(one.title, "metric", metric=one.id), one.question, definition.last_value(one), _(f"better-{one.better}"))
        for one in several
    ]
    rows.sort(key=lambda row: not isinstance(row[2], Markup))  # what the build tells of comes first
    return markup(caption, columns, rows, empty=_("catalogue-empty"), stacked=True)
