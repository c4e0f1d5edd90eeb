"""Survey: what do editors say, and how sure can we be of it?"""

import streamlit as st

from dashboard.widgets import answer, choices, door, freshness, names, rest, waves
from dashboard.widgets.language import _
from metrics import query

SHOWN = ("felt_unsafe_share", "witnessed_harassment_share", "knows_where_to_report_share", "trusts_process_share")

st.title(_("survey-title"))
st.markdown(_("survey-caption"))
freshness.absent(SHOWN[0])
chosen = choices.filters(SHOWN[0], "wiki", "edit_bucket")
waves.cards(SHOWN, chosen)

st.header(_("survey-groups"))
with st.container(horizontal=True):
    name = choices.pick("closer", _("choose-measure"), SHOWN, lambda one: query.definitions()[one].title)
    found = waves.waves(name)
    wave = choices.pick("wave", names.dimension("wave"), list(found)[::-1], str) if found else ""
    dimension = choices.switch("split", _("choose-split"), ("wiki", "edit_bucket"), names.dimension)
if wave:
    start, end = found[wave]
    answer.by_group(door.ask(name, by="month", split=[dimension], where={"wave": wave}, start=start, end=end))
    answer.whole_page(door.ask(name, by="total", where=chosen))

st.header(_("rest-header"))
rest.show("prevalence", SHOWN)

st.header(_("survey-reading"))
st.markdown(_("survey-reading-text"))
