"""Recurrence rules (RFC 5545, RRULE): the local times at which something recurs, within bounds.

It knows no zone and no calendar. Work grows with the days between first and end, never with the rule: one that never
fits, or fits each second, costs no more than any other. (dateutil's rules, which tests hold against these, look for the
next fit up to the year 9999.)
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product

DAY = timedelta(days=1)
FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_TIMES = 96  # in a day: a shift each quarter of an hour is more than anybody works
# The bounds of each list of numbers; those that count from the end may be negative.
NUMBERS = {
    "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53), "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59), "BYSECOND": (0, 59), "BYSETPOS": (-366, 366),
}  # fmt: skip
ONLY_YEARLY = ("BYWEEKNO", "BYYEARDAY")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?\d{1,9}")


@dataclass(frozen=True)
class Rule:
    """One rule. by: its lists of numbers by name. weekdays: (which one, day of the week from Monday 0); 0 is each.

    until: as it is written; it is not looked at here.
    """

    frequency: str
    interval: int
    count: int | None
    until: str
    week_start: int
    weekdays: tuple[tuple[int, int], ...]
    by: dict[str, tuple[int, ...]]

    def numbers(self, name: str) -> tuple[int, ...]:
        return self.by.get(name, ())


def parse(told: str) -> Rule:
    """The rule of a text such as "FREQ=WEEKLY;BYDAY=MO"; ValueError, saying what is wrong, where it is none."""
    parts: dict[str, str] = {}
    for part in told.strip().rstrip(";").split(";"):
        name, _, value = part.partition("=")
        parts[name.strip().upper()] = value.strip().upper()
    unknown = set(parts) - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *NUMBERS}
    if unknown:
        raise ValueError("a recurrence has the parts that RFC 5545 knows")
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise ValueError(f"a shift recurs {', '.join(FREQUENCIES).lower()}")
    by = {name: _numbers(name, parts[name]) for name in NUMBERS if name in parts}
    if frequency != "YEARLY" and any(name in by for name in ONLY_YEARLY):
        raise ValueError("days and weeks of the year belong to rules that are yearly")
    if parts.get("WKST", "MO") not in WEEKDAYS:
        raise ValueError("a week starts on a day")
    rule = Rule(
        frequency,
        interval=_positive(parts.get("INTERVAL", "1")),
        count=_positive(parts["COUNT"]) if "COUNT" in parts else None,
        until=parts.get("UNTIL", ""),
        week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        weekdays=_weekdays(frequency, parts.get("BYDAY", "")),
        by=by,
    )
    _check_times(rule)
    return rule


def starts(rule: Rule, first: datetime, end: datetime) -> Iterator[datetime]:
    """The local times from `first` to before `end`, in their order, at most `rule.count` of them."""
    left = rule.count if rule.count is not None else -1
    for days, hours in _periods(rule, first, end.date()):
        kept = [day for day in days if _fits(rule, day, first)]
        for moment in _placed(rule, _times(rule, kept, hours, first)):
            if moment >= end or left == 0:
                return
            if moment >= first:
                left -= 1
                yield moment


def _periods(rule: Rule, first: datetime, last: date) -> Iterator[tuple[Sequence[date], tuple[int, ...]]]:
    """The days of each period that the rule is about, and the hours in them."""
    hours = rule.numbers("BYHOUR") or (first.hour,)
    day = first.date()
    if rule.frequency == "YEARLY":
        for year in range(day.year, last.year + 1, rule.interval):
            yield _days_of_year(rule, year, first), hours
    elif rule.frequency == "MONTHLY":
        for month in range(day.year * 12 + day.month - 1, last.year * 12 + last.month, rule.interval):
            yield _days_of_month(month // 12, month % 12 + 1), hours
    elif rule.frequency == "WEEKLY":
        monday = day.toordinal() - (day.weekday() - rule.week_start) % 7
        for week in range(monday, last.toordinal() + 1, 7 * rule.interval):
            yield [date.fromordinal(one) for one in range(week, week + 7)], hours
    elif rule.frequency == "DAILY":
        for one in range(day.toordinal(), last.toordinal() + 1, rule.interval):
            yield [date.fromordinal(one)], hours
    else:
        for hour in range(day.toordinal() * 24 + first.hour, (last.toordinal() + 1) * 24, rule.interval):
            if not rule.numbers("BYHOUR") or hour % 24 in rule.numbers("BYHOUR"):
                yield [date.fromordinal(hour // 24)], (hour % 24,)


def _days_of_year(rule: Rule, year: int, first: datetime) -> Sequence[date]:
    """The days of the year, of its months only those that can fit."""
    months: Sequence[int] = rule.numbers("BYMONTH")
    if not months:
        months = (first.month,) if _is_plain(rule) else range(1, 13)
    return [day for month in sorted(months) for day in _days_of_month(year, month)]


def _days_of_month(year: int, month: int) -> Sequence[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _is_plain(rule: Rule) -> bool:
    """Whether no list says which days, so that the first time does."""
    return not (rule.weekdays or any(name in rule.by for name in ("BYMONTHDAY", *ONLY_YEARLY)))


def _fits(rule: Rule, day: date, first: datetime) -> bool:
    """Whether the day is one of those that the rule names."""
    if "BYMONTH" in rule.by and day.month not in rule.by["BYMONTH"]:
        return False
    if _is_plain(rule):
        if rule.frequency in ("MONTHLY", "YEARLY"):
            return day.day == first.day
        return rule.frequency != "WEEKLY" or day.weekday() == first.weekday()
    in_month, in_year = monthrange(day.year, day.month)[1], 366 if isleap(day.year) else 365
    return (
        _among(rule.numbers("BYMONTHDAY"), day.day, in_month)
        and _among(rule.numbers("BYYEARDAY"), day.timetuple().tm_yday, in_year)
        and _among(rule.numbers("BYWEEKNO"), *_week(day, rule.week_start))
        and (not rule.weekdays or any(_is_weekday(rule, which, weekday, day) for which, weekday in rule.weekdays))
    )


def _among(numbers: tuple[int, ...], place: int, size: int) -> bool:
    """Whether the place, counted from the front or from the end, is one of the numbers; true where there are none."""
    return not numbers or place in numbers or place - size - 1 in numbers


def _is_weekday(rule: Rule, which: int, weekday: int, day: date) -> bool:
    if day.weekday() != weekday:
        return False
    if not which:
        return True
    in_month = rule.frequency == "MONTHLY" or "BYMONTH" in rule.by
    place, size = day.day, monthrange(day.year, day.month)[1]
    if not in_month:
        place, size = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
    return which == ((place + 6) // 7 if which > 0 else -((size - place) // 7 + 1))


def _week(day: date, week_start: int) -> tuple[int, int]:
    """The number of the day's week and how many weeks its year has; the first has four days of the year or more."""
    fourth = day + DAY * (3 - (day.weekday() - week_start) % 7)  # of its week: it lies in the year that the week is of
    last = date(fourth.year, 12, 31)
    fourth_of_last = last + DAY * (3 - (last.weekday() - week_start) % 7)
    if fourth_of_last.year > fourth.year:
        fourth_of_last -= 7 * DAY
    return (fourth.timetuple().tm_yday + 6) // 7, (fourth_of_last.timetuple().tm_yday + 6) // 7


