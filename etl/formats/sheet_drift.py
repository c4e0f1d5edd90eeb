"""Finds a contract's columns in the header of a sheet, and tells apart what is new, missing, renamed or there twice.

It looks at a few cells of columns that nobody knows, to see what they could be; it hands over none of them.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from data_contracts.diff import renamed
from data_contracts.faults import Faults, FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats.cells import Unreadable
from etl.formats.sheet_cells import LONGEST, Cell
from etl.formats.sheet_contract import SheetColumn, SheetContract, Sort
from etl.formats.sheet_rows import LONGEST_RULE
from etl.formats.sheet_table import Table, is_empty, shown

LOOKED_AT = 20  # cells of an unknown column


def places(contract: SheetContract, file: LandedFile, table: Table) -> Mapping[str, int]:
    """Header -> its place, of the columns that are read. Faults with the lines of the contract for what is not there.

    A column that may be empty may be missing, unless another looks like it under a new name.
    """
    header = list(table.header)
    expected = {column.header: column for column in contract.columns}
    if not any(name in expected for name in header):
        wanted = f"a header with {shown(', '.join(expected), LONGEST_RULE)}"
        where = f"{file.name}:{table.header_row}"
        raise FeedFault(where, "none of the contract's columns is there", wanted, "Set `header_row`, or the contract.")
    new = {name for name in header if 0 < len(name) <= LONGEST and name not in expected}
    gone = [column for column in contract.read if column.header not in header]
    kinds = {name: _kinds(contract, table, header.index(name)) for name in new} if gone else {}
    pairs: dict[str, str] = {}
    for column in gone:
        fitting = {name: column.sort for name in new - set(pairs.values()) if column.sort in kinds[name]}
        pairs |= renamed({column.header: column.sort}, fitting)
    faults = [*_gone(contract, file, gone, pairs), *_twice(contract, file, header)]
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return {column.header: header.index(column.header) for column in contract.read if column.header in header}


def told(contract: SheetContract, table: Table) -> Iterator[Reject]:
    """Columns that came or went and do not stand in the way of reading the others."""
    expected = {column.header for column in contract.columns}
    for place, name in enumerate(table.header, start=1):
        if name not in expected:
            yield Reject(table.header_row, f"every column is one of {contract.path}", f"column {place}: {shape(name)}")
    for column in contract.read:
        if column.header not in table.header:
            yield Reject(table.header_row, f"every column of {contract.path} is there", shown(column.header))


def _gone(
    contract: SheetContract, file: LandedFile, gone: list[SheetColumn], pairs: Mapping[str, str]
) -> Iterator[FeedFault]:
    for column in gone:
        found = f'{file.name} has no column "{shown(column.header)}"'
        if column.header in pairs:
            new = shown(pairs[column.header])
            remedy = f'If it has a new name, write physicalName: "{new}" here; else correct the sheet.'
            yield FeedFault(contract.where(column), f'{found}, but one called "{new}"', "the column", remedy)
        elif column.required or contract.of("value") == (column,):
            remedy = "Add it to the sheet, or take it out of the contract."
            yield FeedFault(contract.where(column), found, "the column", remedy)


def _twice(contract: SheetContract, file: LandedFile, header: list[str]) -> Iterator[FeedFault]:
    for column in contract.read:
        if (count := header.count(column.header)) > 1:
            found = f'in {file.name} the column "{shown(column.header)}" stands there {count} times'
            yield FeedFault(contract.where(column), found, "each once", "Rename one of them in the sheet.")


def _kinds(contract: SheetContract, table: Table, place: int) -> set[Sort]:
    """What the cells of a column could be, by the signs and formats of the contract."""
    cells = [line.cells[place] for line in table.lines if not line.broken]
    kept = [cell for cell in cells if not is_empty(cell)][:LOOKED_AT]
    found: set[Sort] = {"text"}
    patterns = {column.pattern for column in contract.columns if column.sort == "day"} or {"%Y-%m-%d"}
    for sort in ("integer", "number", "day"):
        for pattern in patterns if sort == "day" else {""}:
            column = SheetColumn("", "", "value", sort, 1, pattern=pattern)
            read = [Cell(contract, column, cell, table.counts_from_1904) for cell in kept]
            if kept and all(_fits(one) for one in read):
                found.add(sort)
    return found


def _fits(cell: Cell) -> bool:
    try:
        found: float | date = cell.day() if cell.column.sort == "day" else cell.number()
    except Unreadable:
        return False
    return found is not None
