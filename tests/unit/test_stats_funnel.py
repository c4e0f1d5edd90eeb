"""Units beside each other: which are unlike the others, overdispersion, the edges, and how it moves with its inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats import interval
from metrics.stats.funnel import funnel

steady = settings(max_examples=80, deadline=None, derandomize=True)
shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
nan = np.nan


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
    assert after.outside.tolist() == before.outside[order].tolist()
    assert after.overdispersion == pytest.approx(before.overdispersion, abs=1e-12)


@steady
@given(st.lists(shares, min_size=1, max_size=15), st.sampled_from(["proportion", "ratio"]))
def test_the_limits_of_a_funnel_hold_its_centre_and_the_wide_ones_the_narrow_ones(units, kind):
    x, n = np.array(units).T
    found = interval.funnel(x, n, kind)
    edges = [found.low998, found.low95, np.full(len(n), found.center), found.high95, found.high998]
    assert np.all(np.diff(edges, axis=0) >= -1e-12)


@steady
@given(st.lists(shares, min_size=1, max_size=15))
def test_a_funnel_of_the_others_is_the_funnel_upside_down(units):
    x, n = np.array(units).T
    found, turned = interval.funnel(x, n), interval.funnel(n - x, n)
    assert turned.low95 == pytest.approx(1 - found.high95, abs=1e-9)
    assert turned.overdispersion == pytest.approx(found.overdispersion, abs=1e-9)


def test_it_can_be_had_where_the_intervals_are():
    assert interval.funnel is funnel
