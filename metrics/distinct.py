"""What a count of different things makes of the places where its rows stand, for many groups and periods at once.

It touches nothing; arrays in, arrays out. Places are hashes of things, or bits of a sketch of them; see
`semantic.places`, by whose numbers both are read here.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from metrics import additive
from metrics.additive import Floats
from metrics.rollup import Placed
from metrics.semantic import places
from metrics.semantic.model import Metric
from metrics.stats import distinct

Whole = NDArray[np.int64]


def estimates(metric: Metric, placed: Sequence[Placed], shape: tuple[int, int]) -> additive.Estimates:
    """How many different things every group and period has; 0 where none was counted.

    Exact where all days stand by hashes; else the hashes of the other days are folded into the sketch, and the interval
    tells how far 19 of 20 such readings are from the exact number. n: the rows that it rests on.
    """
    found, size = additive.nothing(shape), shape[0] * shape[1]
    cell, place, count = _places(placed, shape)
    n = np.bincount(cell, count, size)
    cell, place = _once(cell, place)
    value = np.bincount(cell, minlength=size).astype(float)
    error = np.full(size, np.nan)
    sketched = np.unique(cell[place < 0])
    if len(sketched):
        here = np.isin(cell, sketched)
        told = distinct.estimate(_bits(np.searchsorted(sketched, cell[here]), place[here]), places.BUCKETS)
        value[sketched], error[sketched] = np.round(told.value), told.error
    reach = np.round(value * error)
    columns = {"value": value, "n": n, "error": error, "low": value - reach, "high": value + reach}
    for name, column in columns.items():
        getattr(found, name)[:] = column.reshape(shape)
    return found


def folded(hashes: Floats) -> Floats:
    """The bit of the sketch that each hash sets, as `semantic.places.place` writes it on days of many things."""
    whole = hashes.astype(np.int64)
    _, length = np.frexp((whole // places.BUCKETS).astype(float))  # the number of its binary digits; 0 of 0
    rank = places.RANKS - 1 - length.astype(np.int64)
    bits: Floats = -(whole % places.BUCKETS * places.BITS + rank + 1).astype(float)
    return bits


def _places(placed: Sequence[Placed], shape: tuple[int, int]) -> tuple[Whole, Floats, Floats]:
    """Cell and place, and how many rows stand there."""
    found: list[tuple[Whole, Floats, Floats]] = [(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))]
    for one in placed:
        for counts in one.rows.parts.values():
            there = ~np.isnan(counts) & (one.period >= 0)
            if one.rows.at is not None:
                cell = one.group[there] * shape[1] + one.period[there]
                found.append((cell, one.rows.at[there], counts[there]))
    cell, place, count = (np.concatenate(column) for column in zip(*found, strict=True))
    return cell, place, count


def _once(cell: Whole, place: Floats) -> tuple[Whole, Floats]:
    """Each place of a cell once; in cells that have bits of a sketch, bits alone."""
    place = place.copy()
    to_fold = (place >= 0) & np.isin(cell, cell[place < 0])
    place[to_fold] = folded(place[to_fold])
    once = np.unique(cell + 1j * place)
    return once.real.astype(np.int64), once.imag


def _bits(sketch: Whole, place: Floats) -> Floats:
    """Of each sketch, how many buckets have the bit of each rank."""
    rank = (-place.astype(np.int64) - 1) % places.BITS
    shape = int(sketch.max()) + 1, places.RANKS
    return np.bincount(sketch * shape[1] + rank, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
