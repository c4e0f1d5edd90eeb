"""Reads the records of a delimited text file (CSV), each with the line on which it begins, and says what is wrong.

It knows no feed: what the columns mean is told by others. It opens the file it is given and holds one record at a time.
"""

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol, cast

from data_contracts.faults import Faults, FeedFault
from etl.feed import LandedFile
from etl.formats import drift, opening
from etl.formats.drift import Promise, Wanted

GZIP = b"\x1f\x8b"
NOT_TEXT = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x28\xb5\x2f\xfd": "a file compressed with zstd",
    b"BZh": "a file compressed with bzip2",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file",
}
SURROGATES = ("\udc80", "\udcff")  # what bytes become that the encoding does not have (PEP 383)


@dataclass(frozen=True, slots=True)
class Record:
    """One record. line: where it begins, from 1. done: bytes of the file read so far. broken: rule it breaks."""

    line: int
    fields: list[str]
    done: int = 0
    broken: str = ""


@dataclass(frozen=True)
class Layout:
    """How the text is laid out. encoding: as Python names it; a byte order mark is accepted."""

    delimiter: str = ","
    encoding: str = "utf-8"


def records(file: LandedFile, layout: Layout) -> Iterator[Record]:
    """Every record, the header first; blank lines are passed over. A gzip file is read through.

    A record with another number of fields than the header, or with a quote out of place, is handed over as broken.
    Raises FeedFault where the file is empty, is no such text, or is cut short, after what could be read; also where it
    has a header and nothing else.
    """
    with (
        content(file, layout) as (plain, done),
        io.TextIOWrapper(plain, codec(layout.encoding), errors="surrogateescape", newline="") as text,
    ):
        lines = _Lines(text)
        try:
            for record in records_of(file, layout, lines):
                yield replace(record, done=done())
        except UnicodeError as error:
            raise _wrong_encoding(file, lines.count, layout) from error


@contextmanager
def content(file: LandedFile, layout: Layout) -> Iterator[tuple[io.BufferedReader, Callable[[], int]]]:
    """The file's content, unpacked if it is a gzip file, and how many bytes of the file have been read so far.

    Raises FeedFault where it begins like something else than such text.
    """
    with file.path.open("rb") as stored:
        first = stored.peek(32)[:32]
        _check_beginning(file, layout, first)
        plain, done = opening.opened(file) if first.startswith(GZIP) else (stored, stored.tell)
        yield cast(io.BufferedReader, plain), done


def ragged(width: int) -> str:
    """The rule that a row with another number of fields than the header breaks."""
    return f"the row has {width} fields, as the header has"


def check_columns(
    file: LandedFile,
    layout: Layout,
    header: Sequence[str],
    wanted: Iterable[Wanted],
    promise: Promise | None = None,
) -> Mapping[str, int]:
    """Where each wanted column stands in the header. All that are missing, renamed or there twice as faults at once.

    Other columns may stand there twice (Znuny writes "SolutionTimeWorkingTime" twice); a wanted one may not.
    """
    pairs = list(wanted)
    places = {column: header.index(column) for _, column in pairs if column in header}
    faults = [_twice(file, *one) for one in pairs if header.count(one[1]) > 1]
    missing = [one for one in pairs if one[1] not in header]
    other = next((sign for sign in (";", ",", "\t", "|") if len(header) == 1 and sign in header[0]), layout.delimiter)
    if missing and other != layout.delimiter:
        raise _other_delimiter(file, missing[0], other)
    faults += drift.gone(file, header, missing, places, promise)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)
    return places


def check_delimiter(sign: str) -> str:
    """The sign itself; ValueError where it cannot stand between fields."""
    if len(sign) != 1 or sign in '\r\n"\0':
        raise ValueError("one sign that separates fields; no quote, no end of a line")
    return sign


def check_encoding(name: str) -> str:
    """The name itself; ValueError where Python knows no such encoding of text."""
    try:
        "".encode(name)
    except LookupError as error:
        raise ValueError(f'no encoding is called "{name}"; a name such as utf-8, utf-16 or cp1252 is wanted') from error
    return name


