"""Reopened within 30 days of the resolution."""

from tests.spec.conftest import Spec


def test_cases_count_in_the_month_of_their_resolution(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | resolved_at | reopened_within_30d
        -----------+-------------+--------------------
        2025-12-01 | 2026-01-05  | yes
        2026-01-02 | 2026-01-08  | no
        2026-01-02 | 2026-02-01  | no
        """,
        as_of="2026-06-01",
        start="2026-01-01",
    ) == {"2026-01": 1 / 2, "2026-02": 0.0}


def test_a_case_that_is_not_resolved_is_in_neither_part(spec: Spec) -> None:
    table = """
        opened_at  | resolved_at | reopened_within_30d
        -----------+-------------+--------------------
        2026-01-02 | 2026-01-08  | yes
        2026-01-02 |             |
        """
    assert spec(table, as_of="2026-06-01") == {"2026-01": 1.0}


def test_a_resolution_counts_once_its_30_days_are_over(spec: Spec) -> None:
    table = """
        opened_at  | resolved_at | reopened_within_30d
        -----------+-------------+--------------------
        2026-01-01 | 2026-01-01  | no
        2026-01-01 | 2026-01-15  | yes                  # again already, its window is open until 14 February
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 0.0}
    assert spec(table, as_of="2026-02-14") == {"2026-01": 0.5}
