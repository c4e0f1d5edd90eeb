"""Forecasts: each method by hand, what they refuse, how they move with their inputs, and whether they hold what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from metrics.stats.forecast import chance_of_target, forecast

nan = np.nan
WAVER = [1, 2, 1, 2, 1, 2, 1, 2]
Z80, Z95 = 1.2815515655446004, 1.959963984540054

series = st.lists(st.integers(-50, 50).map(float), min_size=8, max_size=30)
methods = st.sampled_from([{"method": "naive"}, {"method": "seasonal_naive", "season": 3}, {"method": "drift"}])


# Forecasts


def test_naive_is_the_last_value_and_widens_with_the_root_of_time():
    """All steps are 1 or -1: sigma 1."""
    found = forecast(WAVER, 4)
    assert found.mean.tolist() == [2] * 4
    assert found.high == pytest.approx(2 + np.outer([Z80, Z95], np.sqrt([1, 2, 3, 4])))
    assert found.low == pytest.approx(4 - found.high)


def test_naive_steps_count_whole_and_not_from_their_mean():
    """Every step is 2: sigma 2, not 0."""
    assert forecast(range(0, 16, 2), 1).high[1] == pytest.approx([14 + 2 * Z95])


def test_seasonal_naive_is_the_last_season_and_widens_from_season_to_season():
    """Steps over three periods: 3, 3, 3, 3, 3, 3. Rows four to six are the second season ahead."""
    found = forecast([1, 5, 9, 4, 8, 12, 7, 11, 15, 10, 14, 18], 6, "seasonal_naive", season=3)
    assert found.mean.tolist() == [10, 14, 18] * 2
    assert found.high[1] - found.mean == pytest.approx(3 * Z95 * np.sqrt([1, 1, 1, 2, 2, 2]))


def test_drift_goes_on_by_the_mean_step_with_t_quantiles_and_the_error_of_that_step():
    """Steps 1, 3, 1, 3, 1, 3, 1, 3: mean 2, s = sqrt(8 / 7), t with 7 degrees of freedom, 8 steps."""
    found = forecast([0, 1, 4, 5, 8, 9, 12, 13, 16], 3, "drift", level=0.9)
    assert found.mean.tolist() == [18, 20, 22]
    t = 1.894578605061305  # R: qt(0.95, 7)
    wide = t * np.sqrt(8 / 7) * np.sqrt([1 + 1 / 8, 2 + 4 / 8, 3 + 9 / 8])
    assert found.high == pytest.approx(found.mean + wide[np.newaxis])
    assert found.low == pytest.approx(found.mean - wide[np.newaxis])


def test_levels_come_back_in_the_order_given():
    found = forecast(WAVER, 2, level=(0.95, 0.5, 0.8))
    assert found.low.shape == found.high.shape == (3, 2)
    widths = (found.high - found.low)[:, 0]
    assert widths[1] < widths[2] < widths[0]


def test_steps_that_never_vary_leave_no_doubt():
    found = forecast([0.1 * step for step in range(8)], 2, "drift")
    assert found.low == pytest.approx(found.high, abs=0)
    assert found.mean == pytest.approx([0.8, 0.9])


@pytest.mark.parametrize(
    ("values", "horizon"), [(range(7), 1), (range(8), 5), (range(9), 5), (range(8), 0), (range(8), 1.5)]
)
def test_too_few_points_and_too_far_horizons_are_refused(values, horizon):
    with pytest.raises(ValueError, match=r"too few|ahead"):
        forecast(values, horizon)
    with pytest.raises(ValueError, match=r"too few|ahead"):
        chance_of_target(values, horizon, 1, "higher")


def test_eight_points_and_half_of_them_ahead_are_enough():
    assert len(forecast(WAVER, 4).mean) == 4
    assert 0 < chance_of_target(WAVER, 4, 1.5, "higher") < 1


@pytest.mark.parametrize("values", [[*WAVER, nan], [*WAVER, np.inf], [WAVER]])
def test_a_forecast_wants_one_row_without_gaps(values):
    with pytest.raises(ValueError, match="one row"):
        forecast(values, 1)


@pytest.mark.parametrize("season", [None, 0, 8, 1.5, nan])
def test_a_season_is_shorter_than_the_series(season):
    with pytest.raises(ValueError, match="season"):
        forecast(WAVER, 1, "seasonal_naive", season=season)


@pytest.mark.parametrize("level", [0, 1, 80, (0.8, 95), nan])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="level"):
        forecast(WAVER, 1, level=level)


def test_only_the_three_methods_are_there():
    with pytest.raises(ValueError, match="'ets'"):
        forecast(WAVER, 1, "ets")


# Chances


def test_a_target_where_the_drift_leads_is_as_likely_met_as_not():
    """The mean step of WAVER is 1/7; two periods on, that is 2 + 2/7."""
    assert chance_of_target(WAVER, 2, 2 + 2 / 7, "higher") == pytest.approx(0.5)
    assert chance_of_target(WAVER, 2, 2 + 2 / 7, "lower") == pytest.approx(0.5)


def test_the_chance_at_a_date_is_from_the_t_distribution():
    """Mean 2 + 1/7 and s = sqrt(8 / 7) of 7 steps; 6 degrees of freedom."""
    wanted = special.stdtr(6, (2 + 1 / 7 - 3) / (np.sqrt(8 / 7) * np.sqrt(1 + 1 / 7)))
    assert chance_of_target(WAVER, 1, 3, "higher") == pytest.approx(wanted)


def test_ever_looks_at_each_period_and_at_none_in_between():
    """One period ahead there is one look: ever is at."""
    at, ever = (chance_of_target(WAVER, 1, 3, "higher", when) for when in ("at", "ever"))
    assert ever == pytest.approx(at, abs=0.005)
    assert chance_of_target(WAVER, 4, 3, "higher", "ever") > chance_of_target(WAVER, 4, 3, "higher") + 0.05


def test_a_target_met_today_is_not_met_yet_in_the_periods_to_come():
    assert chance_of_target(WAVER, 4, 2, "higher", "ever") < 1


def test_a_seed_gives_the_same_chance_and_another_nearly_the_same():
    first, again, other = (chance_of_target(WAVER, 4, 4, "higher", "ever", seed) for seed in (0, 0, 1))
    assert first == again != other
    assert first == pytest.approx(other, abs=0.01)


@pytest.mark.parametrize("when", ["at", "ever"])
def test_without_chance_a_target_is_met_or_not(when):
    """0, 0.7, ... 4.9 leads to 6.3 in two periods, though the last bits say 6.299999999999999."""
    steps = [0.7 * step for step in range(8)]
    assert [chance_of_target(steps, 2, target, "higher", when) for target in (6.3, 6.31)] == [1, 0]
    wanted = [0, 0] if when == "at" else [0, 1]
    assert [chance_of_target(steps, 2, target, "lower", when) for target in (5.5, 5.6)] == wanted


@pytest.mark.parametrize(
    ("better", "when", "target"), [("neither", "at", 1), ("higher", "soon", 1), ("higher", "at", nan)]
)
def test_a_chance_wants_a_direction_a_time_and_a_target(better, when, target):
    with pytest.raises(ValueError, match="target"):
        chance_of_target(WAVER, 1, target, better, when)


# Whatever the numbers


@given(series, methods, st.integers(-1000, 1000))
def test_shifting_a_series_shifts_its_forecast(values, method, by):
    before, after = forecast(values, 4, **method), forecast([value + by for value in values], 4, **method)
    assert after.mean == pytest.approx(before.mean + by)
    assert after.high == pytest.approx(before.high + by, abs=1e-6)


@given(series, methods, st.sampled_from([0.5, 60.0, 2.0**-30]))
def test_another_unit_scales_the_forecast(values, method, unit):
    before, after = forecast(values, 4, **method), forecast([value * unit for value in values], 4, **method)
    assert after.low == pytest.approx(before.low * unit, rel=1e-9, abs=1e-9 * unit)


@given(series, methods)
def test_a_mirrored_series_has_the_mirrored_forecast(values, method):
    up, down = forecast(values, 4, **method), forecast([-value for value in values], 4, **method)
    assert up.mean == pytest.approx(-down.mean)
    assert up.high == pytest.approx(-down.low)


@given(series, methods)
def test_intervals_hold_the_mean_and_grow_with_time_and_level(values, method):
    found = forecast(values, 4, **method)
    assert np.all(found.low <= found.mean)
    assert np.all(found.mean <= found.high)
    widths = found.high - found.low
    assert np.all(np.diff(widths, axis=1) >= -1e-9)
    assert np.all(widths[1] >= widths[0])


@given(series, st.integers(-80, 80))
def test_higher_and_lower_share_the_whole_chance_at_a_date(values, target):
    target += 0.123  # never exactly met
    higher, lower = (chance_of_target(values, 4, target, better) for better in ("higher", "lower"))
    assert higher + lower == pytest.approx(1)


@given(series, st.integers(-80, 80), st.sampled_from(["at", "ever"]))
def test_a_mirrored_target_is_as_likely(values, target, when):
    up = chance_of_target(values, 3, target, "higher", when)
    assert up == chance_of_target([-value for value in values], 3, -target, "lower", when)


@given(series, st.integers(-80, 80))
def test_ever_is_no_less_likely_than_at_any_date_and_grows_with_time_and_an_easier_target(values, target):
    ever = [chance_of_target(values, horizon, target, "higher", "ever") for horizon in (1, 2, 4)]
    at = [chance_of_target(values, horizon, target, "higher") for horizon in (1, 2, 4)]
    assert ever == sorted(ever)
    assert all(one >= other for one, other in zip(ever, at, strict=True))
    assert chance_of_target(values, 4, target - 5, "higher", "ever") >= ever[-1]


@pytest.mark.parametrize(("n", "horizon"), [(8, 4), (26, 12)])
def test_four_of_five_values_fall_into_the_80_percent_interval_of_a_drift(n, horizon):
    """1,500 random walks; normal quantiles without the error of the mean step would hold 65 and 70 %."""
    walks = np.random.default_rng(3).normal(0.3, 1, (1500, n + horizon)).cumsum(axis=1)
    found = [forecast(walk[:n], horizon, "drift", level=0.8) for walk in walks]
    held = [one.low[0, -1] <= walk[-1] <= one.high[0, -1] for one, walk in zip(found, walks, strict=True)]
    assert np.mean(held) == pytest.approx(0.8, abs=0.025)


@pytest.mark.parametrize("seed", range(6))
def test_ever_is_no_less_likely_than_at_an_early_date_that_a_falling_series_leaves_behind(seed):
    """Of the paths of seed 3, 23.7 % reach the target in four periods; the first period alone has a chance of 24.1 %."""
    falling = [100, 91, 80, 71, 60, 51, 40, 31]
    first = chance_of_target(falling, 1, 22, "higher")
    assert first > 100 * chance_of_target(falling, 4, 22, "higher")
    assert chance_of_target(falling, 4, 22, "higher", "ever", seed) >= first
