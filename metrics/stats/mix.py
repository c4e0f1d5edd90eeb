"""How much of a change comes from who was counted, and how much from what they did.

It touches nothing: numbers in, numbers out.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def kitagawa(
    weights1: ArrayLike, rates1: ArrayLike, weights2: ArrayLike, rates2: ArrayLike
) -> tuple[float, float, float] | None:
    """How much of a change in an overall rate comes from who was counted (mix), and how much from their rates.

    Each: shape (groups,), same order. weights: counts or shares, made to sum to 1. rates: of each group; NaN where the
    group was absent, which takes the other period's rate, so that its change is all mix.
    Returns (mix, rate, total) in the unit of the rates, or None where a period has no weight at all or no groups.
    Raises ValueError where the shapes differ, a weight is missing, negative or infinite, a rate is infinite, a group
    with weight has no rate, or the rates are so large that their change has no number.
    Source: Kitagawa 1955.
    """
    weights, rates = (_columns(*both) for both in ((weights1, weights2), (rates1, rates2)))
    if weights.shape != rates.shape:
        raise ValueError(f"wanted a weight and a rate of each group, not {weights.shape[1]} and {rates.shape[1]}")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError("weights are neither missing nor negative nor infinite")
    if np.isinf(rates).any() or (np.isnan(rates) & (weights > 0)).any():
        raise ValueError("a rate is not infinite, and a group that has weight in a period needs its rate there")
    if not weights.any(axis=1).all():
        return None
    shares = weights / weights.max(axis=1, keepdims=True)  # first by the largest, since a sum can be too large
    shares /= shares.sum(axis=1, keepdims=True)
    rates = np.where(np.isnan(rates), rates[::-1], rates)
    rates[:, np.isnan(rates).any(axis=0)] = 0.0  # absent in both periods: its weights are 0
    return _taken_apart(shares, rates)


def _taken_apart(shares: Floats, rates: Floats) -> tuple[float, float, float]:
    with np.errstate(over="ignore", invalid="ignore"):
        mix = float(np.sum((shares[1] - shares[0]) * (rates[0] / 2 + rates[1] / 2)))
        rate = float(np.sum((rates[1] / 2 - rates[0] / 2) * (shares[0] + shares[1])))
    if not math.isfinite(mix + rate):
        raise ValueError("the rates are so large that their change has no number")
    return mix, rate, mix + rate


def _columns(first: ArrayLike, second: ArrayLike) -> Floats:
    """Both periods, one row each."""
    both = [np.asarray(one, dtype=np.float64) for one in (first, second)]
    if both[0].ndim != 1 or both[0].shape != both[1].shape:
        raise ValueError(f"wanted the same groups in both periods, not {both[0].shape} and {both[1].shape}")
    return np.stack(both)
