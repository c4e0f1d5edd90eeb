"""What a feed hands over, and how a file is opened: the words that every feed and the warehouse share.

A feed module `etl/sources/<feed>.py` has three public names:
    Settings             a pydantic model of the feed's part of `upstander.yml` (unknown keys refused)
    deliveries(settings) what belongs together: the files of one delivery and what is told of them
    read(landed)         an iterator of Batch, in the order of the file, in bounded memory
A feed that fetches from a server has two more:
    downloads(settings)  the series of answers that it fetches
    fetch(download, cursor, web)
                         an iterator of Piece: what the server has behind the cursor (None: from the beginning). Each
                         piece is landed, with its cursor, before the next is asked for; `read` gets one piece at a time
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """Files of one kind, as paths from the instance's folder (globs allowed), and what the settings say of them.

    together: `read` gets all of them at once, each in its place (answers and their strata); else one at a time.
    """

    feed: str
    files: tuple[str, ...]
    told: Mapping[str, Any] = field(default_factory=dict)
    together: bool = False


@dataclass(frozen=True)
class Download:
    """A series of answers of one server. series: its name in landing, such as "en.demo/logevents"; told: no secrets."""

    feed: str
    series: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """What was received next: JSON lines, an answer each, at most some megabytes; and where the series goes on.

    cursor: plain JSON values. replaces: a whole new picture, in place of all pieces before it. Answers that add nothing
    make no piece.
    """

    content: bytes
    cursor: Mapping[str, Any]
    replaces: bool = False


@dataclass(frozen=True)
class LandedFile:
    """A received file as it is kept: byte for byte, under its SHA-256. also: other names of the same content."""

    path: Path
    name: str
    sha256: str
    bytes: int
    received_at: datetime
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also)


@dataclass(frozen=True)
class Landed:
    """A delivery and its landed files: one, or where they are read together all, in the order of `delivery.files`."""

    delivery: Delivery
    files: tuple[LandedFile, ...]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that the feed could not read. The excerpt is redacted: it holds no name, address or free text."""

    line: int
    rule: str
    excerpt: str


@dataclass(frozen=True)
class Batch:
    """Rows of one raw table as columns of equal length (lists or Arrow arrays), and the rows that nobody could read.

    table: a table of the feed's contract. columns: by the contract's property names; personal values still plain, the
    warehouse hashes them at the door. `line` is one of the columns: where in the file the row began, counted from 1.
    done: bytes of the file read so far, as they lie on disk. file: index of the file in `landed.files`.
    """

    table: str
    columns: Mapping[str, Any]
    rejects: tuple[Reject, ...] = ()
    done: int = 0
    file: int = 0


def shape(value: object, limit: int = 40) -> str:
    """How a value looks without what it says: letters become a or A, digits 9. For excerpts of refused rows."""
    text = str(value)
    shown = "".join(_shape_of(sign) for sign in text[:limit])
    return f"{shown}..." if len(text) > limit else shown


def _shape_of(sign: str) -> str:
    if sign.isdigit():
        return "9"
    if sign.isalpha():
        return "A" if sign.isupper() else "a"
    return sign if sign.isascii() and sign.isprintable() else "?"
