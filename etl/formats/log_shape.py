"""Proves that items of a log dump stand there exactly as MediaWiki writes them, and says where each part lies.

It goes through all items at once, line by line. Each line must begin and end as it should, and no `<`, `>` or `&` may
be left that does not belong to them: then a real XML parser would find the same. It decodes and judges nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.formats.log_words import Bits, Places, all_stand, is_utf8, mask, stand, true_places, word, words

ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#039;": "'", "&#39;": "'", "&amp;": "&"}
_SLICE = 1 << 18
DELETED = b' deleted="deleted" />'


class _Odd(Exception):
    """Something stands there otherwise."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a part of each item lies. is_there: None where all have it."""

    start: Places
    end: Places
    is_there: Bits | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Where the parts of some items lie in their text."""

    text: bytes
    parts: Mapping[str, Span]
    is_action_hidden: Bits
    is_performer_hidden: Bits
    is_comment_hidden: Bits


def shape_of(text: bytes, starts: Places, size: int) -> Shape | None:
    """The shape of the items that begin, with a line break, at `starts`; None where any of it is not as it should be.

    text: nothing but the items in `size` bytes, and PAD behind.
    """
    try:
        return _Walk(text, starts, _signs(text, size)).shape()
    except _Odd:
        return None


@dataclass(frozen=True, slots=True)
class _Signs:
    """Where lines break in a text, and how many `<` and `>` it has."""

    size: int
    breaks: Places
    brackets: Places


def _signs(text: bytes, size: int) -> _Signs:
    """Raises _Odd for signs that XML forbids, or that a parser reads as others; in slices that fit into the cache."""
    breaks, brackets = [], np.zeros(2, np.intp)
    for at in range(0, size, _SLICE):
        signs = np.frombuffer(text, np.uint8, min(_SLICE, size - at), at)
        breaks.append(np.flatnonzero(signs == ord("\n")) + at)
        controls = np.count_nonzero(signs < 32) - len(breaks[-1])
        _require(not controls or controls == sum(np.count_nonzero(signs == ord(sign)) for sign in "\t\r"))
        _require(_are_known(words(text)[true_places(signs == ord("&")) + at]))
        brackets += [np.count_nonzero(signs == ord(sign)) for sign in "<>"]
    _require(text.isascii() or is_utf8(text, size))
    return _Signs(size, np.concatenate(breaks), brackets)


def _are_known(there: NDArray[np.uint64]) -> bool:
    """Whether each of these words begins with an entity."""
    for entity in ENTITIES:
        there = there[there & mask(len(entity)) != word(entity.encode())]
    return not len(there)


def _require(is_so: object) -> None:
    if not is_so:
        raise _Odd


class _Walk:
    """Stands on one line of each item, and goes on as far as what stands there is as it should be."""

    def __init__(self, text: bytes, starts: Places, signs: _Signs) -> None:
        self._text, self._brackets, breaks, size = text, signs.brackets, signs.breaks, signs.size
        self._starts, self._ends = np.append(breaks + 1, size), np.append(breaks[1:], (size, size))  # one more, empty
        self._limits = np.append(starts[1:], size)
        self._line = np.searchsorted(breaks, starts)
        self._all = np.arange(len(starts))
        self._tags = 0

    def shape(self) -> Shape:
        everywhere = self._all
        parts: dict[str, Span] = {}
        self._whole(everywhere, b"  <logitem>")
        parts["id"] = self._part(everywhere, b"    <id>", b"</id>")
        parts["timestamp"] = self._part(everywhere, b"    <timestamp>", b"</timestamp>")
        shown, is_performer_hidden = self._hidden_or(everywhere, b"    <contributor")
        self._whole(shown, b"    <contributor>")
        parts["performer"] = self._spread(shown, self._part(shown, b"      <username>", b"</username>"))
        self._part(shown, b"      <id>", b"</id>")
        self._whole(shown, b"    </contributor>")
        commented = self._where(everywhere, b"    <comment")
        shown, is_comment_hidden = self._hidden_or(commented, b"    <comment")
        parts["comment"] = self._spread(shown, self._part(shown, b"    <comment>", b"</comment>", many_lines=True))
        parts["type"] = self._part(everywhere, b"    <type>", b"</type>")
        parts["action"] = self._part(everywhere, b"    <action>", b"</action>")
        shown, is_action_hidden = self._hidden_or(everywhere, b"    <text")
        parts["title"] = self._spread(shown, self._part(shown, b"    <logtitle>", b"</logtitle>"))
        parts["params"] = self._spread(shown, self._params(shown))
        self._whole(everywhere, b"  </logitem>")
        self._end()
        return Shape(self._text, parts, is_action_hidden, is_performer_hidden, is_comment_hidden)

    def _params(self, items: Places) -> Span:
        opening = b'    <params xml:space="preserve"'
        short = self._where(items, opening + b" />")
        if not len(short):
            return self._part(items, opening + b">", b"</params>", many_lines=True)
        start, end = np.empty((2, len(self._all)), np.intp)
        start[short] = end[short] = self._starts[self._line[short]]
        self._whole(short, opening + b" />")
        full = np.setdiff1d(items, short, assume_unique=True)
        span = self._part(full, opening + b">", b"</params>", many_lines=True)
        start[full], end[full] = span.start, span.end
        return Span(start[items], end[items])

    def _part(self, items: Places, opening: bytes, closing: bytes, many_lines: bool = False) -> Span:
        """The text between two tags on a line, or over several of them; then goes behind it."""
        line = self._line[items]
        start, end = self._starts[line] + len(opening), self._ends[line] - len(closing)
        _require(all_stand(opening, self._text, start - len(opening)))
        if not all_stand(closing, self._text, end):
            _require(many_lines)
            for place in np.flatnonzero(~stand(closing, words(self._text), end)).tolist():
                end[place], line[place] = self._found(int(start[place]), int(self._limits[items[place]]), closing)
        _require((start <= end).all())
        self._line[items] = line + 1
        self._tags += 2 * len(items)
        return Span(start, end)

    def _found(self, start: int, limit: int, closing: bytes) -> tuple[int, int]:
        """Where a text ends that has several lines, and the last of these."""
        end = self._text.find(closing, start, limit)
        line = int(np.searchsorted(self._starts, end, "right")) - 1
        if end < 0 or self._ends[line] != end + len(closing):
            raise _Odd
        return end, line

    def _whole(self, items: Places, line: bytes) -> None:
        """The whole line is this."""
        at = self._line[items]
        _require((self._ends[at] - self._starts[at] == len(line)).all())
        _require(all_stand(line, self._text, self._starts[at]))
        self._line[items] += 1
        self._tags += len(items)

    def _hidden_or(self, items: Places, opening: bytes) -> tuple[Places, Bits]:
        """The items whose part is shown, and which of all have it hidden; goes on behind hidden parts."""
        is_hidden = np.zeros(len(self._all), np.bool_)
        hidden = self._where(items, opening + DELETED)
        if not len(hidden):
            return items, is_hidden
        self._whole(hidden, opening + DELETED)
        is_hidden[hidden] = True
        return items[~is_hidden[items]], is_hidden

    def _where(self, items: Places, opening: bytes) -> Places:
        """The items whose line begins so, by the last signs of it alone: whoever asks proves the others."""
        last = opening[-8:]
        there = words(self._text)[self._starts[self._line[items]] + len(opening) - len(last)]
        found: Places = items[there & mask(len(last)) == word(last)]
        return found

    def _spread(self, items: Places, span: Span) -> Span:
        """A span of some of the items as one of all; where it is missing it is empty, and in its order."""
        if len(items) == len(self._all):
            return span
        is_there = np.zeros(len(self._all), np.bool_)
        is_there[items] = True
        start = self._starts[self._line - 1].copy()
        end = start.copy()
        start[items], end[items] = span.start, span.end
        return Span(start, end, is_there)

    def _end(self) -> None:
        """Each item ends where the next begins, and no sign of a tag is left over."""
        behind = np.append(np.searchsorted(self._starts, self._limits[:-1] + 1), len(self._starts) - 1)
        _require((self._line == behind).all())
        _require((self._brackets == self._tags).all())
