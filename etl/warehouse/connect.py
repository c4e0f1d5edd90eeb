"""Opens the build in force for reading: a cursor per question, and the next build as soon as it is published.

It never writes, and no statement through it can reach a file, the network or a setting.
"""

import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from sqlglot import exp

from data_contracts.faults import NoBuild

POINTER = "CURRENT.json"
LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


def home() -> Path:
    """The instance's folder: `UPSTANDER_HOME`, else `./instance`."""
    return Path(os.environ.get("UPSTANDER_HOME") or "instance")


def current(home: Path) -> Mapping[str, Any] | None:
    """What the pointer says of the build in force; None where nothing was ever published."""
    try:
        said: Mapping[str, Any] = json.loads((home / POINTER).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return said


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Makes another database readable in a connection, as `name`."""
    named = exp.alias_(exp.Literal.string(str(path)), name, quoted=True)
    reading = exp.Attach(this=named, expressions=[exp.AttachOption(this=exp.var("READ_ONLY"))])
    connection.execute(reading.sql("duckdb"))


class Reader:
    """The build in force of one instance. Threads may share it: each question has a cursor of its own."""

    def __init__(self, home: Path) -> None:
        self._home, self._lock = home, threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._said: Mapping[str, Any] = {}
        self._open: tuple[str, duckdb.DuckDBPyConnection] | None = None

    @property
    def build_id(self) -> str:
        """The id of the build in force now. Inside one cursor, `meta_build` says which build it reads."""
        with self._lock:
            return str(self._look()["build"])

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A read-only cursor on the build in force, closed at the end; it keeps its build while it is open.

        NoBuild where the build lacks a table or column: then another version of the program made it.
        """
        with self._lock:
            cursor = self._connection().cursor()
        try:
            yield cursor
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            reason = str(error).splitlines()[0]
            found = f"another version of the program made the build in force: {reason}"
            raise NoBuild(str(self._home), found, "a build of this version", "Run `upstander build`.") from error
        finally:
            cursor.close()

    def _look(self) -> Mapping[str, Any]:
        """The pointer's words, read anew only where the pointer was replaced."""
        try:
            status = (self._home / POINTER).stat()
        except FileNotFoundError as error:
            raise _no_build(self._home) from error
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        if seen != self._seen:
            self._said = current(self._home) or {}
            self._seen = seen
        return self._said

    def _connection(self) -> duckdb.DuckDBPyConnection:
        said = self._look()
        if self._open is None or self._open[0] != said["file"]:
            # The connection before is dropped, not closed: closing it would close the cursors that others still read.
            self._open = (said["file"], _connect(self._home, said))
        return self._open[1]


@cache
def _reader(folder: Path) -> Reader:
    return Reader(folder)


def reader(folder: Path | None = None) -> Reader:
    """The process's one reader of the instance in `folder` (default: `home()`)."""
    return _reader((folder or home()).resolve())


def _connect(home: Path, said: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    file = home / said["file"]
    if not file.exists():
        raise NoBuild(
            str(home / POINTER), f"it names {said['file']}, which is not there", "a build", "Run `upstander build`."
        )
    return duckdb.connect(str(file), read_only=True, config=LOCKED_DOWN)


def _no_build(home: Path) -> NoBuild:
    return NoBuild(
        str(home), "no build was published here yet", "a build", "Run `upstander build`, or set UPSTANDER_HOME."
    )
