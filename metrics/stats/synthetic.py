"""What a change did to the few units that got it together, against a weighted mean of the others.

It touches nothing: a panel in, an effect out; chance is drawn from a seed. diff-diff does the work, loaded when asked.
"""

import math
import warnings
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from metrics.stats import panel as panels
from metrics.stats.verdict import Effect

Floats = NDArray[np.float64]

SEED = 0
PLACEBOS = 200
LEAST_STEP = 1e-5  # of the noise: where the search for weights ends, as in R's synthdid


def synthetic_did(panel: panels.Frame, *, unit: str, time: str, treated: str, outcome: str, start: Any) -> Effect:
    """Synthetic difference-in-differences: periods and other units are weighted so that both compare well.

    panel: a pandas DataFrame, one row per unit and period; units without a value in every period are left out.
    treated: a column with 1 in at least one row of each treated unit, else 0. start: the first period after.
    Out: the mean change of the treated units since then, in the unit of the outcome; its placebo standard error, from
    the same estimate for each control (or 200 sets of them, drawn from a seed) as if it had been treated; and the
    interval of a t distribution with two degrees of freedom less than there are controls. None for the three where
    there are not more controls than treated units. Raises ValueError as `staggered_did` for what no panel can be.
    Source: Arkhangelsky and others 2021, algorithms 1 and 4. The value is R synthdid's. The error is not: R starts the
    search for each placebo at the weights of the estimate, and where controls are fewer than periods before the start
    these fit all controls exactly, so that the placebos, and the error, are next to 0.
    Of 500 simulated rollouts over 24 months, start in month 14, noise with an autocorrelation of 0.3, the interval held
    the effect in 95.0 % (23 wikis, 3 treated), 94.6 % (20, 1) and 94.4 % (6, 1); it left 0 out without an effect in
    5.0, 5.4 and 5.6 %, a little more than the 5 % that we want; an effect of one standard deviation was found in 71,
    28 and 9 %. Where wikis differ in how noisy they are (20, 1): 93.0 and 7.0 %: a placebo supposes that the treated
    one is like the others (`benchmarks/impact_coverage.py`).
    """
    complete, is_treated, first = compared(panel, unit, time, treated, outcome, start)
    found = _fitted(panel, complete.outcome, is_treated, first)
    value, controls, count = float(found.att), complete.outcome[~is_treated], int(is_treated.sum())
    if len(controls) <= count:
        return Effect(value, None, None, None)
    placebos = _placebos(controls, count, first, found)
    se = math.sqrt(float(np.mean(placebos**2)))
    half = float(special.stdtrit(max(1, len(controls) - 2), 0.975)) * se
    return Effect(value, se, value - half, value + half)


def compared(
    panel: panels.Frame, unit: str, time: str, treated: str, outcome: str, start: Any
) -> tuple[panels.Panel, NDArray[np.bool_], int]:
    """The complete units, which of them are treated (a 1 in any row), and the place of the first period after."""
    complete = panels.read(panel, unit, time, outcome)
    chosen = panels.flagged(panel, unit, treated)
    is_treated = np.array([name in chosen for name in complete.units], np.bool_)
    try:
        first = sum(bool(time < start) for time in complete.times)
    except TypeError:
        raise ValueError(f"start {start!r} is no time like {complete.times[0]!r}") from None
    if not 0 < first < len(complete.times):
        raise ValueError(f"start {start!r} leaves no period before it, or none from it on")
    if not is_treated.any() or is_treated.all():
        raise ValueError(f"column {treated!r}: wanted complete units with 1 and others with 0 to compare them with")
    return complete, is_treated, first


def _fitted(panel: panels.Frame, outcome: Floats, is_treated: NDArray[np.bool_], first: int) -> Any:
    from diff_diff import SyntheticDiD  # type: ignore[import-untyped]

    units, periods = outcome.shape
    frame: Callable[[dict[str, NDArray[Any]]], Any] = type(panel)
    columns = {
        "unit": np.repeat(np.arange(units), periods),
        "time": np.tile(np.arange(periods), units),
        "treated": np.repeat(is_treated.astype(np.int64), periods),
        "y": outcome.ravel(),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own standard error, which is not used
        model = SyntheticDiD(variance_method="placebo", n_bootstrap=2, seed=SEED)
        return model.fit(frame(columns), "y", "treated", "unit", "time", list(range(first, periods)))


def _placebos(controls: Floats, count: int, first: int, found: Any) -> Floats:
    """The estimate for controls as if they had been treated, each search from equal weights."""
    from diff_diff.utils import (  # type: ignore[import-untyped]
        compute_sdid_estimator,
        compute_sdid_unit_weights,
        compute_time_weights,
    )

    least = LEAST_STEP * found.noise_level
    placebos = []
    for chosen in _sets(len(controls), count):
        others = np.delete(controls, chosen, axis=0).T
        before, after = others[:first], others[first:]
        mean = controls[chosen].mean(axis=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a search ended before its last step
            units = compute_sdid_unit_weights(before, mean[:first], zeta_omega=found.zeta_omega, min_decrease=least)
            times = compute_time_weights(before, after, zeta_lambda=found.zeta_lambda, min_decrease=least)
        placebos.append(compute_sdid_estimator(before, after, mean[:first], mean[first:], units, times))
    return np.array(placebos, np.float64)


def _sets(controls: int, count: int) -> list[list[int]]:
    """Which controls take the place of the treated units: all sets, or 200 of them."""
    if math.comb(controls, count) <= PLACEBOS:
        return [list(chosen) for chosen in combinations(range(controls), count)]
    random = np.random.default_rng(SEED)
    return [random.permutation(controls)[:count].tolist() for _ in range(PLACEBOS)]
