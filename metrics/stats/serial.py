"""Straight-line fits of one series whose neighbouring values resemble each other, and intervals that allow for it.

It touches nothing: a series and a design in, coefficients with intervals out.

The standard error is Newey and West's, which is what the literature reports. In series as short as ours it is too
small, and the normal interval with it: of what changed 12 points before the end of 104 it holds the truth in 81 of 100
series, and with an autocorrelation of 0.3 in 76. So the interval asks, of residuals with the autocorrelation
that was found, how far the squared standard error falls short on average and how much it varies, and takes a t
quantile with as many degrees of freedom: Bell and McCaffrey's correction (2002), with Newey and West in White's place.
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from metrics.stats.verdict import Effect

Floats = NDArray[np.float64]

LAST_BIT = 1e-9  # of the largest value: residuals that small are rounding
STRONGEST = 0.95  # autocorrelation; above it a series of some hundred points cannot be told from one without a mean
HALVINGS = 12  # of that range: to 0.0003


@dataclass(frozen=True, eq=False)
class Fit:
    """Ordinary least squares of the known values. design: shape (known, p); places: their periods, which tell lags."""

    design: Floats
    places: NDArray[np.intp]
    lag: int
    coefficients: Floats
    residuals: Floats
    largest: float  # of the values, from 0

    def effect(self, contrast: Floats) -> Effect:
        """A sum of coefficients, its Newey-West error and the interval; without width where the fit is exact."""
        value = float(contrast @ self.coefficients)
        if not self.residuals.any():
            value = value if abs(value) > LAST_BIT * self.largest else 0.0
            return Effect(value, 0.0, value, value)
        se, spread, freedom = self._spread(contrast)
        half = float(special.stdtrit(freedom, 0.975)) * spread
        return Effect(value, se, value - half, value + half)

    def smallest_detectable(self, contrast: Floats) -> float | None:
        """Found with a chance of 80 % by an interval of 95 %; None where the fit is exact."""
        if not self.residuals.any():
            return None
        _, spread, freedom = self._spread(contrast)
        return float(special.stdtrit(freedom, 0.975) + special.stdtrit(freedom, 0.8)) * spread

    @cached_property
    def autocorrelation(self) -> float:
        """Of neighbours, from 0 to 0.95: the one whose residuals would on average look like these.

        Residuals look less alike than the errors they stand for, the more so the more coefficients were fitted.
        """
        found = float(self.residuals @ self._neighbours @ self.residuals) / float(self.residuals @ self.residuals)
        low, high = 0.0, STRONGEST
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._looks_like(middle) < found else (low, middle)
        return low

    @cached_property
    def _distances(self) -> Floats:
        found: Floats = np.abs(self.places[:, np.newaxis] - self.places).astype(np.float64)
        return found

    @cached_property
    def _neighbours(self) -> Floats:
        found: Floats = (self._distances == 1) / 2
        return found

    @cached_property
    def _bartlett(self) -> Floats:
        """Newey and West's weights of the products of residuals, with the small-sample factor n / (n - p)."""
        n, p = self.design.shape
        found: Floats = np.clip(1 - self._distances / (self.lag + 1), 0, None) * n / (n - p)
        return found

    @cached_property
    def _basis(self) -> Floats:
        return np.linalg.qr(self.design)[0]

    def _looks_like(self, correlation: float) -> float:
        """The mean autocorrelation of residuals whose errors have this one."""
        errors = correlation**self._distances
        reached, near = errors @ self._basis, self._neighbours @ self._basis
        total = len(errors) - np.sum(self._basis * reached)
        pairs = np.sum(self._neighbours * errors) - 2 * np.sum(near * reached)
        return float((pairs + np.sum((self._basis.T @ near) * (self._basis.T @ reached))) / total)

    @cached_property
    def _errors(self) -> Floats:
        return np.power(self.autocorrelation, self._distances)

    @cached_property
    def _expected(self) -> Floats:
        """The covariance of the residuals, if the errors have the autocorrelation found."""
        fitted = self._basis @ (self._basis.T @ self._errors)
        return self._errors - fitted - fitted.T + self._basis @ (self._basis.T @ fitted.T)

    def _spread(self, contrast: Floats) -> tuple[float, float, float]:
        """Newey-West error, the error that the interval takes, and its degrees of freedom."""
        weights = self.design @ np.linalg.solve(self.design.T @ self.design, contrast)
        kernel = weights[:, np.newaxis] * self._bartlett * weights
        se = math.sqrt(max(0.0, float(self.residuals @ kernel @ self.residuals)))
        products = kernel @ self._expected
        mean, variance = float(np.trace(products)), 2 * float(np.sum(products * products.T))
        return se, se * math.sqrt(float(weights @ self._errors @ weights) / mean), 2 * mean**2 / variance


def fit(series: Floats, design: Floats, lag: int) -> Fit:
    """Least squares of the values that are not NaN; they keep their places, so that lags are counted in periods.

    Raises ValueError where the known values cannot tell the columns of the design apart, or leave nothing over.
    """
    places = np.flatnonzero(~np.isnan(series))
    rows, values = design[places], series[places]
    if len(rows) <= design.shape[1] or np.linalg.matrix_rank(rows) < design.shape[1]:
        raise ValueError(f"{len(rows)} points are too few for this model, or lie badly: it has {design.shape[1]} terms")
    coefficients: Floats = np.linalg.lstsq(rows, values, rcond=None)[0].astype(np.float64)
    residuals = values - rows @ coefficients
    largest = float(np.max(np.abs(values)))
    if np.max(np.abs(residuals)) <= LAST_BIT * largest:
        residuals = np.zeros_like(residuals)
    return Fit(rows, places, lag, coefficients, residuals, largest)
