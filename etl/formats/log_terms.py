"""The terms of many blocks as Arrow columns at once: each different spelling of parameters is read once.

What parameters say is said in `log_rows.spelled`, and when a block ends in `durations`. The number of the block makes
each spelling unlike all others: it is taken out of many at once, as `log_params.without_block_id` takes it out of one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from etl.formats import log_params, log_rows
from etl.formats.log_ends import ends
from etl.formats.log_words import Bits, Places, cut, is_in, mask, spans, stand, values, windows, word, words

_KEY = b's:7:"blockId";i:'
_LONGEST = 18  # digits
_SHORTEST = len(b"a:1:{") + len(_KEY) + _LONGEST + len(b";}")  # so that all that is looked at lies within
_KINDS = {
    "flags": pa.string(),
    "is_sitewide": pa.bool_(),
    "restricted_page_count": pa.int64(),
    "restricted_namespaces": pa.string(),
    "restricted_actions": pa.string(),
}
_ALL_KINDS = {
    "duration_text": pa.string(),
    "expires_at": pa.timestamp("us"),
    "is_indefinite": pa.bool_(),
    **_KINDS,
    "block_id": pa.int64(),
    "target_count": pa.int64(),
}
Spelled: TypeAlias = Any  # what log_rows.spelled gives


def terms(params: pa.DictionaryArray, at: pa.Array, is_block: Bits, is_set: Bits) -> dict[str, pa.Array]:
    """Ten columns. is_block: blocks, reblocks and unblocks that are shown; the latter have but the last two columns.

    Raises NoParams and NoDuration where one of them breaks a rule.
    """
    rows = np.flatnonzero(is_block)
    if not len(rows):
        return {name: pa.nulls(len(params), kind) for name, kind in _ALL_KINDS.items()}
    used = is_in(is_block, params)
    spelled, which, block_id = _spelled(params.dictionary.filter(pa.array(used)))
    place = (np.cumsum(used) - 1)[values(params.indices, np.int32)[rows]]
    found = _columns(spelled, which[place], at.take(pa.array(rows)), is_set[rows])
    found["block_id"] = block_id.take(pa.array(place))
    if len(rows) == len(params):
        return {name: found[name] for name in _ALL_KINDS}
    back = np.cumsum(is_block) - 1
    spread = pa.array(back, mask=~is_block)
    return {name: found[name].take(spread) for name in _ALL_KINDS}


def _columns(spelled: Sequence[Spelled], which: Places, at: pa.Array, is_set: Bits) -> dict[str, pa.Array]:
    """The columns of the blocks alone. which: the place of each block's spelling."""
    places = pa.array(which, mask=None if is_set.all() else ~is_set)
    text, duration, said, target_count = zip(*spelled, strict=True)
    found = {
        "duration_text": pa.array(text, pa.string()).take(places),
        "is_indefinite": pa.array([one is None for one in duration]).take(places),
        "target_count": pa.array(target_count, pa.int64()).take(pa.array(which)),
    }
    for (name, kind), column in zip(_KINDS.items(), zip(*said, strict=True), strict=True):
        found[name] = pa.array(column, kind).take(places)
    end = ends(values(at, np.int64)[is_set], duration, which[is_set])
    found["expires_at"] = end if is_set.all() else end.take(pa.array(np.cumsum(is_set) - 1, mask=~is_set))
    return found


def _spelled(params: pa.Array) -> tuple[list[Spelled], Places, pa.Array]:
    """Each different spelling, read; for each of the parameters its place among them, and the number of its block."""
    found = _numbered(params)
    before = found.before.dictionary_encode()
    spelled = [log_rows.spelled(_shorter(one)) for one in before.dictionary.to_pylist()]
    which = np.empty(len(params), np.intp)
    which[found.which] = values(before.indices, np.int32)
    if found.which.all():
        return spelled, which, found.block_id
    others = np.flatnonzero(~found.which)
    which[others] = np.arange(len(spelled), len(spelled) + len(others))
    cut = [log_params.without_block_id(one) for one in params.take(pa.array(others)).to_pylist()]
    spelled += [log_rows.spelled(shorter) for shorter, _ in cut]
    block_id = pa.array([one for _, one in cut], pa.int64())
    if not len(found.block_id):
        return spelled, which, block_id
    order = np.empty(len(params), np.intp)
    order[found.which], order[others] = np.arange(len(found.block_id)), np.arange(len(others)) + len(found.block_id)
    return spelled, which, pa.concat_arrays([found.block_id, block_id]).take(pa.array(order))


@dataclass(frozen=True, slots=True)
class _Numbered:
    """Which parameters end with the number of a block; the text before it, and the number, of these only."""

    which: Bits
    before: pa.Array
    block_id: pa.Array


def _numbered(params: pa.Array) -> _Numbered:
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
    return _Numbered(which, before, cut(text, first, end[which] - 2).cast(pa.int64()))


def _shorter(before: str) -> str:
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
