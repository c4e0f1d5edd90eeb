"""Administrators made."""

from tests.spec.conftest import Spec

TABLE = """
    wiki   | started_at | ended_at
    -------+------------+-----------
    a.demo | 2026-01-10 |
    a.demo | 2026-01-20 | 2026-02-28
    b.demo | 2026-02-01 | 2026-03-05
    """


def test_each_counts_in_the_month_in_which_it_was_made(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-01") == {"2026-01": 2, "2026-02": 1, "2026-03": 0}


def test_whoever_is_made_again_counts_again(spec: Spec) -> None:
    again = TABLE + "b.demo | 2026-03-20 |"
    assert spec(again, as_of="2026-04-01", by="total", split=("wiki",)) == {("all", "a.demo"): 2, ("all", "b.demo"): 2}
