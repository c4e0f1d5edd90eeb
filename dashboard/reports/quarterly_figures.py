"""A figure of the quarterly report as a number with its phrase, or as the reason why there is none. It asks nothing.

Numbers are shown as the door rounds them for the public: shares in whole percent, times with one decimal.
"""

from collections.abc import Mapping
from typing import Final

from dashboard.reports import quarterly_phrases as phrases
from dashboard.reports.community_text import Amount, Cell, Text, say
from metrics.answer import Figure
from metrics.semantic.model import Metric, Unit

DECIMALS: Final[Mapping[Unit, int]] = {
    "share": 0,
    "rate": 2,
    "hours": 1,
    "days": 1,
    "count": 0,
    "people": 1,
    "money": 0,
}


def form(one: Figure, metric: Metric) -> tuple[str, Amount]:
    """The key of the phrase that a figure needs, and the number in it: a few are never told as 0, nor most as 100 %."""
    value = one.value or 0.0
    if metric.unit == "share" and value in (0.0, 1.0) and one.numerator and one.numerator != one.denominator:
        return ("over", Amount(99)) if value else ("under", Amount(1))
    return metric.unit, amount(value, metric.unit)


def amount(value: float, unit: Unit, exact: bool = False) -> Amount:
    """A value in the unit in which it is told. exact: a target has a decimal where it needs one."""
    told = round(value * 100, 6) if unit == "share" else value
    decimals = DECIMALS[unit]
    return Amount(told, int(not float(told).is_integer()) if exact else decimals)


def cell(one: Figure, metric: Metric) -> Cell:
    """A figure in a table: a number, or words for why there is none."""
    if one.value is None:
        return absent(one, metric)
    key, value = form(one, metric)
    if key in ("under", "over"):
        return say(phrases.CELL[key], value=value)
    if one.state == "maturing":
        return say(phrases.CELL["partial"], value=value)
    return say(phrases.CELL["incomplete"], value=value) if one.state == "partial" else value


def absent(one: Figure, metric: Metric) -> Text:
    """Why there is no figure, in the words of a table."""
    return say(phrases.CELL[absence(one, metric)])


def absence(one: Figure, metric: Metric) -> str:
    """Why a figure has no value: the key of its words."""
    if one.state == "withheld":
        return "withheld"
    if metric.kind == "duration" and one.n:
        return "not_reached"
    return "too_early" if one.state in ("too_early", "maturing") else "no_data"
