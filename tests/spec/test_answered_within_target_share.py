"""Answered within 48 hours."""

from tests.spec.conftest import Spec


def test_an_answer_after_exactly_48_hours_is_in_time_and_later_is_not(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 48                   | yes
        2026-01-05 | 48.5                 | yes
        2026-01-06 | 2                    | yes
        2026-01-07 | 600                  | no           # never answered: late, not left out
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2 / 4}


def test_a_case_counts_only_once_its_48_hours_are_over_even_if_it_was_answered(spec: Spec) -> None:
    table = """
        opened_at           | first_response_hours | is_answered
        --------------------+----------------------+------------
        2026-01-28T00:00:00 | 100                  | no
        2026-01-30T00:00:00 | 3                    | yes
        2026-01-30T00:00:01 | 3                    | yes          # its 48 hours end a second after the cutoff
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1 / 2}


def test_a_month_without_ripe_cases_has_no_share_rather_than_0(spec: Spec) -> None:
    table = """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 3                    | yes
        2026-02-28 | 1                    | yes
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1.0}


def test_the_share_of_each_queue_is_its_own(spec: Spec) -> None:
    table = """
        opened_at  | first_response_hours | is_answered | queue
        -----------+----------------------+-------------+--------
        2026-01-05 | 3                    | yes         | threats
        2026-01-05 | 90                   | yes         | outing
        2026-01-06 | 3                    | yes         | outing
        2026-01-06 | 90                   | no          |
        """
    assert spec(table, as_of="2026-02-01", split=("queue",)) == {
        ("2026-01", "threats"): 1.0,
        ("2026-01", "outing"): 0.5,
        ("2026-01", "unknown"): 0.0,
    }
