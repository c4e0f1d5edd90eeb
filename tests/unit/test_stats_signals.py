"""The rules of control charts, each by itself: centre 0, close lines at 2, limits at 3."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.signals import Lines, mark

nan = np.nan
WAYS = {1: "+", -1: "-", 0: "."}

with_gaps = st.lists(st.one_of(st.integers(-6, 6).map(float), st.just(nan)), min_size=1, max_size=40)


def around_zero(points):
    """Rules and their directions where the centre is 0, the close lines 2 and the limits 3."""
    zero = np.zeros((1, 1))
    marks = mark(np.array([points], float), Lines(zero, zero, zero + 3))
    rules = "".join("-ot2s"[rule] for rule in marks.rules[0])
    return rules, "".join(WAYS[way] for way in marks.directions[0].tolist())


def test_outside_is_strictly_beyond_a_limit():
    assert around_zero([0, 3, 3.1, 0, -3, -3.1]) == ("--o--o", "..+..-")


def test_trend_is_seven_points_that_rise_or_fall_at_every_step():
    assert around_zero([0, -1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2, 0]) == ("-ttttttt-", ".+++++++.")
    assert around_zero([0, -0.8, -0.4, 0, 0.4, 0.8, 1.2, 0]) == ("--------", "........")


def test_trend_ends_with_a_tie():
    assert around_zero([-1.2, -0.8, -0.4, 0, 0, 0.4, 0.8, 1.2])[0] == "--------"


def test_trend_of_more_than_seven_points_flags_them_all():
    assert around_zero([1.2, 0.9, 0.6, 0.3, 0, -0.3, -0.6, -0.9, -1.2]) == ("ttttttttt", "---------")


def test_two_of_three_flags_the_points_beyond_the_close_line():
    assert around_zero([0, 2.1, 0.1, 2.5, 0]) == ("-2-2-", ".+.+.")
    assert around_zero([0, -2.1, -2.5, -0.1, 0]) == ("-22--", ".--..")


def test_two_of_three_wants_the_third_point_on_the_same_side():
    assert around_zero([0, 2.1, -0.1, 2.5, -1])[0] == "-----"
    assert around_zero([0, 2.1, 0, 2.5, -1])[0] == "-----"
    assert around_zero([2.1, 2.5, -1])[0] == "---"


def test_two_of_three_counts_points_outside_the_limits():
    """The rule of November 2023: before, a point outside was no member."""
    assert around_zero([0, 3.5, 3.5, 2.1, 0])[0] == "-oo2-"


def test_two_of_three_is_strict_and_wants_three_points():
    assert around_zero([0, 2, 2.5, 0.3, 0])[0] == "-----"
    assert around_zero([2.5, 2.5])[0] == "--"


def test_shift_is_seven_points_on_one_side():
    assert around_zero([-1, 1, 1.5, 1, 1.5, 1, 1.5, 1, -1]) == ("-sssssss-", ".+++++++.")
    assert around_zero([-1, 1, 1.5, 1, 1.5, 1, 1.5, -1])[0] == "--------"


def test_shift_ends_with_a_point_on_the_centre():
    assert around_zero([1, 1.5, 1, 1.5, 0, 1, 1.5, 1])[0] == "--------"


def test_the_first_rule_that_holds_is_the_signal():
    """All lie above the centre: one outside, a rise, two beyond the close line."""
    assert around_zero([0.3, 0.5, 0.8, 1.2, 1.6, 2.5, 3.5])[0] == "tttttto"
    assert around_zero([1, 1, 1, 1, 2.5, 2.1, 3.5])[0] == "ssss22o"


def test_rules_do_not_see_across_a_missing_point():
    assert around_zero([1, 1.5, 1, nan, 1.5, 1, 1.5, 1, 1.5])[0] == "---------"
    assert around_zero([-1.2, -0.8, -0.4, nan, 0, 0.4, 0.8, 1.2])[0] == "--------"
    assert around_zero([2.5, nan, 2.5, 0.1])[0] == "----"


def test_steps_and_sides_that_differ_by_the_last_bit_are_none():
    assert around_zero([-0.3, -0.2, -0.1, 0.1 + 0.2, 0.3, 0.4, 0.5])[0] == "-------"
    assert around_zero([1, 1, 1e-17, 1, 1, 1, 1])[0] == "-------"
    assert around_zero([3 + 1e-12, -3 - 1e-12])[0] == "--"


def test_where_a_rise_turns_into_a_fall_the_apex_falls():
    rise_and_fall = [-1.8, -1.2, -0.6, 0, 0.6, 1.2, 1.8, 1.2, 0.6, 0, -0.6, -1.2, -1.8]
    assert around_zero(rise_and_fall) == ("t" * 13, "++++++-------")


def test_where_one_rise_breaks_off_into_another_the_step_between_them_decides():
    """The seventh point rose and falls to a point that is in a trend too: down, as NHSRplotthedots has it."""
    rise = [-1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2]
    assert around_zero(rise + rise) == ("t" * 14, "++++++-+++++++")
    assert around_zero([*rise, *rise[:6]]) == ("t" * 7 + "-" * 6, "+++++++......")


def test_where_a_rise_rests_before_it_goes_on_all_of_it_rises():
    rise = [-1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2]
    assert around_zero([*rise, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8]) == ("t" * 14, "+" * 14)


def test_a_point_that_another_rule_would_turn_around_is_a_conflict():
    zero = np.zeros((1, 1))
    falling = np.array([[3.5, 2.9, 1.5, 1, 0.5, 0, -0.5]])
    assert mark(falling, Lines(zero, zero, zero + 3)).conflicts.tolist() == [[True, True] + [False] * 5]


def test_where_there_are_no_limits_trends_and_shifts_are_signals_still():
    zero = np.zeros((1, 1))
    marks = mark(np.array([[9.0, 8, 9, 8, 9, 8, 9]]), Lines(zero, zero, zero + nan))
    assert marks.rules.tolist() == [[4] * 7]


def plain_marks(points):
    """The rules point by point, with centre 0, close lines 2 and limits 3: slow, and written from the handbook."""
    n, found = len(points), {}
    for sign in (1, -1):
        y = [sign * point for point in points]
        for first in range(n - 6):
            seven = range(first, first + 7)
            if all(y[place] > 0 for place in seven):
                found.update({("s", place): sign for place in seven})
        for first in range(n - 2):
            three = range(first, first + 3)
            if all(y[place] > 0 for place in three) and sum(y[place] > 2 for place in three) >= 2:
                found.update({("2", place): sign for place in three if y[place] > 2})
        found.update({("o", place): sign for place in range(n) if y[place] > 3})
    steps = [later - earlier for earlier, later in pairwise(points)]
    for first in range(n - 6):
        for sign in (1, -1):
            if all(sign * step > 0 for step in steps[first : first + 6]):
                found.update({("t", place): sign for place in range(first, first + 7)})
    for place, step in enumerate(steps):
        if ("t", place) in found and ("t", place + 1) in found and step != 0:
            found["t", place] = 1 if step > 0 else -1
    first = [next((rule for rule in "ot2s" if (rule, place) in found), "-") for place in range(n)]
    return "".join(first), "".join(WAYS[found.get((rule, place), 0)] for place, rule in enumerate(first))


@given(with_gaps, st.booleans())
def test_the_rules_are_those_of_the_handbook_point_by_point(points, running):
    """Half of the series wander, so that trends occur."""
    points = np.cumsum(np.nan_to_num(points)) / 2 if running else np.array(points)
    points = np.clip(points, -4, 4).tolist()
    assert around_zero(points) == plain_marks(points)


@given(with_gaps)
def test_signals_stay_on_their_side_of_a_missing_point(values):
    """A point before a gap is marked as if the series ended there."""
    gap = len(values) // 2
    values[gap] = nan
    zero = np.zeros((1, 1))
    lines = Lines(zero, zero, zero + 3)
    row = mark(np.array([values]), lines)
    for part in (slice(None, gap), slice(gap + 1, None)):
        alone = mark(np.array([values])[:, part], lines)
        assert alone.rules.tolist() == row.rules[:, part].tolist()
        assert alone.directions.tolist() == row.directions[:, part].tolist()
