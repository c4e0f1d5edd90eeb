"""Cases open when the period ended."""

from tests.spec.conftest import Spec


def test_a_case_is_open_at_the_end_of_each_month_before_it_closes(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | closed_at  | is_reopening
        -----------+------------+-------------
        2026-01-02 | 2026-01-20 | no            # opened and closed in January
        2026-01-03 | 2026-02-10 | no
        2026-01-04 |            | no
        2026-03-01 |            | yes           # the first one, again
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 2, "2026-02": 1, "2026-03": 2}


def test_the_stock_of_a_running_month_is_that_of_its_last_known_day(spec: Spec) -> None:
    table = """
        opened_at  | closed_at
        -----------+-----------
        2026-01-02 | 2026-01-20
        2026-01-03 |
        """
    assert spec(table, as_of="2026-01-15") == {"2026-01": 2}
    assert spec(table, as_of="2026-01-25") == {"2026-01": 1}


def test_a_month_in_which_nothing_moved_keeps_the_stock(spec: Spec) -> None:
    table = """
        opened_at  | closed_at  | queue
        -----------+------------+--------
        2026-01-03 | 2026-03-05 | threats
        2026-01-04 | 2026-01-04 | outing
        """
    assert spec(table, as_of="2026-04-01", split=("queue",)) == {
        ("2026-01", "threats"): 1,
        ("2026-02", "threats"): 1,
        ("2026-03", "threats"): 0,
        ("2026-01", "outing"): 0,
        ("2026-02", "outing"): 0,
        ("2026-03", "outing"): 0,
    }
