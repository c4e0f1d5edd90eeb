"""Receipt: where does this one number come from, and was it ever told differently?"""

import streamlit as st

from dashboard.widgets import door, receipt
from dashboard.widgets.language import _

newest = door.build()
st.title(_("receipt-title"))
name = st.text_input(_("receipt-id"), value=st.query_params.get("id", ""), help=_("receipt-help")).strip()
if name:
    st.query_params["id"] = name
    receipt.show(door.receipt(name))
else:
    st.markdown(_("receipt-ask", build=newest.id))
    st.page_link("pages/catalogue.py", label=_("receipt-find"))
