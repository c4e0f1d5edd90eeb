"""Cuts a delimited text file into its records thousands at once, by its bytes, and makes of them what `delimited` does.

Where something is odd (a quote out of place, a line that ends in another way, a field or a row too long), the records
there are read one by one, as everywhere else. It holds some megabytes at a time.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from data_contracts.faults import UserFault
from etl.feed import LandedFile
from etl.formats import delimited
from etl.formats.delimited import Layout, Record
from etl.formats.log_words import Bits, Places

BLOCK = 3 << 20
ONE_BY_ONE = 500  # records, from one that is odd on: enough to pay for looking at the block behind them again
QUOTE, RETURN, LINE_END = b'"\r\n'
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows with as many fields as the header has. line: where each begins. signs: what ends each field (row, field).

    text: in which they lie, in the file's encoding. start: where in it each row begins.
    """

    text: bytes
    line: Places
    start: Places
    signs: Places

    def __len__(self) -> int:
        return len(self.line)

    def span(self, place: int) -> tuple[Places, Places]:
        """Where the fields of a column begin and end, without quotes around them; quotes in them are still doubled."""
        text = np.frombuffer(self.text, np.uint8)
        start = self.start if place == 0 else self.signs[:, place - 1] + 1
        end = self.signs[:, place]
        if place == self.signs.shape[1] - 1:
            end = end - ((text[end - 1] == RETURN) & (end > start))
        is_quoted = text[start] == QUOTE
        return start + is_quoted, end - is_quoted

    def fields(self, row: int, layout: Layout, places: set[int]) -> list[str]:
        """The fields of one row; nothing in those that are not asked for."""
        signs = self.signs[row].tolist()
        found = [""] * len(signs)
        for place in places:
            signs_of = self.text[signs[place - 1] + 1 if place else int(self.start[row]) : signs[place]]
            signs_of = signs_of.removesuffix(b"\r") if place == len(signs) - 1 else signs_of
            found[place] = decoded(signs_of[1:-1] if signs_of.startswith(b'"') else signs_of, layout)
        return found


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file: rows, and records between them that are not so. done: bytes of the file read so far."""

    rows: Rows | None
    records: tuple[Record, ...]
    done: int


def decoded(signs: bytes, layout: Layout) -> str:
    """A field as a reader of CSV has it."""
    return signs.decode(_encoding(layout), "surrogateescape").replace('""', '"')


def _encoding(layout: Layout) -> str:
    return "utf-8" if delimited.codec(layout.encoding) == "utf-8-sig" else layout.encoding


def parts(file: LandedFile, layout: Layout) -> Iterator[Part]:
    """The file in its order, the header first, as the one record of a part.

    Raises what `delimited.records` raises, after as much as it could read.
    """
    if not _is_fit(layout):
        yield from _one_by_one(file, layout)
        return
    with delimited.content(file, layout) as (plain, done):
        lines = _Lines(plain, layout)
        records = delimited.records_of(file, layout, lines)
        header = next(records)
        yield Part(None, (header,), done())
        while not lines.is_over:
            found = _cut(lines.block(), layout, len(header.fields), lines.count + 1)
            lines.pass_over(found)
            yield Part(found.rows if len(found.rows) else None, found.ragged, done())
            if found.is_odd:
                some, fault = _some(records)
                yield Part(None, some, done())
                if fault is not None:
                    raise fault
        yield from (Part(None, (record,), done()) for record in records)


def _is_fit(layout: Layout) -> bool:
    """Whether such a file can be cut by its bytes: what looks like ASCII is ASCII."""
    if not layout.delimiter.isascii():
        return False
    encoding = _encoding(layout)
    found = bytes(range(256)).decode(encoding, "surrogateescape")
    return encoding == "utf-8" or (len(found) == 256 and found.startswith(bytes(range(128)).decode("ascii")))


def _one_by_one(file: LandedFile, layout: Layout) -> Iterator[Part]:
    records = delimited.records(file, layout)
    header = next(records)
    yield Part(None, (header,), header.done)
    some, fault = _some(records)
    while some:
        yield Part(None, some, some[-1].done)
        some, fault = _some(records) if fault is None else ((), fault)
    if fault is not None:
        raise fault


def _some(records: Iterator[Record]) -> tuple[tuple[Record, ...], UserFault | None]:
    """The next records, and the fault behind them if there is one."""
    found = list[Record]()
    try:
        found.extend(islice(records, ONE_BY_ONE))
    except UserFault as fault:
        return tuple(found), fault
    return tuple(found), None


class _Lines:
    """The lines of a content, or as much of it at once as is wanted. A fault is raised behind the last whole line."""

    def __init__(self, content: BufferedReader, layout: Layout) -> None:
        self._content, self._encoding = content, _encoding(layout)
        self._ready, self._at = b"", 0
        self._is_read = False
        self._fault: UserFault | None = None
        self.count = self.records = 0
        self.is_ended = True
        if self._encoding == "utf-8" and self.block().startswith(BYTE_ORDER_MARK):
            self._at = len(BYTE_ORDER_MARK)

    @property
    def is_over(self) -> bool:
        return self._is_read and self._fault is None and self._at == len(self._ready)

    def block(self) -> bytes:
        """What comes next: at least BLOCK bytes, or all that there are."""
        if len(self._ready) - self._at < BLOCK and not self._is_read:
            self._read(BLOCK)
        return self._ready[self._at :]

    def pass_over(self, cut: "_Cut") -> None:
        self._at += cut.used
        self.count += cut.lines
        self.records += len(cut.rows) + len(cut.ragged)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        end = self._line_end()
        while end is None and not self._is_read:
            self._read(BLOCK)
            end = self._line_end()
        if end is None and self._fault is not None:
            raise self._fault
        line = self._ready[self._at : end]
        if not line:
            raise StopIteration
        self._at += len(line)
        self.count += 1
        self.is_ended = end is not None
        return line.decode(self._encoding, "surrogateescape")

    def _line_end(self) -> int | None:
        """Behind the next line; None where what is ready does not say."""
        new_line = self._ready.find(b"\n", self._at)
        found = self._ready.find(b"\r", self._at, None if new_line < 0 else new_line)
        if found < 0 or found + 1 == new_line:
            return None if new_line < 0 else new_line + 1
        is_told = found + 1 < len(self._ready) or (self._is_read and self._fault is None)
        return found + 1 if is_told else None

    def _read(self, size: int) -> None:
        """Makes more of the content ready."""
        pieces, length = [self._ready[self._at :]], 0
        try:
            while length < size and (piece := self._content.read1(size)):
                pieces.append(piece)
                length += len(piece)
            self._is_read = length < size
        except UserFault as fault:
            self._is_read, self._fault = True, fault
        self._ready, self._at = b"".join(pieces), 0


@dataclass(frozen=True, slots=True)
class _Cut:
    """What was cut of a block. used, lines: bytes and lines of it. is_odd: what follows is for a reader of CSV."""

    rows: Rows
    ragged: tuple[Record, ...]
    used: int
    lines: int
    is_odd: bool


def _cut(block: bytes, layout: Layout, width: int, line: int) -> _Cut:
    """line: of the file, on which the block begins."""
    text = np.frombuffer(block, np.uint8)
    line_ends = text == LINE_END
    signs = np.flatnonzero((text == ord(layout.delimiter)) | line_ends)
    quotes = np.flatnonzero(text == QUOTE) if QUOTE in block else np.empty(0, np.intp)
    if len(quotes):
        signs = signs[_is_outside(signs, quotes)]
    ends = np.flatnonzero(text[signs] == LINE_END)
    odd = _first_odd(block, text, quotes, ord(layout.delimiter))
    kept = int(np.searchsorted(signs[ends], odd))
    start = np.concatenate(([0], signs[ends] + 1))
    too_long = np.flatnonzero(np.diff(start[: kept + 1]) > csv.field_size_limit())
    kept = int(too_long[0]) if len(too_long) else kept
    used = int(start[kept])
    starts, ends = start[:kept], ends[:kept]
    if len(quotes):
        breaks = np.flatnonzero(line_ends[:used])
        lines, count = line + np.searchsorted(breaks, starts), len(breaks)
    else:
        lines, count = np.arange(line, line + kept), kept
    is_odd = odd < len(block) or len(too_long) > 0 or not kept
    return _Cut(*_rows(block, layout, width, lines, starts, signs, ends), used, count, is_odd)


def _rows(
    block: bytes, layout: Layout, width: int, line: Places, start: Places, signs: Places, ends: Places
) -> tuple[Rows, tuple[Record, ...]]:
    """The rows, and the records that have another number of fields; blank lines are none."""
    counts = np.diff(ends, prepend=-1)
    text = np.frombuffer(block, np.uint8)
    length = signs[ends] - start
    is_blank = (length == 0) | ((length == 1) & (text[start] == RETURN))
    is_row = (counts == width) & ~is_blank
    if is_row.all():
        return Rows(block, line, start, signs[: len(line) * width].reshape(-1, width)), ()
    others = np.flatnonzero(~is_row & ~is_blank).tolist()
    ragged = tuple(_ragged(block[start[one] : signs[ends[one]]], layout, int(line[one]), width) for one in others)
    ends = ends[is_row]
    return Rows(block, line[is_row], start[is_row], signs[ends[:, None] + np.arange(1 - width, 1)]), ragged


def _ragged(text: bytes, layout: Layout, line: int, width: int) -> Record:
    said = text.decode(_encoding(layout), "surrogateescape")
    fields = next(csv.reader([said], delimiter=layout.delimiter, strict=True))
    return Record(line, fields, broken=delimited.ragged(width))


def _is_outside(signs: Places, quotes: Places) -> Bits:
    """Which of the signs stand outside of quotes."""
    before = np.bincount(np.searchsorted(signs, quotes), minlength=len(signs) + 1)
    found: Bits = np.cumsum(before[:-1]) & 1 == 0
    return found


def _first_odd(block: bytes, text: NDArray[np.uint8], quotes: Places, delimiter: int) -> int:
    """The first place that is read in another way than the rest: a quote, or a return without a line end behind it."""
    found = len(block)
    if RETURN in block:
        returns = np.flatnonzero(text == RETURN)
        found = _first(returns[_next(text, returns) != LINE_END], found)
    if len(quotes):
        opening, closing = quotes[::2], quotes[1::2]
        before, after = text[np.maximum(opening - 1, 0)], _next(text, closing)
        is_begin = (before == delimiter) | (before == LINE_END) | (before == QUOTE) | (opening == 0)
        is_end = (after == delimiter) | (after == LINE_END) | (after == RETURN) | (after == QUOTE)
        found = _first(closing[~is_end], _first(opening[~is_begin], found))
    return found


def _first(places: Places, found: int) -> int:
    return min(int(places[0]), found) if len(places) else found


def _next(text: NDArray[np.uint8], at: Places) -> NDArray[np.uint8]:
    """The bytes behind these places; a line end behind the last."""
    found = text[np.minimum(at + 1, len(text) - 1)]
    found[at == len(text) - 1] = LINE_END
    return found
