"""Which class of reasons a comment belongs to, by regular expressions of which the first that fits counts.

It keeps no comment longer than its memory of the last ones, because comments repeat.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

UNCLASSIFIED = "unclassified"

_WORDS = re.compile(r"\(\?i\)([a-z0-9 -]+(?:\|[a-z0-9 -]+)*)", re.IGNORECASE | re.ASCII)


class Reasons:
    """Classes by name, in the order of `expressions`; UNCLASSIFIED where none fits."""

    def __init__(self, expressions: Mapping[str, str]) -> None:
        self._classes = tuple(
            (name, _plain_words(expression), re.compile(expression).search) for name, expression in expressions.items()
        )
        self.class_of = lru_cache(maxsize=1 << 14)(self._class_of)

    def classes_of(self, comments: pa.Array) -> pa.Array:
        """The class of each comment: of those in ASCII at once, if the expressions are nothing but words."""
        if not all(words for _, words, _ in self._classes):
            return pa.array([self.class_of(one) for one in comments.to_pylist()], pa.string())
        found = pa.repeat(UNCLASSIFIED, len(comments))
        for name, words, _ in reversed(self._classes):
            found = pc.if_else(pc.match_substring_regex(comments, f"(?i){'|'.join(words)}"), name, found)
        is_other = pc.invert(pc.string_is_ascii(comments))
        others = [self.class_of(one) for one in comments.filter(is_other).to_pylist()]
        return pc.replace_with_mask(found, is_other, pa.array(others, pa.string()))

    def _class_of(self, comment: str) -> str:
        lowered = comment.lower() if comment.isascii() else None
        for name, words, search in self._classes:
            if lowered is None or not words:
                if search(comment):
                    return name
                continue
            for word in words:
                if word in lowered:
                    return name
        return UNCLASSIFIED


def _plain_words(expression: str) -> tuple[str, ...]:
    """The words, if the expression is nothing but words in any case: in ASCII they are found far faster without it."""
    found = _WORDS.fullmatch(expression)
    return tuple(found[1].lower().split("|")) if found else ()
