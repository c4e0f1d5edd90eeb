"""Writes documents: PDF by Typst (PDF/UA-1) and HTML as one file by Jinja, from the same content.

It knows no figure and no report; a report brings its template and its content. Nothing outside the project is read.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard.charts import palette

TEMPLATES: Final = Path(__file__).parent / "templates"
PDF_FONT: Final = "Libertinus Serif"
UNDRAWN: Final = "[…]"
# What the fonts inside Typst draw: Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, and signs. Other scripts need
# fonts that a machine may not have: a document must not look different there, and boxes are worse than an omission.
_DRAWN: Final = re.compile(
    "[\n\t\u0020-\u04ff\u05d0-\u05f4\u0606-\u060c\u061b\u061c\u061f\u0621-\u063a\u0640-\u0655\u065a\u0660-\u066d"
    "\u0674\u0679-\u067b\u067e-\u0680\u0683\u0684\u0686\u0687\u0691\u0698\u06a4\u06a9\u06af\u06be\u06cc\u06f0-\u06f9"
    "\u0900-\u097f\u1e00-\u1fff\u2000-\u2040\u2044-\u2052\u2060-\u2069\u20a0-\u20bf\u2116\u2122\u2126\u2190-\u22ff"
    "\u2500-\u25ff]"
)
_UNSEEN: Final = ("Cc", "Cn", "Co", "Cs")


@dataclass(frozen=True)
class Table:
    """A table of texts; the first column names its rows, a row of one cell is a heading over those that follow.

    widths: shares of the page's width. numbers: columns that are set to the right. empty: what stands where there is
    no row. left: how many rows are only in the details, and the noun that counts them.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()
    empty: str = "None."
    left: int = 0
    noun: str = "row"


def pdf(template: str, content: Mapping[str, Any], as_of: datetime) -> bytes:
    """The document as PDF/UA-1; the same content and `as_of` (UTC, stands as the day of making) give the same bytes.

    content: JSON-ready, its texts drawable, pictures as SVG; the template reads it as `content`.
    """
    told: bytes = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        timestamp=int(as_of.replace(tzinfo=UTC).timestamp()),
        sys_inputs={"content": json.dumps(content, ensure_ascii=False, sort_keys=True)},
    )
    return told


def html(template: str, content: Mapping[str, Any]) -> str:
    """The document as one HTML file: styles and pictures inside, no script, nothing fetched."""
    return _environment().get_template(template).render(content)


def svg_markup(text: str) -> Markup:
    """SVG that was drawn here, for an HTML template: its text was escaped when it was drawn."""
    return Markup(text)


def drawable(content: Any) -> Any:
    """The same texts, tuples or dataclass, with "[…]" for words that the PDF's fonts cannot draw; the HTML has them."""
    if isinstance(content, str):
        told = "".join(map(_drawable, re.split(r"([ \n\t]+)", content)))
        return re.sub(rf"{re.escape(UNDRAWN)}(\s+{re.escape(UNDRAWN)})+", UNDRAWN, told)
    if isinstance(content, tuple):
        return tuple(drawable(value) for value in content)
    if is_dataclass(content) and not isinstance(content, type):
        return replace(content, **{one.name: drawable(getattr(content, one.name)) for one in fields(content)})
    return content


def _drawable(word: str) -> str:
    drawn = all(_DRAWN.match(one) and (one in "\n\t" or unicodedata.category(one) not in _UNSEEN) for one in word)
    return word if drawn else UNDRAWN


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["colour"] = {"ink": palette.INK, "muted": palette.MUTED, "grid": palette.GRID}
    return environment
