"""How much of a change comes from who was counted, and how much from what they did.

It touches nothing: numbers in, numbers out.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def kitagawa(
    weights1: ArrayLike, rates1: ArrayLike, weights2: ArrayLike, rates2: ArrayLike
) -> tuple[float, float, float] | None:
    """How much of a change in an overall rate comes from who was counted (mix), and how much from their rates.

    Each: shape (groups,), same order. weights: counts or shares, made to sum to 1. rates: of each group; NaN where the
    group was absent, which takes the other period's rate, so that its change is all mix.
    Returns (mix, rate, total) in the unit of the rates, or None where a period has no weight at all.
    Raises ValueError where a weight is missing or negative, or where a group with weight has no rate.
    Source: Kitagawa 1955.
    """
    shares1, shares2 = _shares(weights1), _shares(weights2)
    first, second = np.asarray(rates1, dtype=np.float64), np.asarray(rates2, dtype=np.float64)
    if np.any(np.isnan(first) & (shares1 > 0)) or np.any(np.isnan(second) & (shares2 > 0)):
        raise ValueError("a group that has weight in a period needs its rate there")
    if np.isnan(shares1).any() or np.isnan(shares2).any():
        return None
    first, second = np.where(np.isnan(first), second, first), np.where(np.isnan(second), first, second)
    first, second = np.nan_to_num(first), np.nan_to_num(second)  # absent in both periods: its weights are 0
    mix = float(np.sum((shares2 - shares1) * (first + second)) / 2)
    rate = float(np.sum((second - first) * (shares1 + shares2)) / 2)
    return mix, rate, mix + rate


def _shares(weights: ArrayLike) -> Floats:
    """Weights that sum to 1; NaN where there is nothing to weigh."""
    given = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(given).all() and (given >= 0).all()):
        raise ValueError("weights are neither missing nor negative")
    total = given.sum()
    return given / total if total > 0 else np.full(given.shape, np.nan)
