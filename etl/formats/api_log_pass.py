"""Fetches a wiki's log events behind a cursor: what is new, and what has been hidden since it was fetched.

It reads no event further than its time, its number and its marks. Why nothing is missed:
    The kept logs are asked for one by one, each oldest first from the time of its newest known event. Events can appear
    late and in the same second: they get their time before they are stored, and a copy of the wiki's database may lag
    (by `maxlag`, no more than 5 s). So each pass starts OVERLAP before that time, and what was fetched already is told
    by its number. Once a day it starts some days before, for events that were hidden after they were fetched.
Each piece ends with a line that says until when the wiki has told everything: until OVERLAP before its clock at the
start of the last pass that came to its end. A pass that brought nothing makes a piece of this line, once a day.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from data_contracts.faults import FeedFault
from etl.feed import Piece
from etl.formats import api_told
from etl.formats.api_asking import Answered, Api, Declined
from etl.formats.api_events import is_marked
from etl.formats.known_days import EARLIEST

OVERLAP = timedelta(minutes=10)
PIECE_BYTES = 1 << 20
PROPERTIES = "ids|title|type|user|timestamp|comment|details"
_MARKS = {"actionhidden": 1, "commenthidden": 2, "userhidden": 4, "suppressed": 8}
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """view: as whom the wiki is asked. since: where a log begins for us. look_back: for events hidden since."""

    types: Collection[str]
    view: str = "public"
    since: datetime | None = None
    look_back: timedelta = timedelta(days=7)


@dataclass
class _Place:
    """Where one log stands. at: time of the newest event, or the wiki's clock where an event is ahead of it.

    known: number -> time and marks of the last minutes' events, and of those of the last days that are hidden.
    """

    at: datetime | None = None
    known: dict[int, tuple[datetime, int]] = field(default_factory=dict)

    def adds(self, event: Any) -> bool:
        """Whether the event says anything that we do not know; what cannot be read does, so that it is noted."""
        told = _told(event)
        if told is None or self.at is None:
            return True
        number, at, marks = told
        if number in self.known:
            return self.known[number][1] != marks
        return at >= self.at - OVERLAP or marks != 0

    def take(self, events: Collection[Any], now: datetime) -> None:
        for told in map(_told, events):
            if told is not None:
                number, at, marks = told
                self.known[number] = (at, marks)
                self.at = max(self.at or at, min(at, now))

    def trim(self, look_back: timedelta) -> None:
        """Forgets what no later pass will meet again."""
        if self.at is not None:
            recent, horizon = self.at - OVERLAP, self.at - max(look_back, OVERLAP)
            self.known = {
                number: (at, marks)
                for number, (at, marks) in self.known.items()
                if at >= recent or (marks and at >= horizon)
            }


def pieces(api: Api, wanted: Wanted, cursor: Mapping[str, Any] | None) -> Iterator[Piece]:
    """What the wiki has behind the cursor; a cursor of another view begins anew, as everything looks different then."""
    kept = cursor if cursor and cursor.get("view") == wanted.view else {}
    return _Pass(api, wanted, kept).pieces()


class _Pass:
    """One pass over the kept logs, and the lines that have not been handed over yet."""

    def __init__(self, api: Api, wanted: Wanted, cursor: Mapping[str, Any]) -> None:
        self._api, self._wanted = api, wanted
        self._places = {log: _place(one) for log, one in cursor.get("logs", {}).items()}
        self._looked_back_on: str | None = cursor.get("looked_back_on")
        self._lines: list[bytes] = []
        self._day = f"{api.now():%Y-%m-%d}"
        self._told_until: str | None = cursor.get("told_until")
        self._first: str | None = cursor.get("first")
        self._began: datetime | None = None

    def pieces(self) -> Iterator[Piece]:
        for log in sorted(self._wanted.types):
            if log == "suppress" and self._wanted.view == "public":
                continue  # the public is shown none of it
            yield from self._log(log)
        self._looked_back_on = self._day
        until = _said(self._began and self._began - OVERLAP)
        if self._lines or _day(until) > _day(self._told_until):
            yield self._piece(until)

    def _log(self, log: str) -> Iterator[Piece]:
        place = self._places.setdefault(log, _Place())
        try:
            yield from self._from(log, place, self._start(place))
        except Declined as error:
            if error.code == "badvalue" and "letype" in error.info:  # a wiki without this log
                return
            if error.code != "badcontinue" or place.at is None:
                raise
            yield from self._from(log, place, place.at - OVERLAP)

    def _from(self, log: str, place: _Place, start: datetime | None) -> Iterator[Piece]:
        began = {} if start is None else {"lestart": start.strftime(_FORMAT)}
        known = replace(place, known=dict(place.known))  # what was known before this pass
        for answered in self._api.every(
            list="logevents", letype=log, lelimit="max", ledir="newer", leprop=PROPERTIES, **began
        ):
            events = _events(answered)
            self._began = self._began or min(answered.now, self._api.now())  # a clock that is ahead tells nothing
            if any(map(known.adds, events)):
                self._lines.append(answered.line(view=self._wanted.view))
            self._see(events)
            place.take(events, answered.now)
            if sum(map(len, self._lines)) >= PIECE_BYTES:
                yield self._piece()
        place.trim(self._wanted.look_back)

    def _see(self, events: Collection[Any]) -> None:
        """The earliest event that is known. Each log comes oldest first, so that of some events it is the first one."""
        times = (told[1] for told in map(_told, events) if told is not None)
        at = next((one for one in times if one.date() >= EARLIEST and one <= self._api.now()), None)
        self._first = min(filter(None, (self._first, _said(at))), default=None)

    def _start(self, place: _Place) -> datetime | None:
        """Where a log is asked from: some days back once a day, else shortly before its newest known event."""
        if place.at is None:
            return self._wanted.since
        is_due = self._looked_back_on != self._day
        back = max(self._wanted.look_back, OVERLAP) if is_due else OVERLAP
        return max(place.at - back, self._wanted.since or place.at - back)

    def _piece(self, until: str | None = None) -> Piece:
        """What waits, and until when everything is told. until: by a pass that has come to its end."""
        before = self._told_until
        self._told_until = max(filter(None, (before, until)), default=None)
        start = before or _said(self._wanted.since) or self._first
        self._lines.append(api_told.line(self._wanted.view, start, self._told_until, self._api.now()))
        content, self._lines = b"".join(self._lines), []
        for place in self._places.values():
            place.trim(self._wanted.look_back)
        logs = {log: _written(place) for log, place in self._places.items() if place.at is not None}
        said = {"view": self._wanted.view, "looked_back_on": self._looked_back_on, "first": self._first}
        return Piece(content, {**said, "told_until": self._told_until, "logs": logs})


def _said(moment: datetime | None) -> str | None:
    return moment.strftime(_FORMAT) if moment else None


def _day(moment: str | None) -> str:
    return (moment or "")[: len("2026-11-01")]


def _events(answered: Answered) -> list[Any]:
    query = answered.content.get("query")
    events = query.get("logevents") if isinstance(query, dict) else None
    if not isinstance(events, list):
        raise FeedFault(
            "the wiki's answer", "it holds no log events", "query.logevents", "The address is that of api.php."
        )
    return events


def _told(event: Any) -> tuple[int, datetime, int] | None:
    """Number, time and marks; None where they cannot be read."""
    number, at = (event.get("logid"), event.get("timestamp")) if isinstance(event, dict) else (None, None)
    if isinstance(number, bool) or not isinstance(number, int) or not isinstance(at, str) or not _MOMENT.fullmatch(at):
        return None
    try:
        time = datetime.fromisoformat(at[:-1])  # ten times as fast as strptime
    except ValueError:
        return None
    return number, time, sum(bit for mark, bit in _MARKS.items() if is_marked(event, mark))


def _place(written: Mapping[str, Any]) -> _Place:
    known = {number: (datetime.strptime(at, _FORMAT), marks) for number, at, marks in written["known"]}
    return _Place(datetime.strptime(written["at"], _FORMAT), known)


def _written(place: _Place) -> Mapping[str, Any]:
    known = [[number, at.strftime(_FORMAT), marks] for number, (at, marks) in sorted(place.known.items())]
    return {"at": _said(place.at), "known": known}
