"""Response targets kept, of those that are decided."""

from tests.spec.conftest import Spec


def test_pending_targets_are_in_neither_part(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | decided_at | is_kept
        -----------+------------+--------
        2026-01-02 | 2026-01-03 | yes
        2026-01-02 | 2026-01-03 | yes
        2026-01-02 | 2026-01-04 | no
        2026-01-05 |            |           # pending
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2 / 3}


def test_a_target_counts_in_the_month_in_which_it_was_decided(spec: Spec) -> None:
    table = """
        opened_at  | decided_at          | is_kept
        -----------+---------------------+--------
        2026-01-02 | 2026-01-31T23:59:59 | no
        2026-01-02 | 2026-02-01          | yes
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 0.0, "2026-02": 1.0}


def test_first_answers_and_later_ones_are_told_apart(spec: Spec) -> None:
    table = """
        opened_at  | decided_at | is_kept | promise
        -----------+------------+---------+---------------
        2026-01-02 | 2026-01-03 | yes     | first_response
        2026-01-02 | 2026-01-03 | no      | next_response
        2026-01-02 | 2026-01-04 | yes     | next_response
        """
    assert spec(table, as_of="2026-02-01", split=("promise",)) == {
        ("2026-01", "first_response"): 1.0,
        ("2026-01", "next_response"): 1 / 2,
    }
