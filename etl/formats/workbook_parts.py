"""Looks into an XLSX file before anything is made of it: how large it would become, and what stands in its parts.

Nothing is unpacked to disk, and no name inside the archive is used as a path. External links are never followed.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final
from xml.parsers import expat

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.opening import MOST_RATIO  # of a part of a megabyte or more; one repeated word reaches about 100

MOST_PACKED: Final = 50_000_000  # bytes of the file
MOST_UNPACKED: Final = 200_000_000  # bytes of all parts together
MOST_PARTS: Final = 2_000
SMALL: Final = 1_000_000
PIECE: Final = 1 << 20
WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
ZIP: Final = b"PK\x03\x04"
COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office files, and new ones behind a password
LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
# XML as text and as the two UTF-16 encodings have it; no program writes a document type into a workbook.
DOCUMENT_TYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".svg", ".tiff")
DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError,
    OSError, ValueError, expat.ExpatError,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: what it is called, its part of the archive, and whether people see it."""

    name: str
    part: str
    is_hidden: bool


@dataclass
class Content:
    """What a sheet's part holds beside values. formulas: cells (row, column, from 1) with a formula and no value.

    merged: ranges such as A1:B2. last_row, last_column: the last ones that hold a value or a formula.
    """

    formulas: set[tuple[int, int]] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    is_ordered: bool = True


def is_workbook(file: LandedFile) -> bool:
    """Whether it is a zip archive, as .xlsx and .xlsm are; FeedFault for old workbooks and locked ones."""
    with file.path.open("rb") as stored:
        first = stored.read(8)
        if first != COMPOUND:
            return first.startswith(ZIP)
        behind = b""
        while piece := stored.read(PIECE):
            if LOCKED in behind + piece:
                found = "it is locked with a password"
                raise FeedFault(file.name, found, "a workbook that is not", "Save it without a password.")
            behind = piece[-len(LOCKED) :]
    found = "it is an old workbook (.xls) or another file of old Office programs"
    raise FeedFault(file.name, found, "a workbook as .xlsx, or CSV", "Open it and save it as .xlsx.")


def sheets(file: LandedFile) -> tuple[Sheet, ...]:
    """The worksheets in their order; FeedFault for what is no workbook, too large, or holds what no workbook should."""
    with _opened(file) as archive:
        _check_sizes(file, archive)
        _check_kind(file, archive)
        _check_texts(file, archive)
        targets = dict(_relations(archive))
        found = [Sheet(name, targets.get(key, ""), is_hidden) for name, key, is_hidden in _listed(archive)]
    return tuple(one for one in found if one.part.startswith("xl/worksheets/"))


def content(file: LandedFile, sheet: Sheet) -> Content:
    """Formulas without a value and merged cells of a sheet, in one pass over its part."""
    with _opened(file) as archive:
        scan = _Scan()
        with archive.open(sheet.part) as part:
            _parse(part.read, scan.parser())
        return scan.found


@contextmanager
def _opened(file: LandedFile) -> Iterator[zipfile.ZipFile]:
    if file.bytes > MOST_PACKED:
        raise _too_large(file, f"it has {file.bytes} bytes, where {MOST_PACKED} are allowed")
    try:
        with zipfile.ZipFile(file.path) as archive:
            yield archive
    except DAMAGED as error:
        raise _damaged(file) from error


def _check_sizes(file: LandedFile, archive: zipfile.ZipFile) -> None:
    """By what the archive says of itself; a part that is longer than it says is not read beyond that."""
    parts = archive.infolist()
    together = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or together > MOST_UNPACKED:
        raise _too_large(file, f"its {len(parts)} parts would become {together} bytes")
    for part in parts:
        if part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise _too_large(file, f"a part of it would become {part.file_size} bytes from {part.compress_size}")


