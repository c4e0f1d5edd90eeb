"""People in their roles, of those planned, counted by day."""

from tests.spec.conftest import Spec


def test_a_weeks_share_is_a_share_of_its_days(spec: Spec) -> None:
    """Two people planned on four days, one more in the role from the third on: 1 + 1 + 2 + 2 of 8."""
    assert spec(
        """
        day_at     | role    | planned_people | filled_people
        -----------+---------+----------------+--------------
        2026-11-16 | analyst | 2              | 1
        2026-11-17 | analyst | 2              | 1
        2026-11-18 | analyst | 2              | 2
        2026-11-19 | analyst | 2              | 2
        """,
        as_of="2026-11-20",
        by="week",
    ) == {"2026-W47": 6 / 8}


def test_half_a_person_is_half_and_a_role_nobody_planned_has_no_share(spec: Spec) -> None:
    table = """
        day_at     | role    | planned_people | filled_people
        -----------+---------+----------------+--------------
        2026-01-05 | analyst | 2              | 0.5
        2026-01-05 | lawyer  | 1              | 0
        2026-01-05 | intern  | 0              | 1
        """
    assert spec(table, as_of="2026-02-01", split=("role",)) == {
        ("2026-01", "analyst"): 0.25,
        ("2026-01", "lawyer"): 0.0,
    }


def test_more_people_than_planned_are_more_than_the_whole(spec: Spec) -> None:
    table = """
        day_at     | role    | planned_people | filled_people
        -----------+---------+----------------+--------------
        2026-01-05 | analyst | 2              | 3
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1.5}
