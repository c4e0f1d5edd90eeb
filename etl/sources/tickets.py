"""Help-desk tickets: any desk's CSV export, its columns mapped by the instance's settings.

It loads times, states and short words of the mapped columns; no other column, and so no free text, is looked at.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pyarrow as pa

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.formats import delimited, delimited_blocks, drift, times
from etl.formats.batches import Row
from etl.formats.delimited import Layout, Record
from etl.formats.drift import watched
from etl.formats.ticket_columns import SCHEMA, TEXT, Columns
from etl.formats.ticket_desk import PROMISE, Desk, Part
from etl.formats.ticket_rows import COLUMNS, Reading

PLAIN = pa.schema([(one.name, pa.string() if one.type == TEXT else one.type) for one in SCHEMA])
AHEAD = timedelta(
    days=1
)  # a time this far behind the receipt of its file cannot be true; below, clocks and zones differ


class Settings(Part):
    """The help desks of an instance."""

    desks: tuple[Desk, ...]


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per desk; its files are read one at a time."""
    return [Delivery("tickets", desk.files, desk.model_dump(exclude={"files"})) for desk in settings.desks]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one export, in the order of the file."""
    (file,) = landed.files
    desk = Desk.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    yield from watched(file, desk.columns.wanted(), PROMISE, _batches(file, desk))


def _batches(file: LandedFile, desk: Desk) -> Iterator[Batch]:
    layout = Layout(desk.delimiter, desk.encoding)
    parts = delimited_blocks.parts(file, layout)
    header = [name.strip() for name in next(parts).records[0].fields]
    places = delimited.check_columns(file, layout, header, desk.columns.wanted(), PROMISE)
    told = drift.new(header, places, desk.unread, PROMISE)
    clock = times.Clock(desk.zone, desk.format)
    reading = Reading(desk, desk.columns.mapped(), places, clock, file.received_at + AHEAD)
    columns = Columns.of(reading, layout)
    for part in parts:
        table, left = columns.read(part.rows) if part.rows else (SCHEMA.empty_table(), [])
        rows, rejects = _one_by_one(reading, sorted([*left, *part.records], key=lambda record: record.line))
        if table.num_rows or rows or rejects:
            yield _batch(table, rows, [*told, *rejects], part.done)
            told = []


def _one_by_one(reading: Reading, records: Sequence[Record]) -> tuple[list[Row], list[Reject]]:
    rows, rejects = list[Row](), list[Reject]()
    for record in records:
        outcome = reading.outcome(record)
        if isinstance(outcome, Reject):
            rejects.append(outcome)
        else:
            rows.append(outcome)
    return rows, rejects


def _batch(table: pa.Table, rows: Sequence[Row], rejects: Sequence[Reject], done: int) -> Batch:
    """The rows that were read at once and those that were read one by one, in the order of the file."""
    if rows:
        more = pa.Table.from_pylist(list(rows), PLAIN)
        table = pa.concat_tables([table.cast(PLAIN), more]).sort_by("line")
    columns = {name: table[name] for name in COLUMNS}
    return Batch("raw_tickets", columns, tuple(rejects), done)
