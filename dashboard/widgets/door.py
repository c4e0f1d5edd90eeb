"""The questions that pages ask, each answered once per build and remembered. It computes nothing.

A page is read from one build: the one in force when its run began. Where another is published meanwhile, `NewBuild` is
raised and the page runs again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from dashboard.widgets.language import language
from dashboard.widgets.reader import audience
from metrics import comparison as comparisons
from metrics import outlook as outlooks
from metrics import query
from metrics.answer import Build, Listing, Released
from metrics.calendar import Rules
from metrics.comparison import Comparison, NoFunnel
from metrics.course import Course
from metrics.finding import Card
from metrics.lineage import Lineage
from metrics.movement import Against
from metrics.outlook import NoOutlook, Outlook
from metrics.progress import Progress
from metrics.query import Explanation
from metrics.reason import Reason
from metrics.receipt import Receipt
from metrics.restated import Restatements
from metrics.semantic.model import Audience, Grain
from metrics.target_path import Aim, aim_of

PINNED: Final = "build-of-this-run"
Where = tuple[tuple[str, str], ...]
P = ParamSpec("P")
R = TypeVar("R")


class NewBuild(Exception):
    """A build was published while the page was being read."""


@contextmanager
def pinned() -> Iterator[Build]:
    """Looks which build is in force, and stays with it for one run of a page."""
    st.session_state[PINNED] = query.build()
    try:
        yield build()
    finally:
        st.session_state.pop(PINNED, None)


def build() -> Build:
    """The build that this run reads."""
    if PINNED not in st.session_state:
        _enter_app()
    found: Build = st.session_state[PINNED]
    return found


def ask(
    metric: str,
    *,
    by: Grain,
    split: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    start: date | None = None,
    end: date | None = None,
) -> Released:
    """`metrics.query.ask` for this reader."""
    chosen = tuple(sorted((where or {}).items()))
    return _ask(build().id, metric, by, tuple(split), chosen, start, end, audience())


def course(answer: Released, target: float | None = None) -> Course:
    """An answer of one group as a control chart."""
    return _course(answer, target)


def reason(whole: Released, split: str, against: Against) -> Reason:
    """Why an answer moved, by the groups of a dimension."""
    return _reason(whole, split, against)


def comparison(parts: Released, whole: Released) -> Comparison | NoFunnel:
    """Which groups of an answer are unlike the others. whole: the same answer without the split."""
    return _comparison(parts, whole)


def outlook(answer: Released) -> Outlook | NoOutlook:
    """Where an answer of one group should be by now, and whether it will be at its target in time."""
    found = build()
    rules = Rules(found.fiscal_year_start, "sunday" if found.week_start == "sunday" else "monday")
    return _outlook(answer, aim_of(answer, listing("measures").rows, listing("targets").rows, rules), rules)


def goals() -> tuple[Progress, ...]:
    """Where every measure of the plan's goals stands."""
    return _goals(build().id, audience())


def impact() -> tuple[Card, ...]:
    """What the plan's rollouts changed."""
    return _impact(build().id, audience())


def listing(name: str) -> Listing:
    """Records of the plan or the build, of those that are written for somebody this reader's."""
    return _listing(build().id, name, audience())


def explain(metric: str) -> Explanation:
    """The SQL of a metric and the feeds behind it."""
    return _explain(build().id, metric)


def lineage(metric: str) -> Lineage:
    """The columns and feeds that a metric rests on."""
    return _lineage(build().id, metric)


def receipt(name: str) -> Receipt:
    """All that there is to say of one number, as this reader may see it."""
    return _receipt(build().id, name, audience())


