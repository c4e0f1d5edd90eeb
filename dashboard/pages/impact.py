"""Impact: what changed because of our work, and how sure can we be of it?"""

import streamlit as st

from dashboard.widgets import door, impact
from dashboard.widgets.language import _

st.title(_("impact-title"))
st.markdown(_("impact-caption"))
with st.spinner(_("impact-wait")):
    found = door.impact()
impact.summary(found)
for card in found:
    impact.show(card)

st.header(_("impact-reading"))
st.markdown(_("impact-reading-text"))
