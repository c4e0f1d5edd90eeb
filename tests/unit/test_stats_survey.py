"""Surveys: what the design says about everybody, what it cannot say, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.stats.survey import SurveyDesign, post_stratify, rake

steady = settings(max_examples=60, deadline=None, derandomize=True)
answers = st.lists(st.tuples(st.floats(0.5, 20), st.integers(-50, 50)), min_size=3, max_size=25)
nan = np.nan


def test_equal_weights_give_the_plain_mean_and_its_error():
    found = SurveyDesign([2, 2, 2, 2]).mean([1, 2, 3, 6])
    assert (found.value, found.se) == pytest.approx((3, np.std([1, 2, 3, 6], ddof=1) / 2))
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.975, 3) * found.se)
    assert (found.n, found.effective_n) == (4, 4)


def test_weights_count_people():
    """(1 * 4 + 3 * 8) / 4, worth 16 / 10 equal rows."""
    found = SurveyDesign([1, 3]).mean([4, 8])
    assert (found.value, found.effective_n) == pytest.approx((7, 1.6))


def test_the_design_effect_is_the_variance_over_that_of_a_simple_sample():
    """Four of eight people; strata take the difference between 1 and 9 away, clusters count it twice over."""
    y, simple = [1, 2, 9, 10], np.var([1, 2, 9, 10], ddof=1) * (8 - 4) / (8 * 4)
    strata = SurveyDesign([2] * 4, strata=["a", "a", "b", "b"]).mean(y)
    clusters = SurveyDesign([2] * 4, clusters=["a", "a", "b", "b"]).mean(y)
    assert strata.design_effect == pytest.approx(strata.se**2 / simple)
    assert strata.design_effect < 1 < clusters.design_effect
    assert SurveyDesign([2] * 4, population=[8] * 4).mean(y).design_effect == pytest.approx(1)
    assert SurveyDesign([2] * 4, population=[8] * 4).total(y).design_effect == pytest.approx(1)
    assert (strata.degrees_of_freedom, clusters.degrees_of_freedom) == (2, 1)


@pytest.mark.parametrize(("weights", "y"), [([1, 1, 1], [1, 2, 6]), ([5, 5, 5], [4, 4, 4]), ([5, 5, 5], [4, nan, nan])])
def test_without_people_or_differences_there_is_no_design_effect(weights, y):
    assert SurveyDesign(weights).mean(y).design_effect is None


def test_strata_take_their_own_differences_out_of_the_error():
    assert SurveyDesign([1] * 4, strata=["a", "a", "b", "b"]).mean([1, 1, 9, 9]).se == 0
    assert SurveyDesign([1] * 4).mean([1, 1, 9, 9]).se > 0


def test_clusters_that_agree_within_count_as_one_answer_each():
    """Three clusters with means 1, 2, 6: the error of their mean."""
    found = SurveyDesign([1] * 6, clusters=[7, 7, 8, 8, 9, 9]).mean([1, 1, 2, 2, 6, 6])
    assert found.se == pytest.approx(np.std([1, 2, 6], ddof=1) / np.sqrt(3))


def test_clusters_are_nested_in_strata():
    """Cluster 1 of each stratum is another cluster: four clusters less two strata."""
    design = SurveyDesign([1] * 4, strata=["a", "a", "b", "b"], clusters=[1, 2, 1, 2])
    assert design.degrees_of_freedom == 2


def test_a_sample_of_everybody_has_no_error():
    found = SurveyDesign([1, 1, 1], population=[3, 3, 3]).mean([1, 5, 9])
    assert (found.value, found.se, found.low) == (5, 0, 5)
    assert SurveyDesign([1, 1, 1], population=3 * [6]).mean([1, 5, 9]).se > 0


def test_a_missing_answer_is_left_out_and_not_zero():
    found = SurveyDesign([1, 1, 2, 1]).mean([1, nan, 4, None])
    assert (found.value, found.n) == (3, 2)


def test_a_group_keeps_the_clusters_in_which_it_has_nobody():
    """The group's mean is 2 of (1, 3); by hand its two scores -0.5 and 0.5 spread over four rows: 4/3 * 0.5."""
    found = SurveyDesign([1] * 4).mean([1, 3, nan, nan])
    assert found.se == pytest.approx(np.sqrt(4 / 3 * 0.5))


