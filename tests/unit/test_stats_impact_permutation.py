"""Few units: what other assignments would have shown, and when that is enough for a verdict."""

from itertools import permutations
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy import special

from metrics.stats import permutation as permuting
from metrics.stats.impact import staggered_did
from metrics.stats.permutation import contrasts, permutation


def panel_of(starts, values):
    wikis, months = values.shape
    columns = {"wiki": np.repeat(np.arange(wikis), months), "month": np.tile(np.arange(1, months + 1), wikis)}
    return pd.DataFrame({**columns, "starts": np.repeat(starts, months), "y": np.asarray(values, float).ravel()})


def effect_of(starts, values, **options):
    return staggered_did(
        panel_of(starts, values), unit="wiki", time="month", cohort="starts", outcome="y", better="higher", **options
    )


def two_months(*changes):
    return np.column_stack([np.zeros(len(changes)), changes])


def test_of_six_assignments_the_largest_effect_has_p_of_one_sixth():
    found = effect_of([2, 0, 0, 0, 0, 0], two_months(9, 1, 2, 0, 1, 2))
    assert (found.permutation.p, found.permutation.assignments) == (1 / 6, 6)
    assert found.verdict.word == "no verdict"
    assert "6 units with 1 of them treated allow 6 assignments: the smallest possible p is 0.17" in found.verdict.why


def test_two_halves_that_change_places_have_the_same_effect():
    found = effect_of([2, 2, 2, 0, 0, 0], two_months(9, 8, 7, 1, 2, 3)).permutation
    assert (found.p, found.smallest_p) == (2 / 20, 2 / 20)


def test_the_share_is_of_effects_as_large_in_either_direction_with_the_real_one():
    """Changes 3, 0, 0, -9: effects 3 + 3, 0 + 2, 0 + 2, -9 - 1. Two of four are as far from 0 as 6."""
    assert effect_of([2, 0, 0, 0], two_months(3, 0, 0, -9)).permutation.p == 2 / 4


def test_effects_of_other_assignments_are_those_of_the_full_estimate():
    random = np.random.default_rng(1)
    starts, values = [3, 3, 4, 0, 0, 0], random.standard_normal((6, 5))
    others = {tuple(order) for order in permutations(starts)}
    effects = [abs(effect_of(list(order), values).simple.value) for order in others]
    real = effect_of(starts, values)
    assert real.permutation.assignments == len(others) == 60
    assert real.permutation.p == pytest.approx(np.mean(np.array(effects) >= abs(real.simple.value) - 1e-9))


@pytest.mark.parametrize("control", ["never_treated", "not_yet_treated"])
@pytest.mark.parametrize("anticipation", [0, 1])
def test_the_weighted_sum_of_outcomes_is_the_estimate(control, anticipation):
    random = np.random.default_rng(2)
    starts, values = np.array([4, 4, 6, 6, 7, 0, 0, 0]), random.standard_normal((8, 8))
    found = effect_of(starts, values, control=control, anticipation=anticipation)
    cells = [(g, t) for g in (4, 6, 7) for t in range(g, 9)]
    cohort, period = (np.array(part) for part in zip(*cells, strict=True))
    weights = contrasts(starts, cohort, period, 8, control == "not_yet_treated", anticipation)
    size = {4: 2, 6: 2, 7: 1}
    shares = np.array([size[g] for g in cohort], float)
    of_simple = np.tensordot(shares / shares.sum(), weights, axes=1)
    of_unit = of_simple[np.searchsorted([0, 4, 6, 7], starts)]
    assert np.sum(of_unit * values) == pytest.approx(found.simple.value, abs=1e-12)


def test_of_very_many_assignments_a_seeded_sample_is_taken():
    random = np.random.default_rng(3)
    starts, values = [3] * 5 + [4] * 4 + [0] * 11, random.standard_normal((20, 5))
    first, second = effect_of(starts, values), effect_of(starts, values)
    assert first.permutation == second.permutation
    assert first.permutation.assignments == comb(20, 9) * comb(9, 5)
    assert 1 / 5000 <= first.permutation.smallest_p < 0.001


def test_a_sample_gives_nearly_what_all_assignments_give(monkeypatch):
    random = np.random.default_rng(4)
    starts, outcome = np.array([2] * 4 + [0] * 8), random.standard_normal((12, 2))
    weights = np.array([[1 / 8, -1 / 8], [-1 / 4, 1 / 4]])
    exact = permutation(outcome, starts, weights)
    monkeypatch.setattr(permuting, "MOST_ENUMERATED", 100)
    assert permutation(outcome, starts, weights).p == pytest.approx(exact.p, abs=0.03)
    assert exact.assignments == 495


