"""Keeps what was read of one feed in a DuckDB file of its own, so that no landed file is read twice.

A store can be thrown away: it is made again from landing. Builds read it and never write it; nobody else opens it.
What is not whole in it (a file half read, rules not yet judged) is gone or marked, at whatever moment a process dies.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from sqlglot import exp

from data_contracts.faults import Faults, FeedFault, UserFault
from data_contracts.load import Table
from etl.feed import Batch, Landed, LandedFile
from etl.warehouse import connect, correct, quarantine, raw
from etl.warehouse.correct import Correction
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.raw import FILE, Loaded, OnRows

FOLDER = "prepared"
SUFFIX = ".duckdb"
WRITING: dict[str, str | bool | int | float | list[str]] = {  # so that memory does not grow with the rows
    "memory_limit": "512MB",  # what does not fit goes to the disk
    "threads": min(4, os.cpu_count() or 1),
    "write_buffer_row_group_count": 1,  # else 600,000 rows are gathered before any is written
}
SET_ASIDE = "_set_aside"  # rows that break a rule, beside their table, for when the rules are judged again

Read = Callable[[Landed], Iterator[Batch]]


@dataclass(frozen=True)
class Wanted:
    """What a store is to hold. code: changes with whatever decides how files are read."""

    feed: str
    tables: Mapping[str, Table]
    landed: Sequence[Landed]
    corrections: Sequence[Correction]
    key: Pseudonym
    code: str

    @property
    def identity(self) -> str:
        """A store with another identity is of no use."""
        return _digest([self.feed, self.code, self.key.fingerprint])

    @property
    def units(self) -> Mapping[str, Landed]:
        """What is read in one go, by the digest of all that its rows depend on."""
        return {_unit(one): one for one in self.landed}

    @property
    def state(self) -> str:
        """What the rules were judged for."""
        return _digest([sorted(self.units), [one.sha256 for one in self.corrections]])


def path_of(home: Path, feed: str) -> Path:
    return home / FOLDER / f"{feed}{SUFFIX}"


def update(home: Path, wanted: Wanted, read: Read, on_rows: OnRows) -> Path:
    """The store of the feed, holding the rows of all that landed and of nothing else, judged by the contract's rules.

    Raises FeedFault, or Faults, for what cannot be read; all that can be read is kept by then.
    """
    path = path_of(home, wanted.feed)
    path.parent.mkdir(parents=True, exist_ok=True)
    if _is_up_to_date(path, wanted):
        return path
    with _opened(path, wanted) as connection:
        _take_back(connection, wanted)
        _forget(connection, wanted)
        faults = [fault for fault in _read_new(connection, wanted, read, on_rows) if fault is not None]
        if faults:
            raise faults[0] if len(faults) == 1 else Faults(faults)
        with _transaction(connection):
            _judge(connection, wanted)
        connection.execute("CHECKPOINT")
    return path


def attach(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    feed: str,
    tables: Mapping[str, Table],
    horizon: date | None = None,
) -> None:
    """Makes the raw tables of the feed and its notes in quarantine readable in a build's connection.

    horizon: rows of tables with a retention that are older do not show, though a store may still hold them.
    """
    database = exp.to_identifier(f"store_{feed}", quoted=True)
    connect.attach(connection, path, database.name)
    for name, table in tables.items():
        select = exp.select("*").from_(_of(database, name))
        if horizon and table.retention_by:
            select = select.where(exp.not_(older(table, horizon)))
        view = exp.Create(this=exp.table_(name, quoted=True), kind="VIEW", expression=select)
        connection.execute(view.sql("duckdb"))
    more = exp.insert(exp.select("*").from_(_of(database, "quarantine")), "quarantine")
    connection.execute(more.sql("duckdb"))


def older(table: Table, horizon: date) -> exp.Condition:
    """Which rows of a table with a retention are to go; those without a time stay."""
    at = exp.column(table.retention_by or "", quoted=True)
    return exp.func(
        "COALESCE", exp.LT(this=at, expression=exp.cast(exp.Literal.string(str(horizon)), "DATE")), exp.false()
    )


def detach(connection: duckdb.DuckDBPyConnection, feed: str, tables: Mapping[str, Table]) -> None:
    """Takes the raw tables out of the build again."""
    for table in tables.values():
        raw.drop_raw(connection, table, "VIEW")
    connection.execute(f"DETACH {exp.to_identifier(f'store_{feed}', quoted=True).sql('duckdb')}")


def loaded(connection: duckdb.DuckDBPyConnection, feed: str) -> tuple[Loaded, ...]:
    """What came of each landed file of an attached store."""
    database = exp.to_identifier(f"store_{feed}", quoted=True)
    select = exp.select("sha256", "name", "bytes", "received_at", "rows").from_(_of(database, "file")).order_by("place")
    rows = connection.execute(select.sql("duckdb")).fetchall()
    return tuple(
        Loaded(feed, LandedFile(Path(), name, sha256, size, received_at), count, ())
        for sha256, name, size, received_at, count in rows
    )


def _is_up_to_date(path: Path, wanted: Wanted) -> bool:
    if not path.exists():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            return _said(connection) == (wanted.identity, wanted.state)
    except duckdb.Error as error:
        _raise_if_locked(error)
        return False


@contextmanager
def _opened(path: Path, wanted: Wanted) -> Iterator[duckdb.DuckDBPyConnection]:
    """The store for writing; a new one where it is of another make or cannot be read."""
    try:
        connection = duckdb.connect(str(path), config=WRITING)
        is_of_use = _said(connection)[0] == wanted.identity
    except duckdb.Error as error:
        _raise_if_locked(error)
        is_of_use, connection = False, duckdb.connect()
    if not is_of_use:
        connection.close()
        remove(path)
        connection = duckdb.connect(str(path), config=WRITING)
        with _transaction(connection):
            _make(connection, wanted)
    try:
        yield connection
    finally:
        connection.close()


def remove(path: Path) -> None:
    """Throws a store away, with what DuckDB keeps beside it."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)


