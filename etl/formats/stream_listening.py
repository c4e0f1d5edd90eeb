"""Listens to one of the movement's public streams from where it was left, and keeps what concerns the program.

Of events of other wikis, of other logs and of hidden users nothing is kept, not even for a moment.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from etl.feed import Piece
from etl.formats import sse
from etl.formats.json_answers import parsed
from etl.formats.stream_events import Addresses, happened_at, is_kept
from etl.web import Refused, Web

PIECE = 1 << 20  # bytes of kept events after which a piece is landed
SEEN = 200_000  # events, kept or not, after which it is, so that they need not be looked at again
LONGEST_ID = 4000  # signs; it goes back to the server in a header
CONNECTIONS = 100  # of one run; the server closes each after 15 minutes
RETRY_S, LONGEST_RETRY_S = 3.0, 60.0  # until the next connection, where the server does not say, and at most
_KIND = "text/event-stream"
SILENCE = timedelta(hours=6)  # the movement is never quiet for so long: between two events something was missed


@dataclass(frozen=True)
class Wanted:
    """What is listened to, what of it is kept, and how far one run goes (see the settings of the feed)."""

    server: str
    stream: str
    known: Addresses
    log_types: Collection[str]
    begin: timedelta
    behind: timedelta
    quiet: timedelta
    longest: timedelta
    most_bytes: float


@dataclass(frozen=True)
class _Place:
    """Where a stream was left: the id that the server gave, and the time of the last event that was seen."""

    last_id: str = ""
    until: datetime | None = None

    @classmethod
    def of(cls, cursor: Mapping[str, Any] | None) -> "_Place":
        if cursor is None:
            return cls()
        return cls(cursor["last_event_id"], datetime.fromisoformat(cursor["until"]) if cursor["until"] else None)


def pieces(wanted: Wanted, cursor: Mapping[str, Any] | None, web: Web) -> Iterator[Piece]:
    """What the stream has behind the cursor, until that is as young as this run, or the run has been long enough."""
    run = _Run(wanted, web, _Place.of(cursor))
    for _ in range(CONNECTIONS):
        before = run.seen
        yield from _connected(run)
        if run.is_over or run.seen == before:
            break
        web.wait(run.retry_s)
    if run.is_further:
        yield run.piece()


@dataclass
class _Run:
    """One run over one stream: what has been seen, and what of it waits to be landed."""

    wanted: Wanted
    web: Web
    place: _Place
    started_at: datetime = field(init=False)
    seen: int = 0
    is_over: bool = False
    retry_s: float = RETRY_S
    has_gap: bool = False
    _read_from: datetime | None = field(init=False)
    _kept: bytearray = field(default_factory=bytearray)
    _landed: _Place = field(init=False)
    _landed_seen: int = 0
    _bytes: int = 0
    _latest_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.started_at = self._latest_at = self.web.now()
        self._read_from, self._landed = self.place.until, self.place

    @property
    def is_further(self) -> bool:
        return self.place != self._landed or bool(self._kept)

    @property
    def is_piece_full(self) -> bool:
        return len(self._kept) >= PIECE or self.seen - self._landed_seen >= SEEN

    @property
    def left_s(self) -> float:
        """Seconds that this run may still take."""
        gone = max(0.0, (self.web.now() - self.started_at).total_seconds())  # a clock can be put back
        return max(0.0, self.wanted.longest.total_seconds() - gone)

    def take(self, event: sse.Event | None) -> None:
        """Keeps the event if it is of the program, and judges whether the run is over."""
        now = self.web.now()
        if event is not None and event.retry_ms is not None:
            self.retry_s = min(event.retry_ms / 1000, LONGEST_RETRY_S)
        if event is not None and event.kind == "message":
            self._latest_at = now
            self._see(event)
        is_quiet, is_full = now - self._latest_at > self.wanted.quiet, self._bytes > self.wanted.most_bytes
        self.is_over = self.is_over or is_quiet or is_full or not self.left_s

    def piece(self) -> Piece:
        """What waits, with a last line that says from when to when everything was seen."""
        until = self.place.until
        told = {
            "read_from": None if self._read_from is None else self._read_from.isoformat() + "Z",
            "read_until": None if until is None else until.isoformat() + "Z",
            "has_gap": self.has_gap,
        }
        content = bytes(self._kept) + self._line(json.dumps(told).encode())
        self._kept.clear()
        self._read_from, self.has_gap = until, False
        self._landed, self._landed_seen = self.place, self.seen
        return Piece(content, {"last_event_id": self.place.last_id, "until": until and until.isoformat()})

    def _see(self, received: sse.Event) -> None:
        self.seen += 1
        self._bytes += len(received.data or b"")
        event = _object(received.data)
        if event is None:
            self._kept += self._line(json.dumps({"unreadable_bytes": len(received.data or b"")}).encode())
            self._go_on(received.last_id, None)
            return
        at = happened_at(event)
        if self.wanted.known.wiki(event) is not None and is_kept(event, self.wanted.stream, self.wanted.log_types):
            self._kept += self._line((received.data or b"").replace(b"\n", b" "))
        self._go_on(received.last_id, at)
        if at is not None and at >= self.started_at - self.wanted.behind:
            self.is_over = True

    def _go_on(self, last_id: str, at: datetime | None) -> None:
        before = self.place.until
        if at is not None:
            self._read_from = at if self._read_from is None else self._read_from
            self.has_gap = self.has_gap or (before is not None and at - before > SILENCE)
        until = max((one for one in (before, at) if one is not None), default=None)
        self.place = _Place(last_id if _is_place(last_id) else self.place.last_id, until)

    def _line(self, answer: bytes) -> bytes:
        at = f"{self.web.now():%Y-%m-%dT%H:%M:%SZ}"
        return b'{"asked": {"stream": "%s"}, "at": "%s", "answer": %s}\n' % (
            self.wanted.stream.encode(),
            at.encode(),
            answer,
        )


def _connected(run: _Run) -> Iterator[Piece]:
    """The pieces of one connection. A server that no longer knows the place is asked by time instead."""
    try:
        yield from _listened(run, run.place.last_id)
    except Refused as refused:
        if not (run.place.last_id and refused.status in (400, 404, 410)):
            raise
        run.place = _Place("", run.place.until)
        yield from _listened(run, "")


def _listened(run: _Run, last_id: str) -> Iterator[Piece]:
    wanted, headers = run.wanted, {"Accept": _KIND}
    address = f"{wanted.server.rstrip('/')}/v2/stream/{wanted.stream}"
    if last_id:
        headers["Last-Event-ID"] = last_id
    else:
        since = run.place.until or run.started_at - wanted.begin
        address += "?" + urlencode({"since": f"{since:%Y-%m-%dT%H:%M:%SZ}"})
    quiet_s = wanted.quiet.total_seconds()
    with run.web.lines(address, headers, kind=_KIND, quiet_s=quiet_s, longest_s=run.left_s) as lines:
        for event in sse.events(lines):
            run.take(event)
            if run.is_over:
                return
            if run.is_piece_full:
                yield run.piece()


def _is_place(last_id: str) -> bool:
    """Whether it is an id that the server will know: a JSON array of topics with their partitions."""
    if not last_id or len(last_id) > LONGEST_ID or not last_id.isascii() or not last_id.isprintable():
        return False
    try:
        topics = parsed(last_id.encode())
    except ValueError:
        return False
    return isinstance(topics, list) and all(isinstance(one, dict) and "topic" in one for one in topics)


def _object(data: bytes | None) -> Mapping[str, Any] | None:
    try:
        event = parsed(data or b"")
    except ValueError:
        return None
    return event if isinstance(event, dict) else None
