"""Indefinite share of blocks."""

from tests.spec.conftest import Spec


def test_hidden_blocks_are_in_neither_part(spec: Spec) -> None:
    assert spec(
        """
        set_at     | is_indefinite | scope
        -----------+---------------+---------
        2026-01-01 | yes           | sitewide
        2026-01-01 | no            | sitewide
        2026-01-01 | no            | partial
        2026-01-02 |               | hidden
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 1 / 3}


def test_a_month_of_temporary_blocks_has_a_share_of_0_and_one_of_hidden_ones_none(spec: Spec) -> None:
    table = """
        set_at     | is_indefinite
        -----------+--------------
        2026-01-01 | no
        2026-02-01 |
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 0.0}


def test_the_share_is_told_by_who_blocked(spec: Spec) -> None:
    table = """
        set_at     | is_indefinite | performer_kind
        -----------+---------------+---------------
        2026-01-01 | no            | bot
        2026-01-01 | yes           | person
        2026-01-01 | no            | person
        """
    assert spec(table, as_of="2026-02-01", split=("performer_kind",)) == {
        ("2026-01", "bot"): 0.0,
        ("2026-01", "person"): 0.5,
    }