def _check_kind(file: LandedFile, archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if WORKBOOK in names:
        return
    if "xl/workbook.bin" in names or "content.xml" in names:
        found = "it is a binary workbook (.xlsb)" if "xl/workbook.bin" in names else "it is an OpenDocument file (.ods)"
        raise FeedFault(file.name, found, "a workbook as .xlsx, or CSV", "Open it and save it as .xlsx.")
    raise _damaged(file)


def _check_texts(file: LandedFile, archive: zipfile.ZipFile) -> None:
    """Entities can grow without end, or name files and addresses: a part with a document type is refused unread."""
    for info in archive.infolist():
        if info.is_dir() or PurePosixPath(info.filename.lower()).suffix in PICTURES:
            continue
        with archive.open(info) as part:
            behind = b""
            while piece := part.read(PIECE):
                if any(one in behind + piece for one in DOCUMENT_TYPES):
                    found = "a part of it declares a document type, as entity bombs do"
                    raise FeedFault(file.name, found, "a workbook as spreadsheets save it", "Save it anew as .xlsx.")
                behind = piece[-32:]


def _listed(archive: zipfile.ZipFile) -> list[tuple[str, str, bool]]:
    """Name, key and whether it is hidden of each sheet, from the workbook's own list."""
    found: list[tuple[str, str, bool]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            key = next((value for name, value in attributes.items() if _local(name) == "id"), "")
            found.append((attributes.get("name", ""), key, attributes.get("state", "visible") != "visible"))

    _parse_with(archive, WORKBOOK, start)
    return found


def _relations(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Key and part of each relation that leads to a part of the archive; others are external links."""
    found: list[tuple[str, str]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship" and attributes.get("TargetMode", "Internal") == "Internal":
            target = attributes.get("Target", "")
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            found.append((attributes.get("Id", ""), part))

    if RELATIONS in archive.namelist():
        _parse_with(archive, RELATIONS, start)
    return found


def _parse_with(archive: zipfile.ZipFile, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    with archive.open(name) as part:
        _parse(part.read, parser)


def _parse(read: Callable[[int], bytes], parser: expat.XMLParserType) -> None:
    while piece := read(PIECE):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


class _Scan:
    """Gathers what `Content` holds while a part is parsed. A cell without a place of its own follows the last one."""

    def __init__(self) -> None:
        self.found = Content()
        self._row = self._column = 0
        self._has_formula = self._has_value = self._has_content = False

    def parser(self) -> expat.XMLParserType:
        made = expat.ParserCreate()
        made.StartElementHandler = self._start
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self._text
        return made

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                row = int(attributes.get("r", self._row + 1))
                self.found.is_ordered &= row > self._row
                self._row, self._column = row, 0
            case "c":
                self._column = column_of(attributes.get("r", "")) or self._column + 1
                self._has_formula = self._has_value = False
                self._has_content = attributes.get("t") == "str"  # a formula can come to nothing, as text
            case "f":
                self._has_formula = True
            case "v" | "is":
                self._has_value = True
            case "mergeCell":
                self.found.merged.append(attributes.get("ref", ""))

    def _text(self, text: str) -> None:
        self._has_content |= self._has_value and bool(text)

    def _end(self, tag: str) -> None:
        if _local(tag) != "c" or not (self._has_formula or self._has_value):
            return
        self.found.last_row = max(self.found.last_row, self._row)
        self.found.last_column = max(self.found.last_column, self._column)
        if self._has_formula and not (self._has_value and self._has_content):
            self.found.formulas.add((self._row, self._column))


def column_of(reference: str) -> int:
    """The column of a cell such as AB12, from 1; 0 where it says none."""
    number = 0
    for sign in reference[:3]:
        if "A" <= sign <= "Z":
            number = 26 * number + ord(sign) - 64
    return number


def _too_large(file: LandedFile, found: str) -> FeedFault:
    return FeedFault(
        file.name, found, "a workbook that people keep by hand", "Export the one sheet that counts as CSV."
    )


def _damaged(file: LandedFile) -> FeedFault:
    found = "it is no workbook (.xlsx), or damaged or cut short"
    return FeedFault(file.name, found, "a workbook as spreadsheets save it", "Save it anew as .xlsx.")
