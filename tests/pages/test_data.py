"""The Data page: feeds, rows set aside by rule, checks with the broken ones first."""

from dashboard.widgets import agreement, attention, freshness, names, plan
from tests import answers
from tests.pages.conftest import Open, text


def test_rows_set_aside_stand_by_rule_the_most_first(open_page: Open):
    told = text(open_page("data", part="quarantine"))
    assert told.index("the response is complete") < told.index("params of a block are in a known form")


def test_every_file_stands_with_its_rows_and_those_set_aside(open_page: Open):
    told = text(open_page("data"))
    assert "feeds/tickets.csv" in told
    assert "8,940" in told


def test_a_file_that_serves_two_purposes_is_listed_once():
    strata = {"feed": "survey", "file": "strata.csv", "sha256": "c", "rows": 36, "rejected": 0}
    rows = [{**strata, "latest_event_at": None, "received_at": None}] * 2
    assert freshness.files(answers.listing("feeds", *rows)).count("strata.csv") == 1


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


def test_a_wiki_that_left_is_no_concern_once_its_last_days_are_there(monkeypatch):
    from datetime import date

    monkeypatch.setattr(plan, "today", lambda: date(2026, 11, 18))
    monkeypatch.setattr(names, "member", lambda dimension, member: member)

    days = {"en.demo": (date(2026, 6, 30), date(2026, 6, 30)), "sw.demo": (date(2026, 5, 31), date(2026, 6, 30))}
    rows = [
        {"feed": "mediawiki_history", "wiki": wiki, "starts_on": date(2026, 1, 1), "ends_on": end, "left_on": left_on}
        for wiki, (end, left_on) in {None: (date(2026, 9, 30), None), **days}.items()
    ]
    found = attention.stopped(answers.listing("coverage", *rows))
    assert [row["wiki"] for row in found] == ["sw.demo"]  # of which June is still to come
    told = freshness.coverage(answers.listing("coverage", *rows)).replace("\u00a0", " ")
    assert told.count("left on 30 Jun 2026") == 1


def test_figures_that_do_not_agree_stand_beside_each_other_with_what_may_still_move():
    from datetime import datetime

    rows = [
        {
            "month_at": datetime(2026, 3, 1),
            "measure": "active_editors",
            "compared_with": "new_and_returning",
            "theirs": 87430.0,
            "ours": 87431.0,
            "difference": -1.0,
            "state": "provisional",
        }
    ]
    told = agreement.differences(answers.listing("differences", *rows * 62)).replace("\u00a0", " ")
    assert ">2026-03<" in told
    assert ">87,430<" in told
    assert ">−1<" in told
    assert "May still move" in told
    assert "2 earlier months differ, too." in told


def test_a_program_without_such_figures_is_told_so(open_page: Open):
    assert "No feed has figures that could be compared." in text(open_page("data", part="agreement"))
