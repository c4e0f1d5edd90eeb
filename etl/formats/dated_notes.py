"""Reads dated notes from Markdown: `## 2026-11-12 Title`, then lines such as `source: ...`, then a paragraph.

It decides nothing: a heading without a day is a note without one. What stands before the first heading, in comments, or
under headings of another level belongs to no note of its own.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.opening import pieces

LARGEST = 8 << 20  # bytes: twenty years of a note a day
WANTED = "## 2026-11-12 Title"
_HEADING = re.compile(r"##[ \t]++(.*)")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ \t]*[:–—-])?(?:[ \t]+|$)(.*)")
_SAID = re.compile(r"(?:[-*][ \t]+)?(\w+)[ \t]*:[ \t]*(.*)")
_FENCE = re.compile(r"[ ]{0,3}(?:```|~~~)")


@dataclass(frozen=True)
class Note:
    """One note: where it begins, its day and title as written, what its lines say by name, and its text in lines."""

    line: int
    day: str
    title: str
    said: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def named(self) -> Mapping[str, str]:
        """The note as texts by name."""
        return {**self.said, "day": self.day, "title": self.title, "text": " ".join(self.lines)}


def notes(file: LandedFile, names: Collection[str]) -> Iterator[Note]:
    """The notes of a file, in its order. names: of the lines below a heading that say something of the note."""
    note: Note | None = None
    in_fence = False
    for line, told in enumerate(_uncommented(file).split("\n"), start=1):
        heading = None if in_fence else _HEADING.fullmatch(told.rstrip())
        if heading:
            if note is not None:
                yield note
            said_in_it = heading[1].rstrip("#").rstrip(" \t")
            dated = _DAY.fullmatch(said_in_it)
            note = Note(line, dated[1] if dated else "", (dated[2] if dated else said_in_it).strip())
        elif note is not None:
            said = _SAID.fullmatch(told.strip())
            if said and not note.lines and said[1].casefold() in names:
                note.said.setdefault(said[1].casefold(), said[2].strip())
            elif told.strip():
                note.lines.append(told.strip())
        if _FENCE.match(told):
            in_fence = not in_fence
    if note is None:
        raise FeedFault(file.name, "it has no note", WANTED, "Write a heading of the second level for each of them.")
    yield note


def _uncommented(file: LandedFile) -> str:
    """The text without its comments, each line where it was."""
    text, kept, at = _text(file), list[str](), 0
    while (opened := text.find("<!--", at)) >= 0:
        closed = text.find("-->", opened)
        if closed < 0:
            where = f"{file.name}:{text.count(chr(10), 0, opened) + 1}"
            raise FeedFault(where, "a comment begins and does not end", "-->", "Close it: what follows may be a draft.")
        kept += text[at:opened], "\n" * text.count("\n", opened, closed)
        at = closed + 3
    return "".join([*kept, text[at:]])


def _text(file: LandedFile) -> str:
    content = b""
    for piece, _ in pieces(file):
        content += piece
        if len(content) > LARGEST:
            raise FeedFault(file.name, f"it has more than {LARGEST:,} bytes", "a log of notes", "Split it by years.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f"{file.name}:{line}"
        raise FeedFault(where, "text that is not UTF-8", "text in UTF-8", "Save it as UTF-8.") from error
