"""The times of iCalendar (RFC 5545): days, local times, UTC, durations, and time zones by name or by their own rules.

It has no clock. A local time that comes twice is the first of the two; one that does not exist is read as if the clocks
had not been put forward yet.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from etl.formats import recurrence, times
from etl.formats.calendar_file import Component
from etl.formats.content_lines import ContentLine

ToUtc = Callable[[datetime], datetime]  # a local time to UTC, both without zone
NOTHING = timedelta(0)
_DAY = re.compile(r"\d{8}")
_MOMENT = re.compile(r"(\d{8})T(\d{6})(Z?)")
_DURATION = re.compile(r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")


@dataclass(frozen=True)
class Moment:
    """A time as it is written. zone: what names or makes it; is_day: a whole day, at its midnight."""

    local: datetime
    zone: str
    to_utc: ToUtc
    is_day: bool = False

    @property
    def utc(self) -> datetime:
        return self.to_utc(self.local)

    def at(self, local: datetime) -> "Moment":
        """Another time by the same clock."""
        return Moment(local, self.zone, self.to_utc, self.is_day)


@dataclass(frozen=True)
class Length:
    """How long something takes: `wall` by the clock on the wall, and then `exact` whatever clocks do."""

    wall: timedelta = NOTHING
    exact: timedelta = NOTHING

    def end(self, start: Moment) -> datetime:
        """The end in UTC of what begins then."""
        return start.to_utc(start.local + self.wall) + self.exact


@dataclass(frozen=True)
class Clocks:
    """The zones of one calendar. floating: the zone of times that name none; until: how far rules are followed."""

    floating: str
    zones: Mapping[str, Component]
    until: datetime
    _own: dict[str, ToUtc] = field(default_factory=dict, compare=False)  # the calendar's own zones, once they were read

    def moments(self, line: ContentLine) -> Iterator[Moment]:
        """The times of a property, one or several; ValueError, saying what is wrong, where it has no such times."""
        for word in line.value.split(","):
            yield self.moment(word.strip(), line.said("TZID"))

    def moment(self, told: str, zone: str) -> Moment:
        if _DAY.fullmatch(told):
            return Moment(datetime.combine(_date(told), time()), self.floating, _iana(self.floating), is_day=True)
        found = _MOMENT.fullmatch(told)
        if found is None:
            raise ValueError("a time is written as 20261112T220000, with Z for UTC, or a day as 20261112")
        local = datetime.combine(_date(found[1]), _time(found[2]))
        if found[3]:
            return Moment(local, "UTC", _same)
        if not zone:
            return Moment(local, self.floating, _iana(self.floating))
        return Moment(local, zone, self._zone(zone))

    def floating_utc(self, local: datetime) -> datetime:
        """A time of the floating zone in UTC."""
        return _iana(self.floating)(local)

    def _zone(self, name: str) -> ToUtc:
        """The zone that everybody knows by that name, else the calendar's own of it.

        Names without a region, such as EST, mean what the calendar says; names with a path in front what stands behind.
        """
        parts = name.split("/")
        if name in self.zones and len(parts) == 1:
            return self._own_zone(name)
        for known in dict.fromkeys("/".join(parts[-size:]) for size in (len(parts), 3, 2)):
            try:
                return _iana(known)
            except ValueError:
                continue
        if name not in self.zones:
            raise ValueError("a time zone is one that everybody knows, or the calendar says its rules")
        return self._own_zone(name)

    def _own_zone(self, name: str) -> ToUtc:
        if name not in self._own:
            self._own[name] = _own_zone(self.zones[name], self.until)
        return self._own[name]


def length(told: str) -> Length:
    """A duration: its weeks and days by the clock on the wall, its hours, minutes and seconds exactly."""
    found = _DURATION.fullmatch(told.strip())
    if found is None or not any(found.groups()[1:]) or found[1] == "-":
        raise ValueError("a duration is written as PT8H or P1D")
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:])
    wall = timedelta(weeks=weeks, days=days)
    return Length(wall, timedelta(hours=hours, minutes=minutes, seconds=seconds))


def between(start: Moment, end: Moment) -> Length:
    """From start to end as calendars show it: by the clock on the wall, unless the two go by different clocks."""
    if start.zone == end.zone:
        return Length(end.local - start.local)
    return Length(exact=end.utc - start.utc)


@lru_cache(maxsize=256)
def _iana(name: str) -> ToUtc:
    return partial(_in_utc, times.zone(name))


def _in_utc(zone: ZoneInfo, local: datetime) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def _same(local: datetime) -> datetime:
    return local


def _own_zone(zone: Component, until: datetime) -> ToUtc:
    """A zone by its own rules: from each of its changes on, another offset."""
    changes = sorted((change for part in zone.parts for change in _changes(part, until)), key=lambda one: one[0])
    if not changes:
        raise ValueError("a time zone says when its clocks change")
    begins = [begin for begin, _, _ in changes]

    def to_utc(local: datetime) -> datetime:
        place = bisect_right(begins, local)
        return local - (changes[place - 1][2] if place else changes[0][1])

    return to_utc


def _changes(part: Component, until: datetime) -> Iterator[tuple[datetime, timedelta, timedelta]]:
    """When an offset begins, by the clock on the wall, which one it was and which it is then.

    Put forward: times in between do not exist and are still read by the old offset. Put back: those that come twice
    are read as the first, by the old offset too.
    """
    before, after = _offset(part.said("TZOFFSETFROM")), _offset(part.said("TZOFFSETTO"))
    skipped = max(after - before, NOTHING)
    for local in _onsets(part, before, until):
        yield local + skipped, before, after


def _onsets(part: Component, before: timedelta, until: datetime) -> Iterator[datetime]:
    clocks = Clocks("UTC", {}, until)
    first = clocks.moment(part.said("DTSTART"), "").local
    yield first
    for line in part.all("RDATE"):
        yield from (moment.local for moment in clocks.moments(line))
    for line in part.all("RRULE"):
        rule = recurrence.parse(line.value)
        last = clocks.moment(rule.until, "").local if rule.until else None
        for local in recurrence.starts(rule, first, until):
            if last is not None and local - before > last:
                break
            yield local


def _offset(told: str) -> timedelta:
    found = _OFFSET.fullmatch(told)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        raise ValueError("an offset of a time zone is written as +0100")
    size = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -size if found[1] == "-" else size


def _date(told: str) -> date:
    try:
        return date(int(told[:4]), int(told[4:6]), int(told[6:]))
    except ValueError as error:
        raise ValueError("a day is one that the calendar has") from error


def _time(told: str) -> time:
    try:
        return time(int(told[:2]), int(told[2:4]), min(int(told[4:]), 59))  # a leap second is the second before it
    except ValueError as error:
        raise ValueError("a time is one that the day has") from error
