"""Median time to the closing of a task, open ones included."""

from tests.spec.conftest import Spec


def test_open_tasks_count_for_as_long_as_they_have_been_open(spec: Spec) -> None:
    """Two of three are closed after 4 and 9 days: half is reached at 9. Of the closed alone the middle would be 4."""
    assert spec(
        """
        opened_at  | closing_days | is_closed
        -----------+--------------+----------
        2026-01-01 | 4            | yes
        2026-01-01 | 9            | yes
        2026-01-11 | 80           | no
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 9}


def test_a_task_closed_since_nobody_knows_when_says_nothing(spec: Spec) -> None:
    table = """
        opened_at  | closing_days | is_closed
        -----------+--------------+----------
        2026-01-01 | 4            | yes
        2026-01-01 |              | no
        """
    assert spec(table, as_of="2026-04-01") == {"2026-01": 4}


def test_a_task_counts_in_the_month_in_which_it_was_made(spec: Spec) -> None:
    table = """
        opened_at           | closing_days | is_closed | project
        --------------------+--------------+-----------+----------
        2026-01-31T23:59:59 | 10           | yes       | reporting
        2026-02-01          | 3            | yes       | reporting
        """
    assert spec(table, as_of="2026-05-01", split=("project",)) == {
        ("2026-01", "reporting"): 10,
        ("2026-02", "reporting"): 3,
    }
