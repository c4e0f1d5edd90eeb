"""Turns rolled-up parts into values: what each kind of metric makes of its parts, with interval and state.

It touches nothing: rows come in, values go out. The same code serves the stored values and questions of the moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from metrics import additive, coverage, distinct, estimate, quantiles
from metrics.answer import Figure, State
from metrics.calendar import Period, Rules, periods
from metrics.coverage import DAY, Coverage, Span
from metrics.rollup import Group, Placed, Rows, is_there, scaled
from metrics.semantic.model import Grain, Metric

Places = tuple[Sequence[Group], Sequence[Period]]


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


SIDES = ("numerator", "denominator")


def from_day(frame: Frame, first: date) -> Frame:
    """The frame where nothing is known before the day."""
    return replace(frame, coverage=coverage.from_day(frame.coverage, first))


def narrowed(frame: Frame, members: Sequence[str], first: date | None, last: date | None) -> Frame:
    """The frame of a question about some members and days only."""
    known, reach = coverage.narrowed(frame.coverage, members), frame.reach and coverage.narrowed(frame.reach, members)
    return replace(frame, coverage=known, reach=reach, first=first, last=last, is_of_members=bool(members))


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


def told(
    metric: Metric, grain: Grain, rows: Sequence[Rows], frame: Frame, width: int, only: Places | None = None
) -> Told:
    """As `figures`, as arrays. only: what is told where the rest is known already; of no metric with a stock."""
    groups, spans = only or (sorted(_groups(rows)) or ([()] if width == 0 else []), spans_of(grain, frame))
    placed = [Placed.of(one, groups, spans, grain) for one in rows]
    got = _estimates(metric, placed, (len(groups), len(spans)))
    if metric.has_exposure and (width or frame.is_of_members):
        got = _of_both_sides(got, placed)
    return Told(groups, spans, *_with_states(metric, got, groups, spans, frame))


def spans_of(grain: Grain, frame: Frame) -> Sequence[Period]:
    """The periods of which figures are told."""
    return periods(*_shown(frame), grain, frame.rules)


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

    Of rates what each side counted stays, since the other one may be what nobody watched; of stocks how many were
    there, where what is told of all groups together holds them still. `withhold` has to know, and hands out neither.
    """
    states = states_of(metric, groups, spans, frame)
    gone, kept = states == NO_DATA, SIDES if metric.has_exposure else ()
    if frame.reach:
        gone |= np.array([_one_sided(spans, one, frame, frame.reach) for one in groups], bool).reshape(states.shape)
    told = {name: one if name in kept else np.where(gone, np.nan, one) for name, one in got.__dict__.items()}
    if metric.kind == "stock":
        is_over = np.array([not frame.coverage.left.isdisjoint(one) for one in groups], bool)[:, None]
        told["n"] = np.where(gone & is_over, np.nan, got.n)
    got = additive.Estimates(**told)
    missing = np.isnan(got.value)
    if metric.kind == "survey_share":  # a wave counts on the day it closed: nothing of it is still to come
        states = np.where(missing, states, FINAL)
    return got, np.where(missing, WITHOUT_VALUE[states], states).astype(np.int8)


def states_of(metric: Metric, groups: Sequence[Group], spans: Sequence[Period], frame: Frame) -> NDArray[np.int8]:
    """The states, as places in STATES, that values of groups and periods have by what is known of their days."""
    known = [_known(frame, one) for one in groups]
    by_known = {one: _states(metric, spans, *one) for one in set(known)}
    return np.array([by_known[one] for one in known], np.int8).reshape((len(groups), len(spans)))


STATES: tuple[State, ...] = ("final", "partial", "maturing", "too_early", "no_data", "withheld")
FINAL, NO_DATA = STATES.index("final"), STATES.index("no_data")
WITHOUT_VALUE = np.array(
    [STATES.index(one) for one in ("no_data", "partial", "too_early", "too_early", "no_data", "withheld")]
)


def without_data(figure: Figure) -> Figure:
    """The figure's period and group, of which nothing is known."""
    nothing = dict.fromkeys(("value", "low", "high", "numerator", "denominator", "n", "error"))
    return replace(figure, **nothing, state="no_data")  # type: ignore[arg-type]


def _known(frame: Frame, group: Group) -> tuple[Span, date]:
    """The days of which anything is known of a group, and the last of which all is that it takes in."""
    (first, end), last = frame.coverage.of(group), frame.as_of - DAY
    return (first, min(end, last)), min(frame.coverage.whole_until(group), last)


def _states(metric: Metric, spans: Sequence[Period], known: Span, whole_until: date) -> list[int]:
    return [STATES.index(_state(metric, period, known, whole_until)) for period in spans]


def _state(metric: Metric, period: Period, known: Span, whole_until: date) -> State:
    """known: the days of which anything is known; whole_until: the last of which all is that the figure takes in."""
    if period.end < known[0] or period.start > known[1]:
        return "no_data"
    is_over = min(period.end, known[1]) if period.label == "all" else period.end
    if is_over > whole_until or (period.label != "all" and period.start < known[0]):
        return "partial"
    if metric.mature_after is None:
        return "final"
    ripe_on = period.end + DAY * (1 + metric.days_to_settle)
    return "maturing" if ripe_on > whole_until + DAY else "final"


def _one_sided(spans: Sequence[Period], group: Group, frame: Frame, reach: Coverage) -> list[bool]:
    """Of which periods one side of a rate is known on days on which the other is not, of anything that it takes in."""
    known, wide, last = frame.coverage.of(group), reach.of(group), frame.as_of - DAY
    pairs = [(known[1], wide[1])]
    if frame.coverage.takes_in_all(group):
        pairs += [(end, reach.ends[name]) for name, end in frame.coverage.ends.items()]
    ends = {(min(end, last), min(other, last)) for end, other in pairs if end != other}
    return [
        max(one.start, known[0]) != max(one.start, wide[0])
        or any(min(one.end, end) != min(one.end, other) for end, other in ends)
        for one in spans
    ]


def _shown(frame: Frame) -> Span:
    """The first and last day of which figures are shown."""
    first, last = frame.coverage.whole[0], frame.as_of - DAY
    return max(first, frame.first or first), min(last, frame.last or last)