def test_no_answers_say_nothing():
    for found in (SurveyDesign([1, 1]).mean([nan, nan]), SurveyDesign([]).mean([]), SurveyDesign([]).share([])):
        assert (found.value, found.se, found.low, found.high, found.n, found.effective_n) == (None,) * 4 + (0, 0)
    assert SurveyDesign([]).total([]).value is None


def test_one_answer_has_a_value_and_no_error():
    for found in (SurveyDesign([1, 1]).mean([1, nan]), SurveyDesign([1, 1]).share([True, None])):
        assert (found.value, found.se, found.low, found.high, found.n) == (1, None, None, None, 1)


def test_a_share_s_interval_stays_inside_0_and_1():
    yes = [1] * 19 + [0]
    logit, beta, mean = (
        f(yes)
        for f in (
            SurveyDesign([1] * 20).share,
            lambda y: SurveyDesign([1] * 20).share(y, "beta"),
            SurveyDesign([1] * 20).mean,
        )
    )
    assert mean.high > 1 > max(logit.high, beta.high)
    assert (logit.value, logit.se) == (mean.value, mean.se) == (0.95, beta.se * 0 + mean.se)


@pytest.mark.parametrize("method", ["logit", "beta"])
def test_where_nobody_or_everybody_says_yes_the_interval_is_exact(method):
    """20 equal rows: 1 - 0.025 ** (1 / 20)."""
    design = SurveyDesign([3] * 20)
    nobody, everybody = design.share([0] * 20, method), design.share([True] * 20, method)
    assert (nobody.value, nobody.low, nobody.high) == pytest.approx((0, 0, 1 - 0.025 ** (1 / 20)))
    assert (everybody.value, everybody.low, everybody.high) == pytest.approx((1, 0.025 ** (1 / 20), 1))


@pytest.mark.parametrize("method", ["logit", "beta"])
def test_strata_that_are_of_one_mind_each_leave_doubt(method):
    """No spread was seen, but 20 people are not everybody: as 10 of 20, and a little less for the lost degree of t."""
    found = SurveyDesign([1] * 20, strata=[0] * 10 + [1] * 10).share([0] * 10 + [1] * 10, method)
    assert found.se == 0
    worth = 20 * (stats.t.ppf(0.975, 19) / stats.t.ppf(0.975, 18)) ** 2
    assert (found.value, found.low) == pytest.approx((0.5, stats.beta.ppf(0.025, worth / 2, worth / 2 + 1)))
    assert found.high == pytest.approx(1 - found.low)


@pytest.mark.parametrize("yes", [[0, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]])
def test_a_share_of_everybody_is_certain(yes):
    found = SurveyDesign([1] * 4, strata=[0, 0, 1, 1], population=[2] * 4).share(yes)
    assert found.value == found.low == found.high == np.mean(yes)


def test_last_bits_are_no_spread():
    """The sums of three weights of 0.1 differ in their last bit, and everybody in a stratum said the same."""
    found = SurveyDesign([0.1] * 6, strata=[0] * 3 + [1] * 3).share([1] * 3 + [0] * 3)
    assert 0 < found.low < 0.5 < found.high < 1


def test_a_total_counts_people_and_refuses_a_missing_answer():
    found = SurveyDesign([10, 20, 30]).total([1, 0, 2])
    assert (found.value, found.n) == (70, 3)
    assert found.se == pytest.approx(np.sqrt(3 * np.var([10, 0, 60], ddof=1)))
    with pytest.raises(ValueError, match="missing one would count as 0"):
        SurveyDesign([10, 20]).total([1, nan])


