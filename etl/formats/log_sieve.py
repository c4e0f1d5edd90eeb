"""Finds the items of a block of a log dump and drops those of unwanted types by their bytes, while that is certain.

Certain means: nowhere a `<!` or `<?` (no comment, CDATA, DOCTYPE or instruction), so that each `<` begins a tag; items
stand one behind the other with nothing but blanks between them; and in each `<type>` stands once. An item is dropped
only where its type is a plain word, and nothing else of it is looked at. What is kept is proved and read elsewhere.
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.formats.log_words import Bits, Places, mask, stand, values, word, words

OPEN, CLOSE, TYPE, LEAD = b"<logitem>", b"</logitem>", b"<type>", b"\n  "
_TYPE = TYPE[:-1]
_WORD = re.compile(rb"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Kept:
    """The items of a block that were not dropped. parts: their bytes, each item from the line break before it on.

    starts: where the items begin in the joined parts; lines: their ordinals in the block, from 0; count: all items.
    """

    parts: list[bytes | memoryview]
    starts: Places
    size: int
    lines: Places
    count: int


class Sieve:
    """Drops items that are not of `types`."""

    def __init__(self, types: frozenset[str]) -> None:
        self._types = frozenset(one.encode() for one in types)
        self._pairs = _Pairs()

    def sift(self, text: bytes, start: int, end: int) -> Kept | None:
        """What is kept of text[start:end], which ends behind an item and has PAD behind it; None where in doubt."""
        if start >= end:
            return None
        self._pairs.load(np.frombuffer(text, np.uint8, end - start, start))
        if self._pairs.hold(b"<!") or self._pairs.hold(b"<?"):
            return None
        opens, types, closes = _tags(text, self._pairs.places(b"m>", b"<t") + start)
        if not len(opens) == len(types) == len(closes) > 0:
            return None
        if not ((opens < types).all() and (types < closes).all() and closes[-1] + len(CLOSE) == end):
            return None
        if not stand(TYPE, words(text), types).all():
            return None
        return _kept(text, start, opens, closes + len(CLOSE), np.flatnonzero(self._wanted(text, types)))

    def _wanted(self, text: bytes, types: Places) -> Bits:
        """Which items are kept; each different beginning is looked at once."""
        seen = words(text)[types + len(TYPE)]
        coded = pa.Array.from_buffers(pa.uint64(), len(types), [None, pa.py_buffer(seen)]).dictionary_encode()
        known = [self._keeps(beginning) for beginning in coded.dictionary.to_pylist()]
        is_wanted: Bits = np.array(known, np.bool_)[values(coded.indices, np.int32)]
        return is_wanted

    def _keeps(self, beginning: int) -> bool:
        """Whether a type may be wanted whose first eight bytes these are, up to the tag behind it if it is shorter."""
        plain, tag, _ = beginning.to_bytes(8, "little").partition(b"<")
        if _WORD.fullmatch(plain) is None:
            return True
        return plain in self._types if tag else any(one.startswith(plain) for one in self._types)


class _Pairs:
    """Finds pairs of signs in one block after the other. Its memory is used again, because new memory is slow."""

    def __init__(self) -> None:
        self._memory = np.zeros((2, 0), "<u2"), np.zeros((2, 0), np.bool_), np.zeros((2, 0), np.bool_)
        self._halves, self._marks, self._others = self._memory

    def load(self, block: NDArray[np.uint8]) -> None:
        """Takes the block as the pairs that begin at even places, and as those that begin at odd ones."""
        size = -(-len(block) // 16) * 8
        if self._memory[0].shape[1] < size:
            self._memory = np.zeros((2, size), "<u2"), np.zeros((2, size), np.bool_), np.zeros((2, size), np.bool_)
        self._halves, self._marks, self._others = (memory[:, :size] for memory in self._memory)
        for shift, half in enumerate(self._halves.view(np.uint8)):
            half[: len(block) - shift] = block[shift:]
            half[len(block) - shift :] = 0

    def hold(self, signs: bytes) -> bool:
        return bool(np.equal(self._halves, word(signs), out=self._marks).any())

    def places(self, signs: bytes, others: bytes) -> Places:
        """Where one or the other pair stands, in order."""
        np.equal(self._halves, word(signs), out=self._marks)
        self._marks |= np.equal(self._halves, word(others), out=self._others)
        found = [2 * np.flatnonzero(marks) + shift for shift, marks in enumerate(self._marks)]
        return np.sort(np.concatenate(found), kind="stable")


def _tags(text: bytes, places: Places) -> tuple[Places, Places, Places]:
    """Which of the places of `m>` and `<t` are those of `<logitem>`, `<type` and `</logitem>`; where these begin."""
    there = words(text)
    heads = there[places]
    types = places[heads & mask(len(_TYPE)) == word(_TYPE)]
    tails = places[heads & mask(2) == word(b"m>")] + 2
    opens = tails[tails >= len(OPEN)] - len(OPEN)
    closes = tails[tails >= len(CLOSE)] - len(CLOSE)
    return opens[stand(OPEN, there, opens)], types, closes[stand(CLOSE, there, closes)]


def _kept(text: bytes, start: int, opens: Places, ends: Places, kept: Places) -> Kept | None:
    """The kept items; None where anything but blanks stands before an item."""
    gaps = opens - np.concatenate(([start], ends[:-1]))
    leads = words(text)[np.maximum(opens - len(LEAD), 0)] & mask(4)
    is_plain = bool((gaps == len(LEAD)).all() and (leads == word(LEAD + b"<")).all())
    if not is_plain and any(text[at - gap : at].strip() or gap < 0 for at, gap in zip(opens, gaps, strict=True)):
        return None
    if is_plain and len(kept) == len(opens):
        whole = memoryview(text)[start : ends[-1]]
        return Kept([whole], opens - (start + len(LEAD)), len(whole), kept, len(opens))
    cuts = zip(opens[kept].tolist(), ends[kept].tolist(), strict=True)
    if is_plain:
        parts: list[bytes | memoryview] = [text[at - len(LEAD) : end] for at, end in cuts]
    else:
        parts = [LEAD + text[at:end] for at, end in cuts]
    lengths = ends[kept] - opens[kept] + len(LEAD)
    return Kept(parts, np.cumsum(lengths) - lengths, int(lengths.sum()), kept, len(opens))
