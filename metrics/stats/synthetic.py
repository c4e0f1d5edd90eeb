"""What a change did to the few units that got it together, against a weighted mean of the others.

It touches nothing: a panel in, an effect out; chance is drawn from a seed. diff-diff does the work, loaded when asked.
"""

import math
import warnings
from typing import Any

import numpy as np
from scipy import special

from metrics.stats import panel as panels
from metrics.stats.verdict import Effect

SEED = 0
PLACEBOS = 200
Z95 = float(special.ndtri(0.975))


def synthetic_did(panel: panels.Frame, *, unit: str, time: str, treated: str, outcome: str, start: Any) -> Effect:
    """Synthetic difference-in-differences (Arkhangelsky and others 2021) with its placebo standard error."""
    complete, is_treated, first = compared(panel, unit, time, treated, outcome, start)
    from diff_diff import SyntheticDiD  # type: ignore[import-untyped]

    units, periods = complete.outcome.shape
    columns = {
        "unit": np.repeat(np.arange(units), periods),
        "time": np.tile(np.arange(periods), units),
        "treated": np.repeat(is_treated.astype(np.int64), periods),
        "y": complete.outcome.ravel(),
    }
    model = SyntheticDiD(variance_method="placebo", n_bootstrap=PLACEBOS, seed=SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = model.fit(type(panel)(columns), "y", "treated", "unit", "time", list(range(first, periods)))  # type: ignore[call-arg]
    value, se = float(found.att), float(found.se)
    enough = units - int(is_treated.sum()) > int(is_treated.sum()) and math.isfinite(se) and se > 0
    if not enough:
        return Effect(value, None, None, None)
    return Effect(value, se, value - Z95 * se, value + Z95 * se)


def compared(
    panel: panels.Frame, unit: str, time: str, treated: str, outcome: str, start: Any
) -> tuple[panels.Panel, "np.ndarray[Any, np.dtype[np.bool_]]", int]:
    """The complete units, which of them are treated (a 1 in any row), and the place of the first period after."""
    complete = panels.read(panel, unit, time, outcome)
    chosen = panels.flagged(panel, unit, treated)
    is_treated = np.array([name in chosen for name in complete.units], np.bool_)
    first = sum(bool(time < start) for time in complete.times)
    if not 0 < first < len(complete.times):
        raise ValueError(f"start {start!r} leaves no period before it or none after it")
    if not is_treated.any() or is_treated.all():
        raise ValueError(f"column {treated!r}: wanted treated units and others to compare them with")
    return complete, is_treated, first
