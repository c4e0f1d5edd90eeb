"""Surveys: answers without weight, infinite answers, arrays that change later, and nothing to weight to."""

import numpy as np
import pytest

from metrics.stats.survey import SurveyDesign, rake

nan = np.nan


def test_an_answer_without_weight_is_no_second_one():
    """The first row stands for nobody and the second has no answer: one is left, and no spread to see."""
    found = SurveyDesign([0, 1, 1]).mean([1, nan, 4])
    assert (found.value, found.se, found.low, found.high, found.n) == (4, None, None, None, 2)
    assert SurveyDesign([0, 1, 1]).share([1, nan, 1]).low is None


@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_an_infinite_answer_is_refused(infinite):
    design = SurveyDesign([1, 1])
    for estimate in (design.mean, design.total):
        with pytest.raises(ValueError, match="infinite"):
            estimate([1, infinite])


def test_what_its_owner_does_to_an_array_later_does_not_change_the_design():
    weights, population = np.array([1.0, 3.0, 1.0, 3.0]), np.array([10.0] * 4)
    strata, clusters = np.array(["a"] * 4, dtype=object), np.array([1, 2, 3, 4])
    design = SurveyDesign(weights, strata, clusters, population)
    sexes = np.array(["w", "w", "m", "m"], dtype=object)
    before = design.mean([1, 2, 3, 4]), rake(design, [(sexes, {"w": 10, "m": 10})]).mean([1, 2, 3, 4])
    weights[0], population[0], strata[0], clusters[0] = 9, 99, "b", 2
    assert design.weights.tolist() == [1, 3, 1, 3]
    assert (design.mean([1, 2, 3, 4]), rake(design, [(sexes, {"w": 10, "m": 10})]).mean([1, 2, 3, 4])) == before
    with pytest.raises(ValueError, match="read-only"):
        design.weights[0] = 9


def test_raking_needs_a_margin():
    with pytest.raises(ValueError, match="no margins"):
        rake(SurveyDesign([1, 1]), [])
