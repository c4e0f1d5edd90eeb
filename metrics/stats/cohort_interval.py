"""How wide the interval of a staggered effect has to be when cohorts are small.

It touches nothing: influences and outcomes in, one interval out. The standard error of the literature is right for many
units. A cohort of one unit adds nothing to it, because one unit has no spread, and the normal interval is too short.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from metrics.stats.group_time import Figure
from metrics.stats.verdict import Effect

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FEWEST_WITH_OWN_SPREAD = 5  # units; a smaller cohort is given the spread that all units have around their cohort


@dataclass(frozen=True, eq=False)
class Spread:
    """What the intervals of all figures of one panel have in common.

    residuals: outcomes less the mean of the cohort (and what covariates explain), shape (units, periods); freedom: how
    many units are left after those means; contrasts: the weights of outcomes in each cell, see `permutation`.
    """

    starts: Whole
    residuals: Floats
    freedom: int
    contrasts: Floats

    def variance(self, figure: Figure) -> tuple[float, float] | None:
        """The variance of a figure, and its degrees of freedom (Welch, Satterthwaite); None where it has none."""
        own, shared, rest, directions = 0.0, 0.0, 0.0, []
        weights = np.tensordot(figure.weights, self.contrasts, axes=1)
        for place, start in enumerate(np.unique(self.starts)):
            influence = figure.influence[self.starts == start]
            count, squares = len(influence), float(np.sum(influence**2))
            if count >= FEWEST_WITH_OWN_SPREAD:
                part = squares * count / (count - 1)
                own, rest = own + part, rest + part**2 / (count - 1)
            elif self.freedom < 1:
                return None
            else:
                around = float(np.sum((self.residuals @ weights[place]) ** 2)) / self.freedom
                shared += max(count * around, squares)
                directions.append(math.sqrt(count) * weights[place])
        if shared > 0:
            rest += shared**2 / (self.freedom * _different(np.array(directions)))
        return (own + shared, (own + shared) ** 2 / rest) if rest > 0 else (0.0, 1.0)

    def effect(self, figure: Figure) -> Effect:
        se = math.sqrt(float(np.sum(figure.influence**2)))
        found = self.variance(figure)
        if found is None:
            return Effect(figure.value, se or None, None, None)  # an error of 0 would say that it is exact
        half = float(special.stdtrit(found[1], 0.975)) * math.sqrt(found[0])
        return Effect(figure.value, se, figure.value - half, figure.value + half)

    def smallest_detectable(self, figure: Figure) -> float | None:
        """Found with a chance of 80 % by an interval of 95 %: 2.8 standard errors, and more where units are few."""
        found = self.variance(figure)
        if found is None or found[0] == 0:
            return None
        return float(special.stdtrit(found[1], 0.975) + special.stdtrit(found[1], 0.8)) * math.sqrt(found[0])


def _different(directions: Floats) -> float:
    """How many different looks at the same residuals these are: 1 where they are parallel, their number if unrelated.

    A sum of squares over unrelated directions is steadier than one; neighbouring periods count as unrelated.
    """
    products = directions @ directions.T
    return float(np.trace(products) ** 2 / np.sum(products**2))


def without_cohort_means(outcome: Floats, covariates: list[Floats], starts: Whole) -> tuple[Floats, int]:
    """Residuals around the means of the cohorts, and of what covariates explain; and their degrees of freedom."""
    of_cohort = (starts[:, np.newaxis] == np.unique(starts)).astype(np.float64)
    return _residuals(outcome, np.column_stack([of_cohort, *(values.mean(axis=1) for values in covariates)]))


def without_covariates(outcome: Floats, covariates: list[Floats]) -> Floats:
    """What covariates (their means over time) do not explain of the outcomes; the outcomes themselves without any."""
    if not covariates:
        return outcome
    ones = np.ones(len(outcome))
    return _residuals(outcome, np.column_stack([ones, *(values.mean(axis=1) for values in covariates)]))[0]


def _residuals(outcome: Floats, columns: Floats) -> tuple[Floats, int]:
    coefficients, _, rank, _ = np.linalg.lstsq(columns, outcome, rcond=None)
    return outcome - columns @ coefficients, len(outcome) - int(rank)
