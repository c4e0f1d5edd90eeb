"""Interrupted series: lines drawn by hand, gaps, and intervals that hold what they promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from metrics.stats.impact import interrupted_series
from metrics.stats.series import default_lag

numbers = st.floats(-100, 100)


def noisy(n=40, alike=0.0, seed=0):
    shocks = np.random.default_rng(seed).standard_normal(n)
    values = [shocks[0]]
    for shock in shocks[1:]:
        values.append(alike * values[-1] + (1 - alike**2) ** 0.5 * shock)
    return np.array(values)


def parts(found):
    return np.array([[e.value, e.se, e.low, e.high] for e in (found.level, found.slope, found.effect)])


def test_a_line_that_jumps_by_two_and_then_rises_by_one_more_a_period():
    """1, 2, 3, 4 would go on 5, 6, 7, 8; they are 8, 10, 12, 14: 3 more, then one more each, 6 more in the end."""
    found = interrupted_series([1, 2, 3, 4, 8, 10, 12, 14], 4, better="higher")
    assert (found.level.value, found.slope.value, found.effect.value) == pytest.approx((2, 1, 6))
    assert (found.level.se, found.durbin_watson) == (0, None)
    assert found.verdict.word == "improved"


def test_a_line_that_goes_on_has_no_effect_to_detect():
    found = interrupted_series([1, 2, 3, 4, 5, 6, 7], 4, better="higher")
    assert (found.verdict.word, found.verdict.smallest_detectable) == ("no detectable effect", None)


def test_the_errors_are_those_of_statsmodels():
    values, t = noisy(), np.arange(1, 41)
    post = t > 25
    design = np.column_stack([np.ones(40), t, post, post * (t - 25)])
    for lag in (0, 3, 9):
        known = OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": lag, "use_correction": True})
        found = interrupted_series(values, 25, lag=lag)
        assert [found.level.se, found.slope.se] == pytest.approx(known.bse[2:], rel=1e-9)


@pytest.mark.parametrize(("n", "lag"), [(8, 4), (104, 4), (200, 4), (400, 5), (1000, 7)])
def test_the_lag_grows_with_the_cube_root_and_is_never_under_four(n, lag):
    assert default_lag(n) == lag


def test_the_default_lag_is_the_one_told():
    found = interrupted_series(noisy(), 25)
    assert found.lag == 4
    assert parts(found) == pytest.approx(parts(interrupted_series(noisy(), 25, lag=4)))


def test_a_season_of_two_is_told_from_a_jump():
    values = np.tile([0.0, 10.0], 10) + np.repeat([0, 3], 10)
    assert interrupted_series(values, 10, season=2).level.value == pytest.approx(3)


def test_a_missing_value_keeps_its_place():
    values = np.array([1, 2, np.nan, 4, 5, 9, 10, np.nan, 12, 13], float)
    found = interrupted_series(values, 5)
    assert (found.level.value, found.slope.value) == pytest.approx((3, 0), abs=1e-12)


def test_the_effect_is_that_at_the_last_point_though_it_has_no_value():
    """3 more at first and one more each period: 6 at the fourth, of which nothing is known, as if it were known."""
    values = [1, 2, 3, 4, 8, 10, 12, np.nan]
    assert interrupted_series(values, 4).effect.value == pytest.approx(6)
    assert interrupted_series([*values[:7], 14], 4).effect.value == pytest.approx(6)


@pytest.mark.parametrize("whole", [float, np.int64, np.float64])
def test_a_whole_number_of_another_type_is_an_index(whole):
    found = interrupted_series(noisy(), whole(25), lag=whole(3), season=whole(4))
    assert parts(found).tolist() == parts(interrupted_series(noisy(), 25, lag=3, season=4)).tolist()
    assert (found.lag, type(found.lag)) == (3, int)


def test_lags_over_a_gap_are_counted_in_periods():
    """Every second value is missing, so neighbours at one period do not exist, and lag 1 is lag 0."""
    values = noisy(60)
    values[1::2] = np.nan
    near, far = interrupted_series(values, 30, lag=1), interrupted_series(values, 30, lag=0)
    assert near.level.se == pytest.approx(far.level.se)
    assert near.durbin_watson == 0


@given(st.integers(0, 99), numbers, st.floats(-10, 10))
def test_a_level_and_a_slope_of_everything_do_not_matter(seed, level, slope):
    values = noisy(seed=seed)
    moved = values + level + slope * np.arange(40)
    assert parts(interrupted_series(moved, 25)) == pytest.approx(parts(interrupted_series(values, 25)), abs=1e-7)


@given(st.integers(0, 99), st.floats(0.01, 100))
def test_another_unit_of_measurement_changes_all_by_as_much(seed, factor):
    values = noisy(seed=seed)
    scaled = parts(interrupted_series(values * factor, 25))
    assert scaled == pytest.approx(parts(interrupted_series(values, 25)) * factor, rel=1e-7)


@given(st.integers(0, 99), numbers)
def test_a_jump_is_added_to_the_level_and_to_nothing_else(seed, jump):
    values = noisy(seed=seed)
    found, wanted = (
        parts(interrupted_series(values + jump * (np.arange(40) >= 25), 25)),
        parts(interrupted_series(values, 25)),
    )
    assert found[0, 0] == pytest.approx(wanted[0, 0] + jump)
    assert found[:, 1] == pytest.approx(wanted[:, 1])
    assert found[1] == pytest.approx(wanted[1], abs=1e-9)


@pytest.mark.parametrize("alike", [0.0, 0.5])
def test_intervals_hold_what_they_promise_where_1_96_errors_do_not(alike):
    found = [interrupted_series(noisy(40, alike, seed), 30).effect for seed in range(300)]
    assert 0.92 < np.mean([effect.low <= 0 <= effect.high for effect in found]) < 0.99
    assert np.mean([abs(effect.value) <= 1.96 * effect.se for effect in found]) < 0.85


def test_the_smallest_detectable_effect_is_found_four_times_of_five():
    smallest = np.median([interrupted_series(noisy(60, 0, seed), 40).verdict.smallest_detectable for seed in range(60)])
    after = np.arange(60) >= 40
    words = [
        interrupted_series(noisy(60, 0, seed) + smallest * after, 40, better="higher").verdict.word
        for seed in range(200)
    ]
    assert 0.7 < words.count("improved") / 200 < 0.9


def test_values_are_left_as_they_were():
    values = noisy()
    before = values.copy()
    interrupted_series(values, 25)
    assert values.tolist() == before.tolist()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1, 2, 3, 4, 5], 2), "2 points before the start and 3 from it on: wanted 3 or more of each"),
        (([1, 2, 3, np.nan, 5, 6], 3), "3 points before the start and 2 from it on"),
        (([[1, 2], [3, 4]], 1), "one row of values"),
        (([1, 2, 3, 4, 5, np.inf], 3), "none infinite"),
        (([1, 2, 3, 4, 5, 6], -2), "a start is an index of the series, from 0 to 5, not -2"),
        (([1, 2, 3, 4, 5, 6], 2.5), "not 2.5"),
        (([1, 2, 3, 4, 5, 6], "2026-01"), "not '2026-01'"),
        (([1, 2, 3, 4, 5, 6], np.nan), "not nan"),
        (([1, 2, 3, 4, 5, 6], True), "not True"),
    ],
)
def test_series_that_cannot_be_judged_are_refused_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        interrupted_series(*arguments)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lag": 40}, "a lag lies between 0 and 39 periods, not 40"),
        ({"lag": -1}, "not -1"),
        ({"lag": "4"}, "not '4'"),
        ({"season": 1}, "a season has 2 periods or more, not 1"),
        ({"season": "week"}, "not 'week'"),
        ({"season": 2.5}, "not 2.5"),
        ({"season": 37}, "40 points are too few for this model, or lie badly: it has 40 terms"),
        ({"better": "up"}, "not 'up'"),
    ],
)
def test_arguments_that_mean_nothing_are_refused_in_words(options, words):
    with pytest.raises(ValueError, match=words):
        interrupted_series(noisy(), 25, **options)
