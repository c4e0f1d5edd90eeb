"""Two figures differ by more than chance, or they may not, or nobody can tell: each kind by its own rule."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from metrics import catalog
from metrics.answer import Figure
from metrics.difference import difference
from metrics.reason import Difference
from tests import answers

SHARE = answers.metric(better="lower")
COUNTED = catalog.definitions()["block_recidivism_30d"]
COUNT = catalog.definitions()["cases_opened"]
MEDIAN = catalog.definitions()["first_response_median_hours"]


def share(week: int, x: float, n: float) -> Figure:
    return replace(answers.figure(week, x / n), numerator=x, denominator=n, n=round(n))


def test_shares_differ_where_newcombes_interval_leaves_0_out() -> None:
    """R: DescTools::BinomDiffCI(56, 70, 48, 80, method = "score") gives .0524 to .3339 (Newcombe 1998, table II)."""
    found = difference(COUNTED, share(40, 48, 80), share(41, 56, 70))
    assert (found.size, found.low, found.high) == (pytest.approx(0.2), pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))  # fmt: skip
    assert found.is_clear is True
    assert difference(COUNTED, share(40, 10, 100), share(41, 12, 100)).is_clear is False


def test_a_rate_that_can_be_more_than_1_has_no_interval_of_a_share() -> None:
    assert difference(COUNTED, share(40, 3, 2), share(41, 1, 2)) == Difference(-1.0, None, None, None)
    rate = replace(COUNTED, can_exceed_1=True)
    assert difference(rate, share(40, 1, 2), share(41, 2, 2)) == Difference(0.5, None, None, None)


def test_counts_are_compared_per_day() -> None:
    def count(week: int, value: float, days: int) -> Figure:
        one = answers.figure(week, value)
        return replace(one, end=one.start + timedelta(days=days - 1))

    assert difference(COUNT, count(40, 2800, 28), count(41, 3100, 31)).is_clear is False  # a hundred a day in both
    assert difference(COUNT, count(40, 280, 28), count(41, 400, 28)).is_clear is True
    assert difference(COUNT, count(40, 400, 28), count(41, 280, 28)).is_clear is True
    assert difference(COUNT, count(40, 0, 28), count(41, 20, 28)).is_clear is True  # the ratio has no upper end
    assert difference(COUNT, count(40, 0, 28), count(41, 0, 28)).is_clear is None


def test_of_different_things_the_interval_is_of_the_counting_and_says_nothing_of_chance() -> None:
    metric = catalog.definitions()["case_languages"]
    found = difference(metric, answers.figure(40, 100.0, width=2.0), answers.figure(41, 900.0, width=2.0))
    assert found == Difference(800.0, None, None, None)


@pytest.mark.parametrize(("before", "after", "is_clear"), [(10.0, 20.0, True), (20.0, 10.0, True), (10.0, 13.0, False)])
def test_other_kinds_differ_where_their_intervals_do_not_meet(before: float, after: float, is_clear: bool) -> None:
    found = difference(MEDIAN, answers.figure(40, before, width=2.0), answers.figure(41, after, width=2.0))
    assert (found.size, found.is_clear) == (after - before, is_clear)


@pytest.mark.parametrize("figure", [answers.figure(41, 13.0), answers.figure(41, "withheld")])
def test_without_an_interval_or_a_value_nobody_can_tell(figure: Any) -> None:
    assert difference(MEDIAN, answers.figure(40, 1.0, width=0.5), figure).is_clear is None
