"""Knows where to report, weighted to all editors."""

from tests.spec.conftest import Figures, Spec


def test_a_stratum_weighs_as_many_people_as_it_has(spec: Spec) -> None:
    """Newcomers: 1 of 2 says yes, for 300 people. Veterans: 0 of 3, for 100. (0.5 x 300 + 0 x 100) / 400."""
    assert spec(
        """
        closed_at  | measure               | stratum   | stratum_population | is_yes
        -----------+-----------------------+-----------+--------------------+-------
        2026-04-12 | knows_where_to_report | newcomers | 300                | yes
        2026-04-12 | knows_where_to_report | newcomers | 300                | no
        2026-04-12 | knows_where_to_report | veterans  | 100                | no
        2026-04-12 | knows_where_to_report | veterans  | 100                | no
        2026-04-12 | knows_where_to_report | veterans  | 100                | no
        """,
        as_of="2026-05-01",
    ) == {"2026-04": 0.375}


def test_each_wiki_is_weighted_by_its_own_strata(spec: Spec) -> None:
    table = """
        closed_at  | measure               | wiki   | stratum | stratum_population | is_yes
        -----------+-----------------------+--------+---------+--------------------+-------
        2026-04-12 | knows_where_to_report | a.demo | a       | 900                | yes
        2026-04-12 | knows_where_to_report | a.demo | a       | 900                | yes
        2026-04-12 | knows_where_to_report | b.demo | b       | 100                | no
        2026-04-12 | knows_where_to_report | b.demo | b       | 100                | yes
        """
    assert spec(table, as_of="2026-05-01", split=("wiki",)) == {("2026-04", "a.demo"): 1.0, ("2026-04", "b.demo"): 0.5}
    assert spec(table, as_of="2026-05-01") == {"2026-04": 0.95}


def test_everybody_saying_yes_is_a_whole_share_with_room_below(figures: Figures) -> None:
    table = """
        closed_at  | measure               | stratum | stratum_population | is_yes
        -----------+-----------------------+---------+--------------------+-------
        2026-04-12 | knows_where_to_report | all     | 1000               | yes
        2026-04-12 | knows_where_to_report | all     | 1000               | yes
        2026-04-12 | knows_where_to_report | all     | 1000               | yes
        """
    found = figures(table, as_of="2026-05-01")["2026-04"]
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low is not None
    assert found.low < 1
