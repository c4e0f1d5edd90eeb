"""Intervals of counts: what they say at the edges, what they refuse, and how they move with their inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats import interval

steady = settings(max_examples=80, deadline=None, derandomize=True)
shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
of_shares = pytest.mark.parametrize("method", [interval.wilson, interval.clopper_pearson, interval.jeffreys])
nan = np.nan


@of_shares
def test_nobody_counted_has_no_interval(method):
    assert method(0, 0) is None


@of_shares
def test_none_and_all_reach_the_ends_exactly(method):
    assert method(0, 20)[0] == 0
    assert method(20, 20)[1] == 1


@of_shares
@pytest.mark.parametrize(("x", "n"), [(3, 2), (-1, 2), (nan, 2), (1, nan), (1, np.inf)])
def test_what_is_no_share_is_refused(method, x, n):
    with pytest.raises(ValueError, match="not a share"):
        method(x, n)


@of_shares
@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_share(method, level):
    with pytest.raises(ValueError, match="level"):
        method(1, 2, level)


def test_wilson_by_hand():
    """1 of 2, z = 1.959964: (1 + 1.920729) / 5.841459 = 0.5, and 1.959964 sqrt(0.5 + 0.960365) / 5.841459 = 0.405469."""
    assert interval.wilson(1, 2) == pytest.approx((0.5 - 0.405469, 0.5 + 0.405469), abs=1e-6)


def test_numbers_from_an_array_do_not_overflow():
    x, n = np.array([2_000_000_000, 2_100_000_000], dtype=np.int32)
    assert interval.wilson(x, n) == interval.wilson(2_000_000_000, 2_100_000_000)


@of_shares
@steady
@given(share=shares)
def test_the_interval_holds_the_share_and_mirrors_with_it(method, share):
    x, n = share
    low, high = method(x, n)
    assert 0 <= low <= x / n <= high <= 1
    assert method(n - x, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@of_shares
@steady
@given(share=shares)
def test_a_higher_level_is_a_wider_interval(method, share):
    narrow, wide = method(*share, 0.8), method(*share, 0.99)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@steady
@given(first=shares, second=shares)
def test_a_difference_turns_its_sign_when_the_groups_change_places(first, second):
    low, high = interval.newcombe_difference(*first, *second)
    assert low <= first[0] / first[1] - second[0] / second[1] <= high
    assert interval.newcombe_difference(*second, *first) == pytest.approx((-high, -low))


def test_a_difference_needs_both_groups():
    assert interval.newcombe_difference(0, 0, 1, 2) is None
    assert interval.newcombe_difference(1, 2, 0, 0) is None


def test_an_outcome_exactly_as_likely_counts_as_no_likelier():
    """1 of 4 and 3 of 4 are equally likely, at most 1 or at least 3: 2 * 5 / 16."""
    assert interval.rate_ratio(1, 1, 3, 1)[3] == pytest.approx(0.625)


def test_a_rate_ratio_without_events_below_has_no_upper_end():
    ratio, low, high, p = interval.rate_ratio(5, 100, 0, 100)
    assert (ratio, high, p) == (None, None, 2 / 2**5)
    assert low > 0


def test_a_rate_ratio_without_any_events_knows_nothing():
    assert interval.rate_ratio(0, 10, 0, 20) == (None, 0, None, 1)


def test_a_rate_ratio_needs_exposure_on_both_sides():
    assert interval.rate_ratio(0, 0, 3, 10) is None
    assert interval.rate_ratio(3, 10, 0, 0) is None


@pytest.mark.parametrize(
    "arguments", [(1.5, 1, 2, 1), (1, 1, 2.5, 1), (-1, 1, 2, 1), (1, nan, 2, 1), (1, 1, 2, np.inf)]
)
def test_a_rate_ratio_wants_whole_events_and_known_exposures(arguments):
    with pytest.raises(ValueError, match="whole numbers"):
        interval.rate_ratio(*arguments)


@steady
@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.1, 50))
def test_the_chance_of_a_rate_ratio_sums_the_no_likelier_outcomes(x1, x2, exposure):
    """Against the sum written out, term by term."""
    n, share = x1 + x2, exposure / (exposure + 1)
    chances = np.array([1.0])
    for _ in range(n):
        chances = np.convolve(chances, [1 - share, share])
    wanted = chances[chances <= chances[x1] * (1 + 1e-7)].sum()
    assert interval.rate_ratio(x1, exposure, x2, 1)[3] == pytest.approx(wanted, rel=1e-6)


@steady
@given(st.integers(1, 300), st.floats(0.1, 50), st.integers(1, 300), st.floats(0.1, 50), st.floats(0.01, 100))
def test_a_rate_ratio_does_not_depend_on_the_unit_of_exposure(x1, t1, x2, t2, unit):
    found = interval.rate_ratio(x1, t1, x2, t2)
    assert found[1] < found[0] < found[2]
    assert interval.rate_ratio(x1, t1 * unit, x2, t2 * unit) == pytest.approx(found, rel=1e-6)


def test_benjamini_hochberg_by_hand():
    """0.01 * 4 / 1, 0.03 * 4 / 2, 0.04 * 4 / 3 lowers it, 0.5 * 4 / 4; missing ones do not count."""
    found = interval.benjamini_hochberg([0.03, None, 0.5, 0.01, 0.04])
    assert found == pytest.approx([0.16 / 3, nan, 0.5, 0.04, 0.16 / 3], nan_ok=True)


def test_no_p_values_are_adjusted_to_none():
    assert interval.benjamini_hochberg([]).tolist() == []
    assert np.isnan(interval.benjamini_hochberg([nan])).all()


@pytest.mark.parametrize("p", [-0.1, 1.1])
def test_a_p_value_lies_between_0_and_1(p):
    with pytest.raises(ValueError, match="between 0 and 1"):
        interval.benjamini_hochberg([0.5, p])


@steady
@given(st.lists(st.floats(0, 1), max_size=30), st.randoms(use_true_random=False))
def test_adjusted_p_values_follow_their_places_and_are_never_smaller(p_values, random):
    order = random.sample(range(len(p_values)), len(p_values))
    found, given_p = interval.benjamini_hochberg(p_values), np.array(p_values)
    assert interval.benjamini_hochberg(given_p[order]) == pytest.approx(found[order])
    assert np.all(found >= given_p - 1e-15)
    assert np.all(np.diff(found[np.argsort(given_p, kind="stable")]) >= 0)


def test_who_was_counted_is_told_from_their_rates():
    """Half and half at 0.2 and 0.4, then all in the second at 0.5: mix 0.5 * (0.9 - 0.4) / 2, the rest is rate."""
    assert interval.kitagawa([1, 1], [0.2, 0.4], [0, 4], [0.2, 0.5]) == pytest.approx((0.125, 0.075, 0.2))


def test_a_group_that_appears_is_all_mix():
    mix, rate, total = interval.kitagawa([10, 0], [0.2, nan], [10, 10], [0.2, 0.6])
    assert (mix, rate, total) == pytest.approx((0.2, 0, 0.2))
    assert interval.kitagawa([10, 10], [0.2, 0.6], [10, 0], [0.2, nan]) == pytest.approx((-0.2, 0, -0.2))


def test_a_group_absent_in_both_periods_changes_nothing():
    assert interval.kitagawa([1, 0], [0.2, nan], [1, 0], [0.3, nan]) == pytest.approx((0, 0.1, 0.1))


def test_a_period_with_nobody_has_no_mix():
    assert interval.kitagawa([0, 0], [nan, nan], [1, 1], [0.3, 0.2]) is None
    assert interval.kitagawa([1, 1], [0.3, 0.2], [0, 0], [nan, nan]) is None


@pytest.mark.parametrize(("weights", "rates"), [([1, -1], [0.1, 0.2]), ([1, nan], [0.1, 0.2]), ([1, 1], [0.1, nan])])
def test_weights_and_their_rates_must_be_known(weights, rates):
    with pytest.raises(ValueError, match="weight"):
        interval.kitagawa(weights, rates, [1, 1], [0.1, 0.2])
    with pytest.raises(ValueError, match="weight"):
        interval.kitagawa([1, 1], [0.1, 0.2], weights, rates)


groups = st.lists(st.tuples(*[st.integers(1, 999)] * 2, *[st.floats(0, 1)] * 2), min_size=1, max_size=8)


@steady
@given(groups)
def test_mix_and_rate_sum_to_the_whole_change(rows):
    w1, w2, r1, r2 = np.array(rows, dtype=float).T
    mix, rate, total = interval.kitagawa(w1, r1, w2, r2)
    assert mix + rate == total
    assert total == pytest.approx(np.average(r2, weights=w2) - np.average(r1, weights=w1))
    assert interval.kitagawa(w2, r2, w1, r1) == pytest.approx((-mix, -rate, -total))


def test_units_alike_are_not_outside_and_one_unlike_is():
    found = interval.funnel([18, 19, 17, 16, 60], [100, 100, 100, 100, 100])
    assert found.outside.tolist() == [False, False, False, False, True]
    assert (found.center, found.overdispersion) == (0.26, 0)


def test_a_unit_without_cases_or_numbers_has_no_limits_and_does_not_count():
    found = interval.funnel([10, 0, nan, 30], [100, 0, 50, 100])
    assert found.center == 0.2
    assert np.isnan(found.low95).tolist() == [False, True, True, False]
    assert not found.outside.any()


def test_a_funnel_of_nothing_has_no_centre():
    found = interval.funnel([0, 0], [0, 0])
    assert (found.center, found.overdispersion) == (None, 0)
    assert np.isnan(found.high998).all()
    assert not found.outside.any()


def test_limits_of_small_units_are_cut_to_what_a_share_can_be():
    found = interval.funnel([1, 99], [2, 100])
    assert found.low998[0] == pytest.approx(np.sin(np.arcsin(np.sqrt(100 / 102)) - 3.090232 / 2 / np.sqrt(2)) ** 2)
    assert found.high998[0] == 1
    assert interval.funnel([0, 1], [2, 100]).low998.tolist() == [0, 0]


def test_overdispersion_widens_the_limits_from_ten_units_on():
    x, n = np.array([10, 30] * 5), np.full(10, 100)
    assert interval.funnel(x[:9], n[:9]).overdispersion == 0
    found, calm = interval.funnel(x, n), interval.funnel(x[:9], n[:9])
    assert found.overdispersion > 0
    assert found.high998[0] - found.low998[0] > calm.high998[0] - calm.low998[0]
    assert not found.outside.any()


def test_ratios_with_overdispersion_are_judged_on_the_scale_of_their_limits():
    """The limits are those of the root of the ratio: 4 expected 16 is 0.25, of which the root is 0.5."""
    observed, expected = np.array([4, 36, 8, 28, 16, 12, 20, 10, 24, 16]), np.full(10, 16.0)
    found = interval.funnel(observed, expected, "ratio")
    assert found.on_root_scale
    assert found.low998[0] == pytest.approx(1 - 3.090232 * np.sqrt(1 / 64 + found.overdispersion))
    assert found.outside.tolist() == [
        bool(root < found.low998[0] or root > found.high998[0]) for root in np.sqrt(observed / 16)
    ]
    assert not interval.funnel(observed[:9], expected[:9], "ratio").on_root_scale


@pytest.mark.parametrize(
    ("x", "n", "kind"), [([3], [2], "proportion"), ([-1], [2], "ratio"), ([1], [-2], "ratio"), ([1], [2], "mean")]
)
def test_a_funnel_refuses_what_it_cannot_draw(x, n, kind):
    with pytest.raises(ValueError, match=r"counts|proportions or ratios"):
        interval.funnel(x, n, kind)


@steady
@given(st.lists(shares, min_size=1, max_size=15), st.randoms(use_true_random=False))
def test_a_funnel_does_not_depend_on_the_order_of_its_units(units, random):
    order = random.sample(range(len(units)), len(units))
    x, n = np.array(units).T
    before, after = interval.funnel(x, n), interval.funnel(x[order], n[order])
    assert after.low95 == pytest.approx(before.low95[order])
    assert after.high998 == pytest.approx(before.high998[order])