def restatements(metric: str | None = None, *, by: Grain | None = None, parts: bool = True) -> Restatements:
    """What builds said of closed periods and the next ones did not, as this reader may see it."""
    return _restatements(build().id, metric, by, parts, audience())


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Keeps what `function` makes of answers and records, by their content and the reader's language alone."""
    hashes: dict[str | type[Any], Callable[[Any], Any]] = {  # looked up when asked: some above them are remembered, too
        Released: lambda one: _answer_key(one),
        Progress: lambda one: _progress_key(one),
        Listing: lambda one: _listing_key(one),
    }
    kept: Callable[P, R] = st.cache_data(show_spinner=False, max_entries=500, hash_funcs=hashes)(function)
    return kept


@st.cache_data(show_spinner=False, max_entries=1000)
def _ask(
    build_id: str,
    metric: str,
    by: Grain,
    split: tuple[str, ...],
    where: Where,
    start: date | None,
    end: date | None,
    reader: Audience,
) -> Released:
    answer = query.ask(metric, by=by, split=split, where=dict(where), start=start, end=end, audience=reader)
    _same(build_id, answer.build)
    return answer


@remembered
def _course(answer: Released, target: float | None) -> Course:
    return query.course(answer, target)


@remembered
def _reason(whole: Released, split: str, against: Against) -> Reason:
    _same(whole.build, query.build().id)
    return whole.explain(split, against=against)


@remembered
def _comparison(parts: Released, whole: Released) -> Comparison | NoFunnel:
    return comparisons.comparison(parts, whole)


@remembered
def _outlook(answer: Released, aim: Aim | None, rules: Rules) -> Outlook | NoOutlook:
    return outlooks.outlook(query.course(answer, None if aim is None else aim.value), aim, rules)


@st.cache_data(show_spinner=False, max_entries=8)
def _goals(build_id: str, reader: Audience) -> tuple[Progress, ...]:
    found = query.goals(reader)
    for one in found:
        _same(build_id, one.released.build)
    return found


@st.cache_data(show_spinner=False, max_entries=4)
def _impact(build_id: str, reader: Audience) -> tuple[Card, ...]:
    found = query.impact(reader)
    for one in (one for card in found for one in card.findings):
        if one.released is not None:
            _same(build_id, one.released.build)
    return found


@st.cache_data(show_spinner=False, max_entries=64)
def _listing(build_id: str, name: str, reader: Audience) -> Listing:
    found = query.listing(name, audience=reader)
    _same(build_id, found.build)
    return found


@st.cache_data(show_spinner=False, max_entries=200)
def _explain(build_id: str, metric: str) -> Explanation:
    return query.explain(metric)


@st.cache_data(show_spinner=False, max_entries=200)
def _lineage(build_id: str, metric: str) -> Lineage:
    return query.lineage(metric)


@st.cache_data(show_spinner=False, max_entries=200)
def _receipt(build_id: str, name: str, reader: Audience) -> Receipt:
    return query.receipt(name, audience=reader)


@st.cache_data(show_spinner=False, max_entries=200)
def _restatements(build_id: str, metric: str | None, by: Grain | None, parts: bool, reader: Audience) -> Restatements:
    return query.restatements(metric, by=by, parts=parts, audience=reader)


def _enter_app() -> None:
    """Runs the app instead of a page alone.

    Until the first st.navigation of a process, Streamlit takes a folder `pages` for an app of its old kind, and runs a
    page whose address is opened first without app.py around it.
    """
    PagesManager.uses_pages_directory = False
    st.rerun()


def _same(wanted: str, found: str) -> None:
    if wanted != found:  # raised, so that it is not remembered under the wrong build
        raise NewBuild


def _answer_key(one: Released) -> tuple[Any, ...]:
    asked = (one.metric.id, one.metric.version, one.by, one.split, one.where, one.audience)
    return (language(), *asked, one.build, one.as_of.isoformat(), hash(one.figures))


def _progress_key(one: Progress) -> tuple[Any, ...]:
    return (*_answer_key(one.released), one.goal, one.title, one.goal_title, one.owner, one.target, one.status)


def _listing_key(one: Listing) -> tuple[Any, ...]:
    return (language(), one.name, one.build, repr(one.rows))
