"""Effects of rollouts agree with R: did 2.1.2, fixest 0.12.2 (sunab), synthdid, and lm with sandwich 3.0-2.

did: `aggte(att_gt(y, "period", "unit", "cohort", data = d, est_method = ..., control_group = ..., bstrap = FALSE))`.
Its standard error of the overall "group" figure takes the wrong cohort labels; ours is the one with the labels put
right. R's doubly robust weights add up to 1 and diff-diff's nearly, so with covariates "dr" agrees to 1e-3 only.
HAC: `NeweyWest(lm(...), lag = ..., prewhite = FALSE, adjust = TRUE)`.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metrics.stats.impact import interrupted_series, staggered_did, sun_abraham, synthetic_did

VECTORS = Path(__file__).parent / "vectors" / "impact"
SIMULATED = json.loads((VECTORS / "panel_simulated_expected.json").read_text())
SERIES = json.loads((VECTORS / "its_simulated.json").read_text())
SEATBELTS = json.loads((VECTORS / "its_seatbelts_expected.json").read_text())
OVERALL = ("simple", "group", "dynamic", "calendar")
SUN_ABRAHAM = (
    -1.133749,
    0.205070,
)  # summary(feols(y ~ x1 + sunab(year_treated, year) | id + year, base_stagg), agg = "att")
TWO_WAY = -3.683


def tolerance(method, covariates):
    if not covariates:
        return 1e-7
    return 1e-3 if method == "dr" else 1e-5


def named(case):
    return f"{case['method']} {case['control']} {'+'.join(case['covariates'])} anticipation {case['anticipation']}"


@pytest.fixture(scope="module")
def simulated():
    return pd.read_csv(VECTORS / "panel_simulated.csv")


def estimated(panel, case):
    options = {name: case[name] for name in ("control", "covariates", "method", "anticipation")}
    return staggered_did(panel, unit="unit", time="period", cohort="cohort", outcome="y", **options)


every_case = pytest.mark.parametrize("case", SIMULATED["cases"], ids=named)


@every_case
def test_overall_figures_and_their_errors_are_those_of_r(case, simulated):
    found, near = estimated(simulated, case), tolerance(case["method"], case["covariates"])
    for name in OVERALL:
        effect, wanted = getattr(found, name), case[name]
        assert (effect.value, effect.se) == pytest.approx((wanted["value"], wanted["se"]), rel=near, abs=near)


@every_case
def test_effects_by_periods_since_the_start_are_those_of_r(case, simulated):
    found, near = estimated(simulated, case).by_time, tolerance(case["method"], case["covariates"])
    assert list(found) == case["dynamic"]["egt"]
    assert [effect.value for effect in found.values()] == pytest.approx(case["dynamic"]["att"], abs=near)
    assert [effect.se for effect in found.values()] == pytest.approx(case["dynamic"]["att_se"], abs=near)


@every_case
def test_units_treated_in_the_first_period_are_named(case, simulated):
    assert estimated(simulated, case).dropped == SIMULATED["dropped"]


@pytest.mark.parametrize("case", [case for case in SIMULATED["cases"] if "pre_test_p" in case], ids=named)
def test_the_pre_test_is_that_of_r(case, simulated):
    near = 2e-3 if case["method"] == "dr" and case["covariates"] else 2e-5
    assert estimated(simulated, case).pre_test_p == pytest.approx(case["pre_test_p"], abs=near)


def counties():
    """The 12 configurations with a varying base period; the others of the file have a universal one."""
    methods, controls, formulas = ("dr", "reg", "ipw"), ("never_treated", "not_yet_treated"), ("~1", "~lpop")
    return [(method, control, formula) for method in methods for control in controls for formula in formulas]


@pytest.mark.parametrize(("method", "control", "formula"), counties())
def test_counties_with_a_minimum_wage_are_those_of_r(method, control, formula, shared):
    folder = shared("vectors/impact")
    covariates = [] if formula == "~1" else ["lpop"]
    found = staggered_did(
        pd.read_csv(folder / "mpdta.csv"), unit="countyreal", time="year", cohort="first.treat", outcome="lemp",
        control=control, covariates=covariates, method=method,
    )  # fmt: skip
    options = {"xformla": formula, "est_method": method, "control_group": control.replace("_", "")}
    results = json.loads((folder / "mpdta_did_expected.json").read_text())["results"]
    wanted = next(r for r in results if r["options"] == {**options, "base_period": "varying", "weights": None})
    mended = json.loads((folder / "mpdta_group_se.json").read_text())
    group_se = next(m for m in mended if {name: m[name] for name in options} == options)["group_overall_se"]
    near = tolerance(method, covariates)
    for name in OVERALL:
        effect, of_r = getattr(found, name), wanted["aggte"][name]
        se = group_se if name == "group" else of_r["overall_se"]
        assert (effect.value, effect.se) == pytest.approx((of_r["overall_att"], se), rel=near, abs=near)
    assert [effect.value for effect in found.by_time.values()] == pytest.approx(
        wanted["aggte"]["dynamic"]["att_egt"], abs=near
    )
    p_near = 2e-3 if method == "dr" and covariates else 2e-5
    assert found.pre_test_p == pytest.approx(wanted["pretest_p"][0][0], abs=p_near)


def test_sun_abraham_is_that_of_fixest_and_far_from_two_way_fixed_effects(shared):
    panel = pd.read_csv(shared("vectors/impact/base_stagg.csv"))
    found = sun_abraham(panel, unit="id", time="year", cohort="year_treated", outcome="y", covariates=["x1"])
    assert (found.value, found.se) == pytest.approx(SUN_ABRAHAM, abs=1e-6)
    assert abs(found.value - TWO_WAY) > 2


def test_callaway_sant_anna_on_fixest_s_data_is_that_of_r(shared):
    folder = shared("vectors/impact")
    wanted = json.loads((folder / "base_stagg_expected.json").read_text())["cs_no_covariates"]
    found = staggered_did(
        pd.read_csv(folder / "base_stagg.csv"), unit="id", time="year", cohort="year_treated", outcome="y", method="reg"
    )
    assert found.simple.value == pytest.approx(wanted["aggte"]["simple"]["overall_att"], abs=1e-7)
    assert found.simple.se == pytest.approx(wanted["aggte"]["simple"]["overall_se"], abs=1e-7)


def test_synthetic_did_of_the_simulated_panel_is_that_of_r():
    wanted = json.loads((VECTORS / "sdid_simulated_expected.json").read_text())
    panel = pd.read_csv(VECTORS / "sdid_simulated.csv")
    found = synthetic_did(panel, unit="unit", time="period", treated="treated", outcome="y", start=wanted["start"])
    assert found.value == pytest.approx(wanted["value"], abs=1e-3)


def test_synthetic_did_of_california_s_cigarettes_is_that_of_r(shared):
    folder = shared("vectors/impact")
    panel = pd.read_csv(folder / "california_prop99.csv")
    found = synthetic_did(panel, unit="State", time="Year", treated="treated", outcome="PacksPerCapita", start=1989)
    assert found.value == pytest.approx(json.loads((folder / "prop99_expected.json").read_text())["sdid"], abs=1e-3)


def each_lag():
    return [(case, by_lag) for case in SERIES["cases"] for by_lag in case["by_lag"]]


@pytest.mark.parametrize(("case", "wanted"), each_lag(), ids=lambda given: str(given.get("lag", given.get("season"))))
def test_an_interrupted_series_is_that_of_r(case, wanted):
    found = interrupted_series(SERIES["values"], SERIES["start"], lag=wanted["lag"], season=case["season"])
    assert (found.level.value, found.slope.value) == pytest.approx((case["level"], case["slope"]), rel=1e-7)
    assert (found.level.se, found.slope.se) == pytest.approx((wanted["level_se"], wanted["slope_se"]), rel=1e-7)
    assert (found.effect.value, found.effect.se) == pytest.approx((wanted["effect"], wanted["effect_se"]), rel=1e-7)


@pytest.mark.parametrize(
    "case", SEATBELTS["cases"], ids=lambda case: f"{case['model']} {case['lag']} {case['small_sample_adjust']}"
)
def test_drivers_after_the_seat_belt_law_are_those_of_r(case):
    rows = pd.read_csv(VECTORS / "seatbelts.csv")
    months = case["model"].endswith("monthdummies")
    start = int(np.flatnonzero(rows["post"])[0])
    found = interrupted_series(np.log(rows["drivers"]), start, lag=case["lag"], season=12 if months else None)
    n, p = len(rows), 15 if months else 4
    factor = 1 if case["small_sample_adjust"] else np.sqrt((n - p) / n)
    for effect, name in ((found.level, "post"), (found.slope, "t_since")):
        wanted = case["coef"][name], case["se"][name]
        assert (effect.value, effect.se * factor) == pytest.approx(wanted, rel=1e-7)
    assert found.durbin_watson == pytest.approx(SEATBELTS["durbin_watson"][months], rel=1e-9)


def test_a_law_against_smoking_lowered_the_monthly_rate_in_sicily_as_published(shared):
    """The paper's model is a Poisson step; ours, of the logarithm of the rate, has its direction and nears its ratio."""
    folder = shared("vectors/impact")
    rows = pd.read_csv(folder / "sicily.csv")
    start = int(np.flatnonzero(rows["smokban"])[0])
    found = interrupted_series(np.log(rows["aces"] / rows["stdpop"]), start, season=12)
    wanted = json.loads((folder / "sicily_expected.json").read_text())["quasipoisson_step_2harmonics"]
    assert found.level.high < 0
    assert wanted["lo"] - 0.05 < np.exp(found.level.value) < wanted["hi"] + 0.05
