"""Gathers rows one by one into batches of columns, as the warehouse takes them.

It opens nothing and holds one batch at a time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from data_contracts.faults import UserFault
from etl.feed import Batch, Reject

Row = Mapping[str, Any]


def batches(
    table: str, columns: Sequence[str], outcomes: Iterable[tuple[int, Row | Reject]], size: int = 20_000, file: int = 0
) -> Iterator[Batch]:
    """Batches of at most `size` rows and refusals; an outcome is a row or its refusal, with the bytes read so far.

    A fault in the outcomes is raised again after the rows before it have been handed over.
    """
    rows: list[Row] = []
    rejects: list[Reject] = []
    done, fault = 0, None
    try:
        for done, outcome in outcomes:
            if isinstance(outcome, Reject):
                rejects.append(outcome)
            else:
                rows.append(outcome)
            if len(rows) + len(rejects) >= size:
                yield _batch(table, columns, rows, rejects, done, file)
                rows, rejects = [], []
    except UserFault as error:
        fault = error
    if rows or rejects:
        yield _batch(table, columns, rows, rejects, done, file)
    if fault is not None:
        raise fault


def _batch(
    table: str, columns: Sequence[str], rows: Sequence[Row], rejects: Sequence[Reject], done: int, file: int
) -> Batch:
    return Batch(table, {name: [row[name] for row in rows] for name in columns}, tuple(rejects), done, file)
