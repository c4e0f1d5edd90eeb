"""A SQLAlchemy dialect for DuckDB whose cursors read all rows at once, which is what Great Expectations needs.

Imported only while checking. Great Expectations reads rows after a rollback, when a streaming cursor has none left.
"""

import itertools
from collections.abc import Iterator
from typing import Any, ClassVar

import duckdb_engine
from sqlalchemy.dialects import registry

URL = "duckdb+buffered:///{path}"


class BufferedCursor:
    """A cursor of the DB-API: rows are fetched when the statement runs."""

    rowcount, arraysize = -1, 1

    def __init__(self, raw: Any, wrapper: Any) -> None:
        self._raw, self._inner = raw, duckdb_engine.CursorWrapper(raw, wrapper)
        self._rows: Iterator[tuple[Any, ...]] = iter(())
        self.description: Any = None

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        self._inner.execute(statement, parameters, context)
        self.description = self._raw.description
        self._rows = iter(self._raw.fetchall() if self.description else ())

    def fetchone(self) -> tuple[Any, ...] | None:
        return next(self._rows, None)

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        return list(itertools.islice(self._rows, size or self.arraysize))

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self._rows)

    def close(self) -> None:
        """Nothing is left to close: the rows are here."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class BufferedConnection(duckdb_engine.ConnectionWrapper):
    """A connection that hands out buffered cursors."""

    def __init__(self, raw: Any) -> None:
        super().__init__(raw)
        self._raw = raw

    def cursor(self) -> BufferedCursor:  # type: ignore[override]
        return BufferedCursor(self._raw, self)


class Dialect(duckdb_engine.Dialect):
    """DuckDB with buffered cursors."""

    driver = "buffered"
    supports_statement_cache = True
    opened: ClassVar[list[BufferedConnection]] = []

    def connect(self, *args: Any, **kwargs: Any) -> BufferedConnection:
        wrapped = super().connect(*args, **kwargs)
        connection = BufferedConnection(wrapped._ConnectionWrapper__c)  # the engine has no public name for it
        self.opened.append(connection)
        return connection


def register() -> None:
    """Makes `duckdb+buffered://` known to SQLAlchemy."""
    registry.register("duckdb.buffered", __name__, "Dialect")


def close_all() -> None:
    """Closes what the engine's pools still hold, so that the file is free."""
    while Dialect.opened:
        Dialect.opened.pop().close()
