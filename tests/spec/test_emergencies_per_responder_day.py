"""Emergencies per person and day on call."""

from tests.spec.conftest import Figures, Spec

CASES = """
    opened_at        | urgency
    -----------------+----------
    2026-01-05 03:00 | emergency
    2026-01-05 09:00 | emergency
    2026-01-05 10:00 | ordinary
    2026-01-06 03:00 | emergency  # with nobody on call; it has to be read all the same
    """
HOURS = """
    role       | hour_at          | covered_people
    -----------+------------------+---------------
    first-line | 2026-01-05 03:00 | 1
    first-line | 2026-01-05 09:00 | 2
    backup     | 2026-01-05 09:00 | 1
    first-line | 2026-01-06 03:00 | 0
    """


def test_24_hours_of_people_on_call_are_one_day(spec: Spec) -> None:
    """Three emergencies on four person-hours, of which 24 are a day: 3 / 4 * 24."""
    assert spec(CASES, exposure=HOURS, as_of="2026-02-01") == {"2026-01": 18}


def test_hours_that_lie_ahead_do_not_count_yet(spec: Spec) -> None:
    """Until the sixth two emergencies, on the four person-hours of the fifth."""
    assert spec(CASES, exposure=HOURS, as_of="2026-01-06", by="week") == {"2026-W02": 12}


def test_it_rests_on_its_emergencies_so_that_few_of_them_are_withheld(figures: Figures) -> None:
    assert figures(CASES, exposure=HOURS, as_of="2026-02-01")["2026-01"].n == 3
