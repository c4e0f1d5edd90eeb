"""Emergencies opened."""

from tests.spec.conftest import Spec

TABLE = """
    opened_at  | urgency   | queue
    -----------+-----------+----------
    2026-01-03 | emergency | emergency
    2026-01-20 | ordinary  | emergency  # it stood in that queue, and the desk calls it none
    2026-02-09 | emergency | conduct
    """


def test_what_the_desk_calls_an_emergency_counts_whatever_its_queue(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 1}


def test_a_queue_without_emergencies_in_a_month_has_0_there(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", split=("queue",)) == {
        ("2026-01", "conduct"): 0,
        ("2026-01", "emergency"): 1,
        ("2026-02", "conduct"): 1,
        ("2026-02", "emergency"): 0,
    }
