r"""Reads the texts and lists of a mediawiki_history dump, where `\t`, `\n` and `\r` stand for what they stand for.

A backslash itself is not escaped: `a\tb` may have been a tab or a backslash and a t. Where a value cannot hold a tab,
as the name of a user, it is to be taken as it stands. It opens nothing.
"""

import re

_ESCAPED = re.compile(r"\\([tnr])")
_SIGNS = {"t": "\t", "n": "\n", "r": "\r"}
_COMMA = re.compile(r"(?<!\\),")  # a comma inside an item stands behind a backslash


def text(written: str) -> str:
    """What was written, with its tabs and line ends."""
    return _ESCAPED.sub(lambda found: _SIGNS[found[1]], written)


def items(written: str) -> tuple[str, ...]:
    """The items of a list; none where it is empty."""
    return tuple(text(item.replace("\\,", ",")) for item in _COMMA.split(written)) if written else ()
