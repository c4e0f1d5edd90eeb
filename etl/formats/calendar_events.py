"""Turns the events of calendars into what happens when: recurrences, exceptions and single changes followed, in UTC.

It knows no person and no role: each occurrence has the event that tells of it. What cannot be followed is `Unreadable`.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from etl.formats import recurrence
from etl.formats.calendar_file import Component
from etl.formats.calendar_times import Clocks, Length, Moment, between, length
from etl.formats.content_lines import ContentLine

MOST = 100_000  # occurrences of one event: each hour for eleven years
BEGINNING = datetime(2001, 1, 1)


@dataclass(frozen=True)
class Event:
    """An event in its calendar. file: which of the files it came in; calendar: that one's name."""

    said: Component
    clocks: Clocks
    file: int = 0
    calendar: str = ""

    @property
    def age(self) -> tuple[int, str, int, int]:
        """Of two versions of one event the greater is the later one."""
        sequence = self.said.said("SEQUENCE")
        stamp = self.said.said("LAST-MODIFIED") or self.said.said("DTSTAMP")
        return int(sequence[:9]) if sequence.isdecimal() else 0, stamp, -self.file, self.said.line


@dataclass(frozen=True)
class Occurrence:
    """Something happens from start to end (UTC, without zone), as `event` tells."""

    event: Event
    start: datetime
    end: datetime


class Unreadable(Exception):
    """An event that cannot be followed: the rule that it breaks, and which property breaks it."""

    def __init__(self, event: Event, rule: str, property: str) -> None:
        super().__init__(rule, property)
        self.event, self.rule, self.property = event, rule, property


@dataclass(frozen=True)
class _Instance:
    """A time at which an event recurs, and how long it then takes."""

    start: Moment
    length: Length

    @property
    def names(self) -> tuple[Hashable, Hashable]:
        """What a change or an exception can call it: its moment, or its day."""
        return self.start.utc, self.start.local.date()


def grouped(events: Sequence[Event]) -> list[list[Event]]:
    """The events that are one and its changes, by their UID; those without one each for itself."""
    found: dict[Hashable, list[Event]] = defaultdict(list)
    for event in events:
        found[event.said.said("UID") or (event.file, event.said.line)].append(event)
    return list(found.values())


def occurrences(group: Sequence[Event], until: datetime) -> Iterator[Occurrence | Unreadable]:
    """What happens before `until` of one event and its changes; what cannot be followed in its place."""
    series: list[Event] = []
    changes: dict[Hashable, tuple[Moment, Event]] = {}
    for event in sorted(group, key=lambda one: one.age):
        try:
            moment = _recurrence_id(event)
        except Unreadable as why:
            yield why
            continue
        if moment is None:
            series = [event]
        else:
            changes[_name(moment)] = moment, event  # a later version takes the place of an earlier one
    for event in series:
        yield from _read(event, changes, until)
    for _, event in changes.values():
        yield from _read(event, {}, until)


def _read(
    event: Event, changes: Mapping[Hashable, tuple[Moment, Event]], until: datetime
) -> Iterator[Occurrence | Unreadable]:
    """The occurrences that the event itself tells of, none of those that have a change of their own."""
    if event.said.said("STATUS").upper() == "CANCELLED":
        return
    try:
        start = _moment(event, "DTSTART")
        if start.utc < BEGINNING:
            raise ValueError(f"a shift begins in {BEGINNING.year} or later")
        own = _Instance(start, _length(event, start))
        instances = _recurring(event, own, until) if event.said.first("RECURRENCE-ID") is None else [own]
        yield from _changed(event, instances, changes, until)
    except Unreadable as why:
        yield why
    except (ValueError, OverflowError) as error:
        yield Unreadable(event, _told(error), "DTSTART")


def _changed(
    event: Event,
    instances: Sequence[_Instance],
    changes: Mapping[Hashable, tuple[Moment, Event]],
    until: datetime,
) -> Iterator[Occurrence]:
    onward = sorted((one for one in changes.values() if _is_onward(one[1])), key=lambda one: one[0].utc)
    for instance in instances:
        if any(name in changes for name in instance.names):
            continue
        told = event
        latest = [one for one in onward if one[0].utc <= instance.start.utc]
        if latest:  # this one and all that follow were changed
            moment, told = latest[-1]
            if told.said.said("STATUS").upper() == "CANCELLED":
                continue
            moved = _moment(told, "DTSTART")
            start = instance.start.at(instance.start.local + (moved.utc - moment.utc))
            instance = _Instance(start, _length(told, moved))
        start_at, end_at = instance.start.utc, instance.length.end(instance.start)
        if start_at < until and start_at < end_at:  # 02:00 to 03:00 takes no time on the night that has no such hour
            yield Occurrence(told, start_at, end_at)


