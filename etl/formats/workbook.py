"""Reads one sheet of an XLSX workbook: values as they were last computed, dates as dates, nothing executed.

What people do to sheets and a table cannot have (merged cells, formulas without a value) is refused cell by cell.
"""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import openpyxl  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.utils.datetime import CALENDAR_MAC_1904  # type: ignore[import-untyped]
from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject
from etl.formats import workbook_parts
from etl.formats.sheet_table import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Line, Refused, Table, Value, is_empty, named
from etl.formats.workbook_parts import DAMAGED, Content, Sheet

UNREADABLE = (*DAMAGED, SyntaxError, InvalidFileException, TypeError, AttributeError, IndexError, OverflowError)
# As a syntax error comes what lxml and the standard library say of XML.
RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
NO_VALUE: Final = "a formula has its value beside it"
MERGED: Final = "no cells of the table are merged"
Marks = Mapping[tuple[int, int], Refused]  # by row and column, from 1


def read_sheet(file: LandedFile, tab: str | None, header_row: int) -> Table:
    """One sheet: the one called `tab`, else the only one that people see. FeedFault where it cannot be read."""
    listed = workbook_parts.sheets(file)
    sheet = _chosen(file, listed, tab)
    found = workbook_parts.content(file, sheet)
    _check_extent(file, found, header_row)
    try:
        with file.path.open("rb") as stored, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of looks and rules of cells that it leaves out
            book = openpyxl.load_workbook(stored, read_only=True, data_only=True, keep_links=False)
            try:
                return _table(file, book, sheet, found, header_row, tuple(_hidden(listed, sheet)))
            finally:
                book.close()
    except UNREADABLE as error:
        raise FeedFault(
            file.name, "its sheet cannot be read", "a workbook as spreadsheets save it", "Save it anew as .xlsx."
        ) from error


def _chosen(file: LandedFile, sheets: Sequence[Sheet], tab: str | None) -> Sheet:
    seen = [one for one in sheets if not one.is_hidden]
    if tab is not None:
        asked = next((one for one in sheets if one.name == tab), None)
        if asked is None:
            known = f"one of {len(seen)} sheets that are not hidden"
            raise FeedFault(file.name, f'there is no sheet "{tab}"', known, "Correct `tab` in upstander.yml.")
        return asked
    if len(seen) != 1:
        found = f"it has {len(seen)} sheets that are not hidden"
        raise FeedFault(file.name, found, "one, or its name", "Name the sheet by `tab` in upstander.yml.")
    return seen[0]


def _check_extent(file: LandedFile, found: Content, header_row: int) -> None:
    if not found.is_ordered:
        raise FeedFault(file.name, "rows of the sheet do not follow each other", "a workbook as saved", "Save it anew.")
    rows = found.last_row - header_row
    if rows > MOST_ROWS or found.last_column > MOST_COLUMNS or rows * found.last_column > MOST_CELLS:
        seen = f"its last row is {found.last_row} and its last column is {get_column_letter(found.last_column)}"
        raise FeedFault(file.name, seen, f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns", "Split it by years.")


def _table(
    file: LandedFile, book: Any, sheet: Sheet, found: Content, header_row: int, told: tuple[Reject, ...]
) -> Table:
    page = book[sheet.name]
    page.reset_dimensions()  # what the sheet says of its size need not be so
    header = named(next(iter(page.iter_rows(header_row, header_row, 1, MOST_COLUMNS, values_only=True)), ()))
    if not header:
        where = f"{file.name}:{header_row}"
        raise FeedFault(where, "the row of the header is empty", "names of columns", "Set `header_row`.")
    last = min(found.last_row, header_row + MOST_ROWS)
    marks = _marks(file, found, (header_row + 1, last), len(header))
    behind = page.iter_rows(header_row + 1, max(last, header_row + 1), 1, len(header), values_only=True)
    lines = (_line(number, cells, marks) for number, cells in enumerate(behind, header_row + 1))
    kept = tuple(line for line in lines if not all(map(is_empty, line.cells)))
    if not kept:
        raise FeedFault(file.name, "a header and no rows", "a header and rows", "Save it again, or take it out.")
    return Table(header, header_row, kept, told, book.epoch == CALENDAR_MAC_1904)


def _line(number: int, cells: Sequence[Value], marks: Marks) -> Line:
    return Line(number, tuple(marks.get((number, column), cell) for column, cell in enumerate(cells, 1)))


def _marks(file: LandedFile, found: Content, rows: tuple[int, int], width: int) -> Marks:
    """What is refused: formulas whose value nobody has computed, and merged cells, of which the others look empty."""
    marks: dict[tuple[int, int], Refused] = {}
    for row, column in found.formulas:
        if rows[0] <= row <= rows[1] and column <= width:
            marks[row, column] = Refused(NO_VALUE, f"cell {get_column_letter(column)}{row}")
    left = MOST_CELLS
    for reference in found.merged:
        cells = list(_merged(reference, rows, width, left))
        left -= len(cells)
        if left <= 0:
            raise FeedFault(file.name, "its merged cells are more than its cells", "a table", "Undo the merging.")
        marks |= dict.fromkeys(cells, Refused(MERGED, reference))
    return marks


def _merged(reference: str, rows: tuple[int, int], width: int, most: int) -> Iterator[tuple[int, int]]:
    """The cells of a range, as far as they are of the table; of what is no range none."""
    told = RANGE.fullmatch(reference)
    if not told or not told[3]:
        return
    left, right = (workbook_parts.column_of(told[index]) for index in (1, 3))
    for row in range(max(int(told[2]), rows[0]), min(int(told[4]), rows[1]) + 1):
        for column in range(left, min(right, width) + 1):
            yield row, column
            most -= 1
            if most <= 0:
                return


def _hidden(sheets: Sequence[Sheet], chosen: Sheet) -> Iterator[Reject]:
    if chosen.is_hidden:
        yield Reject(1, "the sheet that is read is not hidden", "hidden")
    others = sum(one.is_hidden for one in sheets if one is not chosen)
    if others:
        yield Reject(1, "the workbook has no hidden sheets beside the one that is read", f"{others} hidden, not read")
