"""Blocks in force when the period ended."""

from tests.spec.conftest import Spec


def test_a_block_is_in_force_in_every_month_that_ends_before_it_does(spec: Spec) -> None:
    assert spec(
        """
        set_at           | ended_at   | scope
        -----------------+------------+---------
        2026-01-05       |            | sitewide
        2026-01-10       | 2026-02-10 | sitewide
        2026-02-01       | 2026-02-01 | partial   # set and lifted on one day: in no stock
        2026-03-31T23:00 |            | partial
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 2, "2026-02": 1, "2026-03": 2}


def test_a_block_that_ends_at_midnight_was_still_in_force_when_the_month_ended(spec: Spec) -> None:
    table = """
        set_at     | ended_at            | scope
        -----------+---------------------+---------
        2026-01-05 | 2026-01-31T23:59:59 | sitewide
        2026-01-05 | 2026-02-01T00:00:00 | sitewide
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 0}


def test_a_hidden_block_is_in_no_stock_for_nobody_can_see_when_it_ends(spec: Spec) -> None:
    table = """
        set_at     | ended_at | scope    | wiki
        -----------+----------+----------+-------
        2026-01-05 |          | hidden   | a.demo
        2026-01-05 |          | hidden   | b.demo
        2026-01-06 |          | sitewide | b.demo
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1}
    assert spec(table, as_of="2026-02-01", split=("wiki",)) == {("2026-01", "b.demo"): 1}


def test_what_was_set_before_the_first_month_shown_is_still_in_force(spec: Spec) -> None:
    table = """
        set_at     | ended_at   | scope
        -----------+------------+---------
        2025-11-20 |            | sitewide
        2025-12-20 | 2026-01-20 | sitewide
        """
    assert spec(table, as_of="2026-03-01", start="2026-01-01") == {"2026-01": 1, "2026-02": 1}
