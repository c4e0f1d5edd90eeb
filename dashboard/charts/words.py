"""Numbers, periods and statuses in words: how a figure is written wherever a person reads it.

It computes nothing and draws nothing. A figure that does not exist has words of its own, never 0 and never a blank.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal, format_percent

from metrics.answer import Figure, Released, State
from metrics.progress import Progress, Status
from metrics.semantic.model import Better, Grain, Metric, Unit

LOCALE: Final = "en_GB"  # English with the day before the month
NAMED: Final = 3  # wikis in one sentence; of more the number is told
MINUS: Final = "−"
NBSP: Final = "\u00a0"  # keeps a number and its unit on one line

STATUS_SYMBOLS: Mapping[Status, str] = {"met": "●", "missed": "▲", "unclear": "◆", "no_target": "–", "no_value": "○"}
STATUS_WORDS: Mapping[Status, str] = {
    "met": "On target",
    "missed": "Off target",
    "unclear": "Too close to call",
    "no_target": "No target",
    "no_value": "No value yet",
}
PROGRESS_WORDS: Mapping[str, str] = {
    "done": "■ Done",
    "on_track": "● On track",
    "slipping": "◆ Slipping",
    "late": "▲ Late",
    "paused": "– Paused",
    "stopped": "– Stopped",
    "running": "● Running",
    "overrun": "▲ Overrun",
    "planned": "○ Planned",
}
GRAIN_WORDS: Mapping[Grain, str] = {
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "fiscal_year": "fiscal year",
    "total": "whole time",
}
BETTER_WORDS: Mapping[Better, str] = {
    "higher": "higher is better",
    "lower": "lower is better",
    "neither": "neither higher nor lower is better",
}
_SUFFIX: Mapping[Unit, str] = {"share": "%", "hours": "h", "days": "days"}
_ABSENT: Mapping[State, str] = {
    "partial": "period not over",
    "maturing": "still maturing",
    "too_early": "too early to say",
    "no_data": "no data",
    "final": "no value",
    "withheld": "withheld",
}


def number(value: float, unit: Unit, locale: str = LOCALE) -> str:
    """A value as people write it: "12.3 %", "16.2 h", "1,204". A share is 0 to 1."""
    if unit == "share":
        return _share(value, locale)
    return with_unit(format_decimal(value, format=_pattern(value, unit), locale=locale).replace("-", MINUS), unit)


def with_unit(text: str, unit: Unit) -> str:
    """A number that is written already with its unit: "16 h", "1 day", "1,204"; a share is in percent by then."""
    suffix = "day" if unit == "days" and text == "1" else _SUFFIX.get(unit)
    return f"{text}{NBSP}{suffix}" if suffix else text


def decimal(value: float, decimals: int, locale: str = LOCALE) -> str:
    """A bare number with so many decimals."""
    pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
    return str(format_decimal(value, format=pattern, locale=locale)).replace("-", MINUS)


def absent(state: State, is_over: bool = False) -> str:
    """Why there is no number. What is withheld may be large: it can stand beside a small one that it would tell of.

    is_over: whether the period has ended, so that what is partial lacks days or wikis of which nothing came yet.
    """
    return "incomplete" if is_over and state == "partial" else _ABSENT[state]


def few(minimum: int) -> str:
    """Why something is withheld."""
    return f"fewer than {minimum}, or beside such"


def figure(one: Figure, released: Released, locale: str = LOCALE) -> str:
    """The figure in full: its value and, while it can still change, why: "11.2 % (period not over)"."""
    if one.value is None:
        if released.metric.kind == "duration" and one.n and one.state in ("no_data", "partial", "maturing"):
            return "not reached yet"  # so many still wait that the curve has not come down to it
        return absent(one.state, one.end < released.as_of)
    text = number(one.value, released.metric.unit, locale)
    return text if one.state == "final" else f"{text} ({absent(one.state, one.end < released.as_of)})"


def still_to_come(released: Released, locale: str = LOCALE) -> str:
    """Why figures of periods that are over are incomplete: which wikis' data are missing; "" where none is."""
    first = min((end or date.min for _, end in released.awaited), default=date.max)
    if not any(one.state == "partial" and first < one.end < released.as_of for one in released.figures):
        return ""
    named = [
        f"{wiki} after {day(end, locale)}" if end else wiki  # of some nothing is known yet
        for wiki, end in released.awaited[:NAMED]
    ]
    more = len(released.awaited) - len(named)
    of = listed([*named, *([count(more, "more wiki")] if more else [])])
    return f"Incomplete where data are still to come: of {of}."


def interval(one: Figure, unit: Unit, locale: str = LOCALE) -> str:
    """The 95 % interval: "11.8 % to 13.0 %"; "" where the figure has none."""
    if one.low is None and one.high is None:
        return ""
    if one.high is None:  # a duration's curve that does not come down far enough
        return f"{number(one.low or 0.0, unit, locale)} or more"
    if one.low is None:
        return f"up to {number(one.high, unit, locale)}"
    return f"{number(one.low, unit, locale)} to {number(one.high, unit, locale)}"


def approximate(figures: Iterable[Figure], metric: Metric, locale: str = LOCALE) -> str:
    """How far approximate values may be from exact ones: "within 1 % of the exact value"; "" where all are exact."""
    errors = [one.error for one in figures if one.error is not None]
    if not errors:
        return ""
    often = ", 19 times of 20" if metric.kind == "distinct" else ""
    most = math.ceil(round(max(errors) * 1000, 6)) / 1000  # rounded up: it must not promise too much
    return f"within {format_percent(most, format=f'#,##0.#{NBSP}%', locale=locale)} of the exact value{often}"


