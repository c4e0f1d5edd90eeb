"""Trusts the process, weighted to all editors."""

from tests.spec.conftest import Figures, Spec


def test_a_stratum_weighs_as_many_people_as_it_has(spec: Spec) -> None:
    """Newcomers: 1 of 2 says yes, for 300 people. Veterans: 0 of 3, for 100. (0.5 x 300 + 0 x 100) / 400."""
    assert spec(
        """
        closed_at  | measure        | stratum   | stratum_population | is_yes
        -----------+----------------+-----------+--------------------+-------
        2026-04-12 | trusts_process | newcomers | 300                | yes
        2026-04-12 | trusts_process | newcomers | 300                | no
        2026-04-12 | trusts_process | veterans  | 100                | no
        2026-04-12 | trusts_process | veterans  | 100                | no
        2026-04-12 | trusts_process | veterans  | 100                | no
        """,
        as_of="2026-05-01",
    ) == {"2026-04": 0.375}


def test_two_waves_in_a_fiscal_year_are_taken_together(spec: Spec) -> None:
    table = """
        closed_at  | measure        | wave   | stratum | stratum_population | is_yes
        -----------+----------------+--------+---------+--------------------+-------
        2026-09-12 | trusts_process | autumn | autumn  | 100                | yes
        2026-09-12 | trusts_process | autumn | autumn  | 100                | yes
        2027-04-12 | trusts_process | spring | spring  | 100                | no
        2027-04-12 | trusts_process | spring | spring  | 100                | yes
        """
    assert spec(table, as_of="2027-07-01", by="fiscal_year") == {"FY2027": 0.75}
    assert spec(table, as_of="2027-07-01", by="quarter") == {"2027Q1": 1.0, "2027Q4": 0.5}


def test_a_wave_that_closes_at_the_cutoff_is_not_known_yet(figures: Figures) -> None:
    table = """
        closed_at  | measure        | stratum | stratum_population | is_yes
        -----------+----------------+---------+--------------------+-------
        2026-04-12 | trusts_process | all     | 100                | yes
        2026-04-12 | trusts_process | all     | 100                | no
        """
    assert figures(table, as_of="2026-04-12", start="2026-04-01")["2026-04"].state == "partial"
    assert figures(table, as_of="2026-04-13", start="2026-04-01")["2026-04"].state == "final"
