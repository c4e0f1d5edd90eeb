"""Reads event streams that were written to a file, as JSON lines: one event a line, in any order, plain or packed.

It knows no stream. It holds one line at a time, and no more of it than an event can have.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject
from etl.formats import opening
from etl.formats.json_answers import parsed

LONGEST = 1 << 20  # bytes of one event; the servers that take them accept no more


@dataclass(frozen=True, slots=True)
class Event:
    """One event. line: where it stands, from 1."""

    line: int
    content: Mapping[str, Any]


def events(file: LandedFile) -> Iterator[tuple[int, Event | Reject]]:
    """Every event of the file, with the bytes read so far; a line that is no JSON object is refused. Blank lines pass.

    Raises FeedFault where the file has no event at all, is damaged or is cut short, after what could be read.
    """
    lines = _Lines(file)
    found = 0
    for number, line in enumerate(lines, start=1):
        if line is None:
            yield lines.done, Reject(number, f"an event has at most {LONGEST:,} bytes", "a longer line")
            continue
        if not line.strip():
            continue
        content = _object(line)
        if content is not None:
            found += 1
            yield lines.done, Event(number, content)
        elif lines.is_ended:
            yield lines.done, Reject(number, "the line is an event as JSON", f"{len(line)} bytes")
        elif found:
            remedy = "It was cut short: fetch or export it again."
            raise FeedFault(f"{file.name}:{number}", "the last line is half an event", "a whole file", remedy)
    if not found:
        raise FeedFault(file.name, "no line of it is an event", "JSON lines, an event each", "Export it so.")


def _object(line: bytes) -> Mapping[str, Any] | None:
    try:
        content = parsed(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


class _Lines:
    """The lines of a file as they come; None for one that is too long. is_ended: whether the last one had its end."""

    def __init__(self, file: LandedFile) -> None:
        self._pieces = opening.pieces(file)
        self._kept = bytearray()
        self._is_long = False
        self.done = 0
        self.is_ended = True

    def __iter__(self) -> Iterator[bytes | None]:
        for piece, done in self._pieces:
            self.done = done
            *whole, rest = piece.split(b"\n")
            for line in whole:
                self._keep(line)
                yield self._taken()
            self._keep(rest)
        if self._kept or self._is_long:
            self.is_ended = False
            yield self._taken()

    def _keep(self, part: bytes) -> None:
        self._is_long = self._is_long or len(self._kept) + len(part) > LONGEST
        if self._is_long:
            self._kept.clear()
        else:
            self._kept += part

    def _taken(self) -> bytes | None:
        line = None if self._is_long else bytes(self._kept)
        self._kept.clear()
        self._is_long = False
        return line
