"""The mean score of talk comments, each comment with what it stands for."""

from tests.spec.conftest import Figures, Spec

TABLE = """
    commented_at | page_kind    | model | weight | weighted_score
    -------------+--------------+-------+--------+---------------
    2026-01-05   | article_talk | v1    | 10     | 5
    2026-01-06   | article_talk | v1    | 10     | 0
    2026-01-07   | user_talk    | v1    | 1      | 1
    2026-02-01   | user_talk    | v2    | 4      | 1
    """


def test_a_score_weighs_as_much_as_its_comment_stands_for(spec: Spec) -> None:
    """January: 0.5, 0 and 1 for 10, 10 and 1 comments. Without weights the mean would be 0.5."""
    assert spec(TABLE, as_of="2026-03-01") == {"2026-01": 6 / 21, "2026-02": 1 / 4}


def test_versions_of_a_model_are_series_of_their_own(spec: Spec) -> None:
    found = spec(TABLE, as_of="2026-03-01", by="total", split=("model",))
    assert found == {("all", "v1"): 6 / 21, ("all", "v2"): 1 / 4}


def test_it_says_on_how_many_comments_it_rests_not_for_how_many_they_stand(figures: Figures) -> None:
    found = figures(TABLE, as_of="2026-03-01")
    assert [(one.n, one.low) for one in found.values()] == [(3, None), (1, None)]
