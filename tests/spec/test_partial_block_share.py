"""Partial share of blocks."""

from tests.spec.conftest import Figures, Spec


def test_hidden_blocks_are_in_neither_part(spec: Spec) -> None:
    assert spec(
        """
        set_at     | is_partial | scope
        -----------+------------+---------
        2026-01-01 | yes        | partial
        2026-01-02 | no         | sitewide
        2026-01-03 | no         | sitewide
        2026-01-04 | no         | sitewide
        2026-01-05 |            | hidden
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 1 / 4}


def test_a_wiki_without_partial_blocks_has_a_share_of_0(spec: Spec) -> None:
    table = """
        set_at     | is_partial | wiki
        -----------+------------+-------
        2026-01-01 | yes        | a.demo
        2026-01-01 | no         | b.demo
        """
    assert spec(table, as_of="2026-02-01", split=("wiki",)) == {("2026-01", "a.demo"): 1.0, ("2026-01", "b.demo"): 0.0}


def test_the_share_rests_on_the_blocks_that_can_be_seen(figures: Figures) -> None:
    """Wilson's interval of 1 of 2, to three places. R: prop.test(1, 2, correct = FALSE)."""
    table = """
        set_at     | is_partial
        -----------+-----------
        2026-01-01 | yes
        2026-01-02 | no
        2026-01-05 |
        """
    found = figures(table, as_of="2026-02-01")["2026-01"]
    assert (found.numerator, found.denominator, found.n) == (1, 2, 2)
    assert (round(found.low or 0, 3), round(found.high or 0, 3)) == (0.095, 0.905)
