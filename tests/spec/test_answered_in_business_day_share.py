"""Answered within 8 business hours."""

from tests.spec.conftest import Spec


def test_an_answer_after_8_business_hours_is_in_time_and_none_is_late(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | first_response_business_hours | tells_business_hours | first_response_hours | is_answered
        -----------+-------------------------------+----------------------+----------------------+------------
        2026-01-05 | 8                             | yes                  | 60                   | yes
        2026-01-05 | 8.1                           | yes                  | 12                   | yes
        2026-01-06 |                               | yes                  | 600                  | no
        2026-01-07 | 0                             | yes                  | 9                    | yes          # in the night
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2 / 4}


def test_desks_that_do_not_tell_business_hours_are_in_neither_part(spec: Spec) -> None:
    table = """
        opened_at  | first_response_business_hours | tells_business_hours
        -----------+-------------------------------+---------------------
        2026-01-05 | 1                             | yes
        2026-01-05 |                               | no
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1.0}


def test_a_case_counts_only_after_a_week(spec: Spec) -> None:
    table = """
        opened_at  | first_response_business_hours | tells_business_hours
        -----------+-------------------------------+---------------------
        2026-01-05 | 1                             | yes
        2026-01-26 | 1                             | yes
        2026-01-25 |                               | yes
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1 / 2}
