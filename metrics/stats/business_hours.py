"""How many opening hours lie between two moments: another clock for the same estimators of time.

It touches nothing: moments in UTC and a calendar in, hours out. An instant is open where a clock on the wall there
shows an opening hour of that weekday and the day is no holiday; so a day of 23 or 25 hours counts with its true length.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

Micros = NDArray[np.int64]
Spans = tuple[tuple[int, int], ...]

SECOND = 1_000_000  # moments are whole microseconds since 1970
HOUR, DAY = 3600 * SECOND, 86400 * SECOND
EARLIEST, LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")
THURSDAY = 3  # 1970-01-01 was one; weekdays count from Monday, 0
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Calendar:
    """When somebody is there. zone: a name of the IANA database, such as "Europe/Berlin".

    hours: weekday (0 is Monday) -> opening hours in local time, as ("09:00", "12:30"); several a day may be given, the
    last may end at "24:00", and a weekday without any is closed. holidays: local dates that are closed.
    Raises ValueError where the zone is unknown, a weekday is none, a time is not written hh:mm, hours end before they
    begin, or two of a day overlap.
    """

    zone: str
    hours: Mapping[int, Iterable[tuple[str, str]]]
    holidays: Iterable[date] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called {self.zone!r}; wanted a name such as Europe/Berlin") from error
        object.__setattr__(self, "hours", {day: tuple(spans) for day, spans in self.hours.items()})
        object.__setattr__(self, "holidays", frozenset(self.holidays))
        strangers = [day for day in self.hours if day not in range(7)]
        if strangers:
            raise ValueError(f"weekdays run from 0 (Monday) to 6 (Sunday), not {strangers[0]!r}")
        if any(type(day) is not date for day in self.holidays):
            raise ValueError("holidays are dates, without a time of day")
        self.spans()

    def spans(self) -> tuple[Spans, ...]:
        """Monday to Sunday: the opening hours as microseconds since local midnight, in order."""
        return tuple(_spans(WEEKDAYS[day], self.hours.get(day, ())) for day in range(7))


def business_hours(starts: ArrayLike, ends: ArrayLike, calendar: Calendar) -> NDArray[np.float64]:
    """The opening hours between each start and its end, for instance as durations for `kaplan_meier`.

    starts, ends: shape (n,), moments in UTC: numpy's datetime64, or datetimes without a zone; between 1900 and 2200.
    Returns hours of shape (n,), NaN where either is missing (NaT, None). Of an open case the end is the last moment at
    which it was seen open, and the case is censored there, as with any clock.
    Raises ValueError where shapes differ, an end lies before its start, or these are no moments in UTC.
    """
    begun, ended = _moments(starts), _moments(ends)
    if begun.shape != ended.shape or begun.ndim != 1:
        raise ValueError(f"wanted two columns of one length, not {begun.shape} and {ended.shape}")
    known = ~(np.isnat(begun) | np.isnat(ended))
    first, last = begun[known].astype(np.int64), ended[known].astype(np.int64)
    if (last < first).any():
        where = np.flatnonzero(known)[last < first][0]
        raise ValueError(f"row {where} ends at {ended[where]}, before it starts at {begun[where]}")
    found = np.full(begun.shape, np.nan)
    if len(first):
        opened, closed = _openings(calendar, int(first.min()), int(last.max()))
        found[known] = (_so_far(last, opened, closed) - _so_far(first, opened, closed)) / HOUR
    return found


def _so_far(moments: Micros, opened: Micros, closed: Micros) -> Micros:
    """Opening time from the first opening to each moment."""
    if not len(opened):
        return np.zeros(len(moments), np.int64)
    before = np.concatenate(([0], np.cumsum(closed - opened)))
    place = np.searchsorted(opened, moments, side="right")
    latest = np.maximum(place - 1, 0)
    unspent = np.where(place > 0, np.maximum(closed[latest] - moments, 0), 0)  # of the opening that is under way
    return before[place] - unspent


def _openings(calendar: Calendar, first: int, last: int) -> tuple[Micros, Micros]:
    """Every opening and closing in UTC that touches the time from first to last, in order."""
    pieces = []
    for start, end, offset in _stretches(ZoneInfo(calendar.zone), first, last):
        opened, closed = _local(calendar, start + offset, end + offset)
        pieces.append(np.stack((opened, closed)) - offset)
    both = np.concatenate(pieces, axis=1)
    return both[0], both[1]


def _local(calendar: Calendar, first: int, last: int) -> tuple[Micros, Micros]:
    """The openings between two moments of one local time that runs on without a jump."""
    days = np.arange(first // DAY, last // DAY + 1)
    closed_days = np.array([(day - date(1970, 1, 1)).days for day in calendar.holidays], dtype=np.int64)
    days = days[~np.isin(days, closed_days)]
    pairs = [np.zeros((0, 2), np.int64)]
    for weekday, spans in enumerate(calendar.spans()):
        midnights = days[(days + THURSDAY) % 7 == weekday] * DAY
        pairs.extend(midnights[:, None] + np.array([span]) for span in spans)
    both = np.clip(np.concatenate(pairs), first, last)
    both = both[both[:, 0] < both[:, 1]]
    both = both[np.argsort(both[:, 0])]
    return both[:, 0], both[:, 1]


def _stretches(zone: ZoneInfo, first: int, last: int) -> list[tuple[int, int, int]]:
    """The time from first to last, cut where the zone's clocks jump: start, end, and how far local time is ahead.

    Days are looked at one by one, and a jump is found to the second by halving: of no zone are two within a day known.
    """
    looks = [*range(first - first % SECOND, last + DAY, DAY)]
    cuts = [first]
    for before, after in pairwise(looks):
        if _ahead(zone, before) != _ahead(zone, after):
            cuts.append(_jump(zone, before, after))
    cuts = [cut for cut in cuts if cut < last] or [first]
    return [(start, end, _ahead(zone, start)) for start, end in pairwise([*cuts, last])]


def _jump(zone: ZoneInfo, before: int, after: int) -> int:
    """The first second of the new local time."""
    old = _ahead(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        before, after = (middle, after) if _ahead(zone, middle) == old else (before, middle)
    return after


def _ahead(zone: ZoneInfo, moment: int) -> int:
    offset = datetime.fromtimestamp(moment // SECOND, UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else round(offset.total_seconds()) * SECOND


def _spans(weekday: str, written: Iterable[Sequence[str]]) -> Spans:
    found = sorted((_clock(weekday, start), _clock(weekday, end)) for start, end in written)
    if any(start >= end for start, end in found):
        raise ValueError(
            f"{weekday}'s hours end before they begin; hours over midnight are two, to 24:00 and from 00:00"
        )
    if any(end > start for (_, end), (start, _) in pairwise(found)):
        raise ValueError(f"{weekday}'s hours overlap")
    return tuple(found)


def _clock(weekday: str, written: str) -> int:
    if not isinstance(written, str) or not CLOCK.fullmatch(written):
        raise ValueError(f"{weekday}'s hours are written as 09:00, from 00:00 to 24:00, not {written!r}")
    return int(written[:2]) * HOUR + int(written[3:]) * 60 * SECOND


def _moments(given: ArrayLike) -> NDArray[np.datetime64]:
    array: NDArray[Any] = np.asarray(given)
    if array.size and array.dtype.kind not in "MO":
        raise ValueError(f"wanted moments in UTC (datetime64, or datetimes without a zone), not {array.dtype}")
    if array.dtype.kind == "O" and any(getattr(one, "tzinfo", None) is not None for one in array.flat):
        raise ValueError("moments are in UTC and without a zone: convert them first")
    try:
        found = array.astype("datetime64[us]")
    except (TypeError, ValueError) as error:
        raise ValueError("wanted moments in UTC: datetimes without a zone, or None where one is missing") from error
    seen = found[~np.isnat(found)]
    if seen.size and (seen.min() < EARLIEST or seen.max() > LATEST):
        raise ValueError(f"moments lie between 1900 and 2200, not at {seen.min()} or {seen.max()}")
    return found
