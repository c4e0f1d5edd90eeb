"""Median time under block, blocks still in force included."""

from tests.spec.conftest import Spec, States


def test_blocks_in_force_count_for_as_long_as_they_have_lasted(spec: Spec) -> None:
    """Of five, the third to end is the median: 30 hours. Of those that ended alone it would be 20."""
    assert spec(
        """
        set_at     | block_hours | has_ended
        -----------+-------------+----------
        2026-01-01 | 10          | yes
        2026-01-01 | 20          | yes
        2026-01-01 | 30          | yes
        2026-01-20 | 40          | no
        2026-01-20 | 50          | no
        """,
        as_of="2026-02-10",
    ) == {"2026-01": 30}


def test_a_month_of_which_less_than_half_has_ended_has_no_median_yet(spec: Spec) -> None:
    table = """
        set_at     | block_hours | has_ended
        -----------+-------------+----------
        2026-01-01 | 10          | yes
        2026-01-01 | 2000        | no
        2026-01-01 | 2000        | no
        """
    assert spec(table, as_of="2026-03-26") == {}


def test_a_hidden_block_is_left_out_for_nobody_can_see_when_it_ends(spec: Spec) -> None:
    table = """
        set_at     | block_hours | has_ended | wiki
        -----------+-------------+-----------+-------
        2026-01-01 | 10          | yes       | a.demo
        2026-01-02 |             |           | a.demo
        2026-01-03 |             |           | b.demo
        """
    assert spec(table, as_of="2026-03-01", split=("wiki",)) == {("2026-01", "a.demo"): 10}


def test_blocks_of_the_last_30_days_have_not_had_the_time_to_show_their_median(states: States) -> None:
    assert states(
        """
        set_at     | block_hours | has_ended
        -----------+-------------+----------
        2026-01-01 | 10          | yes
        2026-02-01 | 10          | yes
        """,
        as_of="2026-03-05",
    ) == {"2026-01": "final", "2026-02": "maturing", "2026-03": "partial"}
