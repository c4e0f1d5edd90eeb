"""Milestones on time, of those that were due."""

from tests.spec.conftest import Spec


def test_a_milestone_that_is_due_and_not_done_is_not_on_time(spec: Spec) -> None:
    assert spec(
        """
        planned_at | actual_at  | is_due | is_on_time
        -----------+------------+--------+-----------
        2026-01-10 | 2026-01-10 | yes    | yes         # on the day
        2026-01-20 | 2026-01-22 | yes    | no
        2026-01-25 |            | yes    | no          # still not done
        2026-01-28 | 2026-01-02 | yes    | yes
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2 / 4}


def test_it_counts_in_the_month_for_which_it_was_planned(spec: Spec) -> None:
    table = """
        planned_at | actual_at  | is_due | is_on_time | pillar
        -----------+------------+--------+------------+-------
        2026-01-10 | 2026-02-10 | yes    | no         | tools
        2026-02-20 | 2026-01-05 | yes    | yes        | tools
        2026-02-20 | 2026-02-21 | yes    | no         | policy
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 0.0, "2026-02": 0.5}
    assert spec(table, as_of="2026-03-01", split=("pillar",))["2026-02", "tools"] == 1.0


def test_what_is_not_due_yet_is_in_neither_part_even_if_it_is_done(spec: Spec) -> None:
    table = """
        planned_at | actual_at  | is_due | is_on_time
        -----------+------------+--------+-----------
        2026-01-10 | 2026-01-12 | yes    | no
        2026-02-15 | 2026-01-20 | no     |
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 0.0}
