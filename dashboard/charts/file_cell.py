"""Cells of the files that we hand out (CSV): whatever text is in them, no spreadsheet program runs it as a formula.

It touches nothing. Source: OWASP, CSV Injection; signs of full width are formulas in Japanese spreadsheets.
"""

import re
from typing import Final

NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text, with ' before it where a spreadsheet would run it; numbers stay numbers, below 0 too.

    A line in it ends with a line feed: Python's csv leaves a carriage return without quotes, and what stands behind it
    would be the first cell of a new row.
    """
    if NUMBER.fullmatch(text) or not text.lstrip(" ").startswith(FORMULA):
        return _one_row(text)
    return f"'{_one_row(text)}"


def _one_row(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
