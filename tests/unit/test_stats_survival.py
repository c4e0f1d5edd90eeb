"""Time to an event: open cases count for as long as they were seen, and no time is invented."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.stats.survival import kaplan_meier

steady = settings(max_examples=80, deadline=None, derandomize=True)
cases = st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40)
nan = np.nan


def curve(rows, **more):
    durations, observed = zip(*rows, strict=True)
    return kaplan_meier(durations, observed, **more)


def test_the_curve_of_five_cases_by_hand():
    """4/5 after the first; at 3 an event and a censoring, the event first: 3/4 of it; then 1/2 of that."""
    found = kaplan_meier([1, 3, 3, 5, 6], [True, True, False, True, False])
    assert found.times.tolist() == [1, 3, 5, 6]
    assert found.at_risk.tolist() == [5, 4, 2, 1]
    assert found.events.tolist() == [1, 1, 1, 0]
    assert found.survival == pytest.approx([0.8, 0.6, 0.3, 0.3])


def test_open_cases_make_the_median_longer_than_closed_cases_alone():
    everybody = kaplan_meier([1, 2, 3, 9, 9, 9], [1, 1, 1, 0, 0, 1])
    closed = kaplan_meier([1, 2, 3, 9], [1, 1, 1, 1])
    assert closed.median()[0] == 2
    assert everybody.median()[0] == 3


def test_the_median_of_a_flat_half_is_its_left_end():
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0]).median()[0] == 2


def test_a_half_that_is_rounded_up_is_a_half():
    """After 12 of 24 cases the product 23/24 * 22/23 * ... * 12/13 is 0.5000000000000001."""
    found = kaplan_meier(range(1, 25), [True] * 24)
    assert found.survival[11] > 0.5
    assert found.median()[0] == 12


def test_a_quantile_that_is_not_reached_does_not_exist():
    found = kaplan_meier([2, 4, 6], [1, 0, 0])
    assert found.median() == (None, 2, None)
    assert found.quantile(0.3)[0] == 2
    assert found.quantile(0.99) == (None, None, None)


@pytest.mark.parametrize("share", [0, 1, 90])
def test_a_quantile_is_asked_for_as_a_share(share):
    with pytest.raises(ValueError, match="quantile"):
        kaplan_meier([1], [1]).quantile(share)


def test_the_share_within_a_time_counts_events_at_that_time():
    found = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 0])
    assert found.share_within(2)[0] == pytest.approx(0.5)
    assert found.share_within(1.9)[0] == pytest.approx(0.25)
    low, high = found.share_within(2)[1:]
    assert 0 < low < 0.5 < high < 1


def test_before_the_first_time_nothing_has_happened():
    assert kaplan_meier([5, 6], [1, 0]).share_within(4) == (0, 0, 0)


def test_a_time_nobody_was_followed_to_has_no_share_and_no_mean():
    found = kaplan_meier([1, 2, 3], [1, 0, 0])
    assert found.share_within(3)[0] == pytest.approx(1 / 3)
    assert found.share_within(3.1) == (None, None, None)
    assert found.restricted_mean(3.1) == (None, None)


def test_where_everybody_ended_the_rest_is_known():
    found = kaplan_meier([1, 3], [1, 1])
    assert found.share_within(100) == (1, None, None)
    assert found.restricted_mean(100)[0] == pytest.approx(2)
    assert np.isnan(found.low).tolist() == np.isnan(found.high).tolist() == [False, True]


def test_before_the_first_event_the_interval_has_no_width():
    found = kaplan_meier([1, 2, 3], [0, 1, 0])
    assert (found.survival[0], found.low[0], found.high[0]) == (1, 1, 1)


def test_the_restricted_mean_is_the_area_under_the_curve():
    """1 until 1, 3/4 until 2, 1/2 until 3.5."""
    assert kaplan_meier([1, 2, 5, 6], [1, 1, 0, 0]).restricted_mean(3.5)[0] == pytest.approx(1 + 0.75 + 0.5 * 1.5)


def test_without_censoring_the_restricted_mean_and_its_error_are_those_of_a_mean():
    value, se = kaplan_meier([1, 2, 3, 6], [1, 1, 1, 1]).restricted_mean(6)
    assert (value, se) == pytest.approx((3, np.std([1, 2, 3, 6]) / 2))


@pytest.mark.parametrize("t", [-1, nan])
def test_a_time_is_not_negative_or_missing(t):
    found = kaplan_meier([1], [1])
    with pytest.raises(ValueError, match="time runs from 0"):
        found.share_within(t)
    with pytest.raises(ValueError, match="time runs from 0"):
        found.restricted_mean(t)


@pytest.mark.parametrize("durations", [[1, 2], [1]])
def test_the_mean_needs_an_end_even_where_everybody_ended(durations):
    found = kaplan_meier(durations, [1] * len(durations))
    with pytest.raises(ValueError, match="time runs from 0 to an end"):
        found.restricted_mean(np.inf)


@pytest.mark.parametrize("t", [None, nan])
def test_a_missing_time_is_refused_in_words(t):
    with pytest.raises(ValueError, match="time runs from 0"):
        kaplan_meier([1], [1]).share_within(t)
    with pytest.raises(ValueError, match="time runs from 0"):
        kaplan_meier([1], [1]).restricted_mean(t)


def test_columns_that_may_hold_missing_values_do_as_long_as_they_hold_none():
    ended = pd.Series([True, False], dtype="boolean")
    assert kaplan_meier(pd.Series([1, 2], dtype="Int64"), ended).survival.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("durations", "observed", "counts"),
    [
        ([1, 2], pd.Series([True, pd.NA], dtype="boolean"), None),
        ([1, 2], [True, None], None),
        ([1, pd.NA], [True, True], None),
        (pd.Series([1, pd.NA], dtype="Int64"), [True, True], None),
        ([1, 2], [True, True], [1, pd.NA]),
    ],
)
def test_a_missing_value_of_another_library_is_missing_too(durations, observed, counts):
    with pytest.raises(ValueError, match=r"durations|observed|counts"):
        kaplan_meier(durations, observed, counts=counts)


def test_no_cases_give_an_empty_curve_that_says_nothing():
    found = kaplan_meier([], [])
    assert len(found.times) == len(found.survival) == len(found.low) == 0
    assert found.median() == found.share_within(1) == (None, None, None)
    assert found.restricted_mean(1) == (None, None)


def test_an_aggregated_table_gives_the_same_curve_as_its_cases():
    table = kaplan_meier([1, 3, 1, 4], [True, True, False, True], counts=[4, 2, 3, 0])
    spelled = kaplan_meier([1] * 7 + [3] * 2, [1] * 4 + [0] * 3 + [1] * 2)
    assert table.at_risk.tolist() == spelled.at_risk.tolist() == [9, 2]
    assert table.low.tolist() == pytest.approx(spelled.low.tolist(), nan_ok=True)


def test_ten_thousand_million_cases_fit_in_three_rows():
    found = kaplan_meier([1, 2, 3], [1, 1, 0], counts=[4 * 10**9, 10**9, 5 * 10**9])
    assert found.median()[0] == 2
    assert found.survival.tolist() == pytest.approx([0.6, 0.5, 0.5])


@pytest.mark.parametrize(
    ("durations", "observed", "counts"),
    [
        ([-1], [1], None),
        ([nan], [1], None),
        ([np.inf], [1], None),
        ([1], [2], None),
        ([1], [nan], None),
        ([1, 2], [1], None),
        ([[1]], [[1]], None),
        ([1], [1], [1.5]),
        ([1], [1], [-1]),
        ([1], [1], [nan]),
        ([1], [1], [1, 1]),
    ],
)
def test_what_is_no_duration_event_or_count_is_refused(durations, observed, counts):
    with pytest.raises(ValueError, match=r"durations|observed|columns|counts"):
        kaplan_meier(durations, observed, counts=counts)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="level"):
        kaplan_meier([1], [1], level)


@steady
@given(cases)
def test_the_curve_falls_from_one_and_lies_within_its_interval(rows):
    found = curve(rows)
    assert np.all(np.diff(np.concatenate(([1.0], found.survival))) <= 0)
    known = found.survival > 0
    assert np.all(found.low[known] <= found.survival[known])
    assert np.all(found.survival[known] <= found.high[known])
    assert found.events.sum() == sum(observed for _, observed in rows)
    assert found.at_risk[0] == len(rows)


@steady
@given(cases, st.randoms(use_true_random=False))
def test_the_order_of_the_cases_does_not_matter(rows, random):
    shuffled = curve(random.sample(rows, len(rows)))
    assert shuffled.survival.tolist() == curve(rows).survival.tolist()
    assert shuffled.median() == curve(rows).median()


@steady
@given(cases, st.sampled_from([1 / 4, 2, 24]))
def test_another_unit_of_time_scales_the_times_and_nothing_else(rows, unit):
    before, after = curve(rows), curve([(duration * unit, observed) for duration, observed in rows])
    assert after.times.tolist() == (before.times * unit).tolist()
    assert after.survival.tolist() == before.survival.tolist()
    assert after.quantile(0.3) == tuple(value and value * unit for value in before.quantile(0.3))
    mean, se = before.restricted_mean(before.times[0])
    assert after.restricted_mean(after.times[0]) == pytest.approx((mean * unit, se * unit))


@steady
@given(cases)
def test_everybody_s_curve_is_the_one_of_the_table_of_distinct_cases(rows):
    distinct = sorted(set(rows))
    table = curve(distinct, counts=[rows.count(row) for row in distinct])
    assert table.survival.tolist() == curve(rows).survival.tolist()
    assert table.low == pytest.approx(curve(rows).low, nan_ok=True)


@steady
@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.integers(0, 20))
def test_without_open_cases_the_share_within_is_a_plain_share(durations, t):
    value, _, _ = kaplan_meier(durations, [True] * len(durations)).share_within(t)
    assert value == pytest.approx(np.mean(np.array(durations) <= t))


@steady
@given(cases, st.integers(2, 4))
def test_every_case_twice_over_keeps_the_curve_and_makes_it_surer(rows, times):
    before, after = curve(rows), curve(rows * times)
    assert after.survival == pytest.approx(before.survival)
    assert after.at_risk.tolist() == (before.at_risk * times).tolist()
    assert after.median()[0] == before.median()[0]
    known = (before.survival > 0) & (before.survival < 1)
    assert np.all((after.high - after.low)[known] < (before.high - before.low)[known])


@steady
@given(cases, st.lists(st.integers(0, 3), min_size=80, max_size=80))
def test_a_row_s_cases_may_stand_in_several_rows(rows, counts):
    """Each row's count is cut into two parts, either of which may be 0."""
    one, other = np.array(counts[: len(rows)]), np.array(counts[40 : 40 + len(rows)])
    whole, split = curve(rows, counts=one + other), curve(rows * 2, counts=[*one, *other])
    assert split.times.tolist() == whole.times.tolist()
    assert split.survival.tolist() == whole.survival.tolist()
    assert split.at_risk.tolist() == whole.at_risk.tolist()


