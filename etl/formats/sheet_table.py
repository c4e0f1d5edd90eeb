"""A sheet as a table: its header and its lines, whatever file it came in; cells that cannot be taken say why.

It opens nothing and knows no contract.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from etl.feed import Reject

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 2_000_000
LONGEST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Refused:
    """In place of a cell's value: the rule that it breaks, and what may be told of it."""

    rule: str
    excerpt: str


Plain = str | int | float | bool | date | datetime | time | timedelta | None
Value = Plain | Refused


@dataclass(frozen=True, slots=True)
class Line:
    """One row. number: of the sheet, from 1. cells: one for each of the header's; none where the row is broken."""

    number: int
    cells: tuple[Value, ...]
    broken: Reject | None = None


@dataclass(frozen=True)
class Table:
    """header: names as they are written, blanks made one. told: what else is to be said of the file.

    counts_from_1904: how a workbook counts days. is_text: every cell is text, as in CSV.
    """

    header: tuple[str, ...]
    header_row: int
    lines: tuple[Line, ...]
    told: tuple[Reject, ...] = ()
    counts_from_1904: bool = False
    is_text: bool = False


def named(cells: tuple[Value, ...]) -> tuple[str, ...]:
    """The names of a header up to the last one that is there."""
    names = [" ".join(written(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def shown(text: object, longest: int = LONGEST_SHOWN) -> str:
    """A text as far as people can read it: no header, word or bound decides how long a refusal or a fault is."""
    cut = str(text)[: longest + 1]
    kept = "".join(sign if sign.isprintable() else "?" for sign in cut[:longest])
    return f"{kept}..." if len(cut) > longest else kept


def is_empty(cell: Value) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def written(cell: Value) -> str:
    """A cell as text: days as 2026-11-21, whole numbers without a point, what is empty or refused as nothing."""
    match cell:
        case None | Refused():
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case _:
            return str(cell)
