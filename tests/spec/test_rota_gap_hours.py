"""Hours in which somebody was wanted on call and nobody was."""

from tests.spec.conftest import Spec


def test_gaps_add_up_over_hours_and_roles(spec: Spec) -> None:
    assert spec(
        """
        hour_at          | role   | gap_hours
        -----------------+--------+----------
        2026-01-05 00:00 | first  | 1
        2026-01-05 01:00 | first  | 0.25
        2026-01-05 00:00 | backup | 1
        2026-02-05 00:00 | first  | 0.5
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 2.25, "2026-02": 0.5}


def test_a_month_without_a_gap_has_none_and_a_gap_that_lies_ahead_is_none_yet(spec: Spec) -> None:
    table = """
        hour_at          | role  | gap_hours
        -----------------+-------+----------
        2026-01-05 00:00 | first | 0
        2026-02-10 00:00 | first | 1
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 0.0}
