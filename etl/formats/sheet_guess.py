"""Guesses what the columns of a sheet are, for the person who then checks it: periods, numbers, groups, and notes.

In doubt a column is a note, and never read. It looks at a table and opens nothing.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from etl.formats.cells import Unreadable
from etl.formats.sheet_cells import LONGEST, Cell
from etl.formats.sheet_contract import DAYS, MONTHS, OverTime, Role, SheetColumn, SheetContract, Sort, Span, Unit
from etl.formats.sheet_table import Table, Value, is_empty, written
from etl.formats.sheet_words import ENDS, IDS, LEVELS, NOTHING, SPANS, STARTS, TEXT, UNITS, WHAT, WHEN, WHO, WIKIS

MOST_WORDS, LONGEST_WORD = 12, 30  # of a group: more different words, or longer ones, are text
MOST = 0.8  # of the cells must be what a column is; the others are told, and refused when it is read
PATTERNS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", *MONTHS)
SIGNS = ((".", ""), (".", ","), (",", ""), (",", "."), (".", " "), (",", " "), (".", "'"))  # decimal, thousands
NAMES = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w.'’-]*)+")


@dataclass(frozen=True)
class Guessed:
    """A column and why it is taken for that. doubts: what the person should look at."""

    column: SheetColumn
    why: str
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guess:
    """What a sheet may be. columns: in its order. doubts: of the whole sheet."""

    columns: tuple[Guessed, ...]
    decimal: str
    thousands: str
    missing: tuple[str, ...]
    doubts: tuple[str, ...]

    def contract(self, path: str) -> SheetContract:
        return SheetContract(
            path, tuple(one.column for one in self.columns), self.decimal, self.thousands, self.missing
        )


@dataclass(frozen=True)
class _Column:
    """A column before anybody knows what it is. cells: those that are not empty."""

    place: int
    header: str
    name: str
    cells: tuple[Value, ...]
    blanks: int

    @property
    def tokens(self) -> frozenset[str]:
        return frozenset(re.findall(r"[^\W_]+|[%€$#]", self.header.casefold().replace("'s", "")))

    @property
    def words(self) -> Counter[str]:
        return Counter(" ".join(written(cell).split()) for cell in self.cells)


@dataclass(frozen=True)
class _Guessing:
    """The signs by which the cells of one table are read."""

    table: Table
    decimal: str
    thousands: str

    def share(self, column: _Column, sort: Sort, pattern: str = "%Y-%m-%d") -> float:
        """How much of the column is of a type."""
        kept = [cell for cell in column.cells if written(cell).strip().casefold() not in NOTHING]
        return sum(one is not None for one in self.read(column, sort, pattern)) / len(kept) if kept else 0.0

    def read(self, column: _Column, sort: Sort, pattern: str = "%Y-%m-%d") -> list[float | date | None]:
        tried = SheetColumn("", "", "period" if sort == "day" else "value", sort, 1, pattern=pattern)
        contract = SheetContract("", (tried,), self.decimal, self.thousands)
        cells = [Cell(contract, tried, cell, self.table.counts_from_1904) for cell in column.cells]
        return [_tried(one.day if sort == "day" else one.number) for one in cells]

    def pattern(self, column: _Column) -> str | None:
        """The first format of which most cells are days; numbers alone are days only where a workbook shows them so."""
        if all(isinstance(cell, int | float) for cell in column.cells) and "year" not in column.tokens:
            return None
        fitting = [pattern for pattern in PATTERNS if self.share(column, "day", pattern) >= MOST]
        return fitting[0] if fitting else None


def guess(table: Table) -> Guess:
    """What the sheet may be; it is for a person to say whether it is."""
    columns = _columns(table)
    decimal, thousands, doubts = _signs(table, columns)
    guessing = _Guessing(table, decimal, thousands)
    found = [_guessed(guessing, one) for one in columns]
    found = _fewer(_periods(guessing, columns, found))
    found, more = _keyed(table, columns, found, guessing)
    read = [one for one, other in zip(columns, found, strict=True) if other.column.role != "note"]
    missing = sorted({word for one in read for word in one.words if word.casefold() in NOTHING})
    return Guess(tuple(found), decimal, thousands, tuple(missing), (*doubts, *more, *_lacking(table, found)))


def _columns(table: Table) -> list[_Column]:
    found: list[_Column] = []
    for place, header in enumerate(table.header):
        if not header or header in [one.header for one in found]:
            continue
        every = [line.cells[place] for line in table.lines if not line.broken]
        cells = tuple(cell for cell in every if not is_empty(cell))
        found.append(_Column(place, header, _name(header, place, found), cells, len(every) - len(cells)))
    return found


def _name(header: str, place: int, others: Sequence[_Column]) -> str:
    """The header as a word that can stand in a question."""
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower().replace("'s", "")
    word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]
    word = word if word and not word[0].isdigit() else f"column_{place + 1}"
    return word if word not in [one.name for one in others] else f"{word}_{place + 1}"


def _signs(table: Table, columns: Sequence[_Column]) -> tuple[str, str, tuple[str, ...]]:
    """The signs with which most columns are numbers; the plainest of several."""
    scores = {}
    for signs in SIGNS:
        guessing = _Guessing(table, *signs)
        scores[signs] = sum(guessing.share(one, "number") for one in columns)
    best = max(SIGNS, key=lambda signs: scores[signs])
    doubts: tuple[str, ...] = ()
    if best != SIGNS[0] and scores[best] == scores[(",", "")] and best == (".", ","):
        doubts = ('numbers such as 1,234 are taken for one thousand and more; if they are not, write decimal: ","',)
    return *best, doubts


def _guessed(guessing: _Guessing, one: _Column) -> Guessed:
    """What a column is by itself; which of several is the period is said later."""
    if not one.cells:
        return _note(one, "empty")
    for words, why in ((WHO, "may name people"), (TEXT, "free text")):
        if one.tokens & words and not one.tokens & UNITS["people"]:
            return _note(one, f"{why}, by its header")
    if one.header.casefold() in IDS or one.header.casefold().endswith((" id", "_id")):
        return Guessed(_made(one, "key", "text"), "tells rows apart, by its header")
    pattern = guessing.pattern(one)
    if pattern:
        return _day(guessing, one, pattern)
    if guessing.share(one, "number") >= MOST:
        return _value(guessing, one)
    return _words(one)


def _day(guessing: _Guessing, one: _Column, pattern: str) -> Guessed:
    days = [day for day in guessing.read(one, "day", pattern) if isinstance(day, date)]
    named = [SPANS[word] for word in sorted(one.tokens & SPANS.keys())]
    span: Span = MONTHS[pattern] if pattern in MONTHS else named[0] if named else _rhythm(days)
    doubts = (
        [f"{len(one.cells) - len(days)} of {len(one.cells)} cells are no day"] if len(days) < len(one.cells) else []
    )
    if pattern == "%d/%m/%Y" and guessing.share(one, "day", "%m/%d/%Y") >= MOST:
        doubts.append("whether the day or the month comes first cannot be told: format is %d/%m/%Y")
    column = replace(_made(one, "period", "day"), pattern=pattern, span=span, required=True)
    return Guessed(column, f"days from {min(days)} to {max(days)}, each a {span}", tuple(doubts))


def _rhythm(days: Sequence[date]) -> Span:
    """A month where every day is the first of another one, a week where all are Mondays of different ones."""
    different = sorted(set(days))
    if len(different) < 3:
        return "day"
    are_ends = all(day.day == 1 for day in days) or all((day + timedelta(days=1)).day == 1 for day in days)
    if are_ends and len(different) == len({(day.year, day.month) for day in days}):
        return "month"
    return "week" if all(day.weekday() == 0 for day in days) else "day"


def _value(guessing: _Guessing, one: _Column) -> Guessed:
    read = guessing.read(one, "number")
    numbers = [number for number in read if isinstance(number, float)]
    is_whole = all(number.is_integer() for number in numbers)
    unit: Unit = next((unit for unit, words in UNITS.items() if one.tokens & words), "count")
    unit = "share" if not is_whole and unit == "count" and all(0 <= number <= 1 for number in numbers) else unit
    over_time: OverTime = "mean" if unit == "share" or one.tokens & LEVELS else "add"
    doubts = []
    if unit == "people" and (over_time == "mean" or not is_whole):
        unit = "count"
        doubts.append(
            "people as a level: small numbers are shown to everybody; leave it out where somebody can be known"
        )
    words = [written(cell) for cell, number in zip(one.cells, read, strict=True) if number is None]
    wrong = sum(word.strip().casefold() not in NOTHING for word in words)
    if wrong:
        doubts.append(f"{wrong} of {len(one.cells)} cells are no number")
    column = replace(
        _made(one, "value", "integer" if is_whole else "number"),
        unit=unit,
        over_time=over_time,
        minimum=0.0 if all(number >= 0 for number in numbers) else None,
    )
    how = "adds up over time" if over_time == "add" else "a level: its mean counts"
    return Guessed(column, f"{unit}, {how}", tuple(doubts))


def _words(one: _Column) -> Guessed:
    words = one.words
    looks = sum(count for word, count in words.items() if NAMES.fullmatch(word))
    if any("@" in word or len(word) > LONGEST for word in words):
        return _note(one, "free text or addresses")
    if one.tokens & WIKIS:
        return Guessed(replace(_made(one, "wiki", "text"), required=not one.blanks), "the wiki, by its header")
    if looks > len(one.cells) / 2:
        return _note(one, "looks like names")
    few = len(words) <= MOST_WORDS and len(words) <= max(2, len(one.cells) // 2)
    if not few or any(len(word) > LONGEST_WORD for word in words):
        return _note(one, "many different words")
    role: Role = "measure" if one.tokens & WHAT else "group"
    kept = tuple(sorted(word for word in words if word.casefold() not in NOTHING))
    column = replace(_made(one, role, "text"), required=not one.blanks and len(kept) == len(words), values=kept)
    return Guessed(column, f"one of {len(kept)} words")


def _periods(guessing: _Guessing, columns: Sequence[_Column], found: Sequence[Guessed]) -> list[Guessed]:
    """One column tells when, or two; other days are notes."""
    days = [index for index, one in enumerate(found) if one.column.role == "period"]
    starts = [index for index in days if columns[index].tokens & STARTS]
    ends = [index for index in days if columns[index].tokens & ENDS and index not in starts]
    roles: dict[int, Role] = dict.fromkeys(days, "note")
    if starts and ends:
        roles |= {starts[0]: "starts_on", ends[0]: "ends_on"}
    elif days:
        named = [index for index in days if columns[index].tokens & (WHEN | SPANS.keys())]
        roles[(named or days)[0]] = "period"
    kept = list(found)
    for index, role in roles.items():
        if role == "note":
            kept[index] = _note(columns[index], "another day than the one that counts")
        else:
            kept[index] = replace(found[index], column=replace(found[index].column, role=role))
    return kept


def _fewer(found: Sequence[Guessed]) -> list[Guessed]:
    """At most three groups and one of what there may be one of; a measure wants one number beside it."""
    values = sum(one.column.role == "value" for one in found)
    seen, kept = Counter[str](), []
    for one in found:
        role: Role = "group" if one.column.role == "measure" and (values != 1 or seen["measure"]) else one.column.role
        seen[role] += 1
        most = {"group": 3, "wiki": 1, "key": 1}.get(role, len(found))
        if seen[role] > most:
            kept.append(Guessed(_as_note(one.column), f"there are {most} of its kind before it"))
        else:
            kept.append(replace(one, column=replace(one.column, role=role)))
    return kept


def _keyed(
    table: Table, columns: Sequence[_Column], found: Sequence[Guessed], guessing: _Guessing
) -> tuple[list[Guessed], tuple[str, ...]]:
    """Which columns tell rows apart: a number of their own, else when, where and what; else none."""
    whole = {index for index, one in enumerate(columns) if not one.blanks}
    own = [index for index in whole if found[index].column.role == "key"]
    roles = (*DAYS, "wiki", "measure", "group")
    others = [index for index, one in enumerate(found) if index in whole and one.column.role in roles]
    chosen = next((one for one in (own, others) if one and _are_unique(table, columns, one)), [])
    kept = []
    for index, one in enumerate(found):
        if index in chosen:
            kept.append(replace(one, column=replace(one.column, is_key=True, required=True)))
        else:
            kept.append(_note(columns[index], "does not tell rows apart") if one.column.role == "key" else one)
    if chosen:
        return kept, ()
    doubt = "no columns tell all rows apart: rows of one period add up, and a newer file replaces whole periods"
    return kept, (doubt,)


def _are_unique(table: Table, columns: Sequence[_Column], chosen: Sequence[int]) -> bool:
    places = [columns[index].place for index in chosen]
    keys = [tuple(written(line.cells[place]) for place in places) for line in table.lines if not line.broken]
    return len(set(keys)) == len(keys)


def _lacking(table: Table, found: Sequence[Guessed]) -> list[str]:
    roles = Counter(one.column.role for one in found)
    doubts = []
    if not roles["period"] + roles["starts_on"]:
        doubts.append("no column tells when: give one the role period, or add one to the sheet")
    if not roles["value"]:
        doubts.append("no column is a number: give one the role value")
    unnamed = sum(not name for name in table.header)
    if unnamed:
        doubts.append(f"{unnamed} columns have no header, and are not read")
    if len(set(table.header)) < len(table.header):
        doubts.append("headers stand there twice: give each column its own")
    return doubts


def _made(one: _Column, role: Role, sort: Sort) -> SheetColumn:
    return SheetColumn(one.name, one.header, role, sort, 1)


def _note(one: _Column, why: str) -> Guessed:
    return Guessed(_made(one, "note", "text"), f"{why}: never read")


def _as_note(column: SheetColumn) -> SheetColumn:
    return SheetColumn(column.name, column.header, "note", "text", 1)


def _tried(read: Callable[[], float | date]) -> float | date | None:
    try:
        return read()
    except Unreadable:
        return None