def _make(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    connection.execute("CREATE TABLE made_by (identity VARCHAR, judged_for VARCHAR)")
    connection.execute("INSERT INTO made_by VALUES (?, NULL)", [wanted.identity])
    connection.execute(
        "CREATE TABLE file (unit VARCHAR, place BIGINT, sha256 VARCHAR, name VARCHAR, bytes BIGINT, "
        "received_at TIMESTAMP, rows BIGINT)"
    )
    connection.execute(
        "CREATE TABLE rejected (unit VARCHAR, feed VARCHAR, file VARCHAR, line BIGINT, rule VARCHAR, excerpt VARCHAR)"
    )
    quarantine.create_quarantine(connection)
    correct.create_corrections(connection)
    for table in wanted.tables.values():
        raw.create_raw(connection, table)
        raw.create_raw(connection, table, f"{table.name}{SET_ASIDE}")
        correct.create_originals(connection, table)


def _said(connection: duckdb.DuckDBPyConnection) -> tuple[str | None, str | None]:
    """Identity and state of a store; nothing where it holds none."""
    try:
        rows = connection.execute("SELECT identity, judged_for FROM made_by").fetchall()
    except duckdb.CatalogException:
        rows = []
    return rows[0] if rows else (None, None)


def _take_back(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    """All rows as they were read: those that were set aside, and those that were corrected."""
    with _transaction(connection):
        connection.execute("UPDATE made_by SET judged_for = NULL")
        connection.execute("DELETE FROM quarantine")
        for table in wanted.tables.values():
            _move(connection, f"{table.name}{SET_ASIDE}", table.name)
            correct.undo(connection, table)
        connection.execute("DELETE FROM correction")


def _forget(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    """Drops the rows of what is no longer wanted; what shares a file with it is read again."""
    units = wanted.units
    known = connection.execute("SELECT unit, sha256 FROM file").fetchall()
    gone = {unit for unit, _ in known if unit not in units}
    files = {sha256 for unit, sha256 in known if unit in gone}
    gone |= {unit for unit, sha256 in known if sha256 in files}
    files |= {sha256 for unit, sha256 in known if unit in gone}
    if not gone:
        return
    with _transaction(connection):
        for table in wanted.tables.values():
            _delete(connection, table.name, FILE, files)
        for name in ("file", "rejected"):
            _delete(connection, name, "unit", gone)


def _read_new(
    connection: duckdb.DuckDBPyConnection, wanted: Wanted, read: Read, on_rows: OnRows
) -> Iterator[UserFault | None]:
    """Reads what is new, each unit whole or not at all; the faults on the way."""
    known = {unit for (unit,) in connection.execute("SELECT DISTINCT unit FROM file").fetchall()}
    for unit, landed in wanted.units.items():
        if unit not in known:
            yield _read_unit(connection, wanted, unit, landed, read, on_rows)


def _read_unit(
    connection: duckdb.DuckDBPyConnection, wanted: Wanted, unit: str, landed: Landed, read: Read, on_rows: OnRows
) -> UserFault | None:
    try:
        with _transaction(connection):
            for one in raw.load(connection, wanted.tables, landed, read(landed), wanted.key, on_rows):
                _note_file(connection, unit, one)
    except (FeedFault, Faults) as fault:
        return fault
    return None


def _note_file(connection: duckdb.DuckDBPyConnection, unit: str, one: Loaded) -> None:
    place = connection.execute("SELECT COUNT(*) FROM file").fetchall()[0][0]
    file = one.file
    connection.execute(
        "INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, ?)",
        [unit, place, file.sha256, file.name, file.bytes, file.received_at, one.rows],
    )
    notes = quarantine.notes_of_rejects([one])
    if notes.num_rows:
        connection.register("_notes", notes)
        connection.execute("INSERT INTO rejected SELECT ?, * FROM _notes", [unit])
        connection.unregister("_notes")


def _judge(connection: duckdb.DuckDBPyConnection, wanted: Wanted) -> None:
    """Corrects rows, and sets aside those that break a rule."""
    connection.execute("INSERT INTO quarantine SELECT feed, file, line, rule, excerpt FROM rejected")
    names = dict(connection.execute("SELECT sha256, name FROM file").fetchall())
    for correction in wanted.corrections:
        correct.apply(connection, wanted.tables, correction, wanted.key)
        names[correction.sha256] = correction.name
    for table in wanted.tables.values():
        quarantine.quarantine_breaking_rows(connection, table, names, f"{table.name}{SET_ASIDE}")
    connection.execute("UPDATE made_by SET judged_for = ?", [wanted.state])


def _move(connection: duckdb.DuckDBPyConnection, source: str, target: str) -> None:
    rows = exp.select("*").from_(exp.table_(source, quoted=True))
    connection.execute(exp.insert(rows, exp.table_(target, quoted=True)).sql("duckdb"))
    connection.execute(exp.delete(exp.table_(source, quoted=True)).sql("duckdb"))


def _delete(connection: duckdb.DuckDBPyConnection, table: str, column: str, values: set[str]) -> None:
    named = exp.column(column).isin(query=exp.select(exp.func("UNNEST", exp.Placeholder())))
    connection.execute(exp.delete(exp.table_(table, quoted=True), named).sql("duckdb"), [sorted(values)])


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _of(database: exp.Identifier, table: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(table, quoted=True), db=database.copy())


def _raise_if_locked(error: duckdb.Error) -> None:
    """Somebody has the file open; that is no reason to throw it away."""
    if "lock" in str(error).lower():
        raise error


def _unit(landed: Landed) -> str:
    files = [(file.sha256, file.names, file.received_at.isoformat()) for file in landed.files]
    return _digest([files, landed.delivery.feed, dict(landed.delivery.told)])


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
