"""An effect in words and as a chart: points and so many of a hundred, hours, more or fewer; the words say what is drawn."""

import pytest

from dashboard.charts import effect_words
from dashboard.charts.event_study import event_study, interactive, interruption
from metrics.finding import Finding, Size
from tests import answers
from tests.rollouts import SHARE, ask_of, course, finding, plan, week

HOURS = answers.metric(unit="hours", kind="duration", source="mart_case")
COUNT = answers.metric(unit="count", kind="count", better="neither")
QUIET = {name: course(80, 0.3, wobble=at) for at, name in enumerate(("east", "west"), start=2)}


def told(metric, value, low, high, direction="down", **more):
    asked = answers.released(of=metric)
    return Finding(
        asked, metric.id, "improved", None, "alone", size=Size(value, low, high), direction=direction, **more
    )


@pytest.mark.parametrize(
    ("metric", "size", "words"),
    [
        (SHARE, (-0.12, -0.141, -0.099), "12.0 points lower (9.9 to 14.1)"),
        (SHARE, (-0.002, -0.029, 0.025), "0.2 points lower (from 2.9 lower to 2.5 higher)"),
        (HOURS, (-13.4, -17.7, -9.1), "13.4 hours lower (9.1 to 17.7)"),
        (COUNT, (53.3, 34.4, 72.2), "53 more per week (34 to 72)"),
        (COUNT, (-2.4, -4.1, 0.7), "2.4 fewer per week (from 4.1 fewer to 0.7 more)"),
        (SHARE, (0.12, None, None), "12.0 points higher"),
    ],
)
def test_an_effect_is_told_with_its_interval(metric, size, words):
    assert effect_words.effect(told(metric, *size), metric).replace("\u00a0", " ") == words


def test_an_effect_on_counts_of_wikis_is_a_share_of_what_was_usual():
    one = told(COUNT, 0.5, 0.4, 0.6, "up", is_relative=True)
    assert effect_words.effect(one, COUNT).replace("\u00a0", " ") == "50.0 % more than usual (40.0 to 60.0)"


@pytest.mark.parametrize(
    ("metric", "size", "direction", "words"),
    [
        (answers.METRIC, (-0.12, -0.141, -0.099), "down", "12 fewer of 100 blocks that ended (10 to 14)"),
        (answers.METRIC, (0.012, 0.008, 0.016), "up", "12 more of 1,000 blocks that ended (8 to 16)"),
        (answers.METRIC, (-0.002, -0.029, 0.025), None, ""),
        (HOURS, (-13.4, -17.7, -9.1), "down", ""),
    ],
)
def test_a_clear_change_of_a_share_is_so_many_of_a_hundred(metric, size, direction, words):
    assert effect_words.of_a_hundred(told(metric, *size, direction), metric) == words


def test_a_verdict_has_a_symbol_and_words():
    assert effect_words.verdict(told(SHARE, -0.1, -0.2, -0.05)) == "● Improved"


def test_an_event_study_has_a_dot_per_stretch_of_time_and_the_words_tell_it():
    found = finding(plan({"home": week(40)}), ask_of({"home": course(80, 0.3, 40, -0.1), **QUIET}))
    chart = event_study(found, SHARE)
    assert (len(chart.before), len(chart.since)) == (10, 10)
    assert (chart.before[0].when, chart.since[0].when) == ("weeks 40–37 before it", "weeks 1–4 since it began")
    assert chart.mean == pytest.approx(-10, abs=0.1)
    assert "As a whole: 10.0" in chart.alt
    assert "lower" in chart.alt
    drawn = interactive(chart)
    assert [list(one.y) for one in drawn.data] == [[dot.value for dot in dots] for dots in (chart.before, chart.since)]


def test_a_series_alone_is_drawn_with_where_it_would_have_led():
    both = {"home": week(60), "away": week(60)}
    values = course(80, 0.3, 60, -0.1)
    found = finding(plan(both), ask_of({"home": values, "away": values}))
    chart = interruption(found, SHARE, week(60))
    assert [step.value for step in chart.steps] == values
    assert [step.otherwise is None for step in chart.steps] == [True] * 60 + [False] * 20
    assert "Effect at the end: 9.9" in chart.alt
    assert len(interactive(chart).data) == 4


def test_a_finding_without_an_effect_has_no_chart():
    found = finding(plan({"home": week(75)}), ask_of({"home": course(80, 0.3), **QUIET}))
    assert event_study(found, SHARE) is None
    assert interruption(found, SHARE, week(75)) is None
    assert effect_words.effect(found, SHARE) == ""
