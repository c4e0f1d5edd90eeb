"""Which stored values of the build before still stand, so that a new build evaluates only those that may be others.

A value stands where its definition is the same, no day of its period was counted anew, its group ever counted then as
now, and its state is the same by what was known then and by what is known now. All others are evaluated again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from metrics import evaluate
from metrics.calendar import Period
from metrics.carried import Anew, Run
from metrics.rollup import Group
from metrics.semantic import plan, sql
from metrics.semantic.model import Grain, Metric
from metrics.semantic.plan import Pass

Split = tuple[str, ...]
FrameOf = Callable[[Metric], evaluate.Frame]
Periods = Mapping[Grain, Sequence[date]]
STANDS = pa.schema(
    [("metric", pa.string()), ("split", pa.string()), ("grain", pa.string()), ("starts_on", pa.date32())]
)
Groups = Mapping[tuple[str, str], frozenset[str]]  # metric and dimension -> members of which anything ever counted


@dataclass(frozen=True)
class Rest:
    """What is told anew of a metric and split: the same groups as before, and of each grain these periods.

    stands: the other periods, as STANDS.
    """

    groups: Sequence[Group]
    periods: Mapping[Grain, Sequence[Period]]
    stands: pa.Table


def all_periods(rests: Sequence[Rest]) -> Periods | None:
    """The first days of the periods that any of several is told anew of, by grain; None where there is no rest."""
    found = dict[Grain, set[date]]()
    for one in rests:
        for grain, periods in one.periods.items():
            found.setdefault(grain, set()).update(period.start for period in periods)
    return {grain: sorted(days) for grain, days in found.items() if days} if rests else None


@dataclass(frozen=True, eq=False)
class Standing:
    """The values of the build before, and what there is to tell whether they stand.

    schema: of the build before. last: the last day that was counted. anew: what was counted anew, by a pass's table.
    same: the metrics that are defined as they were and have nothing that was remembered in place of rows.
    then, now: of a metric, its frame in both builds.
    """

    schema: str
    last: date
    passes: Sequence[Pass]
    anew: Mapping[str, Anew]
    same: frozenset[str]
    then: FrameOf
    now: FrameOf
    run: Run

    def rests(self, metrics: Iterable[Metric], split: Split) -> Mapping[str, Rest]:
        """Of which metrics values stand, and what is told anew of these; of all others it is everything."""
        found = {metric.id: self._rest(metric, split) for metric in metrics}
        return {name: rest for name, rest in found.items() if rest}

    def _rest(self, metric: Metric, split: Split) -> Rest | None:
        """A stock rests on all days before, and a rate of two marts on what either knows: neither is taken over."""
        if metric.id not in self.same or metric.kind == "stock" or metric.has_exposure:
            return None
        used = [one.only([metric.id]) for one in self.passes if one.split == plan.stored_split(one.mart, split)]
        used = [one for one in used if one.parts]
        anew = [self.anew[one.table] for one in used]
        columns = {part.column for one in used for part in one.parts}
        if any(one.since is None or columns & {part.column for part in one.parts} for one in anew):
            return None
        groups = self._groups(metric, split, used)
        if groups is None:
            return None
        touched = {grain: self._touched(metric, grain, groups, anew) for grain in metric.grains}
        again = {grain: [one for one, is_so in told.items() if is_so] for grain, told in touched.items()}
        stands = {grain: [one for one, is_so in told.items() if not is_so] for grain, told in touched.items()}
        return Rest(groups, again, _stands(metric.id, split, stands))

    def _touched(
        self, metric: Metric, grain: Grain, groups: Sequence[Group], anew: Sequence[Anew]
    ) -> Mapping[Period, bool]:
        """Whether a period is new, a day of it was counted anew, or it has another state; all that are told."""
        then, now = self.then(metric), self.now(metric)
        known, told = set(evaluate.spans_of(grain, then)), evaluate.spans_of(grain, now)
        by_then, by_now = (evaluate.states_of(metric, groups, told, frame) for frame in (then, now))
        is_other = (by_then != by_now).any(axis=0).tolist()
        first = date.min if grain == "total" else None  # days before those that are known count in a total
        return {
            one: differs
            or one not in known
            or any(of.touches(first or one.start, min(one.end, self.last)) for of in anew)
            for one, differs in zip(told, is_other, strict=True)
        }

    def _groups(self, metric: Metric, split: Split, used: Sequence[Pass]) -> Sequence[Group] | None:
        """The groups of which anything ever counted; None where they are not those of the build before."""
        if not split:
            return [()]
        then, now = (
            frozenset[str]().union(*(self._counted[one.table, schema][metric.id, split[0]] for one in used))
            for schema in (self.schema, None)
        )
        return sorted((one,) for one in now) if then == now else None

    @cached_property
    def _counted(self) -> Mapping[tuple[str, str | None], Groups]:
        """By a pass's table and schema, of whom anything was counted, in parts that the build before has alike."""
        alike = [
            one.only_parts([part for part in one.parts if part not in self.anew[one.table].parts])
            for one in self.passes
            if one.split and self.anew[one.table].since is not None
        ]
        return {
            (one.table, schema): members_of(one, self.run(sql.text(sql.counted_groups(one, schema)), {}))
            for one in alike
            for schema in (self.schema, None)
        }


def _stands(metric: str, split: Split, periods: Mapping[Grain, Sequence[Period]]) -> pa.Table:
    days = [(grain, one.start) for grain, several in periods.items() for one in several]
    texts = [pa.repeat(text, len(days)) for text in (metric, ",".join(split))]
    return pa.table([*texts, [grain for grain, _ in days], [day for _, day in days]], schema=STANDS)


def members_of(one: Pass, counted: pa.Table) -> Groups:
    """Of whom anything was ever counted. counted: the rows of `sql.counted_groups`."""
    members = {name: counted.column(name).to_numpy(zero_copy_only=False) for name in one.split}
    found = dict[tuple[str, str], frozenset[str]]()
    for metric in {part.metric.id for part in one.parts}:
        columns = [counted.column(part.column).to_numpy() > 0 for part in one.parts if part.metric.id == metric]
        there = np.logical_or.reduce(columns)
        found |= {(metric, name): frozenset(column[there]) for name, column in members.items()}
    return found
