"""What is drawn of a chart, on the screen and on paper: the same numbers, never a zero for what is missing."""

import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from typing import Any

import pytest

from dashboard.charts.chart import Annotation, Chart
from dashboard.charts.compose import bars, series
from dashboard.charts.paper import svg
from dashboard.charts.screen import PLOTLY_CONFIG, interactive
from dashboard.charts.sparkline import sparkline
from dashboard.charts.timeline import timeline
from tests.answers import MILESTONES, PROJECTS, figure, released

WEEKLY = released(
    figure(40, 0.2, width=0.05), figure(41, 0.3, width=0.05), figure(42, "withheld"), figure(43, 0.25, width=0.05),
    figure(44, 0.2, "maturing", width=0.05), figure(45, 0.1, "partial", width=0.05),
)  # fmt: skip
BY_WIKI = released(
    figure(40, 0.3, group=("<b>en",), width=0.1), figure(40, "withheld", group=("ar",)),
    figure(41, 0.2, group=("<b>en",)), figure(41, 0.4, group=("ar",)), split=("wiki",),
)  # fmt: skip
CHARTS = {
    "series": series(WEEKLY, 0.15),
    "groups": series(BY_WIKI),
    "bars": bars(BY_WIKI),
    "timeline": timeline(MILESTONES, PROJECTS, date(2026, 11, 15)),
    "empty": series(released(figure(40, "withheld"))),
}


def traces(chart: Chart) -> list[dict[str, Any]]:
    return list(interactive(chart).to_plotly_json()["data"])


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_the_same_chart_is_the_same_bytes_of_wellformed_svg_with_a_label(chart: Chart) -> None:
    text = svg(chart)
    assert text == svg(chart)
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.alt
    assert root.get("viewBox")
    inside = [name for one in root.iter() if one is not root for name in one.attrib]
    assert not [name for name in inside if name == "role" or name.startswith("aria-")]


def test_the_longest_name_of_a_timeline_has_a_tenth_more_room_than_it_is_measured_to_need() -> None:
    left = re.findall(r"translate\((\d+(?:\.\d+)?),", svg(CHARTS["timeline"]))[0]
    assert float(left) >= 1.1 * 250


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_nothing_in_a_drawing_is_fetched_from_elsewhere(chart: Chart) -> None:
    links = re.findall(r"(?:href|src|url)\s*[=(]\s*[\"']?([^\"')]+)", svg(chart))
    assert not [link for link in links if not link.startswith("#")]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_the_screen_never_draws_zero_for_what_is_missing(chart: Chart) -> None:
    values = [value for trace in traces(chart) if trace["type"] == "bar" for value in trace["x"]]
    values += [value for trace in traces(chart) if trace.get("mode") in ("lines", "markers") for value in trace["y"]]
    assert 0 not in values


def test_the_screen_draws_every_value_and_leaves_the_withheld_week_out() -> None:
    markers = [trace for trace in traces(CHARTS["series"]) if trace["mode"] == "markers"]
    assert [list(trace["y"]) for trace in markers] == [[0.2, 0.3, 0.25, 0.2, 0.1]]


def test_unsettled_points_are_hollow_on_the_screen() -> None:
    (markers,) = [trace for trace in traces(CHARTS["series"]) if trace["mode"] == "markers"]
    assert [colour == "#ffffff" for colour in markers["marker"]["color"]] == [False, False, False, True, True]


def test_a_withheld_bar_is_words_on_paper_and_on_the_screen() -> None:
    chart = bars(released(figure(40, 0.3, group=("en",)), figure(40, "withheld", group=("ar",)), split=("wiki",)))
    assert "withheld" in svg(chart)
    texts = [text for trace in traces(chart) if trace.get("mode") == "text" for text in trace["text"]]
    assert " withheld" in texts


def test_words_of_a_wiki_or_plan_are_text_and_never_markup() -> None:
    assert {trace["name"] for trace in traces(CHARTS["groups"]) if "name" in trace} == {"&lt;b&gt;en", "ar"}
    assert "<b>" not in svg(CHARTS["groups"])


def test_charts_that_stand_in_one_document_share_no_id() -> None:
    one, other = (set(re.findall(r'id="([^"]+)"', svg(CHARTS["series"], name=name))) for name in ("a", "b"))
    assert not one & other


def test_no_chart_offers_to_send_its_data_away() -> None:
    assert PLOTLY_CONFIG["showSendToCloud"] is False
    html = interactive(CHARTS["series"]).to_html(include_plotlyjs=False, full_html=False, config=PLOTLY_CONFIG)
    assert '"showSendToCloud": false' in html


def test_a_sparkline_has_a_title_and_a_hollow_end_where_the_last_week_is_not_over() -> None:
    root = ElementTree.fromstring(sparkline(WEEKLY))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert (
        root.findtext(f"{space}title")
        == root.get("aria-label")
        == CHARTS["series"].alt.replace(" Target: 15.0\u00a0%, lower is better.", "")
    )
    assert [circle.get("fill") for circle in root.iter(f"{space}circle")] == ["#ffffff"]
    assert len(list(root.iter(f"{space}polyline"))) == 2


def test_a_sparkline_of_nothing_has_no_line_at_zero() -> None:
    text = sparkline(released(figure(40, "withheld"), figure(41, "no_data")))
    assert "polyline" not in text
    assert "circle" not in text
    assert "withheld" in text
    ElementTree.fromstring(sparkline(released()))


def test_what_happened_is_a_numbered_line_on_paper_and_on_the_screen() -> None:
    chart = series(WEEKLY, annotations=[Annotation(date(2026, 10, 14), "Tool on <i>en</i>")])
    told = interactive(chart).to_plotly_json()["layout"]["annotations"]
    assert [(one["text"], one["hovertext"]) for one in told] == [("1", "Tool on &lt;i&gt;en&lt;/i&gt;, 14 Oct 2026")]
    assert ">1</text>" in svg(chart)