@pytest.mark.parametrize(
    ("design", "message"),
    [
        ({"weights": [1, -1]}, "weights"),
        ({"weights": [1, nan]}, "weights"),
        ({"weights": [[1, 1]]}, "weights"),
        ({"weights": [1, 1, 1], "strata": ["a", "a", "b"]}, "only one cluster"),
        ({"weights": [1, 1], "clusters": [4, 4]}, "only one cluster"),
        ({"weights": [1]}, "only one cluster"),
        ({"weights": [1, 1], "strata": ["a", None]}, "strata"),
        ({"weights": [1, 1], "clusters": [1, nan]}, "clusters"),
        ({"weights": [1, 1], "strata": ["a"]}, "strata"),
        ({"weights": [1, 1], "population": [9]}, "each of 2 rows"),
        ({"weights": [1, 1], "population": [9, 8]}, "population"),
        ({"weights": [1, 1], "population": [1, 1]}, "population"),
        ({"weights": [1, 1], "population": [nan, nan]}, "population"),
    ],
)
def test_a_design_that_cannot_be_is_refused(design, message):
    with pytest.raises(ValueError, match=message):
        SurveyDesign(**design)


def test_questions_that_cannot_be_answered_are_refused():
    design = SurveyDesign([1, 1])
    with pytest.raises(ValueError, match="yes or no"):
        design.share([0, 2])
    with pytest.raises(ValueError, match="logit or beta"):
        design.share([0, 1], "wald")
    with pytest.raises(ValueError, match="level"):
        design.mean([0, 1], level=95)
    with pytest.raises(ValueError, match="each of 2 rows"):
        design.mean([0, 1, 2])


def test_post_stratification_gives_each_group_its_people():
    design = post_stratify(SurveyDesign([1, 1, 1, 3]), ["new", "new", "old", "old"], {"new": 60, "old": 40, "gone": 0})
    assert design.weights.tolist() == pytest.approx([30, 30, 10, 30])
    assert design.mean([1, 1, 0, 0]).value == pytest.approx(0.6)


def test_what_the_groups_explain_is_no_longer_uncertain():
    """The groups' sizes are known, so a figure that only differs between groups has no error left."""
    drawn = SurveyDesign([1] * 6)
    design = post_stratify(drawn, list("aaabbb"), {"a": 30, "b": 10})
    assert design.mean([2, 2, 2, 8, 8, 8]).se == pytest.approx(0, abs=1e-12)
    assert drawn.mean([2, 2, 2, 8, 8, 8]).se > 0.5


def test_a_group_s_error_after_post_stratification_is_of_residuals():
    """Two groups of three; weights 10 and 5; residuals in a: -1 0 1, in b: -2 0 2; 6/5 * (2 * 100 + 8 * 25) / 45^2."""
    design = post_stratify(SurveyDesign([1] * 6), list("aaabbb"), {"a": 30, "b": 15})
    assert design.mean([1, 2, 3, 6, 8, 10]).se == pytest.approx(np.sqrt(6 / 5 * 400) / 45)


def test_raking_meets_every_margin():
    wiki, role = ["x", "x", "y", "y", "y"], ["new", "old", "new", "old", "old"]
    design = rake(SurveyDesign([1, 2, 3, 4, 5]), [(wiki, {"x": 40, "y": 60}), (role, {"new": 30, "old": 70})])
    assert design.weights[:2].sum() == pytest.approx(40)
    assert design.weights[[0, 2]].sum() == pytest.approx(30)
    odds = design.weights[0] * design.weights[3] / design.weights[1] / design.weights[2]
    assert odds == pytest.approx(1 * 4 / (2 * 3))


@pytest.mark.parametrize(
    ("groups", "totals", "message"),
    [
        (["a", "b"], {"a": 1}, r"without a total: \['b'\]"),
        (["a", "a"], {"a": 1, "b": 2}, r"no answers: \['b'\]"),
        (["a", "b"], {"a": 1, "b": 0}, "above 0"),
        (["a", "b"], {"a": 1, "b": nan}, "above 0"),
        (["a", None], {"a": 1}, "groups need a label"),
    ],
)
def test_groups_and_totals_that_do_not_match_are_refused(groups, totals, message):
    with pytest.raises(ValueError, match=message):
        post_stratify(SurveyDesign([1, 1]), groups, totals)


