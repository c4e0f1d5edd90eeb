"""Intervals of counts agree with R 4.2.2 and with the published tables that R reproduces.

Each vector file says where its numbers come from; the calls are prop.test(correct = FALSE), binom.test, qbeta,
poisson.test and p.adjust(method = "BH"). The funnels are FunnelPlotR's (PR, and SR with square root).
"""

import json
from pathlib import Path

import numpy as np
import pytest

from metrics.stats import interval
from metrics.stats.completeness import chain_ladder

VECTORS = Path(__file__).parent / "vectors" / "rates"


def cases(name, *keys):
    found = json.loads((VECTORS / name).read_text())
    for key in keys:
        found = found[key]
    return found


@pytest.mark.parametrize("case", cases("proportion_ci.json", "cases"), ids=lambda case: f"{case['x']} of {case['n']}")
def test_intervals_of_a_share_are_those_of_r(case):
    arguments = case["x"], case["n"], case["level"]
    assert interval.wilson(*arguments) == pytest.approx(case["wilson"], rel=1e-8, abs=1e-12)
    assert interval.clopper_pearson(*arguments) == pytest.approx(case["clopper_pearson"], rel=1e-8, abs=1e-12)
    assert interval.jeffreys(*arguments) == pytest.approx(case["jeffreys_modified"], rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("case", cases("diff_ratio_ci.json", "newcombe_diff"))
def test_the_interval_of_a_difference_is_newcombes_method_10(case):
    found = interval.newcombe_difference(case["x1"], case["n1"], case["x2"], case["n2"])
    assert found == pytest.approx((case["lower"], case["upper"]), rel=1e-8)


@pytest.mark.parametrize("case", cases("diff_ratio_ci.json", "rate_ratio"))
def test_a_rate_ratio_is_that_of_r_poisson_test(case):
    found = interval.rate_ratio(case["x1"], case["t1"], case["x2"], case["t2"])
    wanted = case["rate_ratio"], case["exact_lower"], case["exact_upper"], case["exact_p"]
    assert [value is None for value in found] == [value is None for value in wanted]
    assert [value or 0 for value in found] == pytest.approx([value or 0 for value in wanted], rel=1e-6)


@pytest.mark.parametrize("case", cases("diff_ratio_ci.json", "poisson_exact_count_ci"))
def test_the_interval_of_a_rate_is_that_of_r_poisson_test(case):
    """R: poisson.test(x, 7)$conf.int; the counts over one unit of exposure and over seven."""
    for exposure in (1, 7):
        wanted = case["lower"] / exposure, case["upper"] / exposure
        assert interval.poisson_rate(case["x"], exposure) == pytest.approx(wanted, rel=1e-8)


MEDIANS = [(6, 1, 6), (10, 2, 9), (20, 6, 15), (25, 8, 18), (30, 10, 21), (50, 18, 33), (100, 40, 61)]


@pytest.mark.parametrize(("n", "low", "high"), MEDIANS)
def test_the_interval_of_a_median_has_the_places_of_the_tables(n, low, high):
    """R: qbinom(0.025, n, 0.5) and qbinom(0.975, n, 0.5) + 1, which are those of the tables of the sign test."""
    assert interval.quantile_interval(range(1, n + 1), 0.5) == (low, high)


def test_the_interval_of_an_upper_quartile_has_the_places_of_the_binomial():
    """R: qbinom(c(0.05, 0.95), 16, 0.75) + c(0, 1): 9 and 16, the 90 % interval of the third quartile of 16 values."""
    assert interval.quantile_interval(range(1, 17), 0.75, level=0.9) == (9, 16)


def test_benjamini_hochberg_rejects_four_in_the_paper_of_1995():
    found = interval.benjamini_hochberg(cases("benjamini_hochberg.json", "p"))
    assert found == pytest.approx(cases("benjamini_hochberg.json", "bh"), rel=1e-8)
    assert (found <= 0.05).sum() == 4


@pytest.mark.parametrize("case", cases("benjamini_hochberg.json", "edge"))
def test_ties_and_missing_p_values_are_adjusted_as_r_does(case):
    wanted = np.array(case["bh"], dtype=float)
    assert interval.benjamini_hochberg(case["p"]) == pytest.approx(wanted, rel=1e-8, nan_ok=True)


@pytest.mark.parametrize("case", [*cases("kitagawa.json", "cases"), cases("kitagawa.json", "ucb_admissions")])
def test_a_change_is_split_into_mix_and_rate(case):
    found = interval.kitagawa(case["w1"], case["r1"], case["w2"], case["r2"])
    assert found == pytest.approx((case["mix"], case["rate"], case["total"]), rel=1e-8)


def test_household_headship_1970_to_1985_is_split_as_das_gupta_published(shared):
    """Das Gupta 1993, US Census P23-186: age structure 1.2269, rates 1.7403 of 2.9672 points; printed to 4 places."""
    path = shared("vectors/rates/kitagawa_das_gupta.json")
    case = json.loads(path.read_text())["household_headship_1970_1985"]
    mix, rate, total = interval.kitagawa(case["w1"], case["r1"], case["w2"], case["r2"])
    assert (mix, rate, total) == pytest.approx((case["mix_effect"], case["rate_effect"], case["diff"]), abs=6e-5)


@pytest.mark.parametrize("name", cases("funnel.json", "cases"))
def test_funnels_are_those_of_funnelplotr(name):
    case = cases("funnel.json", "cases", name)
    found = interval.funnel(case["numerator"], case["denominator"], case["kind"])
    limits = case["overdispersed" if found.overdispersion else "unadjusted"]
    assert found.center == pytest.approx(case["center"], rel=1e-6)
    assert found.overdispersion == pytest.approx(0 if "five" in name else case["tau2"], rel=1e-6)
    for limit in ("low95", "high95", "low998", "high998"):
        assert getattr(found, limit) == pytest.approx(limits[limit], rel=1e-6, abs=1e-6), limit


def test_a_ratio_without_overdispersion_has_exact_poisson_limits():
    """R: qchisq(.025, 2 * e) / 2 / e and qchisq(.975, 2 * (e + 1)) / 2 / e."""
    found = interval.funnel([15, 20, 30], [15, 20, 30], "ratio")
    assert found.low95 == pytest.approx([0.5596924, 0.6108260, 0.6746958], abs=1e-6)
    assert found.high95 == pytest.approx([1.649348, 1.544419, 1.427562], abs=1e-6)


def test_late_claims_are_those_of_mack():
    """R: ChainLadder::MackChainLadder(RAA, est.sigma = "Mack"): IBNR 52,135.23, standard error 26,909.01."""
    case = cases("chain_ladder_raa.json")
    rows = [row if isinstance(row, list) else [row] for row in case["triangle"]]
    found = chain_ladder([[*row, *[np.nan] * (len(rows) - len(row))] for row in rows])
    assert found.growth == pytest.approx(case["dev_factors"], rel=1e-8)
    assert found.latest.tolist() == case["latest"]
    assert found.ultimate == pytest.approx(case["ultimate"], rel=1e-8)
    assert (found.ultimate - found.latest).sum() == pytest.approx(case["ibnr_total"], rel=1e-8)
    assert found.se == pytest.approx(case["mack_se_by_origin"], rel=1e-8)
    assert found.total_se == pytest.approx(case["mack_se_total_computed"], rel=1e-8)
    assert found.too_early.tolist() == [False] * 9 + [True]
