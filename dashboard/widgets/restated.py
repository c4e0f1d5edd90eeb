"""Closed periods of which a later build said something else than the one before, with the cause. It reads no build."""

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import door, names
from dashboard.widgets.language import _
from dashboard.widgets.number import to_receipt
from dashboard.widgets.receipt import cause, value
from dashboard.widgets.table import draw, markup
from metrics.restated import Restatement, Restatements
from metrics.semantic.model import Grain

MOST_ROWS = 100


def show(metric: str, by: Grain) -> None:
    """The metric's restatements of periods of one grain, and how many more are withheld."""
    found = door.restatements(metric, by=by)
    draw(table(found))
    if len(found.found) > MOST_ROWS:
        st.caption(_("restated-more", count=len(found.found) - MOST_ROWS))
    if found.withheld:
        st.caption(_("restated-withheld", count=found.withheld))


def table(found: Restatements) -> Markup:
    """Period, group, before, after, cause and since when, the newest first."""
    columns = [_("column-period"), _("column-group"), _("column-first-said"), _("column-said-since")]
    columns += [_("column-cause"), _("column-since")]
    rows = [_row(one, found) for one in found.found[:MOST_ROWS]]
    return markup(_("restated-caption"), columns, rows, empty=_("restated-empty"), stacked=True)


def count(metric: str, by: Grain) -> int:
    """How many periods of a metric were ever told differently, as far as this reader may see it."""
    every = door.restatements(parts=False).found
    return len({one.after.figure.start for one in every if one.metric.id == metric and one.by == by})


def _row(one: Restatement, found: Restatements) -> tuple[str, ...]:
    group = names.chosen(dict(zip(one.split, one.after.figure.group, strict=True)))
    since = _("restated-since", build=one.after.build, day=words.day(one.after.known_until.date()))
    before, after = (
        to_receipt(value(said.figure, one.metric, ""), found.receipt(one, said)) for said in (one.before, one.after)
    )
    period = words.period(one.after.figure, one.by)
    return period, group or _("restated-whole"), before, after, cause(one.after), since
