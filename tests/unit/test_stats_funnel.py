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


@pytest.mark.parametrize(("x", "n"), [([1, 2, 3], [4, 5]), ([1], [4, 5]), (1, 2), ([[1]], [[2]])])
def test_every_unit_has_its_cases_and_its_size(x, n):
    with pytest.raises(ValueError, match="two columns"):
        interval.funnel(x, n)


@pytest.mark.parametrize(
    ("center", "kind"), [(1.1, "proportion"), (-0.1, "proportion"), (nan, "proportion"), (1, "ratio")]
)
def test_a_centre_given_is_a_share(center, kind):
    with pytest.raises(ValueError, match="centre given"):
        interval.funnel([1, 2], [4, 5], kind, center=center)


def test_around_the_centre_of_the_whole_other_units_are_unlike():
    """.60 is 2.9 standard errors below .67 as the roots' angles have it, and the same as themselves."""
    x, n = [240, 240, 240], [400, 400, 400]
    alone, beside = interval.funnel(x, n), interval.funnel(x, n, center=0.72)
    assert (alone.center, beside.center) == (0.6, 0.72)
    assert not alone.outside.any()
    assert beside.outside.all()


def test_a_funnel_of_nothing_hands_out_no_array_twice():
    found = interval.funnel([0, 0], [0, 0])
    found.low95[0] = 1
    found.outside[0] = True
    assert all(np.isnan(one).all() for one in (found.high95, found.low998, found.high998, found.p))
    assert not found.is_judged.any()


def test_a_ratio_of_few_expected_has_limits_and_is_not_judged():
    """None of 2 expected is one program in seven; none of 7, one in a thousand."""
    found = interval.funnel([0, 0, 30], [2, 7, 30], "ratio")
    assert found.low998[0] > 0
    assert found.is_judged.tolist() == [False, True, True]
    assert found.outside.tolist() == [False, True, False]
    assert np.isnan(found.p[0])
    assert found.p[1] == pytest.approx(2 * np.exp(-7))


def test_a_proportion_of_few_is_judged():
    assert interval.funnel([0, 30], [2, 60]).is_judged.all()


def test_how_likely_a_unit_lies_so_far_off_is_told_on_the_scale_of_the_limits():
    """asin sqrt .6 - asin sqrt .5 is 0.100679, in 0.05: 2.013579 standard errors."""
    found = interval.funnel([50, 60], [100, 100], center=0.5)
    assert found.p == pytest.approx([1, 0.044054], abs=1e-6)


@steady
@given(st.lists(shares, min_size=1, max_size=15))
def test_a_unit_is_outside_where_so_far_off_is_less_likely_than_two_in_a_thousand(units):
    x, n = np.array(units).T
    found = interval.funnel(x, n)
    inside = (found.low998 > 0) & (found.high998 < 1)  # elsewhere a limit is cut to what a share can be
    tail = 0.002
    clear = inside & (abs(found.p - tail) > 1e-6)
    assert (found.outside[clear] == (found.p[clear] < tail)).all()


@steady
@given(st.lists(shares, min_size=1, max_size=15), st.sampled_from(["proportion", "ratio"]))
def test_limits_at_the_units_sizes_are_the_units_limits(units, kind):
    x, n = np.array(units).T
    found = interval.funnel(x, n, kind)
    limits = found.limits_at(n)
    assert [one.tolist() for one in limits] == [
        one.tolist() for one in (found.low95, found.high95, found.low998, found.high998)
    ]


def test_limits_are_those_of_a_size_above_0():
    found = interval.funnel([1, 2], [4, 5])
    assert np.isnan(interval.funnel([0], [0]).limits_at([1, 2])).all()
    for size in (0, -1, nan, np.inf):
        with pytest.raises(ValueError, match="size"):
            found.limits_at([1, size])


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
