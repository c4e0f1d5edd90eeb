"""Turns the items of one wiki's log into columns of the raw table, or says which rule an item breaks.

It opens nothing and knows no other wiki. Comments are read for their reason class and are in no column.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from etl.feed import shape
from etl.formats import log_params
from etl.formats.accounts import is_bot_by_name, kind_of
from etl.formats.durations import end, read
from etl.formats.log_items import LogItems, Texts
from etl.formats.reasons import Reasons
from etl.formats.strtotime import Duration, NoDuration

COLUMNS = (
    *("line", "wiki", "log_id", "occurred_at", "log_type", "log_action"),
    *("performer", "performer_kind", "target", "target_kind"),
    *("is_action_hidden", "is_performer_hidden", "is_comment_hidden", "has_comment", "reason_class"),
    *("duration_text", "expires_at", "is_indefinite", "flags", "is_sitewide", "restricted_page_count"),
    *("restricted_namespaces", "restricted_actions", "block_id", "target_count", "old_name", "new_name"),
)

IS_SET: dict[tuple[str | None, str | None], bool] = {  # of a block; all else is none
    (log, action): action != "unblock" for log in ("block", "suppress") for action in ("block", "reblock", "unblock")
}
PERSONS = frozenset({"block", "rights", "newusers", "thanks", "renameuser"})  # logs whose titles are user pages
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_NO_TERMS: tuple[Any, ...] = (None,) * 10
_NO_TARGET = (None, None)


class Unreadable(ValueError):
    """An item that breaks a rule. excerpt: what it looks like, without what it says."""

    def __init__(self, rule: str, part: str = "", value: str | None = None) -> None:
        super().__init__(rule)
        self.rule, self.excerpt = rule, f"{part}: {'nothing' if value is None else shape(value)}" if part else ""


class LogRows:
    """Makes the rows of one wiki. bots: names of accounts that are bots; reasons: expressions by class, in order.

    kind_of_performer, reason_class: what a name, or a comment, is called; they remember the last ones. reason_classes:
    what each of many comments is called.
    """

    def __init__(self, wiki: str, bots: Collection[str], reasons: Mapping[str, str]) -> None:
        self.wiki, self._bots = wiki, frozenset(bots)
        self.kind_of_performer = lru_cache(maxsize=1 << 14)(self._find_kind_of_performer)
        classes = Reasons(reasons)
        self.reason_class, self.reason_classes = classes.class_of, classes.classes_of

    def columns(self, items: LogItems) -> list[Sequence[Any]]:
        """The items' values, a column for each of COLUMNS; raises Unreadable for the first item that breaks a rule."""
        if not (all(items.is_clear) and all(items.type) and all(items.action)):
            raise Unreadable("each part of an item stands once, type and action among them")
        at = _times(items.timestamp)
        is_set = [IS_SET.get(what) for what in zip(items.type, items.action, strict=True)]
        target = [*map(_target, items.title, items.is_action_hidden, items.type, is_set)]
        if "rights" in items.type:
            _check_groups(items)
        return [
            items.line,
            [self.wiki] * len(items),
            _numbers(items.id),
            at,
            items.type,
            items.action,
            items.performer,
            [*map(self.kind_of_performer, items.performer)],
            *zip(*target, strict=True),
            items.is_action_hidden,
            items.is_performer_hidden,
            items.is_comment_hidden,
            [said is not None for said in items.comment],
            [
                self.reason_class(said or "") if counts and not is_hidden else None
                for said, counts, is_hidden in zip(items.comment, is_set, items.is_comment_hidden, strict=True)
            ],
            *zip(*map(_terms, is_set, items.is_action_hidden, items.params, at), strict=True),
            *_names(items),
        ]

    def _find_kind_of_performer(self, name: str | None) -> str | None:
        if name is None:
            return None
        return "bot" if name in self._bots or is_bot_by_name(name) else "person"


def _numbers(ids: Texts) -> list[int]:
    wrong = [one for one in ids if one is None or not (one.isascii() and one.isdigit() and len(one) < 19)]
    if wrong:
        raise Unreadable("id is a whole number", "id", wrong[0])
    return [int(one or "") for one in ids]


