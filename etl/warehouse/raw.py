"""Makes raw tables from contracts and fills them with what feeds hand over, names hashed at the door.

It reads no file and knows no feed; which rows break their contract is said in `quarantine`.
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import duckdb
import pyarrow as pa
from sqlglot import exp

from data_contracts.load import Column, Table
from etl.feed import Batch, Landed, LandedFile, Reject
from etl.formats.ahead import ahead
from etl.warehouse.pseudonym import Pseudonym

FILE = "_file"
ARROW: Mapping[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
    "DATE": pa.date32(),
}

OnRows = Callable[[str, int, int, int], None]  # file, bytes read, bytes in all, rows so far


@dataclass(frozen=True)
class Loaded:
    """What came of one landed file: rows that went into raw tables, and rows that could not be read."""

    feed: str
    file: LandedFile
    rows: int
    rejects: tuple[Reject, ...]


def create_raw(connection: duckdb.DuckDBPyConnection, table: Table, name: str | None = None) -> None:
    """An empty table with the contract's columns and `_file`, the SHA-256 of the file that a row came in.

    name: in place of the contract's.
    """
    types = {**{column.stored: column.type for column in table.columns}, FILE: "VARCHAR"}
    columns = [
        exp.ColumnDef(this=exp.to_identifier(column, quoted=True), kind=exp.DataType(this=exp.DType[kind]))
        for column, kind in types.items()
    ]
    schema = exp.Schema(this=exp.to_identifier(name or table.name, quoted=True), expressions=columns)
    connection.execute(exp.Create(this=schema, kind="TABLE").sql("duckdb"))


def drop_raw(connection: duckdb.DuckDBPyConnection, table: Table, kind: Literal["TABLE", "VIEW"] = "TABLE") -> None:
    connection.execute(exp.Drop(tables=[exp.table_(table.name, quoted=True)], kind=kind).sql("duckdb"))


def load(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    landed: Landed,
    batches: Iterable[Batch],
    pseudonym: Pseudonym,
    on_rows: OnRows = lambda name, done, total, rows: None,
) -> tuple[Loaded, ...]:
    """Appends the batches of one delivery to its raw tables; one result per file, in the order of `landed.files`.

    tables: the raw tables of the feed's contract. A feed that hands over other columns than its contract has is a bug.
    """
    rows: dict[int, int] = defaultdict(int)
    rejects: dict[int, list[Reject]] = defaultdict(list)
    for batch, arrow in ahead(_typed_batches(tables, landed, batches, pseudonym), steps=1):
        file = landed.files[batch.file]
        # Not registered under a name: until its end, a transaction would keep all that ever had one.
        connection.from_arrow(arrow).insert_into(batch.table)
        rows[batch.file] += 0 if tables[batch.table].is_coverage else arrow.num_rows
        rejects[batch.file].extend(batch.rejects)
        on_rows(file.name, batch.done, file.bytes, rows[batch.file])
    return tuple(
        Loaded(landed.delivery.feed, file, rows[index], tuple(rejects[index]))
        for index, file in enumerate(landed.files)
    )


def _typed_batches(
    tables: Mapping[str, Table], landed: Landed, batches: Iterable[Batch], pseudonym: Pseudonym
) -> Generator[tuple[Batch, pa.Table], None, None]:
    """Each batch with its rows as they are stored; made while the database takes the one before."""
    for batch in batches:
        yield batch, to_arrow(tables[batch.table], batch.columns, landed.files[batch.file].sha256, pseudonym)


def to_arrow(table: Table, columns: Mapping[str, list[Any]], sha256: str, pseudonym: Pseudonym) -> pa.Table:
    """The columns with the contract's types and stored names, in its order; personal values as keyed hashes."""
    wanted = {column.name for column in table.columns}
    if wanted != set(columns):
        raise ValueError(
            f"{table.name}: columns {sorted(wanted ^ set(columns))} are not in both batch and {table.path}"
        )
    arrays = [_array(table, column, columns[column.name], pseudonym) for column in table.columns]
    length = len(arrays[0])
    arrays.append(pa.repeat(pa.scalar(sha256, pa.string()), length))
    # In one piece: the database gives each piece memory of its own, of a table of 28 columns seven megabytes.
    return pa.table(arrays, names=[*(column.stored for column in table.columns), FILE]).combine_chunks()


def _array(table: Table, column: Column, values: Any, pseudonym: Pseudonym) -> pa.Array:
    try:
        if isinstance(values, pa.Array | pa.ChunkedArray):
            return _hashed(values, pseudonym) if column.hashed else _typed(values, ARROW[column.type])
        return pa.array(pseudonym.hash_column(values) if column.hashed else values, ARROW[column.type])
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        error.add_note(f"in {table.name}.{column.stored}, which is {column.type} in {table.path}:{column.line}")
        raise


def _typed(values: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    """A dictionary stays one: the database takes it as it is."""
    is_fit = values.type == kind or values.type == pa.dictionary(pa.int32(), kind)
    return values if is_fit else values.cast(kind)


def _hashed(values: pa.Array | pa.ChunkedArray, pseudonym: Pseudonym) -> pa.Array | pa.ChunkedArray:
    """Each different name is hashed once."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    coded = whole.dictionary_encode()
    hashes = pseudonym.hash_column if coded.dictionary.null_count else pseudonym.hash_different
    return pa.array(hashes(coded.dictionary.to_pylist()), pa.string()).take(coded.indices)
