"""The Blocks page: cards narrowed by the filters they know, and a closer look at one."""

from tests.pages.conftest import Open, charts, text


def test_a_filter_narrows_every_card_that_knows_it_and_the_others_say_so(open_page: Open):
    told = text(open_page("blocks", wiki="en.demo", scope="partial"))
    assert 'href="metric?metric=blocks_set&amp;by=month&amp;scope=partial&amp;wiki=en.demo"' in told
    assert 'href="metric?metric=block_top10_share&amp;by=month&amp;wiki=en.demo"' in told
    assert "For all: this measure does not know “Scope”" in told


def test_choosing_a_wiki_changes_the_numbers(open_page: Open):
    app = open_page("blocks")
    before = text(app)
    app.selectbox(key="wiki").set_value("sw.demo").run()
    assert not app.exception
    assert app.query_params["wiki"] == "sw.demo"
    assert text(app) != before


def test_a_small_wiki_has_withheld_values_that_are_said_and_not_drawn_as_zero(open_page: Open):
    told = text(open_page("blocks", wiki="sw.demo"))
    assert "withheld (fewer than 5, or beside such)" in told


def test_what_is_not_settled_is_said_beside_the_chart(open_page: Open):
    app = open_page("blocks", closer="blocks_set")
    assert "Not settled: Nov 2026" in charts(app)[0]
    assert "Hollow points and dashed lines can still change" in text(app)
