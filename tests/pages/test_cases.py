"""The Cases page: stock and flow balance, and filters reach every card."""

import itertools

from metrics import query
from tests.pages.conftest import Open, text


def test_open_before_plus_opened_and_reopened_minus_closed_is_open_at_the_end(demo_build, monkeypatch):
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))
    names = ("cases_open", "cases_opened", "cases_reopened", "cases_closed")
    series = [query.ask(name, by="quarter", audience="program").figures for name in names]
    known = [row for row in zip(*series, strict=True) if all(one.shown for one in row)]
    for before, after in itertools.pairwise(known):
        left, opened, reopened, closed = (one.value for one in after)
        assert left == before[0].value + opened + reopened - closed


def test_the_balance_stands_as_a_table_with_the_unfinished_period_named(open_page: Open):
    told = text(open_page("cases"))
    assert "Open before, plus opened and reopened, minus closed" in told
    assert "(period not over)" in told


def test_filters_reach_the_table_and_the_cards(open_page: Open):
    whole, part = text(open_page("cases")), text(open_page("cases", queue="privacy", language="ja"))
    assert whole != part
    assert "queue=privacy" in part
    assert "language=ja" in part


def test_emergencies_do_not_know_priority_and_say_so(open_page: Open):
    assert "For all: this measure does not know “Priority”" in text(open_page("cases", priority="high"))
