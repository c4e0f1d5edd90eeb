"""Reads rows of named cells as typed values; a cell that is not what it should be refuses its row, with its shape only.

It knows no feed: which columns there are, and what they mean, is told by others.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats import delimited, drift
from etl.formats.batches import Row
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise

YES, NO = ("1", "true", "yes", "t", "y"), ("0", "false", "no", "f", "n")
WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0+)?")
NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,17})?|\.\d{1,17})(?:[eE][+-]?\d{1,2})?")
WIKI_STAMP = re.compile(r"\d{14}")
LONGEST = 500  # signs of a word that tells rows apart; what is longer is text, and text is not loaded
MOST_JSON = 100_000_000


class Unreadable(Exception):
    """What makes a row unusable: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


@dataclass(frozen=True)
class Cells:
    """One row. values: by column. Every reader gives None for an empty cell and for a column that the file lacks."""

    line: int
    values: Mapping[str, str]
    missing: tuple[str, ...] = ("",)

    def text(self, column: str, longest: int = LONGEST) -> str | None:
        found = self.values.get(column, "").strip()
        if delimited.is_undecoded(found):
            raise Unreadable("text in the file's encoding, without NUL", f"{column}: {shape(found)}")
        if found.casefold() in self.missing or not found:
            return None
        if len(found) > longest:
            raise Unreadable(f"{column} has at most {longest} signs", f"{column}: {len(found)} signs")
        return found

    def wanted(self, column: str) -> str:
        found = self.text(column)
        if found is None:
            raise Unreadable(f"{column} is present", f"{column}: empty")
        return found

    def whole(self, column: str) -> int | None:
        found = self.text(column)
        if found is None:
            return None
        if not (found.isascii() and WHOLE.fullmatch(found)):
            raise Unreadable(f"{column} is a whole number", f"{column}: {shape(found)}")
        return int(found.partition(".")[0])

    def number(self, column: str) -> float | None:
        found = self.text(column)
        if found is None:
            return None
        if not (found.isascii() and NUMBER.fullmatch(found)) or not math.isfinite(float(found)):
            raise Unreadable(f"{column} is a number", f"{column}: {shape(found)}")
        return float(found)

    def truth(self, column: str) -> bool | None:
        found = self.text(column)
        if found is None:
            return None
        if found.casefold() not in (*YES, *NO):
            raise Unreadable(f"{column} is true or false", f"{column}: {shape(found)}")
        return found.casefold() in YES

    def day(self, column: str, pattern: str = "%Y-%m-%d") -> date | None:
        found = self.text(column)
        try:
            return None if found is None else datetime.strptime(found, pattern).date()
        except ValueError as error:
            raise Unreadable(f"{column} is a day as {pattern}", f"{column}: {shape(found)}") from error

    def moment(self, column: str) -> datetime | None:
        """A time in UTC, as MediaWiki (20261121093000), ISO 8601 or Rails (2026-11-21 09:30:00 UTC) write it."""
        found = self.text(column)
        try:
            return None if found is None else moment(found)
        except (ValueError, OverflowError) as error:
            raise Unreadable(f"{column} is a time", f"{column}: {shape(found)}") from error


def moment(text: str) -> datetime:
    """A time in UTC without zone; ValueError where it is none. A time that says no zone is UTC."""
    if text.isascii() and WIKI_STAMP.fullmatch(text):
        return datetime.strptime(text, "%Y%m%d%H%M%S")
    found = datetime.fromisoformat(text.removesuffix(" UTC"))
    offset = found.utcoffset()
    return found if offset is None else found.replace(tzinfo=None) - offset


def csv_cells(
    file: LandedFile,
    layout: Layout,
    wanted: Sequence[tuple[str, str]],
    optional: Iterable[str] = (),
    missing: tuple[str, ...] = ("",),
    promise: Promise | None = None,
    unread: Iterable[str] | None = None,
) -> Iterator[tuple[int, Cells | Reject]]:
    """The rows of a delimited file, with the bytes read so far.

    wanted: setting, column; FeedFault where one is not there. optional: columns that are read where the file has them.
    unread: columns that the file may have besides; where they are named, others are told of as new.
    """
    records = delimited.records(file, layout)
    header = [name.strip() for name in next(records).fields]
    optional = tuple(optional)
    places = dict(delimited.check_columns(file, layout, header, wanted, promise))
    places |= {name: header.index(name) for name in optional if header.count(name) == 1}
    yield from ((0, one) for one in drift.new(header, [*places, *optional], unread, promise))
    for record in records:
        yield record.done, _cells(record, places, missing)


def json_cells(file: LandedFile, columns: Iterable[str]) -> Iterator[tuple[int, Cells | Reject]]:
    """The rows of a JSON file: a list of objects, {"rows": [...]}, or an object a line. line: which object, from 1."""
    kept = tuple(columns)
    for line, one in enumerate(_objects(file), start=1):
        yield file.bytes, _object_cells(line, one, kept)


def is_json(file: LandedFile) -> bool:
    with file.path.open("rb") as stored:
        return stored.read(64).lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"[", b"{"))


def outcomes(
    cells: Iterable[tuple[int, Cells | Reject]], rows: Callable[[Cells], Iterable[Row]]
) -> Iterator[tuple[int, Row | Reject]]:
    """What `rows` makes of each row of cells, or why it is refused."""
    for done, one in cells:
        if isinstance(one, Reject):
            yield done, one
            continue
        try:
            made = list(rows(one))
        except Unreadable as why:
            yield done, Reject(one.line, why.rule, why.excerpt)
            continue
        for row in made:
            yield done, row


def _cells(record: Record, places: Mapping[str, int], missing: tuple[str, ...]) -> Cells | Reject:
    if record.broken:
        return Reject(record.line, record.broken, f"{len(record.fields)} fields")
    return Cells(record.line, {name: record.fields[place] for name, place in places.items()}, missing)


def _object_cells(line: int, found: object, columns: tuple[str, ...]) -> Cells | Reject:
    if not isinstance(found, dict):
        return Reject(line, "each row is an object", type(found).__name__)
    inner = [name for name in columns if isinstance(found.get(name), dict | list)]
    if inner:
        return Reject(line, "a cell holds one value", f"{inner[0]}: {type(found[inner[0]]).__name__}")
    return Cells(line, {name: _written(found[name]) for name in columns if found.get(name) is not None})


def _written(value: object) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def _objects(file: LandedFile) -> Iterator[object]:
    """All objects at once: such files are the tables of one program's events, not of a wiki's edits."""
    if file.bytes > MOST_JSON:
        found = f"{file.bytes} bytes of JSON"
        raise FeedFault(file.name, found, f"at most {MOST_JSON}", "Export it as CSV, or in parts.")
    try:
        text = file.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedFault(file.name, f"byte {error.start} is not UTF-8", "JSON in UTF-8", "Export it again.") from error
    lines = [line for line in text.split("\n") if line.strip()]
    is_lines = len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines)
    try:
        read: object = [_parsed(line) for line in lines] if is_lines else _parsed(text)
    except (ValueError, RecursionError) as error:
        raise FeedFault(file.name, "it is no JSON, or cut short", "a list of objects", "Export it again.") from error
    if isinstance(read, dict):
        read = read["rows"] if isinstance(read.get("rows"), list) else [read]
    if not isinstance(read, list) or not read:
        raise FeedFault(file.name, "there is no list of rows in it", "a list of objects", "Export it again.")
    yield from read


def _parsed(text: str) -> object:
    return json.loads(text, parse_constant=_no_constant)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
