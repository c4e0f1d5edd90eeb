"""Cuts lines of tab-separated values into typed columns by their bytes, thousands at once, where all in them is usual.

What it makes of a field is what Arrow's reader of CSV would make of it; what it is not sure of is Unusual, and then it
is for that reader to say. It knows no file and no column's name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Words = NDArray[np.uint64]  # eight bytes each, of which the first is the lowest
Flags = NDArray[np.bool_]

TAB, LINE_END = 9, 10
WORD = 8
BEFORE, BEHIND = b"\n", bytes(3 * WORD)  # so that every field has a sign before it and some bytes behind it
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TEXT = pa.dictionary(pa.int32(), pa.string())
FIRST_YEAR, YEAR_AFTER = 1970, 2100
MONTHS = (
    np.arange(f"{FIRST_YEAR}-01", f"{YEAR_AFTER}-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
)


class Unusual(Exception):
    """There is something that only a reader can judge that looks at it byte by byte."""


def framed(parts: Iterable[bytes | memoryview]) -> bytes:
    """Lines as `Fields` wants them."""
    return b"".join((BEFORE, *parts, BEHIND))


def unframed(block: bytes) -> bytes:
    return block[len(BEFORE) : -len(BEHIND)]


def _word(signs: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(signs, "little"))


def _mask(count: int) -> np.uint64:
    """The first bytes of a word."""
    return _word(b"\xff" * count)


@dataclass(frozen=True)
class _Form:
    """What a word has to look like: d stands for a digit, ? for anything, another sign for itself."""

    plain: np.uint64
    digits: np.uint64
    six: np.uint64
    high: np.uint64

    @classmethod
    def of(cls, signs: bytes) -> "_Form":
        def word(d: int, fixed: int | None) -> np.uint64:
            kinds = {ord("d"): d, ord("?"): 0}
            return _word(bytes(kinds.get(sign, sign if fixed is None else fixed) for sign in signs))

        return cls(word(ord("0"), None), word(0xFF, 0), word(6, 0), word(0xF0, 0xFF))

    def read(self, words: Words, present: Words | np.uint64) -> tuple[Words, Words]:
        """The digits in their places; and other than 0 what looks otherwise, where all bits of `present` are set."""
        rest = (words ^ self.plain) & present
        return rest & self.digits, (rest | (rest + self.six)) & self.high  # six carries a digit above nine


TRUE, FALSE = b"true\t", b"false\t"
DATE, HOUR, SECOND = _Form.of(b"dddd-dd-"), _Form.of(b"dd dd:dd"), _Form.of(b":dd.0\t??")
NUMBER, ZEROS = _Form.of(b"dddddddd"), _word(b"0" * WORD)


@dataclass(frozen=True)
class Fields:
    """The fields of whole lines.

    before: where the sign before each stands (line, field). signs: the same in one row, and the last line end.
    words: the eight bytes behind each place.
    """

    block: bytes
    signs: NDArray[np.int32]
    before: NDArray[np.int32]
    words: Words

    @classmethod
    def of(cls, block: bytes, count: int) -> "Fields":
        """Of a block that was framed, whose lines have `count` fields.

        Raises Unusual where a line has another number of them, or there are signs that no text should have.
        """
        size = len(block) - len(BEHIND)
        text = np.frombuffer(block, np.uint8, size)
        if size < 2 or text.min() < TAB or b"\r" in block or block.startswith(BYTE_ORDER_MARK, 1):
            raise Unusual
        signs = np.flatnonzero(text <= LINE_END).astype(np.int32)
        lines, more = divmod(len(signs) - 1, count)
        ends = text[signs[count::count]]
        if more or (ends != LINE_END).any() or np.count_nonzero(text == LINE_END) != lines + 1:
            raise Unusual
        words = np.ndarray(len(block) - WORD, "<u8", block, offset=1, strides=(1,))
        return cls(block, signs, signs[:-1].reshape(lines, count), words)

    def _before(self, places: Sequence[int]) -> NDArray[np.int32]:
        """A row for each line, for so the bytes are read in the order in which they lie."""
        return self.before.take(places, axis=1)

    def texts(self, place: int) -> pa.DictionaryArray:
        """The texts of a field, each different one once; missing where there is none."""
        lines, count = self.before.shape
        lengths = self.signs[place + 1 :: count] - self.before[:, place]  # with the sign before it
        present = np.flatnonzero(lengths > 1)
        buffers = [None, pa.py_buffer(self.signs), pa.py_buffer(self.block)]
        fields = pa.BinaryArray.from_buffers(pa.binary(), len(self.signs) - 1, buffers)
        found = fields.take(pa.array(present * count + place)).dictionary_encode()
        try:
            texts = pc.binary_slice(found.dictionary, 1, len(self.block)).cast(pa.string())
        except pa.ArrowInvalid as error:  # it is not UTF-8
            raise Unusual from error
        if len(present) == lines:
            return pa.DictionaryArray.from_arrays(found.indices, texts)
        indices = np.zeros(lines, np.int32)
        indices[present] = found.indices.to_numpy()
        return pa.DictionaryArray.from_arrays(pa.array(indices, mask=lengths == 1), texts)

    def flags(self, places: Sequence[int]) -> list[pa.Array]:
        """true, false or nothing; never of the last field."""
        words = self.words[self._before(places)]
        is_true = (words & _mask(len(TRUE))) == _word(TRUE)
        is_empty = (words & _mask(1)) == TAB
        if not (is_true | is_empty | ((words & _mask(len(FALSE))) == _word(FALSE))).all():
            raise Unusual
        return _columns(pa.bool_(), _bits(is_true), is_empty)

    def times(self, places: Sequence[int]) -> list[pa.Array]:
        """Times such as 2019-01-01 00:00:00.0, or nothing; never of the last field."""
        before = self._before(places)
        words = self.words[before]
        is_empty = (words & _mask(1)) == TAB
        present = is_empty.astype(np.uint64) - np.uint64(1)
        dates, no_date = DATE.read(words, present)
        hours, no_hour = HOUR.read(self.words[before + WORD], present)
        seconds, no_second = SECOND.read(self.words[before + 2 * WORD], present)
        if (no_date | no_hour | no_second).any():
            raise Unusual
        moments = _moments(_pairs(dates), _pairs(hours), _pairs(seconds), is_empty)
        return _columns(pa.timestamp("us"), moments.T, is_empty)

    def numbers(self, places: Sequence[int]) -> list[pa.Array]:
        """Whole numbers of up to 16 digits without a sign, or nothing."""
        before = self._before(places)
        behind = self.signs[1:].reshape(self.before.shape).take(places, axis=1)
        lengths = behind - before - 1
        if lengths.max() > 2 * WORD or before.min() < 2 * WORD:
            raise Unusual
        found = _number(self.words[behind - 1 - WORD], np.minimum(lengths, WORD))
        if lengths.max() > WORD:
            found += _number(self.words[behind - 1 - 2 * WORD], np.maximum(lengths - WORD, 0)) * 10**WORD
        return _columns(pa.int64(), found.T, lengths == 0)


def _moments(dates: Words, hours: Words, seconds: Words, is_empty: Flags) -> NDArray[np.int64]:
    """Microseconds since 1970, of the pairs of digits of times."""
    month = np.where(is_empty, 1, _byte(dates, 5))
    place = np.where(is_empty, 0, (_byte(dates, 0) * 100 + _byte(dates, 2) - FIRST_YEAR) * 12 + month - 1)
    if place.min() < 0 or place.max() >= len(MONTHS) - 1 or month.min() < 1 or month.max() > 12:
        raise Unusual
    first, day = MONTHS[place], np.where(is_empty, 1, _byte(hours, 0))
    hour, minute, second = _byte(hours, 3), _byte(hours, 6), _byte(seconds, 1)
    is_late = max(hour.max() - 23, minute.max() - 59, second.max() - 59) > 0
    if is_late or day.min() < 1 or (day > MONTHS[place + 1] - first).any():
        raise Unusual
    return ((((first + day - 1) * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000


def _number(words: Words, digits: NDArray[np.int32]) -> NDArray[np.int64]:
    """The value of the last so many digits of each word."""
    half = (4 * (WORD - digits)).astype(np.uint64)  # a word cannot be shifted by its whole length at once
    kept = _mask(WORD) << half << half
    found, wrong = NUMBER.read((words & kept) | (ZEROS & ~kept), _mask(WORD))
    if wrong.any():
        raise Unusual
    found = _pairs(found) & _word(b"\xff\x00" * 4)
    found = (found * np.uint64(100) + (found >> np.uint64(16))) & _word(b"\xff\xff\x00\x00" * 2)
    return ((found * np.uint64(10_000) + (found >> np.uint64(32))) & _mask(4)).view(np.int64)


def _pairs(digits: Words) -> Words:
    """Each byte the number that it makes with the next one."""
    return digits * np.uint64(10) + (digits >> np.uint64(8))


def _byte(words: Words, place: int) -> NDArray[np.int64]:
    return ((words >> np.uint64(8 * place)) & _mask(1)).view(np.int64)


def _columns(kind: pa.DataType, values: NDArray[Any], is_empty: Flags) -> list[pa.Array]:
    """Arrow's columns, of their values as Arrow lays them (column, line), with nothing where it is empty."""
    return [
        pa.Array.from_buffers(kind, len(is_empty), [pa.py_buffer(one) for one in both])
        for both in zip(_bits(~is_empty), np.ascontiguousarray(values), strict=True)
    ]


def _bits(flags: Flags) -> NDArray[np.uint8]:
    """Each column as bits."""
    return np.packbits(np.ascontiguousarray(flags.T), axis=1, bitorder="little")
