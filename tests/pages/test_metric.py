"""The Metric page: any metric, as a link names it, with chart, table, file and definition from the same figures."""

import csv
import io

import pytest
from markupsafe import escape

from dashboard.charts import words
from dashboard.widgets import answer, door
from metrics import query
from tests import answers
from tests.pages.conftest import Open, charts, text


def test_a_link_names_metric_periods_and_part(open_page: Open):
    app = open_page("metric", metric="block_recidivism_30d", by="quarter", wiki="ru.demo")
    assert app.selectbox(key="metric").value == "block_recidivism_30d"
    assert app.selectbox(key="wiki").value == "ru.demo"
    assert charts(app)[0].startswith("Blocked again within 30 days, by quarter")
    assert "ru.demo" in text(app)


def test_the_chart_and_the_table_say_what_the_door_says(open_page: Open):
    app = open_page("metric", metric="cases_opened", by="month")
    told = query.ask("cases_opened", by="month", audience="program")
    for one in told.figures[-6:]:
        assert "<td" in text(app)
        assert words.figure(one, told).replace("\u00a0", " ") in text(app)


def test_a_link_to_what_is_not_there_says_so_and_shows_the_first_of_the_plan(open_page: Open):
    app = open_page("metric", metric="no_such_metric", wiki="**xx**" + "x" * 100)
    assert app.selectbox(key="metric").value == "block_recidivism_30d"
    known = r"The link asks for “no\_such\_metric” (Metric), which there is not. Shown instead: Blocked again within 30 days."
    cut = rf"The link asks for “\*\*xx\*\*{'x' * 54}” (Wiki), which there is not. Shown instead: All."
    assert [one.value for one in app.caption if "The link" in one.value] == [known, cut]
    app.selectbox(key="metric").set_value("thanks_given").run()
    assert "The link" not in text(app)


def test_choosing_changes_the_address_and_the_address_changes_the_choice(open_page: Open):
    app = open_page("metric")
    app.selectbox(key="metric").set_value("thanks_given").run()
    assert app.query_params["metric"] == "thanks_given"
    app.query_params["metric"] = "new_accounts"
    app.run()
    assert app.selectbox(key="metric").value == "new_accounts"


def test_a_choice_that_the_next_metric_does_not_have_is_dropped(open_page: Open):
    app = open_page("metric", metric="decision_median_days", by="week")
    assert not app.exception
    assert charts(app)[0].startswith("Time to a decision, median, by quarter")


def test_what_the_reader_chose_before_is_no_link_to_what_is_not_there(open_page: Open):
    app = open_page("metric", metric="cases_opened", by="week")
    app.selectbox(key="metric").set_value("decision_median_days").run()
    assert charts(app)[0].startswith("Time to a decision, median, by quarter")
    assert "The link" not in text(app)


@pytest.mark.parametrize("metric", sorted(query.definitions()))
def test_every_metric_has_a_page(open_page: Open, metric: str):
    app = open_page("metric", metric=metric)
    assert not app.exception
    assert escape(query.definitions()[metric].not_this) in text(app)


def test_the_file_has_exactly_the_figures_shown_and_missing_is_empty_not_zero():
    told = answers.released(answers.figure(40, 0.25), answers.figure(41, "withheld"), answers.figure(42, "no_data"))
    rows = list(csv.DictReader(io.StringIO(answer.file_bytes(told).decode("utf-8-sig"))))
    assert [row["value"] for row in rows] == ["0.25", "", ""]
    assert [row["state"] for row in rows] == ["final", "withheld", "no_data"]
    assert rows[1]["shown"] == "withheld"
    assert rows[0]["build"] == told.build


def test_text_of_a_feed_cannot_become_a_formula_in_a_spreadsheet():
    told = answers.released(answers.figure(40, 0.25, group=("=HYPERLINK(1)",)), split=("queue",))
    assert "'=HYPERLINK(1)" in answer.file_bytes(told).decode("utf-8-sig")


def test_a_withheld_figure_is_written_as_fewer_than_and_never_as_zero(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "listing", lambda name: answers.listing(name))
    told = answers.released(
        answers.figure(40, 0.25, group=("sw.demo",)),
        answers.figure(41, "withheld", group=("sw.demo",)),
        split=("wiki",),
    )
    assert "withheld" in answer.figure_table(told)
    assert ">0<" not in answer.figure_table(told)


def test_a_window_of_an_hour_is_told_as_the_next_day(open_page: Open):
    app = open_page("metric", metric="emergencies_acknowledged_share")
    assert "1 day after its period" in text(app)