@steady
@given(cases, cases)
def test_two_groups_together_have_the_events_and_the_waiting_of_both(first, second):
    def at(found, time):
        place = np.searchsorted(found.times, time)
        seen = place < len(found.times)
        events = found.events[place] if seen and found.times[place] == time else 0
        return np.array([found.at_risk[place] if seen else 0, events])

    together = curve(first + second)
    for time in together.times:
        assert at(together, time).tolist() == (at(curve(first), time) + at(curve(second), time)).tolist()


@steady
@given(cases, st.integers(1, 100))
def test_waiting_longer_by_the_same_time_moves_the_times_and_nothing_else(rows, later):
    before, after = curve(rows), curve([(duration + later, observed) for duration, observed in rows])
    assert after.times.tolist() == (before.times + later).tolist()
    assert after.survival.tolist() == before.survival.tolist()
    assert after.median() == tuple(value if value is None else value + later for value in before.median())


@steady
@given(cases)
def test_a_curve_changes_nothing_that_was_handed_in(rows):
    durations, observed = (np.array(column) for column in zip(*rows, strict=True))
    kept = durations.copy(), observed.copy()
    kaplan_meier(durations, observed)
    assert durations.tolist() == kept[0].tolist()
    assert observed.tolist() == kept[1].tolist()
