"""Turns the items of one wiki's log into rows of the raw table, or says which rule an item breaks.

It opens nothing and knows no other wiki. Comments are read for their reason class and are no part of a row.
"""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from etl.feed import shape
from etl.formats import log_params
from etl.formats.accounts import is_bot_by_name, kind_of
from etl.formats.durations import expiry
from etl.formats.log_item import LogItem
from etl.formats.strtotime import NoDuration

COLUMNS = (
    *("line", "wiki", "log_id", "occurred_at", "log_type", "log_action"),
    *("performer", "performer_kind", "target", "target_kind"),
    *("is_action_hidden", "is_performer_hidden", "is_comment_hidden", "has_comment", "reason_class"),
    *("duration_text", "expires_at", "is_indefinite", "flags", "is_sitewide", "restricted_page_count"),
    *("restricted_namespaces", "restricted_actions", "block_id", "target_count"),
)
UNCLASSIFIED = "unclassified"

Row = tuple[Any, ...]

_BLOCKS = frozenset((log, action) for log in ("block", "suppress") for action in ("block", "reblock", "unblock"))
_PERSONS = frozenset({"block", "rights", "newusers", "thanks"})  # logs whose titles are user pages
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_NO_TERMS: Row = (None,) * 10


class Unreadable(ValueError):
    """An item that breaks a rule. excerpt: what it looks like, without what it says."""

    def __init__(self, rule: str, part: str = "", value: str | None = None) -> None:
        super().__init__(rule)
        self.rule, self.excerpt = rule, f"{part}: {'nothing' if value is None else shape(value)}" if part else ""


class LogRows:
    """Makes the rows of one wiki. bots: names of accounts that are bots; reasons: expressions by class, in order."""

    def __init__(self, wiki: str, bots: Collection[str], reasons: Mapping[str, str]) -> None:
        self._wiki, self._bots = wiki, frozenset(bots)
        self._reasons = tuple((name, re.compile(expression)) for name, expression in reasons.items())
        self._kind_of_performer = lru_cache(maxsize=1 << 14)(self._find_kind_of_performer)
        self._reason_class = lru_cache(maxsize=1 << 12)(self._find_reason_class)

    def row(self, item: LogItem) -> Row:
        """The item's values in the order of COLUMNS; raises Unreadable."""
        if not item.is_clear:
            raise Unreadable("each part of an item stands once")
        line, log_id, timestamp, log, action, title, params, comment, performer, *hidden = item
        is_action_hidden, is_performer_hidden, is_comment_hidden, _ = hidden
        if not log or not action:
            raise Unreadable("type and action are present", "action", action)
        at, is_block = _time(timestamp), (log, action) in _BLOCKS
        is_set = is_block and action != "unblock"
        target, target_kind = (None, None) if is_action_hidden else _target(title, is_block or log in _PERSONS)
        if log == action == "rights" and not is_action_hidden:
            _check_groups(params)
        return (
            line,
            self._wiki,
            _number(log_id),
            at,
            log,
            action,
            performer,
            None if performer is None else self._kind_of_performer(performer),
            target,
            target_kind,
            is_action_hidden,
            is_performer_hidden,
            is_comment_hidden,
            comment is not None,
            self._reason_class(comment or "") if is_set and not is_comment_hidden else None,
            *(_terms(params, at, is_set) if is_block and not is_action_hidden else _NO_TERMS),
        )

    def _find_kind_of_performer(self, name: str) -> str:
        return "bot" if name in self._bots or is_bot_by_name(name) else "person"

    def _find_reason_class(self, comment: str) -> str:
        return next((name for name, expression in self._reasons if expression.search(comment)), UNCLASSIFIED)


def _number(log_id: str | None) -> int:
    if log_id is None or not (log_id.isascii() and log_id.isdigit() and len(log_id) < 19):
        raise Unreadable("id is a whole number", "id", log_id)
    return int(log_id)


def _time(timestamp: str | None) -> datetime:
    if timestamp is not None and _TIME.fullmatch(timestamp):
        try:
            return datetime.fromisoformat(timestamp[:19])
        except ValueError:
            pass  # the 31st of February: refused with the rest
    raise Unreadable("timestamp is a time in UTC", "timestamp", timestamp)


def _target(title: str | None, is_person: bool) -> tuple[str, str]:
    """A person's name without the namespace, whatever the wiki calls it; a page with it, as Talk:X is not X."""
    if not title:
        raise Unreadable("logtitle is present unless it is hidden", "logtitle", title)
    if not is_person:
        return title, "page"
    name = title.partition(":")[2] or title
    return name, kind_of(name)


def _check_groups(params: str | None) -> None:
    try:
        log_params.groups(params or "")
    except log_params.NoParams as error:
        raise Unreadable("params of a change of rights are in a known form", "params", params) from error


def _terms(params: str | None, at: datetime, is_set: bool) -> Row:
    """The last ten columns. A block whose log has no duration never ends (the first years)."""
    if params is None:
        raise Unreadable("params are present unless they are hidden", "params", params)
    try:
        duration, *terms = _spelled(params)
        if not is_set:
            return (*_NO_TERMS[:8], *terms[-2:])
        ends = expiry(duration or "", at)
    except log_params.NoParams as error:
        raise Unreadable("params of a block are in a known form", "params", params) from error
    except NoDuration as error:
        raise Unreadable("duration is certain to be read as MediaWiki reads it", "duration_text", duration) from error
    return (duration, ends, ends is None, *terms)


@lru_cache(maxsize=1 << 12)
def _spelled(params: str) -> Row:
    """The terms of a block as columns: the duration's text, then flags and all behind them. What is not there is None."""
    terms = log_params.block_terms(params)
    partial = not terms.is_sitewide
    return (
        terms.duration,
        ",".join(terms.flags) or None,
        terms.is_sitewide,
        terms.page_count if partial else None,
        ",".join(map(str, terms.namespaces)) or None if partial else None,
        ",".join(terms.actions) or None if partial else None,
        terms.block_id,
        terms.target_count,
    )
