"""The Data page: feeds, rows set aside by rule, checks with the broken ones first."""

from dashboard.widgets import attention, freshness
from tests import answers
from tests.pages.conftest import Open, text


def test_rows_set_aside_stand_by_rule_the_most_first(open_page: Open):
    told = text(open_page("data", part="quarantine"))
    assert told.index("the response is complete") < told.index("params of a block are in a known form")


def test_every_file_stands_with_its_rows_and_those_set_aside(open_page: Open):
    told = text(open_page("data"))
    assert "feeds/tickets.csv" in told
    assert "8,940" in told


def test_broken_checks_stand_before_those_that_hold():
    rows = [
        {
            "rule": "a",
            "table_name": "t",
            "column_name": None,
            "severity": "error",
            "passed": True,
            "breaking_count": 0,
            "says": "x:1",
        },
        {
            "rule": "b",
            "table_name": "t",
            "column_name": None,
            "severity": "warning",
            "passed": False,
            "breaking_count": 7,
            "says": "x:2",
        },
    ]
    told = freshness.checks(answers.listing("checks", *rows))
    assert told.index("◆ Warning") < told.index("● Holds")
    assert ">7<" in told


def test_a_wiki_that_fell_silent_while_its_feed_goes_on_is_found():
    from datetime import date

    rows = [
        {"feed": "mediawiki_logging", "wiki": None, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 11, 18)},
        {"feed": "mediawiki_logging", "wiki": "en.demo", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 11, 11)},
        {"feed": "mediawiki_logging", "wiki": "sw.demo", "starts_on": date(2026, 1, 1), "ends_on": date(2026, 11, 10)},
    ]
    found = attention.stopped(answers.listing("coverage", *rows))
    assert [row["wiki"] for row in found] == ["sw.demo"]  # eight days; seven are still a quiet week
