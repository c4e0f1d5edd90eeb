"""Finds the items of a block of a log dump and drops those of unwanted types by their bytes, while that is certain.

Certain means: nowhere a `<!` or `<?` (no comment, CDATA, DOCTYPE or instruction), so that each `<` begins a tag; items
stand one behind the other with nothing but blanks between them; and in each `<type>` stands once. An item is dropped
only where its type is a plain word, and nothing else of it is looked at. What is kept is proved and read elsewhere.
"""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from etl.formats.log_words import Bits, Places, mask, true_places, values, word, words

OPEN, CLOSE, TYPE, LEAD = b"<logitem>", b"</logitem>", b"<type>", b"\n  "
_TYPE, _NAME = TYPE[:-1], b"logitem>"
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
        self._keeps = cache(self._may_be_wanted)

    def sift(self, text: bytes, start: int, end: int) -> Kept | None:
        """What is kept of text[start:end], which ends behind an item and has PAD behind it; None where in doubt."""
        if has_other_markup(text, start, end):
            return None
        types, tags = _places(_TYPE, text, start, end), _tags(text, start, end)
        if tags is None or len(tags.opens) != len(types):
            return None
        if not ((tags.opens < types).all() and (types < tags.closes).all()):
            return None
        behind = types + len(_TYPE)
        if not (words(text)[behind] & mask(1) == word(TYPE[-1:])).all():
            return None
        return _kept(text, start, tags, np.flatnonzero(self._wanted(text, behind + 1)))

    def _wanted(self, text: bytes, at: Places) -> Bits:
        """Which items are kept; each different beginning of a type is looked at once."""
        coded = pa.array(words(text)[at]).dictionary_encode()
        known = [self._keeps(beginning) for beginning in coded.dictionary.to_pylist()]
        is_wanted: Bits = np.array(known, np.bool_)[values(coded.indices, np.int32)]
        return is_wanted

    def _may_be_wanted(self, beginning: int) -> bool:
        """Whether a type may be wanted whose first eight bytes these are, up to the tag behind it if it is shorter."""
        plain, tag, _ = beginning.to_bytes(8, "little").partition(b"<")
        if _WORD.fullmatch(plain) is None:
            return True
        return plain in self._types if tag else any(one.startswith(plain) for one in self._types)


def unsifted(text: bytes, start: int, end: int) -> Kept | None:
    """All of it as items, of which nothing is certain yet; None where they are not one behind the other."""
    tags = _tags(text, start, end)
    return None if tags is None else _kept(text, start, tags, np.arange(len(tags.opens)))


def has_other_markup(text: bytes, start: int, end: int) -> bool:
    """Whether there is a comment, CDATA, DOCTYPE or instruction."""
    return any(_follows(b"<", sign, text, start, end) for sign in (b"!", b"?"))


def _follows(one: bytes, other: bytes, text: bytes, start: int, end: int) -> bool:
    """Whether the one sign stands right before the other, which is rare, somewhere."""
    if text.find(other, start, end) < 0:
        return False
    signs = np.frombuffer(text, np.uint8, end - start, start)
    return bool((signs[true_places(signs[1:] == ord(other))] == ord(one)).any())


def _places(signs: bytes, text: bytes, start: int, end: int) -> Places:
    """Where the signs stand. Either their second and third are a pair that begins at an even place, or the next two."""
    pairs = np.frombuffer(text, "<u2", (end - start) // 2, start)
    is_pair = pairs == word(signs[1:3])
    is_pair |= pairs == word(signs[2:4])
    at = 2 * true_places(is_pair) + (start - 2)
    there = words(text)
    at += there[at] & mask(3) != word(signs[:3])
    found: Places = at[there[at] & mask(len(signs)) == word(signs)]
    return found


@dataclass(frozen=True, slots=True)
class _Tags:
    """Where `<logitem>` and `</logitem>` begin."""

    opens: Places
    closes: Places


def _tags(text: bytes, start: int, end: int) -> _Tags | None:
    """None where they are not in pairs, the last of which ends with the text."""
    names = _places(_NAME, text, start, end)
    before = words(text)[names - 2] & mask(2)
    tags = _Tags(names[before >> 8 == word(b"<")] - 1, names[before == word(b"</")] - 2)
    if not len(tags.opens) == len(tags.closes) > 0 or (tags.opens > tags.closes).any():
        return None
    return tags if tags.closes[-1] + len(CLOSE) == end else None


def _kept(text: bytes, start: int, tags: _Tags, kept: Places) -> Kept | None:
    """The kept items; None where anything but blanks stands before an item."""
    opens, ends = tags.opens, tags.closes + len(CLOSE)
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
