"""Deletes what may no longer be kept: raw rows older than their feed's limit, from landing, stores and builds.

What metrics remember of those days is kept first, and a purge that would change a value of a metric does not happen.
"""

import io
import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import duckdb
from sqlglot import exp

from data_contracts.faults import FeedFault, NotReleasable
from data_contracts.load import Table
from etl import made_of, pipeline
from etl.feed import LandedFile
from etl.formats.opening import pieces
from etl.warehouse import correct, kept, store
from etl.warehouse.build import locked, remove_others
from etl.warehouse.connect import current
from etl.warehouse.land import Landing
from etl.warehouse.pseudonym import replace_key
from etl.warehouse.raw import FILE
from etl.warehouse.vintages import restated
from metrics import catalog

LOG = "purged.jsonl"
REFUSED = "SELECT f.sha256, r.line FROM rejected AS r JOIN file AS f ON f.unit = r.unit AND f.name = r.file"
BOM = "\ufeff\xef\xbb\xbf \t\r\n"  # what may stand before the first sign of a text, blanks too


@dataclass(frozen=True)
class Purged:
    """What was deleted of one landed file. rows: raw rows; horizon: the first day that is still there."""

    feed: str
    file: str
    sha256: str
    rows: int
    horizon: str


def purge(home: Path, today: date) -> tuple[Purged, ...]:
    """Deletes what is older than the limits in the feeds' contracts; what was deleted from each file.

    Raises NotReleasable, and deletes nothing, where a value of a metric would change by it.
    """
    pipeline.build(home, offline=True)
    program = pipeline.settings(home)
    before = kept.read(home)
    horizons = {name: day for name in program.chosen() if (day := _horizon(name, today, before)) is not None}
    if not horizons:
        return ()
    _remember(home, horizons, before)
    with locked(home):
        landing, done = Landing(home), list[Purged]()
        for name, horizon in horizons.items():
            for one, left in _to_purge(home, landing, name, horizon):
                _log(home, one, today)  # first, so that nothing is deleted of which nobody knows
                landing.purge(one.sha256, left)
                done.append(one)
            store.remove(store.path_of(home, name))
    pipeline.build(home, offline=True, must_match=True)
    with locked(home):
        remove_others(home)
        kept.tidy(home)
    return tuple(done)


def rekey(home: Path) -> int:
    """Takes a new key for names: everything that is kept gets it, and what had the old one is deleted.

    How many closed values it changes: where names had to match what is gone by now they are told anew, with the key as
    their cause. NotReleasable, and the old key, where a value changes that no name decides.
    """
    pipeline.build(home, offline=True)
    with replace_key(home):
        try:
            made = pipeline.build(home, offline=True, must_match=True)
        except NotReleasable:
            made = pipeline.build(home, offline=True)
    with locked(home):
        remove_others(home)
    return restated(home, made.build_id)


def _horizon(name: str, today: date, before: kept.Kept) -> date | None:
    """The first day of which raw rows may stay; it never goes back. None for a feed without a limit."""
    limits = [table.retention_days for table in made_of.tables_of(name).values() if table.retention_days]
    if not limits:
        return None
    return max(today - timedelta(days=min(limits)), before.horizons.get(name, date.min))


def _remember(home: Path, horizons: Mapping[str, date], before: kept.Kept) -> None:
    """Keeps the parts of the days before the horizons, and a build that rests on them; else all is as it was."""
    said = current(home)
    if said is None:
        raise FeedFault(str(home), "there is no build to remember from", "a build", "Run `upstander build`.")
    rows_from = kept.rows_from({**before.horizons, **horizons}, catalog.marts())
    days = {name: one.latest(rows_from) for name, one in catalog.definitions().items()}
    limits = {name: day for name, day in days.items() if day}
    taken = kept.take(home / said["file"], {**before.horizons, **horizons}, limits)
    kept.write(home, taken)
    try:
        pipeline.build(home, offline=True, must_match=True)
    except BaseException:
        kept.restore(home, before)
        raise


