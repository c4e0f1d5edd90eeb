"""What a rollout changed on the wikis that it reached, against wikis that it did not reach.

It takes an answer by wiki and hands out a finding; a wiki with a period that is not settled or not shown is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from metrics.answer import Released
from metrics.finding import (
    LEAST_AFTER,
    LEAST_BEFORE,
    Basis,
    Finding,
    Method,
    Other,
    Point,
    Reason,
    Second,
    SetAside,
    Size,
    Why,
    is_selective,
    judge,
    no_verdict,
    size_of,
)
from metrics.semantic.model import Grain
from metrics.stats.impact import StaggeredEffect, effect_by_block, single_unit_effect, staggered_did, synthetic_did
from metrics.stats.verdict import Better

Floats = NDArray[np.float64]

ENOUGH: Final = 10  # reached wikis from which on their own scatter says how sure an effect is; STATS 6
REACHED: Final = "reached"  # the name of what the wikis that were reached are together
WEEKS_TOGETHER: Final = 4  # weeks are told four by four: one alone is mostly noise


@dataclass(frozen=True)
class _Grid:
    """Settled and shown values by wiki and place of the period; periods: first and last day, oldest first.

    A period that is withheld of all wikis has its place, too, so that its neighbours are none.
    """

    periods: tuple[tuple[date, date], ...]
    values: Mapping[str, Mapping[int, float]]

    def has(self, wiki: str, places: Sequence[int]) -> bool:
        return all(place in self.values.get(wiki, {}) for place in places)


@dataclass(frozen=True)
class _Window:
    """The places of one wiki's periods before it was reached, and since; the one in which it was lies between them.

    is_selective: too many are withheld, so that those shown are not like the others.
    """

    before: tuple[int, ...]
    after: tuple[int, ...]
    cut: tuple[Other, ...]
    is_selective: bool

    @property
    def places(self) -> range:
        return range(self.before[0], self.after[-1] + 1)

    @property
    def left_out(self) -> int:
        return self.after[0] - self.before[-1] - 1

    def trimmed(self, before: int, after: int) -> "_Window":
        return replace(self, before=self.before[-before:], after=self.after[:after])


@dataclass(frozen=True)
class _Design:
    """The wikis that are compared. windows: of the reached ones, all of one length."""

    grid: _Grid
    windows: Mapping[str, _Window]
    controls: tuple[str, ...]
    set_aside: tuple[SetAside, ...]
    is_relative: bool

    @property
    def before(self) -> int:
        return min((len(one.before) for one in self.windows.values()), default=0)

    @property
    def after(self) -> int:
        return min((len(one.after) for one in self.windows.values()), default=0)

    @property
    def span(self) -> range:
        windows = self.windows.values()
        return range(min(one.places[0] for one in windows), max(one.places[-1] for one in windows) + 1)

    def value(self, wiki: str, place: int) -> float:
        """In the metric's unit, or as a share of the wiki's mean before anybody was reached."""
        values = self.grid.values[wiki]
        return values[place] / self.usual(wiki) if self.is_relative else values[place]

    def usual(self, wiki: str) -> float:
        """Its mean before it was reached; of another wiki, before the first was."""
        first = self.windows.get(wiki) or min(self.windows.values(), key=lambda one: one.after[0])
        return float(np.mean([self.grid.values[wiki][place] for place in first.before]))


def compared(
    released: Released,
    starts: Mapping[str, date],
    others: Sequence[Other],
    never: Sequence[str],
    longer: Released | None = None,
) -> Finding:
    """The effect on the wikis of `starts`, each reached on its day.

    released: split by wiki alone. others: what else moves this metric; it bounds the time looked at where it is on a
    wiki that was reached, and takes a wiki out of the comparison where it is on another. never: the wikis not reached.
    longer: the same by longer periods, for a second opinion: staggered effects start from one period, and one week of
    a few wikis is mostly noise.
    From ten reached wikis on it is `staggered_did`. Below that its interval is too narrow, and permuting so few wikis
    cannot reach 5 %; then the reached ones are set on their starts, averaged, and judged like a single one, by how much
    their distance from the others moved before. Where all are reached sooner or later, those not reached yet are the
    others. Counts are read as shares of what was usual before: wikis are of different sizes.
    Of 500 simulated rollouts over 60 weeks, two weeks from one wiki to the next, in % (coverage, false claims, and
    power for one standard deviation of a wiki's noise, which has the autocorrelation told):
    2 of 6 together, alike 0: 93.4, 1.4, 86; 2 of 6 together, alike 0.3: 92.4, 2.0, 60;
    5 of 9 together, alike 0: 91.2, 2.2, 98; 5 of 9 together, alike 0.3: 91.0, 3.2, 82;
    9 of 13 together, alike 0: 88.2, 3.8, 100; 9 of 13 together, alike 0.3: 87.6, 4.2, 94.
    So the interval of several together is too narrow: each week of the others is in it several times. False claims
    stay rare, because the permutation and the time before have to agree (`benchmarks/impact_coverage.py`).
    """
    design = _design(released, starts, others, never)
    basis = _basis(design)
    if not design.windows:
        return no_verdict(released, _refusal(released, design), basis=basis)
    if design.controls and len(design.windows) < ENOUGH:
        by_longer = None if longer is None else _design(longer, starts, others, never)
        return _like_one(released, design, basis, by_longer or design)
    if design.controls or len({one.after[0] for one in design.windows.values()}) > 1:
        return _staggered(released, design, basis)
    return no_verdict(released, "nothing_to_compare", basis=basis)


def _design(released: Released, starts: Mapping[str, date], others: Sequence[Other], never: Sequence[str]) -> _Design:
    grid = _grid(released)
    windows, aside = dict[str, _Window](), list[SetAside]()
    is_relative = released.metric.unit in ("count", "rate", "people", "money")
    for wiki, day in starts.items():
        found = _window(released, grid, wiki, day, others)
        why = _lack(grid, wiki, found, released.by)
        if found is not None and why is None:
            windows[wiki] = found
        else:
            aside.append(SetAside(wiki, why or "gaps"))
    design = _trimmed(_Design(grid, windows, (), tuple(aside), is_relative))
    return _with_controls(released, design, others, never) if design.windows else design


def _trimmed(design: _Design) -> _Design:
    """The same time before and after for every wiki. One that had nothing in that time has no usual."""
    windows = {wiki: one.trimmed(design.before, design.after) for wiki, one in design.windows.items()}
    design = replace(design, windows=windows)
    if not design.is_relative:
        return design
    empty = [wiki for wiki in windows if design.usual(wiki) <= 0]
    kept = {wiki: one for wiki, one in windows.items() if wiki not in empty}
    aside = (*design.set_aside, *(SetAside(wiki, "no_usual") for wiki in empty))
    return replace(design, windows=kept, set_aside=aside)


def _grid(released: Released) -> _Grid:
    settled = [one for one in released.figures if one.state == "final" and one.value is not None]
    hidden = [one for one in released.figures if one.state == "withheld"]
    periods = sorted({(one.start, one.end) for one in (*settled, *hidden)})
    place_of = {period: place for place, period in enumerate(periods)}
    values: dict[str, dict[int, float]] = {}
    for one in settled:
        if one.value is not None:
            values.setdefault(one.group[0], {})[place_of[one.start, one.end]] = one.value
    return _Grid(tuple(periods), values)


def _window(released: Released, grid: _Grid, wiki: str, day: date, others: Sequence[Other]) -> _Window | None:
    """The periods that tell of one wiki, up to what else began there before and after it."""
    known = grid.values.get(wiki)
    if not known:
        return None
    here = [one for one in others if one.wiki in (wiki, "")]
    begins = max((one for one in here if one.day < day), key=lambda one: one.day, default=None)
    ends = min((one for one in here if one.day > day), key=lambda one: one.day, default=None)
    since = begins.day if begins is not None else date.min
    until = ends.day if ends is not None else date.max
    periods = {place: grid.periods[place] for place in range(min(known), max(known) + 1)}
    before = tuple(place for place, (start, end) in periods.items() if start >= since and end < min(day, until))
    after = tuple(place for place, (start, end) in periods.items() if start >= max(day, since) and end < until)
    told = [one for one in released.of(wiki).figures if one.start >= since and one.end < until]
    apart = [one for one in told if not one.start < day <= one.end]
    cut = tuple(one for one in (begins, ends) if one is not None)
    return _Window(before, after, cut, is_selective(released, apart))


def _lack(grid: _Grid, wiki: str, found: _Window | None, by: Grain) -> Why | None:
    """Why a reached wiki cannot be compared; None where it can."""
    if found is None:
        return "gaps"
    if found.is_selective:
        return "withheld"
    if len(found.after) < LEAST_AFTER[by]:
        return "too_little_after"
    if len(found.before) < LEAST_BEFORE[by]:
        return "too_little_before"
    return None if grid.has(wiki, [*found.before, *found.after]) else "gaps"


def _with_controls(released: Released, design: _Design, others: Sequence[Other], never: Sequence[str]) -> _Design:
    first, last = design.grid.periods[design.span[0]][0], design.grid.periods[design.span[-1]][1]
    controls, aside = list[str](), list(design.set_aside)
    for wiki in never:
        mixed = [one for one in others if one.wiki == wiki and first <= one.day <= last]
        if mixed:
            aside.append(SetAside(wiki, "other_rollout", mixed[0].title))
        elif is_selective(released, [one for one in released.of(wiki).figures if first <= one.start <= last]):
            aside.append(SetAside(wiki, "withheld"))
        elif not design.grid.has(wiki, design.span):
            aside.append(SetAside(wiki, "gaps"))
        elif design.is_relative and design.usual(wiki) <= 0:
            aside.append(SetAside(wiki, "no_usual"))
        else:
            controls.append(wiki)
    return replace(design, controls=tuple(controls), set_aside=tuple(aside))


def _basis(design: _Design) -> Basis:
    cut = tuple(dict.fromkeys(other for one in design.windows.values() for other in one.cut))
    return Basis(
        reached=tuple(design.windows),
        others=design.controls,
        set_aside=design.set_aside,
        before=design.before,
        after=design.after,
        left_out=max((one.left_out for one in design.windows.values()), default=0),
        cut=cut,
    )


def _refusal(released: Released, design: _Design) -> Reason:
    """Why no reached wiki can be compared. Where figures of it are withheld, that is why it has too few."""
    hidden = {one.group[0] for one in released.figures if one.state == "withheld"}
    whys = {one.why for one in design.set_aside}
    if any(one.wiki in hidden for one in design.set_aside):
        return "withheld"
    if "too_little_after" in whys:
        return "too_little_after"
    return "too_little_before" if "too_little_before" in whys else "no_figures"


def _like_one(released: Released, design: _Design, basis: Basis, longer: _Design) -> Finding:
    """The reached wikis, each set on its own start, averaged; and each of the others averaged over the same periods."""
    metric, rows = released.metric, pd.DataFrame(list(_rows(design)))
    better: Better = metric.better if metric.judged else "higher"
    method: Method = "alone" if len(design.windows) == 1 else "together"
    try:
        found = single_unit_effect(
            rows, unit="unit", time="time", treated="treated", outcome="value", start=0, better=better
        )
    except ValueError as error:
        return no_verdict(released, "statistics", method, basis, str(error))
    size, tried = size_of(found.effect), _tried(rows, design.before, LEAST_BEFORE[released.by])
    told = judge(found.verdict, size, metric.judged, tried)
    blocks = effect_by_block(found.differences, found.first, WEEKS_TOGETHER if released.by == "week" else 1)
    return Finding(
        released,
        metric.id,
        told.word,
        told.reason,
        method,
        why=told.why,
        size=size,
        direction=told.direction,
        smallest=found.verdict.smallest_detectable,
        is_relative=design.is_relative,
        basis=replace(basis, tried=tried, second=_second(design, rows, method, longer)),
        points=tuple(Point(one.first, one.last, size_of(one.effect)) for one in blocks),
    )


def _rows(design: _Design) -> Iterator[Mapping[str, object]]:
    for time in range(-design.before, design.after):
        places = [(one.after[time] if time >= 0 else one.before[time]) for one in design.windows.values()]
        of_reached = [design.value(wiki, place) for wiki, place in zip(design.windows, places, strict=True)]
        yield {"unit": REACHED, "time": time, "treated": 1, "value": float(np.mean(of_reached))}
        for wiki in design.controls:
            of_other = [design.value(wiki, place) for place in places]
            yield {"unit": wiki, "time": time, "treated": 0, "value": float(np.mean(of_other))}


def _tried(rows: pd.DataFrame, before: int, least: int) -> Size | None:
    """The same half-way through the time before, when nothing began; None where a half of it is too short."""
    if before // 2 < least:
        return None
    early = rows[rows["time"] < 0]
    try:
        found = single_unit_effect(
            early, unit="unit", time="time", treated="treated", outcome="value", start=-(before // 2)
        )
    except ValueError:
        return None
    return size_of(found.effect)


def _second(design: _Design, rows: pd.DataFrame, method: Method, longer: _Design) -> Second | None:
    """What the methods for many wikis make of these few."""
    if method == "together":
        by_wiki = _by_wiki(longer, "never_treated", "neither") if longer.windows else None
        return None if by_wiki is None else Second("staggered", by_wiki.simple.value)
    if len(design.controls) < 2:
        return None
    try:
        found = synthetic_did(rows, unit="unit", time="time", treated="treated", outcome="value", start=0)
    except ValueError:
        return None
    return Second("synthetic", found.value)


def _staggered(released: Released, design: _Design, basis: Basis) -> Finding:
    metric = released.metric
    better: Better = metric.better if metric.judged else "higher"
    found = _by_wiki(design, "never_treated" if design.controls else "not_yet_treated", better)
    refused = no_verdict(released, "nothing_to_compare", "staggered", basis)
    if found is None:
        return refused
    size = size_of(found.simple)
    told = judge(found.verdict, size, metric.judged, None)
    return replace(
        refused,
        word=told.word,
        reason=told.reason,
        why=told.why,
        size=size,
        direction=told.direction,
        smallest=found.verdict.smallest_detectable,
        is_relative=design.is_relative,
        basis=replace(basis, pre_test_p=found.pre_test_p),
        points=tuple(Point(at, at, size_of(effect)) for at, effect in sorted(found.by_time.items())),
    )


def _by_wiki(design: _Design, control: str, better: Better) -> StaggeredEffect | None:
    """Staggered differences over the calendar; None where the wikis cannot be compared so.

    A period in which a wiki was reached is neither before nor after: then the effect is read from two periods back.
    """
    rows = []
    for wiki in (*design.windows, *design.controls):
        window = design.windows.get(wiki)
        cohort = 0 if window is None else window.after[0] + 1
        for place in design.span:
            if design.grid.has(wiki, [place]):
                rows.append({"unit": wiki, "time": place + 1, "cohort": cohort, "value": design.value(wiki, place)})
    anticipation = max(one.left_out for one in design.windows.values())
    try:
        return staggered_did(
            pd.DataFrame(rows), unit="unit", time="time", cohort="cohort", outcome="value",
            control="never_treated" if control == "never_treated" else "not_yet_treated",
            anticipation=anticipation, better=better,
        )  # fmt: skip
    except ValueError:  # no wiki is whole over the time of all of them, or none is left to compare with
        return None
