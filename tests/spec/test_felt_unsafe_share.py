"""Felt unsafe, weighted to all editors."""

from tests.spec.conftest import Figures, Spec


def test_a_stratum_weighs_as_many_people_as_it_has(spec: Spec) -> None:
    """Newcomers: 1 of 2 says yes, for 300 people. Veterans: 0 of 3, for 100. (0.5 x 300 + 0 x 100) / 400."""
    assert spec(
        """
        closed_at  | measure     | stratum   | stratum_population | is_yes
        -----------+-------------+-----------+--------------------+-------
        2026-04-12 | felt_unsafe | newcomers | 300                | yes
        2026-04-12 | felt_unsafe | newcomers | 300                | no
        2026-04-12 | felt_unsafe | veterans  | 100                | no
        2026-04-12 | felt_unsafe | veterans  | 100                | no
        2026-04-12 | felt_unsafe | veterans  | 100                | no
        """,
        as_of="2026-05-01",
    ) == {"2026-04": 0.375}


def test_other_questions_and_months_without_a_wave_have_no_value(spec: Spec) -> None:
    table = """
        closed_at  | measure              | stratum | stratum_population | is_yes
        -----------+----------------------+---------+--------------------+-------
        2026-02-12 | felt_unsafe          | all     | 100                | yes
        2026-02-12 | felt_unsafe          | all     | 100                | no
        2026-02-12 | witnessed_harassment | all     | 100                | yes
        2026-04-12 | witnessed_harassment | all     | 100                | yes
        """
    assert spec(table, as_of="2026-05-01") == {"2026-02": 0.5}


def test_a_stratum_with_a_single_answer_joins_the_smallest_other_one(spec: Spec) -> None:
    """The lone yes of b joins a (30 + 20 people, 3 of 4 yes), not the greater c: (3/4 x 50 + 0 x 100) / 150."""
    table = """
        closed_at  | measure     | stratum | stratum_population | is_yes
        -----------+-------------+---------+--------------------+-------
        2026-04-12 | felt_unsafe | a       | 30                 | yes
        2026-04-12 | felt_unsafe | a       | 30                 | yes
        2026-04-12 | felt_unsafe | a       | 30                 | no
        2026-04-12 | felt_unsafe | b       | 20                 | yes
        2026-04-12 | felt_unsafe | c       | 100                | no
        2026-04-12 | felt_unsafe | c       | 100                | no
        """
    assert spec(table, as_of="2026-05-01") == {"2026-04": 0.25}


def test_a_year_of_two_waves_is_their_mean_each_with_the_people_of_its_own_strata(spec: Spec) -> None:
    """Autumn: 0 of 2 for 100 newcomers. Spring: 2 of 2 for 300 of them. (0 x 100 + 1 x 300) / 400."""
    table = """
        closed_at  | wave   | measure     | stratum            | stratum_population | is_yes
        -----------+--------+-------------+--------------------+--------------------+-------
        2025-10-12 | autumn | felt_unsafe | autumn / newcomers | 100                | no
        2025-10-12 | autumn | felt_unsafe | autumn / newcomers | 100                | no
        2026-04-12 | spring | felt_unsafe | spring / newcomers | 300                | yes
        2026-04-12 | spring | felt_unsafe | spring / newcomers | 300                | yes
        """
    found = spec(table, as_of="2026-07-01", by="fiscal_year")
    assert list(found.values()) == [0.75]
    assert spec(table, as_of="2026-07-01", by="fiscal_year", split=("wave",)) == {
        (next(iter(found)), "autumn"): 0.0,
        (next(iter(found)), "spring"): 1.0,
    }


def test_a_closed_wave_is_final_and_its_interval_holds_the_share(figures: Figures) -> None:
    found = figures(
        """
        closed_at  | measure     | stratum | stratum_population | is_yes
        -----------+-------------+---------+--------------------+-------
        2026-04-12 | felt_unsafe | all     | 4                  | yes
        2026-04-12 | felt_unsafe | all     | 4                  | no
        2026-04-12 | felt_unsafe | all     | 400                | no
        """,
        as_of="2026-04-20",
    )["2026-04"]
    assert (found.state, found.n) == ("final", 3)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < 1 / 3 < found.high < 1
