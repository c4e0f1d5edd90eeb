"""Reads cells of a sheet as days, numbers and words, by the sheet's contract; never a guess, and never a 0 for nothing.

A cell that is not what the contract says raises `Unreadable` with the rule and the cell's shape.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from etl.feed import shape
from etl.formats import delimited
from etl.formats.cells import Unreadable
from etl.formats.known_days import EARLIEST
from etl.formats.sheet_contract import MOST_PEOPLE, SERIALS, SheetColumn, SheetContract
from etl.formats.sheet_table import Refused, Value, written

LONGEST = 100  # signs of a word; what is longer is text, and text is not loaded
ERRORS = frozenset(
    (
        "#n/a",
        "#ref!",
        "#value!",
        "#div/0!",
        "#name?",
        "#null!",
        "#num!",
        "#getting_data",
        "#spill!",
        "#calc!",
        "#error!",
    )
)
DIGITS = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{0,17})?")
SPACES = ("\u00a0", "\u202f")
FORMULA = ("=", "@", "\t", "\r")
FIRST_DAYS = {"serial": date(1899, 12, 30), "serial-1904": date(1904, 1, 1)}
LAST_SERIAL = 150_000  # the year 2310


class WrongType(Unreadable):
    """The cell is of another type than its column."""


@dataclass(frozen=True)
class Cell:
    """One cell of a column that the contract knows."""

    contract: SheetContract
    column: SheetColumn
    value: Value
    counts_from_1904: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing stands there, or a word that stands for nothing."""
        if isinstance(self.value, Refused):
            return False
        said = written(self.value).strip()
        return not said or said.casefold() in self.contract.missing

    def day(self) -> date:
        """The day, or the first day of the period that is written."""
        value = self._value()
        if isinstance(value, datetime):
            found = value.date()
        elif isinstance(value, date):
            found = value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = self._serial(value, "serial-1904" if self.counts_from_1904 else "serial")
        else:
            found = self._written_day(written(value).strip())
        self._check_bounds(found)
        if found < EARLIEST:
            raise self._unreadable(f"{self.column.header} is not before {EARLIEST.year}", f"year {found.year}")
        return found

    def number(self) -> float:
        value = self._value()
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise self._wrong_type(type(value).__name__)
        found = self._written_number(value) if isinstance(value, str) else float(value)
        if not math.isfinite(found):
            raise self._wrong_type("no finite number")
        if self.column.sort == "integer" and not found.is_integer():
            raise self._wrong_type(shape(written(value)))
        self._check_bounds(found)
        if self.column.unit == "people" and not 0 <= found <= MOST_PEOPLE:
            raise self._unreadable(f"{self.column.header} counts 0 to {MOST_PEOPLE} people", shape(written(value)))
        return found

    def word(self) -> str:
        """A short word; what would be a formula elsewhere is none."""
        found = " ".join(written(self._value()).split())
        if delimited.is_undecoded(found):
            raise self._unreadable("text in the file's encoding, without NUL", shape(found))
        if len(found) > LONGEST or "@" in found:
            rule = f"{self.column.header} is a short word and no address"
            raise self._unreadable(rule, f"{len(found)} signs")
        if found.startswith(FORMULA):
            raise self._unreadable(f"{self.column.header} is no formula", shape(found))
        if self.column.values and found not in self.column.values:
            raise self._unreadable(f"{self.column.header} is one of {', '.join(self.column.values)}", shape(found))
        return found

    def _value(self) -> Value:
        value = self.value
        if isinstance(value, Refused):
            raise Unreadable(value.rule, value.excerpt)
        if isinstance(value, str) and value.strip().casefold() in ERRORS:
            raise self._unreadable("a cell holds a value and no error of the spreadsheet", value.strip().upper())
        return value

    def _written_day(self, text: str) -> date:
        pattern = self.column.pattern
        try:
            if pattern in SERIALS:
                return self._serial(float(text), pattern)
            return datetime.strptime(text, pattern).date()
        except (ValueError, OverflowError) as error:
            raise self._wrong_type(shape(text)) from error

    def _serial(self, number: float, system: str) -> date:
        """Days since the spreadsheet's first one; of 60 and less programs differ by a day."""
        if not 61 <= number <= LAST_SERIAL:
            raise self._wrong_type(shape(written(number)))
        return FIRST_DAYS[system] + timedelta(days=int(number))

    def _written_number(self, text: str) -> float:
        decimal, thousands = self.contract.decimal, self.contract.thousands
        plain = text.strip()
        for one in SPACES:
            plain = plain.replace(one, " ")
        is_percent = self.column.unit == "share" and plain.endswith("%")
        plain = plain.removesuffix("%").strip() if is_percent else plain
        if thousands and thousands in plain:
            whole, _, rest = plain.partition(decimal)
            groups = whole.lstrip("+-").split(thousands)
            is_grouped = all(len(one) == 3 for one in groups[1:]) and 1 <= len(groups[0]) <= 3
            plain = whole.replace(thousands, "") + (decimal + rest if rest else "") if is_grouped else ""
        if decimal != ".":
            plain = "" if "." in plain else plain.replace(decimal, ".")
        if not DIGITS.fullmatch(plain):
            raise self._wrong_type(shape(text))
        return float(plain) / 100 if is_percent else float(plain)

    def _check_bounds(self, found: float | date) -> None:
        for bound, word in ((self.column.minimum, "least"), (self.column.maximum, "most")):
            if bound is not None and (found < bound if word == "least" else found > bound):  # type: ignore[operator]
                raise self._unreadable(f"{self.column.header} is at {word} {written(bound)}", shape(written(found)))

    def _wrong_type(self, told: str) -> "WrongType":
        kinds = {"number": "a number", "integer": "a whole number"}
        kind = kinds.get(self.column.sort, f"a day as {self.column.pattern}")
        return WrongType(f"{self.column.header} is {kind}", f"{self.column.header}: {told}")

    def _unreadable(self, rule: str, told: str) -> Unreadable:
        return Unreadable(rule, f"{self.column.header}: {told}")
