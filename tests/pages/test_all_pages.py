"""What holds for every page: it opens, says whose data these are, and every chart has words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.widgets.language import _
from tests.pages.conftest import Open, charts, text

PAGES = (
    "this_week",
    "metric",
    "blocks",
    "cases",
    "survey",
    "community",
    "impact",
    "program",
    "data",
    "catalogue",
    "receipt",
)
FOLDER = Path(__file__).parents[2] / "dashboard" / "pages"


def test_every_file_among_the_pages_is_listed():
    assert sorted(PAGES) == sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_and_says_that_its_data_are_invented_and_which_build_it_shows(open_page: Open, page: str):
    app = open_page(page)
    assert not app.exception
    assert [one.value for one in app.title] == [_(f"{page.removeprefix('this_')}-title")]
    assert _("invented-title") in text(app)
    assert "b000001" in text(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_program_that_is_not_invented_and_has_one_feed_is_shown_without_a_fault(
    open_page_of: Callable[[Path], Open], tickets_only: Path, page: str
):
    app = open_page_of(tickets_only)(page)
    assert not app.exception
    assert _("fault-title") not in [one.value for one in app.header]
    assert _("invented-title") not in text(app)


@pytest.mark.parametrize("page", ["blocks", "survey", "community", "program"])
def test_a_page_whose_feed_is_not_there_says_so(open_page_of: Callable[[Path], Open], tickets_only: Path, page: str):
    assert "This build has nothing of the feed" in text(open_page_of(tickets_only)(page))


@pytest.mark.parametrize("page", PAGES)
def test_every_drawing_is_told_in_words(open_page: Open, page: str):
    app = open_page(page)
    told = text(app)
    assert told.count("<svg") == told.count('role="img" aria-label="')
    assert 'aria-label=""' not in told
    assert all(len(one) > 20 for one in charts(app))


@pytest.mark.parametrize("page", PAGES)
def test_every_table_has_a_caption_and_header_cells(open_page: Open, page: str):
    told = text(open_page(page))
    assert told.count("<table") == told.count("<caption>")
    assert told.count("<tr") == told.count('scope="row"') + told.count("<thead") + told.count('scope="colgroup"')
