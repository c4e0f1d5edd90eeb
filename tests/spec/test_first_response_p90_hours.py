"""The time within which nine of ten cases had their first response."""

from tests.spec.conftest import Spec


def test_nine_of_ten_answered_means_the_ninth_answer(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 1                    | yes
        2026-01-05 | 2                    | yes
        2026-01-05 | 90                   | yes
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 90}


def test_one_unanswered_case_of_five_leaves_the_ninetieth_hundredth_unknown(spec: Spec) -> None:
    table = """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 1                    | yes
        2026-01-05 | 2                    | yes
        2026-01-05 | 3                    | yes
        2026-01-05 | 4                    | yes
        2026-01-05 | 600                  | no
        """
    assert spec(table, as_of="2026-02-01") == {}


def test_a_case_that_left_early_makes_room_for_the_last_answer(spec: Spec) -> None:
    """After the answers at 1, 2, 3 hours one of four waits; it is answered at 50, after which nobody waits."""
    table = """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 1                    | yes
        2026-01-05 | 2                    | yes
        2026-01-05 | 3                    | yes
        2026-01-30 | 40                   | no
        2026-01-05 | 50                   | yes
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 50}
