"""Median time to a decision, pending ones included."""

from tests.spec.conftest import Spec


def test_pending_decisions_count_for_as_long_as_they_have_waited(spec: Spec) -> None:
    """Two of three are decided after 4 and 9 days: half is reached at 9. Of the decided alone the middle would be 4."""
    assert spec(
        """
        asked_at   | waiting_days | is_decided
        -----------+--------------+-----------
        2026-07-01 | 4            | yes
        2026-07-01 | 9            | yes
        2026-07-11 | 20           | no
        """,
        as_of="2026-08-01",
        by="quarter",
    ) == {"2027Q1": 9}


def test_a_quarter_in_which_most_decisions_wait_has_no_median(spec: Spec) -> None:
    table = """
        asked_at   | waiting_days | is_decided
        -----------+--------------+-----------
        2026-07-01 | 4            | yes
        2026-07-01 | 31           | no
        2026-07-01 | 31           | no
        2026-10-01 | 2            | yes
        """
    assert spec(table, as_of="2026-10-05", by="quarter") == {"2027Q2": 2}


def test_a_decision_counts_in_the_quarter_in_which_it_was_asked_for(spec: Spec) -> None:
    table = """
        asked_at   | decided_at | waiting_days | is_decided
        -----------+------------+--------------+-----------
        2026-06-30 | 2026-07-10 | 10           | yes
        2026-07-01 | 2026-07-04 | 3            | yes
        """
    assert spec(table, as_of="2026-10-01", by="quarter") == {"2026Q4": 10, "2027Q1": 3}
