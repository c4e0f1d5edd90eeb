"""The Impact page: a verdict only where there is one, its reason where there is none, and what it takes for granted."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from metrics import query
from tests.pages.conftest import Open, charts, text


@pytest.fixture
def page(open_page: Open) -> AppTest:
    return open_page("impact")


def unmarked(page: AppTest) -> str:
    """What the page says, without the marks that keep names from being read as Markdown."""
    return text(page).replace("\\", "")


def test_every_rollout_of_the_plan_has_one_card_the_newest_first(page: AppTest):
    titles = ["Report button", "Help desk sorts cases on arrival", "Second-chance policy", "Partial-block tool"]
    assert [one.value.replace("\\", "") for one in page.header] == [*titles, "How to read this"]


def test_an_effect_is_told_in_points_and_as_so_many_of_a_hundred(page: AppTest):
    assert "points lower (" in unmarked(page)
    assert "fewer of 100 blocks that ended (" in unmarked(page)


def test_what_neither_way_is_better_is_told_and_not_judged(page: AppTest):
    told = unmarked(page)
    assert "more per week (" in told
    assert "It clearly rose; whether that is better, this metric does not say." in told


def test_no_detectable_effect_says_how_large_one_would_have_had_to_be(page: AppTest):
    assert "◆" in unmarked(page)
    assert "or more would probably have been seen" in unmarked(page)


def test_what_began_too_recently_has_no_verdict_and_says_what_is_needed(page: AppTest):
    assert "It began too recently: 3 months since then are needed." in unmarked(page)


def test_a_series_alone_says_that_it_has_no_control_group(page: AppTest):
    assert "There is no control group: anything else that happened then is in this number." in unmarked(page)


def test_wikis_that_are_left_out_are_named_with_the_reason(page: AppTest):
    told = unmarked(page)
    assert "(sw.demo). Too many of its periods are withheld: those that may be shown are not like the others." in told
    assert "“Partial-block tool” began there in this time and may move this metric, too." in told


def test_the_page_says_how_many_false_verdicts_chance_alone_would_bring(page: AppTest):
    assert "8 verdicts here rest on a computation" in unmarked(page)
    assert "expect about 0.4 false ones" in unmarked(page)


def test_every_chart_tells_its_effect_in_words(page: AppTest):
    told = charts(page)
    assert len(told) == 8
    assert all("As a whole: " in one or "Effect at the end: " in one for one in told)


def test_a_finding_leads_to_its_metric_narrowed_to_the_wiki_that_was_reached(page: AppTest):
    asked = [str(one.proto.query_string) for one in page.get("page_link")]
    assert "metric=block_recidivism_30d&by=week&wiki=ru.demo" in asked
    assert "metric=block_recidivism_30d&by=week&split=wiki&view=course" in asked


def test_the_page_is_computed_once_and_then_remembered(page: AppTest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(query, "impact", lambda *_: pytest.fail("computed again"))
    assert not page.run().exception


def test_a_plan_without_evaluations_is_told_how_to_write_one(open_page_of, tickets_only: Path):
    app = open_page_of(tickets_only)("impact")
    assert not app.exception
    assert "Write evaluations into the plan" in text(app)
    st.cache_data.clear()
