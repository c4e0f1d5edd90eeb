"""Turns rolled-up parts into values: what each kind of metric makes of its parts, with interval and state.

It touches nothing: rows come in, values go out. The same code serves the stored values and questions of the moment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from metrics import additive, distinct, estimate, quantiles
from metrics.answer import Figure, State
from metrics.calendar import Period, Rules, periods
from metrics.rollup import Group, Placed, Rows, is_there, scaled
from metrics.semantic.model import Grain, Metric

Span = tuple[date, date]


@dataclass(frozen=True)
class Coverage:
    """Of which days something is known: first and last, over all and by member of a dimension such as wiki."""

    whole: Span
    members: Mapping[str, Span] = field(default_factory=dict)

    def of(self, group: Group) -> Span:
        return next((self.members[name] for name in group if name in self.members), self.whole)


@dataclass(frozen=True)
class Frame:
    """What evaluation needs besides the parts: the first unknown day, the calendar's rules, the metric's coverage.

    reach: of a rate of two marts, the days of which either is known. first, last: days that a total is cut to, where
    the question says so. is_of_members: whether it is of some members alone.
    """

    as_of: date
    rules: Rules
    coverage: Coverage
    reach: Coverage | None = None
    first: date | None = None
    last: date | None = None
    is_of_members: bool = False


DAY = timedelta(days=1)
SIDES = ("numerator", "denominator")
NEVER: Span = (date.max, date.min)  # of days of which nothing is known
QUIET = timedelta(days=14)  # a wiki without an event for so long before its feed's last one is quiet, not missing


def coverage(rows: Iterable[tuple[str, str | None, date, date]]) -> Mapping[str, Coverage]:
    """Feed -> Coverage, from rows of feed, wiki or None for the whole feed, first and last day with an event."""
    whole: dict[str, Span] = {}
    members: dict[str, dict[str, Span]] = {}
    for feed, wiki, first, last in rows:
        if wiki is not None:
            members.setdefault(feed, {})[wiki] = (first, last)
        known = whole.get(feed, (first, last))
        whole[feed] = (min(known[0], first), max(known[1], last))
    return {feed: Coverage(span, _quiet_filled(members.get(feed, {}), span)) for feed, span in whole.items()}


def merged(several: Sequence[Coverage]) -> Coverage:
    """What any of several feeds covers that tell of the same things."""
    members: dict[str, Span] = {}
    for one in several:
        for name, (first, last) in one.members.items():
            known = members.get(name, (first, last))
            members[name] = (min(known[0], first), max(known[1], last))
    spans = [one.whole for one in several]
    return Coverage((min(first for first, _ in spans), max(last for _, last in spans)), members)


def common(several: Sequence[Coverage]) -> Coverage:
    """What all of several marts cover: a rate is known of days of which both its sides are."""
    return _of_all(several, _shared)


def reach(several: Sequence[Coverage]) -> Coverage:
    """From the first to the last day that any of several marts covers."""
    return _of_all(several, lambda spans: (min(first for first, _ in spans), max(last for _, last in spans)))


def _of_all(several: Sequence[Coverage], join: Callable[[Sequence[Span]], Span]) -> Coverage:
    members = {name: join([one.of((name,)) for one in several]) for one in several for name in one.members}
    return Coverage(join([one.whole for one in several]), members)


def _shared(spans: Sequence[Span]) -> Span:
    first, last = max(first for first, _ in spans), min(last for _, last in spans)
    return (first, last) if first <= last else NEVER


def from_day(frame: Frame, first: date) -> Frame:
    """The frame where nothing is known before the day."""
    whole = (max(first, frame.coverage.whole[0]), frame.coverage.whole[1])
    members = {name: (max(first, a), z) for name, (a, z) in frame.coverage.members.items()}
    return replace(frame, coverage=Coverage(whole, members))


def narrowed(frame: Frame, members: Sequence[str], first: date | None, last: date | None) -> Frame:
    """The frame of a question about some members and days only."""

    def of_them(one: Coverage) -> Coverage:
        return replace(one, whole=one.of(tuple(members)))

    reached = frame.reach and of_them(frame.reach)
    return replace(
        frame, coverage=of_them(frame.coverage), reach=reached, first=first, last=last, is_of_members=bool(members)
    )


def _quiet_filled(members: Mapping[str, Span], whole: Span) -> Mapping[str, Span]:
    return {name: (first, whole[1] if whole[1] - last <= QUIET else last) for name, (first, last) in members.items()}


@dataclass(frozen=True, eq=False)
class Told:
    """Every figure of one metric and grain: arrays by group and period, and what their places stand for."""

    groups: Sequence[Group]
    periods: Sequence[Period]
    estimates: additive.Estimates
    states: NDArray[np.int8]

    def figures(self) -> list[Figure]:
        """By group and then period."""
        told = self.estimates
        numbers = [_plain(one) for one in (told.value, told.low, told.high, told.numerator, told.denominator)]
        states = [STATES[one] for one in self.states.ravel().tolist()]
        rows = zip(*numbers, _whole(told.n), states, _plain(told.error), strict=True)
        places = ((period, group) for group in self.groups for period in self.periods)
        return [
            Figure(period.start, period.end, period.label, group, *row)
            for (period, group), row in zip(places, rows, strict=True)
        ]


def _plain(values: additive.Floats) -> list[float | None]:
    return [None if value != value else value for value in values.ravel().tolist()]


def _whole(values: additive.Floats) -> list[int | None]:
    return [None if value != value else round(value) for value in values.ravel().tolist()]


def figures(metric: Metric, grain: Grain, rows: Sequence[Rows], frame: Frame, width: int) -> list[Figure]:
    """Every figure of one metric and grain, by group and then period; the total (width 0) even where no row exists."""
    return told(metric, grain, rows, frame, width).figures()


def told(metric: Metric, grain: Grain, rows: Sequence[Rows], frame: Frame, width: int) -> Told:
    """As `figures`, as arrays."""
    groups = sorted(_groups(rows))
    groups = groups or ([()] if width == 0 else [])
    spans = periods(*_shown(frame), grain, frame.rules)
    placed = [Placed.of(one, groups, spans, grain) for one in rows]
    got = _estimates(metric, placed, (len(groups), len(spans)))
    if metric.has_exposure and (width or frame.is_of_members):
        got = _of_both_sides(got, placed)
    return Told(groups, spans, *_with_states(metric, got, groups, spans, frame))


def _groups(rows: Sequence[Rows]) -> set[Group]:
    """The groups that ever counted."""
    return set[Group]().union(
        *({one.groups[at] for at in np.unique(one.group[is_there(one)]).tolist()} for one in rows)
    )


def _estimates(metric: Metric, placed: Sequence[Placed], shape: tuple[int, int]) -> additive.Estimates:
    if metric.kind == "stock":
        return additive.estimates(metric, {"stock": _stock(placed, shape)}, shape)
    if metric.kind in additive.KINDS:
        parts = {part: one.matrix(part, shape) for one in placed for part in one.rows.parts}
        return additive.estimates(metric, parts, shape)
    if metric.kind in OF_PLACES:
        return OF_PLACES[metric.kind](metric, placed, shape)
    found = additive.nothing(shape)
    for place, cell in scaled(placed).items():
        got = estimate.estimate(metric, cell)
        for name, column in found.__dict__.items():
            value = getattr(got, name)
            column[place] = np.nan if value is None else value
    return found


OF_PLACES = {"quantile": quantiles.estimates, "distinct": distinct.estimates}


def _of_both_sides(got: additive.Estimates, placed: Sequence[Placed]) -> additive.Estimates:
    """The rates of groups of which both sides ever counted: one side alone is no zero of the other.

    Where there is no rate, what either side counted stays: `withhold` has to know of it, and hands it to nobody.
    """
    groups, is_told = np.arange(len(got.value)), ~np.isnan(got.value) & (len(placed) > 1)
    sides = {part: one.matrix(part, is_told.shape) for one in placed for part in one.rows.parts}
    for one in placed:
        is_told &= np.isin(groups, one.group)[:, None]
    return additive.Estimates(
        **{name: np.where(is_told, one, sides.get(name, np.nan)) for name, one in got.__dict__.items()}
    )


def _stock(placed: Sequence[Placed], shape: tuple[int, int]) -> additive.Floats:
    """What is open at the end of each period: what was before the first one, and all that moved since."""
    stock = np.zeros(shape)
    for one in placed:
        for part, sign in (("in", 1), ("out", -1)):
            if part in one.rows.parts:
                moved = np.nan_to_num(one.matrix(part, shape))
                stock += sign * (one.before(part, shape[0])[:, None] + np.cumsum(moved, axis=1))
    return stock


def _with_states(
    metric: Metric, got: additive.Estimates, groups: Sequence[Group], spans: Sequence[Period], frame: Frame
) -> tuple[additive.Estimates, NDArray[np.int8]]:
    """Estimates of which those are gone where nothing was watched, and the states of all.

    Of rates what each side counted stays, since the other one may be what nobody watched.
    """
    by_known = {known: _states(metric, spans, known, frame) for known in {frame.coverage.of(one) for one in groups}}
    shape = (len(groups), len(spans))
    states = np.array([by_known[frame.coverage.of(one)] for one in groups], np.int8).reshape(shape)
    gone, kept = states == NO_DATA, SIDES if metric.has_exposure else ()
    if frame.reach:
        sides = [_one_sided(spans, frame.coverage.of(one), frame.reach.of(one), frame.as_of) for one in groups]
        gone |= np.array(sides, bool).reshape(shape)
    got = additive.Estimates(
        **{name: one if name in kept else np.where(gone, np.nan, one) for name, one in got.__dict__.items()}
    )
    missing = np.isnan(got.value)
    if metric.kind == "survey_share":  # a wave counts on the day it closed: nothing of it is still to come
        states = np.where(missing, states, FINAL)
    return got, np.where(missing, WITHOUT_VALUE[states], states).astype(np.int8)


STATES: tuple[State, ...] = ("final", "partial", "maturing", "too_early", "no_data", "withheld")
FINAL, NO_DATA = STATES.index("final"), STATES.index("no_data")
WITHOUT_VALUE = np.array(
    [STATES.index(one) for one in ("no_data", "partial", "too_early", "too_early", "no_data", "withheld")]
)


def without_data(figure: Figure) -> Figure:
    """The figure's period and group, of which nothing is known."""
    nothing = dict.fromkeys(("value", "low", "high", "numerator", "denominator", "n", "error"))
    return replace(figure, **nothing, state="no_data")  # type: ignore[arg-type]


