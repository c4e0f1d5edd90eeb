"""Looks at many places of a text at once, and cuts many pieces out of it at once; the fast log reader stands on it.

It knows nothing of logs. Nothing is copied but what is cut out.
"""

from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Places = NDArray[np.intp]
Bits = NDArray[np.bool_]
Buffer: TypeAlias = bytes | pa.Buffer

PAD = bytes(64)  # behind a text, so that words of it may be taken from everywhere


def windows(text: Buffer, size: int) -> NDArray[Any]:
    """The `size` bytes that begin at each place of the text."""
    return np.ndarray((len(text) - size + 1,), f"V{size}", text, strides=(1,))


def words(text: Buffer) -> NDArray[np.uint64]:
    """The eight bytes that begin at each place of the text, as a number: see `word`."""
    found: NDArray[np.uint64] = windows(text, 8).view("<u8")
    return found


def word(signs: bytes) -> int:
    """Up to eight signs as the number that they are."""
    return int.from_bytes(signs, "little")


def mask(length: int) -> int:
    """Leaves the first bytes of a word."""
    return (1 << 8 * length) - 1


def stand(signs: bytes, found: NDArray[np.uint64], at: Places) -> Bits:
    """Where the signs stand in the words of a text. The last word is taken so that it ends with them."""
    stands: Bits = np.ones(len(at), np.bool_)
    last = max(len(signs) - 8, 0)
    for shift in sorted({*range(0, last, 8), last}):
        part = signs[shift : shift + 8]
        there = found[at + shift]
        stands &= (there if len(part) == 8 else there & mask(len(part))) == word(part)
    return stands


def all_stand(signs: bytes, text: Buffer, at: Places) -> bool:
    """Whether the signs stand at all of these places."""
    return windows(text, len(signs))[at].tobytes() == signs * len(at)


def true_places(bits: Bits) -> Places:
    """Where few bits of many are true: eight are looked at together."""
    whole = len(bits) & ~7
    eights = bits[:whole].view(np.uint64)
    some = np.flatnonzero(eights != 0)
    found = np.flatnonzero(eights[some].view(np.bool_))
    places: Places = np.concatenate((some[found >> 3] * 8 + (found & 7), whole + np.flatnonzero(bits[whole:])))
    return places


def is_utf8(text: bytes, size: int) -> bool:
    """Whether the first bytes of the text are UTF-8 without the two signs that XML forbids."""
    whole = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(np.array([0, size], np.int32)), pa.py_buffer(text)]
    )
    try:
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    at = true_places(np.frombuffer(text, np.uint8, size) == 0xEF) if b"\xef" in text else np.zeros(0, np.intp)
    there = words(text)[at] & mask(3)
    return not ((there == word(b"\xef\xbf\xbe")) | (there == word(b"\xef\xbf\xbf"))).any()


def cut(text: Buffer, start: Places, end: Places, is_there: Bits | None = None) -> pa.Array:
    """The texts between these places, which must not overlap; they are UTF-8.

    The texts and what lies between them are one array on the text itself, of which every second value is taken.
    """
    if not len(start):
        return pa.array([], pa.string())
    offsets = np.empty(2 * len(start), np.int32)
    offsets[::2], offsets[1::2] = start, end
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(text)]
    every_second = pa.array(np.arange(0, len(offsets), 2), mask=None if is_there is None else ~is_there)
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, buffers).take(every_second)


def values(array: pa.Array, kind: Any) -> NDArray[Any]:
    """The numbers in an Arrow array; anything where one is missing."""
    return np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)]


def spans(texts: pa.Array) -> tuple[pa.Buffer, Places, Places]:
    """The buffer of an Arrow array of texts, and where in it they begin and end."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.intp)
    return texts.buffers()[2] or pa.py_buffer(b""), offsets[:-1], offsets[1:]


def is_in(mark: Bits, coded: pa.DictionaryArray) -> Bits:
    """Which of the different values stand somewhere where the mark is."""
    is_used: Bits = np.zeros(len(coded.dictionary), np.bool_)
    is_used[values(coded.indices, np.int32)[mark]] = True
    return is_used