def test_a_group_whose_answers_weigh_nothing_is_refused():
    with pytest.raises(ValueError, match="answers with weight"):
        post_stratify(SurveyDesign([1, 1, 0]), ["a", "a", "b"], {"a": 1, "b": 2})


def test_margins_of_different_populations_are_refused():
    with pytest.raises(ValueError, match="different populations"):
        rake(SurveyDesign([1, 1]), [(["a", "b"], {"a": 1, "b": 2}), (["c", "d"], {"c": 1, "d": 3})])


def test_margins_that_no_weights_meet_are_refused():
    """Everybody in a is in c, and b in d, but the totals say otherwise."""
    with pytest.raises(ValueError, match="500 rounds"):
        rake(SurveyDesign([1, 1]), [(["a", "b"], {"a": 1, "b": 2}), (["c", "d"], {"c": 2, "d": 1})])


def test_weights_are_calibrated_once():
    design = post_stratify(SurveyDesign([1, 1]), ["a", "b"], {"a": 1, "b": 2})
    with pytest.raises(ValueError, match="calibrated already"):
        post_stratify(design, ["a", "b"], {"a": 1, "b": 2})


@steady
@given(answers, st.integers(-20, 20), st.sampled_from([0.5, 3, -2]))
def test_another_unit_moves_the_mean_and_stretches_its_error(rows, shift, stretch):
    weights, y = np.array(rows).T
    before, after = SurveyDesign(weights).mean(y), SurveyDesign(weights).mean(y * stretch + shift)
    assert after.value == pytest.approx(before.value * stretch + shift, abs=1e-9)
    assert after.se == pytest.approx(before.se * abs(stretch), abs=1e-9)


@steady
@given(answers, st.floats(0.01, 100))
def test_only_the_proportions_of_the_weights_matter_to_a_mean(rows, factor):
    weights, y = np.array(rows).T
    before, after = SurveyDesign(weights).mean(y), SurveyDesign(weights * factor).mean(y)
    assert (after.value, after.se) == pytest.approx((before.value, before.se), abs=1e-9)
    assert after.effective_n == pytest.approx(before.effective_n)


@steady
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
    mixed = random.sample(rows, len(rows))
    before, after = (SurveyDesign(*[np.array(table).T[0]]).mean(np.array(table).T[1]) for table in (rows, mixed))
    assert (after.value, after.se) == pytest.approx((before.value, before.se), abs=1e-9)


@steady
@given(
    st.lists(st.tuples(st.floats(0.5, 20), st.booleans()), min_size=3, max_size=25), st.sampled_from(["logit", "beta"])
)
def test_the_share_of_no_mirrors_the_share_of_yes(rows, method):
    weights, yes = np.array([weight for weight, _ in rows]), np.array([said for _, said in rows])
    design = SurveyDesign(weights)
    found, mirrored = design.share(yes, method), design.share(~yes, method)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert (mirrored.value, mirrored.low, mirrored.high) == pytest.approx(
        (1 - found.value, 1 - found.high, 1 - found.low), abs=1e-6
    )


@steady
@given(answers, st.sampled_from([2, 3]))
def test_rows_with_the_same_answer_and_cluster_may_be_one_row_with_their_weights(rows, times):
    """Weights that are split over rows of one cluster count the same people."""
    weights, y = np.array(rows).T
    split = SurveyDesign(np.repeat(weights / times, times), clusters=np.repeat(np.arange(len(rows)), times))
    before, after = SurveyDesign(weights).mean(y), split.mean(np.repeat(y, times))
    assert (after.value, after.se, after.low) == pytest.approx((before.value, before.se, before.low), abs=1e-9)


@steady
@given(answers, st.data())
def test_totals_of_groups_sum_to_the_total_of_all(rows, data):
    weights, y = np.array(rows).T
    groups = np.array(data.draw(st.lists(st.sampled_from("abc"), min_size=len(rows), max_size=len(rows))))
    design = SurveyDesign(weights)
    parts = [design.total(np.where(groups == group, y, 0)).value for group in "abc"]
    assert sum(parts) == pytest.approx(design.total(y).value, abs=1e-6)


