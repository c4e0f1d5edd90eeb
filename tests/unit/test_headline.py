"""The week's headline: new before lasting, better and worse only where one way is better, and "nothing new" said as news."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.charts.headline import headline, is_new, outlook, rest
from metrics.answer import Released
from metrics.progress import Progress
from metrics.semantic.model import Metric
from tests import answers

WEEK = date(2026, 11, 9)  # the Monday of week 46
SHARE = answers.metric(id="share", kind="mean")
NEITHER = answers.metric(id="open", kind="mean", better="neither")
USUAL = (0.20, 0.22, 0.21, 0.19, 0.20, 0.21, 0.20, 0.19, 0.21, 0.20, 0.22, 0.19, 0.20)
LOW = (0.15, 0.14, 0.15, 0.14, 0.15, 0.14, 0.15, 0.14)


def until_week_46(values: tuple[float, ...], of: Metric = SHARE) -> Released:
    return answers.released(*(answers.figure(47 - len(values) + at, one) for at, one in enumerate(values)), of=of)


def measure(title: str, *values: float, of: Metric = SHARE) -> Progress:
    return answers.progress(until_week_46(values, of), title=title)


QUIET = measure("Quiet", *USUAL)
WORSE = measure("Waiting", *USUAL, 0.9)
BETTER = measure("Repeats", *USUAL, *LOW)
HIGHER = measure("Cases", *USUAL, 0.9, of=NEITHER)
FEW = measure("Survey", 0.2, 0.3)


def test_what_is_new_comes_first_and_the_worse_before_the_better() -> None:
    better = measure("Answers", *USUAL, 0.01)
    assert headline([better, QUIET, HIGHER, WORSE, BETTER], WEEK) == (
        "New this week, worse: Waiting (in week 46). "
        "New this week, better: Answers (in week 46). "
        "New this week, unclear whether better: Cases (higher in week 46). "
        "Still better: Repeats (since 21 Sept 2026)."
    )


def test_what_lasts_is_told_as_such_and_that_nothing_is_new() -> None:
    assert headline([BETTER, QUIET], WEEK) == "Nothing new this week. Still better: Repeats (since 21 Sept 2026)."


def test_nothing_new_is_a_headline() -> None:
    assert headline([QUIET, QUIET], WEEK) == "Nothing new: all 2 measures are within what is usual."
    assert headline([QUIET], WEEK) == "Nothing new: the one measure is within what is usual."
    assert headline([QUIET, QUIET, FEW], WEEK) == (
        "Nothing new: all 2 measures that can be judged are within what is usual; 1 has too few values to tell."
    )


def test_two_figures_are_never_a_headline_however_far_apart() -> None:
    assert headline([FEW], WEEK) == "Nothing can be told yet: 1 measure has too few values."
    assert headline([measure("Two", 0.01, 0.99), QUIET], WEEK).startswith("Nothing new")


def test_without_any_settled_value_the_headline_says_so() -> None:
    nothing = answers.progress(answers.released(answers.figure(46, "too_early")), "no_value")
    assert headline([nothing], WEEK) == headline([], WEEK) == "No measure has a settled value yet."


def test_trial_limits_are_named_in_the_headline() -> None:
    assert headline([measure("Young", *USUAL[:8], 0.9)], WEEK) == (
        "New this week, worse: Young (in week 46, trial limits)."
    )


def test_where_two_rules_point_apart_it_is_unclear_even_of_a_judged_measure() -> None:
    last = WORSE.course.places[-1]
    apart = replace(WORSE.course, places=(*WORSE.course.places[:-1], replace(last, conflicts=True)))
    told = headline([replace(WORSE, course=apart)], WEEK)
    assert told == (
        "New this week, unclear whether better: Waiting (worse in week 46, another rule points the other way)."
    )


def test_a_signal_is_new_only_in_the_week_in_which_its_figure_settled() -> None:
    assert is_new(WORSE, WEEK)
    assert not is_new(WORSE, WEEK + timedelta(days=7))
    assert headline([WORSE], WEEK + timedelta(days=7)) == "Nothing new this week. Still worse: Waiting (in week 46)."
    maturing = measure("Slow", *USUAL, 0.9, of=replace(SHARE, mature_after=timedelta(days=7)))
    assert is_new(maturing, WEEK + timedelta(days=7))
    assert not is_new(BETTER, WEEK)  # its course said so a week ago
    assert not is_new(QUIET, WEEK)


def test_many_measures_are_counted_after_three() -> None:
    many = [replace(WORSE, title=f"M{number}") for number in range(5)]
    aside = "(in week 46)"
    assert headline(many, WEEK) == f"New this week, worse: M0 {aside}, M1 {aside}, M2 {aside} and 2 more."


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        ([WORSE], ""),
        ([WORSE, QUIET], "1 measure is within what is usual."),
        ([QUIET, QUIET, FEW, FEW], "2 measures are within what is usual; 2 measures have too few values to tell."),
    ],
)
def test_the_rest_is_counted(measures: list[Progress], told: str) -> None:
    assert rest(measures) == told


def test_only_what_will_miss_its_target_is_named_as_such() -> None:
    missing = answers.progress(until_week_46(USUAL), title="Repeats", target=0.01)
    perhaps = answers.progress(until_week_46(USUAL), title="Quiet", target=0.2)
    assert outlook([missing, perhaps]) == "Will miss the target if nothing changes: Repeats."
    assert outlook([perhaps]) == ""
