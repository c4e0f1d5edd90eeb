"""Events held: those that began."""

from tests.spec.conftest import Spec


def test_an_event_counts_in_the_month_in_which_it_begins_however_long_it_goes_on(spec: Spec) -> None:
    table = """
        started_at          | ended_at
        --------------------+-----------
        2026-01-31T09:00:00 | 2026-03-01
        2026-02-01          | 2026-02-01
        2026-02-02          | 2026-12-01    # goes on still
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 2}


def test_events_are_told_by_platform_and_cohort_together(spec: Spec) -> None:
    table = """
        started_at | platform        | cohort
        -----------+-----------------+--------
        2026-01-02 | dashboard       | unknown
        2026-01-02 | campaign_events | unknown
        2026-01-03 | dashboard       | unknown
        """
    assert spec(table, as_of="2026-02-01", split=("platform", "cohort")) == {
        ("2026-01", "campaign_events", "unknown"): 1,
        ("2026-01", "dashboard", "unknown"): 2,
    }
