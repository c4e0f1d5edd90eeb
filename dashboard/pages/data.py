"""Data: what are the numbers made of, how new is it, and what was set aside?"""

import streamlit as st

from dashboard.widgets import agreement, choices, door, freshness
from dashboard.widgets.language import _
from dashboard.widgets.table import draw

PARTS = ("feeds", "quarantine", "checks", "agreement")

st.title(_("data-title"))
freshness.summary()
part = choices.switch("part", _("choose-part"), PARTS, lambda one: _(f"data-part-{one}"))

if part == "feeds":
    draw(freshness.coverage(door.listing("coverage")))
    draw(freshness.files(door.listing("feeds")))
elif part == "quarantine":
    st.markdown(_("quarantine-text"))
    draw(freshness.quarantine(door.listing("quarantine")))
elif part == "agreement":
    st.markdown(_("agreement-text"))
    draw(agreement.compared(door.listing("agreement")))
    draw(agreement.differences(door.listing("differences")))
else:
    st.markdown(_("checks-text"))
    draw(freshness.checks(door.listing("checks")))
