"""Metric: how has one number moved, for whom, and what does it mean?"""

import streamlit as st

from dashboard.widgets import (
    ahead,
    answer,
    beside,
    choices,
    compare,
    definition,
    door,
    freshness,
    lineage,
    names,
    plan,
    restated,
    why,
)
from dashboard.widgets.language import _
from metrics import query

metrics = query.definitions()
st.title(_("metric-title"))
name = choices.pick("metric", _("choose-metric"), sorted(metrics, key=lambda one: metrics[one].title),
                    lambda one: metrics[one].title, default=definition.first(metrics))  # fmt: skip
metric = metrics[name]
st.markdown(f"**{names.plain(metric.question)}**")
freshness.absent(name)
by = choices.grain(metric.grains)
with st.expander(_("metric-filters"), expanded=choices.is_named(metric.dimensions)):
    where = choices.filters(name, *metric.dimensions)

whole = door.ask(name, by=by, where=where)
definition.standing(whole)
answer.over_time(whole, plan.target_of(whole), plan.rollouts(where))
ahead.show(whole)
beside.show(whole)

left = [one for one in metric.dimensions if one not in where]
if left:
    st.header(_("metric-breakdown"))
    with st.container(horizontal=True):
        dimension = choices.switch("split", _("choose-split"), left, names.dimension)
        view = choices.switch("view", _("choose-view"), ["newest", "course"], lambda one: _(f"view-{one}"))
    parts = door.ask(name, by=by, split=[dimension], where=where)
    if view == "newest":
        answer.by_group(parts)
    else:
        answer.over_time(parts, key="parts")

why.show(whole, left)
compare.show(whole, left)

st.header(_("metric-said-before"))
restated.show(name, by)

st.header(_("metric-definition"))
definition.show(metric)
lineage.link(metric)
