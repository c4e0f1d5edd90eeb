"""A number on a page: written as everywhere, and one click from its receipt. It knows no metric by name."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

from dashboard.charts import words
from dashboard.widgets.language import _
from dashboard.widgets.table import link
from metrics.answer import Figure, Released

GAP: Final = "\ue000{}\ue001"  # signs that no text has


def number(one: Figure, answer: Released) -> Markup:
    """The figure in full, as a link to its receipt; what is withheld or missing has one, too, which says why."""
    return to_receipt(words.figure(one, answer), answer.receipt(one))


def to_receipt(text: str, name: str) -> Markup:
    """A text as a link to the receipt of that name."""
    return link(text, "receipt", id=name)


def sentence(key: str, numbers: Mapping[str, tuple[Figure, Released]], **gaps: str) -> Markup:
    """A text of the page in which the gaps of `numbers` are links to their receipts."""
    filled = gaps | {name: GAP.format(name) for name in numbers}
    told = escape(_(key, None, **filled))
    for name, (one, answer) in numbers.items():
        told = told.replace(GAP.format(name), number(one, answer))
    return told


def paragraph(*sentences: str) -> Markup:
    """Sentences one after the other."""
    return Markup("<p>{}</p>").format(Markup(" ").join(sentences))
