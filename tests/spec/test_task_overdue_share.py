"""Tasks that were not closed when they were due."""

from tests.spec.conftest import Spec

TABLE = """
    opened_at  | due_at     | is_overdue | priority
    -----------+------------+------------+---------
    2026-01-02 | 2026-01-31 | yes        | high
    2026-01-02 | 2026-01-20 | no         | high
    2026-01-02 | 2026-01-20 | no         | low
    2026-01-02 |            |            | low      # it has no date
    2026-01-02 | 2026-02-10 |            | low      # not due yet
    """


def test_of_the_tasks_that_fell_due_one_of_three_was_not_closed(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01", start="2026-01-01") == {"2026-01": 1 / 3}


def test_priorities_are_told_apart(spec: Spec) -> None:
    told = spec(TABLE, as_of="2026-02-01", start="2026-01-01", split=("priority",))
    assert told == {("2026-01", "high"): 1 / 2, ("2026-01", "low"): 0}
