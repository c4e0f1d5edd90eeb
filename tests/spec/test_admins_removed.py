"""Administrators who stopped being it."""

from tests.spec.conftest import Spec

TABLE = """
    wiki   | started_at | ended_at
    -------+------------+-----------
    a.demo | 2026-01-10 |
    a.demo | 2026-01-20 | 2026-02-28
    b.demo | 2026-02-01 | 2026-03-05
    """


def test_each_counts_in_the_month_in_which_it_ended(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-01", start="2026-01-01") == {"2026-01": 0, "2026-02": 1, "2026-03": 1}


def test_an_end_that_nobody_knows_of_yet_does_not_count(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-05", start="2026-01-01") == {"2026-01": 0, "2026-02": 1, "2026-03": 0}
