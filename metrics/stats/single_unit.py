"""What a change did to the one unit that got it: its difference from the mean of the others, before and after.

It touches nothing: a panel in, an effect out. With one treated unit nothing can be permuted among units that would
reach 5 %: six wikis allow six assignments. So periods are permuted instead, in blocks that keep their order.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from metrics.stats import panel as panels
from metrics.stats.series import newey_west
from metrics.stats.synthetic import compared
from metrics.stats.verdict import Better, Effect, Verdict, checked_better, judge

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SingleUnitEffect:
    """effect: the mean difference after the start less that before; p: of the permutation in time."""

    effect: Effect
    p: float
    dropped: list[Hashable]
    verdict: Verdict


def single_unit_effect(
    panel: panels.Frame,
    *,
    unit: str,
    time: str,
    treated: str,
    outcome: str,
    start: Any,
    better: Better = "neither",
) -> SingleUnitEffect:
    """How much further the one treated unit is from the mean of the others since the start than it was before."""
    checked_better(better)
    complete, is_treated, first = compared(panel, unit, time, treated, outcome, start)
    if is_treated.sum() != 1:
        raise ValueError(f"{is_treated.sum()} units are treated: wanted one; for more there is synthetic_did")
    differences = complete.outcome[is_treated][0] - complete.outcome[~is_treated].mean(axis=0)
    effect, p = _change(differences, first), time_permutation_p(differences, first)
    smallest = None if effect.se is None else 2.8 * effect.se
    return SingleUnitEffect(effect, p, complete.dropped, judge(effect, better, smallest))


def time_permutation_p(differences: ArrayLike, start: int) -> float:
    """How often chance alone would move the mean after the start as far: all cyclic shifts of the periods."""
    series = np.asarray(differences, dtype=np.float64)
    residuals = series - series.mean()
    after = np.array([np.roll(residuals, -shift)[start:].sum() for shift in range(len(series))])
    near = 1e-9 * float(np.abs(residuals).sum())
    return float(np.mean(np.abs(after) >= abs(after[0]) - near))


def _change(differences: Floats, start: int) -> Effect:
    n = len(differences)
    design = np.column_stack([np.ones(n), np.arange(n) >= start]).astype(np.float64)
    fitted = newey_west(differences, design, 4)
    value, se = float(fitted.coefficients[1]), float(np.sqrt(fitted.covariance[1, 1]))
    half = float(special.stdtrit(fitted.freedom, 0.975)) * se
    return Effect(value, se, value - half, value + half)
