"""Cases: does whoever asks for help get it soon, and is the desk keeping up?"""

import streamlit as st

from dashboard.widgets import answer, balance, cards, choices, door, freshness, plan, rest
from dashboard.widgets.language import _
from metrics import query

SHOWN = (
    "first_response_median_hours",
    "first_response_p90_hours",
    "answered_within_target_share",
    "emergencies_opened",
    "emergencies_acknowledged_share",
    "resolution_median_hours",
    "case_reopened_share",
    "case_satisfaction_share",
)

FORM = ("reports_submitted", "report_started_share", "report_submission_share", "report_abandonment_share")

st.title(_("cases-title"))
st.markdown(_("cases-caption"))
freshness.absent(SHOWN[0])
chosen = choices.filters("cases_opened", "queue", "channel", "priority", "language")
by = choices.grain(("week", "month", "quarter", "fiscal_year"))

st.header(_("cases-flow"))
cards.cards(balance.METRICS, by, chosen)
balance.table(by, chosen)

st.header(_("cases-service"))
cards.cards(SHOWN, by, chosen)

st.header(_("cases-form"))
cards.cards(FORM, by, chosen)

st.header(_("closer-title"))
name = choices.pick(
    "closer", _("choose-metric"), (*SHOWN, *balance.METRICS, *FORM), lambda one: query.definitions()[one].title
)
where = cards.narrowed(name, chosen)
closer = door.ask(name, by=by, where=where)
answer.over_time(closer, plan.target_of(closer))
answer.whole_page(closer)

st.header(_("rest-header"))
rest.show("cases", (*SHOWN, *balance.METRICS, *FORM))
