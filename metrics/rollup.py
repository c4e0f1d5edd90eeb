"""Roll-ups as arrays: which rows belong to a metric and grain, and to which of the groups and periods that are told.

It touches nothing: Arrow tables come in, arrays go out.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from metrics import estimate
from metrics.additive import Floats
from metrics.calendar import Period
from metrics.semantic.model import Grain
from metrics.semantic.plan import Pass

Group = tuple[str, ...]
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, eq=False)
class Rows:
    """What one roll-up says of a metric and grain: a row for every group, period, place and stratum.

    groups: what occurs. group, start: of each row, its place in `groups` and the first day of its period (ordinal).
    parts: name to numbers, NaN where there is none. at, stratum: None where the kind has no scale or no strata.
    """

    groups: Sequence[Group]
    group: NDArray[np.int64]
    start: NDArray[np.int64]
    parts: Mapping[str, Floats]
    at: Floats | None = None
    stratum: NDArray[np.object_] | None = None


Cells = dict[tuple[str, Grain], list[Rows]]


def cells(rolled: Iterable[tuple[Pass, pa.Table]]) -> Cells:
    """Roll-ups by metric and grain.

    rolled: passes with their roll-ups, in the columns of `semantic.sql.rolled_up`.
    """
    found: Cells = defaultdict(list)
    for one, table in rolled:
        for grain, rows in _by_grain(one, table):
            for metric in dict.fromkeys(part.metric.id for part in one.parts):
                parts = {part.name: rows.parts[part.column] for part in one.parts if part.metric.id == metric}
                found[metric, grain].append(replace(rows, parts=parts))
    return found


def _by_grain(one: Pass, table: pa.Table) -> Iterator[tuple[Grain, Rows]]:
    """The rows of each grain, with all parts under the names of their columns."""
    places = [name for name in ("at", "stratum") if name in one.keys]
    members = table.column_names[1 : len(table.column_names) - len(one.parts) - len(places) - 1]
    codes, groups = _grouped([table.column(name) for name in members], len(table))
    start = table.column("starts_on").cast(pa.int32()).to_numpy().astype(np.int64) + EPOCH
    columns = {name: table.column(name).to_numpy() for name in (*(part.column for part in one.parts), *places)}
    grain = table.column("grain").combine_chunks().dictionary_encode()
    for code, name in enumerate(grain.dictionary.to_pylist()):
        here = grain.indices.to_numpy() == code
        cut = {key: column[here] for key, column in columns.items()}
        yield name, Rows(groups, codes[here], start[here], cut, cut.get("at"), cut.get("stratum"))


def _grouped(members: Sequence[pa.ChunkedArray], length: int) -> tuple[NDArray[np.int64], list[Group]]:
    """Of each row its group, and the groups in the order of their names."""
    if not members:
        return np.zeros(length, np.int64), [()]
    encoded = [one.combine_chunks().dictionary_encode() for one in members]
    words = [one.dictionary.to_pylist() for one in encoded]
    if len(encoded) == 1:  # as most are, and some have many rows
        rows, codes = np.arange(len(words[0]))[None, :], encoded[0].indices.to_numpy().astype(np.int64)
        return _in_order(words, rows, codes)
    rows, codes = np.unique(np.stack([one.indices.to_numpy() for one in encoded]), axis=1, return_inverse=True)
    return _in_order(words, rows, codes)


def _in_order(
    words: Sequence[Sequence[str]], rows: NDArray[np.int64], codes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[Group]]:
    """rows: by group the place of each of its members in `words`; codes: of each row its group."""
    groups = [tuple(word[code] for word, code in zip(words, row, strict=True)) for row in rows.T.tolist()]
    order = sorted(range(len(groups)), key=groups.__getitem__)
    place = np.empty(len(groups), np.int64)
    place[order] = np.arange(len(groups))
    return place[codes.reshape(-1)], [groups[at] for at in order]


@dataclass(frozen=True, eq=False)
class Placed:
    """Rows with the places of their groups and periods in what is told; period -1: before all that is told."""

    rows: Rows
    group: NDArray[np.int64]
    period: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Rows, groups: Sequence[Group], spans: Sequence[Period], grain: Grain) -> "Placed":
        there = is_there(rows)
        names = {group: place for place, group in enumerate(groups)}
        place = np.array([names.get(group, -1) for group in rows.groups], np.int64)[rows.group]
        there &= place >= 0  # of a rate, groups of one side alone are not told
        starts = np.array([span.start.toordinal() for span in spans], np.int64)
        period = np.searchsorted(starts, rows.start, side="right") - 1
        if grain == "total":  # one cell holds everything, whatever day it is said to start on
            period = np.minimum(np.zeros_like(period), len(spans) - 1)
        elif len(starts):
            there &= (period < 0) | (starts[np.maximum(period, 0)] == rows.start)
        cut = {name: values[there] for name, values in rows.parts.items()}
        at = None if rows.at is None else rows.at[there]
        stratum = None if rows.stratum is None else rows.stratum[there]
        kept = Rows(rows.groups, rows.group[there], rows.start[there], cut, at, stratum)
        return cls(kept, place[there], period[there])

    def matrix(self, part: str, shape: tuple[int, int]) -> Floats:
        """A part by group and period, NaN where there is none."""
        found = np.full(shape, np.nan)
        here = self.period >= 0
        found[self.group[here], self.period[here]] = self.rows.parts[part][here]
        return found

    def before(self, part: str, count: int) -> Floats:
        """Of each group, what all periods before those told add up to."""
        early = self.period < 0
        weights = np.nan_to_num(self.rows.parts[part][early])
        return np.bincount(self.group[early], weights, count).astype(float)


def is_there(rows: Rows) -> NDArray[np.bool_]:
    """The rows in which anything of the metric was counted."""
    counted = [~np.isnan(values) for values in rows.parts.values()]
    return np.logical_or.reduce(counted) if counted else np.zeros(len(rows.group), np.bool_)


def scaled(placed: Sequence[Placed]) -> Mapping[tuple[int, int], estimate.Cell]:
    """Group and period -> the pieces of each part."""
    found: dict[tuple[int, int], dict[str, estimate.Pieces]] = defaultdict(dict)
    for one in placed:
        order = np.lexsort((one.period, one.group))
        order = order[one.period[order] >= 0]
        key = np.stack((one.group[order], one.period[order]))
        cuts = np.flatnonzero((key[:, 1:] != key[:, :-1]).any(axis=0)) + 1
        for here in np.split(order, cuts) if len(order) else ():
            for part, values in one.rows.parts.items():
                there = here[~np.isnan(values[here])]
                if len(there):
                    at = np.full(len(there), np.nan) if one.rows.at is None else one.rows.at[there]
                    stratum = np.full(len(there), None) if one.rows.stratum is None else one.rows.stratum[there]
                    place = (int(one.group[here[0]]), int(one.period[here[0]]))
                    found[place][part] = estimate.Pieces(values[there], at, stratum)
    return found
