"""What a reader chooses on a page, kept in the page's address, so that a link leads to what its sender saw.

It asks for the members of a dimension and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import streamlit as st

from dashboard.widgets import door, names
from dashboard.widgets.language import _
from metrics import query
from metrics.semantic.model import Grain

ALL: Final = ""
LONGEST_NAMED: Final = 60  # letters of what an address names that are shown where it is not known
T = TypeVar("T", bound=str)


def pick(key: str, label: str, options: Sequence[T], told: Callable[[T], str], default: T | None = None) -> T:
    """One of many, from a list; `default`, else the first, where the address names none."""
    labels = {one: told(one) for one in options}
    _follow_address(key, label, labels, default or options[0])
    picked = st.selectbox(label, options, format_func=labels.__getitem__, key=key)
    return _keep(key, picked or options[0], default or options[0])


def switch(key: str, label: str, options: Sequence[T], told: Callable[[T], str], default: T | None = None) -> T:
    """One of few, all of them in sight; `default`, else the first, where the address names none."""
    labels = {one: told(one) for one in options}
    _follow_address(key, label, labels, default or options[0])
    picked = st.segmented_control(label, options, format_func=labels.__getitem__, key=key, required=True, wrap=True)
    return _keep(key, picked or options[0], default or options[0])


def grain(options: Sequence[Grain]) -> Grain:
    """The length of the periods: months, where there are months; the whole time where there are no periods."""
    periods = [one for one in options if one != "total"]
    if not periods:
        return "total"
    default: Grain = "month" if "month" in periods else periods[0]
    return switch("by", _("choose-by"), periods, lambda one: _(f"grain-{one}"), default)


def filters(metric: str, *dimensions: str) -> Mapping[str, str]:
    """The members that the page is narrowed to: one box per dimension, with the members that `metric` has."""
    chosen: dict[str, str] = {}
    with st.container(horizontal=True, key="filters"):
        for dimension in dimensions:
            options = [ALL, *members(metric, dimension)]
            picked = pick(dimension, names.dimension(dimension), options, _told(dimension))
            if picked != ALL:
                chosen[dimension] = picked
    return chosen


def is_named(keys: Sequence[str]) -> bool:
    """Whether the address chooses any of these."""
    return any(key in st.query_params for key in keys)


def members(metric: str, dimension: str) -> list[str]:
    """The members of a dimension that the metric has ever had, in order of their names."""
    longest = query.definitions()[metric].grains[-1]
    answer = door.ask(metric, by=longest, split=[dimension])
    return [group[0] for group in answer.groups() if group[0]]


def _told(dimension: str) -> Callable[[str], str]:
    return lambda value: names.member(dimension, value) if value != ALL else _("choose-all")


def _follow_address(key: str, label: str, labels: Mapping[T, str], default: T) -> None:
    """Sets the choice to what the address names, unless the reader has just chosen something else.

    A link to what is not there any more says so, since what is shown in its place answers another question.
    """
    state, kept = st.session_state.get(key), st.session_state.get(_kept(key))
    if state is not None and state in labels and state != kept:
        return
    named = st.query_params.get(key)
    st.session_state[key] = named if named in labels else default
    if state is None and named is not None and named not in labels:
        shown = names.plain(labels[default])
        st.caption(_("choice-unknown", label=label, named=names.plain(named[:LONGEST_NAMED]), shown=shown))


def _keep(key: str, picked: T, default: str) -> T:
    """Writes the choice into the address; the default leaves none there."""
    if picked == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != picked:
        st.query_params[key] = picked
    st.session_state[_kept(key)] = picked
    return picked


def _kept(key: str) -> str:
    return f"kept-{key}"
