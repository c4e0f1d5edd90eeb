"""Reads thousands of rows of a help desk's export at once, each different word of a column once.

What it makes of a row is what `ticket_rows` makes of it; a row of which it is not sure is left to that. It opens no
file.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.formats.delimited import Layout, Record
from etl.formats.delimited_blocks import Rows, decoded
from etl.formats.log_words import Bits, Places, cut, values, windows
from etl.formats.ticket_desk import TIMES, WORDS
from etl.formats.ticket_rows import COLUMNS, Reading, Unreadable
from etl.formats.times_at_once import EPOCH, NONE, Clocks, Moments

TEXT = pa.dictionary(pa.int32(), pa.string())
TYPES: Mapping[str, pa.DataType] = {
    "line": pa.int64(),
    "desk": TEXT,
    "case": pa.string(),
    **{f"{name}_at": pa.timestamp("us") for name in TIMES},
    **dict.fromkeys((*WORDS, "state", "satisfaction"), TEXT),
    "is_emergency": pa.bool_(),
    "is_event": pa.bool_(),
}
QUOTE, SPACE, ASCII = ord('"'), ord(" "), 128


@dataclass(frozen=True)
class _Words:
    """A column's words: which of those said stands in each row. None: nothing is said."""

    codes: NDArray[np.int32]
    said: Sequence[str | None]

    def meaning(self, of: Callable[[str | None], str | None] = lambda said: said) -> pa.Array:
        meant = [of(one) for one in self.said]
        places = {one: place for place, one in enumerate(dict.fromkeys(one for one in meant if one is not None))}
        codes = np.array([-1 if one is None else places[one] for one in meant], np.int32)[self.codes]
        indices = _array(pa.int32(), codes, codes >= 0)
        return pa.DictionaryArray.from_arrays(indices, pa.array(list(places), pa.string()))

    def flags(self, of: Callable[[str | None], bool | None]) -> tuple[Bits, Bits]:
        """What is true of the words, and whether anything can be said of them."""
        meant = [of(one) for one in self.said]
        is_said = np.array([one is not None for one in meant], np.bool_)
        return np.array(meant, np.bool_)[self.codes], is_said[self.codes]


@dataclass(frozen=True)
class Columns:
    """How many rows of one export are read at once, as `reading` reads one."""

    reading: Reading
    layout: Layout
    clocks: Clocks

    @classmethod
    def of(cls, reading: Reading, layout: Layout) -> "Columns":
        return cls(reading, layout, Clocks.of(reading.clock))

    def read(self, rows: Rows) -> tuple[pa.Table, list[Record]]:
        """The rows as columns, and those that are left to be read one by one."""
        block = _Block(self, rows, np.zeros(len(rows), np.bool_))
        table = pa.table(block.columns(), schema=SCHEMA)
        if not block.is_odd.any():
            return table, []
        places = {*self.reading.places.values()}
        odd = np.flatnonzero(block.is_odd).tolist()
        left = [Record(int(rows.line[row]), rows.fields(row, self.layout, places)) for row in odd]
        return table.take(_array(pa.int64(), np.flatnonzero(~block.is_odd))), left


SCHEMA = pa.schema([(name, TYPES[name]) for name in COLUMNS])


