"""Fetches and reads what a wiki says of the present: blocks in force, admins and bots, and the wiki itself.

Each is a whole picture that replaces the one before. It judges no name beyond its kind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from etl.feed import Batch, LandedFile, Piece, Reject
from etl.formats import json_answers
from etl.formats.accounts import kind_of
from etl.formats.api_asking import Api
from etl.formats.api_events import is_marked
from etl.formats.api_log import retrieved_at
from etl.formats.gathering import Outcome, gathered
from etl.formats.json_answers import Answer, Unreadable, moment, number, part, word

PIECE_BYTES = 1 << 20
_COMMON = ("line", "wiki", "retrieved_at", "view", "has_more")
_NEVER = "infinity"
_SIGNS = 255  # of a name
_BOTS, _ADMINS = frozenset({"bot"}), frozenset({"sysop"})

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Picture:
    """How a picture is asked for and read. tables: their columns; entries: what an answer lists; rows: made of one."""

    asked: Mapping[str, str]
    tables: Mapping[str, Sequence[str]]
    entries: Callable[[Entry], Sequence[Any]]
    rows: Callable[[Entry], Iterator[tuple[str, Entry]]]


def pieces(api: Api, picture: Picture, cursor: Entry | None, view: str, every: timedelta) -> Iterator[Piece]:
    """The whole picture, unless the one we have is younger than `every`; its first piece replaces the one before."""
    kept, now = cursor or {}, api.now()
    if kept.get("is_whole") and kept.get("view") == view and now - datetime.fromisoformat(kept["began_at"]) < every:
        return
    began = {"began_at": now.isoformat(timespec="seconds"), "view": view}
    lines: list[bytes] = []
    is_first = True
    for answered in api.every(**picture.asked):
        if sum(map(len, lines)) >= PIECE_BYTES:
            yield Piece(b"".join(lines), {**began, "is_whole": False}, is_first)
            lines, is_first = [], False
        lines.append(answered.line(view=view))
    yield Piece(b"".join(lines), {**began, "is_whole": True}, is_first)


def batches(picture: Picture, file: LandedFile, wiki: str) -> Iterator[Batch]:
    """The rows of one piece; `line` counts its entries from 1."""
    columns = {table: (*_COMMON, *own) for table, own in picture.tables.items()}
    return gathered(columns, _outcomes(picture, file, wiki))


def _outcomes(picture: Picture, file: LandedFile, wiki: str) -> Iterator[tuple[int, list[Outcome]]]:
    done = last = 0
    for answer in json_answers.answers(file):
        if isinstance(answer, Reject):
            yield done, [answer]
            continue
        done = answer.done
        try:
            entries = picture.entries(part(_object(answer.content), "query"))
        except Unreadable as error:
            yield done, [Reject(last, error.rule, error.excerpt)]
            continue
        common = _common(answer, wiki)
        yield done, [one for at, entry in enumerate(entries, last + 1) for one in _rows(picture, entry, at, common)]
        last += len(entries)


def _common(answer: Answer, wiki: str) -> Entry:
    return {
        "wiki": wiki,
        "retrieved_at": retrieved_at(answer),
        "view": "suppressor" if answer.asked.get("view") == "suppressor" else "public",
        "has_more": isinstance(answer.content, dict) and "continue" in answer.content,
    }


def _rows(picture: Picture, entry: Any, line: int, common: Entry) -> list[Outcome]:
    try:
        return [(table, {**common, "line": line, **row}) for table, row in picture.rows(_object(entry))]
    except Unreadable as error:
        return [Reject(line, error.rule, error.excerpt)]


def _object(value: Any) -> Entry:
    if not isinstance(value, dict):
        raise Unreadable("an entry is an object", type(value).__name__)
    return value


def _list(query: Entry, name: str) -> Sequence[Any]:
    found = query.get(name)
    if not isinstance(found, list):
        raise Unreadable(f"an answer lists {name}", type(found).__name__)
    return found


def _block(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """Autoblocks have no target: whose address they cover is not said."""
    target, is_automatic = word(entry, "user", _SIGNS), is_marked(entry, "automatic")
    is_indefinite = entry.get("expiry") == _NEVER
    row = {
        "block_id": number(entry, "id"),
        "target": None if is_automatic else target,
        "target_kind": "autoblock" if is_automatic else kind_of(target or ""),
        "set_at": moment(entry, "timestamp"),
        "expires_at": None if is_indefinite else moment(entry, "expiry"),
        "is_indefinite": is_indefinite,
        "is_sitewide": not is_marked(entry, "partial"),
        "is_automatic": is_automatic,
        "is_user_hidden": is_marked(entry, "hidden"),
    }
    yield "raw_mediawiki_api_block", row


def _user(entry: Entry) -> Iterator[tuple[str, Entry]]:
    groups = entry.get("groups")
    if not isinstance(groups, list) or not all(isinstance(one, str) for one in groups):
        raise Unreadable("groups are a list of names", type(groups).__name__)
    row = {
        "user": word(entry, "name", _SIGNS),
        "is_bot": not _BOTS.isdisjoint(groups),
        "is_admin": not _ADMINS.isdisjoint(groups),
    }
    yield "raw_mediawiki_api_user", row


def _site(query: Entry) -> Iterator[tuple[str, Entry]]:
    general, lags = part(query, "general"), query.get("dbrepllag") or []
    measured = [one["lag"] for one in lags if isinstance(one, dict) and isinstance(one.get("lag"), int | float)]
    site = {
        "database": word(general, "wikiid"),
        "generator": word(general, "generator"),
        "language": word(general, "lang"),
        "zone": word(general, "timezone"),
        "zone_offset_minutes": number(general, "timeoffset"),
        "is_read_only": is_marked(general, "readonly"),
        "lag_seconds": max((float(one) for one in measured if 0 <= one < 1e9), default=None),
    }
    yield "raw_mediawiki_api_site", site
    for one in part(query, "namespaces").values():
        entry = _object(one)
        row = {
            "namespace": number(entry, "id"),
            "name": word(entry, "name", _SIGNS),
            "is_content": is_marked(entry, "content"),
        }
        yield "raw_mediawiki_api_namespace", row


BLOCKS = Picture(
    {"list": "blocks", "bklimit": "max", "bkdir": "newer", "bkprop": "id|user|timestamp|expiry|flags"},
    {
        "raw_mediawiki_api_block": (
            *("block_id", "target", "target_kind", "set_at", "expires_at", "is_indefinite", "is_sitewide"),
            *("is_automatic", "is_user_hidden"),
        )
    },
    lambda query: _list(query, "blocks"),
    _block,
)
USERS = Picture(
    {"list": "allusers", "augroup": "bot|sysop", "auprop": "groups", "aulimit": "max"},
    {"raw_mediawiki_api_user": ("user", "is_bot", "is_admin")},
    lambda query: _list(query, "allusers"),
    _user,
)
SITE = Picture(
    {"meta": "siteinfo", "siprop": "general|namespaces|dbrepllag"},
    {
        "raw_mediawiki_api_site": (
            *("database", "generator", "language", "zone", "zone_offset_minutes", "is_read_only", "lag_seconds"),
        ),
        "raw_mediawiki_api_namespace": ("namespace", "name", "is_content"),
    },
    lambda query: [query],
    _site,
)
