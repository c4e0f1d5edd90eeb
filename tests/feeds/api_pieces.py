"""What the tests of a wiki's API share: its settings, pieces as they land, log events of invented people, the core rows."""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from data_contracts import load
from etl.feed import Batch, Delivery, Download, Landed, Piece, Reject
from etl.sources import mediawiki_api as feed
from etl.sources import mediawiki_logging
from etl.warehouse.raw import create_raw
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of, run

SAMPLES = Path(__file__).parent / "samples"
LIVE = Path(__file__).parent / "mediawiki-live"
REASONS = {"harassment": "(?i)harass"}
API = "https://wiki.example/w/api.php"
LOG_COLUMNS = [column.stored for column in load.tables("core")["core_log_item"].columns]


def downloads(api: str = API, wiki: str = "wiki.demo", **told: Any) -> dict[str, Download]:
    """The series of one wiki, by what they hold."""
    settings = feed.Settings.model_validate({"wikis": [{"wiki": wiki, "api": api, **told}], "reasons": REASONS})
    return {str(one.told["what"]): one for one in feed.downloads(settings)}


def line(content: Any, at: str = "2026-03-10T06:00:00Z", view: str = "public") -> bytes:
    return json.dumps({"asked": {"view": view}, "at": at, "answer": content}).encode() + b"\n"


def events(*some: Any, at: str | None = None) -> dict[str, Any]:
    """An answer with log events. at: the wiki's clock."""
    return {**({"curtimestamp": at} if at else {}), "query": {"logevents": list(some)}}


def event(number: int = 1, kind: str = "block/block", **parts: Any) -> dict[str, Any]:
    """A log event as the API gives it; a part that is None is not there."""
    log, action = kind.split("/")
    params = {"duration": "1 week", "flags": ["nocreate"], "sitewide": True, "expiry": "2026-01-08T00:00:00Z"}
    whole = {
        "logid": number, "ns": 2, "title": "User:Ben", "params": params if action in ("block", "reblock") else {},
        "type": log, "action": action, "user": "Ada", "timestamp": "2026-01-01T00:00:00Z", "comment": "spam", **parts,
    }  # fmt: skip
    return {name: value for name, value in whole.items() if value is not None}


def hidden(number: int, *marks: str, **parts: Any) -> dict[str, Any]:
    """The same as the public is shown it once the marked parts are hidden."""
    gone = {"actionhidden": ("title", "params", "ns"), "userhidden": ("user",), "commenthidden": ("comment",)}
    marked: dict[str, Any] = {name: None for mark in marks for name in gone.get(mark, ())}
    return event(number, **{**parts, **marked, **dict.fromkeys(marks, True)})


def read(folder: Path, content: bytes, what: str = "logevents", **told: Any) -> tuple[list[Batch], Any]:
    """The batches of one piece, and the fault that ended the reading."""
    return drained(feed.read(_landed(folder, content, downloads(**told)[what])))


def rows(folder: Path, *some: Any, view: str = "public", **told: Any) -> list[dict[str, Any]]:
    """The rows of the log table from one answer with these events, of which none is refused."""
    batches, fault = read(folder, line(events(*some), view=view), **told)
    assert (rejects_of(batches), fault) == ([], None)
    names = [column.name for column in load.of_feed("mediawiki_api")["raw_mediawiki_api_log"].columns]
    found = rows_of(batches, "raw_mediawiki_api_log", *names)
    return [dict(zip(names, one, strict=True)) for one in found]


def refused(folder: Path, *some: Any) -> list[Reject]:
    batches, fault = read(folder, line(events(*some)))
    assert fault is None
    return rejects_of(batches)


def kept(pieces: Iterable[Piece]) -> list[bytes]:
    """What counts of a series: all pieces since the last one that replaces those before it."""
    found: list[bytes] = []
    for piece in pieces:
        found = [piece.content] if piece.replaces else [*found, piece.content]
    return found


class Core:
    """The rows that dumps and pieces make together, in a database of their own."""

    def __init__(self, folder: Path, wiki: str = "wiki.demo", **told: Any) -> None:
        self._folder, self._wiki, self._told = folder, wiki, told
        self._dumps: list[Landed] = []
        self._pieces: list[Landed] = []

    def dump(self, path: Path) -> "Core":
        settings = {"wikis": [{"wiki": self._wiki, "files": [path.name]}], "reasons": REASONS}
        delivery: Delivery = mediawiki_logging.deliveries(mediawiki_logging.Settings.model_validate(settings))[0]
        self._dumps.append(landed(delivery, path))
        return self

    def pieces(self, contents: Iterable[bytes], what: str = "logevents", **told: Any) -> "Core":
        series = downloads(wiki=self._wiki, **{**self._told, **told})[what]
        self._pieces += [_landed(self._folder, content, series) for content in contents]
        return self

    def made(self, as_of: str = "2027-01-01", *models: str) -> duckdb.DuckDBPyConnection:
        """The database with core_log_item and these models. Nothing may be set aside."""
        connection = duckdb.connect()
        for module, given in ((mediawiki_logging, self._dumps), (feed, self._pieces)):
            connection.execute("DROP TABLE IF EXISTS quarantine")
            if given:
                load_feed(connection, module, given)
                assert connection.execute("SELECT * FROM quarantine").fetchall() == []
            else:
                _create(connection, load.of_feed(module.FEED))
        for name, table in load.tables("sources").items():
            if name == "raw_mediawiki_stream_log":
                create_raw(connection, table)
        run(connection, as_of, "core_rename", "core_log_item", *models)
        return connection

    def items(self, as_of: str = "2027-01-01") -> dict[int, tuple[Any, ...]]:
        """Log id -> the whole row of core_log_item."""
        with self.made(as_of) as connection:
            found = connection.execute(f"SELECT {', '.join(LOG_COLUMNS)} FROM core_log_item").fetchall()
        place = LOG_COLUMNS.index("log_id")
        assert len({row[place] for row in found}) == len(found)
        return {row[place]: row for row in found}


def recorded(name: str) -> list[dict[str, Any]]:
    """Recorded answers of the test wiki: one a line."""
    text = gzip.decompress((LIVE / f"{name}.jsonl.gz").read_bytes()).decode()
    return [json.loads(one) for one in text.splitlines()]


def column(items: Mapping[int, Sequence[Any]], name: str) -> dict[int, Any]:
    place = LOG_COLUMNS.index(name)
    return {number: row[place] for number, row in sorted(items.items())}


def _create(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, load.Table]) -> None:
    for table in tables.values():
        create_raw(connection, table)


def _landed(folder: Path, content: bytes, download: Download) -> Landed:
    path = folder / hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    return landed(Delivery(download.feed, (download.series,), download.told), path)


def batches_of(folder: Path, content: bytes) -> Iterator[Batch]:
    return feed.read(_landed(folder, content, downloads()["logevents"]))
