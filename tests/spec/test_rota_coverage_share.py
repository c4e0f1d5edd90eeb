"""Hours with somebody on call, of those in which somebody is wanted."""

from tests.spec.conftest import Spec


def test_parts_of_hours_count_as_parts(spec: Spec) -> None:
    """One hour whole, of one a half, one not at all: 1.5 of 3."""
    assert spec(
        """
        hour_at          | role  | wanted_hours | covered_hours
        -----------------+-------+--------------+--------------
        2026-01-05 00:00 | first | 1            | 1
        2026-01-05 01:00 | first | 1            | 0.5
        2026-01-05 02:00 | first | 1            | 0
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 0.5}


def test_hours_that_lie_ahead_are_planned_and_not_yet_covered_or_missed(spec: Spec) -> None:
    table = """
        hour_at          | role  | wanted_hours | covered_hours
        -----------------+-------+--------------+--------------
        2026-01-05 00:00 | first | 1            | 1
        2026-01-06 00:00 | first | 1            | 0
        """
    assert spec(table, as_of="2026-01-06", by="total") == {"all": 1.0}
    assert spec(table, as_of="2026-01-07", by="total") == {"all": 0.5}


def test_each_role_has_its_own_share_and_hours_in_which_nobody_is_wanted_have_none(spec: Spec) -> None:
    table = """
        hour_at          | role   | wanted_hours | covered_hours
        -----------------+--------+--------------+--------------
        2026-01-05 00:00 | first  | 1            | 1
        2026-01-05 00:00 | backup | 0.5          | 0.25
        2026-02-05 00:00 | first  | 0            | 0
        """
    assert spec(table, as_of="2026-03-01", split=("role",)) == {
        ("2026-01", "first"): 1.0,
        ("2026-01", "backup"): 0.5,
    }
