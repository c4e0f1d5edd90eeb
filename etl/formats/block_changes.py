"""Reads events of mediawiki.user-blocks-change: how a person or address was blocked before, and how after.

It knows no connection. The events have no number of a block and no action: what was done is told by the two states.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from etl.formats.accounts import is_bot_by_name, kind_of
from etl.formats.json_answers import Unreadable, moment, part, word

Change = Literal["set", "changed", "lifted"]
_ANSWERS = ("email", "user_talk", "account_create")


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One event; a row of the raw table. Names are plain still."""

    line: int
    wiki: str
    event_id: str
    occurred_at: datetime
    target: str
    target_kind: str
    performer: str | None
    performer_kind: str | None
    change: Change
    is_sitewide: bool | None
    expires_at: datetime | None
    is_indefinite: bool | None
    restriction_count: int | None
    prior_is_sitewide: bool | None
    prior_expires_at: datetime | None
    prior_is_indefinite: bool | None


COLUMNS = tuple(one.name for one in fields(BlockChange))


@dataclass(frozen=True, slots=True)
class _State:
    """A block in force. expires_at: None where it has no end."""

    is_sitewide: bool
    expires_at: datetime | None
    restriction_count: int


def block_change(event: Mapping[str, Any], line: int, wiki: str, bots: Collection[str]) -> BlockChange:
    """The row of an event; Unreadable where it is in no known form."""
    meta = part(event, "meta")
    at = moment(meta, "dt")
    if at is None:
        raise Unreadable("dt is present", "dt: nothing")
    if event.get("blocks") is None:
        raise Unreadable("blocks is present", "blocks: nothing")
    now, prior = _state(part(event, "blocks"), at), _state(part(part(event, "prior_state"), "blocks"), at)
    event_id, target = _present(meta, "id"), _present(event, "user_text")
    performer, performer_kind = _performer(part(event, "performer"), bots)
    is_sitewide, expires_at, is_indefinite, restriction_count = _terms(now)
    prior_is_sitewide, prior_expires_at, prior_is_indefinite, _ = _terms(prior)
    return BlockChange(
        line, wiki, event_id, at, target, kind_of(target), performer, performer_kind, _change(now, prior),
        is_sitewide, expires_at, is_indefinite, restriction_count,
        prior_is_sitewide, prior_expires_at, prior_is_indefinite,
    )  # fmt: skip


def _present(content: Mapping[str, Any], name: str) -> str:
    said = word(content, name, 400)
    if said is None:
        raise Unreadable(f"{name} is present", f"{name}: nothing")
    return said


def _terms(state: _State | None) -> tuple[bool | None, datetime | None, bool | None, int | None]:
    if state is None:
        return None, None, None, None
    return state.is_sitewide, state.expires_at, state.expires_at is None, state.restriction_count


def _change(now: _State | None, prior: _State | None) -> Change:
    if now is None and prior is None:
        raise Unreadable("there is a block before or after", "blocks: nothing")
    if now is None:
        return "lifted"
    return "set" if prior is None else "changed"


def _state(blocks: Mapping[str, Any], at: datetime) -> _State | None:
    """The block that the words mean; None where they mean none: nothing said, nothing barred, or over by then."""
    if not blocks:
        return None
    expires_at = moment(blocks, "expiry_dt")
    restrictions = blocks.get("restrictions") or []
    if not isinstance(restrictions, list):
        raise Unreadable("restrictions are a list", f"restrictions: {type(restrictions).__name__}")
    is_sitewide = _truth(blocks, "sitewide", not restrictions)  # missing in the first years of the stream
    is_barring = is_sitewide or restrictions or any(_truth(blocks, one) for one in _ANSWERS)
    if not is_barring or (expires_at is not None and expires_at <= at):
        return None
    return _State(is_sitewide, expires_at, len(restrictions))


def _truth(blocks: Mapping[str, Any], name: str, default: bool = False) -> bool:
    value = blocks.get(name, default)
    if not isinstance(value, bool):
        raise Unreadable(f"{name} is true or false", f"{name}: {type(value).__name__}")
    return value


def _performer(performer: Mapping[str, Any], bots: Collection[str]) -> tuple[str | None, str | None]:
    name = word(performer, "user_text", 400)
    if name is None:
        return None, None
    is_bot = performer.get("user_is_bot") is True or name in bots or is_bot_by_name(name)
    return name, "bot" if is_bot else "person"
