"""Community: who edits, do newcomers stay, and who looks after them?"""

import streamlit as st

from dashboard.widgets import answer, cards, choices, door, freshness, plan, rest
from dashboard.widgets.language import _
from metrics import query

SHOWN = (
    "active_editors",
    "new_active_editors",
    "returning_active_editors",
    "new_editor_retention_share",
    "surviving_new_editor_share",
    "revert_share",
    "thanks_given",
    "thanks_per_active_editor",
)
ADMINS = ("admins", "active_admins", "admin_active_share", "block_top10_share")

st.title(_("community-title"))
st.markdown(_("community-caption"))
freshness.absent(SHOWN[0])
chosen = choices.filters(SHOWN[0], "wiki")
by = choices.grain(("month", "quarter", "fiscal_year"))
cards.cards(SHOWN, by, chosen)

st.header(_("community-admins"))
cards.cards(ADMINS, by, chosen)

st.header(_("closer-title"))
name = choices.pick("closer", _("choose-metric"), (*SHOWN, *ADMINS), lambda one: query.definitions()[one].title)
where = cards.narrowed(name, chosen)
closer = door.ask(name, by=cards.grain_of(name, by), where=where)
answer.over_time(closer, plan.target_of(closer), plan.rollouts(where))
answer.whole_page(closer)

st.header(_("rest-header"))
rest.show("community", SHOWN)
rest.show("moderators", ADMINS)