def test_without_an_effect_the_permutation_finds_one_in_a_twentieth_of_panels_at_most():
    random = np.random.default_rng(5)
    starts, weights = np.array([2] * 3 + [0] * 6), np.array([[1 / 6, -1 / 6], [-1 / 3, 1 / 3]])
    p = np.array([permutation(random.standard_normal((9, 2)), starts, weights).p for _ in range(400)])
    assert 0.02 < np.mean(p <= 0.05) < 0.075
    assert 0.4 < np.mean(p <= 0.5) < 0.6


def test_interval_and_permutation_have_to_agree_on_an_effect():
    clear = two_months(9, 8, 10, 1, 0, 2, 1, 1)
    found = effect_of([2, 2, 2, 0, 0, 0, 0, 0], clear)
    assert found.verdict.word == "improved"
    assert "it rose by 8" in found.verdict.why
    assert "permutation p = 0.018; 8 units with 3 of them treated allow 56 assignments" in found.verdict.why


def test_interval_and_permutation_have_to_agree_that_there_is_none():
    found = effect_of([2, 2, 2, 0, 0, 0, 0, 0], two_months(1, 0, 2, 1, 0, 2, 1, 1))
    assert found.verdict.word == "no detectable effect"
    assert f"only an effect of {found.verdict.smallest_detectable:.3g} or more" in found.verdict.why


def test_where_only_the_permutation_sees_an_effect_there_is_no_verdict():
    found = effect_of([2, 2, 2, 0, 0, 0, 0, 0], two_months(0, 6, 1, -1, 0, -1, -2, -3))
    assert (found.permutation.p, found.simple.is_clear) == (2 / 56, False)
    assert found.verdict.word == "no verdict"
    assert "the interval holds 0, and the permutation disagrees (permutation p = 0.036" in found.verdict.why


def test_where_only_the_interval_sees_an_effect_there_is_no_verdict():
    found = effect_of([2, 2, 2, 0, 0, 0, 0, 0], two_months(4, 4, 1, -1, 2, 1, 0, -1))
    assert (found.permutation.p, found.simple.is_clear) == (4 / 56, True)
    assert found.verdict.word == "no verdict"
    assert "the interval leaves 0 out, and the permutation disagrees" in found.verdict.why


def test_from_ten_treated_units_on_the_interval_decides_alone():
    changes = two_months(*([5, 6, 7, 5, 6] * 2), *([0, 1, 2, 0, 1] * 2))
    found = effect_of([2] * 10 + [0] * 10, changes)
    assert (found.verdict.word, found.permutation, found.treated) == ("improved", None, 10)


def test_a_cohort_of_one_wiki_is_given_the_spread_of_the_others():
    """R's error takes the spread of the controls only: their squared deviations are 2, 2 / 16; ours is a two-sample t."""
    found = effect_of([2, 0, 0, 0, 0], two_months(5, 0, 1, 1, 2))
    assert found.simple.se == pytest.approx((2 / 16) ** 0.5)
    half = 3.182446 * (2 / 3 * (1 + 1 / 4)) ** 0.5
    assert (found.simple.low, found.simple.high) == pytest.approx((4 - half, 4 + half), rel=1e-6)


def test_cohorts_of_five_have_a_spread_of_their_own():
    """Variances 2.5 and 10 of five each: Welch's error is sqrt(2.5), with 12.5^2 / (2.5^2 + 10^2) * 4 = 5.882 degrees."""
    found = effect_of([2] * 5 + [0] * 5, two_months(10, 11, 12, 13, 14, 0, 2, 4, 6, 8))
    half = special.stdtrit(5.882353, 0.975) * 2.5**0.5
    assert (found.simple.low, found.simple.high) == pytest.approx((8 - half, 8 + half), rel=1e-6)


def test_two_cohorts_of_one_wiki_look_at_the_spread_of_the_others_twice():
    """Starts in months 2 and 3, two cells of which the first is a's: the directions are not parallel."""
    random = np.random.default_rng(6)
    values = random.standard_normal((6, 4))
    alone, together = effect_of([3, 4, 0, 0, 0, 0], values), effect_of([3, 3, 0, 0, 0, 0], values)
    spread = {name: found.verdict.smallest_detectable / (found.simple.high - found.simple.value)
              for name, found in (("alone", alone), ("together", together))}  # fmt: skip
    ratios = {freedom: 1 + special.stdtrit(freedom, 0.8) / special.stdtrit(freedom, 0.975) for freedom in (3, 4, 9)}
    assert spread["together"] == pytest.approx(ratios[4])
    assert ratios[3] + 1e-6 < spread["alone"] < ratios[9]


def test_nothing_that_ever_moves_has_an_interval_without_width_and_no_smallest_effect():
    found = effect_of([2, 2, 0, 0], two_months(0, 0, 0, 0))
    assert (found.simple.low, found.simple.high, found.verdict.smallest_detectable) == (0, 0, None)
