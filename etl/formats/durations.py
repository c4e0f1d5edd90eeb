"""When a block ends: the text of its duration and the time of its row, read as MediaWiki reads them.

It does not scan the text itself (see `strtotime`). Months and years go by the calendar, and one letter behind a
duration is a time zone ("1 weekk" ends ten hours early), because that is what MediaWiki made of them.
"""

from datetime import datetime, timedelta

from etl.formats import strtotime
from etl.formats.strtotime import Duration, NoDuration

NEVER_ENDS = frozenset({"infinity", "infinite", "indefinite", "never", ""})


def expiry(text: str, at: datetime) -> datetime | None:
    """When a block of this duration, set at `at`, ends; None where it never does. Both in UTC without zone.

    Raises NoDuration where MediaWiki would not have taken the text, where it is not certain how it took it, and where
    the end lies outside of the years 1 to 9999.
    """
    duration = read(text)
    return None if duration is None else end(duration, at)


def read(text: str) -> Duration | None:
    """What the text says, None where it says that a block never ends; raises NoDuration."""
    return None if text in NEVER_ENDS else strtotime.read(text)


def end(duration: Duration, at: datetime) -> datetime:
    """The end of a duration that begins at `at`; raises NoDuration outside of the years 1 to 9999."""
    try:
        if duration.is_length:
            return (_months_later(at, duration.months) if duration.months else at) + duration.step
        return _end(duration, at)
    except (ValueError, OverflowError) as error:
        raise NoDuration("an end outside of the years 1 to 9999") from error


def _end(duration: Duration, at: datetime) -> datetime:
    year = at.year if duration.year is None else duration.year
    month = at.month if duration.month is None else duration.month
    day = at.day if duration.day is None else duration.day
    hour = at.hour if duration.hour is None else duration.hour
    minute = at.minute if duration.minute is None else duration.minute
    second = at.second if duration.second is None else duration.second
    start = _day(year, month, day) + timedelta(hours=hour, minutes=minute, seconds=second)
    if duration.weekday is not None:
        ahead = (duration.weekday - start.isoweekday()) % 7
        start += timedelta(ahead if ahead or duration.is_today_a_match else 7)
    return _months_later(start, duration.months) + duration.step


def _months_later(at: datetime, months: int) -> datetime:
    more, index = divmod(at.month - 1 + months, 12)
    if at.day < 29:
        return at.replace(year=at.year + more, month=index + 1)
    return _day(at.year + more, index + 1, at.day) + (at - datetime(at.year, at.month, at.day))


def _day(year: int, month: int, day: int) -> datetime:
    """The day's midnight; months and days that are too many run on, as in PHP (31 February is 2 or 3 March)."""
    more, index = divmod(month - 1, 12)
    return datetime(year + more, index + 1, 1) + timedelta(day - 1)
