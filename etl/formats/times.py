"""Reads the times that people's tools write, in a named zone and format, as UTC without zone.

It has no clock and knows no feed.

Nights on which the clocks change:
    A local time that the clocks jump over (spring) does not exist; it is read as if they had not been put forward yet,
    so 02:30 of a night that goes from 02:00 to 03:00 is half an hour after the jump.
    A local time that comes twice (autumn) is read as the first of the two, unless that lies before `not_before` (a
    reply cannot come before its case) while the second does not.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EXAMPLE = datetime(2031, 12, 29, 23, 58, 59)  # no two parts of it are alike, so that a lost part shows
LONGEST = 200  # signs of a time; a pattern looks for its zone from each of them
ZONE_BEHIND = re.compile(
    r"\s*\(([A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*)\)$"
)  # as Znuny writes: 2023-10-16 09:40:43 (Europe/Rome)


@dataclass(frozen=True)
class Clock:
    """How times are written: an IANA zone for times that say none themselves, and a format as `strptime` reads it."""

    zone: str
    format: str

    def utc(self, text: str, not_before: datetime | None = None) -> datetime:
        """The time in UTC, without zone. Raises ValueError where it is not written so, or no calendar has it.

        A zone in the text itself is what counts: an offset (`%z` in the format) or a name in brackets behind it.
        """
        if len(text) > LONGEST:
            raise ValueError(f"a time of {len(text)} signs")
        named = ZONE_BEHIND.search(text)
        local = datetime.strptime(text[: named.start()] if named else text, self.format)
        if local.tzinfo is not None:
            return _in_utc(local)
        return placed(local, named.group(1) if named else self.zone, not_before)


def placed(local: datetime, zone_name: str, not_before: datetime | None = None) -> datetime:
    """The time in UTC of what the clocks on the walls of a zone show."""
    there = local.replace(tzinfo=zone(zone_name))
    first, second = _in_utc(there), _in_utc(there.replace(fold=1))
    if not_before is not None and first < not_before <= second:
        return second
    return first


def zone(name: str) -> ZoneInfo:
    """The zone of that name; ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f'no time zone is called "{name}"; a name such as Europe/Berlin or UTC is wanted') from error


def check_format(pattern: str) -> str:
    """The format itself; ValueError where it does not hold a whole date."""
    try:
        again = datetime.strptime(EXAMPLE.replace(tzinfo=UTC).strftime(pattern), pattern)
    except ValueError as error:
        raise ValueError(f'"{pattern}" cannot be read: {error}') from error
    if again.date() != EXAMPLE.date():
        raise ValueError(f'"{pattern}" holds no whole date; one such as %Y-%m-%d %H:%M:%S is wanted')
    return pattern


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError("the time lies outside of the calendar") from error
