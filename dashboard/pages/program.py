"""Program: will what was planned be done, with the people and the money there are, and what stands in the way?"""

import streamlit as st

from dashboard.widgets import cards, choices, contacts, door, freshness, plan, resources, rest, rota, timeline
from dashboard.widgets.language import _
from dashboard.widgets.table import draw

PARTS = ("timeline", "milestones", "resources", "rota", "contacts", "risks", "decisions")

st.title(_("program-title"))
freshness.absent("milestones_on_time_share")
part = choices.switch("part", _("choose-part"), PARTS, lambda one: _(f"program-part-{one}"))
projects, milestones = door.listing("projects"), door.listing("milestones")

if part == "timeline":
    timeline.show(projects, milestones)
elif part == "milestones":
    cards.cards(("milestones_on_time_share", "milestone_variance_days"), "quarter", {})
    draw(plan.milestones(sorted(milestones.rows, key=plan.urgency), projects.rows))
elif part == "resources":
    resources.show()
elif part == "rota":
    freshness.absent("rota_coverage_share")
    rota.show()
elif part == "contacts":
    freshness.absent("contacts_active")
    contacts.show()
    rest.show("outreach")
elif part == "risks":
    cards.cards(("open_risks", "open_escalations"), "month", {})
    draw(plan.risks(sorted(door.listing("risks").rows, key=lambda one: not plan.is_open(one))))
    draw(plan.escalations(door.listing("escalations").rows))
else:
    cards.cards(("decisions_pending", "decision_median_days"), "quarter", {})
    draw(plan.decisions(door.listing("decisions").rows, _("decisions-caption")))

if part != "contacts":
    st.header(_("rest-header"))
    rest.show("program")