def _times(timestamps: Texts) -> list[datetime]:
    """Times of exactly MediaWiki's form; a day that is in no calendar is refused like any other text."""
    wrong = [one for one in timestamps if one is None or not _TIME.fullmatch(one)]
    if not wrong:
        try:
            return [datetime.fromisoformat(one[:19]) for one in timestamps if one]
        except ValueError:
            wrong = [*timestamps]
    raise Unreadable("timestamp is a time in UTC", "timestamp", wrong[0])


def _target(title: str | None, is_hidden: bool, log: str | None, is_set: bool | None) -> tuple[str | None, str | None]:
    """A person's name without the namespace, whatever the wiki calls it; a page with it, as Talk:X is not X."""
    if is_hidden:
        return _NO_TARGET
    if not title:
        raise Unreadable("logtitle is present unless it is hidden", "logtitle", title)
    if is_set is None and log not in PERSONS:
        return title, "page"
    name = title.partition(":")[2] or title
    return name, kind_of(name)


def _check_groups(items: LogItems) -> None:
    for log, action, is_hidden, params in zip(
        items.type, items.action, items.is_action_hidden, items.params, strict=True
    ):
        if log == action == "rights" and not is_hidden:
            try:
                log_params.groups(params or "")
            except log_params.NoParams as error:
                raise Unreadable("params of a change of rights are in a known form", "params", params) from error


def _names(items: LogItems) -> tuple[Texts, Texts]:
    """The last two columns: old and new name of who was renamed; nothing else has them."""
    old, new = [None] * len(items), [None] * len(items)
    if "renameuser" not in items.type:
        return old, new
    found: list[tuple[str | None, str | None]] = [
        renamed(title, params) if log == "renameuser" and not is_hidden else (None, None)
        for log, is_hidden, title, params in zip(
            items.type, items.is_action_hidden, items.title, items.params, strict=True
        )
    ]
    return [one for one, _ in found], [one for _, one in found]


def renamed(title: str | None, params: str | None) -> tuple[str | None, str | None]:
    """Older rows have the old name in their title only; the oldest have both in the comment only."""
    try:
        old, new = log_params.renamed(params or "")
    except log_params.NoParams as error:
        raise Unreadable("params of a rename are in a known form", "params", params) from error
    if new is None:
        return None, None
    return old or (title or "").partition(":")[2] or title, new


def _terms(is_set: bool | None, is_hidden: bool, params: str | None, at: datetime) -> tuple[Any, ...]:
    """The ten columns of a block. A block whose log has no duration never ends (the first years)."""
    if is_set is None or is_hidden:
        return _NO_TERMS
    if params is None:
        raise Unreadable("params are present unless they are hidden", "params", params)
    try:
        shorter, block_id = log_params.without_block_id(params)
        text, duration, terms, target_count = spelled(shorter)
        if not is_set:
            return (*_NO_TERMS[:8], block_id, target_count)
        ends = None if duration is None else end(duration, at)
    except log_params.NoParams as error:
        raise Unreadable("params of a block are in a known form", "params", params) from error
    except NoDuration as error:
        rule = "the duration is certain to be read as MediaWiki reads it"
        raise Unreadable(rule, "duration_text", log_params.block_terms(params).duration) from error
    return (text, ends, ends is None, *terms, block_id, target_count)


@lru_cache(maxsize=1 << 12)
def spelled(params: str) -> tuple[str | None, Duration | None, tuple[Any, ...], int | None]:
    """The duration as typed and as read (None: never ends), flags and scope as columns, and the count of targets."""
    terms = log_params.block_terms(params)
    columns = (
        ",".join(terms.flags) or None,
        terms.is_sitewide,
        None if terms.is_sitewide else terms.page_count,
        None if terms.is_sitewide else ",".join(map(str, terms.namespaces)) or None,
        None if terms.is_sitewide else ",".join(terms.actions) or None,
    )
    return terms.duration, read(terms.duration or ""), columns, terms.target_count
