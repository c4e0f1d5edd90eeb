"""What the parameters of a log item say, in each form that MediaWiki has written them over the years.

Forms: PHP-serialised (since 2012), lines ("24 hours", then flags), and nothing at all (the first years). It reads text
into values and knows no times: when a block ends is for `durations`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from etl.formats.php import NotPhp, Value, unserialize

_FLAG = re.compile(r"[A-Za-z][A-Za-z-]*")
_BLOCK_ID = 's:7:"blockId";i:'
_ARRAY = re.compile(r"a:([1-9]\d{0,2})(?=:\{)", re.ASCII)
_PAIR_AND_REST = re.compile(r'(\d{1,18});((?:s:16:"finalTargetCount";i:\d{1,18};)?\})', re.ASCII)
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)


class NoParams(ValueError):
    """Parameters that are in none of the known forms."""


@dataclass(frozen=True, slots=True)
class BlockTerms:
    """What a block says of itself. duration: as typed, None where the log has none (then it never ends)."""

    duration: str | None = None
    flags: tuple[str, ...] = ()
    is_sitewide: bool = True
    page_count: int = 0
    namespaces: tuple[int, ...] = ()
    actions: tuple[str, ...] = ()
    block_id: int | None = None
    target_count: int | None = None


def without_block_id(params: str) -> tuple[str, int | None]:
    """Parameters without the number of the block, and the number, which makes each row's unlike all others'.

    MediaWiki writes it last, or before the count of targets. What is left is an array with one pair less: if that can
    be read, so could the whole, and it says the same.
    """
    start = params.rfind(_BLOCK_ID)
    if start < 0:
        return params, None
    array, pair = _ARRAY.match(params), _PAIR_AND_REST.fullmatch(params, start + len(_BLOCK_ID))
    if array is None or pair is None:
        return params, None
    return f"a:{int(array[1]) - 1}:{params[array.end(1) + 1 : start]}{pair[2]}", int(pair[1])


def block_terms(params: str) -> BlockTerms:
    """The terms of a block or reblock; of an unblock at most its block_id. NoParams in any other form."""
    if params.startswith("a:"):
        return _terms(_array(params))
    lines = params.split("\n")
    if len(lines) > 2:
        raise NoParams("more than two lines")
    return BlockTerms(lines[0] or None, _flags(lines[1] if len(lines) == 2 else ""))


@lru_cache(maxsize=1 << 12)
def groups(params: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The groups before and after a change of rights; None where only the comment tells them (the first years)."""
    if not params:
        return None
    if params.startswith("a:"):
        array = _array(params)
        return _names(_first(array, "4::oldgroups", 0)), _names(_first(array, "5::newgroups", 1))
    lines = params.split("\n")
    if len(lines) != 2:
        raise NoParams("not two lines")
    return _names(lines[0]), _names(lines[1])


def renamed(params: str) -> tuple[str | None, str | None]:
    """The old and the new name: the old one None where only the title has it, both where only the comment has them."""
    if params.startswith("a:"):
        array = _array(params)
        names = [_text(array[key]) for key in ("4::olduser", 0, "5::newuser", 1) if key in array]
    else:
        names = params.split("\n") if params else []
    if len(names) > 2 or not all(names):
        raise NoParams("neither one name nor two")
    return (names[0] if len(names) == 2 else None), (names[-1] if names else None)


def _array(params: str) -> Mapping[int | str, Value]:
    try:
        value = unserialize(params.encode())
    except NotPhp as error:
        raise NoParams(str(error)) from error
    if not isinstance(value, dict):
        raise NoParams("no array")
    return value


def _terms(array: Mapping[int | str, Value]) -> BlockTerms:
    duration = _first(array, "5::duration", 0)
    if not isinstance(duration, str | None):
        raise NoParams("a duration that is no text")
    restrictions = array.get("7::restrictions") or {}
    if not isinstance(restrictions, dict):
        raise NoParams("restrictions that are no array")
    is_sitewide = array.get("sitewide")
    if is_sitewide not in (None, True, False):
        raise NoParams("sitewide is neither yes nor no")
    return BlockTerms(
        duration or None,
        _flags(_first(array, "6::flags", "6:array:flags", 1)),
        not restrictions if is_sitewide is None else bool(is_sitewide),
        len(_list(restrictions, "pages")),
        tuple(_number(one) for one in _list(restrictions, "namespaces")),
        tuple(_text(one) for one in _list(restrictions, "actions")),
        _count(array.get("blockId")),
        _count(array.get("finalTargetCount")),
    )


def _first(array: Mapping[int | str, Value], *keys: int | str) -> Value:
    return next((array[key] for key in keys if key in array), None)


def _flags(value: Value) -> tuple[str, ...]:
    flags = _names(value or "")
    if not all(_FLAG.fullmatch(flag) for flag in flags):
        raise NoParams("a flag that is no word")
    return flags


def _names(value: Value) -> tuple[str, ...]:
    """The names in an array, or in a text with commas."""
    words = [_text(one) for one in value.values()] if isinstance(value, dict) else _text(value).split(",")
    return tuple(word.strip() for word in words if word.strip())


def _list(array: Mapping[int | str, Value], key: str) -> tuple[Value, ...]:
    found = array.get(key) or {}
    if not isinstance(found, dict):
        raise NoParams(f"{key} that are no array")
    return tuple(found.values())


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise NoParams("no text where a name belongs")
    return value


def _number(value: Value) -> int:
    """A number, or a number written as text (namespaces, up to about 2021)."""
    if isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise NoParams("no number where one belongs")
    return value


def _count(value: Value) -> int | None:
    return None if value is None else _number(value)
