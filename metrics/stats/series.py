"""What changed in one series when something started: an interrupted regression with Newey-West errors.

It touches nothing: values in, effects out. One series has no control group: whatever else changed at that time is in
the effect too, and whoever shows it says so beside the number.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from metrics.stats.verdict import Better, Effect, Verdict, checked_better, judge

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class InterruptedSeries:
    """level: the jump at the start; slope: the change of the slope per period; effect: both at the last point."""

    level: Effect
    slope: Effect
    effect: Effect
    durbin_watson: float | None
    lag: int
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Fit:
    """Ordinary least squares: coefficients, their Newey-West covariance, and residuals (0 where a value is missing)."""

    coefficients: Floats
    covariance: Floats
    residuals: Floats
    freedom: int


def interrupted_series(
    values: ArrayLike,
    start: int,
    *,
    lag: int | None = None,
    season: int | None = None,
    better: Better = "neither",
) -> InterruptedSeries:
    """The jump and the change of slope of one series from a known start on."""
    checked_better(better)
    series = np.asarray(values, dtype=np.float64)
    _check(series, start, season)
    known = ~np.isnan(series)
    design = _design(len(series), start, season)
    lag = default_lag(int(known.sum())) if lag is None else lag
    fitted = newey_west(series, design, lag)
    last = np.zeros(design.shape[1])
    last[2:4] = 1, int(np.flatnonzero(known)[-1]) + 1 - start
    level, slope, effect = (_effect(fitted, contrast) for contrast in (*np.eye(design.shape[1])[2:4], last))
    smallest = None if effect.se is None else 2.8 * effect.se
    return InterruptedSeries(level, slope, effect, _durbin_watson(fitted, known), lag, judge(effect, better, smallest))


def default_lag(n: int) -> int:
    """STATS 6: max(4, floor(0.75 n^(1/3))), the rule of Stock and Watson with a floor."""
    return max(4, int(0.75 * n ** (1 / 3)))


def newey_west(series: Floats, design: Floats, lag: int) -> Fit:
    """OLS with Bartlett weights and n / (n - p): statsmodels HAC with use_correction=True, R's NeweyWest adjusted.

    A missing value has no row in the regression, yet keeps its place, so that lags are counted in periods.
    """
    known = ~np.isnan(series)
    rows = np.where(known[:, np.newaxis], design, 0.0)
    n, p = int(known.sum()), design.shape[1]
    bread = np.linalg.inv(rows.T @ rows)
    coefficients = bread @ rows.T @ np.where(known, series, 0.0)
    residuals = np.where(known, series - design @ coefficients, 0.0)
    scores = rows * residuals[:, np.newaxis]
    meat = scores.T @ scores
    for step in range(1, lag + 1):
        shifted = scores[step:].T @ scores[:-step]
        meat += (1 - step / (lag + 1)) * (shifted + shifted.T)
    return Fit(coefficients, bread @ meat @ bread * n / (n - p), residuals, n - p)


def _design(n: int, start: int, season: int | None) -> Floats:
    t = np.arange(1, n + 1, dtype=np.float64)
    post = (t > start).astype(np.float64)
    columns = [np.ones(n), t, post, post * (t - start)]
    if season is not None:
        columns += [(np.arange(n) % season == place).astype(np.float64) for place in range(1, season)]
    return np.column_stack(columns)


def _check(series: Floats, start: int, season: int | None) -> None:
    if series.ndim != 1 or np.isinf(series).any():
        raise ValueError("an interrupted series is one row of values, none infinite")
    before, after = (int(np.sum(~np.isnan(part))) for part in (series[:start], series[start:]))
    if not 0 < start < len(series) or min(before, after) < 3:
        raise ValueError(f"{before} points before the start and {after} after it: wanted 3 or more of each")
    if season is not None and season < 2:
        raise ValueError(f"a season has 2 periods or more, not {season}")
    if before + after <= 4 + (season or 1) - 1:
        raise ValueError(f"{before + after} points are too few for this model")


def _effect(fitted: Fit, contrast: Floats) -> Effect:
    value = float(contrast @ fitted.coefficients)
    se = math.sqrt(max(0.0, float(contrast @ fitted.covariance @ contrast)))
    half = float(special.stdtrit(fitted.freedom, 0.975)) * se
    return Effect(value, se, value - half, value + half)


def _durbin_watson(fitted: Fit, known: NDArray[np.bool_]) -> float | None:
    """Around 2 where neighbouring residuals know nothing of each other; pairs with a missing value do not count."""
    pairs = known[1:] & known[:-1]
    total = float(np.sum(fitted.residuals**2))
    return float(np.sum(np.diff(fitted.residuals)[pairs] ** 2) / total) if total > 0 else None
