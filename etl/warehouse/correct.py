"""Applies corrections: dated files of an instance that say which rows are wrong, why, and how many rows that is.

What a correction replaces is kept beside the table, and comes back when the correction is taken out.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import duckdb
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlglot import exp

from data_contracts import yaml_file
from data_contracts.faults import Faults, FeedFault, UserFault
from data_contracts.load import Column, Table
from etl.warehouse import raw
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.raw import FILE

FOLDER = "corrections"
ORIGINALS = "_original"  # rows that a correction replaced, beside their table
SCALARS = (str, int, float, date, type(None))  # truth is a number, and a moment a date


def _plain(value: Any) -> Any:
    if not isinstance(value, SCALARS):
        raise ValueError("a word, a number, a day, a moment, true, false or null")
    return value


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(_plain(one) for one in value) if isinstance(value, list) else (_plain(value),)


Value = Annotated[Any, AfterValidator(_plain)]
Values = Annotated[Any, AfterValidator(_several)]


class Written(BaseModel):
    """A correction as people write it. where: column to value, or several values; rows: how many rows that finds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    by: str = Field(min_length=1)
    why: str = Field(min_length=10)
    feed: str = Field(min_length=1)
    table: str = Field(min_length=1)
    where: Mapping[str, Values] = Field(min_length=1)
    set: Mapping[str, Value] | None = None
    drop: bool = False
    rows: int = Field(ge=1)

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Written":
        if bool(self.set) == self.drop:
            raise ValueError("a correction either sets columns or says drop: true")
        return self


@dataclass(frozen=True)
class Correction:
    """One correction file. lines: where its faults are told."""

    name: str
    sha256: str
    written: Written
    file: yaml_file.YamlFile


def read(home: Path, tables: Mapping[str, Table]) -> tuple[Correction, ...]:
    """The corrections of an instance, oldest first; the faults of all files at once."""
    found, faults = list[Correction](), list[UserFault]()
    for path in sorted((home / FOLDER).glob("*.yml")):
        try:
            found.append(_read(path, tables))
        except UserFault as fault:
            faults.append(fault)
    if faults:
        raise Faults(faults)
    return tuple(sorted(found, key=lambda one: (one.written.on, one.name)))


def create_originals(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    raw.create_raw(connection, table, f"{table.name}{ORIGINALS}")


def create_corrections(connection: duckdb.DuckDBPyConnection) -> None:
    """Which corrections the rows of a store went through."""
    connection.execute("CREATE TABLE correction (sha256 VARCHAR)")


def apply(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], correction: Correction, key: Pseudonym
) -> None:
    """Replaces or drops the rows; FeedFault where it finds another number of them than it says."""
    table, written = tables[correction.written.table], correction.written
    where, values = _where(table, written.where, key)
    here = exp.table_(table.name, quoted=True)
    try:
        select = exp.select(exp.Count(this=exp.Star())).from_(here).where(where)
        ((count,),) = connection.execute(select.sql("duckdb"), values).fetchall()
        if count != written.rows:
            raise FeedFault(
                correction.file.where(("rows",)),
                f"its words under where find {count:,} rows of {table.name}",
                f"{written.rows:,} rows, as the file says",
                "Look at what changed in the feed; mend where or rows, or take the correction out.",
            )
        keep = exp.insert(exp.select("*").from_(here).where(where), exp.table_(f"{table.name}{ORIGINALS}", quoted=True))
        connection.execute(keep.sql("duckdb"), values)
        new = {} if written.set is None else {**_stored(table, written.set, key), FILE: correction.sha256}
        if new:
            change = exp.update(here, {_sql(name): exp.Placeholder() for name in new}, where=where)
            connection.execute(change.sql("duckdb"), [*new.values(), *values])
        else:
            connection.execute(exp.delete(here, where).sql("duckdb"), values)
    except duckdb.ConversionException as error:
        raise FeedFault(
            correction.file.where(("where",)),
            "a value that does not fit its column",
            f"values of the types in {table.path}",
            str(error).split("\n")[0],
        ) from error
    connection.execute("INSERT INTO correction VALUES (?)", [correction.sha256])


def undo(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The rows of a table as they were read."""
    here, originals = table.name, f"{table.name}{ORIGINALS}"
    corrected = exp.column(FILE).isin(query=exp.select("sha256").from_("correction"))
    connection.execute(exp.delete(exp.table_(here, quoted=True), corrected).sql("duckdb"))
    back = exp.select("*").from_(exp.table_(originals, quoted=True)).where(exp.not_(corrected.copy()))
    connection.execute(exp.insert(back, exp.table_(here, quoted=True)).sql("duckdb"))
    connection.execute(exp.delete(exp.table_(originals, quoted=True)).sql("duckdb"))


def _read(path: Path, tables: Mapping[str, Table]) -> Correction:
    shown = f"{FOLDER}/{path.name}"
    file = yaml_file.load(path, FeedFault, shown)
    written = yaml_file.check(file, Written, FeedFault)
    table = tables.get(written.table)
    if table is None or table.contract != written.feed:
        names = ", ".join(name for name, one in tables.items() if one.contract == written.feed)
        raise FeedFault(
            file.where(("table",)),
            f"the feed {written.feed} has no table {written.table}",
            names or "a feed with a contract in data_contracts/sources",
            "Correct the names.",
        )
    known = {column.name for column in table.columns} | {column.stored for column in table.columns}
    for place in ("where", "set"):
        for name in getattr(written, place) or {}:
            if name not in known:
                raise FeedFault(
                    file.where((place, name)),
                    f"{written.table} has no column {name}",
                    ", ".join(column.name for column in table.columns),
                    f"{table.path} says what each is.",
                )
    return Correction(shown, hashlib.sha256(path.read_bytes()).hexdigest(), written, file)


def _where(table: Table, where: Mapping[str, tuple[Any, ...]], key: Pseudonym) -> tuple[exp.Condition, list[Any]]:
    """All of the words hold; several values of a column: one of them."""
    terms, bound = list[exp.Condition](), list[Any]()
    for name, said in where.items():
        column = _column(table, name)
        wanted = _values(column, said, key)
        here = exp.column(column.stored, quoted=True)
        given = [value for value in wanted if value is not None]
        ways: list[exp.Condition] = [here.copy().is_(exp.null())] if len(given) < len(wanted) else []
        if given:
            ways.append(exp.In(this=here, expressions=[_cast(column) for _ in given]))
        terms.append(exp.or_(*ways))
        bound += given
    return exp.and_(*terms), bound


def _stored(table: Table, values: Mapping[str, Any], key: Pseudonym) -> dict[str, Any]:
    columns = {name: _column(table, name) for name in values}
    return {columns[name].stored: _values(columns[name], (value,), key)[0] for name, value in values.items()}


def _values(column: Column, values: Sequence[Any], key: Pseudonym) -> list[Any]:
    """As the table holds them: names as keyed hashes."""
    if not column.hashed:
        return list(values)
    return list(key.hash_column([None if value is None else str(value) for value in values]))


def _column(table: Table, name: str) -> Column:
    return next(column for column in table.columns if name in (column.name, column.stored))


def _cast(column: Column) -> exp.Cast:
    return exp.cast(exp.Placeholder(), column.type)


def _sql(name: str) -> str:
    return exp.to_identifier(name, quoted=True).sql("duckdb")
