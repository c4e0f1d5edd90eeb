"""This week: where every goal stands, what needs attention, and what is asked of whom?"""

import streamlit as st

from dashboard.widgets import attention, developments, door, freshness, goals, names, plan
from dashboard.widgets.language import _
from dashboard.widgets.table import draw

st.title(_("week-title"))
freshness.strip()

found = door.goals()
told, urgent = st.columns([2.3, 1], gap="large")
with told:
    st.header(_("week-goals"))
    st.markdown(goals.summary(found))
    st.markdown(names.plain(goals.headline(found)))
    draw(goals.table(found))
with urgent:
    st.header(_("week-attention"))
    attention.show(attention.concerns())

st.header(_("week-decisions"))
draw(plan.decisions(plan.pending(door.listing("decisions").rows), _("decisions-pending-caption")))
st.page_link("pages/program.py", label=_("week-all-decisions"), query_params={"part": "decisions"})

st.header(_("week-developments"))
developments.show()
