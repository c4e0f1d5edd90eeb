"""Makes numbered build files and publishes one by switching the pointer; whatever dies, the last build stays in force.

One build at a time: a lock in the instance's folder, held until the build is published or given up.
"""

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import duckdb

from etl.warehouse.connect import POINTER, current
from etl.warehouse.disk import told_of_disk
from etl.warehouse.land import sync_folder

BUILDS = "builds"
VINTAGES = "vintages"  # what builds said outlives them, under their numbers
KEPT = 3
DRAFT, WITHHELD, FINAL = ".draft", ".withheld.duckdb", ".duckdb"


@dataclass(frozen=True)
class Draft:
    """A build that is being made; nobody reads it yet."""

    home: Path
    build_id: str

    @property
    def path(self) -> Path:
        return self.home / BUILDS / f"{self.build_id}{DRAFT}"

    @property
    def final(self) -> Path:
        return self.home / BUILDS / f"{self.build_id}{FINAL}"

    @contextmanager
    def writing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection that writes the draft; closed, and all of it in the one file, at the end."""
        connection = duckdb.connect(str(self.path))
        try:
            yield connection
            connection.execute("CHECKPOINT")
        finally:
            connection.close()


@contextmanager
def locked(home: Path, on_wait: Callable[[str], None] = lambda holder: None) -> Iterator[None]:
    """Holds the instance's only right to build; waits for another build to end, and says who has it.

    DiskFault where whoever holds it cannot write.
    """
    with told_of_disk(home), _lock_file(home) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            on_wait(lock.read().strip() or "another process")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        lock.truncate()
        lock.write(f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        yield


def _lock_file(home: Path) -> TextIO:
    home.mkdir(parents=True, exist_ok=True)
    return (home / ".build.lock").open("a+", encoding="utf-8")


@contextmanager
def drafting(home: Path) -> Iterator[Draft]:
    """A new draft under the next number; removed at the end unless it was published or withheld. Needs the lock."""
    folder = home / BUILDS
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob(f"*{DRAFT}*"):  # of builds that died; nobody else builds while we hold the lock
        left_over.unlink()
    draft = Draft(home, _next_id(home))
    try:
        yield draft
    finally:
        for rest in folder.glob(f"{draft.build_id}{DRAFT}*"):
            rest.unlink()


def publish(draft: Draft, said: Mapping[str, Any]) -> None:
    """Puts the draft in force: file first, pointer last, each on the disk before the next. said: for the pointer."""
    _sync_file(draft.path)
    os.replace(draft.path, draft.final)
    sync_folder(draft.final.parent)
    words = {"build": draft.build_id, "file": f"{BUILDS}/{draft.final.name}", **said}
    pointer = draft.home / f".{POINTER}{DRAFT}"
    with pointer.open("w", encoding="utf-8") as file:
        json.dump(words, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(pointer, draft.home / POINTER)
    sync_folder(draft.home)
    _remove_old(draft.home)


def withhold(draft: Draft) -> Path:
    """Keeps the draft for whoever mends it, out of force, in place of the one withheld before."""
    for before in (draft.home / BUILDS).glob(f"*{WITHHELD}"):
        before.unlink()
    kept = draft.home / BUILDS / f"{draft.build_id}{WITHHELD}"
    os.replace(draft.path, kept)
    return kept


def remove_others(home: Path) -> None:
    """Removes every build but the one in force. Needs the lock."""
    in_force = str((current(home) or {}).get("file"))
    for path in (home / BUILDS).glob("b*"):
        if f"{BUILDS}/{path.name}" != in_force:
            path.unlink()


def _next_id(home: Path) -> str:
    """One more than the highest number that any build, in force, kept or withheld, has had."""
    names = [path.name for folder in (BUILDS, VINTAGES) for path in (home / folder).glob("b*")]
    in_force = current(home)
    names.append(str(in_force["build"]) if in_force else "b0")
    numbers = [int(found[1]) for name in names if (found := re.match(r"b(\d+)", name))]
    return f"b{max(numbers) + 1:06d}"


def _remove_old(home: Path) -> None:
    """Readers that have an old build open keep reading it; its file goes once they close it."""
    in_force = str((current(home) or {}).get("file"))
    builds = sorted(path for path in (home / BUILDS).glob(f"b*{FINAL}") if not path.name.endswith(WITHHELD))
    for old in builds[:-KEPT]:
        if f"{BUILDS}/{old.name}" != in_force:
            old.unlink()


def _sync_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
