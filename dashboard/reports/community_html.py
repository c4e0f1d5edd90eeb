"""Writes a page for communities as one HTML file: inline SVG, no script, nothing fetched. It decides nothing."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from babel import Locale
from babel.dates import format_date
from markupsafe import Markup, escape

from dashboard.charts import words
from dashboard.charts.paper import svg
from dashboard.reports import document
from dashboard.reports.community_text import (
    Amount,
    Block,
    Bullets,
    Cell,
    Day,
    Grid,
    Heading,
    Language,
    Link,
    Month,
    Name,
    Page,
    Paragraph,
    Picture,
    Place,
    Text,
    Words,
    cell_texts,
)

WIDTH, HEIGHT = 540, 170
_LINK: Final = re.compile("\\[\\[\0([^\0]*)\0\\|([^]]*)\\]\\]")


def write(page: Page) -> str:
    """The page as HTML, in English and from left to right; the same page gives the same text."""
    return document.html(
        "quarterly.html.j2",
        {
            "language": words.LOCALE.split("_")[0],
            "direction": "ltr",
            "program": page.program,
            "title": inline(page.title),
            "banner": inline(page.banner) if page.banner else "",
            "stamp": inline(page.stamp),
            "blocks": list(_blocks(page.blocks)),
        },
    )


def inline(text: Text) -> Markup:
    """The text with its places filled in."""
    told = "".join(escape(part) if isinstance(part, str) else _place(part[1]) for part in text.parts())
    return Markup(_LINK.sub(r'<a href="\1">\2</a>', told))


def _blocks(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """The blocks as the template reads them; a chart stands beside the lines that come before it."""
    drawn = 0
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        match block:
            case Heading(level=level, text=text):
                yield {"kind": "heading", "level": level, "text": inline(text)}
            case Paragraph(text=text):
                yield {"kind": "paragraph", "text": inline(text)}
            case Bullets(items=items):
                beside = _drawn(following, drawn := drawn + 1) if isinstance(following, Picture) else None
                yield {"kind": "bullets", "items": [inline(one) for one in items], "picture": beside}
            case Grid():
                yield {"kind": "grid", "table": _table(block)}
            case Picture():
                if not at or not isinstance(blocks[at - 1], Bullets):
                    raise ValueError("a picture stands behind the lines that say the same")


def _drawn(picture: Picture, number: int) -> dict[str, Any]:
    chart = picture.chart
    drawn = svg(chart, WIDTH, HEIGHT, name=f"chart-{number}")
    return {"svg": document.svg_markup(drawn), "notes": " ".join(chart.notes)}


def _table(grid: Grid) -> document.Table:
    """The table as the house shows tables; names of columns are plain, since they stand in attributes."""
    return document.Table(
        inline(grid.caption),
        tuple(_cell(one).striptags() for one in grid.columns),
        tuple(tuple(_cell(one) for one in row) for row in grid.rows),
        grid.widths,
        grid.numbers,
    )


def _cell(cell: Cell) -> Markup:
    return Markup("<br>").join(inline(text) for text in cell_texts(cell))


def _place(place: Place | Words) -> str:
    match place:
        case Amount(value=value, decimals=decimals):
            return words.decimal(float(place.digits) if value else value, decimals)
        case Day(day=day):
            return words.day(day)
        case Month(day=day):
            return str(format_date(day, "LLLL y", locale=words.LOCALE))
        case Language(code=code):
            return escape(Locale.parse(words.LOCALE).languages.get(code, code))
        case Link(address=address):
            return Markup("\0{}\0").format(address)
        case Name(text=text, language=language, direction=direction):
            marks = [(key, value) for key, value in (("lang", language), ("dir", direction)) if value]
            told = Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in marks)
            return Markup("<bdi{}>{}</bdi>").format(told, text) if marks else escape(text)
        case Words(text=text):
            return escape(text)
