"""An effect in words that people use: points and how many of a hundred, hours, how many more or fewer.

It computes nothing but the way a number is written, and draws nothing.
"""

from collections.abc import Mapping
from typing import Final

from dashboard.charts import words
from metrics.finding import Finding, Size
from metrics.semantic.model import Grain, Metric, Unit
from metrics.stats.verdict import Word

SYMBOLS: Final[Mapping[Word, str]] = {
    "improved": "●",
    "worsened": "▲",
    "no detectable effect": "◆",
    "no verdict": "–",
}
# What a share is a share of, by the mart it is counted in. Others are told without a noun.
OF_WHAT: Final[Mapping[str, str]] = {
    "mart_appeal_decision": "appeals decided",
    "mart_block": "blocks",
    "mart_block_end": "blocks that ended",
    "mart_case": "cases",
    "mart_edit": "edits",
    "mart_event_participant": "participants",
    "mart_milestone": "milestones",
    "mart_new_editor": "new editors",
    "mart_report_funnel": "reports begun",
    "mart_survey_answer": "editors asked",
}
COUNTED: Final[tuple[Unit, ...]] = ("count", "rate", "people", "money")
_SUFFIX: Final[Mapping[Unit, str]] = {"hours": "hours", "days": "days", "share": "points"}


def verdict(one: Finding) -> str:
    """The symbol and the word: colour never carries it alone."""
    return f"{SYMBOLS[one.word]} {one.word[0].upper()}{one.word[1:]}"


def effect(one: Finding, metric: Metric, locale: str = words.LOCALE) -> str:
    """The effect with its interval: "12.0 points lower (9.9 to 14.1)"; "" where there is none."""
    if one.size is None:
        return ""
    unit = unit_of(one, metric)
    told = amount(one.size.value, unit, one.is_relative, locale)
    return f"{told} {_way(one.size.value, one, unit)}{_per(one, metric)}{_interval(one, unit, locale)}"


def of_a_hundred(one: Finding, metric: Metric, locale: str = words.LOCALE) -> str:
    """A clear change of a share as a number of things: "12 fewer of 100 blocks (10 to 14)"; "" of anything else."""
    size = one.size
    if size is None or size.low is None or size.high is None or metric.unit != "share" or metric.kind == "mean":
        return ""
    if one.direction is None:
        return ""
    base = 100 if abs(size.value) >= 0.02 else 1000
    near, far = sorted((abs(size.low), abs(size.high)))
    value, low, high = (words.decimal(abs(part) * base, 0, locale) for part in (size.value, near, far))
    noun = OF_WHAT.get(metric.source, "")
    way = "more" if size.value > 0 else "fewer"
    return f"{value} {way} of {words.decimal(base, 0, locale)}{' ' if noun else ''}{noun} ({low} to {high})"


def amount(value: float, unit: Unit, is_relative: bool = False, locale: str = words.LOCALE) -> str:
    """The size of a change without its direction: "12.0 points", "13.4 hours", "53", "18.0 %" of what was usual."""
    number = _number(value, unit, locale)
    if is_relative:
        return f"{number}{words.NBSP}%"
    suffix = _SUFFIX.get(unit)
    return f"{number}{words.NBSP}{suffix}" if suffix else number


def unit_of(one: Finding, metric: Metric) -> Unit:
    return "share" if one.is_relative else metric.unit


def title_of_axis(one: Finding, metric: Metric) -> str:
    """In what the effect is drawn: "points", "hours", "per week", "% of what was usual"."""
    if one.is_relative:
        return "% of what was usual before"
    by: Grain = one.released.by if one.released is not None else "total"
    return _SUFFIX.get(metric.unit, f"per {words.GRAIN_WORDS[by]}")


def signed(size: Size, one: Finding, metric: Metric, locale: str = words.LOCALE) -> tuple[str, str]:
    """An effect with its sign, and its interval: ("+12.0 points", "9.9 to 14.1"); "–" where there is none."""
    unit = unit_of(one, metric)
    sign = words.MINUS if size.value < 0 else "+"
    if size.low is None or size.high is None:
        return f"{sign}{amount(size.value, unit, one.is_relative, locale)}", "–"
    bounds = [_signed_number(bound, unit, locale) for bound in (size.low, size.high)]
    return f"{sign}{amount(size.value, unit, one.is_relative, locale)}", f"{bounds[0]} to {bounds[1]}"


def _interval(one: Finding, unit: Unit, locale: str) -> str:
    """The bounds in the direction of the effect; where they lie on both sides of 0, each says on which."""
    size = one.size
    if size is None or size.low is None or size.high is None:
        return ""
    if size.nearest_none:
        near, far = sorted((abs(size.low), abs(size.high)))
        return f" ({_number(near, unit, locale)} to {_number(far, unit, locale)})"
    low = f"{_number(size.low, unit, locale)} {_way(size.low, one, unit)}"
    return f" (from {low} to {_number(size.high, unit, locale)} {_way(size.high, one, unit)})"


def _number(value: float, unit: Unit, locale: str) -> str:
    """A bare number of the unit: a share in points."""
    if unit == "share":
        return words.decimal(abs(value) * 100, 1, locale)
    return words.decimal(abs(value), 0 if unit in COUNTED and abs(value) >= 10 else 1, locale)


def _signed_number(value: float, unit: Unit, locale: str) -> str:
    return f"{words.MINUS if value < 0 else '+'}{_number(value, unit, locale)}"


def _way(value: float, one: Finding, unit: Unit) -> str:
    if one.is_relative:
        return "more than usual" if value > 0 else "less than usual"
    if unit in COUNTED:
        return "more" if value > 0 else "fewer"
    return "higher" if value > 0 else "lower"


def _per(one: Finding, metric: Metric) -> str:
    if one.is_relative or metric.unit not in COUNTED or one.released is None:
        return ""
    return f" per {words.GRAIN_WORDS[one.released.by]}"
