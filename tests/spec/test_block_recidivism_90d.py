"""Blocked again within 90 days."""

from tests.spec.conftest import Spec


def test_the_longer_window_sees_those_who_wait(spec: Spec) -> None:
    assert spec(
        """
        ended_at   | reblocked_within_30d | reblocked_within_90d
        -----------+----------------------+---------------------
        2026-01-01 | yes                  | yes
        2026-01-01 | no                   | yes
        2026-01-01 | no                   | no
        2026-01-01 | no                   | no
        """,
        as_of="2026-06-01",
    ) == {"2026-01": 2 / 4}


def test_a_block_counts_once_all_90_days_are_over_and_not_before(spec: Spec) -> None:
    table = """
        ended_at   | reblocked_within_90d
        -----------+---------------------
        2026-01-01 | no
        2026-01-02 | yes                   # again already, but its 90 days end on 2 April
        """
    assert spec(table, as_of="2026-03-31") == {}
    assert spec(table, as_of="2026-04-01") == {"2026-01": 0.0}
    assert spec(table, as_of="2026-04-02") == {"2026-01": 0.5}


def test_each_wiki_has_its_own_share(spec: Spec) -> None:
    table = """
        ended_at   | reblocked_within_90d | wiki
        -----------+----------------------+-------
        2026-01-01 | yes                  | a.demo
        2026-01-01 | no                   | b.demo
        2026-01-02 | yes                  | b.demo
        """
    assert spec(table, as_of="2026-06-01", split=("wiki",)) == {("2026-01", "a.demo"): 1.0, ("2026-01", "b.demo"): 0.5}
