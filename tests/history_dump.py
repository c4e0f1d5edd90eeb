"""Lines of mediawiki_history dumps with invented people, written by column name for any known number of columns."""

import bz2
from datetime import datetime
from pathlib import Path
from typing import Any

from etl.feed import Batch, Delivery
from etl.formats.history_columns import COLUMNS
from etl.sources import mediawiki_history as feed
from tests.delivered import drained, landed

NAME = "2026-10.en.demo.all-time.tsv"
EDIT = {
    "wiki_db": "en.demo",
    "event_entity": "revision",
    "event_type": "create",
    "event_user_is_anonymous": "false",
    "event_user_is_temporary": "false",
    "event_user_is_cross_wiki": "false",
    "page_namespace_is_content_historical": "true",
    "page_namespace_is_content": "true",
    "revision_id": "1",
    "revision_is_identity_reverted": "false",
    "revision_is_identity_revert": "false",
}
USER = {
    "wiki_db": "en.demo",
    "event_entity": "user",
    "user_is_anonymous": "false",
    "user_is_temporary": "false",
    "user_is_created_by_self": "false",
    "user_is_created_by_system": "false",
    "user_is_created_by_peer": "false",
}


def line(values: dict[str, str], count: int = 78) -> str:
    """A line of this many columns; what these do not have is left out."""
    unknown = set(values) - set(COLUMNS[78])
    assert not unknown, unknown
    return "\t".join(values.get(name, "") for name in COLUMNS[count]) + "\n"


def edit(at: str, user: str, count: int = 78, **more: str) -> str:
    return line({**EDIT, "event_timestamp": at, "event_user_text": user, **more}, count)


def user_event(at: str, user: str, event_type: str = "create", count: int = 78, **more: str) -> str:
    return line({**USER, "event_type": event_type, "event_timestamp": at, "user_text": user, **more}, count)


def packed(folder: Path, *lines: str, name: str = f"{NAME}.bz2") -> Path:
    path = folder / name
    content = "".join(lines).encode()
    path.write_bytes(bz2.compress(content) if name.endswith(".bz2") else content)
    return path


def delivery(wiki: str = "en.demo") -> Delivery:
    (found,) = feed.deliveries(feed.Settings.model_validate({"wikis": [{"wiki": wiki, "files": ["*.bz2"]}]}))
    return found


def read(*paths: Path, wiki: str = "en.demo") -> tuple[list[Batch], Any]:
    """The batches, and the fault if there is one."""
    return drained(feed.read(landed(delivery(wiki), *paths)))


def values(batches: list[Batch], *columns: str, table: str = feed.EVENTS) -> list[tuple[Any, ...]]:
    """These columns of the rows, as Python has them."""
    found: list[tuple[Any, ...]] = []
    for batch in batches:
        if batch.table == table:
            lists = [_plain(batch.columns[name]) for name in columns]
            found.extend(zip(*lists, strict=True))
    return found


def _plain(column: Any) -> list[Any]:
    return list(column) if isinstance(column, list) else list(column.to_pylist())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)
