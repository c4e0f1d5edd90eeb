"""Cases opened: new ones."""

from tests.spec.conftest import Spec


def test_a_reopening_is_no_new_case(spec: Spec) -> None:
    assert spec(
        """
        opened_at           | is_reopening
        --------------------+-------------
        2026-01-02          | no
        2026-01-31T23:59:59 | no
        2026-01-20          | yes
        2026-02-01          | no
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 2, "2026-02": 1}


def test_cases_are_counted_by_iso_week(spec: Spec) -> None:
    table = """
        opened_at  | is_reopening
        -----------+-------------
        2026-12-31 | no            # a Thursday
        2027-01-03 | no            # the Sunday of the same week, in the next year
        2027-01-04 | no
        """
    assert spec(table, as_of="2027-01-11", by="week") == {"2026-W53": 2, "2027-W01": 1}


def test_cases_are_told_by_urgency_and_queue_together(spec: Spec) -> None:
    table = """
        opened_at  | is_reopening | urgency   | queue
        -----------+--------------+-----------+--------
        2026-01-02 | no           | emergency | threats
        2026-01-02 | no           | ordinary  | threats
        2026-01-03 | no           | ordinary  | threats
        """
    assert spec(table, as_of="2026-02-01", split=("urgency", "queue")) == {
        ("2026-01", "emergency", "threats"): 1,
        ("2026-01", "ordinary", "threats"): 2,
    }
