"""Satisfied with the help, of those who said."""

from tests.spec.conftest import Spec


def test_who_did_not_rate_is_in_neither_part(spec: Spec) -> None:
    assert spec(
        """
        resolved_at | satisfaction
        ------------+-------------
        2026-01-05  | good
        2026-01-05  | good
        2026-01-06  | bad
        2026-01-07  | none
        2026-01-08  | none
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2 / 3}


def test_a_month_without_ratings_has_no_share(spec: Spec) -> None:
    table = """
        resolved_at | satisfaction
        ------------+-------------
        2026-01-05  | none
        2026-02-05  | bad
        """
    assert spec(table, as_of="2026-03-01") == {"2026-02": 0.0}


def test_a_rating_of_a_case_that_is_still_open_has_no_month_yet(spec: Spec) -> None:
    table = """
        resolved_at | satisfaction
        ------------+-------------
        2026-01-05  | good
                    | bad
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1.0}
