"""Who was counted, told from what they did: by hand, groups that come and go, and how it moves with its inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats import interval
from metrics.stats.mix import kitagawa

steady = settings(max_examples=80, deadline=None, derandomize=True)
nan = np.nan


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


def test_no_groups_have_no_mix():
    assert interval.kitagawa([], [], [], []) is None


@pytest.mark.parametrize("rates", [[0.1, np.inf], [-np.inf, 0.1], [-1.7e308, -1.7e308]])
def test_rates_without_a_number_are_refused(rates):
    with pytest.raises(ValueError, match="rate"):
        interval.kitagawa([1, 1], rates, [1, 1], [1.7e308, 1.7e308])
    with pytest.raises(ValueError, match="rate"):
        interval.kitagawa([1, 1], [1.7e308, 1.7e308], [1, 1], rates)


@pytest.mark.parametrize("given", [([1, 2, 3], [0.5]), ([1], [0.5, 0.5]), (1, 0.5), ([[1, 2]], [[0.1, 0.2]])])
def test_every_group_has_a_weight_and_a_rate_in_both_periods(given):
    with pytest.raises(ValueError, match="wanted"):
        interval.kitagawa(*given, *given)
    with pytest.raises(ValueError, match="wanted"):
        interval.kitagawa([1, 1], [0.5, 0.5], *given)


def test_weights_whose_sum_is_no_number_still_weigh():
    assert interval.kitagawa([1e308, 1e308], [0.1, 0.3], [1e-320, 0], [0.1, 0.3]) == pytest.approx((-0.1, 0, -0.1))


groups = st.lists(st.tuples(*[st.integers(1, 999)] * 2, *[st.floats(0, 1)] * 2), min_size=1, max_size=8)


@steady
@given(groups)
def test_mix_and_rate_sum_to_the_whole_change(rows):
    w1, w2, r1, r2 = np.array(rows, dtype=float).T
    mix, rate, total = interval.kitagawa(w1, r1, w2, r2)
    assert mix + rate == total
    assert total == pytest.approx(np.average(r2, weights=w2) - np.average(r1, weights=w1))
    assert interval.kitagawa(w2, r2, w1, r1) == pytest.approx((-mix, -rate, -total))


@steady
@given(groups, st.integers(2, 5))
def test_groups_taken_apart_into_parts_alike_change_nothing(rows, parts):
    w1, w2, r1, r2 = np.array(rows, dtype=float).T
    whole = interval.kitagawa(w1, r1, w2, r2)
    assert interval.kitagawa(*(np.repeat(one, parts) for one in (w1, r1, w2, r2))) == pytest.approx(whole, abs=1e-12)


@steady
@given(groups, st.randoms(use_true_random=False))
def test_mix_and_rate_do_not_depend_on_the_order_of_the_groups(rows, random):
    w1, w2, r1, r2 = np.array(rows, dtype=float).T
    order = random.sample(range(len(rows)), len(rows))
    turned = interval.kitagawa(*(one[order] for one in (w1, r1, w2, r2)))
    assert turned == pytest.approx(interval.kitagawa(w1, r1, w2, r2), abs=1e-12)


@steady
@given(groups, st.integers(1, 1000), st.floats(0, 1))
def test_a_group_that_came_is_told_as_mix_alone_whatever_was_there(rows, weight, rate):
    """With its rate known in both periods or in one, its change is the same."""
    w1, w2, r1, r2 = np.array(rows, dtype=float).T
    with_it = [np.append(w1, 0), np.append(r1, nan), np.append(w2, weight), np.append(r2, rate)]
    known = [with_it[0], np.append(r1, rate), *with_it[2:]]
    assert interval.kitagawa(*with_it) == interval.kitagawa(*known)


def test_it_can_be_had_where_the_intervals_are():
    assert interval.kitagawa is kitagawa
