"""Median time to the first response, unanswered cases included."""

from tests.spec.conftest import Spec, States


def test_unanswered_cases_count_for_as_long_as_they_have_waited(spec: Spec) -> None:
    """Of five, the third to be answered is the median. Of the answered alone it would be the second."""
    assert spec(
        """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 2                    | yes
        2026-01-05 | 4                    | yes
        2026-01-05 | 30                   | yes
        2026-01-06 | 500                  | no
        2026-01-06 | 500                  | no
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 30}


def test_a_case_that_waits_for_less_than_the_others_took_says_little(spec: Spec) -> None:
    """The case of 1 hour has waited less than any answer took: it leaves before the first of the three answers."""
    table = """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-31 | 1                    | no
        2026-01-05 | 4                    | yes
        2026-01-05 | 6                    | yes
        2026-01-05 | 9                    | yes
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 6}


def test_of_an_even_number_the_median_is_the_time_by_which_half_were_answered(spec: Spec) -> None:
    table = """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 2                    | yes
        2026-01-05 | 4                    | yes
        2026-01-05 | 6                    | yes
        2026-01-05 | 500                  | no
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 4}


def test_a_month_of_which_less_than_half_is_answered_has_no_median(spec: Spec) -> None:
    table = """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 4                    | yes
        2026-01-05 | 600                  | no
        2026-01-05 | 600                  | no
        """
    assert spec(table, as_of="2026-02-01") == {}


def test_two_weeks_after_its_end_a_month_is_final(states: States) -> None:
    table = """
        opened_at  | first_response_hours | is_answered
        -----------+----------------------+------------
        2026-01-05 | 4                    | yes
        """
    assert states(table, as_of="2026-02-14", start="2026-01-01") == {"2026-01": "maturing", "2026-02": "partial"}
    assert states(table, as_of="2026-02-15", start="2026-01-01") == {"2026-01": "final", "2026-02": "partial"}
