"""Attacks among talk comments, each comment with what it stands for."""

from tests.spec.conftest import Figures, Spec

TABLE = """
    commented_at | page_kind    | model | is_attack | stratum            | stratum_population
    -------------+--------------+-------+-----------+--------------------+-------------------
    2026-01-05   | article_talk | v1    | yes       | article / 2026-01  | 300
    2026-01-06   | article_talk | v1    | no        | article / 2026-01  | 300
    2026-01-07   | article_talk | v1    | no        | article / 2026-01  | 300
    2026-01-08   | user_talk    | v1    | yes       | user / 2026-01     | 100
    2026-01-08   | user_talk    | v1    | yes       | user / 2026-01     | 100
    2026-02-01   | article_talk | v2    | no        | article / 2026-02  | 600
    2026-02-01   | article_talk | v2    | yes       | article / 2026-02  | 600
    """


def test_a_comment_stands_for_as_many_as_its_stratum_has_for_each(spec: Spec) -> None:
    """January: 1 of 3 stands for 100 of 300, 2 of 2 for 100 of 100. Counted without weights it would be 3 of 5."""
    assert spec(TABLE, as_of="2026-04-01") == {"2026-01": 200 / 400, "2026-02": 1 / 2}


def test_months_add_up_to_a_quarter_by_what_they_stand_for(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-01", by="total") == {"all": (200 + 300) / 1000}


def test_versions_of_a_model_are_series_of_their_own(spec: Spec) -> None:
    found = spec(TABLE, as_of="2026-04-01", by="total", split=("model",))
    assert found == {("all", "v1"): 1 / 2, ("all", "v2"): 1 / 2}


def test_it_says_on_how_many_comments_it_rests_and_how_sure_it_is(figures: Figures) -> None:
    found = figures(TABLE, as_of="2026-04-01")["2026-01"]
    assert found.n == 5
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.5 < found.high