@dataclass(frozen=True)
class _Block:
    """Rows that are being read. is_odd: those that are left out in the end."""

    how: Columns
    rows: Rows
    is_odd: Bits

    def columns(self) -> dict[str, pa.Array]:
        reading, count = self.how.reading, len(self.rows)
        words = {name: self._words(name) for name in (*WORDS, "state", "satisfaction", "emergency")}
        is_unanswered, _ = words["state"].flags(reading.is_unanswered)
        is_emergency, is_told = words["emergency"].flags(reading.is_emergency)
        is_event = np.full(count, bool(reading.desk.unanswered_states))
        return {
            "line": _array(pa.int64(), self.rows.line.astype(np.int64)),
            "desk": _Words(np.zeros(count, np.int32), [reading.desk.desk]).meaning(),
            "case": self._ids(),
            **self._times(is_unanswered),
            **{name: words[name].meaning() for name in WORDS},
            "state": words["state"].meaning(reading.state),
            "satisfaction": words["satisfaction"].meaning(reading.satisfaction),
            "is_emergency": _array(pa.bool_(), is_emergency, is_told),
            "is_event": _array(pa.bool_(), is_event),
        }

    def _words(self, name: str) -> _Words:
        """Of several columns the first that says something."""
        found = _Words(np.zeros(len(self.rows), np.int32), [None])
        for column in self.how.reading.columns.get(name, ()):
            more = self._coded(column)
            is_missing, _ = found.flags(lambda said: said is None)
            codes = np.where(is_missing, more.codes + len(found.said), found.codes)
            found = _Words(codes.astype(np.int32), [*found.said, *more.said])
        return found

    def _coded(self, column: str) -> _Words:
        """The words of one column, each different one read once."""
        coded = cut(self.rows.text, *self._span(column)).dictionary_encode()
        codes, said, unreadable = values(coded.indices, np.int32), list[str | None](), list[int]()
        for place, signs in enumerate(coded.dictionary.cast(pa.binary()).to_pylist()):
            try:
                said.append(self.how.reading.word(decoded(signs, self.how.layout), column))
            except Unreadable:
                said.append(None)
                unreadable.append(place)
        if unreadable:
            self.is_odd[:] |= np.isin(codes, unreadable)
        return _Words(codes, said)

    def _ids(self) -> pa.Array:
        """The numbers of cases, of which hardly any stands twice. Whatever is not plain ASCII is odd."""
        first, *others = self.how.reading.columns["id"]
        start, end = self._span(first)
        is_missing = self._is_missing(start, end)
        if others:
            self.is_odd[:] |= is_missing
        found = cut(self.rows.text, start, end, ~is_missing)
        text = np.frombuffer(self.rows.text, np.uint8)
        self.is_odd[:] |= (end > start) & ((text[start] <= SPACE) | (text[end - 1] <= SPACE))
        signs = np.frombuffer(found.buffers()[2] or b"", np.uint8)
        strange = np.flatnonzero((signs >= ASCII) | (signs == QUOTE) | (signs == 0))
        if len(strange):
            self.is_odd[np.searchsorted(_offsets(found), strange, "right") - 1] = True
        return found

    def _times(self, is_unanswered: Bits) -> dict[str, pa.Array]:
        found, opened = dict[str, pa.Array](), np.full(len(self.rows), NONE)
        for name in TIMES:
            moments = self._moments(
                name, opened, ~is_unanswered if name == "first_response" else ~np.zeros_like(is_unanswered)
            )
            opened = moments if name == "opened" else opened
            found[f"{name}_at"] = _array(pa.timestamp("us"), moments, moments != NONE)
        return found

    def _moments(self, name: str, opened: Moments, is_asked: Bits) -> Moments:
        """Of several columns the first that says something."""
        found = np.full(len(self.rows), NONE)
        for column in self.how.reading.columns.get(name, ()):
            start, end = self._span(column)
            is_said = is_asked & ~self._is_missing(start, end)
            moments = self.how.clocks.utc(self.rows.text, start, end, opened)
            found[is_said] = moments[is_said]
            self.is_odd[:] |= is_said & (moments == NONE)
            is_asked = is_asked & ~is_said
        latest = (self.how.reading.latest - EPOCH) // timedelta(microseconds=1)
        self.is_odd[:] |= found > latest
        return found

    def _is_missing(self, start: Places, end: Places) -> Bits:
        """Where nothing stands, or one of the words for that, in whatever case. It sees ASCII only."""
        lengths = end - start
        found: Bits = lengths == 0
        for word in self.how.reading.desk.missing:
            if word and word.isascii():
                rows = np.flatnonzero(lengths == len(word))
                signs = windows(self.rows.text, len(word))[start[rows]].view(np.uint8).reshape(-1, len(word))
                is_large = (signs >= ord("A")) & (signs <= ord("Z"))
                stands = signs + np.uint8(32) * is_large == np.frombuffer(word.encode(), np.uint8)
                found[rows[stands.all(axis=1)]] = True
        return found

    def _span(self, column: str) -> tuple[Places, Places]:
        return self.rows.span(self.how.reading.places[column])


def _offsets(texts: pa.Array) -> NDArray[np.int32]:
    """Where each text begins in the buffer of all."""
    return np.frombuffer(texts.buffers()[1], np.int32)[: len(texts) + 1]


def _array(kind: pa.DataType, found: NDArray[Any], is_there: Bits | None = None) -> pa.Array:
    """Arrow's column of what numpy has. (pyarrow's own way imports pandas.)"""
    data = np.packbits(found, bitorder="little") if kind == pa.bool_() else np.ascontiguousarray(found)
    there = None if is_there is None else pa.py_buffer(np.packbits(is_there, bitorder="little"))
    return pa.Array.from_buffers(kind, len(found), [there, pa.py_buffer(data)])
