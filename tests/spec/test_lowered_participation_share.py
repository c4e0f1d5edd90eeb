"""Took part less after harassment, of those who were harassed."""

from tests.spec.conftest import Figures, Spec


def test_each_stratum_weighs_as_many_people_as_it_has(spec: Spec) -> None:
    """Large: 1 of 2 says yes, for 300 people. Small: 2 of 2, for 100. (0.5 x 300 + 1 x 100) / 400."""
    assert spec(
        """
        closed_at  | measure                | stratum | stratum_population | is_yes
        -----------+------------------------+---------+--------------------+-------
        2026-04-12 | lowered_participation  | large   | 300                | yes
        2026-04-12 | lowered_participation  | large   | 300                | no
        2026-04-12 | lowered_participation  | small   | 100                | yes
        2026-04-12 | lowered_participation  | small   | 100                | yes
        """,
        as_of="2026-05-01",
    ) == {"2026-04": 0.625}


def test_answers_to_another_question_do_not_count(figures: Figures) -> None:
    table = """
        closed_at  | measure                | stratum | stratum_population | is_yes
        -----------+------------------------+---------+--------------------+-------
        2026-04-12 | lowered_participation  | all     | 100                | yes
        2026-04-12 | lowered_participation  | all     | 100                | no
        2026-04-12 | experienced_harassment | all     | 100                | yes
        """
    april = figures(table, as_of="2026-05-01")["2026-04"]
    assert (april.value, april.n) == (0.5, 2)
