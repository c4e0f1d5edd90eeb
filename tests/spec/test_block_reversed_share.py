"""Blocks lifted within 30 days, before their end."""

from tests.spec.conftest import Spec


def test_only_lifting_within_30_days_counts_as_reversal(spec: Spec) -> None:
    assert spec(
        """
        set_at     | is_reversed | block_hours
        -----------+-------------+------------
        2026-01-01 | yes         | 5
        2026-01-01 | yes         | 719
        2026-01-01 | yes         | 720          # after 30 days to the hour: too late to count
        2026-01-01 | no          | 24           # ran its time
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 2 / 4}


def test_a_young_block_has_not_had_the_chance_yet(spec: Spec) -> None:
    table = """
        set_at     | is_reversed | block_hours
        -----------+-------------+------------
        2026-01-01 | no          | 24
        2026-01-20 | yes         | 2
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 0.0}
    assert spec(table, as_of="2026-02-19") == {"2026-01": 0.5}


def test_hidden_blocks_are_in_neither_part(spec: Spec) -> None:
    table = """
        set_at     | is_reversed | block_hours
        -----------+-------------+------------
        2026-01-01 | yes         | 5
        2026-01-01 |             |
        """
    assert spec(table, as_of="2026-04-01") == {"2026-01": 1.0}