def is_undecoded(text: str) -> bool:
    """Whether the text holds a byte that the file's encoding does not have, or a NUL."""
    return any(SURROGATES[0] <= sign <= SURROGATES[1] or sign == "\0" for sign in text)


class Lines(Protocol):
    """The lines of a text as they come, with how many there were, whether the last one ended, and records in them."""

    count: int
    records: int
    is_ended: bool

    def __iter__(self) -> Iterator[str]: ...
    def __next__(self) -> str: ...


class _Lines:
    """The lines of a text."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self.count = self.records = 0
        self.is_ended = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self.count += 1
        self.is_ended = line.endswith(("\n", "\r"))
        return line


def records_of(file: LandedFile, layout: Layout, lines: Lines) -> Iterator[Record]:
    """The records in the lines, the header first, as `records` has them. It takes no line in advance."""
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    width = 0
    while True:
        begins = lines.count + 1
        try:
            fields = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise _cut(file, begins, "the file ends inside quotes that begin here") from error
            if not width:
                raise _cut(file, begins, "quotes in the header are not closed, or not doubled inside") from error
            yield Record(begins, [], broken="the quotes of the row are closed, and doubled inside")
            continue
        if not fields:
            continue
        width = width or len(fields)
        if len(fields) < width and not lines.is_ended:
            raise _cut(file, begins, f"the last row ends after {len(fields)} of {width} fields")
        broken = "" if len(fields) == width else ragged(width)
        yield Record(begins, fields, broken=broken)
        lines.records += 1
    if lines.records < 2:
        found = "a header and no rows" if lines.records else "no header and no rows"
        raise FeedFault(file.name, found, "a header and rows", "Export it again, or take it out of upstander.yml.")


def codec(encoding: str) -> str:
    """The name of the codec that reads it; of UTF-8 the one that passes over a byte order mark."""
    name = codecs.lookup(encoding).name
    return "utf-8-sig" if name == "utf-8" else name


def _check_beginning(file: LandedFile, layout: Layout, first: bytes) -> None:
    wanted = f"text in {layout.encoding}, its fields separated by {layout.delimiter!r}"
    if not first:
        raise FeedFault(file.name, "the file is empty", wanted, "Export it again.")
    if first.startswith(GZIP):
        return
    for magic, kind in NOT_TEXT.items():
        if first.startswith(magic):
            raise FeedFault(file.name, f"it is {kind}", wanted, "Export or save it as CSV.")
    if first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise FeedFault(file.name, "it begins like a web page or XML", wanted, "Fetch it again, signed in, as CSV.")
    is_wide = codecs.lookup(layout.encoding).name.startswith(("utf-16", "utf-32"))
    if not is_wide and (first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in first[:4]):
        raise FeedFault(file.name, "it looks like UTF-16", wanted, "Set `encoding: utf-16`, or save it as UTF-8.")


def _cut(file: LandedFile, line: int, found: str) -> FeedFault:
    return FeedFault(
        f"{file.name}:{max(line, 1)}", found, "a whole file", "It was cut short: export or fetch it again."
    )


def _wrong_encoding(file: LandedFile, line: int, layout: Layout) -> FeedFault:
    return FeedFault(
        f"{file.name}:{max(line, 1)}", f"text that is not {layout.encoding}", f"text in {layout.encoding}",
        "Set `encoding` to the file's own, or save it as UTF-8.",
    )  # fmt: skip


def _twice(file: LandedFile, setting: str, column: str) -> FeedFault:
    return FeedFault(
        f"{file.name}:1", f'the column "{column}" ({setting}) stands there twice', "one column of that name",
        "Rename one of them, or map another column.",
    )  # fmt: skip


def _other_delimiter(file: LandedFile, missing: Wanted, delimiter: str) -> FeedFault:
    setting, column = missing
    return FeedFault(
        f"{file.name}:1", f'there is no column "{column}" ({setting})', "a header whose fields are separated as said",
        f"Set `delimiter: {json.dumps(delimiter)}`.",
    )  # fmt: skip
