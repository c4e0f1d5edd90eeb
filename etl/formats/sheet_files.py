"""Reads a sheet from the file in which people keep it: a workbook (.xlsx) or delimited text (CSV).

It knows no contract: what the columns mean is told by others.
"""

from dataclasses import dataclass

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject
from etl.formats import delimited, workbook, workbook_parts
from etl.formats.delimited import GZIP, Layout, Record
from etl.formats.sheet_table import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Line, Table, is_empty, named
from etl.formats.workbook_parts import MOST_PACKED


@dataclass(frozen=True)
class Keeping:
    """How a sheet is kept. tab, header_row: of a workbook; layout: of CSV, whose first row is its header."""

    layout: Layout
    tab: str | None = None
    header_row: int = 1


def read_table(file: LandedFile, keeping: Keeping) -> Table:
    """The whole sheet; FeedFault where it cannot be read, or is larger than anything that is kept by hand."""
    if workbook_parts.is_workbook(file):
        return workbook.read_sheet(file, keeping.tab, keeping.header_row)
    with file.path.open("rb") as stored:
        if stored.read(2) == GZIP:
            raise FeedFault(file.name, "it is compressed with gzip", "a sheet as CSV or .xlsx", "Unpack it.")
    if file.bytes > MOST_PACKED:
        raise _too_large(file, f"it has {file.bytes} bytes")
    records = delimited.records(file, keeping.layout)
    header = next(records)
    names = named(tuple(header.fields))
    if len(header.fields) > MOST_COLUMNS:
        raise _too_large(file, f"it has {len(header.fields)} columns")
    lines = []
    for record in records:
        lines.append(_line(record, len(names)))
        if len(lines) > MOST_ROWS or len(lines) * len(names) > MOST_CELLS:
            raise _too_large(file, f"it has more than {len(lines) - 1} rows")
    kept = tuple(line for line in lines if line.broken or not all(map(is_empty, line.cells)))
    if not kept:
        raise FeedFault(file.name, "a header and no rows", "a header and rows", "Save it again, or take it out.")
    return Table(names, header.line, kept, is_text=True)


def _line(record: Record, width: int) -> Line:
    if record.broken:
        return Line(record.line, (), Reject(record.line, record.broken, f"{len(record.fields)} fields"))
    return Line(record.line, tuple(record.fields[:width]))


def _too_large(file: LandedFile, found: str) -> FeedFault:
    wanted = f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns"
    return FeedFault(file.name, found, wanted, "Split it by years, or take the columns that count.")
