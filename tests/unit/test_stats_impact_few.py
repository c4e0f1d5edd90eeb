"""A few units, or one, that start together: single-unit and synthetic differences."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.impact import effect_by_block, single_unit_effect, synthetic_did, time_permutation_p


def panel_of(values, treated=1):
    wikis, months = values.shape
    columns = {"wiki": np.repeat(np.arange(wikis), months), "month": np.tile(np.arange(1, months + 1), wikis)}
    flags = np.repeat(np.arange(wikis) < treated, months).astype(int)
    return pd.DataFrame({**columns, "policy": flags, "y": np.asarray(values, float).ravel()})


def single(values, start, **options):
    rows = values if isinstance(values, pd.DataFrame) else panel_of(values)
    return single_unit_effect(rows, unit="wiki", time="month", treated="policy", outcome="y", start=start, **options)


def synthetic(values, start, treated=1):
    rows = values if isinstance(values, pd.DataFrame) else panel_of(values, treated)
    return synthetic_did(rows, unit="wiki", time="month", treated="policy", outcome="y", start=start)


def noise(wikis=6, months=38, seed=0):
    return np.random.default_rng(seed).standard_normal((wikis, months))


def with_effect(values, start, effect, treated=1):
    values = values.copy()
    values[:treated, start - 1 :] += effect
    return values


def test_one_unit_s_effect_is_the_change_of_its_difference_from_the_mean_of_the_others():
    """Differences 1, 1, 1, 1 and then 4, 6: their means are 1 and 5."""
    found = single(np.array([[2, 3, 4, 5, 9, 12], [0, 1, 2, 3, 4, 5], [2, 3, 4, 5, 6, 7]]), 5)
    assert found.differences.tolist() == [1, 1, 1, 1, 4, 6]
    assert (found.effect.value, found.first, found.dropped) == (pytest.approx(4), 4, [])


def test_a_large_effect_on_one_of_six_wikis_is_found():
    found = single(with_effect(noise(), 27, 4), 27, better="lower")
    assert found.verdict.word == "worsened"
    assert found.p <= 0.05
    assert found.effect.low < 4 < found.effect.high
    assert "38 periods in blocks" in found.verdict.why


def test_without_an_effect_claims_are_rare():
    words = [single(noise(seed=seed), 27, better="higher").verdict.word for seed in range(200)]
    assert words.count("improved") + words.count("worsened") <= 0.05 * 200


def test_very_short_series_leave_no_verdict_because_blocks_have_few_orders():
    found = single(with_effect(noise(months=8), 5, 40), 5, better="higher")
    assert found.verdict.word == "no verdict"
    assert "8 periods in blocks: the smallest possible p is 0." in found.verdict.why


def test_wikis_with_gaps_are_named_and_left_out():
    rows = panel_of(noise())
    rows.loc[(rows["wiki"] == 3) & (rows["month"] == 5), "y"] = np.nan
    assert single(rows, 27).dropped == [3]


@settings(max_examples=10)
@given(st.integers(0, 99), st.lists(st.floats(-100, 100), min_size=38, max_size=38), st.floats(0.01, 100))
def test_months_of_all_wikis_do_not_matter_and_units_of_measurement_scale(seed, of_month, factor):
    values = noise(seed=seed)
    found, moved = single(values, 27), single((values + np.array(of_month)) * factor, 27)
    assert moved.effect.value == pytest.approx(found.effect.value * factor, abs=1e-9)
    assert moved.effect.high == pytest.approx(found.effect.high * factor, abs=1e-9)
    assert moved.p == found.p


def test_blocks_keep_together_what_is_alike():
    """A slow wave has a period of high values by chance; single months in any order would make it an effect."""
    random = np.random.default_rng(0)
    found = []
    for _ in range(200):
        wave = [0.0]
        for shock in random.standard_normal(37):
            wave.append(0.3 * wave[-1] + shock)
        found.append(time_permutation_p(wave, 26))
    assert np.mean(np.array(found) <= 0.05) < 0.1


def test_the_permutation_in_time_counts_the_real_order():
    series = np.r_[np.zeros(26), np.full(12, 5.0)] + 0.1 * noise(1)[0]
    assert 1 / 2000 <= time_permutation_p(series, 26) < 0.01
    assert time_permutation_p(series + 100, 26) == time_permutation_p(series, 26)
    assert time_permutation_p(100 - series, 26) == time_permutation_p(series, 26)
    assert time_permutation_p(np.zeros(20), 12) == 1


@pytest.mark.parametrize(("series", "start"), [([1, np.nan, 3], 1), ([1, 2, 3], 0), ([1, 2, 3], 3), ([[1], [2]], 1)])
def test_a_permutation_in_time_needs_all_values_and_a_start_within(series, start):
    with pytest.raises(ValueError, match="none missing, and a start within"):
        time_permutation_p(series, start)


def test_blocks_are_counted_from_the_start_and_read_against_the_mean_before():
    """Before: 9 does not fill a block; 1, 3 | 4, 6 | 3, 1; their mean with the 9 is 27 / 7. After: 8, 10 | 5 is left."""
    blocks = effect_by_block([9, 1, 3, 4, 6, 3, 1, 8, 10, 5], 7, 2)
    assert [(one.first, one.last) for one in blocks] == [(-6, -5), (-4, -3), (-2, -1), (0, 1)]
    assert [one.effect.value for one in blocks] == pytest.approx([2 - 27 / 7, 5 - 27 / 7, 2 - 27 / 7, 9 - 27 / 7])
    half = 4.302653 * 3**0.5 * (4 / 3) ** 0.5  # t of 2 degrees, standard deviation of 2, 5, 2, and one more block
    assert blocks[0].effect.high - blocks[0].effect.value == pytest.approx(half, rel=1e-6)
    assert blocks[0].effect.se == pytest.approx(2)


def test_two_blocks_before_tell_no_scatter():
    found = {(one.effect.se, one.effect.low, one.effect.high) for one in effect_by_block(range(8), 5, 2)}
    assert found == {(None, None, None)}


def test_a_new_block_of_no_effect_lies_in_its_interval_95_times_of_100():
    random = np.random.default_rng(3)
    effects = [effect_by_block(random.standard_normal(24), 20, 4)[-1].effect for _ in range(1000)]
    assert 0.93 < np.mean([one.low <= 0 <= one.high for one in effects]) < 0.97


@pytest.mark.parametrize(("values", "start", "together"), [([1, np.nan, 3], 1, 1), ([1, 2], 2, 1), ([1, 2], 1, 0)])
def test_blocks_need_all_values_a_start_within_and_a_length(values, start, together):
    with pytest.raises(ValueError, match=r"a start within|1 period or more"):
        effect_by_block(values, start, together)


def test_two_treated_units_are_not_one():
    with pytest.raises(ValueError, match="2 complete units are treated: wanted one"):
        single(panel_of(noise(), treated=2), 27)


@pytest.mark.parametrize("start", [4, 38])
def test_an_effect_needs_four_periods_before_and_two_after(start):
    with pytest.raises(ValueError, match="wanted 4 and 2 or more"):
        single(noise(), start)


def test_parallel_units_give_the_difference_of_differences():
    values = np.add.outer([10, 3, 5, 8], np.array([0, 1, 3, 2, 4, 5])) + 1e-3 * noise(4, 6)
    assert synthetic(with_effect(values, 5, 7), 5).value == pytest.approx(7, abs=0.01)


def test_the_placebo_error_does_not_vanish_where_controls_are_fewer_than_periods():
    """Weights that fit five controls exactly would make every placebo 0."""
    for seed in range(5):
        assert synthetic(noise(seed=seed, months=24), 14).se > 0.15


def test_the_interval_has_the_t_quantile_of_the_controls():
    found = synthetic(noise(), 27)
    assert found.high - found.value == pytest.approx(3.182446 * found.se)
    assert found.value - found.low == pytest.approx(3.182446 * found.se)


def test_as_many_treated_units_as_controls_leave_no_interval():
    found = synthetic(noise(), 27, treated=3)
    assert (found.se, found.low, found.high) == (None, None, None)
    assert found.value is not None


def test_a_sample_of_placebos_is_seeded():
    values = noise(15, 12)
    assert synthetic(values, 8, treated=4) == synthetic(values, 8, treated=4)


def test_a_treated_unit_may_be_flagged_from_its_start_on_only():
    rows = panel_of(noise())
    later = rows.assign(policy=rows["policy"] * (rows["month"] >= 27))
    assert synthetic(later, 27) == synthetic(rows, 27)


@settings(max_examples=5)
@given(st.integers(0, 99), st.floats(-100, 100), st.floats(0.1, 10))
def test_levels_do_not_matter_and_units_of_measurement_scale(seed, level, factor):
    values = noise(seed=seed, months=12)
    found, moved = synthetic(values, 8), synthetic(values * factor + level, 8)
    assert (moved.value, moved.se) == pytest.approx((found.value * factor, found.se * factor), rel=1e-3, abs=1e-3)


FAULTS = {
    "wanted complete units with 1 and others with 0": lambda rows: (rows.assign(policy=0), 27),
    "wanted 1 or 0": lambda rows: (rows.assign(policy=2), 27),
    "leaves no period before it": lambda rows: (rows, 1),
    "or none from it on": lambda rows: (rows, 99),
    "is no time like 1": lambda rows: (rows, "2026-01"),
    "no column 'policy'": lambda rows: (rows.drop(columns="policy"), 27),
}


@pytest.mark.parametrize("words", FAULTS)
def test_what_cannot_be_compared_is_refused_in_words(words):
    rows, start = FAULTS[words](panel_of(noise()))
    with pytest.raises(ValueError, match=words):
        synthetic(rows, start)
