"""Tasks open when the period ended."""

from tests.spec.conftest import Spec


def test_a_task_is_open_at_the_end_of_each_month_before_it_closes(spec: Spec) -> None:
    assert spec(
        """
        stocked_at | opened_at  | closed_at
        -----------+------------+-----------
        2026-01-02 | 2026-01-02 | 2026-01-20
        2026-01-03 | 2026-01-03 | 2026-02-10
        2026-02-04 | 2026-02-04 |
                   | 2026-01-05 |            # closed, nobody knows since when
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 1, "2026-02": 1, "2026-03": 1}


def test_projects_have_their_own_tasks_and_so_have_those_without_one(spec: Spec) -> None:
    table = """
        stocked_at | closed_at  | project
        -----------+------------+----------
        2026-01-02 |            | reporting
        2026-01-03 | 2026-01-04 | reporting
        2026-01-05 |            |
        """
    assert spec(table, as_of="2026-02-01", split=("project",)) == {
        ("2026-01", "reporting"): 1,
        ("2026-01", "unknown"): 1,
    }
