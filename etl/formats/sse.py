"""Reads Server-Sent Events line by line, as the HTML standard says a client must.

It opens no connection and does not look into the data.
"""

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 8 << 20  # bytes of one event's data; the streams that we read send some thousands

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. last_id: of this or the last event that had one; retry_ms: what the server last asked to wait.

    data: None where it is larger than anybody can mean it to be.
    """

    kind: str
    data: bytes | None
    last_id: str
    retry_ms: int | None = None


@dataclass
class _Fields:
    """What the lines since the last blank one said, and what stays from event to event."""

    kind: str = ""
    last_id: str = ""
    retry_ms: int | None = None
    data: bytearray | None = None
    is_large: bool = False

    def take(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"data":
                self._add(value)
            case b"event":
                self.kind = value.decode("utf-8", "replace")
            case b"id" if b"\0" not in value:
                self.last_id = value.decode("utf-8", "replace")
            case b"retry" if value.isdigit() and len(value) < 10:
                self.retry_ms = int(value)

    def event(self) -> Event | None:
        """What the lines make together; None where they have no data. The next lines begin anew."""
        data, kind, is_large = self.data, self.kind or "message", self.is_large
        self.kind, self.data, self.is_large = "", None, False
        if data is None:
            return None
        return Event(kind, None if is_large else bytes(data[:-1]), self.last_id, self.retry_ms)

    def _add(self, value: bytes) -> None:
        self.data = bytearray() if self.data is None else self.data
        self.is_large = self.is_large or len(self.data) + len(value) > LONGEST
        if not self.is_large:
            self.data += value + b"\n"


def events(lines: Iterator[bytes]) -> Iterator[Event | None]:
    """Every whole event of the lines, and None for each sign of life: a comment, or an event without data.

    lines: without their ends. An event that the end of the connection cuts short is none.
    """
    fields = _Fields()
    for number, line in enumerate(lines):
        text = line.removeprefix(_MARK) if number == 0 else line
        if not text:
            yield fields.event()
        elif text.startswith(b":"):
            yield None
        else:
            fields.take(text)