def _states(metric: Metric, spans: Sequence[Period], known: Span, frame: Frame) -> list[int]:
    return [STATES.index(_state(metric, period, known, frame)) for period in spans]


def _state(metric: Metric, period: Period, known: Span, frame: Frame) -> State:
    unseen = _watched_until(known, frame.as_of)
    if period.end < known[0] or period.start >= unseen:
        return "no_data"
    if period.label != "all" and (period.end >= unseen or period.start < known[0]):
        return "partial"
    if metric.mature_after is None:
        return "final"
    ripe_on = period.end + DAY * (1 + metric.days_to_settle)
    return "maturing" if ripe_on > unseen else "final"


def _one_sided(spans: Sequence[Period], known: Span, wide: Span, as_of: date) -> list[bool]:
    """Of which periods one side of a rate is known on days on which nobody watched the other."""
    both, either = (_watched_until(known, as_of), _watched_until(wide, as_of))
    return [
        max(one.start, known[0]) != max(one.start, wide[0]) or min(one.end + DAY, both) != min(one.end + DAY, either)
        for one in spans
    ]


def _watched_until(known: Span, as_of: date) -> date:
    """The first day that nobody watched: a feed silent for a while is quiet; one silent for long may have stopped."""
    unseen = known[1] + DAY
    return as_of if as_of - unseen <= QUIET else unseen


def _shown(frame: Frame) -> Span:
    """The first and last day of which figures are shown."""
    first, last = frame.coverage.whole[0], frame.as_of - DAY
    return max(first, frame.first or first), min(last, frame.last or last)