def _to_purge(home: Path, landing: Landing, feed: str, horizon: date) -> Iterator[tuple[Purged, bytes]]:
    """The landed files of a feed that have old rows, each with what is left of it without them."""
    path = store.path_of(home, feed)
    with duckdb.connect(str(path), read_only=True) as connection:
        files = connection.execute("SELECT DISTINCT sha256, name, received_at FROM file ORDER BY ALL").fetchall()
        gone, stay = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
        for file, line, is_old in _lines(connection, made_of.tables_of(feed).values(), horizon):
            (gone if is_old else stay)[file].add(line)
        refused = connection.execute(REFUSED).fetchall()
    for sha256, name, received_at in files:
        is_old = received_at.date() < horizon
        lines = {line for file, line in refused if file == sha256}
        (gone if is_old else stay)[sha256] |= lines
        if gone[sha256]:
            left = rest(landing.landed(name, sha256), gone[sha256], stay[sha256])
            yield Purged(feed, name, sha256, len(gone[sha256]), horizon.isoformat()), left


def _lines(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], horizon: date
) -> Iterator[tuple[str, int, bool]]:
    """File and line on which each row begins, those set aside too, and whether it must go."""
    for table in tables:
        if table.retention_by:
            for name in (table.name, f"{table.name}{store.SET_ASIDE}", f"{table.name}{correct.ORIGINALS}"):
                select = exp.select(FILE, "line", store.older(table, horizon)).from_(exp.table_(name, quoted=True))
                yield from connection.execute(select.sql("duckdb")).fetchall()


def rest(file: LandedFile, gone: Collection[int], stay: Collection[int]) -> bytes:
    """The content with only those records that stay, each on its old line; nothing where none stays.

    Of events (JSON lines) what is neither goes too: canaries, trials. Of a list (cards, a table behind its header) it
    stays: whoever refused to be in it is no row, and must still be known to have refused.
    """
    content = _content(file)
    encoding = _encoding(content)
    text = content.decode(encoding, "surrogatepass")
    kind = _kind(text, [*gone, *stay])
    lines = list(io.StringIO(text, newline="" if kind == "table" else "\n"))
    header = next((at for at, line in enumerate(lines, 1) if line.strip()), 0) if kind == "table" else 0
    kept_lines, begins, is_left, depth = list[str](), 0, False, 0
    for number, line in enumerate(lines, start=1):
        if not depth or number in gone or number in stay:
            begins, depth = number, 0
        is_kept = begins in stay if kind == "events" else begins <= header or begins not in gone
        depth = _depth(kind, line, depth)
        is_left = is_left or (is_kept and begins > header and bool(line.strip()))
        kept_lines.append(line if is_kept else line[len(line.rstrip("\r\n")) :])
    return "".join(kept_lines).encode(encoding, "surrogatepass") if is_left else b""


def _encoding(content: bytes) -> str:
    """One by which every byte comes back as it was, and line ends and quotes are found."""
    if content.startswith(b"\xff\xfe") or content[1:4:2] == b"\0\0":
        return "utf-16-le"
    return "utf-16-be" if content.startswith(b"\xfe\xff") or content[0:3:2] == b"\0\0" else "latin-1"


def _kind(text: str, known: Collection[int]) -> Literal["cards", "events", "table"]:
    """known: lines on which records begin."""
    if text[:100].lstrip(BOM).upper().startswith("BEGIN:"):
        return "cards"
    lines = text.split("\n")
    events = [number for number in known if number <= len(lines) and lines[number - 1].lstrip(BOM).startswith("{")]
    return "events" if len(events) * 2 > len(known) else "table"


def _depth(kind: str, line: str, depth: int) -> int:
    """How much is open behind the line that ends with the record: cards inside one another, or quotes."""
    if kind == "cards":
        word = line.lstrip(BOM).upper() if line[:1] not in (" ", "\t") else ""
        return max(depth + word.startswith("BEGIN:") - word.startswith("END:"), 0)
    return (depth + line.count('"')) % 2 if kind == "table" else 0


def _content(file: LandedFile) -> bytes:
    return b"".join(piece for piece, _ in pieces(file))


def _log(home: Path, purged: Purged, today: date) -> None:
    with (home / LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps({"on": today.isoformat(), **asdict(purged)}, ensure_ascii=False) + "\n")
        log.flush()
        os.fsync(log.fileno())
