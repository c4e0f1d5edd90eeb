"""The app: its pages in the order in which a week is read. What stands on a page is the page's own."""

import streamlit as st

from dashboard.widgets import frame
from dashboard.widgets.language import _

PAGES = (
    ("this_week", _("week-title")),
    ("metric", _("metric-title")),
    ("blocks", _("blocks-title")),
    ("cases", _("cases-title")),
    ("survey", _("survey-title")),
    ("community", _("community-title")),
    ("impact", _("impact-title")),
    ("program", _("program-title")),
    ("data", _("data-title")),
    ("catalogue", _("catalogue-title")),
    ("receipt", _("receipt-title")),
)

page = st.navigation([st.Page(f"pages/{name}.py", title=title, url_path=name) for name, title in PAGES], position="top")
st.set_page_config(page_title=f"{page.title} · Upstander", page_icon="📊", layout="wide")
frame.show(page)
