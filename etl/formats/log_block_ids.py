"""Takes the number of the block out of many parameters at once, because it makes each row's unlike all others'.

It does what `log_params.without_block_id` does, for arrays that end with the number, as MediaWiki mostly writes them.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from etl.formats.log_words import Bits, Places, cut, mask, spans, stand, windows, word, words

_KEY = b's:7:"blockId";i:'
_LONGEST = 18  # digits
_SHORTEST = len(b"a:1:{") + len(_KEY) + _LONGEST + len(b";}")  # so that all that is looked at lies within


@dataclass(frozen=True, slots=True)
class Numbered:
    """Which parameters end with the number of a block; the text before it, and the number, of these only."""

    which: Bits
    before: pa.Array
    block_id: pa.Array


def numbered(params: pa.Array) -> Numbered:
    """params: texts, none missing."""
    text, start, end = spans(params)
    which = end - start >= _SHORTEST
    at = np.flatnonzero(which)
    if len(at):
        digits = _digits(text, end[at])
        there = words(text)
        first = end[at] - 2 - digits
        is_array = there[start[at]] & mask(5) & ~np.uint64(0xFF << 16) == word(b"a:\0:{")
        count = (there[start[at]] >> np.uint64(16)) & np.uint64(0xFF)
        which[at] = (
            (digits > 0) & is_array & (count >= ord("1")) & (count <= ord("9")) & stand(_KEY, there, first - len(_KEY))
        )
        first = first[which[at]]
    else:
        first = at
    before = cut(text, start[which], first - len(_KEY))
    return Numbered(which, before, cut(text, first, end[which] - 2).cast(pa.int64()))


def shorter(before: str) -> str:
    """The parameters without the number: an array with one pair less."""
    return f"a:{int(before[2]) - 1}:{before[4:]}}}"


def _digits(text: pa.Buffer, end: Places) -> Places:
    """How many digits stand before `;}` at the end of each text; 0 where there are none, or too many."""
    size = _LONGEST + 1 + 2
    tail = windows(text, size)[end - size].view(np.uint8).reshape(-1, size)
    is_digit = (tail[:, :-2] >= ord("0")) & (tail[:, :-2] <= ord("9"))
    found: Places = (~is_digit[:, ::-1]).argmax(axis=1)
    found[is_digit.all(axis=1) | (tail[:, -2] != ord(";")) | (tail[:, -1] != ord("}"))] = 0
    return found
