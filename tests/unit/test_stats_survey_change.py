"""Change between waves: independent waves, a panel, and words that were changed."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from metrics.stats.survey import Estimate, SurveyDesign
from metrics.stats.survey_change import Change, PanelWave, Wave, change, panel_change

nan = np.nan
ASKED = "Do you feel safe on this wiki? Yes / No / I would rather not say"


def of(values, wording=ASKED, **drawn):
    return Wave(wording, SurveyDesign([1] * len(values), **drawn).mean(values))


def test_variances_of_independent_waves_add():
    """Means 2 and 5; variances 1/3 each; both designs have 2 degrees of freedom, and so 4 together."""
    found = change(of([1, 2, 3]), of([4, 5, 6]))
    assert (found.value, found.se, found.n) == (3, pytest.approx(math.sqrt(2 / 3)), 6)
    assert found.degrees_of_freedom == pytest.approx(4)
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, 4) * found.se)
    assert found.value - found.low == pytest.approx(found.high - found.value)


def test_the_change_of_two_plain_samples_is_welch_s():
    first, second = [1, 2, 3, 9], [4, 5, 6, 5, 5, 8, 1]
    found, welch = change(of(first), of(second), level=0.8), stats.ttest_ind(second, first, equal_var=False)
    assert found.degrees_of_freedom == pytest.approx(welch.df)
    assert (found.low, found.high) == pytest.approx(tuple(welch.confidence_interval(0.8)))


def test_a_share_changes_in_points():
    first, second = (SurveyDesign([1] * 50).share(np.arange(50) < yes) for yes in (10, 20))
    found = change(Wave(ASKED, first), Wave(ASKED, second))
    assert found.value == pytest.approx(0.2)
    assert found.se == pytest.approx(math.sqrt(0.16 / 49 + 0.24 / 49))


def test_where_nobody_said_yes_the_waves_own_intervals_are_combined():
    """Without a variance, adding variances would take the first wave for certain."""
    first, second = (SurveyDesign([1] * 20).share(np.arange(20) < yes) for yes in (0, 5))
    found = change(Wave(ASKED, first), Wave(ASKED, second))
    assert (found.value, found.se, found.degrees_of_freedom) == (0.25, None, None)
    assert found.low == pytest.approx(0.25 - math.hypot(0.25 - second.low, first.high))
    assert found.high == pytest.approx(second.high)


def test_two_counts_of_everybody_differ_without_doubt():
    found = change(of([1, 2, 3], population=[3] * 3), of([4, 5, 6], population=[3] * 3))
    assert (found.value, found.se, found.low, found.high) == (3, 0, 3, 3)


def test_a_wave_without_answers_has_no_change_and_one_answer_has_no_error():
    nobody = change(of([1, 2]), of([nan, nan]))
    assert (nobody.value, nobody.se, nobody.low, nobody.n) == (None, None, None, 2)
    one = change(of([1, 3]), of([5, nan]))
    assert (one.value, one.se, one.low, one.high, one.degrees_of_freedom) == (3, None, None, None, None)


@pytest.mark.parametrize("wording", ["Do you feel safe on this wiki? Yes / No", "do you feel safe", "", "  "])
def test_other_words_are_another_question(wording):
    with pytest.raises(ValueError, match=r"words in which it asked|asked in other words"):
        change(of([1, 2]), of([1, 2], wording))
    with pytest.raises(ValueError, match=r"words in which it asked|asked in other words"):
        panel_change(panel([7, 8], [1, 2], wording), panel([7, 8], [1, 2]))


def test_another_line_break_is_no_other_wording():
    assert change(of([1, 2]), of([1, 2], ASKED.replace(" ", "\n "))).value == 0


def test_a_level_is_a_share():
    with pytest.raises(ValueError, match="level"):
        change(of([1, 2]), of([1, 2]), level=95)


def panel(ids, answers, wording=ASKED, **drawn):
    return PanelWave(wording, ids, answers, SurveyDesign([1] * len(ids), **drawn))


def test_a_panel_s_change_is_that_of_its_members():
    """Differences 1, 1 and 4, in whatever order the waves have them."""
    found = panel_change(panel(["a", "b", "c"], [1, 5, 9]), panel(["c", "a", "b"], [13, 2, 6]))
    assert (found.value, found.n, found.degrees_of_freedom) == (2, 3, 2)
    assert found.se == pytest.approx(np.std([1, 1, 4], ddof=1) / math.sqrt(3))
    assert found.high == pytest.approx(2 + stats.t.ppf(0.975, 2) * found.se)


def test_a_panel_is_surer_than_two_samples_with_the_same_answers():
    answers, later = [1, 5, 9, 3], [2, 6, 11, 4]
    assert panel_change(panel(range(4), answers), panel(range(4), later)).se < change(of(answers), of(later)).se


def test_whoever_answered_once_is_left_out():
    found = panel_change(
        panel(["a", "b", "gone", "d"], [1, 5, 100, 2]), panel(["a", "b", "new", "d"], [2, 7, 100, nan])
    )
    assert (found.value, found.n) == (1.5, 2)


def test_a_panel_without_a_common_member_has_no_change():
    found = panel_change(panel(["a", "b"], [1, 2]), panel(["c", "d"], [1, 2]))
    assert (found.value, found.se, found.n, found.degrees_of_freedom) == (None, None, 0, None)


@pytest.mark.parametrize(
    ("ids", "answers"), [(["a", "a"], [1, 2]), (["a", None], [1, 2]), (["a", nan], [1, 2]), (["a", "b"], [1])]
)
def test_a_panel_s_ids_are_one_for_each_member(ids, answers):
    with pytest.raises(ValueError, match="id"):
        panel_change(PanelWave(ASKED, ids, answers, SurveyDesign([1, 1])), panel(["a", "b"], [1, 2]))


waves = st.lists(st.integers(-20, 20), min_size=2, max_size=12)


@given(waves, waves)
def test_back_again_is_the_same_change_with_the_other_sign(first, second):
    there, back = change(of(first), of(second)), change(of(second), of(first))
    assert back.value == -there.value
    assert back.se == there.se
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))


@given(waves, waves, st.integers(-5, 5), st.sampled_from([0.5, 3.0]))
def test_another_unit_stretches_the_change_and_a_shift_of_both_is_none(first, second, shift, stretch):
    moved = [of([value * stretch + shift for value in wave]) for wave in (first, second)]
    before, after = change(of(first), of(second)), change(*moved)
    assert after.value == pytest.approx(before.value * stretch, abs=1e-9)
    assert after.se == pytest.approx(before.se * stretch, abs=1e-9)


def test_waves_that_nobody_answered_have_no_change():
    nothing = Estimate(None, None, None, None, 0, 0.0)
    assert change(Wave(ASKED, nothing), Wave(ASKED, nothing)) == Change(None, None, None, None, None, 0)
