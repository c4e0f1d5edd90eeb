"""Turns the texts of many log items of one wiki into Arrow columns at once, each different value looked at once.

What a value means is said in `log_rows` and what it uses: this gives the same rows, or none where one breaks a rule.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.formats import log_params, log_rows
from etl.formats.accounts import kind_of
from etl.formats.log_params import NoParams
from etl.formats.log_rows import COLUMNS, LogRows, Unreadable
from etl.formats.log_terms import terms
from etl.formats.log_texts import LogTexts
from etl.formats.log_words import Bits, cut, is_in, spans, values
from etl.formats.strtotime import NoDuration

TIME = pa.timestamp("us")
_LEAST_YEAR = -62135596800000000  # microseconds from 1970 back to the year 1
_IPV4 = r"\A[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.(?:xxx|[0-9]{1,3})"
_DOUBTFUL = r"\A[#~]|[:/]"
_NEVER_EMPTY = ("type", "action", "performer", "comment")  # an empty one is as good as none: left to `log_rows`


class _Refused(Exception):
    """An item may break a rule; whether it does, and which rule, is for `log_rows` to say."""


SCHEMA: Mapping[str, pa.DataType] = {
    **dict.fromkeys(COLUMNS, pa.string()),
    **dict.fromkeys(("line", "log_id", "restricted_page_count", "block_id", "target_count"), pa.int64()),
    **dict.fromkeys(("is_action_hidden", "is_performer_hidden", "is_comment_hidden", "has_comment"), pa.bool_()),
    **dict.fromkeys(("is_indefinite", "is_sitewide"), pa.bool_()),
    **dict.fromkeys(("occurred_at", "expires_at"), TIME),
    "performer": pa.dictionary(pa.int32(), pa.string()),
}


def as_arrays(found: Sequence[Sequence[Any]]) -> dict[str, pa.Array]:
    """Columns of `log_rows`, as this module makes them."""
    return {name: pa.array(values, SCHEMA[name]) for name, values in zip(COLUMNS, found, strict=True)}


def columns(texts: LogTexts, rows: LogRows) -> dict[str, pa.Array] | None:
    """The columns of `log_rows.COLUMNS` as `rows` makes them; None where an item may break a rule."""
    try:
        return _columns(texts, rows)
    except (_Refused, Unreadable, NoParams, NoDuration, pa.ArrowInvalid):
        return None


def _columns(texts: LogTexts, rows: LogRows) -> dict[str, pa.Array]:
    part, hidden = texts.parts, texts.is_action_hidden
    _refuse(any("" in part[name].dictionary.to_pylist() for name in _NEVER_EMPTY))
    at = _times(part["timestamp"])
    is_set = _by_kind(texts, lambda log, action: log_rows.IS_SET.get((log, action)) is True)
    is_block = _by_kind(texts, lambda log, action: (log, action) in log_rows.IS_SET)
    is_person = is_block | _by_kind(texts, lambda log, action: log in log_rows.PERSONS)
    _check_groups(texts, _by_kind(texts, lambda log, action: log == action == "rights") & ~hidden)
    target, target_kind = _targets(part["title"], hidden, is_person)
    return {
        "line": pa.array(texts.line),
        "wiki": pa.repeat(rows.wiki, len(texts)),
        "log_id": _numbers(part["id"]),
        "occurred_at": at,
        "log_type": part["type"].dictionary_decode(),
        "log_action": part["action"].dictionary_decode(),
        "performer": part["performer"],
        "performer_kind": _each(part["performer"], rows.kind_of_performer),
        "target": target,
        "target_kind": target_kind,
        "is_action_hidden": pa.array(hidden),
        "is_performer_hidden": pa.array(texts.is_performer_hidden),
        "is_comment_hidden": pa.array(texts.is_comment_hidden),
        "has_comment": part["comment"].is_valid(),
        "reason_class": _reasons(part["comment"], is_set & ~texts.is_comment_hidden, rows),
        **terms(part["params"], at, is_block & ~hidden, is_set),
        **_names(texts, _by_kind(texts, lambda log, action: log == "renameuser") & ~hidden),
    }


def _refuse(is_doubtful: bool) -> None:
    if is_doubtful:
        raise _Refused


def _by_kind(texts: LogTexts, holds: Callable[[str, str], bool]) -> Bits:
    """For which items it holds, by type and action; each pair of these is asked once."""
    log, action = texts.parts["type"], texts.parts["action"]
    known = [[holds(one, other) for other in action.dictionary.to_pylist()] for one in log.dictionary.to_pylist()]
    found: Bits = np.array(known, np.bool_)[values(log.indices, np.int32), values(action.indices, np.int32)]
    return found


def _each(coded: pa.DictionaryArray, name_of: Callable[[str], str | None]) -> pa.Array:
    """What each different value is called; missing where the value is."""
    return pa.array([name_of(one) for one in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)


def _numbers(ids: pa.Array) -> pa.Array:
    lengths = pc.binary_length(ids)
    buffer, _, ends = spans(ids)
    signs = np.frombuffer(buffer, np.uint8, ends[-1])
    _refuse(bool(((signs < ord("0")) | (signs > ord("9"))).any()))
    _refuse(pc.min(lengths).as_py() < 1 or pc.max(lengths).as_py() > 18)
    return ids.cast(pa.int64())


def _times(timestamps: pa.Array) -> pa.Array:
    """Arrow reads one form only of twenty signs with T and Z in these places."""
    _refuse(not pc.all(pc.equal(pc.binary_length(timestamps), 20)).as_py())
    signs = np.frombuffer(timestamps.buffers()[2], np.uint8)[: 20 * len(timestamps)].reshape(-1, 20)
    _refuse(bool((signs[:, 10] != ord("T")).any() or (signs[:, 19] != ord("Z")).any()))
    at = timestamps.cast(pa.timestamp("us", "UTC")).cast(TIME)
    _refuse(bool((values(at, np.int64) < _LEAST_YEAR).any()))
    return at


def _targets(title: pa.Array, hidden: Bits, is_person: Bits) -> tuple[pa.Array, pa.Array]:
    """Names without their namespace and pages with it, and what they stand for; both missing where hidden."""
    shown = ~hidden
    _refuse(bool(pc.min(pc.binary_length(title)).as_py() == 0))
    persons = is_person & shown
    names = _behind_namespace(title.filter(pa.array(persons)))
    if persons.all():
        return names, _kinds(names)
    kind = pa.repeat("page", len(title))
    if hidden.any():
        kind = pc.if_else(pa.array(shown), kind, None)
    mask = pa.array(persons)
    return pc.replace_with_mask(title, mask, names), pc.replace_with_mask(kind, mask, _kinds(names))


def _kinds(names: pa.Array) -> pa.Array:
    """What `kind_of` says of each name; it is asked about those that are not plainly an account or an address."""
    is_ipv4 = pc.match_substring_regex(names, rf"{_IPV4}\z")
    others = names.filter(pc.invert(is_ipv4))
    is_range = pc.match_substring_regex(others, rf"{_IPV4}/[0-9]{{1,3}}\z")
    kinds = pc.if_else(is_range, "range", "account")
    doubtful = pc.and_not(pc.match_substring_regex(others, _DOUBTFUL), is_range)
    asked = pa.array([kind_of(name) for name in others.filter(doubtful).to_pylist()], pa.string())
    kinds = pc.replace_with_mask(kinds, doubtful, asked)
    return pc.replace_with_mask(pa.repeat("ipv4", len(names)), pc.invert(is_ipv4), kinds)


def _behind_namespace(titles: pa.Array) -> pa.Array:
    """What stands behind the first colon of each title; the whole title where nothing does."""
    buffer, start, end = spans(titles)
    behind = start + pc.fill_null(pc.find_substring(titles, ":"), -1).to_numpy() + 1
    return cut(buffer, np.where(behind < end, behind, start), end)


def _reasons(comment: pa.DictionaryArray, counts: Bits, rows: LogRows) -> pa.Array:
    """The class of each comment that counts, of an empty one too."""
    there = counts & comment.is_valid().to_numpy(zero_copy_only=False)
    used = is_in(there, comment)
    classes = rows.reason_classes(comment.dictionary.filter(pa.array(used)))
    found = classes.take(pa.array(np.cumsum(used) - 1, mask=~used)).take(comment.indices)
    if (counts != there).any():
        found = pc.fill_null(found, rows.reason_class(""))
    return found if counts.all() else pc.if_else(pa.array(counts), found, None)


def _check_groups(texts: LogTexts, is_asked: Bits) -> None:
    """Raises NoParams where the parameters of a change of rights are in no known form."""
    params = texts.parts["params"]
    for one in params.dictionary.filter(pa.array(is_in(is_asked, params))).to_pylist():
        log_params.groups(one)


def _names(texts: LogTexts, is_asked: Bits) -> dict[str, pa.Array]:
    """Old and new name of who was renamed; nothing else has them."""
    found: dict[str, Any] = {name: [None] * len(texts) for name in ("old_name", "new_name")}
    if is_asked.any():
        title, params = (texts.parts[name].filter(pa.array(is_asked)).to_pylist() for name in ("title", "params"))
        for place, *said in zip(np.flatnonzero(is_asked).tolist(), title, params, strict=True):
            found["old_name"][place], found["new_name"][place] = log_rows.renamed(*said)
    return {name: pa.array(values, pa.string()) for name, values in found.items()}
