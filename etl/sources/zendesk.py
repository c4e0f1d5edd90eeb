"""Zendesk: tickets, their durations and the events of their response targets, fetched as they change or from exports.

It loads times, states and short words. Subjects, descriptions and people are dropped before anything is landed.
"""

import base64
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data_contracts.faults import FeedFault
from etl.feed import Batch, Delivery, Download, Landed, Piece, Reject
from etl.formats import json_answers, zendesk_rows
from etl.formats.gathering import Outcome, gathered
from etl.formats.zendesk_rows import Reading
from etl.web import Answer, Refused, Web

SUBJECT = "Incident Reporting System emergency report"  # as the extension sends emergencies to the desk
GONE = frozenset({400, 404, 410, 422})  # what a cursor that is no longer known is answered with
OVERLAP_S = 3600
WITHHELD_S = 60  # changes of the last minute are not told yet, and asking for them is refused
PAGE = 1000
AHEAD = timedelta(days=1)  # clocks differ; a time this far behind the receipt cannot be true
LOOPBACK = ("127.0.0.1", "localhost")


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


def _server(address: str) -> str:
    parts = urlsplit(address)
    usual = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not usual or not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("an address such as https://example.zendesk.com is wanted, with nothing behind the host")
    return f"{parts.scheme}://{parts.netloc}"


Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Emergency(_Part):
    """How an emergency is told: words in its subject, whole tags, or the numbers of its form."""

    subjects: Words = _folded((SUBJECT,))
    tags: Words = ()
    forms: Annotated[tuple[int, ...], BeforeValidator(_listed)] = ()

    @model_validator(mode="after")
    def _no_empty_word(self) -> "Emergency":
        if not all((*self.subjects, *self.tags)):
            raise ValueError("an empty word would make every ticket an emergency")
        return self


class Desk(_Part):
    """One desk: fetched from its server (base), read from exported files, or both.

    email_from, token_from: names of environment variables. queue: what counts as the queue; queues: names by number.
    """

    desk: str = Field(min_length=1)
    base: Annotated[str, AfterValidator(_server)] | None = None
    email_from: str = "ZENDESK_EMAIL"
    token_from: str = "ZENDESK_TOKEN"
    start: date = date(2015, 1, 1)
    requests_a_minute: int = Field(default=10, ge=1, le=100)
    targets: bool = True
    files: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    queue: Literal["group_id", "ticket_form_id", "brand_id"] = "group_id"
    queues: dict[str, str] = {}
    language_field: int | None = None
    emergency: Emergency = Emergency()

    @property
    def start_s(self) -> int:
        return int(datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC).timestamp())

    def reading(self, received_at: datetime = datetime.max) -> Reading:
        latest = datetime.max if received_at == datetime.max else received_at + AHEAD
        told = self.emergency
        return Reading(
            self.desk, told.subjects, told.tags, told.forms, self.queue, self.queues, self.language_field, latest
        )


