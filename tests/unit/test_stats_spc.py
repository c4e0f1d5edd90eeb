"""Control charts: limits by hand, the edges, what is refused, and what shifting, scaling and turning around do."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats import spc

nan = np.nan
SHORT = {None: "-", "outside": "o", "trend": "t", "two_of_three": "2", "shift": "s"}
CHARTS_OF_COUNTS = [spc.xmr, spc.c_chart, spc.g_chart]
RATIO_CHARTS = [spc.p_chart, spc.p_prime, spc.u_chart, spc.u_prime]
ALL_CHARTS = [*CHARTS_OF_COUNTS, spc.t_chart, *(lambda x, c=c, **o: c(x, [9] * len(x), **o) for c in RATIO_CHARTS)]

whole = st.lists(st.integers(-30, 30).map(float), min_size=0, max_size=40)
with_gaps = st.lists(st.one_of(st.integers(-6, 6).map(float), st.just(nan)), min_size=1, max_size=40)
counts = st.lists(st.integers(0, 9), min_size=1, max_size=30)


def short(chart):
    return "".join(SHORT[signal] for signal in chart.signals)


def drawn(chart):
    """All of a chart that can be compared."""
    lines = [np.nan_to_num(line, nan=-1e9).tolist() for line in (chart.center, chart.lower, chart.upper)]
    return *lines, chart.signals, chart.verdicts, chart.variation, chart.assurance, chart.trial


# Limits


def test_individuals_limits_by_hand():
    """Mean 3, ranges 2 and 4: 3 +- 2.66 * 3."""
    found = spc.xmr([2, 4, nan, 1, 5])
    assert found.center.tolist() == [3] * 5
    assert found.lower == pytest.approx([3 - 7.98] * 5)
    assert found.upper == pytest.approx([3 + 7.98] * 5)
    assert np.isnan(found.values).tolist() == [False, False, True, False, False]


def test_a_missing_point_is_common_and_has_the_lines_of_its_phase():
    found = spc.xmr([1, 2, 1, nan])
    assert (found.signals[3], found.verdicts[3], found.variation) == (None, "common", "common")
    assert found.center[3] == found.center[0]


def test_screening_drops_ranges_of_3267_mean_ranges_once_and_leaves_the_centre():
    """Sixteen ranges of 1 and two of 9 have the mean 34 / 18 = 1.89, so those of 9 > 6.17 go: 2.66 * 1."""
    values = [1, 2] * 4 + [1, 10] + [1, 2] * 4 + [1]
    assert np.abs(np.diff(values)).tolist().count(9) == 2
    screened, plain = spc.xmr(values, screen=True), spc.xmr(values)
    assert screened.center.tolist() == plain.center.tolist()
    assert screened.upper[0] - screened.center[0] == pytest.approx(2.66)
    assert plain.upper[0] - plain.center[0] == pytest.approx(2.66 * 34 / 18)


def test_screening_drops_a_range_at_the_very_limit():
    """Ten ranges with the mean 1, one of them 3.267: the others have the mean 6.733 / 9."""
    ranges = np.array([0.733, 0.75, 0.75, 0.75, 3.267, 0.75, 0.75, 0.75, 0.75, 0.75])
    assert ranges.mean() == pytest.approx(1)
    found = spc.xmr(np.cumsum([0, *ranges]), screen=True)
    assert found.upper[0] - found.center[0] == pytest.approx(2.66 * 6.733 / 9)


def test_fixed_limits_come_from_the_first_points_of_each_phase_missing_ones_counted():
    found = spc.xmr([0, nan, 2, 9, 9, 5, 6, 8, 90], rebase=[5], fix_after=3)
    assert found.center == pytest.approx([1] * 5 + [19 / 3] * 4)
    assert np.isnan(found.upper[:5]).all()  # 0 and 2 are no neighbours
    assert found.upper[5:] == pytest.approx([19 / 3 + 2.66 * 1.5] * 4)


def test_no_range_is_taken_across_a_rebase():
    assert spc.xmr([1, 2, 1, 101, 102, 101], rebase=[3]).upper[3] == pytest.approx(304 / 3 + 2.66)


def test_the_centre_of_shares_is_the_share_of_all_cases():
    """5 of 10 and 9 of 90 are 14 of 100, not 0.3 in the middle; sigma is sqrt(0.14 * 0.86 / n)."""
    found = spc.p_chart([5, 9], [10, 90])
    assert found.center.tolist() == [0.14, 0.14]
    assert found.upper == pytest.approx(0.14 + 3 * np.sqrt(0.14 * 0.86 / np.array([10, 90])))
    assert found.lower == pytest.approx([0, 0.14 - 3 * np.sqrt(0.14 * 0.86 / 90)])


def test_rates_may_exceed_one_and_shares_may_not():
    assert spc.u_chart([12, 8], [2, 8]).upper == pytest.approx(2 + 3 * np.sqrt([1, 0.25]))
    assert spc.p_chart([9, 10], [10, 10]).upper.tolist() == [1, 1]


def test_prime_limits_are_as_wide_as_the_ratios_vary():
    """Centre 1/2, sigma 0.05, z = -1, 1, -1, 1: sigma z = 2 / 1.128. Rates: sigma 10, z = -4, 4: 8 / 1.128."""
    found = spc.p_prime([45, 55, 45, 55], [100] * 4)
    assert found.upper == pytest.approx([0.5 + 3 * 0.05 * 2 / 1.128] * 4)
    rates = spc.u_prime([60, 140, 60, 140], [1, 1, 1, 1])
    assert rates.upper == pytest.approx([100 + 3 * 10 * 8 / 1.128] * 4)


def test_prime_limits_can_be_screened():
    calm, wild = [500, 510] * 8, [500, 510] * 4 + [800, 510] + [500, 510] * 3
    assert spc.p_prime(wild, [1000] * 16, screen=True).upper[0] < spc.p_prime(wild, [1000] * 16).upper[0]
    assert drawn(spc.p_prime(calm, [1000] * 16, screen=True)) == drawn(spc.p_prime(calm, [1000] * 16))


@pytest.mark.parametrize("chart", RATIO_CHARTS)
def test_a_denominator_of_0_is_a_missing_point(chart):
    found = chart([5, 3, 4, 5], [10, 0, 10, 10])
    assert np.isnan(found.values).tolist() == [False, True, False, False]
    assert np.isnan(found.upper).tolist() == [False, True, False, False]
    assert found.center == pytest.approx([14 / 30] * 4)


@pytest.mark.parametrize("chart", RATIO_CHARTS)
def test_a_missing_numerator_counts_no_cases(chart):
    found = chart([5, nan, 4, 5], [10, 900, 10, 10])
    assert found.center == pytest.approx([14 / 30] * 4)
    assert np.isfinite(found.upper).all()


def test_counts_have_poisson_limits():
    found = spc.c_chart([9, 7, 11])
    assert (found.center[0], found.lower[0], found.upper[0]) == (9, 0, 18)


def test_cases_between_events_have_the_median_as_centre_and_geometric_limits():
    """Mean 3, median 1: 3 + 3 sqrt(3 * 4)."""
    found = spc.g_chart([1, 0, 1, 10])
    assert found.center[0] == 1
    assert found.lower[0] == 0
    assert found.upper[0] == pytest.approx(3 + 3 * np.sqrt(12))


def test_the_median_of_an_even_number_of_cases_lies_between_the_middle_two():
    assert spc.g_chart([9, nan, 2, 4, 1, nan]).center[0] == 3


def test_two_sigma_of_cases_between_events_are_counted_from_the_mean():
    """Mean 3, sigma sqrt(12) = 3.46: the close line is 9.93, not two thirds of the way from the median, 9.26."""
    found = spc.g_chart([3, 3, 3, 3, 9.5, 9.5, 5], fix_after=4)
    assert found.center[0] == 3
    assert short(spc.g_chart([1, 0, 1, 10, 9.5, 9.5, 5], fix_after=4))[4:] == "---"
    assert short(spc.g_chart([1, 0, 1, 10, 10, 10, 5], fix_after=4))[3:] == "222-"


def test_times_between_events_are_drawn_as_their_roots():
    """Roots 1, 2, 1: mean 4/3, limits 4/3 +- 2.66, back by the power of 3.6; below 0 there is no time."""
    found = spc.t_chart([1, 2**3.6, 1])
    assert found.values == pytest.approx([1, 2**3.6, 1])
    assert found.center == pytest.approx([(4 / 3) ** 3.6] * 3)
    assert found.upper == pytest.approx([(4 / 3 + 2.66) ** 3.6] * 3)
    assert found.lower.tolist() == [0] * 3


def test_rules_do_not_see_across_a_rebase():
    rise = [1, 2, 3, 4, 5, 6, 7, 8]
    assert short(spc.xmr(rise)) == "ottttt" + "to"
    assert short(spc.xmr(rise, rebase=[4])) == "-" * 8


def test_the_last_bit_of_a_float_is_not_a_side():
    """The mean of fourteen times 0.1 is not 0.1."""
    assert np.mean([0.1] * 14) != 0.1
    found = spc.xmr([0.1] * 14, better="higher", target=0.1)
    assert short(found) == "-" * 14
    assert found.assurance == "inconsistent"


# Edges


@pytest.mark.parametrize("draw", ALL_CHARTS)
def test_an_empty_series_is_an_empty_chart(draw):
    found = draw([], better="higher", target=1)
    assert len(found.center) == len(found.lower) == len(found.upper) == len(found.conflicts) == 0
    assert (found.signals, found.verdicts, found.variation, found.assurance, found.trial) == ([], [], None, None, True)


@pytest.mark.parametrize("draw", ALL_CHARTS)
def test_one_point_has_a_centre_and_no_limits(draw):
    found = draw([5], better="higher", target=1)
    assert np.isfinite(found.center).tolist() == [True]
    assert np.isnan(found.lower).tolist() == np.isnan(found.upper).tolist() == [True]
    assert (found.variation, found.assurance) == ("common", None)


@pytest.mark.parametrize("draw", ALL_CHARTS)
def test_a_series_of_missing_points_has_no_lines_and_no_signals(draw):
    found = draw([nan] * 9)
    assert np.isnan(found.center).all()
    assert short(found) == "-" * 9


@pytest.mark.parametrize("screen", [False, True])
@pytest.mark.parametrize("draw", [spc.xmr, spc.t_chart, *ALL_CHARTS[-3::2]])
def test_a_constant_series_has_its_value_as_limits_and_no_signal(draw, screen):
    found = draw([3] * 14, screen=screen)
    assert found.lower == pytest.approx(found.center)
    assert found.upper == pytest.approx(found.center)
    assert short(found) == "-" * 14


@pytest.mark.parametrize("chart", RATIO_CHARTS)
def test_where_nothing_ever_happens_the_limits_are_0(chart):
    found = chart([0] * 8, [7, 8, 9, 7, 8, 9, 7, 8])
    assert not found.center.any()
    assert not found.upper.any()
    assert short(found) == "-" * 8


def test_a_chart_does_not_change_its_input_nor_follow_its_changes():
    values = np.array([1.0, 2.0, 1.0])
    found = spc.xmr(values)
    values[0] = 100
    assert found.values.tolist() == [1, 2, 1]


# What is refused


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"better": "up"}, "better"),
        ({"target": nan}, "target"),
        ({"fix_after": 0}, "limits"),
        ({"rebase": [-1]}, "phase"),
        ({"rebase": [3]}, "phase"),
        ({"rebase": [1.5]}, "phase"),
    ],
)
def test_an_option_that_means_nothing_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        spc.xmr([1, 2, 3], **wrong)
    with pytest.raises(ValueError, match=message):
        spc.of_many("xmr", [[1, 2, 3]], **wrong)


@pytest.mark.parametrize("values", [[[1, 2]], 5, [1, np.inf]])
def test_what_is_no_row_of_finite_numbers_is_refused(values):
    with pytest.raises(ValueError, match=r"dimension|finite"):
        spc.xmr(values)
    with pytest.raises(ValueError, match=r"dimension|finite"):
        spc.of_many("xmr", [values])


@pytest.mark.parametrize("draw", ALL_CHARTS[1:])
def test_a_negative_count_or_time_is_refused(draw):
    with pytest.raises(ValueError, match=r"negative|above 0"):
        draw([1, -1])


@pytest.mark.parametrize("chart", RATIO_CHARTS)
def test_denominators_fit_the_numerators_and_are_not_negative(chart):
    with pytest.raises(ValueError, match="do not fit"):
        chart([1, 2], [3])
    with pytest.raises(ValueError, match="negative"):
        chart([1, 2], [3, -3])


def test_a_share_counts_at_most_all_cases():
    for chart in (spc.p_chart, spc.p_prime):
        with pytest.raises(ValueError, match="at most all"):
            chart([1, 4], [3, 3])


def test_times_between_events_are_above_0():
    with pytest.raises(ValueError, match="half a unit"):
        spc.t_chart([3, 0, 2])


# Whatever the numbers


@given(whole, st.integers(-1000, 1000))
def test_shifting_a_series_shifts_its_lines_and_nothing_else(values, by):
    before, after = spc.xmr(values, better="higher"), spc.xmr([value + by for value in values], better="higher")
    assert after.center == pytest.approx(before.center + by)
    assert after.upper == pytest.approx(before.upper + by, nan_ok=True)
    assert (after.signals, after.verdicts) == (before.signals, before.verdicts)


@given(whole, st.sampled_from([1e-12, 1 / 3, 60.0, 1e12]))
def test_another_unit_scales_the_lines_and_nothing_else(values, unit):
    before, after = spc.xmr(values, screen=True), spc.xmr([value * unit for value in values], screen=True)
    assert after.upper == pytest.approx(before.upper * unit, nan_ok=True, abs=1e-9 * unit)
    assert (after.signals, after.verdicts) == (before.signals, before.verdicts)


@given(with_gaps, with_gaps, st.sampled_from([None, 5]))
def test_each_phase_is_a_chart_of_its_own(first, second, fix_after):
    both = spc.xmr([*first, *second], rebase=[len(first)], fix_after=fix_after, target=1, better="higher")
    parts = [spc.xmr(part, fix_after=fix_after, target=1, better="higher") for part in (first, second)]
    assert both.signals == parts[0].signals + parts[1].signals
    assert both.verdicts == parts[0].verdicts + parts[1].verdicts
    assert np.array_equal(both.upper, np.concatenate([part.upper for part in parts]), equal_nan=True)
    assert (both.assurance, both.trial) == (parts[1].assurance, parts[1].trial)


@given(counts, st.integers(2, 50))
def test_shares_of_more_cases_have_narrower_limits_around_the_same_centre(numerators, times):
    few = spc.p_chart(numerators, [9] * len(numerators))
    many = spc.p_chart([x * times for x in numerators], [9 * times] * len(numerators))
    assert many.center == pytest.approx(few.center)
    known = np.isfinite(few.upper)
    assert np.all(many.upper[known] <= few.upper[known] + 1e-12)
    assert np.all(many.lower[known] >= few.lower[known] - 1e-12)


@given(counts)
def test_a_share_and_its_complement_mirror_each_other(numerators):
    size = [9] * len(numerators)
    yes, no = spc.p_prime(numerators, size), spc.p_prime([9 - x for x in numerators], size)
    assert yes.upper == pytest.approx(1 - no.lower, nan_ok=True, abs=1e-12)
    assert yes.signals == no.signals


@given(with_gaps, st.booleans())
def test_a_series_read_backwards_has_the_same_limits_and_the_same_points_marked(values, running):
    """What rises falls then, so that only trends change their direction."""
    values = np.cumsum(np.nan_to_num(values)).tolist() if running else values
    there, back = spc.xmr(values, screen=True), spc.xmr(values[::-1], screen=True)
    assert back.upper == pytest.approx(there.upper, nan_ok=True)
    assert back.signals == there.signals[::-1]
    for signal, verdict, turned in zip(there.signals, there.verdicts, back.verdicts[::-1], strict=True):
        assert signal == "trend" or verdict == turned


@given(st.lists(st.integers(1, 60), min_size=1, max_size=30), st.sampled_from([1 / 7, 24.0, 1e6]))
def test_times_in_another_unit_have_the_same_signals(times, unit):
    before, after = spc.t_chart(times, better="higher"), spc.t_chart([time * unit for time in times], better="higher")
    assert after.center == pytest.approx(before.center * unit)
    assert after.upper == pytest.approx(before.upper * unit, nan_ok=True)
    assert after.verdicts == before.verdicts


@given(counts, st.sampled_from([spc.u_chart, spc.u_prime]), st.sampled_from([1 / 7, 24.0, 1e6]))
def test_exposure_in_another_unit_scales_the_rates_and_nothing_else(events, chart, unit):
    before = chart(events, [9] * len(events), better="lower")
    after = chart(events, [9 * unit] * len(events), better="lower")
    assert after.upper * unit == pytest.approx(before.upper, nan_ok=True)
    assert after.verdicts == before.verdicts


@given(counts)
def test_every_line_is_a_number_that_a_count_can_be(numbers):
    for draw in ALL_CHARTS[1:]:
        found = draw([number + 1 for number in numbers] if draw is spc.t_chart else numbers)
        for line in (found.center, found.lower, found.upper):
            assert not np.isinf(line).any()
            assert np.all(line[np.isfinite(line)] >= 0)


def test_no_chart_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for draw in ALL_CHARTS:
            draw([nan, 3, nan, 5, 5], rebase=[1, 2, 3], fix_after=1, screen=True)
