"""Phabricator and Phorge: tasks with their tags and the history of their status, as they change or from exports.

It loads times, states, priorities and tags that the settings' rules know. A person's PHID becomes a keyed hash; nothing
that people write is loaded, but titles of public tasks where the settings want them.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data_contracts.faults import FeedFault
from etl.feed import Batch, Delivery, Download, Landed, LandedFile, Piece, Reject
from etl.formats import json_answers, opening, phabricator_csv, phabricator_pages, phabricator_rows
from etl.formats.gathering import Outcome, gathered
from etl.formats.phabricator_csv import Export
from etl.formats.phabricator_pages import Asking
from etl.formats.phabricator_rows import Reading
from etl.web import Web

AHEAD = timedelta(days=1)  # clocks differ; a time this far behind the receipt cannot be true
LOOPBACK = ("127.0.0.1", "localhost")
OPEN = ("open", "stalled", "progress", "in progress")
DONE = ("resolved",)
DROPPED = ("declined", "wontfix", "invalid", "duplicate", "spite")


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


def _server(address: str) -> str:
    parts = urlsplit(address)
    usual = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not usual or not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("an address such as https://phabricator.example.org is wanted, with nothing behind the host")
    return f"{parts.scheme}://{parts.netloc}"


Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Rule(_Part):
    """Tags whose name or slug has the regular expression belong to this project, milestone or both.

    project and milestone may name groups of the expression, as in `\\g<1>`. The first rule that fits a tag counts.
    """

    tag: str = Field(min_length=1)
    project: str | None = None
    milestone: str | None = None

    @model_validator(mode="after")
    def _can_be_used(self) -> "Rule":
        if not (self.project or self.milestone):
            raise ValueError("a rule needs a project, a milestone or both")
        try:
            pattern = re.compile(self.tag)
            for template in (self.project, self.milestone):
                pattern.sub(template or "", "")
        except (re.error, IndexError) as error:
            raise ValueError(f"the expression or its groups cannot be used: {error}") from error
        if pattern.search(""):
            raise ValueError("the expression fits every tag")
        return self


class CsvExport(_Part):
    """What exported CSV files are. columns: their names where they are not Phorge's own; due: that of the due date."""

    columns: dict[str, str] = {}
    project: str | None = None
    milestone: str | None = None

    @model_validator(mode="after")
    def _known_columns(self) -> "CsvExport":
        known = (*phabricator_csv.NAMES, "due")
        unknown = sorted(set(self.columns) - set(known))
        if unknown:
            raise ValueError(f"columns has {', '.join(unknown)}; it may have {', '.join(known)}")
        return self


class Tracker(_Part):
    """One tracker: fetched from its server (base), read from exported files, or both.

    token_from: the name of an environment variable. tasks_of: slugs or PHIDs of projects; only their tasks are asked
    for. due: the custom field with the due date. titles: kept of public tasks. export: what exported CSV files are.
    """

    tracker: str = Field(min_length=1)
    base: Annotated[str, AfterValidator(_server)] | None = None
    token_from: str = "PHABRICATOR_TOKEN"
    start: date = date(2010, 1, 1)
    tasks_of: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    files: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    rules: tuple[Rule, ...] = ()
    titles: bool = False
    due: str | None = None
    open_statuses: Words = OPEN
    done_statuses: Words = DONE
    dropped_statuses: Words = DROPPED
    export: CsvExport = CsvExport()

    @model_validator(mode="after")
    def _each_status_once(self) -> "Tracker":
        told = (*self.open_statuses, *self.done_statuses, *self.dropped_statuses)
        twice = sorted({one for one in told if told.count(one) > 1})
        if twice:
            raise ValueError(f"each status once; {', '.join(twice)} stands more than once")
        return self

    def reading(self, received_at: datetime = datetime.max) -> Reading:
        told = {"open": self.open_statuses, "done": self.done_statuses, "dropped": self.dropped_statuses}
        states = {status: state for state, statuses in told.items() for status in statuses}
        rules = tuple(phabricator_rows.Rule(re.compile(one.tag), one.project, one.milestone) for one in self.rules)
        latest = datetime.max if received_at == datetime.max else received_at + AHEAD
        return Reading(self.tracker, rules, states, self.titles, self.due, latest)


class Settings(_Part):
    """The trackers of an instance."""

    trackers: tuple[Tracker, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _have_a_source(self) -> "Settings":
        for one in self.trackers:
            if not (one.base or one.files):
                raise ValueError(f'the tracker "{one.tracker}" has neither base (a server) nor files')
        names = [one.tracker for one in self.trackers]
        if len(set(names)) < len(names):
            raise ValueError("each tracker once; one stands more than once")
        return self


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per tracker that has exported files; they are read one at a time."""
    return [Delivery("phabricator", one.files, _told(one)) for one in settings.trackers if one.files]


def downloads(settings: Settings) -> list[Download]:
    """The tasks of each tracker that has a server."""
    return [Download("phabricator", f"{one.tracker}/tasks", _told(one)) for one in settings.trackers if one.base]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one piece or exported file (JSON or CSV), in its order."""
    (file,) = landed.files
    tracker = Tracker.model_validate(landed.delivery.told)
    reading = tracker.reading(file.received_at)
    rows: Iterator[tuple[int, Iterable[Outcome]]] = _answers(file, reading)
    if not _is_json(file):
        told = tracker.export
        rows = iter(phabricator_csv.outcomes(file, reading, Export(told.columns, told.project, told.milestone)))
    yield from gathered(phabricator_rows.COLUMNS, rows)


def fetch(download: Download, cursor: Mapping[str, Any] | None, web: Web) -> Iterator[Piece]:
    """The tasks that changed behind the cursor, oldest change first, with tags and history; a page a piece.

    Where other tags or titles are wanted than when the cursor was made, all is fetched anew.
    """
    tracker = Tracker.model_validate(download.told)
    begin = datetime(tracker.start.year, tracker.start.month, tracker.start.day, tzinfo=UTC)
    asking = Asking(
        str(tracker.base), tracker.reading(), web, _token(tracker), tracker.tasks_of, int(begin.timestamp())
    )
    known = dict(cursor or {})
    is_other = cursor is not None and known.get("wanted") != asking.reading.digest
    for place, piece in enumerate(phabricator_pages.pieces(asking, {} if is_other else known)):
        yield Piece(piece.content, piece.cursor, replaces=is_other and place == 0)


def _told(tracker: Tracker) -> Mapping[str, Any]:
    return tracker.model_dump(mode="json", exclude={"files"})


def _is_json(file: LandedFile) -> bool:
    beginning, _ = next(opening.pieces(file))
    return beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _answers(file: LandedFile, reading: Reading) -> Iterator[tuple[int, Iterable[Outcome]]]:
    for one in json_answers.answers(file):
        if isinstance(one, Reject):
            yield 0, (one,)
            continue
        phabricator_pages.check(f"{file.name}:{one.line}", one.content)
        yield one.done, phabricator_rows.outcomes(reading, one.line, one.content, one.at)


def _token(tracker: Tracker) -> str:
    token = os.environ.get(tracker.token_from, "").strip()
    if not token:
        raise FeedFault(
            f"feeds.phabricator in upstander.yml, tracker {tracker.tracker}",
            f"the environment has no {tracker.token_from}",
            "a Conduit API token",
            "Set it where Upstander runs; it does not belong into a file.",
        )
    return token
