"""Control charts: what the description says of limits, verdicts and phases, and that screen and paper draw just that."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.charts import limits, palette
from dashboard.charts.chart import Annotation, Chart
from dashboard.charts.compose import series
from dashboard.charts.control import diameter, reading, seen
from dashboard.charts.flags import flags
from dashboard.charts.paper import spec, svg
from dashboard.charts.screen import interactive
from dashboard.charts.sparkline import sparkline
from dashboard.widgets.small_chart import small_chart
from metrics.answer import Released
from metrics.course import Course, Phase
from tests.answers import figure, metric, released
from tests.courses import course, weekly

NARROW = (0.2, 0.1, 0.3)
TEN = (0.2, 0.25, 0.15, 0.2, 0.35, 0.2, 0.2, 0.2, 0.05, 0.2)
ANSWER = weekly(*TEN)
FLAGGED = course(ANSWER, NARROW, verdicts={4: "concern", 8: "improvement"})
CHART = series(ANSWER, course=FLAGGED)
SPACE = "{http://www.w3.org/2000/svg}"


def monday(week: int) -> date:
    return date.fromisocalendar(2026, week, 1)


def sunday(week: int) -> date:
    return date.fromisocalendar(2026, week, 7)


def drawn(answer: Released, *lines: Any, **changed: Any) -> Chart:
    return series(answer, course=course(answer, *lines, **changed))


def edges(chart: Chart, kind: str = "upper") -> list[tuple[tuple[date, float], ...]]:
    return [edge.steps for edge in limits.edges(chart) if edge.kind == kind]


def traces(chart: Chart) -> list[dict[str, Any]]:
    return list(interactive(chart).to_plotly_json()["data"])


def on_screen(chart: Chart, name: str) -> list[tuple[list[str], list[float], str]]:
    found = [one for one in traces(chart) if one.get("name") == name]
    return [(list(one["x"]), list(one["y"]), one["line"].get("dash", "solid")) for one in found]


def on_paper(chart: Chart, mark: str) -> list[dict[str, Any]]:
    return [layer for layer in spec(chart)["layer"] if layer["mark"]["type"] == mark]


def day(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).date().isoformat()


def test_limits_that_stay_the_same_are_one_step_from_the_first_day_to_the_last() -> None:
    assert edges(CHART) == [((monday(30), 0.3), (sunday(39), 0.3))]
    assert edges(CHART, "center") == [((monday(30), 0.2), (sunday(39), 0.2))]


def test_limits_that_follow_the_cases_step_where_a_period_begins() -> None:
    chart = drawn(weekly(0.2, 0.2, 0.2), (0.2, 0.1, 0.3), (0.2, 0.1, 0.3), (0.2, 0.15, 0.25))
    assert edges(chart) == [((monday(30), 0.3), (monday(32), 0.25), (sunday(32), 0.25))]
    (area,) = limits.areas(chart)
    assert area.steps == ((monday(30), 0.1, 0.3), (monday(32), 0.15, 0.25), (sunday(32), 0.15, 0.25))


def test_a_withheld_point_is_not_drawn_and_the_limits_go_on_beside_it() -> None:
    chart = drawn(weekly(0.2, "withheld", 0.2), NARROW)
    assert len(edges(chart)) == 1
    assert [point.value for point in chart.lines[0].shown] == [0.2, 0.2]
    (markers,) = [trace for trace in traces(chart) if trace["mode"] == "markers"]
    assert list(markers["y"]) == [0.2, 0.2]
    assert chart.lines[0].strokes() == ()


def test_a_point_without_limits_leaves_a_gap_in_them_and_none_is_invented() -> None:
    chart = drawn(weekly(0.2, "withheld", 0.2), NARROW, (0.2, None, None), NARROW)
    assert edges(chart) == [((monday(30), 0.3), (sunday(30), 0.3)), ((monday(32), 0.3), (sunday(32), 0.3))]
    assert len(edges(chart, "center")) == 1
    assert len(limits.areas(chart)) == 2


def test_a_week_that_the_answer_does_not_have_has_no_limits_either() -> None:
    answer = released(figure(30, 0.2), figure(32, 0.2))
    assert len(edges(drawn(answer, NARROW))) == 2


def test_only_what_is_settled_is_judged() -> None:
    answer = weekly(*TEN, last="maturing")
    chart = drawn(answer, NARROW, verdicts={8: "improvement", 9: "concern"})
    assert [point.verdict for point in chart.lines[0].points[-2:]] == ["improvement", None]
    (markers,) = [trace for trace in traces(chart) if trace["mode"] == "markers"]
    assert markers["marker"]["symbol"][-2:] == ["diamond", "circle"]
    assert markers["marker"]["color"][-1] == palette.PAPER


def test_of_too_few_values_no_point_stands_out() -> None:
    chart = drawn(weekly(0.2, 0.2, 0.2, 0.4), NARROW, verdicts={3: "concern"}, trial=True)
    assert not any(point.flagged for point in chart.lines[0].points)
    assert "Too few values to tell: 4 of 13." in chart.alt


def phased(trial: bool) -> tuple[Released, Course]:
    answer = weekly(*TEN, *TEN)
    lines = [NARROW] * 10 + [(0.4, 0.3, 0.5)] * 10
    phase = Phase(monday(40), "A new rule.")
    return answer, course(answer, *lines, verdicts={4: "concern"}, phases=(phase,), trial=trial)


def test_the_limits_of_a_new_phase_begin_anew_and_only_its_own_are_trial_limits() -> None:
    answer, found = phased(trial=True)
    chart = series(answer, course=found)
    uppers = [edge for edge in limits.edges(chart) if edge.kind == "upper"]
    assert [(edge.steps[0], edge.trial) for edge in uppers] == [((monday(30), 0.3), False), ((monday(40), 0.5), True)]
    assert [dash for _x, _y, dash in on_screen(chart, "upper")] == ["solid", "dot"]
    assert "Dotted: trial limits." in " ".join(chart.notes)
    dashes = [layer["mark"]["strokeDash"] for layer in on_paper(chart, "line") if layer["mark"].get("interpolate")]
    assert dashes == [[1, 0], [1.5, 2.5]] * 3  # centre, lower and upper, each in two phases


def test_firm_limits_are_not_called_trial_limits() -> None:
    answer, found = phased(trial=False)
    chart = series(answer, course=found)
    assert not any(edge.trial for edge in limits.edges(chart))
    assert "trial" not in " ".join(chart.notes)


def test_a_phase_is_a_rule_with_a_letter_and_its_reason_stands_in_the_notes() -> None:
    answer, found = phased(trial=False)
    chart = series(answer, annotations=[Annotation(monday(40), "Tool on en.demo")], course=found)
    assert [(flag.sign, flag.is_phase, flag.level) for flag in flags(chart)] == [("A", True, 0), ("1", False, 1)]
    assert chart.notes[-2:] == (
        "A: from 28 Sept 2026 another usual: A new rule.",
        "1: Tool on en.demo, 28 Sept 2026.",
    )
    assert "Another usual from 28 Sept 2026: A new rule." in chart.alt
    told = interactive(chart).to_plotly_json()["layout"]
    assert [(one["text"], one["yshift"]) for one in told["annotations"]] == [("A", 0), ("1", 13)]
    rules = [one["line"].get("dash", "solid") for one in told["shapes"] if one["x0"] == one["x1"]]
    assert rules == ["solid", "dot"]
    assert [layer["mark"].get("strokeDash") for layer in on_paper(chart, "rule")] == [None, [2, 2]]


def test_a_phase_that_begins_before_the_drawn_part_has_no_rule() -> None:
    answer, found = phased(trial=False)
    recent = Released(**{**answer.__dict__, "figures": answer.figures[-5:]})
    chart = series(recent, course=found)
    assert chart.phases == ()
    assert edges(chart) == [((monday(45), 0.5), (sunday(49), 0.5))]


def test_screen_and_paper_draw_the_same_limits() -> None:
    answer = weekly(*TEN, width=0.02)
    lines = [(0.2, 0.1 - at / 1000, 0.3 + at / 1000) for at in range(10)]
    chart = drawn(answer, *lines, verdicts={4: "concern", 8: "improvement"})
    steps = [layer for layer in on_paper(chart, "line") if layer["mark"].get("interpolate") == "step-after"]
    paper = [
        ([day(row["day"]) for row in one["data"]["values"]], [row["value"] for row in one["data"]["values"]])
        for one in steps
    ]
    screen = [(x, y) for kind in ("center", "lower", "upper") for x, y, _dash in on_screen(chart, kind)]
    assert paper == screen
    (area,) = on_paper(chart, "area")
    low, high = on_screen(chart, "usual")
    assert [row["value"] for row in area["data"]["values"]] == low[1]
    assert [row["high"] for row in area["data"]["values"]] == high[1]


def test_screen_and_paper_draw_the_same_points_with_the_same_marks() -> None:
    chart = series(weekly(*TEN, last="partial"), course=FLAGGED)
    (markers,) = [trace for trace in traces(chart) if trace["mode"] == "markers"]
    screen = zip(markers["x"], markers["y"], markers["marker"]["symbol"], markers["marker"]["color"], strict=True)
    (points,) = on_paper(chart, "point")
    paper = [(day(row["day"]), row["value"], row["shape"], row["fill"]) for row in points["data"]["values"]]
    assert paper == list(screen)
    assert {shape for _day, _value, shape, _fill in paper} == {"circle", "square", "diamond"}


def test_intervals_are_thin_lines_while_points_are_few() -> None:
    few, many = (weekly(*[0.2] * count, width=0.05) for count in (15, 23))
    chart = drawn(few, NARROW)
    assert "Thin lines: 95 % interval." in chart.notes
    (markers,) = [trace for trace in traces(chart) if trace["mode"] == "markers"]
    assert list(markers["error_y"]["array"]) == pytest.approx([0.05] * 15)
    assert len(on_paper(chart, "rule")[0]["data"]["values"]) == 15
    longer = released(*many.figures, *[figure(week, 0.2, width=0.05) for week in range(20, 30)])
    crowded = drawn(longer, NARROW)
    assert "Thin lines: 95 % interval." not in crowded.notes
    assert on_paper(crowded, "rule") == []
    assert crowded.axis.high < 0.4


def test_a_limit_that_no_value_can_reach_is_not_drawn_and_the_axis_does_not_show_it() -> None:
    chart = drawn(weekly(*[0.02] * 9, 0.05), (0.02, -0.04, 0.08))
    assert chart.axis.low == 0
    assert edges(chart, "lower") == []
    assert "usual: up to 8.0\u00a0%." in chart.alt
    (area,) = limits.areas(chart)
    assert area.steps[0][1:] == (0, 0.08)


def test_a_limit_below_zero_is_drawn_where_values_lie_there() -> None:
    of = metric(unit="days", kind="mean", better="neither")
    chart = drawn(weekly(*[-1.0, 2.0] * 5, of=of), (0.5, -6.0, 7.0))
    assert edges(chart, "lower") == [((monday(30), -6.0), (sunday(39), -6.0))]


@pytest.mark.parametrize(
    ("values", "lines", "pieces"),
    [
        ((), (), 0),
        ((0.2,), ((0.2, None, None),), 0),
        ((0.2, 0.2, 0.2), ((0.2, 0.2, 0.2),), 1),
        (("withheld", "no_data"), ((None, None, None),), 0),
    ],
    ids=["empty", "one point", "constant", "nothing known"],
)
def test_short_and_constant_series_are_drawn_without_invented_limits(
    values: Sequence[Any], lines: Sequence[Any], pieces: int
) -> None:
    answer = weekly(*values) if values else released()
    chart = drawn(answer, *lines)
    assert len(edges(chart)) == pieces
    ElementTree.fromstring(svg(chart))
    assert interactive(chart).to_plotly_json()["data"] is not None
    ElementTree.fromstring(sparkline(answer, course=course(answer, *lines)))
    ElementTree.fromstring(str(small_chart(chart)))


def test_one_point_has_a_centre_that_says_it_is_the_only_one() -> None:
    chart = drawn(weekly(0.2), (0.2, None, None))
    assert edges(chart, "center") == [((monday(30), 0.2), (sunday(30), 0.2))]
    assert "Shaded" not in " ".join(chart.notes)


def test_the_words_tell_centre_limits_signal_and_assurance() -> None:
    found = course(ANSWER, NARROW, target=0.4, assurance="pass")
    told = series(ANSWER, 0.4, course=found).alt.replace("\u00a0", " ")
    assert "Mean 20.0 %, usual: 10.0 % to 30.0 %." in told
    assert "No change beyond the usual: between 10.0 % and 30.0 %." in told
    assert "Will meet the target if nothing changes: all that is usual lies below it." in told


def test_the_notes_tell_how_to_read_lines_and_shapes() -> None:
    assert CHART.notes[:3] == (
        "Middle line: the mean. Shaded: what is usual, 3 sigma around it.",
        "More than chance: ◆ better and ■ worse.",
        "Drawn as individuals chart (XmR). The denominators hardly vary.",
    )


def test_of_a_metric_of_which_neither_way_is_better_nothing_is_called_better_or_worse() -> None:
    answer = weekly(*TEN, of=metric(better="neither"))
    chart = drawn(answer, NARROW, verdicts={4: "high", 8: "low"})
    assert "More than chance: ▲ higher and ▼ lower." in chart.notes
    told = [one.customdata for one in interactive(chart).data if one.mode == "markers"]
    words = " ".join([*chart.notes, chart.alt, str(told)]).lower()
    assert "better" not in words.replace("neither higher nor lower is better", "")
    assert "worse" not in words


def test_several_charts_are_explained_once() -> None:
    quiet = seen(drawn(ANSWER, NARROW), course(ANSWER, NARROW))
    assert list(reading([seen(CHART, FLAGGED), quiet])) == list(CHART.notes[:2])
    assert list(reading([])) == []


def test_hovering_tells_value_interval_verdict_and_what_is_usual() -> None:
    chart = series(weekly(*TEN, width=0.01), course=FLAGGED)
    (markers,) = [trace for trace in traces(chart) if trace["mode"] == "markers"]
    assert markers["customdata"][4][1].replace("\u00a0", " ") == (
        "35.0 %<br>95 % interval: 34.0 % to 36.0 %<br>Worse<br>usual: 10.0 % to 30.0 %"
    )


def test_several_groups_are_no_control_chart() -> None:
    answer = released(figure(40, 0.2, group=("en",)), figure(40, 0.2, group=("ar",)), split=("wiki",))
    with pytest.raises(ValueError, match="one group"):
        series(answer, course=course(answer, NARROW))


def test_what_is_more_than_chance_is_larger_and_of_many_points_each_is_small() -> None:
    (few,) = CHART.lines
    (many,) = drawn(released(*[figure(week, 0.2) for week in range(1, 53)], *weekly(*TEN).figures), NARROW).lines
    assert [diameter(few.points[at], few) for at in (0, 4)] == [7, 10]
    assert diameter(many.points[0], many) == 4


def test_every_verdict_has_a_shape_of_its_own_and_every_line_can_be_seen() -> None:
    looks = palette.LOOKS.values()
    assert len({look.shape for look in looks}) == len({look.glyph for look in looks}) == len(looks)
    grey = [palette.contrast(look.colour, palette.PAPER) for look in looks]
    assert min(grey) >= 4.5
    assert min(palette.contrast(palette.EDGE, ground) for ground in (palette.PAPER, palette.USUAL)) >= 3


def test_small_charts_have_the_area_the_lines_and_the_shapes_too() -> None:
    root = ElementTree.fromstring(str(small_chart(CHART)))
    shapes = [one.get("class") for one in root.iter(f"{SPACE}polygon") if one.get("class")]
    assert shapes == ["concern", "improvement"]
    assert [one.get("class") for one in root.iter(f"{SPACE}polyline") if one.get("class")] == [
        "center",
        "lower",
        "upper",
    ]
    assert next(one.get("fill") for one in root.iter(f"{SPACE}polygon")) == palette.USUAL


def test_small_charts_have_rules_where_phases_begin_and_dots_for_trial_limits() -> None:
    answer, found = phased(trial=True)
    root = ElementTree.fromstring(str(small_chart(series(answer, 0.25, course=found))))
    assert len([one for one in root.iter(f"{SPACE}path") if one.get("class") == "phase"]) == 1
    dots = [one.get("stroke-dasharray") for one in root.iter(f"{SPACE}polyline") if one.get("class") == "upper"]
    assert dots == [None, "1.5 2"]


def test_a_sparkline_shows_the_end_of_a_longer_course() -> None:
    answer, found = phased(trial=False)
    root = ElementTree.fromstring(sparkline(answer, latest=16, course=found))
    assert root.get("aria-label") == root.findtext(f"{SPACE}title")
    assert [one.get("class") for one in root.iter(f"{SPACE}polygon") if one.get("class")] == ["concern"]
    assert len([one for one in root.iter(f"{SPACE}polyline") if one.get("class") == "upper"]) == 2


def test_two_ends_of_one_name_are_told_apart_by_their_years() -> None:
    def ends(chart: Chart) -> list[str | None]:
        return [one.text for one in ElementTree.fromstring(str(small_chart(chart))).iter(f"{SPACE}text")][-2:]

    week_30 = figure(30, 0.2)
    year = replace(week_30, start=date(2025, 7, 21), end=date(2025, 7, 27), label="2025-W30")
    assert ends(series(released(year, week_30))) == ["week 30, 2025", "week 30, 2026"]
    assert ends(series(released(figure(29, 0.2), week_30))) == ["week 29", "week 30"]
    assert ends(series(released(week_30)))[-1] == "week 30"
