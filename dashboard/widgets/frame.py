"""What stands around every page: its style, the word that data are invented, the build, and faults told as letters.

It draws no figure.
"""

from pathlib import Path
from typing import Final

import streamlit as st
from markupsafe import Markup

from dashboard.charts import words
from dashboard.widgets import door, plan
from dashboard.widgets.language import _
from dashboard.widgets.reader import audience
from dashboard.widgets.table import draw
from data_contracts.faults import Faults, NoBuild, UserFault
from metrics.answer import Build

STYLE: Final = Path(__file__).with_name("style.css")


def show(page: st.Page) -> None:
    """Runs a page within the frame. A fault that a person can mend takes the place of what could not be shown."""
    st.html(STYLE)
    try:
        with door.pinned() as built:
            _invented(built)
            page.run()
            _foot(built)
    except door.NewBuild:
        st.rerun()
    except NoBuild as fault:
        st.title(_("no-build-title"))
        st.write(_("no-build-do"))
        st.code(_("no-build-commands"), language="shell")
        _letter(fault)
    except UserFault as fault:
        st.header(_("fault-title"))
        _letter(fault)


def _invented(built: Build) -> None:
    if built.invented:
        told = Markup('<p class="up-invented" role="note"><strong>{}</strong> {}</p>')
        draw(told.format(_("invented-title"), _("invented-text")))


def _foot(built: Build) -> None:
    told = _("foot", program=built.program, build=built.id, day=words.day(plan.today()), audience=audience())
    draw(Markup('<p class="up-foot">{}</p>').format(told))


def _letter(fault: UserFault) -> None:
    """Where, what was found, what was wanted, what to do; all of them where there are several."""
    for one in fault.faults if isinstance(fault, Faults) else (fault,):
        lines = [_("fault-where"), one.where, _("fault-found"), one.found]
        if one.wanted:
            lines += [_("fault-wanted"), one.wanted]
        if one.remedy:
            lines += [_("fault-remedy"), one.remedy]
        pairs = zip(lines[::2], lines[1::2], strict=True)
        told = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*pair) for pair in pairs)
        draw(Markup('<dl class="up-facts" role="alert">{}</dl>').format(told))
