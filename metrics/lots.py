"""Roll-ups of passes; of long ones in lots of so few rows that their groups stay in caches and take little memory.

It knows no database: who asks hands in how a query is run.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from metrics.calendar import DAY, Period
from metrics.carried import Run, in_runs
from metrics.evaluate import Places
from metrics.rollup import Group
from metrics.semantic import plan, sql
from metrics.semantic.model import WIKI, Grain, Metric
from metrics.semantic.plan import Pass
from metrics.standing import Periods, Rest, all_periods, members_of

Split = tuple[str, ...]
Wikis = tuple[str, ...] | None

ROWS_AT_ONCE = 2_000_000  # of a long table: rolled up they are half as many or fewer, and take some 150 MB


@dataclass(frozen=True, eq=False)
class Cut:
    """Whole periods of a grain, of some groups of a large dimension or of all.

    groups: by metric, those of which anything ever counted. members: to which they are limited; None: to none.
    first, last: the days from the first period to the last; None: from the beginning, to the end.
    """

    grain: Grain
    groups: Mapping[str, Sequence[Group]]
    members: Sequence[str] | None = None
    first: date | None = None
    last: date | None = None

    def has(self, start: date) -> bool:
        """Whether the period that starts on a day lies within."""
        return (self.first or date.min) <= start <= (self.last or date.max)


@dataclass(frozen=True, eq=False)
class Lot:
    """Metrics with roll-ups of their passes. cut: to which these are limited; None: they are of everything."""

    metrics: Sequence[str]
    rolled: Sequence[tuple[Pass, pa.Table]]
    cut: Cut | None = None

    def grains(self, metric: Metric) -> Sequence[Grain]:
        """Those of a metric of which it tells anything."""
        return [one for one in metric.grains if self.cut is None or self.cut.grain == one]

    def places(self, metric: Metric, grain: Grain, rest: Rest | None, told: Sequence[Period]) -> Places | None:
        """The groups and periods that it tells of a metric; None: those that occur in its roll-ups, and all periods.

        rest: to what the metric is limited, if it is. told: all periods of the metric.
        """
        if self.cut is None:
            return (rest.groups, rest.periods[grain]) if rest else None
        periods = rest.periods[grain] if rest else told
        return self.cut.groups[metric.id], [one for one in periods if self.cut.has(one.start)]


def rolled_up(
    passes: Iterable[Pass],
    metrics: Collection[str],
    split: Split,
    wikis: Wikis,
    run: Run,
    rests: Mapping[str, Rest],
) -> Iterator[Lot]:
    """The metrics with roll-ups of the passes that answer for a split: all short passes at once, long ones in cuts.

    No metric has parts in passes of both sorts, nor in two long ones. Either all of these metrics have a rest, or none.
    """
    kept = [one.only(metrics) for one in passes if one.split == plan.stored_split(one.mart, with_wiki(split, wikis))]
    long = [one for one in kept if one.parts and one.is_long]
    later = {part.metric.id for one in long for part in one.parts}
    only = all_periods([rests[name] for name in metrics if name in rests])
    short = [(one, run(_text(one, split, wikis, only), {})) for one in kept if one.parts and not one.is_long]
    yield Lot([name for name in metrics if name not in later], short)
    for one in long:
        told = list(dict.fromkeys(part.metric.id for part in one.parts))
        for cut in _cuts(one, split, run):
            within = _within(only, cut)
            if within is None or any(within.values()):
                yield Lot(told, [(one, run(_text(one, split, wikis, within, cut), {}))], cut)


def with_wiki(split: Split, wikis: Wikis) -> Split:
    """The dimensions that have to be told apart, so that a figure can be narrowed to some wikis."""
    return split if wikis is None else (*split, WIKI)


def _within(only: Periods | None, cut: Cut | None) -> Periods | None:
    """Of the periods that are told, those that lie within a cut."""
    if only is None or cut is None:
        return only
    return {cut.grain: [start for start in only.get(cut.grain, ()) if cut.has(start)]}


def _text(one: Pass, split: Split, wikis: Wikis, only: Periods | None, cut: Cut | None = None) -> str:
    """The query of a roll-up. only: the periods that are told of it; None: all."""
    grains = [cut.grain] if cut else _grains(one)
    if cut:
        query = sql.rolled_up(one, split, grains=grains, days=(cut.first, cut.last))
    else:
        is_dense = one.is_long and only is None
        source = sql.summed_days(one, split, grains) if is_dense else None
        query = sql.rolled_up(one, split, source, grains=grains)
    if only is not None:
        query = sql.of_periods(query, only)
    if one.is_long:
        query = sql.in_no_order(query)
    if cut and cut.members is not None:
        query = sql.among(query, cut.members, *split)
    return sql.text(sql.among(query, wikis))


def _grains(one: Pass) -> Sequence[Grain]:
    return sorted({grain for part in one.parts for grain in part.metric.grains})


def _cuts(one: Pass, split: Split, run: Run) -> Iterator[Cut | None]:
    """Of a large dimension runs of periods with few rows, and of a period with many some members each; None: all."""
    if not plan.is_large(one.mart, split):
        yield None
        return
    counted = run(sql.text(sql.counted_periods(one)), {})
    grains = {grain: counted.filter(pc.equal(counted.column("grain"), grain)) for grain in _grains(one)}
    if all(_rows(of_grain) <= ROWS_AT_ONCE for of_grain in grains.values()):
        yield None
        return
    for grain, of_grain in grains.items():
        groups = _groups(one, of_grain)
        runs = [[start for start, _ in found] for found in in_runs(_rows_by(of_grain, "starts_on"), ROWS_AT_ONCE)]
        for at, starts in enumerate(runs):
            first = starts[0] if at else None
            last = runs[at + 1][0] - DAY if at + 1 < len(runs) else None
            here = of_grain.filter(pc.is_in(of_grain.column("starts_on"), pa.array(starts)))
            if _rows(here) <= 2 * ROWS_AT_ONCE:  # as all runs of short periods are
                yield Cut(grain, groups, None, first, last)
                continue
            for some in in_runs(_rows_by(here, split[0]), ROWS_AT_ONCE):
                members = dict(some)
                limited = {metric: [each for each in of if each[0] in members] for metric, of in groups.items()}
                yield Cut(grain, limited, list(members), first, last)


def _groups(one: Pass, counted: pa.Table) -> Mapping[str, Sequence[Group]]:
    """By metric the groups of which anything was counted, in order. counted: of `sql.counted_periods`."""
    return {metric: sorted((name,) for name in members) for (metric, _), members in members_of(one, counted).items()}


def _rows(counted: pa.Table) -> int:
    return pc.sum(counted.column("row_count")).as_py() or 0


def _rows_by(counted: pa.Table, column: str) -> Iterable[tuple[Any, int]]:
    """The values of a column in order, each with its number of rows."""
    summed = counted.group_by(column).aggregate([("row_count", "sum")]).sort_by(column)
    return zip(summed.column(column).to_pylist(), summed.column("row_count_sum").to_pylist(), strict=True)
