"""Makes rows of a sheet's lines by its contract: one for each number, with its period and what it is counted by.

A line without a readable period, key or word is refused whole; of a number that cannot be read only that one is.
"""

import json
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from data_contracts.faults import Faults, FeedFault
from etl.feed import LandedFile, Reject
from etl.formats.batches import Row
from etl.formats.cells import Unreadable
from etl.formats.known_days import KnownDays
from etl.formats.sheet_cells import Cell, WrongType
from etl.formats.sheet_contract import LOGICAL, SheetColumn, SheetContract, Span
from etl.formats.sheet_table import Line, Table, shown

COLUMNS = (
    "line", "place", "row", "starts_on", "ends_on", "span", "measure", "unit", "over_time", "wiki", "group_name",
    "value",
)  # fmt: skip
RETYPED_FROM = 3  # cells, of which not one is what the contract says: the column is another, not its rows
LONGEST_RULE = 500  # the words that may stand in a column are part of its rule
BETWEEN = " / "  # words of several group columns
MONTHS_OF: Mapping[Span, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass
class SheetReading:
    """One file of a sheet. places: where the columns stand in its lines. place: of the file among the sheet's."""

    contract: SheetContract
    table: Table
    places: Mapping[str, int]
    known: KnownDays
    place: int = 0
    _filled: Counter[str] = field(default_factory=Counter)
    _wrong: Counter[str] = field(default_factory=Counter)
    _keys: set[str] = field(default_factory=set)

    def outcomes(self) -> Iterator[tuple[int, Row | Reject]]:
        """Rows and refusals of every line; at the end FeedFault where a column holds nothing of its type."""
        for line in self.table.lines:
            if line.broken:
                yield 0, line.broken
                continue
            try:
                yield from ((0, one) for one in self._line(line))
            except Unreadable as why:
                yield 0, _refusal(line, why)
        self._check_types(self.known.file)

    def _line(self, line: Line) -> Iterator[Row | Reject]:
        values = [column for column in self.contract.of("value") if column.header in self.places]
        starts, ends = self._period(line)
        whole = {
            "line": line.number,
            "place": self.place,
            "row": self._row(line, starts, ends),
            "starts_on": starts,
            "ends_on": ends,
            "span": _span(starts, ends),
            "wiki": self._words(line, *self.contract.of("wiki")),
            "group_name": self._words(line, *self.contract.of("group")),
        }
        measure = self._words(line, *self.contract.of("measure"))
        for column in values:
            try:
                value = self._number(line, column)
            except Unreadable as why:
                yield _refusal(line, why)
                continue
            if value is not None and starts > self.known.received_on:
                told = f"{shown(column.header)}: year {starts.year}"
                yield Reject(line.number, "nothing is counted after the receipt of its file", told)
                continue
            if value is not None:
                self.known.see(starts, ends)
            named = measure or column.name
            yield {**whole, "measure": named, "unit": column.unit, "over_time": column.over_time, "value": value}

    def _period(self, line: Line) -> tuple[date, date]:
        (first,) = self.contract.of("period", "starts_on")
        starts = self._day(line, first)
        if first.role == "period":
            return spanned(starts, first.span)
        (last,) = self.contract.of("ends_on")
        ends = self._day(line, last)
        if ends < starts:
            raise Unreadable("a period does not end before it starts", f"{(starts - ends).days} days")
        return starts, ends

    def _row(self, line: Line, starts: date, ends: date) -> str:
        """What a newer file's row replaces: the row with the same key; without a key all rows of the same period."""
        if not self.contract.key:
            return f"{starts}/{ends}"
        key = json.dumps([self._part_of_key(line, column) for column in self.contract.key], ensure_ascii=False)
        if key in self._keys:
            names = " and ".join(column.header for column in self.contract.key)
            raise Unreadable(f"{names} tell the rows apart", "the same as of a row above")
        self._keys.add(key)
        return key

    def _part_of_key(self, line: Line, column: SheetColumn) -> str:
        if column.sort == "day":
            return self._day(line, column).isoformat()
        found = self._words(line, column)
        if found is None:
            raise Unreadable(f"{column.header} is present", f"{column.header}: empty")
        return found

    def _day(self, line: Line, column: SheetColumn) -> date:
        cell = self._cell(line, column)
        if cell.is_empty:
            raise Unreadable(f"{column.header} is present", f"{column.header}: empty")
        self._filled[column.header] += 1
        try:
            return cell.day()
        except WrongType:
            self._wrong[column.header] += 1
            raise

    def _number(self, line: Line, column: SheetColumn) -> float | None:
        cell = self._cell(line, column)
        if cell.is_empty and column.required:
            raise Unreadable(f"{column.header} is present", f"{column.header}: empty")
        if cell.is_empty:
            return None
        self._filled[column.header] += 1
        try:
            return cell.number()
        except WrongType:
            self._wrong[column.header] += 1
            raise

    def _words(self, line: Line, *columns: SheetColumn) -> str | None:
        """What stands in the columns, one behind the other; None where nothing does."""
        found = []
        for column in columns:
            cell = self._cell(line, column)
            if cell.is_empty and column.required:
                raise Unreadable(f"{column.header} is present", f"{column.header}: empty")
            if not cell.is_empty:
                found.append(cell.word())
        return BETWEEN.join(found) or None

    def _cell(self, line: Line, column: SheetColumn) -> Cell:
        place = self.places.get(column.header)
        value = None if place is None else line.cells[place]
        return Cell(self.contract, column, value, self.table.counts_from_1904)

    def _check_types(self, file: LandedFile) -> None:
        faults = [
            FeedFault(
                self.contract.where(column),
                f'in {file.name} not one of the {count} cells of the column "{shown(column.header)}" is of its type',
                LOGICAL[column.sort] + (f" as {column.pattern}" if column.sort == "day" else ""),
                "Correct logicalType or format here, or decimal and thousands of the contract, or the sheet.",
            )
            for column in self.contract.read
            if (count := self._filled[column.header]) >= RETYPED_FROM and self._wrong[column.header] == count
        ]
        if faults:
            raise faults[0] if len(faults) == 1 else Faults(faults)


def _refusal(line: Line, why: Unreadable) -> Reject:
    return Reject(line.number, shown(why.rule, LONGEST_RULE), shown(why.excerpt))


def spanned(day: date, span: Span) -> tuple[date, date]:
    """First and last day of the period that a day stands for; a week begins on the day that is written."""
    if span in ("day", "week"):
        return day, day + timedelta(days=0 if span == "day" else 6)
    months = MONTHS_OF[span]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    last = first.month + months - 1
    return first, date(first.year, last, monthrange(first.year, last)[1])


def _span(starts: date, ends: date) -> str:
    """How long a period is, by its days."""
    spans: tuple[Span, ...] = ("day", "week", "month", "quarter", "year")
    return next((span for span in spans if spanned(starts, span) == (starts, ends)), "other")
