"""A control chart in words: since when, by which rule, whether it is good news, and when there is too little to say anything."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dashboard.charts import signals, words
from metrics.answer import Figure, Released, State
from metrics.course import Course, Phase, course
from metrics.semantic.model import Grain, Measure, Metric
from tests import answers

DAY = timedelta(days=1)
FIRST = date(2026, 6, 29)  # a Monday; the fourteenth week begins on 28 September
LOWER = answers.metric(id="wait", kind="mean", unit="hours", better="lower")
HIGHER = answers.metric(id="reached", kind="mean", unit="hours", better="higher")
NEITHER = answers.metric(id="open", kind="mean", unit="hours", better="neither")
SHARE = answers.metric(id="share", kind="mean")
QUIET = (10.0, 12.0, 11.0, 9.0, 10.0, 11.0, 10.0, 9.0, 11.0, 10.0, 12.0, 9.0, 10.0)
HIGH = (12.0, 12.5, 12.0, 12.2, 12.0, 12.5, 12.0, 12.4)


def weeks(*values: float | State, of: Metric = LOWER) -> Released:
    figures = []
    for at, value in enumerate(values):
        start = FIRST + at * 7 * DAY
        number, state = (None, value) if isinstance(value, str) else (float(value), "final")
        label = f"2026-W{start.isocalendar().week:02d}"
        figures.append(Figure(start, start + 6 * DAY, label, (), number, None, None, None, None, None, state))
    return answers.released(*figures, of=of)


def read(*values: float | State, of: Metric = LOWER, phases: tuple[Phase, ...] = (), target: Any = None) -> Course:
    return course(weeks(*values, of=of), phases, target)


def plain(text: str) -> str:
    return text.replace(words.NBSP, " ")


def said(*values: float | State, **more: Any) -> str:
    return plain(signals.sentence(read(*values, **more)))


@pytest.mark.parametrize(
    ("metric", "lead", "more"),
    [
        (LOWER, "Worse", "."),
        (HIGHER, "Better", "."),
        (NEITHER, "Higher", "; whether that is better it cannot tell."),
    ],
)
def test_a_shift_is_told_with_its_first_day_and_its_weeks_and_only_a_judged_metric_is_better(metric, lead, more):
    assert said(*QUIET, *HIGH, of=metric) == f"{lead} since 28 Sept 2026: 8 weeks above the mean{more}"


def test_one_week_beyond_a_limit_is_told_with_its_number():
    assert said(*QUIET, 30) == "Worse in week 40: above the upper limit."
    assert said(*QUIET, -10) == "Better in week 40: below the lower limit."
    assert said(*QUIET, 40, 45).startswith("Worse since 28 Sept 2026: 2 weeks above the upper limit.")


def test_a_trend_is_told_by_its_direction_and_not_by_the_side_it_is_on():
    assert said(*QUIET, 9.1, 9.4, 9.9, 10.3, 11.2, 12.3, 12.8) == "Worse since 28 Sept 2026: 7 weeks rising."


def test_a_fall_from_beyond_a_limit_counts_the_week_it_fell_from():
    assert said(*QUIET, 30, 12, 11.5, 11, 10.8, 10.6, 10.4).startswith("Better since 5 Oct 2026: 7 weeks falling.")


def test_of_several_weeks_those_beyond_the_limit_are_counted():
    assert said(*QUIET * 4, 13.6, 13.8, 19.0) == "Worse since 28 Jun 2027: 1 of 3 weeks above the upper limit."


def test_two_of_three_near_a_limit():
    assert said(*QUIET, 14.4, 11, 14.4) == "Worse in week 42: two of three weeks near the upper limit."


def test_what_is_usual_is_told_between_its_limits_and_none_that_no_value_can_reach():
    assert said(*QUIET) == "No change beyond the usual: between 6.3 h and 14.3 h."
    assert said(*(1.0, 3.0) * 7) == "No change beyond the usual: up to 7.3 h."
    assert said(*(0.9, 0.99) * 7, of=SHARE) == "No change beyond the usual: 70.6 % or more."
    assert said(*(0.2, 0.9) * 7, of=SHARE) == "No change beyond the usual."  # a share can be anything between 0 and 1
    assert said(*(2.0,) * 13) == "No change beyond the usual: 2.0 h."


def test_without_neighbours_there_are_no_limits_to_tell():
    assert (
        said(*(10, "no_data") * 8) == "No change beyond the usual. Trial limits, which may still move: 8 of 13 values."
    )


def test_where_too_many_periods_are_withheld_that_is_all_there_is_to_tell():
    few = read(*(10, "withheld") * 8)
    assert signals.notes(few) == (few.why,)
    told = signals.sentence(few)
    assert told == "Too many periods are withheld to tell: those that may be shown are not like the others."


def test_few_values_say_nothing_and_are_counted():
    assert said(10, 11, 10, 12, 10, 99) == "Too few values to tell: 6 of 13."
    assert said("no_data") == "No settled value yet."
    counted = answers.metric(id="share", numerator=Measure("count", "*"), denominator=Measure("count", "*"))
    two = [
        replace(one, numerator=x, denominator=n)
        for one, (x, n) in zip(weeks(0.02, 0.5).figures, ((2.0, 100.0), (100.0, 200.0)), strict=True)
    ]
    found = course(answers.released(*two, of=counted))
    assert found.run is not None  # the limits of chance are beyond doubt; two values are still no course
    assert (signals.run(found), signals.sentence(found)) == (None, "Too few values to tell: 2 of 13.")
    assert str(signals.variation(found)) == "○ Too few values to tell"


def test_trial_limits_are_said_to_be_some():
    assert said(10, 11, 10, 12, 10, 9, 10, 50) == (
        "Worse in week 34: above the upper limit. Trial limits, which may still move: 8 of 13 values."
    )


def test_a_new_phase_counts_its_own_values():
    phase = Phase(FIRST + 13 * 7 * DAY, "The desk sorts cases")
    assert said(*QUIET, 30, 31, phases=(phase,)) == "Too few values to tell: 2 of 13 since 28 Sept 2026."
    assert said(*QUIET, *(one + 20 for one in QUIET), phases=(phase,)).startswith(
        "No change beyond the usual: between 26.3 h"
    )


def test_a_rule_that_points_the_other_way_is_told():
    rising_far_below = (6.0, 6.4, 6.9, 7.3, 7.8, 8.3, 8.8)
    assert said(*QUIET, *rising_far_below) == (
        "Worse since 28 Sept 2026: 7 weeks rising. Another rule points the other way."
    )


def test_periods_have_the_noun_of_their_grain_and_a_survey_has_waves():
    def by(grain: Grain, kind: Any = "mean") -> str:
        answer = weeks(*QUIET, *HIGH, of=replace(LOWER, kind=kind))
        labels = {"quarter": "2027Q2", "fiscal_year": "FY2027"}
        figures = tuple(replace(one, label=labels.get(grain, one.label)) for one in answer.figures)
        return signals.sentence(course(replace(answer, by=grain, figures=figures)))

    assert by("month") == "Worse since Sept 2026: 8 months above the mean."
    assert by("quarter") == "Worse since 2027 Q2: 8 quarters above the mean."
    assert by("fiscal_year") == "Worse since FY2027: 8 fiscal years above the mean."
    assert by("month", "survey_share") == "Worse since Sept 2026: 8 waves above the mean."


@pytest.mark.parametrize(
    ("values", "metric", "sign"),
    [
        ((*QUIET, 30), LOWER, "↗ Worse"),
        ((*QUIET, -10), LOWER, "↘ Better"),
        ((*QUIET, 30), HIGHER, "↗ Better"),
        ((*QUIET, -10), NEITHER, "↘ Lower"),
        (QUIET, LOWER, "≈ As usual"),
        ((10,), LOWER, "○ Too few values to tell"),
        (("withheld",), LOWER, "○ No value yet"),
    ],
)
def test_direction_and_verdict_stand_in_symbol_and_words(values, metric, sign):
    assert str(signals.variation(read(*values, of=metric))) == sign


def test_where_space_is_short_the_verdict_stands_with_its_day():
    assert signals.brief(read(*QUIET, *HIGH)) == "↗ Worse since 28 Sept 2026"
    assert signals.brief(read(*QUIET, 30)) == "↗ Worse in week 40"
    assert signals.brief(read(*QUIET)) == "≈ As usual"


@pytest.mark.parametrize(
    ("metric", "target", "sign", "why"),
    [
        (LOWER, 20, "◎ Will meet the target", "all that is usual lies below it"),
        (LOWER, 1, "△ Will miss the target", "all that is usual lies above it"),
        (HIGHER, 20, "△ Will miss the target", "all that is usual lies below it"),
        (HIGHER, 1, "◎ Will meet the target", "all that is usual lies above it"),
        (HIGHER, 10, "◇ May or may not meet the target", "what is usual lies on both sides of it"),
    ],
)
def test_whether_a_target_will_be_met_is_told_with_its_reason(metric, target, sign, why):
    found = read(*QUIET, of=metric, target=target)
    assert str(signals.assurance(found)) == sign
    assert signals.outlook(found) == f"{sign[2:]} if nothing changes: {why}."


def test_nothing_is_said_of_a_target_without_one_or_without_values_to_tell():
    for found in (read(*QUIET), read(*QUIET, of=NEITHER, target=1), read(10, 11, 10, target=1)):
        assert (signals.assurance(found), signals.outlook(found)) == (None, "")


@pytest.mark.parametrize(("newest", "told"), [(0.10, None), (0.18, "△ Will miss the target")])
def test_old_limits_do_not_say_that_a_target_is_missed_that_the_newest_weeks_meet(newest, told):
    """Eight weeks below the mean of forty; of the second, too, none is as low as the target."""
    found = read(*[0.30, 0.31] * 20, *[newest] * 8, target=0.12)
    assert (found.assurance, found.run is not None) == ("fail", True)
    sign = signals.assurance(found)
    assert (str(sign) if sign else None) == told
    assert bool(signals.outlook(found)) == (told is not None)


def test_how_to_read_it_says_which_chart_and_what_cannot_be_compared():
    reworded = Phase(FIRST + 14 * DAY, "the question was reworded", is_comparable=False)
    chart, apart = signals.notes(read(*QUIET, phases=(reworded, Phase(FIRST + 21 * DAY, "Another desk"))))
    assert chart.startswith("Drawn as individuals chart (XmR). A mean is no count out of cases")
    assert apart == "Values before 13 Jul 2026 mean something else: the question was reworded."
    assert signals.notes(read("no_data")) == ()


def test_what_lasts_for_long_asks_somebody_for_new_limits_and_no_chart_draws_them_by_itself():
    (_, lasting) = signals.notes(read(*QUIET * 3, *HIGH, *HIGH))
    assert lasting.startswith("This has lasted for 16 weeks")
    assert len(signals.notes(read(*QUIET, *HIGH))) == 1
