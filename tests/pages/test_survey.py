"""The Survey page: waves in their order, every share with its interval, groups of one wave."""

from tests.pages.conftest import Open, charts, text


def test_waves_stand_in_the_order_of_time_with_their_intervals(open_page: Open):
    told = text(open_page("survey"))
    label = told.split('aria-label="Felt unsafe, wave by wave. ')[1].split('"')[0]
    places = [label.index(wave) for wave in ("2025-spring", "2025-autumn", "2026-spring", "2026-autumn")]
    assert places == sorted(places)
    assert label.count(" to ") == 4


def test_groups_are_those_of_the_chosen_wave(open_page: Open):
    app = open_page("survey", closer="trusts_process_share", wave="2025-autumn", split="edit_bucket")
    assert charts(app)[0].startswith("Trusts the process by edit_bucket, October 2025")


def test_a_group_that_is_too_small_is_withheld_in_words(open_page: Open):
    assert "sw.demo: withheld" in charts(open_page("survey", wave="2025-spring"))[0]


def test_a_filter_reaches_every_measure(open_page: Open):
    told = text(open_page("survey", wiki="en.demo"))
    assert told.count("wiki=en.demo") >= 4
    assert "(Wiki: \u2068Demo Wiki\u2069 (en.demo))" in told


def test_the_page_says_how_to_read_an_interval(open_page: Open):
    assert "95 % interval" in text(open_page("survey"))
    assert "Withheld is not zero" in text(open_page("survey"))
