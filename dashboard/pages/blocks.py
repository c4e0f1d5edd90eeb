"""Blocks: are they fewer, fairer, and do they work?"""

import streamlit as st

from dashboard.widgets import answer, cards, choices, door, freshness, plan, rest
from dashboard.widgets.language import _
from metrics import query

SHOWN = (
    "blocks_set",
    "active_blocks",
    "partial_block_share",
    "block_recidivism_30d",
    "block_reversed_share",
    "block_top10_share",
    "indefinite_block_share",
    "temporary_account_blocks",
    "block_held_share",
)

st.title(_("blocks-title"))
st.markdown(_("blocks-caption"))
freshness.absent(SHOWN[0])
chosen = choices.filters("blocks_set", "wiki", "scope", "performer_kind")
by = choices.grain(("week", "month", "quarter", "fiscal_year"))
cards.cards(SHOWN, by, chosen)

st.header(_("closer-title"))
name = choices.pick("closer", _("choose-metric"), SHOWN, lambda one: query.definitions()[one].title,
                    default="block_recidivism_30d")  # fmt: skip
where = cards.narrowed(name, chosen)
closer = door.ask(name, by=by, where=where)
answer.over_time(closer, plan.target_of(closer), plan.rollouts(where))
answer.whole_page(closer)

st.header(_("rest-header"))
rest.show("moderation", SHOWN)
