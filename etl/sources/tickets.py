"""Help-desk tickets: any desk's CSV export, its columns mapped by the instance's settings.

It loads times, states and short words of the mapped columns; no other column, and so no free text, is looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject, shape
from etl.formats import delimited, drift, times
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise, Wanted, watched

TIMES = ("opened", "first_response", "resolved", "reopened")  # in this order: the others are read knowing the first
WORDS = ("queue", "channel", "priority", "language")
COLUMNS = (
    "line", "desk", "case", "opened_at", "first_response_at", "resolved_at", "reopened_at", *WORDS, "state",
    "satisfaction", "is_emergency", "is_event",
)  # fmt: skip
PROMISE = Promise("raw_tickets", {"columns.id": "case", "columns.emergency": "is_emergency"})
AHEAD = timedelta(
    days=1
)  # a time this far behind the receipt of its file cannot be true; below, clocks and zones differ


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


Named = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Columns(_Part):
    """The desk's column for each thing; of several columns the first that says something counts."""

    id: Named
    opened: Named
    first_response: Named | None = None
    resolved: Named | None = None
    reopened: Named | None = None
    queue: Named | None = None
    channel: Named | None = None
    priority: Named | None = None
    language: Named | None = None
    state: Named | None = None
    satisfaction: Named | None = None
    emergency: Named | None = None

    def mapped(self) -> Mapping[str, tuple[str, ...]]:
        """The columns that the settings name, by what they mean."""
        return {name: value for name, value in self if value is not None}

    def wanted(self) -> list[Wanted]:
        return [(f"columns.{name}", column) for name, columns in self.mapped().items() for column in columns]


class Satisfaction(_Part):
    """What the satisfaction column may say; `none`: words for "nothing said", such as Offered."""

    good: Words
    bad: Words
    none: Words = ()


class Desk(_Part):
    """One desk's export. Words of state, satisfaction, emergency and `missing` are compared without regard to case.

    unread: columns that the export has besides; where they are named, a new one is told of.
    unanswered_states: says that the file is an event log, each row with the time of one event of a case: the first
    response is the earliest `first_response` of a row in any other state. Else the last row of a case says all.
    """

    desk: str = Field(min_length=1)
    files: Named
    delimiter: Annotated[str, AfterValidator(delimited.check_delimiter)] = ","
    encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"
    zone: Annotated[str, AfterValidator(lambda name: times.zone(name).key)] = "UTC"
    format: Annotated[str, AfterValidator(times.check_format)] = "%Y-%m-%d %H:%M:%S"
    missing: Words = ("",)
    columns: Columns
    unread: Named | None = None
    closed_states: Words = ()
    unanswered_states: Words = ()
    satisfaction: Satisfaction | None = None
    emergency: Words = ()

    @model_validator(mode="after")
    def _words_for_columns(self) -> "Desk":
        told = {"state": self.closed_states, "satisfaction": self.satisfaction, "emergency": self.emergency}
        names = {"state": "closed_states", "satisfaction": "satisfaction", "emergency": "emergency"}
        for column, words in told.items():
            if getattr(self.columns, column) and not words:
                raise ValueError(f"the column {column} is mapped: {names[column]} must say its words")
            if words and not getattr(self.columns, column):
                raise ValueError(f"{names[column]} is given: columns must say which column {column} is")
        if self.unanswered_states and not (self.columns.state and self.columns.first_response):
            raise ValueError("unanswered_states is given: columns must say which columns state and first_response are")
        return self


class Settings(_Part):
    """The help desks of an instance."""

    desks: tuple[Desk, ...]


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per desk; its files are read one at a time."""
    return [Delivery("tickets", desk.files, desk.model_dump(exclude={"files"})) for desk in settings.desks]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one export, in the order of the file."""
    (file,) = landed.files
    desk = Desk.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    yield from watched(file, desk.columns.wanted(), PROMISE, batches("raw_tickets", COLUMNS, _outcomes(file, desk)))


def _outcomes(file: LandedFile, desk: Desk) -> Iterator[tuple[int, Row | Reject]]:
    layout = Layout(desk.delimiter, desk.encoding)
    records = delimited.records(file, layout)
    header = [name.strip() for name in next(records).fields]
    mapped = desk.columns.mapped()
    places = delimited.check_columns(file, layout, header, desk.columns.wanted(), PROMISE)
    yield from ((0, one) for one in drift.new(header, places, desk.unread, PROMISE))
    reading = _Reading(desk, mapped, places, times.Clock(desk.zone, desk.format), file.received_at + AHEAD)
    for record in records:
        yield record.done, reading.outcome(record)


class _Unreadable(Exception):
    """What makes a row unusable: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


@dataclass(frozen=True)
class _Reading:
    """How rows of one export are read. places: where each column stands. latest: no time can lie behind it."""

    desk: Desk
    columns: Mapping[str, tuple[str, ...]]
    places: Mapping[str, int]
    clock: times.Clock
    latest: datetime

    def outcome(self, record: Record) -> Row | Reject:
        if record.broken:
            return Reject(record.line, record.broken, f"{len(record.fields)} fields")
        try:
            return self._row(record)
        except _Unreadable as why:
            return Reject(record.line, why.rule, why.excerpt)

    def _row(self, record: Record) -> Row:
        said = {name: self._said(record.fields, columns) for name, columns in self.columns.items()}
        state = _fold(said.get("state"))
        if state in self.desk.unanswered_states:
            said["first_response"] = None
        moments: dict[str, datetime | None] = {}
        for name in TIMES:
            moments[f"{name}_at"] = self._time(name, said.get(name), moments.get("opened_at"))
        return {
            "line": record.line,
            "desk": self.desk.desk,
            "case": said["id"],
            **moments,
            **{name: said.get(name) for name in WORDS},
            "state": None if state is None else "closed" if state in self.desk.closed_states else "open",
            "satisfaction": self._satisfaction(_fold(said.get("satisfaction"))),
            "is_emergency": _fold(said.get("emergency")) in self.desk.emergency if self.desk.emergency else None,
            "is_event": bool(self.desk.unanswered_states),
        }

    def _said(self, fields: list[str], columns: tuple[str, ...]) -> str | None:
        for column in columns:
            text = fields[self.places[column]].strip()
            if delimited.is_undecoded(text):
                raise _Unreadable(f"text in {self.desk.encoding} without NUL", f"{column}: {shape(text)}")
            if text.casefold() not in self.desk.missing and text:
                return text
        return None

    def _time(self, name: str, text: str | None, opened: datetime | None) -> datetime | None:
        if text is None:
            return None
        column = " or ".join(self.columns[name])
        try:
            moment = self.clock.utc(text, not_before=opened)
        except ValueError as error:
            raise _Unreadable(f"{name} is a time as {self.desk.format}", f"{column}: {shape(text)}") from error
        if moment > self.latest:
            raise _Unreadable(f"{name} is not after the receipt of its file", f"{column}: year {moment.year}")
        return moment

    def _satisfaction(self, word: str | None) -> str | None:
        words = self.desk.satisfaction
        if words is None:
            return None
        if word is None or word in words.none:
            return "none"
        return "good" if word in words.good else "bad" if word in words.bad else "other"


def _fold(text: str | None) -> str | None:
    return None if text is None else text.casefold()
