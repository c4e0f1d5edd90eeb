"""Spreadsheets: any number that somebody counts by hand, as CSV or XLSX, each sheet by a contract of its own.

The contracts stand in the instance, so that nobody needs to change the project to add a number. Notes are not loaded.
"""

from collections.abc import Iterator

from pydantic import Field, field_validator

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.formats import sheet_drift
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout
from etl.formats.known_days import KnownDays
from etl.formats.sheet_contract import SheetContract, read_contract
from etl.formats.sheet_files import Keeping, read_table
from etl.formats.sheet_rows import COLUMNS, SheetReading
from etl.formats.wording import Delimiter, Encoding, Named, Part, Text, Until

TABLE, DAYS = "raw_spreadsheet", "raw_spreadsheet_day"
NAME = r"^[a-z][a-z0-9_]*$"


class Sheet(Part):
    """One sheet that people keep. contract: its data contract, a path from the instance's folder; `upstander feed new`
    writes one. files: of two files that tell of one row the later counts, in the order of this list and by name.
    tab, header_row: of a workbook. delimiter, encoding: of CSV.
    """

    sheet: str = Field(pattern=NAME)
    files: Named
    contract: Text
    tab: Text | None = None
    header_row: int = Field(default=1, ge=1, le=1000)
    delimiter: Delimiter = ","
    encoding: Encoding = "utf-8"
    until: Until = None

    @property
    def keeping(self) -> Keeping:
        return Keeping(Layout(self.delimiter, self.encoding), self.tab, self.header_row)


class Settings(Part):
    """The sheets of an instance."""

    sheets: tuple[Sheet, ...]

    @field_validator("sheets")
    @classmethod
    def _each_once(cls, sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
        names = [one.sheet for one in sheets]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands more than once")
        return sheets


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per sheet: its contract and its files, read together."""
    return [
        Delivery("spreadsheet", (sheet.contract, *sheet.files), sheet.model_dump(mode="json"), together=True)
        for sheet in settings.sheets
    ]


def read(landed: Landed) -> Iterator[Batch]:
    """The numbers of a sheet's files, each held against the contract, and the days of which they tell."""
    sheet = Sheet.model_validate(landed.delivery.told)
    contract = read_contract(landed.files[0])
    newest = {file.sha256: place for place, file in enumerate(landed.files) if place}  # one file under two names: once
    for place in newest.values():
        known = KnownDays(landed.files[place], sheet.until)
        yield from batches(TABLE, ("sheet", *COLUMNS), _outcomes(sheet, contract, known, place), file=place)
        yield known.batch(DAYS, place)


def _outcomes(
    sheet: Sheet, contract: SheetContract, known: KnownDays, place: int
) -> Iterator[tuple[int, Row | Reject]]:
    file: LandedFile = known.file
    table = read_table(file, sheet.keeping)
    places = sheet_drift.places(contract, file, table)
    yield from ((0, one) for one in (*table.told, *sheet_drift.told(contract, table)))
    for _, outcome in SheetReading(contract, table, places, known, place).outcomes():
        yield file.bytes, outcome if isinstance(outcome, Reject) else {**outcome, "sheet": sheet.sheet}
