"""Sums over group-time effects: the four overall figures, the effect by periods since the start, and the pre-test.

It touches nothing: effects and influences in, sums and influences out. Formulas: Callaway, Sant'Anna 2021, section 3.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """ATT(g, t), one entry per cell, and the influence of each unit on it, shape (units, cells).

    cohort, period: places from 1; of_unit: the cohort of each unit, 0 for never.
    """

    cohort: Whole
    period: Whole
    effect: Floats
    influence: Floats
    of_unit: Whole


@dataclass(frozen=True, eq=False)
class Figure:
    """A mean of cells, its weights, and the influence of each unit on it."""

    value: float
    weights: Floats
    influence: Floats


def overall(cells: Cells) -> dict[str, Figure]:
    """The four ways to sum up the cells from the start on."""
    post = cells.period >= cells.cohort
    by_cohort = [_mean(_cell(cells, k) for k in np.flatnonzero(post & (cells.cohort == g))) for g in _cohorts(cells)]
    return {
        "simple": _by_share(cells, np.flatnonzero(post)),
        "group": _over_cohorts(cells, by_cohort),
        "dynamic": _mean(figure for since, figure in by_time(cells).items() if since >= 0),
        "calendar": _mean(
            _by_share(cells, np.flatnonzero(post & (cells.period == t))) for t in np.unique(cells.period[post])
        ),
    }


def _cohorts(cells: Cells) -> Whole:
    found: Whole = np.unique(cells.cohort)
    return found


def by_time(cells: Cells) -> dict[int, Figure]:
    """By periods since the start, negative before it."""
    since = cells.period - cells.cohort
    return {int(e): _by_share(cells, np.flatnonzero(since == e)) for e in np.unique(since)}


def _cell(cells: Cells, place: np.intp) -> Figure:
    weights = np.zeros(len(cells.effect))
    weights[place] = 1
    return Figure(float(cells.effect[place]), weights, cells.influence[:, place])


def _mean(figures: Iterable[Figure]) -> Figure:
    all_of = list(figures)
    return Figure(
        float(np.mean([figure.value for figure in all_of])),
        np.mean([figure.weights for figure in all_of], axis=0),
        np.mean([figure.influence for figure in all_of], axis=0),
    )


def _by_share(cells: Cells, chosen: NDArray[np.intp]) -> Figure:
    return _weighted([_cell(cells, k) for k in chosen], cells.cohort[chosen], cells.of_unit)


def _over_cohorts(cells: Cells, figures: list[Figure]) -> Figure:
    return _weighted(figures, _cohorts(cells), cells.of_unit)


def _weighted(parts: list[Figure], cohort: Whole, of_unit: Whole) -> Figure:
    """Weighted by the shares p of their cohorts, which are estimates too: STATS 6 has what that adds."""
    belongs = (of_unit[:, np.newaxis] == cohort).astype(np.float64)
    shares = belongs.mean(axis=0)
    total = shares.sum()
    off = belongs - shares
    of_shares = off / total - np.outer(off.sum(axis=1), shares) / total**2
    values = np.array([part.value for part in parts])
    weights = shares / total
    influence = np.column_stack([part.influence for part in parts]) @ weights + of_shares @ values / len(of_unit)
    return Figure(float(values @ weights), np.array([part.weights for part in parts]).T @ weights, influence)


def pre_test(cells: Cells, anticipation: int) -> float | None:
    """Joint Wald test that all effects before the start, and before what was anticipated, are 0.

    None where there are none, more of them than units, or where they are not independent of each other.
    """
    before = cells.period < cells.cohort - anticipation
    count = int(before.sum())
    if count == 0 or count > len(cells.of_unit):
        return None
    influence = cells.influence[:, before]
    variance = influence.T @ influence
    if np.linalg.matrix_rank(variance, hermitian=True) < count:
        return None
    effects = cells.effect[before]
    return float(special.chdtrc(count, effects @ np.linalg.solve(variance, effects)))