def _recurring(event: Event, own: _Instance, until: datetime) -> list[_Instance]:
    """The event's first time and all others, without its exceptions, in their order."""
    found = {own.start.utc: own}
    for line in event.said.all("RRULE"):
        for start in _by_rule(event, line, own.start, until):
            found.setdefault(start.utc, replace(own, start=start))
            if len(found) > MOST:
                raise Unreadable(event, f"an event happens at most {MOST:,} times", "RRULE")
    for line in event.said.all("RDATE"):
        for instance in _by_date(event, line, own):
            found[instance.start.utc] = instance
    if event.said.all("EXRULE"):
        raise Unreadable(event, "exceptions are dates: EXRULE was taken out of iCalendar in 2009", "EXRULE")
    gone = {_name(moment) for line in event.said.all("EXDATE") for moment in _moments(event, line)}
    return [found[at] for at in sorted(found) if not gone.intersection(found[at].names)]


def _by_rule(event: Event, line: ContentLine, start: Moment, until: datetime) -> Iterator[Moment]:
    try:
        _usable(line)
        rule = recurrence.parse(line.value)
        last = event.clocks.moment(rule.until, start.zone if start.zone != "UTC" else "") if rule.until else None
    except ValueError as error:
        raise Unreadable(event, _told(error), "RRULE") from error
    found = map(start.at, recurrence.starts(rule, start.local, until + timedelta(days=1)))
    return takewhile(lambda one: not _is_behind(one, last), found)


def _is_behind(one: Moment, last: Moment | None) -> bool:
    """Whether it is behind the last; a last day counts as a whole."""
    if last is None:
        return False
    return one.local.date() > last.local.date() if last.is_day else one.utc > last.utc


def _by_date(event: Event, line: ContentLine, own: _Instance) -> Iterator[_Instance]:
    """Times in a list; a period says how long it takes."""
    try:
        _usable(line)
        for word in line.value.split(","):
            began, _, ended = word.strip().partition("/")
            start = event.clocks.moment(began, line.said("TZID"))
            if not ended:
                yield replace(own, start=start)
            elif ended.startswith(("P", "+")):
                yield _Instance(start, length(ended))
            else:
                yield _Instance(start, between(start, event.clocks.moment(ended, line.said("TZID"))))
    except ValueError as error:
        raise Unreadable(event, _told(error), "RDATE") from error


def _length(event: Event, start: Moment) -> Length:
    """How long the event takes, by its end, else by its duration, else a day where it is of days."""
    ended, lasting = event.said.first("DTEND"), event.said.first("DURATION")
    if ended is not None:
        taken, name = between(start, _moment(event, "DTEND")), "DTEND"
    elif lasting is not None:
        try:
            taken, name = length(lasting.value), "DURATION"
        except ValueError as error:
            raise Unreadable(event, _told(error), "DURATION") from error
    else:
        taken, name = Length(timedelta(days=1) if start.is_day else timedelta(0)), "DTEND"
    if taken.wall + taken.exact <= timedelta(0):
        raise Unreadable(event, "a shift ends after it began", name)
    return taken


def _recurrence_id(event: Event) -> Moment | None:
    """Which time of its series a change is of; None where the event is no change."""
    line = event.said.first("RECURRENCE-ID")
    if line is None:
        return None
    if line.said("RANGE").upper() not in ("", "THISANDFUTURE"):
        raise Unreadable(event, "a change is of one time, or of it and all that follow", "RECURRENCE-ID")
    return _moment(event, "RECURRENCE-ID")


def _is_onward(event: Event) -> bool:
    line = event.said.first("RECURRENCE-ID")
    return line is not None and line.said("RANGE").upper() == "THISANDFUTURE"


def _moment(event: Event, name: str) -> Moment:
    line = event.said.first(name)
    if line is None:
        raise Unreadable(event, f"an event says its {name}", name)
    (moment, *more) = _moments(event, line)
    if more:
        raise Unreadable(event, f"{name} is one time", name)
    return moment


def _moments(event: Event, line: ContentLine) -> list[Moment]:
    try:
        _usable(line)
        found = list(event.clocks.moments(line))
        for one in found:
            _ = one.utc  # of each it is known when it is
    except (ValueError, OverflowError) as error:
        raise Unreadable(event, _told(error), line.name) from error
    return found


def _name(moment: Moment) -> Hashable:
    return moment.local.date() if moment.is_day else moment.utc


def _usable(line: ContentLine) -> None:
    if line.broken:
        raise ValueError(line.broken)


def _told(error: Exception) -> str:
    return "a time lies in the calendar" if isinstance(error, OverflowError) else str(error)
