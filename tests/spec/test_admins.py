"""Administrators at the end of the period."""

from tests.spec.conftest import Spec

TABLE = """
    wiki   | started_at | ended_at
    -------+------------+-----------
    a.demo | 2026-01-10 |
    a.demo | 2026-01-20 | 2026-02-28
    b.demo | 2026-02-01 | 2026-03-05
    """


def test_an_administrator_counts_at_the_end_of_each_month_before_it_ends(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-01") == {"2026-01": 2, "2026-02": 2, "2026-03": 1}


def test_whoever_becomes_one_later_does_not_count_yet(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2}


def test_wikis_are_told_apart(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", split=("wiki",)) == {
        ("2026-01", "a.demo"): 2,
        ("2026-01", "b.demo"): 0,
        ("2026-02", "a.demo"): 1,
        ("2026-02", "b.demo"): 1,
    }