def change(difference: float | None, unit: Unit, locale: str = LOCALE) -> str:
    """A difference of two values: "−2.1 points", "+1.4 h", "no change"; "–" where there is nothing to compare."""
    if difference is None:
        return "–"
    scaled = difference * 100 if unit == "share" else difference
    pattern = "#,##0.0" if unit == "share" else _pattern(difference, unit)
    text = format_decimal(abs(scaled), format=pattern, locale=locale)
    if text == format_decimal(0, format=pattern, locale=locale):
        return "no change"
    suffix = "points" if unit == "share" else _SUFFIX.get(unit, "")
    if text == "1" and suffix == "days":
        suffix = "day"
    sign = MINUS if difference < 0 else "+"
    return f"{sign}{text}{NBSP}{suffix}" if suffix else f"{sign}{text}"


def judgement(progress: Progress) -> str:
    """ "better" or "worse" for a clear change; "rose" or "fell" where neither way is better."""
    better, rose = progress.released.metric.better, (progress.change or 0) > 0
    if better == "neither":
        return "rose" if rose else "fell"
    return "better" if rose == (better == "higher") else "worse"


def status(word: Status) -> str:
    """The symbol and the words together: colour never carries it alone."""
    return f"{STATUS_SYMBOLS[word]} {STATUS_WORDS[word]}"


def progress_state(state: str) -> str:
    """The state of a milestone or project with its symbol; a state of the plan's own stays as it is written."""
    return PROGRESS_WORDS.get(state, state.replace("_", " "))


def judged(progress: Progress) -> Status:
    """The status as it may be shown: a metric of which neither way is better is never on or off target."""
    if progress.released.metric.judged or progress.status == "no_value":
        return progress.status
    return "no_target"


def target(progress: Progress, locale: str = LOCALE) -> str:
    """The target with its direction: "at most 12.0 %"; "–" where there is none."""
    metric = progress.released.metric
    if progress.target is None or not metric.judged:
        return "–"
    bound = "at least" if metric.better == "higher" else "at most"
    return f"{bound} {number(progress.target, metric.unit, locale)}"


def period(one: Figure, by: Grain, locale: str = LOCALE) -> str:
    """The period in words: "week 46, 9–15 Nov 2026", "November 2026", "July–September 2026 (2027 Q1)"."""
    match by:
        case "week":
            dates = days(one.start, one.end, locale)
            return f"{short_period(one, by, locale)}, {dates}" if "-W" in one.label else f"week {dates}"
        case "month":
            return format_date(one.start, "LLLL y", locale=locale)
        case "quarter":
            year, _, quarter = one.label.partition("Q")
            return f"{months(one.start, one.end, locale)} ({year} Q{quarter})"
        case "fiscal_year":
            return f"{months(one.start, one.end, locale)} ({one.label})"
        case "total":
            return days(one.start, one.end, locale)


def short_period(one: Figure, by: Grain, locale: str = LOCALE) -> str:
    """The period where space is short: "week 46", "Nov 2026", "2027 Q1", "FY2027"."""
    match by:
        case "week":
            return f"week {int(one.label[-2:])}" if "-W" in one.label else f"week of {day(one.start, locale)}"
        case "month":
            return format_date(one.start, "LLL y", locale=locale)
        case "quarter":
            return one.label.replace("Q", " Q")
        case "fiscal_year":
            return one.label
        case "total":
            return days(one.start, one.end, locale)


def day(one: date, locale: str = LOCALE) -> str:
    """A day: "15 Nov 2026"."""
    return format_date(one, _DAY.get(locale, "medium"), locale=locale)


def days(start: date, end: date, locale: str = LOCALE) -> str:
    """From the first to the last day: "9–15 Nov 2026", "28 Sep – 4 Oct 2026"."""
    text: str = format_interval(start, end, skeleton="yMMMd", locale=locale)
    return text.replace("\u2009", " ").replace("\u202f", " ")


def months(start: date, end: date, locale: str = LOCALE) -> str:
    """From the first to the last month: "July–September 2026"; both years are written where they differ."""
    last = format_date(end, "LLLL y", locale=locale)
    first = format_date(start, "LLLL" if start.year == end.year else "LLLL y", locale=locale)
    return f"{first}–{last}"


def count(amount: int, one: str, many: str = "", locale: str = LOCALE) -> str:
    """ "1 week", "1,204 weeks": a number and its noun."""
    noun = one if amount == 1 else many or f"{one}s"
    return f"{format_decimal(amount, locale=locale)} {noun}"


def listed(words: tuple[str, ...] | list[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


_DAY: Mapping[str, str] = {"en_GB": "d MMM y", "en": "d MMM y"}


def _share(value: float, locale: str) -> str:
    """One decimal; what is nearly none or nearly all is not rounded to 0 or 100 %."""
    if 0 < value < 0.0005:
        return f"under {_percent(0.001, locale)}"
    if 0.9995 <= value < 1:
        return f"over {_percent(0.999, locale)}"
    return _percent(value, locale)


def _percent(value: float, locale: str) -> str:
    return str(format_percent(value, format=f"#,##0.0{NBSP}%", locale=locale)).replace("-", MINUS)


def _pattern(value: float, unit: Unit) -> str:
    """Decimals: times below 100 and means that are not whole have one, rates below 10 two, all else none."""
    if unit == "rate" and abs(value) < 10:
        return "#,##0.00"
    if abs(value) >= (1000 if unit in ("count", "people") else 100) or unit == "money":
        return "#,##0"
    whole = float(value).is_integer() and unit != "hours"
    return "#,##0" if whole else "#,##0.0"
