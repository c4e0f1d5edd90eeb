"""How often chance alone would bring an effect as large, if the same starts had fallen to other units.

It touches nothing: outcomes and starts in, a share out; chance is drawn from a seed. Without covariates an effect is a
weighted sum of all outcomes, with weights that depend on the start of the unit only; so a thousand re-assignments are
one matrix of sums, looked up a thousand times.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

MOST_ENUMERATED = 5_000  # assignments; of more, a sample
DRAWS = 4_999  # with the real assignment 5,000
SEED = 0
LAST_BIT = 1e-9  # of the largest effect: effects that differ by less are equal


@dataclass(frozen=True)
class Permutation:
    """p: the share of assignments with an effect as large or larger, the real one included.

    assignments: how many different ones there are; smallest_p: what p would be if no other had an effect as large.
    """

    p: float
    assignments: int
    smallest_p: float


def contrasts(
    starts: Whole, cohort: Whole, period: Whole, periods: int, later_ones_compare: bool, anticipation: int
) -> Floats:
    """The weights of outcomes in each ATT(g, t): shape (cells, different starts, periods), starts in their order.

    starts: per unit, its first treated period, from 1, 0 for never. cohort, period: of each cell.
    later_ones_compare: units that start later are compared with, too (control="not_yet_treated").
    """
    different, counts = np.unique(starts, return_counts=True)
    weights = np.zeros((len(cohort), len(different), periods))
    for cell, (g, t) in enumerate(zip(cohort.tolist(), period.tolist(), strict=True)):
        base = t - 1 if t < g else g - 1 - anticipation
        compared = different == 0
        if later_ones_compare:
            compared |= (different > max(t, base) + anticipation) & (different != g)
        own = np.where(different == g, 1 / counts, 0.0) - compared / counts[compared].sum()
        weights[cell, :, t - 1] += own
        weights[cell, :, base - 1] -= own
    return weights


def permutation(outcome: Floats, starts: Whole, weights: Floats) -> Permutation:
    """The permutation test of one effect. outcome: (units, periods); weights: (different starts, periods).

    All assignments of the same starts to units where there are 5,000 or fewer, else 4,999 drawn from a seed.
    """
    different, counts = np.unique(starts, return_counts=True)
    sums = outcome @ weights.T
    place = np.searchsorted(different, starts)
    assignments = math.factorial(len(starts))
    for count in counts.tolist():
        assignments //= math.factorial(count)
    if assignments <= MOST_ENUMERATED:
        tried = np.array(list(_assignments(counts.tolist(), len(starts))), np.int64)
    else:
        random = np.random.default_rng(SEED)
        tried = np.vstack([place, random.permuted(np.tile(place, (DRAWS, 1)), axis=1)])
    effects = np.abs(sums[np.arange(len(starts)), tried].sum(axis=1))
    real = abs(float(sums[np.arange(len(starts)), place].sum()))
    alike = 2 if len(counts) == 2 and counts[0] == counts[1] else 1  # halves that change places have the same effect
    p = float(np.mean(effects >= real - LAST_BIT * float(effects.max())))
    return Permutation(p, assignments, alike / len(tried))


def _assignments(counts: list[int], units: int) -> Iterator[Whole]:
    """Every way to give the first start to counts[0] units, the second to counts[1], and so on."""

    def fill(given: Whole, free: tuple[int, ...], start: int) -> Iterator[Whole]:
        if start == 0:
            yield given
            return
        for chosen in combinations(free, counts[start]):
            more = given.copy()
            more[list(chosen)] = start
            yield from fill(more, tuple(unit for unit in free if unit not in chosen), start - 1)

    yield from fill(np.zeros(units, np.int64), tuple(range(units)), len(counts) - 1)
