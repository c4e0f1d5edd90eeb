"""Which words an effect deserves."""

import pytest

from metrics.stats.verdict import Effect, Verdict, confirmed, judge

ROSE = Effect(3, 1, 1, 5)
FELL = Effect(-3, 1, -5, -1)
UNSURE = Effect(1, 1, -1, 3)


@pytest.mark.parametrize(
    ("effect", "better", "word"),
    [
        (ROSE, "higher", "improved"),
        (ROSE, "lower", "worsened"),
        (FELL, "higher", "worsened"),
        (FELL, "lower", "improved"),
        (ROSE, "neither", "no verdict"),
        (UNSURE, "higher", "no detectable effect"),
        (UNSURE, "neither", "no detectable effect"),
        (Effect(3, 1, None, None), "higher", "no verdict"),
    ],
)
def test_the_word_is_that_of_the_direction_that_is_better(effect, better, word):
    assert judge(effect, better, 2.8).word == word


def test_where_neither_way_is_better_only_the_move_is_told():
    assert judge(FELL, "neither", 2.8).why == (
        "it fell by 3 (95 % interval -5 to -1); whether that is good this measure cannot tell"
    )


def test_no_detectable_effect_says_what_would_have_been_seen():
    found = judge(UNSURE, "lower", 2.8)
    assert found.why == (
        "the interval holds 0 (95 % interval -1 to 3); only an effect of 2.8 or more would probably have been seen"
    )
    assert found.smallest_detectable == 2.8


def test_an_interval_that_ends_at_zero_holds_it():
    assert not Effect(1, 0.5, 0, 2).is_clear
    assert not Effect(-1, 0.5, -2, 0).is_clear


@pytest.mark.parametrize(("p", "word"), [(0.05, "improved"), (0.051, "no verdict")])
def test_a_permutation_agrees_up_to_five_percent(p, word):
    assert confirmed(Verdict("improved", "it rose"), ROSE, p, 0.01, "100 assignments").word == word


def test_a_permutation_that_cannot_reach_five_percent_leaves_no_verdict_even_without_an_effect():
    found = confirmed(
        Verdict("no detectable effect", "it holds 0", 2.8), UNSURE, 0.5, 1 / 6, "6 units allow 6 assignments"
    )
    assert found == Verdict(
        "no verdict", "6 units allow 6 assignments: the smallest possible p is 0.17, so chance cannot be ruled out", 2.8
    )
