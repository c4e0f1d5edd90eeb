"""Saw harassment, weighted to all editors."""

from tests.spec.conftest import Figures, Spec


def test_a_stratum_weighs_as_many_people_as_it_has(spec: Spec) -> None:
    """Newcomers: 1 of 2 says yes, for 300 people. Veterans: 0 of 3, for 100. (0.5 x 300 + 0 x 100) / 400."""
    assert spec(
        """
        closed_at  | measure              | stratum   | stratum_population | is_yes
        -----------+----------------------+-----------+--------------------+-------
        2026-04-12 | witnessed_harassment | newcomers | 300                | yes
        2026-04-12 | witnessed_harassment | newcomers | 300                | no
        2026-04-12 | witnessed_harassment | veterans  | 100                | no
        2026-04-12 | witnessed_harassment | veterans  | 100                | no
        2026-04-12 | witnessed_harassment | veterans  | 100                | no
        """,
        as_of="2026-05-01",
    ) == {"2026-04": 0.375}


def test_who_did_not_answer_the_question_is_in_neither_part(spec: Spec) -> None:
    table = """
        closed_at  | measure              | stratum | stratum_population | is_yes
        -----------+----------------------+---------+--------------------+-------
        2026-04-12 | witnessed_harassment | all     | 100                | yes
        2026-04-12 | witnessed_harassment | all     | 100                | no
        2026-04-12 | witnessed_harassment | all     | 100                |
        2026-04-12 | felt_unsafe          | all     | 100                | yes
        """
    assert spec(table, as_of="2026-05-01") == {"2026-04": 0.5}


def test_a_single_answer_says_nothing_of_anybody_else(figures: Figures) -> None:
    table = """
        closed_at  | measure              | stratum | stratum_population | is_yes
        -----------+----------------------+---------+--------------------+-------
        2026-04-12 | witnessed_harassment | all     | 100                | yes
        """
    found = figures(table, as_of="2026-05-01", start="2026-04-01")["2026-04"]
    assert (found.value, found.n, found.state) == (None, 1, "no_data")
