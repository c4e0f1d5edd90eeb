"""Reads thousands of times at once that are written in one form, each part of them in its place, as `times` reads them.

What is not written exactly so is left to `times`: another number of digits, a zone behind it, a year far away. Of days
and hours in which no clock changes all times differ from UTC by the same; others are placed by themselves. It opens no
file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from etl.formats import times
from etl.formats.history_fields import FIRST_YEAR, MONTHS
from etl.formats.log_words import Bits, Places, windows

Signs = NDArray[np.uint8]
Moments = NDArray[np.int64]  # microseconds since 1970

NONE = np.iinfo(np.int64).min
EPOCH = datetime(1970, 1, 1)
SECOND, HOUR, DAY = 1_000_000, 3_600_000_000, 86_400_000_000
DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2}
WAYS: Mapping[
    str, tuple[str, ...]
] = {  # in which a part may be written; 0 stands for a digit, ? for one of several signs
    **{name: ("0" * count,) for name, count in DIGITS.items()},
    "p": ("??",),
    "z": ("Z", "?0000", "?00:00"),
    "f": ("000", "000000"),
    "%": ("%",),
}
DIRECTIVE = re.compile(r"%(.)|([^%])", re.DOTALL)
NEVER = re.compile(
    r"[^ -~]|[0?)]|%f(?!$|%z|[-./: ,Z])"
)  # other signs, those that stand for something, a part that goes on
TOGETHER = ({"Y", "y"}, {"H", "I"})  # that say the same
ODD, UNKNOWN = NONE, NONE + 1  # offsets of days on which clocks change, and that were not asked for yet


@dataclass(frozen=True)
class _Form:
    """One way of writing times. plain: its signs. places: where each part begins, with the signs of it."""

    plain: str
    places: Mapping[str, tuple[int, str]]

    def read(self, signs: Signs) -> tuple[Moments, Bits]:
        """What the clock on the wall, or where the times have an offset, UTC shows; and what is so written at all.

        signs: those of a time in each column.
        """
        is_digit = np.array([sign == "0" for sign in self.plain])
        digits = signs - np.uint8(ord("0"))
        is_read = (digits[is_digit] <= 9).all(axis=0)
        for place, sign in enumerate(self.plain):
            if sign not in "0?":
                is_read &= signs[place] == ord(sign)
        return _Reading(self.places, signs, digits, is_read).moments(), is_read


@dataclass(frozen=True)
class _Reading:
    """Times of one form. is_read: those that are found to be none are taken out of it."""

    places: Mapping[str, tuple[int, str]]
    signs: Signs
    digits: Signs
    is_read: Bits

    def moments(self) -> Moments:
        second = self._clock("S", 59)
        minute, hour = self._clock("M", 59), self._hour()
        found = self._days() * DAY + ((hour * 60 + minute) * 60 + second) * SECOND
        if "f" in self.places:
            at, way = self.places["f"]
            found += self._number(at, len(way)) * 10 ** (6 - len(way))
        return found - self._offset() if "z" in self.places else found

    def _days(self) -> Moments:
        """Since 1970."""
        if "y" in self.places:
            year = self._two("y")
            year = np.where(year <= 68, 2000, 1900) + year  # as POSIX has it, and strptime
        else:
            year = self._number(self.places["Y"][0], 4)
        month, day = self._two("m"), self._two("d")
        self.is_read[:] &= (month >= 1) & (month <= 12)
        place = (year - FIRST_YEAR) * 12 + month - 1
        self.is_read[:] &= (place >= 0) & (place < len(MONTHS) - 1)
        place = np.where(self.is_read, place, 0)
        first = MONTHS[place]
        self.is_read[:] &= (day >= 1) & (day <= MONTHS[place + 1] - first)
        days: Moments = first + day - 1
        return days

    def _hour(self) -> Moments:
        is_afternoon = self._is_afternoon() if "p" in self.places else None
        if "I" not in self.places:
            return self._clock("H", 23)
        hour = self._two("I")
        self.is_read[:] &= (hour >= 1) & (hour <= 12)
        found: Moments = hour % 12 + (0 if is_afternoon is None else 12 * is_afternoon)
        return found

    def _is_afternoon(self) -> Bits:
        at, _ = self.places["p"]
        first, second = self.signs[at], self.signs[at + 1]
        found: Bits = first == ord("P")
        self.is_read[:] &= (found | (first == ord("A"))) & (second == ord("M"))
        return found

    def _offset(self) -> Moments:
        at, way = self.places["z"]
        if way == "Z":
            return np.zeros(1, np.int64)
        hours, minutes = self._number(at + 1, 2), self._number(at + len(way) - 2, 2)
        is_west = self.signs[at] == ord("-")
        self.is_read[:] &= (is_west | (self.signs[at] == ord("+"))) & (hours <= 23) & (minutes <= 59)
        found: Moments = np.where(is_west, -1, 1) * (hours * 60 + minutes) * 60 * SECOND
        return found

    def _clock(self, part: str, most: int) -> Moments:
        found = self._two(part) if part in self.places else np.zeros(1, np.int64)
        self.is_read[:] &= found <= most
        return found

    def _two(self, part: str) -> Moments:
        return self._number(self.places[part][0], 2)

    def _number(self, at: int, count: int) -> Moments:
        found: Moments = self.digits[at].astype(np.int64)
        for place in range(at + 1, at + count):
            found = found * 10 + self.digits[place]
        return found


@dataclass(frozen=True)
class _Offsets:
    """What lies between a zone and UTC, by spans since 1970, as far as it was asked for."""

    zone: ZoneInfo
    span: int
    known: Moments

    @classmethod
    def of(cls, zone: ZoneInfo, span: int) -> "_Offsets":
        return cls(zone, span, np.full((int(MONTHS[-1]) + 1) * DAY // span, UNKNOWN))

    def offsets(self, local: Moments) -> Moments:
        """For each time on the wall; ODD where the clocks change in its span."""
        spans = local // self.span
        found: Moments = self.known[spans]
        asked, span = spans[found == UNKNOWN], timedelta(microseconds=self.span)
        if len(asked):
            for one in np.unique(asked).tolist():
                self.known[one] = _offset(self.zone, EPOCH + span * one, span)
            found = self.known[spans]
        return found


@dataclass(frozen=True)
class Clocks:
    """A clock for many times at once."""

    clock: times.Clock
    forms: Mapping[int, _Form]
    days: _Offsets
    hours: _Offsets

    @classmethod
    def of(cls, clock: times.Clock) -> "Clocks":
        """Without any form where the parts of the format have no places of their own."""
        zone = times.zone(clock.zone)
        forms = {len(form.plain): form for form in reversed([*_forms(clock.format)])}
        return cls(clock, forms, _Offsets.of(zone, DAY), _Offsets.of(zone, HOUR))

    def utc(self, text: bytes, start: Places, end: Places, not_before: Moments) -> Moments:
        """The times that stand between these places of the text, NONE where none stands that is sure to be read so.

        not_before: as for one time; NONE where there is nothing.
        """
        found = np.full(len(start), NONE)
        lengths = end - start
        for length, form in self.forms.items():
            rows = np.flatnonzero(lengths == length)
            if len(rows):
                signs = np.ascontiguousarray(windows(text, length)[start[rows]].view(np.uint8).reshape(-1, length).T)
                moments, is_read = form.read(signs)
                rows, moments = rows[is_read], moments[is_read]
                found[rows] = moments if "z" in form.places else self._placed(moments, not_before[rows])
        return found

    def _placed(self, local: Moments, not_before: Moments) -> Moments:
        offsets = self.days.offsets(local)
        odd = np.flatnonzero(offsets == ODD)
        offsets[odd] = self.hours.offsets(local[odd])
        found = local - offsets
        for row in odd[offsets[odd] == ODD].tolist():
            found[row] = self._one(int(local[row]), int(not_before[row]))
        return found

    def _one(self, local: int, not_before: int) -> int:
        earliest = None if not_before == NONE else EPOCH + timedelta(microseconds=not_before)
        moment = times.placed(EPOCH + timedelta(microseconds=local), self.clock.zone, earliest)
        return (moment - EPOCH) // timedelta(microseconds=1)


def _offset(zone: ZoneInfo, start: datetime, span: timedelta) -> int:
    """How far the zone's clocks are ahead of UTC; ODD where they change within the span, or when it begins or ends.

    None changes twice within a quarter of a day, and back again.
    """
    moments = [start.replace(tzinfo=zone) + span * part / 4 for part in range(5)]
    offsets = {moment.replace(fold=fold).utcoffset() for moment in moments for fold in (0, 1)}
    (found,) = offsets if len(offsets) == 1 else (None,)
    return ODD if found is None else found // timedelta(microseconds=1)


def _forms(pattern: str) -> Iterator[_Form]:
    """The ways of writing times by a format of strptime; none where that has a part without a place of its own."""
    parts = [match.groups() for match in DIRECTIVE.finditer(pattern)]
    names = [name for name, _ in parts if name is not None]
    has_two = any(both <= {*names} for both in TOGETHER)
    if has_two or NEVER.search(pattern) or not {*names} <= {*WAYS} or not {"m", "d"} <= {*names}:
        return
    for ways in product(*((WAYS[name] if name else (sign,)) for name, sign in parts)):
        places, at = dict[str, tuple[int, str]](), 0
        for (name, _), way in zip(parts, ways, strict=True):
            if name and name != "%":
                places[name] = at, way
            at += len(way)
        yield _Form("".join(ways), places)
