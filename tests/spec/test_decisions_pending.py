"""Decisions asked for and not yet taken when the period ended."""

from tests.spec.conftest import Spec


def test_a_decision_is_pending_until_it_is_taken(spec: Spec) -> None:
    assert spec(
        """
        asked_at   | decided_at
        -----------+-----------
        2026-01-05 | 2026-01-25
        2026-01-06 | 2026-02-10
        2026-02-01 |
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 1, "2026-02": 1, "2026-03": 1}


def test_asked_before_the_first_month_shown_is_pending_all_the_same(spec: Spec) -> None:
    table = """
        asked_at   | decided_at
        -----------+-----------
        2025-06-01 |
        2025-06-01 | 2025-07-01
        """
    assert spec(table, as_of="2026-02-01", start="2026-01-01") == {"2026-01": 1}
