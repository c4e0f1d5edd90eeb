"""Which members of a dimension, such as wikis, are unlike the others, given how little chance leaves of the small ones.

It takes a released answer alone, so that it knows no more than its reader, and ranks nobody.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from metrics.answer import Figure, Released
from metrics.semantic.model import Metric
from metrics.stats.funnel import Z95, Z998, Funnel, funnel
from metrics.stats.interval import benjamini_hochberg, is_small

Why = Literal["no_share", "not_counted", "no_period", "too_few"]

FEWEST: Final = 3  # members: each lies in the middle of two
FALSE_SHARE: Final = 0.05  # of those found, after Benjamini and Hochberg
CURVE_POINTS: Final = 60


@dataclass(frozen=True)
class NoFunnel:
    """Why there is none. no_share: the kind has no cases among others; not_counted: its parts are no counted rows,
    or not such that one is a part of the other.

    no_period: no period is settled. too_few: fewer than three members may be shown.
    """

    why: Why
    shown: int = 0
    withheld: int = 0


@dataclass(frozen=True)
class Limits:
    """Where a member of this size may lie if it is like the others: 95 and 99.8 %."""

    size: float
    low95: float
    high95: float
    low998: float
    high998: float


@dataclass(frozen=True)
class Member:
    """One member and its limits. is_beyond: outside the 99.8 % limits.

    adjusted_p: how likely one like the others lies so far off, adjusted for looking at all. is_unlike: beyond, and
    adjusted_p under 0.05. is_above: the centre, which is neither better nor worse. is_small: of so few cases that its
    own value says little.
    """

    name: str
    figure: Figure
    limits: Limits
    is_beyond: bool
    adjusted_p: float
    is_unlike: bool
    is_above: bool
    is_small: bool


@dataclass(frozen=True)
class Comparison:
    """The members in one period, in order of their names. center: the share of all that are shown together.

    overdispersion: tau squared; above 0 members differ by more than counting explains, and the limits are wider for it.
    curve: the limits from the smallest to the largest size. withheld, absent: members that are not drawn.
    """

    released: Released
    start: date
    end: date
    label: str
    members: tuple[Member, ...]
    center: float
    overdispersion: float
    curve: tuple[Limits, ...]
    withheld: int
    absent: int

    @property
    def unlike(self) -> tuple[Member, ...]:
        return tuple(one for one in self.members if one.is_unlike)


def comparison(parts: Released) -> Comparison | NoFunnel:
    """The funnel of an answer split by one dimension, in its newest settled period (ValueError for another split).

    Proportions only: shares of counted rows. Source: Spiegelhalter 2005; unlike is beyond the 99.8 % limits and still
    found after Benjamini and Hochberg, 1995, among all members drawn.
    """
    if len(parts.split) != 1:
        raise ValueError(f"a funnel is of the members of one dimension, not of {parts.split}")
    why = kind_refused(parts.metric)
    if why is not None:
        return NoFunnel(why)
    figures = _newest(parts)
    if not figures:
        return NoFunnel("no_period")
    drawn = sorted((one for one in figures if one.denominator), key=lambda one: one.group)
    withheld = sum(one.state == "withheld" for one in figures)
    if len(drawn) < FEWEST:
        return NoFunnel("too_few", len(drawn), withheld)
    x, n = ([getattr(one, name) or 0.0 for one in drawn] for name in ("numerator", "denominator"))
    if any(cases > size for cases, size in zip(x, n, strict=True)):
        return NoFunnel("not_counted")
    found = funnel(x, n)
    center = found.center or 0.0
    return Comparison(
        parts, drawn[0].start, drawn[0].end, drawn[0].label, tuple(_members(drawn, found)), center,
        found.overdispersion, _curve(center, found.overdispersion, min(n), max(n)), withheld,
        len(figures) - len(drawn) - withheld,
    )  # fmt: skip


def kind_refused(metric: Metric) -> Why | None:
    """Why there is no funnel of a metric, whatever is asked of it; None where there may be one."""
    if metric.kind != "ratio":
        return "no_share"
    return None if metric.counts_rows and not metric.can_exceed_1 else "not_counted"


def year_until(whole: Released) -> tuple[date, date] | None:
    """First and last day of the twelve months that end with the newest settled period; None where none is settled."""
    last = whole.last_final
    if last is None:
        return None
    day_after = last.end + timedelta(days=1)
    is_leap_day = (day_after.month, day_after.day) == (2, 29)
    start = day_after.replace(year=day_after.year - 1, day=28 if is_leap_day else day_after.day)
    return start, last.end


def _newest(parts: Released) -> Sequence[Figure]:
    """Every member's figure of the newest period that is settled for any."""
    start = max((one.start for one in parts.figures if one.state == "final" and one.shown), default=None)
    return [one for one in parts.figures if one.start == start]


def _members(drawn: Sequence[Figure], found: Funnel) -> Iterator[Member]:
    center, tau2 = found.center or 0.0, found.overdispersion
    adjusted = benjamini_hochberg([_chance(one, center, tau2) for one in drawn])
    lines = found.low95, found.high95, found.low998, found.high998
    for at, one in enumerate(drawn):
        x, n = one.numerator or 0.0, one.denominator or 0.0
        beyond, p = bool(found.outside[at]), float(adjusted[at])
        yield Member(
            name=one.group[0],
            figure=one,
            limits=Limits(n, *(float(line[at]) for line in lines)),
            is_beyond=beyond,
            adjusted_p=p,
            is_unlike=beyond and p < FALSE_SHARE,
            is_above=x / n > center,
            is_small=is_small(x, n),
        )


def _chance(figure: Figure, center: float, tau2: float) -> float:
    """How likely a member like the others lies this far off, either way: from the scale on which limits are drawn."""
    x, n = figure.numerator or 0.0, figure.denominator or 0.0
    far = (_bend(x / n) - _bend(center)) / math.sqrt(1 / (4 * n) + tau2)
    return math.erfc(abs(far) / math.sqrt(2))


def _curve(center: float, tau2: float, smallest: float, largest: float) -> tuple[Limits, ...]:
    sizes = np.geomspace(smallest, largest, CURVE_POINTS).tolist() if smallest < largest else [smallest]
    return tuple(Limits(size, *(_limit(center, tau2, size, z) for z in (-Z95, Z95, -Z998, Z998))) for size in sizes)


def _limit(center: float, tau2: float, size: float, z: float) -> float:
    """The funnel's own limit at any size."""
    angle = _bend(center) + z * math.sqrt(1 / (4 * size) + tau2)
    return math.sin(min(max(angle, 0.0), math.pi / 2)) ** 2


def _bend(share: float) -> float:
    return math.asin(math.sqrt(share))
