"""Gathers rows of several tables from one file into batches of columns, as the warehouse takes them.

It opens nothing and holds one batch of each table at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from data_contracts.faults import UserFault
from etl.feed import Batch, Reject
from etl.formats.batches import Row

Outcome = tuple[str, Row] | Reject


def gathered(
    tables: Mapping[str, Sequence[str]], outcomes: Iterable[tuple[int, Iterable[Outcome]]], size: int = 20_000
) -> Iterator[Batch]:
    """Batches of each table; an outcome is the table and its row, or a refusal, with the bytes read so far.

    tables: their columns. A fault in the outcomes is raised again after the rows before it have been handed over.
    """
    rows: dict[str, list[Row]] = {table: [] for table in tables}
    rejects: list[Reject] = []
    done, fault = 0, None
    try:
        for done, found in outcomes:
            for one in found:
                if isinstance(one, Reject):
                    rejects.append(one)
                else:
                    rows[one[0]].append(one[1])
            if sum(map(len, rows.values())) + len(rejects) >= size:
                yield from _batches(tables, rows, rejects, done)
                rows, rejects = {table: [] for table in tables}, []
    except UserFault as error:
        fault = error
    yield from _batches(tables, rows, rejects, done)
    if fault is not None:
        raise fault


def _batches(
    tables: Mapping[str, Sequence[str]], rows: Mapping[str, Sequence[Row]], rejects: Sequence[Reject], done: int
) -> Iterator[Batch]:
    """One batch for each table that has rows; the refusals go with the first, or with an empty one."""
    filled = [table for table in tables if rows[table]] or (list(tables)[:1] if rejects else [])
    for place, table in enumerate(filled):
        columns = {name: [row[name] for row in rows[table]] for name in tables[table]}
        yield Batch(table, columns, tuple(rejects) if place == 0 else (), done)
