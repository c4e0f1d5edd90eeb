"""What a chart says before it is drawn: gaps, unsettled points, bars without a value, words for who cannot see it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.charts import palette
from dashboard.charts.alternative import describe
from dashboard.charts.axis import day_ticks, value_axis
from dashboard.charts.chart import Annotation
from dashboard.charts.compose import bars, series
from dashboard.charts.timeline import timeline
from tests.answers import MILESTONES, PROJECTS, figure, metric, released
from tests.courses import course, weekly


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_withheld_week_is_a_gap_between_two_strokes() -> None:
    (line,) = series(
        released(*[figure(w, v) for w, v in zip(range(40, 45), [0.1, 0.2, "withheld", 0.3, 0.4], strict=True)])
    ).lines
    assert [[point.value for point in stroke.points] for stroke in line.strokes()] == [[0.1, 0.2], [0.3, 0.4]]


def test_a_week_that_the_answer_does_not_have_is_a_gap_too() -> None:
    (line,) = series(released(figure(40, 0.1), figure(41, 0.2), figure(43, 0.3))).lines
    assert [len(stroke.points) for stroke in line.strokes()] == [2]


def test_the_way_to_an_unsettled_point_is_a_stroke_of_its_own() -> None:
    (line,) = series(
        released(figure(40, 0.1), figure(41, 0.2), figure(42, 0.3, "maturing"), figure(43, 0.1, "partial"))
    ).lines
    told = [(stroke.settled, [point.value for point in stroke.points]) for stroke in line.strokes()]
    assert told == [(True, [0.1, 0.2]), (False, [0.2, 0.3, 0.1])]


@pytest.mark.parametrize(("kind", "joined"), [("count", 2), ("sum", 2), ("distinct", 2), ("stock", 3), ("ratio", 3)])
def test_an_amount_of_a_part_of_a_week_is_joined_to_no_whole_one(kind: Any, joined: int) -> None:
    answer = released(figure(44, 100.0), figure(45, 110.0), figure(46, 40.0, "partial"), of=metric(kind=kind))
    chart = series(answer)
    assert len({point.start for stroke in chart.lines[0].strokes() for point in stroke.points}) == joined
    assert [point.value for point in chart.lines[0].shown] == [100.0, 110.0, 40.0]
    said = "A part of a period is joined to no whole one: its count cannot be compared with theirs."
    assert (said in chart.notes) == (joined == 2)


def test_where_intervals_have_no_room_the_axis_does_not_hold_them() -> None:
    answer = weekly(0.08, 0.09, 0.08, width=0.3)
    controlled = course(answer, (0.08, 0.05, 0.12))
    assert series(answer, course=controlled).axis.high > 0.3
    assert series(answer, course=controlled, intervals=False).axis.high < 0.2


def test_a_chart_of_approximate_values_says_so() -> None:
    exact, near = figure(40, 0.1), replace(figure(41, 0.2), error=0.01)
    said = ["Approximate: values are within 1 % of the exact value."]
    assert [plain(note) for note in series(released(exact, near)).notes if "pprox" in note] == said
    assert [plain(note) for note in bars(released(exact, near)).notes] == said
    assert bars(released(exact)).notes == ()


def test_a_band_needs_two_neighbours_with_intervals() -> None:
    figures = [figure(40, 0.1, width=0.01), figure(41, 0.2, width=0.01), figure(42, 0.3), figure(43, 0.2, width=0.01)]
    (line,) = series(released(*figures)).lines
    assert [len(run) for run in line.bands()] == [2]


def test_the_words_tell_first_last_highest_lowest_and_what_is_missing() -> None:
    answer = released(
        figure(40, 0.2), figure(41, 0.3), figure(42, "withheld"), figure(43, "no_data"), figure(44, 0.1),
        figure(45, 0.15), figure(46, 0.5, "partial"),
    )  # fmt: skip
    assert plain(describe(answer, 0.12)) == (
        "Blocked again within 30 days, by week, 28 Sept – 15 Nov 2026. First 20.0 % (week 40), last 15.0 % (week 45); "
        "highest 30.0 % (week 41), lowest 10.0 % (week 44). Not settled: week 46: 50.0 % (incomplete). "
        "Target: 12.0 %, lower is better. Not shown, of 7 values: 1 withheld (fewer than 10, or beside such) and 1 without data."
    )


def test_the_words_of_an_answer_and_of_its_chart_are_the_same() -> None:
    answer = released(figure(40, 0.2), figure(41, 0.3))
    assert describe(series(answer)) == describe(answer)


def test_an_answer_without_figures_says_so() -> None:
    assert describe(released()) == "Blocked again within 30 days: no data."
    assert describe(released(figure(40, "withheld"))).endswith(
        "No settled value yet. Not shown, of 1 value: 1 withheld (fewer than 10, or beside such)."
    )


def test_no_target_is_drawn_where_neither_way_is_better() -> None:
    answer = released(figure(40, 0.2), of=metric(better="neither"))
    assert series(answer, 0.1).target is None
    assert "Target" not in series(answer, 0.1).alt


def test_notes_explain_hollow_points_gaps_bands_and_what_happened() -> None:
    answer = released(figure(40, 0.2, width=0.1), figure(41, "withheld"), figure(47, 0.1, "partial", width=0.1))
    rollout, later = Annotation(date(2026, 10, 5), "Reporting tool on en.demo"), Annotation(date(2026, 12, 1), "Later")
    assert series(answer, annotations=[later, rollout]).notes == (
        "Hollow points and dashed lines can still change: their period is not over.",
        "Shaded: 95 % interval.",
        "Gaps are not zero. Not shown, of 3 values: 1 withheld (fewer than 10, or beside such).",
        "1: Reporting tool on en.demo, 5 Oct 2026.",
    )


def test_notes_and_bars_say_what_is_still_to_come() -> None:
    shown = figure(45, 0.2), figure(46, 0.1, "partial")
    answer = replace(released(*shown), awaited=(("en.demo", date(2026, 11, 8)),))
    said = "Incomplete where data are still to come: of en.demo after 8 Nov 2026."
    assert series(answer).notes[:2] == (
        "Hollow points and dashed lines can still change: not all of their data are there.",
        said,
    )
    assert said not in bars(answer).notes  # of the newest settled week
    assert said in bars(replace(answer, figures=shown[1:])).notes


def test_of_too_many_groups_the_largest_are_drawn_and_the_rest_is_counted() -> None:
    answer = released(*[figure(40, n / 100, group=(f"wiki{n}",)) for n in range(1, 10)], split=("wiki",))
    chart = series(answer)
    assert [line.name for line in chart.lines] == [f"wiki{n}" for n in range(4, 10)]
    assert chart.notes[-1] == "The 6 largest are drawn; 3 more groups in the table."


def test_bars_show_the_newest_settled_week_and_keep_a_place_for_what_is_withheld() -> None:
    answer = released(
        figure(40, 0.9, group=("ar",)), figure(41, 0.1, group=("ar",)), figure(42, 0.5, "partial", group=("ar",)),
        figure(41, "withheld", group=("en",)), figure(41, 0.3, group=("fr",)), split=("wiki",),
    )  # fmt: skip
    chart = bars(answer)
    assert [(point.label, plain(point.words)) for point in chart.lines[0].points] == [
        ("fr", "30.0 %"), ("ar", "10.0 %"), ("en", "withheld"),
    ]  # fmt: skip
    assert plain(chart.alt) == (
        "Blocked again within 30 days by wiki, week 41, 5–11 Oct 2026. fr: 30.0 %; ar: 10.0 %; en: withheld."
    )


def test_bars_always_start_at_zero() -> None:
    assert bars(released(figure(40, 0.9, group=("ar",)), split=("wiki",))).axis.low == 0


def test_an_axis_starts_at_zero_unless_all_values_are_far_from_it() -> None:
    assert value_axis([0.1, 0.3], "share").low == 0
    far = value_axis([0.90, 0.91], "share")
    assert 0.6 < far.low < 0.9
    assert far.high == 1
    assert value_axis([900, 910], "count").low == 0  # counts are bars or areas in the mind


def test_ticks_have_the_unit_of_their_values() -> None:
    assert [text for _, text in value_axis([0.0, 20.0], "hours").ticks][-1] == "20\u00a0h"
    assert [text for _, text in value_axis([0.0, 3.0], "days").ticks][:3] == [
        "0\u00a0days",
        "1\u00a0day",
        "2\u00a0days",
    ]
    assert [text for _, text in value_axis([0.0, 2000.0], "count").ticks][-1] == "2,000"


def test_an_axis_that_does_not_start_at_zero_is_told() -> None:
    assert "The axis does not start at 0." in series(released(figure(40, 0.9), figure(41, 0.91))).notes


def test_ticks_are_round_numbers_in_words() -> None:
    assert [plain(text) for _, text in value_axis([0.03, 0.17], "share").ticks] == [
        "0 %",
        "5 %",
        "10 %",
        "15 %",
        "20 %",
    ]
    assert [text for _, text in value_axis([-3, 12], "rate").ticks] == ["−5", "0", "5", "10", "15"]
    assert [text for _, text in value_axis([1], "count").ticks] == ["0", "1"]
    assert [text for _, text in value_axis([], "count").ticks] == ["0", "1"]


def test_days_are_ticked_by_week_or_month_and_the_year_stands_where_it_changes() -> None:
    weeks = day_ticks(date(2026, 11, 2), date(2026, 11, 22))
    assert [(tick.text, tick.year) for tick in weeks] == [("2 Nov", "2026"), ("9 Nov", ""), ("16 Nov", "")]
    months = day_ticks(date(2026, 11, 9), date(2027, 2, 10))
    assert [(tick.text, tick.year) for tick in months] == [("Dec", "2026"), ("Jan", "2027"), ("Feb", "")]
    assert len(day_ticks(date(2024, 1, 1), date(2026, 12, 31))) <= 7


@pytest.mark.parametrize(
    "colour", [palette.INK, palette.MUTED, palette.TARGET, *palette.GROUPS, *palette.STATES.values()]
)
def test_every_colour_that_text_may_have_is_readable_on_paper(colour: str) -> None:
    assert palette.contrast(colour, palette.PAPER) >= 4.5


def test_contrast_is_what_wcag_says() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert palette.contrast(palette.BAR, palette.PAPER) >= 3


PLAN = timeline(MILESTONES, PROJECTS, date(2026, 11, 15))


def test_a_timeline_has_a_project_with_its_milestones_in_order_of_plan() -> None:
    assert [(row.name, [mark.kind for mark in row.marks]) for row in PLAN.rows] == [
        ("Reporting", []), ("Design", ["planned", "actual"]), ("Pilot", ["planned", "forecast"]),
    ]  # fmt: skip


def test_a_timeline_is_told_in_words() -> None:
    assert PLAN.alt == (
        "Projects and milestones. Reporting: 1 Jul – 31 Dec 2026 (running). "
        "Design: planned 31 Aug 2026, actual 4 Sept 2026 (done). "
        "Pilot: planned 1 Nov 2026, forecast 15 Dec 2026 (late)."
    )


def test_bars_that_would_not_fit_are_counted_and_unsettled_ones_explained() -> None:
    many = [figure(41, n / 100, "partial", group=(f"wiki{n}",)) for n in range(1, 28)]
    chart = bars(released(*many, split=("wiki",)))
    assert len(chart.lines[0].points) == 24
    assert chart.notes == ("3 more groups in the table.", "Hollow bars can still change.")
