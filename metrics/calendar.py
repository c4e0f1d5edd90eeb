"""Which days make a week, a month, a quarter or a fiscal year, and what each is called.

It touches nothing. Days are UTC; weeks are ISO weeks unless they start on Sunday; fiscal years are named by their end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from metrics.semantic.model import Grain

DAY = timedelta(days=1)
YEAR_OF_WEEKS = timedelta(weeks=52)
SUNDAY_WEEK = "week of "  # such a week has no number in ISO 8601


@dataclass(frozen=True)
class Rules:
    """How an instance counts its years and weeks. fiscal_year_start: month 1 to 12."""

    fiscal_year_start: int = 7
    week_start: Literal["monday", "sunday"] = "monday"


@dataclass(frozen=True, order=True)
class Period:
    """First and last day, both included, and the name that people read."""

    start: date
    end: date
    label: str


def period_of(day: date, grain: Grain, rules: Rules) -> Period:
    """The period of a grain that holds `day`; for "total" there is none: ValueError."""
    if grain == "week":
        return _week(day, rules)
    if grain == "month":
        start = day.replace(day=1)
        return Period(start, _months_later(start, 1) - DAY, f"{start:%Y-%m}")
    if grain == "quarter":
        return _quarter(day, rules)
    if grain == "fiscal_year":
        start = _fiscal_year_start(day, rules)
        return Period(start, _months_later(start, 12) - DAY, f"FY{_fiscal_year(start, rules)}")
    raise ValueError("the total is not a period of the calendar")


@lru_cache(maxsize=256)  # all metrics of a mart are told of the same ones
def periods(first: date, last: date, grain: Grain, rules: Rules) -> tuple[Period, ...]:
    """Every period of a grain that has a day from `first` to `last`, oldest first; the whole span for "total"."""
    if first > last:
        return ()
    if grain == "total":
        return (Period(first, last, "all"),)
    return tuple(_walk(first, last, grain, rules))


def parse_label(label: str, rules: Rules) -> Period:
    """The period of a label such as "2026-W46", "2026-10", "2027Q1" or "FY2027"; ValueError where it is none.

    A week that starts on Sunday goes by its own label or by that of the ISO week whose Monday it holds.
    """
    try:
        if label.startswith(SUNDAY_WEEK) and rules.week_start == "sunday":
            return period_of(date.fromisoformat(label.removeprefix(SUNDAY_WEEK)), "week", rules)
        if "-W" in label:
            year, week = label.split("-W")
            return period_of(date.fromisocalendar(int(year), int(week), 1), "week", rules)
        if "Q" in label:
            year, quarter = label.split("Q")
            start = _months_later(_year_begin(int(year), rules), 3 * (int(quarter) - 1))
            if quarter not in {"1", "2", "3", "4"}:
                raise ValueError(label)
            return period_of(start, "quarter", rules)
        if label.startswith("FY"):
            return period_of(_year_begin(int(label[2:]), rules), "fiscal_year", rules)
        return period_of(date.fromisoformat(f"{label}-01"), "month", rules)
    except (ValueError, OverflowError) as error:
        raise ValueError(f'"{label}" is no period such as 2026-W46, 2026-10, 2027Q1 or FY2027') from error


def fiscal_year(day: date, rules: Rules) -> int:
    """The year by which the fiscal year of `day` is named: the one in which it ends."""
    return _fiscal_year(_fiscal_year_start(day, rules), rules)


def year_before(start: date, grain: Grain, rules: Rules) -> tuple[date, bool]:
    """The first day of the same week, month, quarter or year one year earlier, and whether that has another number.

    A week 53 has no namesake a year earlier: then it is the week 364 days before. So it always is from Sunday to
    Saturday, where weeks have no number.
    """
    if grain != "week":
        return _months_later(start, -12), False
    if rules.week_start == "sunday":
        return start - YEAR_OF_WEEKS, False
    year, week, _ = start.isocalendar()
    try:
        return date.fromisocalendar(year - 1, week, 1), False
    except ValueError:
        return start - YEAR_OF_WEEKS, True


def _walk(first: date, last: date, grain: Grain, rules: Rules) -> Iterator[Period]:
    day = first
    while day <= last:
        period = period_of(day, grain, rules)
        yield period
        day = period.end + DAY


def _week(day: date, rules: Rules) -> Period:
    if rules.week_start == "sunday":
        start = day - timedelta(days=day.isoweekday() % 7)
        return Period(start, start + 6 * DAY, f"{SUNDAY_WEEK}{start.isoformat()}")
    start = day - timedelta(days=day.weekday())
    year, week, _ = start.isocalendar()
    return Period(start, start + 6 * DAY, f"{year}-W{week:02d}")


def _quarter(day: date, rules: Rules) -> Period:
    year_start = _fiscal_year_start(day, rules)
    number = ((day.year - year_start.year) * 12 + day.month - year_start.month) // 3
    start = _months_later(year_start, 3 * number)
    return Period(start, _months_later(start, 3) - DAY, f"{_fiscal_year(year_start, rules)}Q{number + 1}")


def _fiscal_year_start(day: date, rules: Rules) -> date:
    year = day.year if day.month >= rules.fiscal_year_start else day.year - 1
    return date(year, rules.fiscal_year_start, 1)


def _fiscal_year(start: date, rules: Rules) -> int:
    return start.year if rules.fiscal_year_start == 1 else start.year + 1


def _year_begin(name: int, rules: Rules) -> date:
    return date(name if rules.fiscal_year_start == 1 else name - 1, rules.fiscal_year_start, 1)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
