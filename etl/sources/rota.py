"""Rotas: who is on call when, from iCalendar files (.ics), one row per shift and person; names are hashed at the door.

Only events that are shifts by the instance's settings are read, and of them only times, who is named and which role.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from data_contracts.faults import Faults, FeedFault, UserFault
from etl.feed import Batch, Delivery, Landed, Reject, shape
from etl.formats import times
from etl.formats.batches import Row, batches
from etl.formats.calendar_events import BEGINNING, Event, Occurrence, Unreadable, grouped, occurrences
from etl.formats.calendar_file import Component, calendars
from etl.formats.calendar_times import Clocks
from etl.formats.content_lines import text

COLUMNS = ("line", "rota", "role", "person", "starts_at", "ends_at", "horizon_days")
WANTED = ("rota", "role", "starts_at", "ends_at", "horizon_days")
MOST_SHIFTS = 200_000  # of one rota: eight people who change each hour, for three years
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = timedelta(days=1)
NOT_A_PERSON = ("ROOM", "RESOURCE")
_TIME_OF_DAY = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00")

Span = tuple[datetime, datetime]


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _pattern(told: str) -> str:
    try:
        re.compile(told)
    except re.error as error:
        raise ValueError(f"it is no regular expression: {error}") from error
    return told


def _time_of_day(told: Any) -> Any:
    if isinstance(told, int):  # 22:00 without quotes is 1320 in YAML
        return f"{told // 60:02d}:{told % 60:02d}"
    return told


def _is_time_of_day(told: str) -> str:
    if not _TIME_OF_DAY.fullmatch(told):
        raise ValueError('a time of the day such as "22:00" is wanted')
    return told


Pattern = Annotated[str, AfterValidator(_pattern)]
Clock = Annotated[str, BeforeValidator(_time_of_day), AfterValidator(_is_time_of_day)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Hours(_Part):
    """Hours in which somebody is wanted, by the rota's clock; those that end before they begin end on the day after."""

    days: tuple[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], ...] = WEEKDAYS  # type: ignore[assignment]
    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class Rota(_Part):
    """One rota. Every event is a shift of `role`, or of the first of `roles` whose expression fits its summary or a
    category of it; an event that fits none is no shift, and nothing of it is kept.

    person: where the person's name stands: attendee, summary, or the name of the calendar (else of its file).
    person_pattern: which part of it is the name: the first group of the expression.
    wanted: by role, the hours in which somebody must be there; without it always. horizon_days: how far ahead to look.
    """

    rota: str = Field(min_length=1)
    files: Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
    zone: Annotated[str, AfterValidator(lambda name: times.zone(name).key)] = "UTC"
    role: str | None = Field(default=None, min_length=1)
    roles: Mapping[str, Pattern] = Field(default_factory=dict)
    person: Literal["attendee", "summary", "calendar"] = "attendee"
    person_pattern: Pattern | None = None
    wanted: Mapping[str, tuple[Hours, ...]] = Field(default_factory=dict)
    horizon_days: int = Field(default=14, ge=1, le=365)

    @property
    def all_roles(self) -> tuple[str, ...]:
        return (self.role,) if self.role else tuple(self.roles)

    @model_validator(mode="after")
    def _roles_are_told(self) -> "Rota":
        if bool(self.role) == bool(self.roles):
            raise ValueError("either role, for every event, or roles, each with its expression, must be given")
        unknown = set(self.wanted) - set(self.all_roles)
        if unknown:
            raise ValueError(f"wanted names {', '.join(sorted(unknown))}, which is no role of this rota")
        if self.person_pattern and not re.compile(self.person_pattern).groups:
            raise ValueError("person_pattern must have a group, in brackets, that is the name")
        return self


