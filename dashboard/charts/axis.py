"""The scales of a chart: from where to where, and what stands at which tick, in words. It draws nothing."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from dashboard.charts import words
from metrics.semantic.model import Unit

MOST_TICKS = 7
SHORT_SPAN = timedelta(days=75)  # up to here ticks are days, above they are months


@dataclass(frozen=True)
class Axis:
    """Lowest and highest value, and the ticks between them: value to text."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class DayTick:
    """A tick of a time axis. year: written below the first tick and wherever the year changes."""

    day: date
    text: str
    year: str


def value_axis(values: Iterable[float], unit: Unit, zero: bool = False, locale: str = words.LOCALE) -> Axis:
    """Round limits that hold all values. It starts at 0 unless `zero` is not asked and all lie far from it.

    An axis that does not start at 0 spans at least a fifth of the highest value, so that small changes stay small.
    """
    reach = list(values) or [0.0, 1.0]
    low, high = min(reach), max(reach)
    if low >= 0 and (zero or unit not in ("share", "hours", "days") or low < 0.6 * high):
        low = 0.0
    elif low > 0:
        middle, half = (low + high) / 2, max((high - low) * 0.65, high * 0.1)
        low, high = max(0.0, middle - half), middle + half
    high = max(high, 0.0) if low <= 0 else high
    if unit == "share" and max(reach) <= 1:
        high = min(high, 1.0)
    return _rounded(low, high, unit, locale)


def day_ticks(start: date, end: date, locale: str = words.LOCALE) -> tuple[DayTick, ...]:
    """At most seven ticks: every so many weeks over short spans, else at the beginnings of months."""
    if end - start <= SHORT_SPAN:
        step = max(1, math.ceil((end - start).days / 7 / MOST_TICKS)) * 7
        days = [start + timedelta(days=at) for at in range(0, (end - start).days + 1, step)]
        return tuple(_named(days, "d MMM", locale))
    months = list(_month_starts(start, end))
    step = next((one for one in (1, 2, 3, 6, 12, 24, 60) if len(months) / one <= MOST_TICKS), 120)
    kept = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
    return tuple(_named(kept, "LLL", locale))


def _rounded(low: float, high: float, unit: Unit, locale: str) -> Axis:
    step = _step(high - low or 1.0, whole=unit in ("count", "people"))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    ticks = tuple((at * step, _tick(at * step, step, unit, locale)) for at in range(first, last + 1))
    return Axis(first * step, last * step, ticks)


def _step(span: float, whole: bool) -> float:
    """A step of 1, 2 or 5 times a power of ten, so that there are 3 to 6 of them."""
    power = 10.0 ** math.floor(math.log10(span / 3))
    step = next(power * one for one in (1, 2, 5, 10) if span / (power * one) <= 5)
    return max(step, 1.0) if whole else step


def _tick(value: float, step: float, unit: Unit, locale: str) -> str:
    scale = 100 if unit == "share" else 1
    decimals = max(0, -math.floor(math.log10(step * scale) + 1e-9))
    return words.with_unit(words.decimal(value * scale, decimals, locale), unit)


def _month_starts(start: date, end: date) -> Iterator[date]:
    day = start if start.day == 1 else (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    while day <= end:
        yield day
        day = (day + timedelta(days=32)).replace(day=1)


def _named(days: list[date], pattern: str, locale: str) -> Iterator[DayTick]:
    before = None
    for day in days:
        yield DayTick(day, format_date(day, pattern, locale=locale), "" if day.year == before else str(day.year))
        before = day.year
