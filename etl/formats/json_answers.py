"""Reads what servers answered, as JSON: a line for each answer as it was fetched, or a file that somebody exported.

It knows no server. It holds one line at a time, or one document where a file is not in lines.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats import opening

LONGEST = 128 << 20  # bytes of one answer; more is no answer that a server gives at once
EPOCH = datetime(1970, 1, 1)
FIRST, LAST = datetime(2001, 1, 1), datetime(2200, 1, 1)
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_INTEGERS = 1 << 63
_UNUSABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. asked: the parameters; at: when it came (both empty in a file that was not fetched by us)."""

    line: int
    content: Any
    asked: Mapping[str, Any]
    at: datetime | None
    done: int = 0


class Unreadable(Exception):
    """What makes a row unusable: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


def answers(file: LandedFile) -> Iterator[Answer | Reject]:
    """Every answer of the file, in its order; a line that is no JSON is refused. Packed files are unpacked.

    Raises FeedFault where the file is empty, is no JSON at all, or is cut short, after what could be read.
    """
    lines = _Lines(file)
    first = next(lines)
    try:
        content = parsed(first)
    except ValueError:
        yield from _document(file, first, lines)
        return
    yield _answer(1, content, lines.done)
    for number, line in enumerate(lines, start=2):
        if not line.strip():
            continue
        try:
            content = parsed(line)
        except ValueError as error:
            if not lines.is_ended:
                raise _cut(file, number) from error
            yield Reject(number, "the line is JSON", f"{len(line)} bytes")
            continue
        yield _answer(number, content, lines.done)


def parsed(text: bytes) -> Any:
    """The JSON; ValueError where it is none, has NaN or Infinity, or is nested too deeply to be read."""
    try:
        return json.loads(text.removeprefix(b"\xef\xbb\xbf").decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def word(content: Mapping[str, Any], name: str, longest: int = 200) -> str | None:
    """The text under that name, without blanks around; None where there is none."""
    value = content.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > longest or _UNUSABLE.search(value):
        raise Unreadable(f"{name} is a text of at most {longest} characters", _shown(name, value))
    return value.strip() or None


def number(content: Mapping[str, Any], name: str) -> int | None:
    """The whole number under that name, also where it is written as text; None where there is none."""
    value = content.get(name)
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value):
        value = int(value)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not -_INTEGERS <= value < _INTEGERS:
        raise Unreadable(f"{name} is a whole number", _shown(name, value))
    return value


def moment(content: Mapping[str, Any], name: str) -> datetime | None:
    """The time under that name, in UTC: text as in ISO 8601 with its offset; None where there is none."""
    value = content.get(name)
    if value is None or value == "":
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        pass
    raise Unreadable(f"{name} is a time with its offset", _shown(name, value))


def unix_moment(content: Mapping[str, Any], name: str) -> datetime | None:
    """The time under that name, in UTC: seconds since 1970; None where there is none."""
    seconds = number(content, name)
    if seconds is None:
        return None
    if not (FIRST - EPOCH).total_seconds() <= seconds < (LAST - EPOCH).total_seconds():
        raise Unreadable(f"{name} is a time in seconds since 1970", f"{name}: {seconds}")
    return EPOCH + timedelta(seconds=seconds)


def part(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under that name; an empty one where there is none (PHP writes an empty list)."""
    value = content.get(name)
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is an object", _shown(name, value))
    return value


def _shown(name: str, value: object) -> str:
    if isinstance(value, bool | int | float):
        return f"{name}: {value}"[:60] if not isinstance(value, int) or abs(value) < _INTEGERS else f"{name}: too large"
    return f"{name}: {shape(value)}" if isinstance(value, str) else f"{name}: {type(value).__name__}"


def _answer(line: int, content: Any, done: int) -> Answer:
    if isinstance(content, dict) and content.keys() == {"asked", "at", "answer"}:
        asked, at = content["asked"], content["at"]
        return Answer(line, content["answer"], asked if isinstance(asked, dict) else {}, _told_at(at), done)
    return Answer(line, content, {}, None, done)


def _told_at(value: object) -> datetime | None:
    if not (isinstance(value, str) and re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", value, re.ASCII)):
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError:  # a day that no calendar has
        return None


def _document(file: LandedFile, first: bytes, lines: "_Lines") -> Iterator[Answer | Reject]:
    """A file whose first line is no JSON by itself: one document, or lines of which the first is broken."""
    rest, size = [first], len(first)
    for line in lines:
        rest.append(line)
        size += len(line)
        if size > LONGEST:
            raise FeedFault(
                file.name, f"an answer of more than {LONGEST >> 20} MB", "smaller ones", "Export it in parts."
            )
    try:
        content = parsed(b"".join(rest))
    except ValueError:
        yield from _lines_after(file, rest, lines)
        return
    yield _answer(1, content, lines.done)


def _lines_after(file: LandedFile, rest: list[bytes], lines: "_Lines") -> Iterator[Answer | Reject]:
    found: list[Answer | Reject] = []
    for number_, line in enumerate(rest, start=1):
        if not line.strip():
            continue
        try:
            found.append(_answer(number_, parsed(line), lines.done))
        except ValueError:
            found.append(Reject(number_, "the line is JSON", f"{len(line)} bytes"))
    told = [one for one in found if isinstance(one, Answer) and isinstance(one.content, dict | list)]
    if not told:
        raise FeedFault(
            f"{file.name}:1", "it is no JSON, or was cut short", "JSON, or JSON lines", "Export or fetch it again."
        )
    yield from found
    if not lines.is_ended and isinstance(found[-1], Reject):
        raise _cut(file, len(rest))


class _Lines:
    """The lines of a file as they come, each with its end, and whether the last one had one."""

    def __init__(self, file: LandedFile) -> None:
        self._file = file
        self._pieces = opening.pieces(file)
        self._waiting: deque[bytes] = deque()
        self._kept = bytearray()
        self.done = 0
        self.is_ended = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> bytes:
        while not self._waiting:
            try:
                piece, self.done = next(self._pieces)
            except StopIteration:
                return self._last()
            self._take(piece)
        return self._waiting.popleft()

    def _take(self, piece: bytes) -> None:
        *whole, rest = piece.split(b"\n")
        for line in whole:
            self._waiting.append(bytes(self._kept) + line + b"\n")
            self._kept.clear()
        self._kept += rest
        if len(self._kept) > LONGEST:
            raise FeedFault(
                self._file.name, f"a line of more than {LONGEST >> 20} MB", "smaller ones", "Export it in parts."
            )

    def _last(self) -> bytes:
        if not self._kept:
            raise StopIteration
        line = bytes(self._kept)
        self._kept.clear()
        self.is_ended = False
        return line


def _cut(file: LandedFile, line: int) -> FeedFault:
    return FeedFault(
        f"{file.name}:{line}", "the last line is half a line", "a whole file", "It was cut short: fetch it again."
    )


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
