"""Znuny and OTRS: a CSV report of tickets, its columns found in whatever language it was exported.

It loads times, states, queues and minutes; a title is looked at only to tell emergencies, and nothing else is read.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.formats import delimited, drift, opening, times, znuny_rows
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout
from etl.formats.drift import watched
from etl.formats.znuny_rows import Reading, Sign

CLOSED = (
    "closed", "closed successful", "closed unsuccessful", "closed with workaround", "merged", "erfolgreich geschlossen",
    "erfolglos geschlossen", "mit workaround geschlossen", "zusammengeführt",
)  # fmt: skip
REMOVED = ("removed", "entfernt")
AHEAD = timedelta(days=1)  # clocks and zones differ; a time this far behind the receipt of its file cannot be true
FIRST_LINE = 1 << 16


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Emergency(_Part):
    """How an emergency is told: whole names of queues, or words in a title."""

    queues: Words = ()
    titles: Words = ()

    @model_validator(mode="after")
    def _no_empty_word(self) -> "Emergency":
        if not all((*self.queues, *self.titles)):
            raise ValueError("an empty word would make every ticket an emergency")
        return self


class Desk(_Part):
    """One desk's reports.

    delimiter: told by the header where it is not given. zone: of times that do not name theirs; the database has UTC.
    columns: names of columns, where the header is in a language that is not known; an empty name takes a column out.
    unread: columns that a report has besides; where they are named, a new one is told of.
    diff_in_minutes: what positive minutes of ...DiffInMin mean: `left` until the target, or `over` it. Without it
    nothing is said of targets. States, queues and titles are compared without regard to case.
    """

    desk: str = Field(min_length=1)
    files: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
    delimiter: Annotated[str, AfterValidator(delimited.check_delimiter)] | None = None
    encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"
    zone: Annotated[str, AfterValidator(lambda name: times.zone(name).key)] = "UTC"
    format: Annotated[str, AfterValidator(times.check_format)] = "%Y-%m-%d %H:%M:%S"
    columns: dict[str, str] = {}
    unread: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = None
    closed_states: Words = CLOSED
    removed_states: Words = REMOVED
    diff_in_minutes: Sign | None = None
    emergency: Emergency = Emergency()

    @model_validator(mode="after")
    def _known_columns(self) -> "Desk":
        unknown = sorted(set(self.columns) - set(znuny_rows.NAMES))
        if unknown:
            raise ValueError(f"columns has {', '.join(unknown)}; it may have {', '.join(znuny_rows.NAMES)}")
        return self


class Settings(_Part):
    """The Znuny desks of an instance."""

    desks: tuple[Desk, ...] = Field(min_length=1)


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per desk; its reports are read one at a time."""
    return [Delivery("znuny", desk.files, desk.model_dump(exclude={"files"})) for desk in settings.desks]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one report, in the order of the file."""
    (file,) = landed.files
    desk = Desk.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    wanted = [(f"columns.{thing}", desk.columns.get(thing, names[0])) for thing, names in znuny_rows.NAMES.items()]
    found = batches("raw_znuny_ticket", znuny_rows.COLUMNS, _outcomes(file, desk))
    yield from watched(file, wanted, znuny_rows.PROMISE, found)


def _outcomes(file: LandedFile, desk: Desk) -> Iterator[tuple[int, Row | Reject]]:
    layout = Layout(desk.delimiter or _delimiter(file, desk.encoding), desk.encoding)
    records = delimited.records(file, layout)
    header = [name.strip() for name in next(records).fields]
    at = znuny_rows.places(file, layout, header, desk.columns)
    read = (header[place] for place in at.values())
    yield from ((0, one) for one in drift.new(header, read, desk.unread, znuny_rows.PROMISE))
    reading = _reading(desk, file)
    for record in records:
        yield record.done, znuny_rows.outcome(reading, at, record)


def _reading(desk: Desk, file: LandedFile) -> Reading:
    return Reading(
        desk.desk,
        times.Clock(desk.zone, desk.format),
        frozenset(desk.closed_states),
        frozenset(desk.removed_states),
        frozenset(desk.emergency.queues),
        desk.emergency.titles,
        desk.diff_in_minutes,
        file.received_at + AHEAD,
    )


def _delimiter(file: LandedFile, encoding: str) -> str:
    """The sign between the names of the header: Znuny writes what its user has chosen."""
    beginning, _ = next(opening.pieces(file))
    header = beginning[:FIRST_LINE].decode(encoding, "replace").splitlines()[:1]
    return ";" if header and header[0].count(";") > header[0].count(",") else ","
