"""Median time to the answer of an escalation, those without one included."""

from tests.spec.conftest import Spec


def test_escalations_without_an_answer_count_for_as_long_as_they_have_waited(spec: Spec) -> None:
    """Two of three are answered after 3 and 8 days: half is reached at 8. Of the answered alone it would be 3."""
    assert spec(
        """
        raised_at  | waiting_days | is_answered
        -----------+--------------+------------
        2026-07-01 | 3            | yes
        2026-07-01 | 8            | yes
        2026-07-11 | 20           | no
        """,
        as_of="2026-08-01",
        by="quarter",
    ) == {"2027Q1": 8}


def test_a_quarter_in_which_most_wait_has_no_median(spec: Spec) -> None:
    table = """
        raised_at  | waiting_days | is_answered
        -----------+--------------+------------
        2026-07-01 | 3            | yes
        2026-07-01 | 31           | no
        2026-07-01 | 31           | no
        """
    assert spec(table, as_of="2026-08-01", by="quarter") == {}
