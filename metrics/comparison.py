"""Which members of a dimension, such as wikis, are unlike the others, given how little chance leaves of the small ones.

It takes a released answer alone, so that it knows no more than its reader, and ranks nobody.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from metrics.answer import Figure, Released
from metrics.semantic.model import Metric
from metrics.stats.funnel import Funnel, funnel
from metrics.stats.interval import benjamini_hochberg, is_small

Why = Literal["no_share", "not_counted", "no_period", "too_few", "no_whole"]

FEWEST: Final = 3  # members: each lies in the middle of two
FALSE_SHARE: Final = 0.05  # of those found, after Benjamini and Hochberg
CURVE_POINTS: Final = 60


@dataclass(frozen=True)
class NoFunnel:
    """Why there is none. no_share: the kind has no cases among others; not_counted: its parts are no counted rows,
    or not such that one is a part of the other.

    no_period: no period is settled. too_few: fewer than three members may be shown. no_whole: some are withheld, and
    what all have together is not known either: those shown alone would be measured against themselves.
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
    """The members in one period, in order of their names. center: the share of all together, shown or not.

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


def comparison(parts: Released, whole: Released | None = None) -> Comparison | NoFunnel:
    """The funnel of an answer split by one dimension, in its newest settled period (ValueError for another split).

    whole: the same question without the split, of the same reader (ValueError where it is another). Its figure is the
    centre; without it those shown have their own, which is that of all only as long as none is withheld.
    Proportions only: shares of counted rows. Source: Spiegelhalter 2005; unlike is beyond the 99.8 % limits and still
    found after Benjamini and Hochberg, 1995, among all members drawn.
    """
    if len(parts.split) != 1:
        raise ValueError(f"a funnel is of the members of one dimension, not of {parts.split}")
    if whole is not None and _asked(whole) != _asked(parts):
        raise ValueError(f"the whole of a funnel answers another question: {_asked(whole)}, not {_asked(parts)}")
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
    center = _center(whole, drawn[0])
    if withheld and center is None:
        return NoFunnel("no_whole", len(drawn), withheld)
    found = funnel(x, n, center=center)
    return Comparison(
        parts, drawn[0].start, drawn[0].end, drawn[0].label, tuple(_members(drawn, found)), found.center or 0.0,
        found.overdispersion, _curve(found, min(n), max(n)), withheld, len(figures) - len(drawn) - withheld,
    )  # fmt: skip


def kind_refused(metric: Metric) -> Why | None:
    """Why there is no funnel of a metric, whatever is asked of it; None where there may be one."""
    if metric.kind != "ratio":
        return "no_share"
    return None if metric.is_share else "not_counted"


def year_until(whole: Released) -> tuple[date, date] | None:
    """First and last day of the twelve months that end with the newest settled period; None where none is settled."""
    last = whole.last_final
    if last is None:
        return None
    day_after = last.end + timedelta(days=1)
    is_leap_day = (day_after.month, day_after.day) == (2, 29)
    start = day_after.replace(year=day_after.year - 1, day=28 if is_leap_day else day_after.day)
    return start, last.end


def _asked(answer: Released) -> tuple[object, ...]:
    return answer.metric.id, answer.by, answer.where, answer.audience, answer.build


def _center(whole: Released | None, member: Figure) -> float | None:
    """What all have together in a member's period, as far as it is released."""
    same = [one for one in (whole.figures if whole else ()) if (one.start, one.end) == (member.start, member.end)]
    if not same or same[0].numerator is None or not same[0].denominator:
        return None
    return same[0].numerator / same[0].denominator


def _newest(parts: Released) -> Sequence[Figure]:
    """Every member's figure of the newest period that is settled for any."""
    start = max((one.start for one in parts.figures if one.state == "final" and one.shown), default=None)
    return [one for one in parts.figures if one.start == start]


def _members(drawn: Sequence[Figure], found: Funnel) -> Iterator[Member]:
    adjusted = benjamini_hochberg(found.p)
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
            is_above=x / n > (found.center or 0.0),
            is_small=is_small(x, n),
        )


def _curve(found: Funnel, smallest: float, largest: float) -> tuple[Limits, ...]:
    sizes = np.geomspace(smallest, largest, CURVE_POINTS) if smallest < largest else np.array([smallest])
    rows = zip(sizes.tolist(), *(line.tolist() for line in found.limits_at(sizes)), strict=True)
    return tuple(Limits(*row) for row in rows)
