"""Emergencies answered within an hour."""

from tests.spec.conftest import Spec


def test_only_emergencies_are_looked_at_and_an_hour_is_in_time(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | urgency   | first_response_hours | is_answered
        -----------+-----------+----------------------+------------
        2026-01-05 | emergency | 1                    | yes
        2026-01-05 | emergency | 1.01                 | yes
        2026-01-05 | emergency | 0.5                  | yes
        2026-01-06 | emergency | 700                  | no
        2026-01-06 | ordinary  | 0.1                  | yes
        """,
        as_of="2026-02-05",
    ) == {"2026-01": 2 / 4}


def test_an_emergency_counts_once_its_hour_is_over(spec: Spec) -> None:
    table = """
        opened_at           | urgency   | first_response_hours | is_answered
        --------------------+-----------+----------------------+------------
        2026-01-31T23:00:00 | emergency | 1                    | no
        2026-01-31T23:30:00 | emergency | 0.1                  | yes
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 0.0}


def test_a_month_without_an_emergency_has_no_share(spec: Spec) -> None:
    table = """
        opened_at  | urgency   | first_response_hours | is_answered
        -----------+-----------+----------------------+------------
        2026-01-05 | ordinary  | 1                    | yes
        2026-02-05 | emergency | 1                    | yes
        """
    assert spec(table, as_of="2026-03-01") == {"2026-02": 1.0}
