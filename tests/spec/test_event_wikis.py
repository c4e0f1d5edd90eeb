"""Wikis of events: how many different ones."""

from tests.spec.conftest import Spec


def test_a_wiki_of_many_events_is_one_and_an_event_of_no_wiki_is_none(spec: Spec) -> None:
    table = """
        started_at | wiki
        -----------+-------
        2026-01-05 | a.demo
        2026-01-06 | a.demo
        2026-01-07 | b.demo
        2026-01-08 |
        2026-02-01 |
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 2, "2026-02": 0}


def test_a_wiki_that_comes_back_is_in_the_total_once(spec: Spec) -> None:
    table = """
        started_at | wiki   | platform
        -----------+--------+----------------
        2026-01-05 | a.demo | dashboard
        2026-02-05 | a.demo | campaign_events
        2026-02-06 | b.demo | dashboard
        """
    assert spec(table, as_of="2026-03-01", by="total") == {"all": 2}
    assert spec(table, as_of="2026-03-01", by="total", split=("platform",)) == {
        ("all", "campaign_events"): 1,
        ("all", "dashboard"): 2,
    }
