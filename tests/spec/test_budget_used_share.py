"""Budget used: money spent of money planned, in the months that are booked."""

from tests.spec.conftest import Spec


def test_money_is_added_up_before_it_is_compared(spec: Spec) -> None:
    """50 of 100 and 300 of 300 are 350 of 400, not the mean of 50 % and 100 %."""
    assert spec(
        """
        month_at   | line     | planned_amount | spent_amount
        -----------+----------+----------------+-------------
        2026-07-01 | training | 100            | 50
        2026-07-01 | software | 300            | 300
        """,
        as_of="2026-08-01",
    ) == {"2026-07": 350 / 400}


def test_more_than_planned_is_more_than_the_whole(spec: Spec) -> None:
    table = """
        month_at   | line     | planned_amount | spent_amount
        -----------+----------+----------------+-------------
        2026-06-01 | training | 100            | 90
        2026-07-01 | training | 100            | 150
        2026-08-01 | training | 100            | 100
        """
    assert spec(table, as_of="2026-09-01", by="fiscal_year") == {"FY2026": 0.9, "FY2027": 1.25}


def test_a_line_without_a_plan_has_no_share_of_it(spec: Spec) -> None:
    table = """
        month_at   | line     | planned_amount | spent_amount
        -----------+----------+----------------+-------------
        2026-07-01 | training | 100            | 0
        2026-07-01 | legal    | 0              | 40            # unplanned money: nothing to divide by
        """
    assert spec(table, as_of="2026-08-01", split=("line",)) == {("2026-07", "training"): 0.0}
