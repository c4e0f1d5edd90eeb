"""Turns log events of the Action API into items as a dump has them, so that one set of rules makes rows of both.

It judges no values beyond their form, and knows no file and no server.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from etl.feed import shape
from etl.formats.durations import read
from etl.formats.log_items import LogItems
from etl.formats.php import Value, serialize
from etl.formats.strtotime import NoDuration

View = Literal["public", "suppressor"]

_LONGEST = 4000  # signs of a comment; MediaWiki's own limit is 500
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
_INTEGERS = 1 << 63


class NoEvent(ValueError):
    """A log event that is not in the form of the API. excerpt: what it looks like, without what it says."""

    def __init__(self, rule: str, name: str, value: object) -> None:
        super().__init__(rule)
        told = shape(value) if isinstance(value, str) else type(value).__name__
        self.rule, self.excerpt = rule, f"{name}: {told}"


def log_items(events: Sequence[Mapping[str, Any]], lines: Sequence[int], view: View) -> LogItems:
    """The events as items of a dump; raises NoEvent for the first that is in no known form.

    view: whom the server showed them to. To the public nothing is shown that is marked as hidden, even where the
    account that asked may see it; to a suppressor only what the server kept back is hidden.
    """
    parts = [_parts(event, line, view) for event, line in zip(events, lines, strict=True)]
    return LogItems(*([part[place] for part in parts] for place in range(13)))


def is_marked(event: Mapping[str, Any], mark: str) -> bool:
    """Whether the event has the mark: true, or in formatversion 1 an empty text."""
    return event.get(mark, False) in (True, "")


def _parts(event: Mapping[str, Any], line: int, view: View) -> tuple[Any, ...]:
    log, action = _text(event, "type"), _text(event, "action")
    is_action_hidden = _is_hidden(event, "actionhidden", "title", view)
    is_performer_hidden = _is_hidden(event, "userhidden", "user", view)
    is_comment_hidden = _is_hidden(event, "commenthidden", "comment", view)
    return (
        line,
        str(_number(event, "logid")),
        _text(event, "timestamp"),
        log,
        action,
        None if is_action_hidden else _text(event, "title"),
        None if is_action_hidden else _params(event, log, action),
        None if is_comment_hidden else _text(event, "comment"),
        None if is_performer_hidden else _text(event, "user"),
        is_action_hidden,
        is_performer_hidden,
        is_comment_hidden,
        True,
    )


def _is_hidden(event: Mapping[str, Any], mark: str, part: str, view: View) -> bool:
    return is_marked(event, mark) and (view == "public" or part not in event)


def _params(event: Mapping[str, Any], log: str | None, action: str | None) -> str:
    """The parameters as PHP serialises them in the wiki's own table; empty where no row is made of them."""
    params = event.get("params") or {}
    if not isinstance(params, dict | list):
        raise NoEvent("params are an object", "params", params)
    named = params if isinstance(params, dict) else {}
    if log in ("block", "suppress") and action in ("block", "reblock", "unblock"):
        return serialize(_block(named, is_set=action != "unblock"))
    if log == action == "rights" and "newgroups" in named:
        return serialize({"4::oldgroups": _listed(named, "oldgroups"), "5::newgroups": _listed(named, "newgroups")})
    if log == "renameuser":
        return _rename(params)
    return ""


def _block(params: Mapping[str, Any], *, is_set: bool) -> Value:
    said: dict[int | str, Value] = {}
    if is_set:
        said |= {"5::duration": _duration(params), "6::flags": _flags(params)}
        restrictions = params.get("restrictions") or {}
        if not isinstance(restrictions, dict):
            raise NoEvent("restrictions are an object", "restrictions", restrictions)
        if "sitewide" in params:
            said["sitewide"] = is_marked(params, "sitewide")
        if restrictions:
            said["7::restrictions"] = _restrictions(restrictions)
    for name in ("blockId", "finalTargetCount"):
        if params.get(name) is not None:
            said[name] = _number(params, name)
    return said


def _duration(params: Mapping[str, Any]) -> str:
    """As it was typed; the expiry that the wiki worked out, where we cannot be certain of what was typed."""
    typed, expiry = _text(params, "duration"), _text(params, "expiry")
    if typed is None and "duration" not in params:
        raise NoEvent("params of a block have its duration", "params", params)
    try:
        read(typed or "")
    except NoDuration:
        return expiry or typed or ""
    return typed or ""


def _flags(params: Mapping[str, Any]) -> str:
    flags = params.get("flags") or []
    return flags if isinstance(flags, str) else ",".join(str(one) for one in _listed(params, "flags").values())


def _restrictions(restrictions: Mapping[str, Any]) -> Value:
    """Pages are counted only, so their numbers stand for them."""
    return {
        "pages": dict(enumerate(range(len(_values(restrictions, "pages"))))),
        "namespaces": {at: _whole("namespaces", one) for at, one in enumerate(_values(restrictions, "namespaces"))},
        "actions": _listed(restrictions, "actions"),
    }


def _rename(params: Mapping[str, Any] | Sequence[Any]) -> str:
    """Both names; in older rows the new one alone, and in the oldest none."""
    if isinstance(params, dict) and "newuser" in params:
        return serialize({"4::olduser": _text(params, "olduser"), "5::newuser": _text(params, "newuser")})
    names = [*params.values()] if isinstance(params, dict) else [*params]
    return names[0] if len(names) == 1 and isinstance(names[0], str) and not _UNUSABLE.search(names[0]) else ""


def _listed(params: Mapping[str, Any], name: str) -> dict[int | str, Value]:
    """The texts of a list, or of the object that PHP makes of a list with gaps."""
    texts = _values(params, name)
    wrong = [one for one in texts if not isinstance(one, str) or _UNUSABLE.search(one)]
    if wrong:
        raise NoEvent(f"{name} are texts", name, wrong[0])
    return dict(enumerate(texts))


def _values(params: Mapping[str, Any], name: str) -> list[Any]:
    found = params.get(name) or []
    if not isinstance(found, list | dict):
        raise NoEvent(f"{name} are a list", name, found)
    return [*found.values()] if isinstance(found, dict) else found


def _text(event: Mapping[str, Any], name: str) -> str | None:
    """None where it is not there or empty."""
    value = event.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > _LONGEST or _UNUSABLE.search(value):
        raise NoEvent(f"{name} is a text of at most {_LONGEST} signs", name, value)
    return value


def _number(event: Mapping[str, Any], name: str) -> int:
    return _whole(name, event.get(name))


def _whole(name: str, value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not -_INTEGERS <= value < _INTEGERS:
        raise NoEvent(f"{name} is a whole number", name, value)
    return value
