"""Intervals of counts: what they say at the edges, what they refuse, and how they move with their inputs."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

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
@pytest.mark.parametrize(
    ("x", "n"),
    [(3, 2), (-1, 2), (nan, 2), (1, nan), (1, np.inf), (None, 3), (1, None), (pd.NA, 3), (1, "3")],
)
def test_what_is_no_share_is_refused(method, x, n):
    with pytest.raises(ValueError, match="not a share"):
        method(x, n)


@of_shares
@pytest.mark.parametrize("level", [0, 1, 95, None])
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
    "arguments",
    [
        (1.5, 1, 2, 1),
        (1, 1, 2.5, 1),
        (-1, 1, 2, 1),
        (1, nan, 2, 1),
        (1, 1, 2, np.inf),
        (None, 1, 2, 1),
        (1, 1, 2, pd.NA),
    ],
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


def test_a_rate_ratio_of_very_unequal_counts_keeps_its_digits():
    """Turned around, the bounds are one over the other; 1 - p of the binomial bound has 7 digits left here."""
    ratio, low, high, _ = interval.rate_ratio(10**9, 1, 1, 1)
    turned = interval.rate_ratio(1, 1, 10**9, 1)
    assert (ratio, low, high) == pytest.approx([1 / one for one in (turned[0], turned[2], turned[1])], rel=1e-9)


def test_a_rate_by_hand():
    """No event: the upper end is where none has a chance of 2.5 %, -log(0.025) = 3.688879 events."""
    low, high = interval.poisson_rate(0, 2)
    assert (low, high) == (0, pytest.approx(-np.log(0.025) / 2))
    assert interval.poisson_rate(3, 0) is None


@pytest.mark.parametrize("arguments", [(1.5, 1), (-1, 1), (nan, 1), (1, -1), (1, np.inf)])
def test_a_rate_wants_whole_events_and_a_known_exposure(arguments):
    with pytest.raises(ValueError, match="whole number"):
        interval.poisson_rate(*arguments)


@steady
@given(st.integers(0, 2000), st.floats(0.1, 1e4))
def test_the_interval_of_a_rate_holds_it_rises_with_it_and_widens_with_the_level(x, exposure):
    low, high = interval.poisson_rate(x, exposure)
    assert low <= x / exposure <= high
    more, wide = interval.poisson_rate(x + 1, exposure), interval.poisson_rate(x, exposure, 0.99)
    assert more[0] > low
    assert more[1] > high
    assert wide[0] <= low < high < wide[1]


@of_shares
@steady
@given(share=shares)
def test_one_case_more_moves_both_ends_up(method, share):
    x, n = share
    if x < n:
        assert all(after >= before for before, after in zip(method(x, n), method(x + 1, n), strict=True))


@of_shares
@steady
@given(share=shares, times=st.integers(2, 20))
def test_the_same_share_of_more_cases_is_surer(method, share, times):
    few, many = method(*share), method(share[0] * times, share[1] * times)
    assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize(("x", "n", "small"), [(4, 500, True), (5, 500, False), (496, 500, True), (40, 80, True)])
def test_a_small_number_has_few_cases_or_few_others_or_a_wide_interval(x, n, small):
    """40 of 80 reach from 39.3 to 60.7 %."""
    assert interval.is_small(x, n) is small


def test_small_numbers_end_where_half_the_interval_is_ten_points():
    """R: prop.test(46, 92, correct = FALSE): 0.4000 to 0.6000, prop.test(47, 94, correct = FALSE): 0.4010 to 0.5990."""
    assert [interval.is_small(n // 2, n) for n in (90, 92, 94)] == [True, True, False]
    assert interval.is_small(0, 0)


def test_the_interval_of_a_median_is_two_of_the_values():
    """Of six values the smallest and the largest: each is on the wrong side once in 64 samples."""
    assert interval.quantile_interval([9, 4, 1, 7, 5, 6], 0.5) == (1, 9)
    assert interval.quantile_interval([9, 4, 1, 7, 5, 6], 0.5, level=0.9) == (1, 9)
    assert interval.quantile_interval([9, 4, 1, 7, 5], 0.5, level=0.9) == (1, 9)


def test_too_few_values_have_no_interval_of_their_median():
    """Of five, the median lies above them all once in 32 samples, which is more than 2.5 %."""
    assert interval.quantile_interval([1, 2, 3, 4, 5], 0.5) == (None, None)
    assert interval.quantile_interval([], 0.5) is None


def test_a_high_quantile_can_have_a_lower_end_alone():
    assert interval.quantile_interval(range(1, 31), 0.9) == (23, None)
    assert interval.quantile_interval(range(1, 31), 0.1) == (None, 8)


def test_values_alike_have_an_interval_without_width():
    assert interval.quantile_interval([3] * 8, 0.5) == (3, 3)


@pytest.mark.parametrize("values", [[1, nan], [1, np.inf], [[1, 2]]])
def test_a_quantile_wants_known_values_in_a_row(values):
    with pytest.raises(ValueError, match="one row"):
        interval.quantile_interval(values, 0.5)


@pytest.mark.parametrize(("share", "level"), [(0, 0.95), (1, 0.95), (50, 0.95), (0.5, 95)])
def test_a_quantile_and_its_level_are_shares(share, level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        interval.quantile_interval([1, 2, 3], share, level)


@steady
@given(st.integers(1, 400), st.floats(0.01, 0.99), st.sampled_from([0.8, 0.95, 0.99]))
def test_each_end_of_a_quantile_errs_as_often_as_allowed_and_the_next_value_would_err_more(n, share, level):
    """How many of n values lie below the quantile is binomial; the values are their own places here."""
    low, high = interval.quantile_interval(range(1, n + 1), share, level)
    tail, low, high = (1 - level) / 2, int(low or 0), int(high or n + 1)
    too_low, too_high = special.bdtr(low - 1, n, share), special.bdtrc(high - 1, n, share)  # NaN = never
    assert low == 0 or too_low <= tail
    assert high > n or too_high <= tail + 1e-9
    assert special.bdtr(low, n, share) > tail
    assert special.bdtrc(max(high - 2, 0), n, share) > tail - 1e-9 or high == 1


@steady
@given(st.lists(st.integers(-50, 50), min_size=1, max_size=80), st.sampled_from([0.1, 0.5, 0.9]))
def test_the_interval_of_a_quantile_holds_it_and_turns_around_with_the_values(values, share):
    low, high = interval.quantile_interval(values, share)
    quantile = np.quantile(values, share)
    assert low is None or low <= quantile
    assert high is None or quantile <= high
    turned = interval.quantile_interval([-value for value in values], 1 - share)
    assert turned == (None if high is None else -high, None if low is None else -low)
    wide = interval.quantile_interval(values, share, 0.99)
    assert wide[0] is None or wide[0] <= low
    assert wide[1] is None or wide[1] >= high


@pytest.mark.parametrize("n", [5, 20, 60])
def test_an_exact_interval_holds_no_true_share_too_rarely_and_wilsons_holds_95_percent_in_the_mean(n):
    """All outcomes whose interval holds the truth, by their binomial chances; Wald's would hold 64 to 91 % of them."""
    truths = np.linspace(0.001, 0.999, 400)
    chances = np.diff([special.bdtr(x, n, truths) for x in range(n + 1)], axis=0, prepend=0)
    held = {}
    for method in (interval.wilson, interval.clopper_pearson):
        ends = np.array([method(x, n) for x in range(n + 1)])
        held[method] = (chances * ((ends[:, :1] <= truths) & (truths <= ends[:, 1:]))).sum(axis=0)
    assert held[interval.clopper_pearson].min() >= 0.95 - 1e-9
    assert held[interval.wilson].mean() == pytest.approx(0.95, abs=0.01)


