"""A count of reports stands beside its rate, its exposure and what a survey hears, and says what it cannot tell."""

import pytest

from dashboard.charts import words
from metrics import query
from tests.pages.conftest import Open, text

CANNOT_TELL = "By itself this number cannot tell whether harm rose or fell"


def test_a_count_of_blocks_is_read_beside_its_rate_its_editors_and_a_survey(open_page: Open) -> None:
    said = text(open_page("metric", metric="blocks_set", by="month"))
    for title in ("Read it beside", "Blocks per 1,000 active editors", "Active editors", "Felt unsafe"):
        assert title in said
    assert CANNOT_TELL in said


def test_the_survey_is_told_as_the_door_tells_it_and_narrowed_as_the_page_is(open_page: Open) -> None:
    said = text(open_page("metric", metric="blocks_set", by="month", wiki="ru.demo"))
    survey = query.ask("felt_unsafe_share", by="month", where={"wiki": "ru.demo"}, audience="program")
    last = survey.last_final
    assert last is not None
    assert words.figure(last, survey).replace("\u00a0", " ") in said
    assert words.interval(last, "share").replace("\u00a0", " ") in said


def test_what_cannot_be_narrowed_says_that_it_is_of_all(open_page: Open) -> None:
    said = text(open_page("metric", metric="blocks_set", by="month", scope="partial"))
    assert "For all: this measure does not know “Scope”" in said


@pytest.mark.parametrize("metric", ["block_recidivism_30d", "active_editors", "cases_open"])
def test_what_is_judged_or_is_context_stands_alone(open_page: Open, metric: str) -> None:
    assert "Read it beside" not in text(open_page("metric", metric=metric))


@pytest.mark.parametrize("page", ["blocks", "cases"])
def test_where_counts_stand_among_other_numbers_they_say_what_they_cannot_tell(open_page: Open, page: str) -> None:
    assert "cannot tell whether harm rose or fell" in text(open_page(page))
