"""What a rollout changed in one series that has nothing to be compared with but its own time before.

It takes a released answer of one group and hands out a finding; what is not settled or not shown is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from metrics.answer import Figure, Released
from metrics.finding import A_YEAR, LEAST, Basis, Finding, Moment, Other, Reason, judge, size_of
from metrics.stats.impact import InterruptedSeries, interrupted_series

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Series:
    """figures: the time looked at, oldest first. values: theirs, NaN where missing. start: the first after it began."""

    figures: tuple[Figure, ...]
    values: Floats
    start: int
    left_out: int
    cut: tuple[Other, ...]

    @property
    def before(self) -> int:
        return int(np.sum(~np.isnan(self.values[: self.start])))

    @property
    def after(self) -> int:
        return int(np.sum(~np.isnan(self.values[self.start :])))


def interrupted(released: Released, first: date, last: date, others: Sequence[Other]) -> Finding:
    """The effect at the newest settled period, from the course before and the course since.

    released: one group, by a grain. first, last: the days on which the first and the last wiki was reached; periods
    that hold one of them or lie between them are left out. others: what else moves the metric; it bounds the time.
    With two years before, the season is fitted. With less, each period of a count is taken as the difference from the
    same one a year before, where there is enough: what people do rises and falls with the year. Else it is as it is.
    """
    asked = _series(released, first, last, others)
    basis = Basis(before=asked.before, after=asked.after, left_out=asked.left_out, cut=asked.cut)
    refused = Finding(released, released.metric.id, "no verdict", _refusal(asked, released), "interrupted", basis=basis)
    if refused.reason is not None:
        return refused
    year = A_YEAR.get(released.by)
    season = year if year is not None and asked.start >= 2 * year else None
    is_count = released.metric.unit in ("count", "people", "money")
    if year is not None and season is None and is_count and asked.start >= year + LEAST[released.by]:
        yearly = _less_a_year_ago(asked, year)
        if min(yearly.before, yearly.after) >= LEAST[released.by]:
            return _told(released, yearly, replace(basis, season="year_ago"), asked.values[: len(yearly.values)], year)
    return _told(
        released, asked, replace(basis, season="fitted" if season else None), np.zeros(len(asked.values)), year
    )


def _series(released: Released, first: date, last: date, others: Sequence[Other]) -> _Series:
    earlier = [one for one in others if one.day < first]
    later = [one for one in others if one.day > last]
    begins = max(earlier, key=lambda one: one.day, default=None)
    ends = min(later, key=lambda one: one.day, default=None)
    figures = sorted(released.figures, key=lambda one: one.start)
    figures = [one for one in figures if begins is None or one.start >= begins.day]
    figures = [one for one in figures if ends is None or one.end < ends.day]
    while figures and not _is_known(figures[-1]):
        figures.pop()
    while figures and not _is_known(figures[0]):
        figures.pop(0)
    is_out = [one.end >= first and one.start < last for one in figures]
    values = [
        float(one.value) if _is_known(one) and one.value is not None and not out else np.nan
        for one, out in zip(figures, is_out, strict=True)
    ]
    start = sum(one.start < last for one in figures)
    cut = tuple(one for one in (begins, ends) if one is not None)
    return _Series(tuple(figures), np.array(values, np.float64), start, sum(is_out), cut)


def _is_known(one: Figure) -> bool:
    return one.state == "final" and one.value is not None


def _refusal(asked: _Series, released: Released) -> Reason | None:
    if not asked.figures:
        return "withheld" if released.withheld_count else "no_figures"
    if asked.after < LEAST[released.by]:
        return "too_little_after"
    return "too_little_before" if asked.before < LEAST[released.by] else None


def _less_a_year_ago(asked: _Series, year: int) -> _Series:
    """Each period less the same one a year before, for as long as that one lies before the start."""
    until = min(len(asked.values), asked.start - asked.left_out + year)
    values = asked.values[year:until] - asked.values[: until - year]
    return replace(asked, figures=asked.figures[year:until], values=values, start=asked.start - year)


def _told(released: Released, asked: _Series, basis: Basis, base: Floats, year: int | None) -> Finding:
    """base: what is added to the lines, period by period, so that they lie on the figures again."""
    metric = released.metric
    season = year if basis.season == "fitted" else None
    better = metric.better if metric.judged else "higher"
    found = interrupted_series(asked.values, asked.start, season=season, better=better)
    size, tried = size_of(found.effect), _tried(asked, released, year, season)
    told = judge(found.verdict, size, metric.judged, None if tried is None else size_of(tried.effect))
    return Finding(
        released,
        metric.id,
        told.word,
        told.reason,
        "interrupted",
        why=told.why,
        size=size,
        direction=told.direction,
        smallest=found.verdict.smallest_detectable,
        basis=replace(basis, tried=None if tried is None else size_of(tried.effect)),
        moments=_moments(asked, found, season, base),
    )


def _tried(asked: _Series, released: Released, year: int | None, season: int | None) -> InterruptedSeries | None:
    """The same one year before, as if it had begun then, over as long a time; None where there is too little before."""
    if year is None:
        return None
    start = asked.start - year
    values = asked.values[: min(asked.start - asked.left_out, len(asked.values) - year)]
    least = 2 * season if season else LEAST[released.by]
    known = ~np.isnan(values)
    if start < least or known[:start].sum() < least or known[start:].sum() < LEAST[released.by]:
        return None
    return interrupted_series(values, start, season=season)


def _moments(asked: _Series, found: InterruptedSeries, season: int | None, base: Floats) -> tuple[Moment, ...]:
    """The lines of the same regression: with the jump and the change of slope known, the rest is a straight line."""
    n = len(asked.values)
    since = np.clip(np.arange(n) - asked.start + 1, 0, None).astype(np.float64)
    moved = np.where(since > 0, found.level.value + found.slope.value * since, 0.0)
    columns = [np.ones(n), np.arange(n, dtype=np.float64)]
    if season is not None:
        columns += [(np.arange(n) % season == place).astype(np.float64) for place in range(1, season)]
    design, known = np.column_stack(columns), ~np.isnan(asked.values)
    rest = np.linalg.lstsq(design[known], (asked.values - moved)[known], rcond=None)[0]
    otherwise = design @ rest + base
    return tuple(
        Moment(one, _number(line + jump), _number(line) if place >= asked.start else None)
        for place, (one, line, jump) in enumerate(zip(asked.figures, otherwise, moved, strict=True))
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
