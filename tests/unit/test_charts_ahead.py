"""The way to a target as a chart: settled figures, the line, where it should be by now, and what is to come."""

from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.charts.ahead import ahead_chart, interactive
from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.outlook import Outlook, outlook
from metrics.target_path import Aim
from tests import answers, courses

LOWER = answers.metric(better="lower")
VALUES = [0.30, 0.28, 0.29, 0.27, 0.26, 0.27, 0.25, 0.24, 0.25, 0.23]  # 2026-W36 to W45
AIM = Aim(0.20, date(2026, 9, 28), date(2026, 12, 2))


def found(*figures: Figure, aim: Aim = AIM) -> Outlook:
    told = outlook(courses.course(answers.released(*figures, of=LOWER), (None, None, None)), aim, Rules())
    assert isinstance(told, Outlook)
    return told


def weeks(*values: Any) -> list[Figure]:
    return [answers.figure(36 + at, value) for at, value in enumerate(values)]


def test_the_words_say_last_value_line_target_and_forecast() -> None:
    told = ahead_chart(found(*weeks(*VALUES))).alt.replace("\u00a0", " ")
    assert "Last settled figure: week 45, 2–8 Nov 2026: 23.0 %." in told
    assert "Should be by now: 23.1 %." in told
    assert "Target 20.0 % on 2 Dec 2026." in told
    assert "on 29 Nov 2026 (80 % interval)." in told


def test_a_period_stands_on_its_last_day_and_the_line_ends_at_the_target() -> None:
    chart = ahead_chart(found(*weeks(*VALUES)))
    assert chart.stops[-1].day == date(2026, 11, 8)
    assert [(one.day, round(one.value, 3)) for one in chart.way] == [
        (date(2026, 9, 27), 0.285),
        (date(2026, 12, 2), 0.2),
    ]
    assert chart.expected is not None
    assert chart.expected.day == date(2026, 11, 8)
    assert chart.axis.high >= max(one.high95 for one in chart.fan)


def test_what_is_held_stays_level_and_what_is_long_ago_is_not_drawn() -> None:
    old = replace(answers.figure(36, 0.9), start=date(2025, 3, 3), end=date(2025, 3, 9))
    chart = ahead_chart(found(old, *weeks(*[one / 2 for one in VALUES])))
    assert [one.value for one in chart.way] == [0.2, 0.2]
    assert len(chart.stops) == 10


def test_the_figure_draws_fan_line_points_and_both_marks() -> None:
    figure = interactive(ahead_chart(found(*weeks(*VALUES))))
    assert [trace.fill for trace in figure.data].count("toself") == 2
    assert [trace.marker.symbol for trace in figure.data if trace.mode == "markers"] == ["circle-open", "diamond"]
    assert "Target" in figure.layout.annotations[0].text


def test_without_line_or_forecast_only_what_is_known_is_drawn() -> None:
    chart = ahead_chart(found(answers.figure(38, 0.2)))
    assert (chart.way, chart.expected, chart.fan, chart.notes) == ((), None, (), ())
    figure = interactive(chart)
    assert [trace.mode for trace in figure.data] == ["lines+markers", "markers"]


def test_where_nothing_is_settled_the_words_begin_with_the_target() -> None:
    assert "way to the target. Target" in ahead_chart(found(answers.figure(38, "withheld"))).alt


def test_the_words_of_the_target_stand_on_the_side_from_which_its_line_does_not_come() -> None:
    def side(values: list[float], target: float) -> str:
        figure = interactive(ahead_chart(found(*weeks(*values), aim=replace(AIM, value=target))))
        return next(one.yanchor for one in figure.layout.annotations if "Target" in one.text)

    assert side(VALUES, 0.20) == "top"  # the line falls to it
    assert side([0.1 for _ in VALUES], 0.20) == "bottom"
