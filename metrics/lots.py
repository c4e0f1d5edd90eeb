"""Roll-ups of passes; of long ones in lots of so few rows that their groups stay in caches and take little memory.

It knows no database: who asks hands in how a query is run.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
import pyarrow as pa

from metrics.calendar import DAY, Period
from metrics.carried import Run, in_lots
from metrics.evaluate import Places
from metrics.rollup import Group
from metrics.semantic import plan, sql
from metrics.semantic.model import WIKI, Grain
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

    def of(self, metric: str, periods: Iterable[Period]) -> Places:
        """What is told of a metric here, where these periods are told in all."""
        return self.groups[metric], [one for one in periods if self.has(one.start)]

    def has(self, start: date) -> bool:
        """Whether the period that starts on a day lies within."""
        return (self.first or date.min) <= start <= (self.last or date.max)

    def limited(self, members: Sequence[str]) -> "Cut":
        """The same periods of some members."""
        wanted = set(members)
        groups = {metric: [one for one in of if wanted.issuperset(one)] for metric, of in self.groups.items()}
        return replace(self, groups=groups, members=members)


@dataclass(frozen=True, eq=False)
class Lot:
    """Metrics with roll-ups of their passes. cut: what of the metrics these are of; None: all."""

    metrics: Sequence[str]
    rolled: Sequence[tuple[Pass, pa.Table]]
    cut: Cut | None = None


def rolled_up(
    passes: Iterable[Pass],
    metrics: Collection[str],
    split: Split,
    wikis: Wikis,
    run: Run,
    rests: Mapping[str, Rest],
) -> Iterator[Lot]:
    """The metrics with roll-ups of the passes that answer for a split: all short passes at once, each long one in cuts.

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
    """Rows by place are put in order where they are read, and faster."""
    grains = [cut.grain] if cut else _grains(one)
    if cut:
        query = sql.rolled_up(one, split, grains=grains, days=(cut.first, cut.last))
    else:
        is_dense = one.is_long and only is None
        source = sql.summed_days(one, with_wiki(split, wikis), grains) if is_dense else None
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
    """Of a large dimension, runs of periods with few rows, and of a period with many some members each; None: all."""
    if not plan.is_large(one.mart, split):
        yield None
        return
    counted = run(sql.text(sql.counted_groups(one)), {})
    groups = {metric: sorted((name,) for name in of) for (metric, _), of in members_of(one, counted).items()}
    rows = np.sum([counted.column(part.column).to_numpy() for part in one.parts], axis=0).tolist()
    by_member = sorted(zip(counted.column(split[0]).to_pylist(), rows, strict=True))
    members = list(in_lots(by_member, ROWS_AT_ONCE))
    periods = run(sql.text(sql.period_rows(one.table)), {}).to_pylist()
    for grain in _grains(one):
        of_grain = [(row["starts_on"], row["row_count"]) for row in periods if row["grain"] == grain]
        lots = list(in_lots(of_grain, ROWS_AT_ONCE))
        starts = [None, *(lot[0][0] for lot in lots[1:]), None]
        for lot, (first, until) in zip(lots, pairwise(starts), strict=True):
            cut = Cut(grain, groups, first=first, last=until and until - DAY)
            is_much = sum(row_count for _, row_count in lot) > 2 * ROWS_AT_ONCE  # as no lot of short periods can be
            yield from (cut.limited([name for name, _ in some]) for some in members) if is_much else [cut]