def _times(rule: Rule, days: Sequence[date], hours: Sequence[int], first: datetime) -> list[datetime]:
    minutes = sorted(rule.numbers("BYMINUTE") or (first.minute,))
    seconds = sorted(rule.numbers("BYSECOND") or (first.second,))
    clock = [time(*one) for one in product(sorted(hours), minutes, seconds)]
    return [datetime.combine(day, one) for day in days for one in clock]


def _placed(rule: Rule, moments: Sequence[datetime]) -> Sequence[datetime]:
    """Of the times of one period those that BYSETPOS names, else all."""
    places = rule.numbers("BYSETPOS")
    if not places:
        return moments
    size = len(moments)
    found = {place - 1 if place > 0 else size + place for place in places}
    return [moments[at] for at in sorted(found) if 0 <= at < size]


def _weekdays(frequency: str, told: str) -> tuple[tuple[int, int], ...]:
    if not told:
        return ()
    found = [_WEEKDAY.fullmatch(one.strip()) for one in told.split(",")]
    days = [(int(one[1] or 0), WEEKDAYS.index(one[2])) for one in found if one]
    if len(days) < len(found):
        raise ValueError("days of the week are MO to SU, with a number before them where only one of them is meant")
    if frequency not in ("MONTHLY", "YEARLY") and any(which for which, _ in days):
        raise ValueError("numbered days of the week belong to rules that are monthly or yearly")
    return tuple(days)


def _numbers(name: str, told: str) -> tuple[int, ...]:
    least, most = NUMBERS[name]
    words = told.split(",")
    numbers = tuple({int(one) for one in words if _NUMBER.fullmatch(one)})
    if not all(map(_NUMBER.fullmatch, words)) or not all(
        least <= one <= most and (one or least >= 0) for one in numbers
    ):
        raise ValueError(f"{name} is a list of numbers from {least} to {most}")
    return numbers


def _positive(told: str) -> int:
    if not told.isascii() or not told.isdigit() or len(told) > 9 or int(told) < 1:
        raise ValueError("INTERVAL and COUNT are numbers from 1")
    return int(told)


def _check_times(rule: Rule) -> None:
    sizes = [len(rule.numbers(name)) or 1 for name in ("BYHOUR", "BYMINUTE", "BYSECOND")]
    if sizes[0] * sizes[1] * sizes[2] > MOST_TIMES:
        raise ValueError(f"a shift begins at most {MOST_TIMES} times a day")
