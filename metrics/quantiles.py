"""What a quantile makes of the places where its rows stand, for many groups and periods at once.

It touches nothing; arrays in, arrays out. Bins, where days are busy, make a value approximate, and it says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics import additive
from metrics.additive import Floats
from metrics.rollup import Placed
from metrics.semantic import places
from metrics.semantic.model import Metric
from metrics.stats.interval import quantile_places

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Heap:
    """How many rows have each value, by cell and then value. is_near: the values are middles of bins."""

    cell: Whole
    value: Floats
    count: Floats
    is_near: NDArray[np.bool_]


def estimates(metric: Metric, placed: Sequence[Placed], shape: tuple[int, int]) -> additive.Estimates:
    """The quantile of every group and period, two of its values as its interval, and how many rows there are.

    Where rows stand in bins, every value named lies within `places.NEAR` of the one that rows have there.
    """
    found = additive.nothing(shape)
    heap = _heap(placed, shape)
    share = metric.statistic.quantile if metric.statistic else None
    if share is None or not len(heap.cell):
        return found
    first = np.flatnonzero(np.diff(heap.cell, prepend=-1))
    ends = np.cumsum(heap.count)
    before, n = ends[first] - heap.count[first], np.add.reduceat(heap.count, first)

    def ranked(rank: Floats | Whole) -> Floats:
        """In every cell, the value that so many are not greater than."""
        return heap.value[np.searchsorted(ends, before + np.clip(rank, 0, n - 1), side="right")]

    rank = share * (n - 1)
    low, below, above = ranked(np.floor(rank)), *quantile_places(n, share)
    told = {
        "value": low + (ranked(np.floor(rank) + 1) - low) * (rank - np.floor(rank)),
        "low": np.where(below > 0, ranked(below - 1), np.nan),
        "high": np.where(above > 0, ranked(n - above), np.nan),
        "n": n,
        "error": np.where(np.logical_or.reduceat(heap.is_near, first), places.NEAR, np.nan),
    }
    for name, column in told.items():
        getattr(found, name).ravel()[heap.cell[first]] = column
    return found


def middles(bins: Floats) -> Floats:
    """The value for which each bin of `semantic.places` stands, within `places.NEAR` of all that lie in it."""
    middle: Floats = np.sign(bins) * np.exp((np.abs(bins) - places.BIN_OF_1) / places.BINS_FOR_E)
    return middle


def _heap(placed: Sequence[Placed], shape: tuple[int, int]) -> Heap:
    """The values of all parts together."""
    heaps = [heap for one in placed for heap in _parts(one, shape)]
    if not heaps:
        return Heap(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros(0, np.bool_))
    columns = [np.concatenate([getattr(heap, name) for heap in heaps]) for name in Heap.__dataclass_fields__]
    order = np.lexsort((columns[1], columns[0]))
    return Heap(*(column[order] for column in columns))


def _parts(one: Placed, shape: tuple[int, int]) -> Sequence[Heap]:
    cell, found = one.group * shape[1] + one.period, []
    for part, counts in one.rows.parts.items():
        there = ~np.isnan(counts) & (one.period >= 0)
        if one.rows.at is not None and there.any():
            at, is_near = one.rows.at[there], part == "near"
            value = middles(at) if is_near else at
            found.append(Heap(cell[there], value, counts[there], np.full(len(at), is_near)))
    return found
