"""Cases closed: how many times."""

from tests.spec.conftest import Spec


def test_a_case_that_was_reopened_and_closed_again_counts_twice(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | closed_at  | is_reopening
        -----------+------------+-------------
        2026-01-02 | 2026-01-05 | no
        2026-01-20 | 2026-02-01 | yes           # the same case again
        2026-01-03 |            | no            # open
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 1, "2026-02": 1}


def test_a_closing_after_the_cutoff_is_not_known(spec: Spec) -> None:
    table = """
        opened_at  | closed_at           | is_reopening
        -----------+---------------------+-------------
        2026-01-02 | 2026-01-31T23:59:59 | no
        2026-01-02 | 2026-02-01T00:00:00 | no
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1}


def test_closings_are_told_by_queue(spec: Spec) -> None:
    table = """
        opened_at  | closed_at  | queue
        -----------+------------+--------
        2026-01-02 | 2026-01-05 | threats
        2026-01-02 | 2026-01-06 | threats
        2026-01-02 | 2026-01-07 |
        """
    assert spec(table, as_of="2026-02-01", split=("queue",)) == {("2026-01", "threats"): 2, ("2026-01", "unknown"): 1}
