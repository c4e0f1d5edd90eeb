"""The Community page; and that every metric stands on the page of its group, a count of reports with its rate."""

import re

import pytest

from dashboard.widgets import rest
from metrics import catalog
from tests.pages.conftest import Open, text

PAGES = {
    "prevalence": ("survey", {}),
    "moderation": ("blocks", {}),
    "cases": ("cases", {}),
    "moderators": ("community", {}),
    "community": ("community", {}),
    "program": ("program", {}),
    "outreach": ("program", {"part": "contacts"}),
}


@pytest.mark.parametrize("group", catalog.GROUPS)
def test_every_live_metric_of_a_group_stands_on_its_page(open_page: Open, group: str):
    page, address = PAGES[group]
    told = text(open_page(page, **address))
    linked = set(re.findall(r"metric\?metric=(\w+)", told))
    assert {one.id for one in rest.of_group(group)} - linked == set()


def test_what_a_card_shows_does_not_stand_among_the_rest(open_page: Open):
    app = open_page("community")
    assert [one.label for one in app.expander][-2:] == [
        "Community health: 13 more measures",
        "Administrators: 5 more measures",
    ]
    rests = text(app).partition("<caption>Community health</caption>")[2]
    assert "metric=edits_made" in rests
    assert "metric=active_editors&" not in rests


def test_a_count_has_its_rate_beside_it(open_page: Open):
    told = text(open_page("cases"))
    assert "Cases per 1,000 active editors: <a href=" in told
    assert "Reports per 1,000 active editors: <a href=" in told


def test_a_rate_that_is_not_known_for_what_was_chosen_is_not_beside_it(open_page: Open):
    told = text(open_page("cases", queue="privacy"))
    assert "Cases per 1,000 active editors: <a" not in told


def test_the_wiki_narrows_every_card_that_knows_it(open_page: Open):
    told = text(open_page("community", wiki="en.demo"))
    assert "metric=active_editors&amp;by=month&amp;wiki=en.demo" in told
    assert "For all: this measure does not know" not in told


def test_a_wiki_without_a_history_has_blocks_and_no_rate_of_them(open_page: Open):
    told = {wiki: text(open_page("blocks", wiki=wiki)) for wiki in ("en.demo", "ja.demo")}
    assert all("metric=blocks_set&amp;" in one for one in told.values())
    assert [wiki for wiki, one in told.items() if "Blocks per 1,000 active editors: <a" in one] == ["en.demo"]