class Settings(_Part):
    """The rotas of an instance; a role belongs to one of them."""

    rotas: tuple[Rota, ...]

    @field_validator("rotas")
    @classmethod
    def _each_role_once(cls, rotas: tuple[Rota, ...]) -> tuple[Rota, ...]:
        for names in ([one.rota for one in rotas], [role for one in rotas for role in one.all_roles]):
            twice = [name for name, count in Counter(names).items() if count > 1]
            if twice:
                raise ValueError(f"each rota and each role once; {', '.join(twice)} stands more than once")
        return rotas


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per rota, its files together: a change can stand in another file than what it changes."""
    return [
        Delivery("rota", one.files, one.model_dump(exclude={"files"}, by_alias=True), together=True)
        for one in settings.rotas
    ]


def read(landed: Landed) -> Iterator[Batch]:
    """The shifts of one rota and when somebody is wanted, followed to the end of the year after receipt."""
    rota = Rota.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    known_until = datetime(max(file.received_at.year for file in landed.files) + 2, 1, 1)
    events, faults = _events(landed, rota, known_until)
    reading = _Reading(rota, known_until, tuple(file.name for file in landed.files))
    outcomes: list[list[Row | Reject]] = [[] for _ in landed.files]
    for at, outcome in reading.outcomes(events):
        outcomes[at].append(outcome)
    for at, file in enumerate(landed.files):
        told = ((file.bytes, one) for one in outcomes[at])
        yield from batches("raw_rota", COLUMNS, told, file=at)
    rows = [one for several in outcomes for one in several if not isinstance(one, Reject)]
    yield from batches("raw_rota_wanted", WANTED, ((0, one) for one in _wanted_rows(rota, rows, known_until)))
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)


def _events(landed: Landed, rota: Rota, until: datetime) -> tuple[list[Event], list[UserFault]]:
    """Every event that could be read, and what is wrong with files."""
    events: list[Event] = []
    faults: list[UserFault] = []
    for at, file in enumerate(landed.files):
        try:
            for calendar in calendars(file):
                clocks = Clocks(rota.zone, calendar.zones, until)
                owner = calendar.name or file.name
                events += (Event(one, clocks, at, owner) for one in calendar.events)
        except FeedFault as fault:
            faults.append(fault)
    return events, faults


@dataclass(frozen=True)
class _Reading:
    """How events become shifts."""

    rota: Rota
    until: datetime
    names: Sequence[str]

    def outcomes(self, events: Sequence[Event]) -> Iterator[tuple[int, Row | Reject]]:
        """The shifts, one per person, with the file that tells of each; what is wrong with an event is said once."""
        count, refused = 0, set[tuple[int, int, str]]()
        for group in self._groups(events):
            for one in occurrences(group, self.until):
                for outcome in self._outcome(one):
                    count += 1
                    if count > MOST_SHIFTS:
                        where, found = ", ".join(self.names), f"more than {MOST_SHIFTS:,} shifts"
                        raise FeedFault(where, found, "the shifts of a rota", "Correct what recurs without end.")
                    if isinstance(outcome, Reject):
                        said = one.event.file, outcome.line, outcome.rule
                        if said in refused:
                            continue
                        refused.add(said)
                    yield one.event.file, outcome

    def _groups(self, events: Sequence[Event]) -> list[list[Event]]:
        if self.rota.person != "calendar":
            return grouped(events)
        files = sorted({one.file for one in events})  # an event in two people's calendars is a shift of each
        return [group for at in files for group in grouped([one for one in events if one.file == at])]

    def _outcome(self, one: Occurrence | Unreadable) -> Iterator[Row | Reject]:
        said = one.event.said
        role = self._role(said)
        if role is None:
            return
        if isinstance(one, Unreadable):
            found = said.first(one.property)
            value = shape(found.value) if found else "missing"
            yield Reject(said.line, one.rule, f"{one.property}: {value}")
            return
        people = self._people(one.event)
        if not people:
            yield Reject(
                said.line, "a shift names a person", f"from {one.start:%Y-%m-%d %H:%M} UTC, {self.rota.person}"
            )
        for person in people:
            yield {
                "line": said.line, "rota": self.rota.rota, "role": role, "person": person, "starts_at": one.start,
                "ends_at": one.end, "horizon_days": self.rota.horizon_days,
            }  # fmt: skip

    def _role(self, said: Component) -> str | None:
        """The role of a shift; None where the event is none."""
        if self.rota.role:
            return self.rota.role
        texts = [text(line.value) for line in said.all("SUMMARY")]
        texts += [word for line in said.all("CATEGORIES") for word in line.words]
        fits = (role for role, told in self.rota.roles.items() if any(re.search(told, one) for one in texts))
        return next(fits, None)

    def _people(self, event: Event) -> list[str]:
        """The names of those on the shift, each once, without regard to case and blanks."""
        named = (self._name(told) for told in self._told(event))
        return list(dict.fromkeys(one for one in named if one))

    def _told(self, event: Event) -> Iterable[str]:
        if self.rota.person == "attendee":
            return [
                re.sub("(?i)^mailto:", "", line.value.strip())
                for line in event.said.all("ATTENDEE")
                if line.said("PARTSTAT").upper() != "DECLINED" and line.said("CUTYPE").upper() not in NOT_A_PERSON
            ]
        if self.rota.person == "summary":
            return [event.said.said("SUMMARY")]
        return [event.calendar]

    def _name(self, told: str) -> str:
        if self.rota.person_pattern:
            found = re.search(self.rota.person_pattern, told)
            told = found[1] or "" if found else ""
        return " ".join(told.split()).casefold()


def _wanted_rows(rota: Rota, rows: Sequence[Row], until: datetime) -> Iterator[Row]:
    """When somebody is wanted, from the role's first shift on; where it has none, from the rota's."""
    firsts: dict[str, datetime] = {}
    for row in rows:
        firsts[row["role"]] = min(row["starts_at"], firsts.get(row["role"], until))
    for role in rota.all_roles if firsts else ():
        first = firsts.get(role, min(firsts.values()))
        for starts_at, ends_at in _spans(rota, role, first, until):
            yield {
                "rota": rota.rota, "role": role, "starts_at": starts_at, "ends_at": ends_at,
                "horizon_days": rota.horizon_days,
            }  # fmt: skip


def _spans(rota: Rota, role: str, first: datetime, until: datetime) -> Iterator[Span]:
    """The times in UTC, put together where they touch; those of 24 hours a day are one."""
    hours = rota.wanted.get(role)
    if hours is None:
        yield first, until
        return
    held: Span | None = None
    for start, end in sorted(_by_clock(rota, hours, first, until)):
        start, end = max(start, first), min(end, until)
        if start >= end:
            continue
        if held is not None and start <= held[1]:
            held = held[0], max(held[1], end)
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held


def _by_clock(rota: Rota, hours: Sequence[Hours], first: datetime, until: datetime) -> Iterator[Span]:
    clocks = Clocks(rota.zone, {}, until)
    day = datetime.combine(max(first, BEGINNING).date(), time()) - 2 * DAY
    while day < until + DAY:
        for one in hours:
            if WEEKDAYS[day.weekday()] in one.days:
                start, end = day + _since_midnight(one.begin), day + _since_midnight(one.end)
                end += DAY if end <= start else timedelta(0)
                yield clocks.floating_utc(start), clocks.floating_utc(end)
        day += DAY


def _since_midnight(told: str) -> timedelta:
    hours, _, minutes = told.partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
