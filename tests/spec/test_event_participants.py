"""Event participants: one for each person and event."""

from tests.spec.conftest import Spec


def test_whoever_comes_to_two_events_counts_twice(spec: Spec) -> None:
    table = """
        started_at | event
        -----------+------
        2026-01-02 | a
        2026-01-02 | a
        2026-02-02 | b
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 2, "2026-02": 1}


def test_a_month_between_events_has_nobody(spec: Spec) -> None:
    table = """
        started_at | is_new
        -----------+-------
        2026-01-02 | yes
        2026-03-02 |
        """
    assert spec(table, as_of="2026-04-01") == {"2026-01": 1, "2026-02": 0, "2026-03": 1}
