"""Proposes the contract of a sheet that somebody keeps by hand, so that a number needs no change of the project.

It writes one new file into the instance, never over another, and leaves upstander.yml to the person who keeps it.
"""

import codecs
import hashlib
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from data_contracts import yaml_file
from data_contracts.faults import FeedFault, UserFault
from etl.feed import LandedFile, Reject
from etl.formats import sheet_drift, sheet_files, sheet_writing, workbook_parts
from etl.formats.delimited import Layout
from etl.formats.known_days import KnownDays
from etl.formats.sheet_contract import read_contract
from etl.formats.sheet_files import Keeping
from etl.formats.sheet_guess import Guess, guess
from etl.formats.sheet_rows import SheetReading
from etl.formats.sheet_table import Table
from etl.instance import SETTINGS

FOLDER = "contracts"
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
TITLE_ROWS = 10  # above a header
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Proposal:
    """What was written and what is left to do. contract: the file's path from the instance's folder.

    settings: the lines for upstander.yml. rows: of the sheet that can be read as it is now; refused: why others cannot.
    """

    sheet: str
    contract: str
    settings: str
    guess: Guess
    doubts: tuple[str, ...]
    rows: int
    refused: tuple[Reject, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """One question for each number of the sheet, as `upstander ask` takes it."""
        found = []
        for one in self.guess.columns:
            column = one.column
            if column.role == "value":
                level = "hand_share_mean" if column.unit == "share" else "hand_level_mean"
                added = "hand_people_counted" if column.unit == "people" else "hand_counted"
                which = "" if any(other.column.role == "measure" for other in self.guess.columns) else column.name
                asked = f" --where measure={which}" if which else " --split measure"
                metric = added if column.over_time == "add" else level
                found.append(f"upstander ask {metric} --by month --where sheet={self.sheet}{asked} --audience program")
        return tuple(found)


def propose(home: Path, sheet: str, path: Path, *, tab: str | None = None, header_row: int | None = None) -> Proposal:
    """Looks at the file and writes `contracts/<sheet>.odcs.yaml`; FeedFault where there is one already, or no sheet."""
    if not NAME.fullmatch(sheet):
        wanted = "small letters, digits and _, a letter first, such as people_trained"
        raise FeedFault("NAME", f'the name "{sheet}"', wanted, "It will stand in questions: choose a short word.")
    target = home / FOLDER / f"{sheet}.odcs.yaml"
    if target.exists():
        raise _exists(target)
    file = _file(home, path)
    keeping, doubts = _keeping(file, tab, header_row)
    table = sheet_files.read_table(file, keeping)
    found = guess(table)
    _write(target, sheet_writing.text(sheet, found))
    contract = f"{FOLDER}/{target.name}"
    lines = _settings(home, sheet, file.name, contract, keeping)
    rows, refused = _tried(_landed(target, contract), file, table, found)
    return Proposal(sheet, contract, lines, found, (*doubts, *found.doubts), rows, refused)


def _file(home: Path, path: Path) -> LandedFile:
    """The file, named as upstander.yml names files; it must lie in the instance's folder."""
    for one in (home / path, path):
        inside = one.resolve()
        if inside.is_file() and inside.is_relative_to(home.resolve()):
            return _landed(inside, inside.relative_to(home.resolve()).as_posix())
    where, found = str(path), f"there is no such file in {home}"
    raise FeedFault(where, found, "a sheet in the instance's folder", f"Copy it to {home / 'feeds'}.")


def _landed(path: Path, name: str) -> LandedFile:
    content = path.read_bytes()
    now = datetime.now(UTC).replace(tzinfo=None)
    return LandedFile(path, name, hashlib.sha256(content).hexdigest(), len(content), now)


def _keeping(file: LandedFile, tab: str | None, header_row: int | None) -> tuple[Keeping, tuple[str, ...]]:
    """How the file is laid out, and what of that is a guess."""
    if not workbook_parts.is_workbook(file):
        return _layout(file)
    seen = [one.name for one in workbook_parts.sheets(file) if not one.is_hidden]
    if tab is None and len(seen) != 1:
        found = f"it has the sheets {', '.join(seen)}" if seen else "it has no sheet that people see"
        raise FeedFault(file.name, found, "one of them", "Say which one by --tab.")
    keeping = Keeping(Layout(), tab, header_row or 1)
    if header_row is not None:
        return keeping, ()
    for row in range(1, TITLE_ROWS + 1):
        tried = replace(keeping, header_row=row)
        if _names(file, tried) >= 2:
            return tried, (f"the header is taken to be row {row}",) if row > 1 else ()
    return keeping, ()


def _names(file: LandedFile, keeping: Keeping) -> int:
    try:
        return sum(bool(name) for name in sheet_files.read_table(file, keeping).header)
    except UserFault:
        return 0


def _layout(file: LandedFile) -> tuple[Keeping, tuple[str, ...]]:
    """Encoding and delimiter of a CSV, by its beginning and its header."""
    content = file.path.read_bytes()
    doubts: tuple[str, ...] = ()
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    try:
        content.decode(encoding)
    except UnicodeError:
        encoding, doubts = "cp1252", ("it is not UTF-8: see whether accents look right with encoding cp1252",)
    header = next(iter(content.decode(encoding, "replace").splitlines()), "")
    delimiter = max(DELIMITERS, key=header.count)
    return Keeping(Layout(delimiter, encoding)), doubts


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
    except FileExistsError as error:
        raise _exists(target) from error


def _exists(target: Path) -> FeedFault:
    remedy = "Take another name, or move the contract that is there away first."
    return FeedFault(str(target), "there is a contract already", "a new one", remedy)


def _settings(home: Path, sheet: str, name: str, contract: str, keeping: Keeping) -> str:
    """What upstander.yml has to say; of a feed that it has already only the new sheet."""
    said = [f"- sheet: {sheet}", f"  files: [{_word(name)}]", f"  contract: {contract}"]
    if keeping.tab is not None:
        said.append(f"  tab: {_word(keeping.tab)}")
    if keeping.header_row != 1:
        said.append(f"  header_row: {keeping.header_row}")
    if keeping.layout.delimiter != ",":
        said.append(f"  delimiter: {_word(keeping.layout.delimiter)}")
    if keeping.layout.encoding != "utf-8":
        said.append(f"  encoding: {keeping.layout.encoding}")
    said.append(
        "  until: received            # the sheet is kept up to the day on which it came in; else leave this out"
    )
    head = [] if _has_feed(home) else ["  spreadsheet:", "    sheets:"]
    return "\n".join([*head, *(f"      {line}" for line in said)])


def _has_feed(home: Path) -> bool:
    if not (home / SETTINGS).exists():
        return False
    data = yaml_file.load(home / SETTINGS, FeedFault, SETTINGS).data
    feeds = data.get("feeds") if isinstance(data, dict) else None
    return isinstance(feeds, dict) and bool(feeds.get("spreadsheet"))


def _word(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def _tried(contract: LandedFile, file: LandedFile, table: Table, found: Guess) -> tuple[int, tuple[Reject, ...]]:
    """Rows that can be read with the contract as it was written, and refusals; none where the guess is not whole."""
    roles = {one.column.role for one in found.columns}
    if "value" not in roles or not roles & {"period", "starts_on"}:
        return 0, ()
    read = read_contract(contract)
    places = sheet_drift.places(read, file, table)
    outcomes = [one for _, one in SheetReading(read, table, places, KnownDays(file)).outcomes()]
    refused = tuple(one for one in outcomes if isinstance(one, Reject))
    rows = {one["line"] for one in outcomes if not isinstance(one, Reject)}
    return len(rows), refused
