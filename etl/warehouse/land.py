"""Keeps what was received, byte for byte, under its SHA-256, and a journal of what came when under which name.

It never changes or removes what has landed, and does not look into it.
"""

import glob
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from data_contracts.faults import FeedFault
from etl.feed import Delivery, Download, Landed, LandedFile, Piece

LANDING = "landing"
JOURNAL = "landed.jsonl"
DRAFT = ".draft"
NOTHING = "nothing"  # in place of the SHA-256 of content of which nothing is left
PIECE = 1 << 20
SETTLED_NS = 2_000_000_000  # a file touched in the last two seconds may change again within one tick of its clock

OnBytes = Callable[[str, int, int], None]  # file, bytes read, bytes in all


@dataclass(frozen=True)
class Entry:
    """One line of the journal. stamp: how the file lay outside (device, inode, size, times), to know it unread.

    cursor: of a piece of a download: where the series goes on behind it; replaces: the pieces before do not count.
    purged_from: the content that this one is in place of, which held rows that had to be deleted.
    """

    feed: str
    name: str
    sha256: str
    bytes: int
    received_at: str
    stamp: str = ""
    cursor: Mapping[str, Any] | None = None
    replaces: bool = False
    purged_from: str = ""


class Landing:
    """The landing of one instance."""

    def __init__(self, home: Path) -> None:
        self._home, self._folder = home, home / LANDING
        self._folder.mkdir(parents=True, exist_ok=True)
        for left_over in self._folder.glob(f"*{DRAFT}"):  # of copies that died; whoever lands holds the instance's lock
            left_over.unlink()
        self._entries: dict[tuple[str, str], Entry] = {}
        self._first: dict[tuple[str, str, str], str] = {}
        self._pieces: dict[tuple[str, str], list[Entry]] = {}
        self._purged: dict[str, str] = {}
        self._latest = ""
        for entry in _journal(self._folder / JOURNAL):
            self._remember(entry)

    def land(self, delivery: Delivery, on_bytes: OnBytes = lambda name, done, total: None) -> tuple[Landed, ...]:
        """The delivery with its files kept: as one where they are read together, else one for each different file."""
        names = list(dict.fromkeys(name for pattern in delivery.files for name in self._names(delivery, pattern)))
        if delivery.together:
            files = [self._landed(self._land(delivery.feed, name, on_bytes)) for name in names]
            return (Landed(delivery, tuple(file for file in files if file is not None)),)
        by_content: dict[str, LandedFile] = {}
        for name in names:
            file = self._landed(self._land(delivery.feed, name, on_bytes))
            if file is not None:
                first = by_content.get(file.sha256)
                by_content[file.sha256] = replace(first, also=(*first.also, name)) if first else file
        return tuple(Landed(delivery, (file,)) for file in by_content.values())

    def cursor(self, download: Download) -> Mapping[str, Any] | None:
        """Where the series goes on; None where nothing of it has landed."""
        pieces = self._pieces.get((download.feed, download.series))
        return pieces[-1].cursor if pieces else None

    def keep(self, download: Download, piece: Piece) -> None:
        """Lands what was fetched, then tells the journal of it and of where to go on, in one line: both or neither."""
        sha256 = self._write(piece.content)
        received_at = self._now()
        size, cursor = len(piece.content), dict(piece.cursor)
        entry = Entry(download.feed, download.series, sha256, size, received_at, "", cursor, piece.replaces)
        _append(self._folder / JOURNAL, entry)
        self._remember(entry)

    def kept(self, download: Download) -> tuple[Landed, ...]:
        """The pieces of the series that count, each by itself, in the order in which they came; the same one once."""
        entries = self._pieces.get((download.feed, download.series), [])
        last_whole = max((index for index, entry in enumerate(entries) if entry.replaces), default=0)
        once = {entry.sha256: entry for entry in reversed(entries[last_whole:])}
        delivery = Delivery(download.feed, (download.series,), download.told)
        files = [self._landed(entry) for entry in reversed(once.values())]
        return tuple(Landed(delivery, (file,)) for file in files if file is not None)

    def landed(self, name: str, sha256: str) -> LandedFile:
        """A content that is kept, under a name."""
        path = self.path(sha256)
        return LandedFile(path, name, sha256, path.stat().st_size, datetime.min)

    def purge(self, sha256: str, rest: bytes) -> None:
        """Puts the rest of a content in its place, for good: the content is deleted, and counts as the rest if it comes
        again. Without a rest it is as if it had never come.
        """
        new = self._write(rest) if rest else NOTHING
        if new != sha256:
            entry = Entry("", "", new, len(rest), self._now(), purged_from=sha256)
            _append(self._folder / JOURNAL, entry)
            self._remember(entry)
            self.path(sha256).unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _names(self, delivery: Delivery, pattern: str) -> list[str]:
        """The files that a path or glob names, as paths from the instance's folder."""
        if (self._home / pattern).is_file():
            return [pattern]
        found = sorted(glob.glob(pattern, root_dir=self._home, recursive=True))
        files = [name for name in found if (self._home / name).is_file()]
        if not files:
            raise FeedFault(
                f"feeds.{delivery.feed} in upstander.yml",
                f"no file is called {pattern} in {self._home}",
                "a file, or a pattern that fits at least one",
                "Put the file there, or correct the path.",
            )
        return files

    def _land(self, feed: str, name: str, on_bytes: OnBytes) -> Entry:
        source = self._home / name
        known = self._entries.get((feed, name))
        if known and known.stamp == _stamp(source) and self._is_there(known):
            return known
        stamp, sha256, size = self._copy(source, name, on_bytes)
        touched = max(source.stat().st_mtime_ns, source.stat().st_ctime_ns)
        settled = datetime.now(UTC).timestamp() * 1e9 - touched > SETTLED_NS
        received_at = self._first.get((feed, name, sha256), self._now())
        entry = Entry(feed, name, sha256, size, received_at, stamp if settled else "")
        if entry != known:
            _append(self._folder / JOURNAL, entry)
            self._remember(entry)
        return entry

    def _copy(self, source: Path, name: str, on_bytes: OnBytes) -> tuple[str, str, int]:
        """Copies and hashes in one pass; the copy appears whole under its name, or not at all."""
        before, digest, size = _stamp(source), hashlib.sha256(), 0
        total = source.stat().st_size
        handle, draft = tempfile.mkstemp(dir=self._folder, suffix=DRAFT)
        try:
            with os.fdopen(handle, "wb") as copy, _open(source, name) as original:
                while piece := original.read(PIECE):
                    digest.update(piece)
                    copy.write(piece)
                    size += len(piece)
                    on_bytes(name, size, total)
                copy.flush()
                os.fsync(copy.fileno())
            if _stamp(source) != before or size != total:
                raise FeedFault(
                    name, "it changed while it was read", "a file at rest", "Run again once it is written to its end."
                )
            self._settle(draft, digest.hexdigest())
            return before, digest.hexdigest(), size
        finally:
            Path(draft).unlink(missing_ok=True)

    def _write(self, content: bytes) -> str:
        """Keeps content that is in memory; its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        handle, draft = tempfile.mkstemp(dir=self._folder, suffix=DRAFT)
        try:
            with os.fdopen(handle, "wb") as copy:
                copy.write(content)
                copy.flush()
                os.fsync(copy.fileno())
            self._settle(draft, sha256)
        finally:
            Path(draft).unlink(missing_ok=True)
        return sha256

    def _settle(self, draft: str, sha256: str) -> None:
        """Gives a whole draft its name, unless the same content lies there already."""
        kept = self.path(sha256)
        if not kept.exists() and sha256 not in self._purged:
            kept.parent.mkdir(exist_ok=True)
            os.replace(draft, kept)
            sync_folder(kept.parent)

    def _is_there(self, entry: Entry) -> bool:
        sha256 = self._rest(entry.sha256)
        return sha256 == NOTHING or self.path(sha256).exists()

    def _landed(self, entry: Entry) -> LandedFile | None:
        """What is left of a content under its name; None where nothing is."""
        sha256 = self._rest(entry.sha256)
        if sha256 == NOTHING:
            return None
        path, received_at = self.path(sha256), datetime.fromisoformat(entry.received_at)
        size = entry.bytes if sha256 == entry.sha256 else path.stat().st_size
        return LandedFile(path, entry.name, sha256, size, received_at)

    def _rest(self, sha256: str) -> str:
        """What is left of a content after purges; itself where nothing was deleted from it."""
        while sha256 in self._purged:
            sha256 = self._purged[sha256]
        return sha256

    def _now(self) -> str:
        """The time, never before one that the journal has: by a clock that was turned back, news would seem to lie."""
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
        return max(now, self._latest)

    def _remember(self, entry: Entry) -> None:
        self._latest = max(self._latest, entry.received_at)
        if entry.purged_from:
            self._purged[entry.purged_from] = entry.sha256
            return
        if entry.cursor is not None:
            self._pieces.setdefault((entry.feed, entry.name), []).append(entry)
            return
        self._entries[(entry.feed, entry.name)] = entry
        self._first.setdefault((entry.feed, entry.name, entry.sha256), entry.received_at)


def sync_folder(folder: Path) -> None:
    """Makes renames in the folder last through a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _open(source: Path, name: str) -> BinaryIO:
    try:
        return source.open("rb")
    except PermissionError as error:
        raise FeedFault(
            name, "it may not be read", "a readable file", "Give this user the right to read it."
        ) from error


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def _journal(path: Path) -> list[Entry]:
    """The journal's entries; a last line that a crash cut short never counted."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [Entry(**json.loads(line)) for line in lines[:-1] if line]


def _append(path: Path, entry: Entry) -> None:
    line: Mapping[str, object] = asdict(entry)
    with path.open("ab+") as journal:
        end = journal.seek(0, os.SEEK_END)
        if end:
            journal.seek(end - 1)
            if journal.read(1) != b"\n":
                _cut_torn_line(path)
        journal.write(json.dumps(line, ensure_ascii=False).encode("utf-8") + b"\n")
        journal.flush()
        os.fsync(journal.fileno())


def _cut_torn_line(path: Path) -> None:
    whole = path.read_bytes().rpartition(b"\n")
    os.truncate(path, len(whole[0]) + len(whole[1]))