class Settings(_Part):
    """The Zendesk desks of an instance."""

    desks: tuple[Desk, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _have_a_source(self) -> "Settings":
        for one in self.desks:
            if not (one.base or one.files):
                raise ValueError(f'the desk "{one.desk}" has neither base (a server) nor files')
        names = [one.desk for one in self.desks]
        if len(set(names)) < len(names):
            raise ValueError("each desk once; one stands more than once")
        return self


class Pace:
    """At most so many questions a minute, evenly. ticks, wait: seconds of a clock that does not go backwards."""

    def __init__(
        self, a_minute: int, ticks: Callable[[], float] = time.monotonic, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._between_s, self._ticks, self._wait = 60 / a_minute, ticks, wait
        self._asked_at: float | None = None

    def keep(self) -> None:
        """Returns when the next question may be asked."""
        now = self._ticks()
        if self._asked_at is not None and now < self._asked_at + self._between_s:
            self._wait(self._asked_at + self._between_s - now)
        self._asked_at = self._ticks()


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per desk that has exported files; they are read one at a time."""
    return [Delivery("zendesk", desk.files, _told(desk)) for desk in settings.desks if desk.files]


def downloads(settings: Settings) -> list[Download]:
    """The tickets of each desk that has a server, and the events of their response targets."""
    found = []
    for desk in settings.desks:
        if desk.base:
            found.append(Download("zendesk", f"{desk.desk}/tickets", _told(desk)))
        if desk.base and desk.targets:
            found.append(Download("zendesk", f"{desk.desk}/ticket_metric_events", _told(desk)))
    return found


def fetch(download: Download, cursor: Mapping[str, Any] | None, web: Web, pace: Pace | None = None) -> Iterator[Piece]:
    """What changed behind the cursor, a page a piece; text and people are taken out of it first.

    Where other words make an emergency than when the cursor was made, all is fetched anew: the text is no longer there.
    """
    desk = Desk.model_validate(download.told)
    asking = _Asking(desk, web, pace or _pace(str(desk.base), desk.requests_a_minute), _credentials(desk))
    if download.series.endswith("/ticket_metric_events"):
        yield from _events(asking, dict(cursor or {}))
        return
    known = dict(cursor or {})
    is_other = cursor is not None and known.get("words") != desk.reading().digest
    for place, piece in enumerate(_tickets(asking, {} if is_other else known)):
        yield Piece(piece.content, piece.cursor, replaces=is_other and place == 0)


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one piece or exported file, in its order."""
    (file,) = landed.files
    reading = Desk.model_validate(landed.delivery.told).reading(file.received_at)
    yield from gathered(zendesk_rows.COLUMNS, _rows(landed, reading))


def _rows(landed: Landed, reading: Reading) -> Iterator[tuple[int, Iterable[Outcome]]]:
    for one in json_answers.answers(landed.files[0]):
        if isinstance(one, Reject):
            yield 0, (one,)
        else:
            yield one.done, zendesk_rows.outcomes(reading, one.line, one.content)


def _told(desk: Desk) -> Mapping[str, Any]:
    return desk.model_dump(mode="json", exclude={"files"})


@cache
def _pace(base: str, a_minute: int) -> Pace:
    """One for each server: its limit is for all series together."""
    return Pace(a_minute)


@dataclass(frozen=True)
class _Asking:
    """How one desk's server is asked."""

    desk: Desk
    web: Web
    pace: Pace
    headers: Mapping[str, str]

    def page(self, path: str, asked: Mapping[str, str | int], name: str) -> tuple[Answer, dict[str, Any]]:
        """The answer, and its content, which has a list of that name."""
        self.pace.keep()
        answer = self.web.get(f"{self.desk.base}{path}", asked, self.headers)
        content = answer.json()
        if not isinstance(content, dict) or not isinstance(content.get(name), list):
            found = f"an answer without a list of {name}"
            raise FeedFault(
                answer.url, found, "an incremental export", "Look at the address, and at what the token may do."
            )
        return answer, content

    def piece(self, answer: Answer, asked: Mapping[str, Any], content: Mapping[str, Any], cursor: Any) -> Piece:
        kept = zendesk_rows.without_text(self.desk.reading(), content)
        line = {"asked": dict(asked), "at": f"{answer.received_at:%Y-%m-%dT%H:%M:%S}Z", "answer": kept}
        return Piece(json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n", cursor)


def _tickets(asking: _Asking, known: dict[str, Any]) -> Iterator[Piece]:
    desk, words = asking.desk, asking.desk.reading().digest
    until: int | None = known.get("until")
    asked: dict[str, str | int] = {"cursor": known["after"]} if known.get("after") else {"start_time": desk.start_s}
    may_start_again = "cursor" in asked
    while True:
        try:
            sent = {**asked, "include": "metric_sets", "per_page": PAGE}
            answer, content = asking.page("/api/v2/incremental/tickets/cursor.json", sent, "tickets")
        except Refused as refused:
            if not may_start_again or refused.status not in GONE:
                raise
            # The cursor is gone: from a little before the last change that it had come to, so that nothing is missed.
            may_start_again = False
            asked = {"start_time": max(desk.start_s, (until or 0) - OVERLAP_S)}
            continue
        after = _after(asking, answer, content)
        until = max((until or 0, *_changes(content["tickets"]))) or None
        if content["tickets"]:
            yield asking.piece(answer, asked, content, {"after": after, "until": until, "words": words})
        if content.get("end_of_stream") is True:
            return
        if after is None or after == asked.get("cursor"):
            raise _stands_still(answer)
        asked, may_start_again = {"cursor": after}, True


def _events(asking: _Asking, known: dict[str, Any]) -> Iterator[Piece]:
    start = known.get("end_time") or asking.desk.start_s
    seen = set(known.get("seen") or ())
    while start <= asking.web.now().replace(tzinfo=UTC).timestamp() - WITHHELD_S:
        asked = {"start_time": start, "include_changes": "true"}
        path, name = "/api/v2/incremental/ticket_metric_events.json", "ticket_metric_events"
        answer, content = asking.page(path, asked, name)
        events, end = content[name], content.get("end_time")
        is_on = isinstance(end, int) and not isinstance(end, bool) and end > start
        fresh = [one for one in events if _mark(one) not in seen]
        seen = {_mark(one) for one in events} if is_on else seen | {_mark(one) for one in events}
        if fresh:
            cursor = {"end_time": end if is_on else start, "seen": sorted(seen)}
            yield asking.piece(answer, asked, {**content, name: fresh}, cursor)
        if content.get("end_of_stream", len(events) < PAGE):
            return
        if not is_on:
            raise _stands_still(answer)
        start = end


def _mark(event: Any) -> str:
    """Tells an event that was seen from a new one, and from the same one after it was taken back."""
    told = event if isinstance(event, dict) else {}
    return f"{told.get('id')}{'-' if told.get('deleted') is True else ''}"[:30]


def _changes(tickets: list[Any]) -> Iterator[int]:
    """When the server says that each ticket was changed last, in seconds since 1970."""
    for ticket in tickets:
        changed = ticket.get("generated_timestamp") if isinstance(ticket, dict) else None
        if isinstance(changed, int) and not isinstance(changed, bool):
            yield changed


def _after(asking: _Asking, answer: Answer, content: Mapping[str, Any]) -> str | None:
    """Where the next page begins. An address on another server is not followed: it would be sent the token."""
    after, url = content.get("after_cursor"), content.get("after_url")
    if isinstance(after, str) and after:
        return after
    if not isinstance(url, str):
        return None
    if urlsplit(url)[:2] != urlsplit(str(asking.desk.base))[:2]:
        found = "its next page is said to lie on another server"
        raise FeedFault(answer.url, found, str(asking.desk.base), "Do not trust it: ask why.")
    return next(iter(parse_qs(urlsplit(url).query).get("cursor", ())), None)


def _stands_still(answer: Answer) -> FeedFault:
    return FeedFault(
        answer.url, "its next page begins where this one began", "pages that come to an end", "Try again later."
    )


def _credentials(desk: Desk) -> Mapping[str, str]:
    said = {name: os.environ.get(name, "").strip() for name in (desk.email_from, desk.token_from)}
    missing = [name for name, value in said.items() if not value]
    if missing:
        raise FeedFault(
            f"feeds.zendesk in upstander.yml, desk {desk.desk}",
            f"the environment has no {' and no '.join(missing)}",
            "the address of an account and its API token",
            "Set them where Upstander runs; they do not belong into a file.",
        )
    whole = f"{said[desk.email_from]}/token:{said[desk.token_from]}".encode()
    return {"Authorization": f"Basic {base64.b64encode(whole).decode()}", "Accept": "application/json"}
