"""Cases opened: new ones."""

from tests.spec.conftest import Spec


def test_a_case_counts_once_in_the_month_in_which_it_was_opened(spec: Spec) -> None:
    assert spec(
        """
        opened_at           | resolved_at
        --------------------+------------
        2026-01-02          | 2026-02-03
        2026-01-31T23:59:59 |
        2026-02-01          | 2026-02-02
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 2, "2026-02": 1}


def test_cases_are_counted_by_iso_week(spec: Spec) -> None:
    table = """
        opened_at  | queue
        -----------+------
        2026-12-31 | a     # a Thursday
        2027-01-03 | a     # the Sunday of the same week, in the next year
        2027-01-04 | a
        """
    assert spec(table, as_of="2027-01-11", by="week") == {"2026-W53": 2, "2027-W01": 1}


def test_cases_are_told_by_urgency_and_queue_together(spec: Spec) -> None:
    table = """
        opened_at  | urgency   | queue
        -----------+-----------+--------
        2026-01-02 | emergency | threats
        2026-01-02 | ordinary  | threats
        2026-01-03 | ordinary  | threats
        """
    assert spec(table, as_of="2026-02-01", split=("urgency", "queue")) == {
        ("2026-01", "emergency", "threats"): 1,
        ("2026-01", "ordinary", "threats"): 2,
    }
