"""Catalogue: which questions can be asked, who owns the answer, and what was it last?"""

import streamlit as st

from dashboard.widgets import choices, definition, lineage
from dashboard.widgets.language import _
from dashboard.widgets.table import draw
from metrics import catalog, query

ALL = "all"

st.title(_("catalogue-title"))
st.markdown(_("catalogue-caption"))
metrics = sorted(query.definitions().values(), key=lambda one: one.title.casefold())
lineage.chosen(metrics)
pillars = (ALL, *sorted({one.pillar for one in metrics}))
pillar = choices.switch("pillar", _("choose-pillar"), pillars, lambda one: _(f"pillar-{one}"))
for group in catalog.GROUPS:
    several = [one for one in metrics if catalog.group(one) == group and pillar in (ALL, one.pillar)]
    if several:
        st.header(_(f"group-{group}"))
        draw(definition.catalogue(several, _(f"group-{group}")))
