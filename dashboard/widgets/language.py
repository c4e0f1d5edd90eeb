"""Every text of a page by its key, from `dashboard/i18n/<language>.json`. It knows no page and no number.

A text has gaps in braces, filled by name; a text with a number in it has one form per plural of its language.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.numbers import format_decimal

MESSAGES: Final = Path(__file__).parents[1] / "i18n"
Message = str | Mapping[str, str]  # one text, or plural form to text


def language() -> str:
    """The language that this reader reads."""
    return "en"


def _(key: str, /, count: int | None = None, **gaps: str) -> str:
    """The text of `key` with its gaps filled; `count` chooses the plural form and fills the gap {count}."""
    message = messages(language())[key]
    if count is None:
        return _plain(key, message).format(**gaps)
    locale = Locale.parse(language())
    forms = {"other": message} if isinstance(message, str) else message
    form = forms.get(locale.plural_form(count), forms["other"])
    return form.format(count=format_decimal(count, locale=locale), **gaps)


@cache
def messages(name: str) -> Mapping[str, Message]:
    """All texts of one language by key."""
    found: Mapping[str, Message] = json.loads((MESSAGES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _plain(key: str, message: Message) -> str:
    if not isinstance(message, str):
        raise ValueError(f"the text {key} needs a count")
    return message
