"""Forecasts agree with R forecast 8.20: naive(y), snaive(y) and rwf(y, drift = TRUE) with their 80 and 95 % limits.

R's limits of a drift are normal; ours are wider, t with n - 2 degrees of freedom, because the normal ones cover too
little (STATS 5). Chances agree with the t distribution and with a million simulated paths.
"""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from metrics.stats.forecast import Drift, chance_of_target, forecast, share_of_paths

VECTORS = Path(__file__).parent / "vectors" / "forecast"
SERIES = json.loads((VECTORS / "forecast_R.json").read_text())
CHANCES = json.loads((VECTORS / "chance_of_target.json").read_text())
KNOWN = json.loads((VECTORS / "target_probability.json").read_text())
NORMAL = {80: 1.2815515655446004, 95: 1.959963984540054}  # R: qnorm(0.9), qnorm(0.975)

PLAIN, SEASONAL = {"naive": "naive", "drift": "drift"}, {"snaive": "seasonal_naive"}  # R's name: ours

every_series = pytest.mark.parametrize("case", SERIES, ids=lambda case: case["id"])


def methods(case):
    """R's name and ours of what R forecast; a series of years has no season."""
    return {**PLAIN, **(SEASONAL if case["frequency"] > 1 else {})}


def of_the_years_kept_back(case, name):
    season = case["frequency"] if name == "snaive" else None
    return forecast(case["train"], len(case["test"]), methods(case)[name], season)


def assert_agrees(found, wanted, stretch=(1, 1)):
    mean = np.array(wanted["mean"])
    assert found.mean == pytest.approx(mean, rel=1e-9)
    for row, level in enumerate((80, 95)):
        half = (np.array(wanted[f"hi{level}"]) - wanted[f"lo{level}"]) / 2 * stretch[row]
        assert found.low[row] == pytest.approx(mean - half, rel=1e-9, abs=1e-9 * mean[0])
        assert found.high[row] == pytest.approx(mean + half, rel=1e-9, abs=1e-9 * mean[0])


@every_series
def test_the_naive_forecast_is_that_of_r(case):
    assert_agrees(forecast(case["train"], len(case["test"])), case["forecasts"]["naive"])


@pytest.mark.parametrize("case", [one for one in SERIES if one["frequency"] > 1], ids=lambda case: case["id"])
def test_the_seasonal_naive_forecast_is_that_of_r(case):
    found = forecast(case["train"], len(case["test"]), "seasonal_naive", season=case["frequency"])
    assert_agrees(found, case["forecasts"]["snaive"])


@every_series
def test_the_drift_forecast_is_that_of_r_with_t_quantiles(case):
    degrees = len(case["train"]) - 2
    stretch = [special.stdtrit(degrees, 0.5 + level / 200) / NORMAL[level] for level in (80, 95)]
    assert_agrees(forecast(case["train"], len(case["test"]), "drift"), case["forecasts"]["drift"], stretch)


def test_the_drift_of_sixty_years_of_the_nile_is_that_of_r():
    """R: rwf(window(Nile, end = 1930), h = 12, drift = TRUE); t with 58 degrees of freedom in place of its quantiles."""
    case = KNOWN["rwf_nile60"]
    stretch = [special.stdtrit(58, 0.5 + level / 200) / NORMAL[level] for level in (80, 95)]
    assert_agrees(forecast(case["y"], case["h"], "drift"), case, stretch)


@every_series
def test_errors_on_the_years_kept_back_are_those_of_r(case):
    """R: accuracy(naive(train), test), to 12 digits."""
    for name in methods(case):
        errors, wanted = np.array(case["test"]) - of_the_years_kept_back(case, name).mean, case["accuracy"][name]
        assert math.sqrt(np.mean(errors**2)) == pytest.approx(wanted["test_RMSE"], rel=1e-8)
        assert np.mean(np.abs(errors)) == pytest.approx(wanted["test_MAE"], rel=1e-8)


@every_series
def test_the_years_kept_back_lie_in_the_limits_as_often_as_in_those_of_r(case):
    for name in set(methods(case)) - {"drift"}:  # of which our limits are wider than R's
        found, wanted = of_the_years_kept_back(case, name), case["coverage_test"][name]
        held = ((found.low <= case["test"]) & (case["test"] <= found.high)).mean(axis=1)
        assert held == pytest.approx([wanted["c80"], wanted["c95"]])


def test_two_series_have_a_season_and_one_has_none():
    assert sorted(case["frequency"] for case in SERIES) == [1, 12, 12]


@pytest.mark.parametrize(
    "case", CHANCES["cases"], ids=lambda case: f"{case['series']}-{case['horizon']}-{case['better']}"
)
def test_the_chance_of_a_target_is_that_of_the_handbook(case):
    arguments = CHANCES["series"][case["series"]], case["horizon"], case["target"], case["better"]
    assert chance_of_target(*arguments) == pytest.approx(case["at"], abs=1e-6)
    for seed in (0, 1):
        assert chance_of_target(*arguments, when="ever", seed=seed) == pytest.approx(case["ever"], abs=0.015)


@pytest.mark.parametrize(
    "case", KNOWN["random_walk_with_drift"], ids=lambda case: f"drift {case['drift']} for {case['h']}"
)
def test_paths_of_known_drift_and_sigma_reach_a_target_as_often_as_simulated_and_not_as_in_continuous_time(case):
    """With 10^12 steps behind them drift and sigma are as good as known."""
    drift = Drift(case["last"], case["drift"], case["sigma"], 10**12)
    at_the_end = special.ndtr((drift.at(case["h"]) - case["target"]) / drift.error(case["h"]))
    assert at_the_end == pytest.approx(case["p_at_or_above_at_h"], rel=1e-6)
    found = share_of_paths(drift, case["h"], case["target"], seed=0)
    assert found == pytest.approx(case["p_ever_discrete_mc"], abs=0.01)
    assert found < case["p_ever_continuous_time"] - 0.05
