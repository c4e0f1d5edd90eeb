"""Share of blocks by the ten busiest."""

from tests.spec.conftest import Spec


def test_the_tenth_is_of_the_ten_and_the_eleventh_is_not(spec: Spec) -> None:
    assert spec(
        """
        set_at     | performer_rank
        -----------+---------------
        2026-01-01 | 1
        2026-01-02 | 10
        2026-01-03 | 11
        2026-01-04 | 12
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2 / 4}


def test_bots_and_hidden_performers_have_no_rank_and_are_in_neither_part(spec: Spec) -> None:
    table = """
        set_at     | performer_rank | performer_kind
        -----------+----------------+---------------
        2026-01-01 | 1              | person
        2026-01-02 |                | bot
        2026-01-03 |                | hidden
        2026-01-04 | 40             | person
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1 / 2}


def test_a_month_in_which_only_bots_blocked_has_no_share(spec: Spec) -> None:
    table = """
        set_at     | performer_rank
        -----------+---------------
        2026-01-31 |
        2026-02-01 | 3
        """
    assert spec(table, as_of="2026-03-01") == {"2026-02": 1.0}