@steady
@given(answers, st.floats(0.01, 100))
def test_a_total_grows_with_its_weights(rows, factor):
    weights, y = np.array(rows).T
    before, after = SurveyDesign(weights).total(y), SurveyDesign(weights * factor).total(y)
    assert (after.value, after.se) == pytest.approx((before.value * factor, before.se * factor), rel=1e-6, abs=1e-6)


@steady
@given(st.lists(st.tuples(st.floats(0.5, 20), st.integers(-50, 50), st.sampled_from("ab")), min_size=6, max_size=25))
def test_strata_keep_the_mean_and_their_names_do_not_matter(rows):
    weights, y, names = (np.array(column) for column in zip(*rows, strict=True))
    names[:4] = ["a", "a", "b", "b"]
    plain, strata = SurveyDesign(weights).mean(y), SurveyDesign(weights, strata=names).mean(y)
    renamed = SurveyDesign(weights, strata=np.where(names == "a", "z", "y")).mean(y)
    assert strata.value == pytest.approx(plain.value, abs=1e-9)
    assert (renamed.value, renamed.se) == pytest.approx((strata.value, strata.se), abs=1e-9)
    assert strata.degrees_of_freedom == plain.degrees_of_freedom - 1


@steady
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=10), st.integers(2, 4))
def test_strata_that_are_alike_make_the_error_of_one_smaller_by_their_number(y, times):
    """Each stratum is the same sample of as many people: the variance of their mean is one's over their number."""
    one = SurveyDesign([1] * len(y)).mean(y)
    many = SurveyDesign([1] * len(y) * times, strata=np.repeat(range(times), len(y))).mean(y * times)
    assert (many.value, many.se) == pytest.approx((one.value, one.se / np.sqrt(times)), abs=1e-9)


@steady
@given(answers, st.data())
def test_calibrating_to_what_the_weights_say_already_changes_no_weight(rows, data):
    weights, y = np.array(rows).T
    groups = np.array(data.draw(st.lists(st.sampled_from("ab"), min_size=len(rows), max_size=len(rows))))
    totals = {group: weights[groups == group].sum() for group in set(groups.tolist())}
    design = post_stratify(SurveyDesign(weights), groups, totals)
    assert design.weights == pytest.approx(weights)
    assert design.mean(y).value == pytest.approx(SurveyDesign(weights).mean(y).value, abs=1e-9)


@steady
@given(answers, st.floats(1, 1000), st.floats(1, 1000))
def test_calibrated_weights_meet_their_totals_whatever_scale_they_began_with(rows, new, old):
    weights, _ = np.array(rows).T
    groups = np.array(["new", "old"] * len(rows))[: len(rows)]
    designs = [
        post_stratify(SurveyDesign(scaled), groups, {"new": new, "old": old}) for scaled in (weights, weights * 9)
    ]
    assert designs[0].weights == pytest.approx(designs[1].weights)
    assert designs[0].total(groups == "new").value == pytest.approx(new)
    assert designs[0].total(groups == "new").se == pytest.approx(0, abs=1e-6)


@steady
@given(answers)
def test_raking_on_one_margin_is_post_stratification(rows):
    weights, y = np.array(rows).T
    groups = np.array(["new", "old"] * len(rows))[: len(rows)]
    totals = {"new": 30, "old": 70}
    once, twice = (rake(SurveyDesign(weights), [(groups, totals)] * times) for times in (1, 2))
    assert twice.weights == pytest.approx(once.weights)
    assert twice.mean(y).se == pytest.approx(once.mean(y).se, abs=1e-9)


@steady
@given(answers)
def test_asking_changes_nothing_that_was_handed_in(rows):
    weights, y = np.array(rows).T
    kept = weights.copy(), y.copy()
    design = SurveyDesign(weights)
    design.mean(y), design.total(y), post_stratify(design, ["x"] * len(rows), {"x": 9})
    assert (weights.tolist(), y.tolist()) == (kept[0].tolist(), kept[1].tolist())
