"""Tables that every reader can read: plain HTML with caption and header cells; wide ones scroll by themselves.

It knows no metric: texts come in, escaped here unless they are Markup made here or beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import streamlit as st
from markupsafe import Markup, escape

Row = Sequence[str]


@dataclass(frozen=True)
class Group:
    """A heading over the rows that follow it."""

    title: str


def table(caption: str, columns: Sequence[str], rows: Iterable[Row | Group], *, empty: str) -> None:
    """Draws a table; `empty` stands where there is no row."""
    draw(markup(caption, columns, rows, empty=empty))


def markup(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Row | Group],
    *,
    empty: str,
    numbers: Sequence[int] = (),
    stacked: bool = False,
) -> Markup:
    """The table as HTML. The first column names its row; numbers: columns set to the right.

    stacked: on a phone each row becomes a card with the names of the columns in it, instead of a table that scrolls.
    """
    drawn = [_row(one, columns, numbers) for one in rows]
    if not drawn:
        return Markup('<p class="up-empty"><strong>{}.</strong> {}</p>').format(caption, empty)
    heads = Markup("").join(_head(name, at in numbers) for at, name in enumerate(columns))
    return Markup(
        '<div class="{}" role="region" aria-label="{}" tabindex="0"><table role="table"><caption>{}</caption>'
        '<thead role="rowgroup"><tr role="row">{}</tr></thead><tbody role="rowgroup">{}</tbody></table></div>'
    ).format("up-table up-stacked" if stacked else "up-table", caption, caption, heads, Markup("").join(drawn))


def draw(html: Markup) -> None:
    """Puts HTML made here on the page. SVG goes by Markdown, because `st.html` takes it out."""
    if not html:
        return
    if "<svg" in html:
        st.markdown(_one_block(html), unsafe_allow_html=True)
    else:
        st.html(str(html))


def link(text: str, page: str, **query: str) -> Markup:
    """A link to a page of the app, by its name in the address."""
    address = f"{page}?{urlencode(query)}" if query else page
    return Markup('<a href="{}" target="_self">{}</a>').format(address, text)


_HEAD: Final = Markup('<th scope="col" role="columnheader"{}>{}</th>')
_NUMBER: Final = Markup(' class="up-number"')


def _head(name: str, is_number: bool) -> Markup:
    return _HEAD.format(_NUMBER if is_number else "", name)


def _row(row: Row | Group, columns: Sequence[str], numbers: Sequence[int]) -> Markup:
    if isinstance(row, Group):
        head = '<tr role="row"><th scope="colgroup" role="columnheader" colspan="{}" class="up-group">{}</th></tr>'
        return Markup(head).format(len(columns), row.title)
    first = Markup('<th scope="row" role="rowheader">{}</th>').format(row[0])
    rest = [
        Markup('<td role="cell" data-name="{}"{}>{}</td>').format(name, _NUMBER if at in numbers else "", cell)
        for at, (name, cell) in enumerate(zip(columns[1:], row[1:], strict=True), start=1)
    ]
    return Markup('<tr role="row">{}{}</tr>').format(first, Markup("").join(rest))


def _one_block(html: Markup) -> str:
    """In Markdown a block of HTML ends at an empty line, and what follows would be read as text."""
    return " ".join(escape(html).split("\n"))
