"""Turns rolled-up parts into values: what each kind of metric makes of its parts, with interval and state.

It touches nothing: rows come in, values go out. The same code serves the stored values and questions of the moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from metrics import estimate
from metrics.answer import Figure, State
from metrics.calendar import Period, Rules, periods
from metrics.semantic.model import Grain, Metric
from metrics.semantic.plan import Pass

Group = tuple[str, ...]
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

    first, last: days that a total is cut to, where the question says so.
    """

    as_of: date
    rules: Rules
    coverage: Coverage
    first: date | None = None
    last: date | None = None


DAY = timedelta(days=1)
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
    if len(several) == 1:
        return several[0]
    members = {name: _shared([one.of((name,)) for one in several]) for one in several for name in one.members}
    return Coverage(_shared([one.whole for one in several]), members)


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
    span = frame.coverage.of(tuple(members))
    return replace(frame, coverage=replace(frame.coverage, whole=span), first=first, last=last)


def _quiet_filled(members: Mapping[str, Span], whole: Span) -> Mapping[str, Span]:
    return {name: (first, whole[1] if whole[1] - last <= QUIET else last) for name, (first, last) in members.items()}


Cells = dict[tuple[str, Grain], dict[Group, dict[date, estimate.Cell]]]


def cells(rolled: Iterable[tuple[Pass, pa.Table]]) -> Cells:
    """Roll-ups by metric and grain, then group, then first day of the period.

    rolled: passes with their roll-ups, in the columns and the order of `semantic.sql.rolled_up`.
    """
    found: Cells = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
    for one, table in rolled:
        if len(table):
            _add(found, one, table)
    return found


def _add(found: Cells, one: Pass, table: pa.Table) -> None:
    places = [name for name in ("at", "stratum") if name in one.keys]
    keys = table.column_names[: len(table.column_names) - len(one.parts) - len(places)]
    words, codes = _encoded(table, keys)
    first = np.concatenate(([0], np.flatnonzero((codes[:, 1:] != codes[:, :-1]).any(axis=0)) + 1, [len(table)]))
    at = table.column("at").to_numpy() if "at" in places else np.full(len(table), np.nan)
    stratum = table.column("stratum").to_numpy() if "stratum" in places else np.full(len(table), None)
    values = [(part.metric.id, part.name, table.column(part.column).to_numpy()) for part in one.parts]
    for start, end in pairwise(first.tolist()):
        grain, *group, day = (word[code] for word, code in zip(words, codes[:, start], strict=True))
        for metric, part, value in values:
            there = ~np.isnan(value[start:end])
            if there.any():
                pieces = (column[start:end][there] for column in (value, at, stratum))
                found[metric, grain][tuple(group)][day][part] = estimate.Pieces(*pieces)  # type: ignore[index]


def _encoded(table: pa.Table, names: Sequence[str]) -> tuple[list[list[Any]], NDArray[np.int64]]:
    """The words of some columns, and which of them stands in each row."""
    keys = [table.column(name).combine_chunks().dictionary_encode() for name in names]
    codes = np.stack([key.indices.to_numpy(zero_copy_only=False) for key in keys])
    return [key.dictionary.to_pylist() for key in keys], codes


def figures(
    metric: Metric, grain: Grain, groups: Mapping[Group, Mapping[date, estimate.Cell]], frame: Frame, width: int
) -> list[Figure]:
    """Every figure of one metric and grain, by group and then period; the total (width 0) even where no row exists."""
    if metric.has_exposure and width:
        groups = {group: cells for group, cells in groups.items() if _has_both(cells)}
    wanted = groups or ({(): {}} if width == 0 else {})
    found: list[Figure] = []
    for group in sorted(wanted):
        found.extend(_series(metric, grain, group, wanted[group], frame))
    return found


def _has_both(by_start: Mapping[date, estimate.Cell]) -> bool:
    """Whether both sides of a rate ever counted a group: of which one never heard of, it has no zeros either."""
    return {"numerator", "denominator"} <= {part for cell in by_start.values() for part in cell}


def without_data(figure: Figure) -> Figure:
    """The figure's period and group, of which nothing is known."""
    nothing = dict.fromkeys(("value", "low", "high", "numerator", "denominator", "n"))
    return replace(figure, **nothing, state="no_data")  # type: ignore[arg-type]


def _series(
    metric: Metric, grain: Grain, group: Group, by_start: Mapping[date, estimate.Cell], frame: Frame
) -> Iterable[Figure]:
    known = frame.coverage.of(group)
    spans = periods(*_shown(frame), grain, frame.rules)
    if grain == "total":  # one cell holds everything, whatever day it is said to start on
        by_start = {period.start: cell for period in spans for cell in by_start.values()}
    stock = _opening(by_start, spans)
    for period in spans:
        cell = by_start.get(period.start, {})
        if metric.kind == "stock":
            stock += _net(cell)
        yield _figure(metric, period, group, cell, stock, known, frame)


def _figure(
    metric: Metric,
    period: Period,
    group: Group,
    cell: estimate.Cell,
    stock: float,
    known: Span,
    frame: Frame,
) -> Figure:
    state = _state(metric, period, known, frame)
    got = estimate.NOTHING if state == "no_data" else estimate.estimate(metric, cell, stock)
    if metric.kind == "survey_share" and got.value is not None:
        state = "final"  # a wave counts on the day it closed: nothing of it is still to come
    if got.value is None and state in ("final", "partial", "maturing"):
        state = "too_early" if state == "maturing" else ("partial" if state == "partial" else "no_data")
    return Figure(
        period.start, period.end, period.label, group, got.value, got.low, got.high, got.numerator, got.denominator,
        got.n, state,
    )  # fmt: skip


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


def _watched_until(known: Span, as_of: date) -> date:
    """The first day that nobody watched: a feed silent for a while is quiet; one silent for long may have stopped."""
    unseen = known[1] + DAY
    return as_of if as_of - unseen <= QUIET else unseen


def _shown(frame: Frame) -> Span:
    """The first and last day of which figures are shown."""
    first, last = frame.coverage.whole[0], frame.as_of - DAY
    return max(first, frame.first or first), min(last, frame.last or last)


def _opening(by_start: Mapping[date, estimate.Cell], spans: Sequence[Period]) -> float:
    """What was open before the first period shown: the flows of the days before it."""
    first = spans[0].start if spans else date.max
    return sum(_net(cell) for start, cell in by_start.items() if start < first)


def _net(cell: estimate.Cell) -> float:
    inflow, outflow = (cell.get(part, estimate.NO_PIECES).value for part in ("in", "out"))
    return float(inflow.sum() - outflow.sum())
