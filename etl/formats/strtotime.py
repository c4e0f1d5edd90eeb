"""What a text of a time or duration says, scanned as PHP's strtotime scans it: the longest form first, left to right.

It knows the forms in `_FORMS` and refuses everything else with `NoDuration`; it does not know the present time.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

_SHOUTED = re.compile(r"\d(?!st|nd|rd|th)(?i:st|nd|rd|th)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_UNITS = {  # months, days, seconds
    **dict.fromkeys(("sec", "second"), (0, 0, 1)),
    **dict.fromkeys(("min", "minute"), (0, 0, 60)),
    **dict.fromkeys(("fortnight", "forthnight"), (0, 14, 0)),
    "hour": (0, 0, 3600),
    "day": (0, 1, 0),
    "week": (0, 7, 0),
    "month": (1, 0, 0),
    "year": (12, 0, 0),
}
_ZONES = {  # minutes east of Greenwich
    **{letter: 60 * hours for hours, letter in enumerate("abcdefghi", start=1)},
    **{letter: 60 * hours for hours, letter in enumerate("klm", start=10)},
    **{letter: -60 * hours for hours, letter in enumerate("nopqrstuvwxy", start=1)},
    **dict.fromkeys(("z", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("west", "bst", "cet"), 60),
    **dict.fromkeys(("cest", "eet"), 120),
    **dict.fromkeys(("eest",), 180),
    **dict.fromkeys(("edt",), -240),
    **dict.fromkeys(("est", "cdt"), -300),
    **dict.fromkeys(("cst", "mdt"), -360),
    **dict.fromkeys(("mst", "pdt"), -420),
    **dict.fromkeys(("pst",), -480),
}


class NoDuration(ValueError):
    """A text that is no duration, or one that is not certain to be read as MediaWiki reads it."""


@dataclass(frozen=True, slots=True)
class Duration:
    """What a text says; None: to be taken from the present time.

    weekday: 0 is Sunday, to go on to from there. months, step: to be added in the end; step has the time zone in it.
    is_length: it says nothing else.
    """

    year: int | None
    month: int | None
    day: int | None
    hour: int | None
    minute: int | None
    second: int | None
    weekday: int | None
    is_today_a_match: bool
    months: int
    step: timedelta
    is_length: bool


@lru_cache(maxsize=4096)
def read(text: str) -> Duration:
    """What the text says; NoDuration where it holds anything that is not certain."""
    if _SHOUTED.search(text):
        raise NoDuration("1ST and the like, which PHP reads as 1 and the time zones S and T")
    draft, position = _Draft(), 0
    text = text.strip(" \t\n\r\v\f").lower()
    while position < len(text):
        position = position + 1 if text[position] in " .,\t" else _take_one(text, position, draft)
    if position == 0:
        raise NoDuration("nothing")
    if draft.has_date and not draft.has_time:
        draft.at_midnight()
    if draft.weekday is not None and draft.days < 0:
        raise NoDuration("a day of the week, counted backwards")
    return draft.duration()


def _take_one(text: str, position: int, draft: "_Draft") -> int:
    """Takes the longest form that stands at `position`, the first of equals, and says where it ends."""
    found = [(form.match(text, position), take) for form, take in _FORMS]
    match, take = max(found, key=lambda one: one[0].end() if one[0] else -1)
    if match is None or _runs_on(text[match.end() : match.end() + 2], take):
        raise NoDuration("a form that is not known")
    take(draft, match)
    return match.end()


def _runs_on(behind: str, take: Callable[..., None]) -> bool:
    """Whether the signs behind a form make it doubtful where the form ends, as in 2026-0111 or 11:03-24 days."""
    sign, after = behind[:1], behind[1:]
    if sign in " ,\t" or (sign == "." and not after.isdigit()):
        return False
    if take is _relative:
        return not sign.isalnum()
    if take is _date_and_clock:
        return not sign.isalpha()
    return not ((take is _clock and sign.isalpha()) or (take is _date and sign == "t"))


@dataclass
class _Draft:
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    months: int = 0
    days: int = 0
    seconds: int = 0
    weekday: int | None = None
    is_today_a_match: bool = True
    zone: int = 0
    has_date: bool = False
    has_time: bool = False
    has_zone: bool = False

    def duration(self) -> Duration:
        try:
            step = timedelta(days=self.days, seconds=self.seconds, minutes=-self.zone)
        except OverflowError as error:
            raise NoDuration("more than a million years") from error
        date, clock = (self.year, self.month, self.day), (self.hour, self.minute, self.second)
        is_length = (*date, *clock, self.weekday) == (None,) * 7
        return Duration(*date, *clock, self.weekday, self.is_today_a_match, self.months, step, is_length)

    def at_date(self, year: int | None, month: int, day: int | None) -> None:
        if self.has_date:
            raise NoDuration("two dates")
        if year is None and self.year is not None:
            raise NoDuration("a year apart from its date")
        self.has_date, self.month = True, month
        self.year = self.year if year is None else year
        self.day = self.day if day is None else day

    def at_time(self, hour: int, minute: int = 0, second: int = 0) -> None:
        if self.has_time:
            raise NoDuration("two times")
        self.has_time, self.hour, self.minute, self.second = True, hour, minute, second

    def at_midnight(self) -> None:
        """Words such as "tomorrow" or "Monday" put the clock back to midnight; a time after them sets it again."""
        self.has_time, self.hour, self.minute, self.second = False, 0, 0, 0

    def in_zone(self, minutes: int) -> None:
        if self.has_zone:
            raise NoDuration("two time zones")
        self.has_zone, self.zone = True, minutes


def _relative(draft: _Draft, found: re.Match[str]) -> None:
    if len(found["number"]) > 12:
        raise NoDuration("more than PHP counts in")
    amount = int(found["number"]) * (-1 if found["sign"].count("-") % 2 else 1)
    _shift(draft, amount, found["unit"])


def _next(draft: _Draft, found: re.Match[str]) -> None:
    _shift(draft, 1, found["unit"])


def _shift(draft: _Draft, amount: int, unit: str) -> None:
    if unit.removesuffix("s") not in _UNITS:
        raise NoDuration("working days, named days and parts of a second are not counted")
    months, days, seconds = _UNITS[unit.removesuffix("s")]
    draft.months += amount * months
    draft.days += amount * days
    draft.seconds += amount * seconds


def _weekday(draft: _Draft, found: re.Match[str]) -> None:
    if draft.weekday is not None:
        raise NoDuration("two days of the week")
    draft.at_midnight()
    draft.weekday, draft.is_today_a_match = _DAYS.index(found["name"][:3]), not found["next"]


def _word(draft: _Draft, found: re.Match[str]) -> None:
    if found[0] == "now":
        return
    draft.at_midnight()
    if found[0] == "tomorrow":
        draft.days = 1  # PHP forgets days and weeks that were counted before this word
    if found[0] == "noon":
        draft.at_time(12)


def _clock(draft: _Draft, found: re.Match[str]) -> None:
    draft.at_time(int(found["h"]), int(found["i"]), int(found["s"] or 0))
    if found.groupdict().get("zone"):
        draft.in_zone(_zone(found["zone"]))


def _clock_of_twelve(draft: _Draft, found: re.Match[str]) -> None:
    afternoon = 12 if found["half"] == "p" else 0
    draft.at_time(int(found["h"]) % 12 + afternoon, int(found["i"] or 0), int(found["s"] or 0))


def _four_digits(draft: _Draft, found: re.Match[str]) -> None:
    """2024 is 24 minutes past 20 where that can be, and a year only where it cannot."""
    hour, minute = int(found[0][:2]), int(found[0][2:])
    if hour > 24 or minute > 59:
        draft.year = int(found[0])
    elif draft.has_time:
        raise NoDuration("four digits after a time")
    else:
        draft.at_time(hour, minute)


def _date(draft: _Draft, found: re.Match[str]) -> None:
    parts = found.groupdict()
    month = int(found["m"]) if found["m"].isdigit() else _MONTHS.index(found["m"][:3]) + 1
    day = parts.get("d")
    year = _year(parts["y"]) if parts.get("y") else None
    draft.at_date(year, month, int(day) if day else None if year is None else 1)


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 3 or year > 99:
        return year
    return year + (2000 if year < 70 else 1900)


def _date_and_clock(draft: _Draft, found: re.Match[str]) -> None:
    _date(draft, found)
    _clock(draft, found)


def _some_zone(draft: _Draft, found: re.Match[str]) -> None:
    draft.in_zone(_zone(found[0]))


def _zone(text: str) -> int:
    name = text.strip(" \t()")
    if name in _ZONES:
        return _ZONES[name]
    offset = re.fullmatch(r"(?:gmt)?([+-])(\d\d?):?(\d\d)?", name)
    if offset is None:
        raise NoDuration("a time zone that is not known")
    east = 60 * int(offset[2]) + int(offset[3] or 0)
    return east if offset[1] == "+" else -east


def _instant(draft: _Draft, found: re.Match[str]) -> None:
    if found.end() - found.start() < len(found.string):
        raise NoDuration("a number of seconds with something beside it")
    draft.at_date(1970, 1, 1)
    draft.at_time(0)
    draft.seconds = int(found[1])


def _refused(draft: _Draft, found: re.Match[str]) -> None:
    raise NoDuration("a form that is not ours")


_M = (
    r"(?P<m>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)"
)
_D, _NUMBER_M = r"(?P<d>[0-2]?\d|3[01])", r"(?P<m>1[0-2]|0?\d)"
_SUFFIXED_D = rf"{_D}(?:st|nd|rd|th)?"
_H, _I, _S = r"(?P<h>2[0-4]|[01]?\d)", r"(?P<i>[0-5]?\d)", r"(?P<s>60|[0-5]?\d)"
_SS = r"(?P<s>60|[0-5]\d)"
_ZONE = r"(?:gmt)?[+-](?:2[0-4]|[01]?\d)(?::?[0-5]?\d)?|\(?[a-z]{1,6}\)?"
_DAY = r"(?:sunday|sun|monday|mon|tuesday|tue|wednesday|wed|thursday|thu|friday|fri|saturday|sat)"
_UNIT = (
    r"(?P<unit>seconds?|secs?|minutes?|mins?|hours?|weekdays?|days?|weeks?|fortnights?|forthnights?|months?|years?"
    rf"|(?:milli|micro)seconds?|[mu]secs?|ms|µs(?:ecs?)?|{_DAY}s?)"
)
_GAP = r"[ \t.-]*"

_FORMS: tuple[tuple[re.Pattern[str], Callable[[_Draft, re.Match[str]], None]], ...] = tuple(
    (re.compile(form), take)
    for form, take in (
        (r"now|noon|midnight|today|tomorrow", _word),
        (r"@(-?\d{1,12})", _instant),
        (
            rf"(?P<h>1[0-2]|0?[1-9])(?:[:.](?P<i>[0-5]\d)(?:[:.]{_SS})?)?[ \t]*(?P<half>[ap])\.?m\.?(?=[ \t]|$)",
            _clock_of_twelve,
        ),
        (rf"t?{_H}[:.]{_I}(?:[:.]{_S})?", _clock),
        (rf"t?{_H}:{_I}:{_S}[ \t]*(?P<zone>{_ZONE})(?![a-z])", _clock),
        (rf"t?{_H}[:.]{_I}[:.]{_S}\.\d+", _refused),
        (r"\d{4}", _four_digits),
        (r"t?(?:[01]\d|2[0-4])[0-5]\d(?:60|[0-5]\d)", _refused),
        (rf"{_NUMBER_M}/{_SUFFIXED_D}(?:/(?P<y>\d{{1,4}}))?", _date),
        (rf"(?P<y>\d{{4}})/{_NUMBER_M}/{_SUFFIXED_D}/?", _date),
        (rf"(?P<y>\d{{1,4}})-{_NUMBER_M}-{_SUFFIXED_D}", _date),
        (rf"(?P<y>\d{{4}})-{_NUMBER_M}", _date),
        (rf"{_SUFFIXED_D}[.\t-]{_NUMBER_M}[.-](?P<y>\d{{4}})", _date),
        (rf"{_SUFFIXED_D}[.\t]{_NUMBER_M}\.(?P<y>\d\d)", _date),
        (rf"{_SUFFIXED_D}{_GAP}{_M}{_GAP}(?P<y>\d{{1,4}})", _date),
        (rf"{_SUFFIXED_D}{_GAP}{_M}", _date),
        (rf"{_M}{_GAP}(?P<y>\d{{4}})", _date),
        (rf"(?P<y>\d{{4}}){_GAP}{_M}", _date),
        (rf"{_M}{_GAP}{_SUFFIXED_D}[,.stndrh\t ]+(?P<y>\d{{1,4}})", _date),
        (rf"{_M}{_GAP}{_SUFFIXED_D}(?:[,.stndrh\t ]+|$)", _date),
        (rf"{_M}{_GAP}{_SUFFIXED_D}[,.\t ]+{_H}:{_I}(?::{_S})?", _date_and_clock),
        (rf"{_M}{_GAP}{_SUFFIXED_D}[,.\t ]+{_H}:{_I}:{_S}[ \t]*(?P<zone>{_ZONE})", _date_and_clock),
        (_M, _date),
        (r"(?P<y>\d{4})(?P<m>0\d|1[0-2])(?P<d>[0-2]\d|3[01])", _date),
        (rf"(?P<y>\d{{4}})-{_NUMBER_M}-{_D}t{_H}:{_I}:{_S}(?P<zone>[+-](?:[01]\d|2[0-4]):?[0-5]\d)?", _date_and_clock),
        (
            r"(?P<y>\d{4})(?P<m>0\d|1[0-2])(?P<d>[0-2]\d|3[01])t?(?P<h>[01]\d|2[0-4]):?(?P<i>[0-5]\d)(?::?(?P<s>60|[0-5]\d))?",
            _date_and_clock,
        ),
        (r"\d{4}-?w|\d{4}\.?\d{3}|\d{4}:\d\d:\d\d", _refused),
        (rf"(?P<sign>[+-]*)[ \t]*(?P<number>\d+)[ \t]*{_UNIT}", _relative),
        (r"next[ \t]+(?P<unit>seconds?|secs?|minutes?|mins?|hours?|days?|fortnights?|months?|years?)", _next),
        (rf"(?P<next>next[ \t]+)?(?P<name>{_DAY})", _weekday),
        (_ZONE, _some_zone),
    )
)