def test_the_exact_interval_of_a_rate_holds_no_true_rate_too_rarely():
    truths = np.geomspace(0.2, 50, 300)
    chances = np.diff([special.pdtr(x, truths) for x in range(120)], axis=0, prepend=0)
    ends = np.array([interval.poisson_rate(x, 1) for x in range(120)])
    assert (chances * ((ends[:, :1] <= truths) & (truths <= ends[:, 1:]))).sum(axis=0).min() >= 0.95 - 1e-9


@of_shares
def test_a_count_too_large_for_a_float_is_refused(method):
    with pytest.raises(ValueError, match="not a share"):
        method(1, 10**400)


def test_a_missing_group_is_refused_by_a_difference_and_a_warning_too():
    with pytest.raises(ValueError, match="not a share"):
        interval.newcombe_difference(1, 2, None, 2)
    with pytest.raises(ValueError, match="not a share"):
        interval.is_small(None, 2)
    with pytest.raises(ValueError, match="between 0 and 1"):
        interval.quantile_interval([1, 2], None)


sizes = st.floats(0, 1e300, allow_subnormal=True)
parts = st.tuples(sizes, st.one_of(st.just(1.0), st.floats(0, 1, allow_subnormal=True))).map(
    lambda pair: (pair[0] * pair[1], pair[0])
)
events = st.one_of(st.integers(0, 100), st.integers(0, 2**53), st.integers(0, 10**300))
levels = st.sampled_from([0.5, 0.95, 0.999999])


@of_shares
@settings(steady, max_examples=150)
@given(part=parts, level=levels)
def test_whatever_the_size_a_share_has_bounds_from_0_to_1(method, part, level):
    low, high = method(*part, level) or (0, 1)
    assert 0 <= low <= high <= 1


@settings(steady, max_examples=150)
@given(parts, parts, levels)
def test_whatever_the_sizes_a_difference_has_bounds_from_minus_1_to_1(first, second, level):
    low, high = interval.newcombe_difference(*first, *second, level) or (-1, 1)
    assert -1.000001 <= low <= high <= 1.000001


@settings(steady, max_examples=150)
@given(events, sizes, levels)
def test_whatever_the_exposure_a_rate_has_numbers_or_nothing(x, t, level):
    low, high = interval.poisson_rate(x, t, level) or (0, 1)
    assert 0 <= low <= high < np.inf


@settings(steady, max_examples=150)
@given(st.integers(0, 2**53), sizes, st.integers(0, 2**53), sizes, levels)
def test_whatever_the_exposures_a_rate_ratio_has_numbers_or_nothing(x1, t1, x2, t2, level):
    ratio, low, high, p = interval.rate_ratio(x1, t1, x2, t2, level) or (1, 0, 2, 1)
    assert 0 <= low < np.inf
    assert 0 <= p <= 1
    assert (ratio is None) == (high is None)
    assert ratio is None or low <= ratio * (1 + 1e-6) <= high * (1 + 1e-5) < np.inf


def test_an_exposure_as_good_as_none_has_no_rate_and_no_ratio():
    assert interval.poisson_rate(1, 1e-320) is None
    assert interval.rate_ratio(1, 1e-320, 1, 1) is None
    assert interval.rate_ratio(1, 1e-320, 0, 1) is None
    assert interval.rate_ratio(1, 1e-320, 1, 1e-320) == pytest.approx(interval.rate_ratio(1, 1, 1, 1))
    assert interval.rate_ratio(1, 1e300, 1, 1e300) == pytest.approx(interval.rate_ratio(1, 1, 1, 1))


def test_more_events_than_can_be_counted_have_no_ratio():
    with pytest.raises(ValueError, match="one by one"):
        interval.rate_ratio(10**300, 1, 1, 1)


def test_a_share_of_very_many_is_not_taken_for_one_of_none():
    """Their product is too large for a float."""
    low, high = interval.wilson(1e200, 2e200)
    assert (low, high) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize("p_values", [[[0.1, 0.2], [0.3, 0.4]], 0.1])
def test_p_values_are_one_row(p_values):
    with pytest.raises(ValueError, match="one row"):
        interval.benjamini_hochberg(p_values)


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
