"""Median time to the resolution, open cases included."""

from tests.spec.conftest import Spec, States


def test_open_cases_count_for_as_long_as_they_have_been_open(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | resolution_hours | is_resolved
        -----------+------------------+------------
        2026-01-05 | 24               | yes
        2026-01-05 | 48               | yes
        2026-01-05 | 240              | yes
        2026-01-05 | 2000             | no
        2026-01-05 | 2000             | no
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 240}


def test_a_case_closed_since_nobody_knows_when_is_left_out(spec: Spec) -> None:
    table = """
        opened_at  | resolution_hours | is_resolved | state
        -----------+------------------+-------------+-------
        2026-01-05 | 24               | yes         | closed
        2026-01-05 | 48               | yes         | closed
        2026-01-05 | 72               | yes         | closed
        2026-01-05 |                  | no          | closed
        """
    assert spec(table, as_of="2026-04-01") == {"2026-01": 48}


def test_sixty_days_after_its_end_a_month_is_final(states: States) -> None:
    table = """
        opened_at  | resolution_hours | is_resolved
        -----------+------------------+------------
        2026-01-05 | 24               | yes
        """
    assert states(table, as_of="2026-04-01", start="2026-01-01")["2026-01"] == "maturing"
    assert states(table, as_of="2026-04-02", start="2026-01-01")["2026-01"] == "final"


def test_a_young_month_of_open_cases_is_too_early_to_tell(states: States) -> None:
    table = """
        opened_at  | resolution_hours | is_resolved
        -----------+------------------+------------
        2026-01-05 | 700              | no
        """
    assert states(table, as_of="2026-02-03", start="2026-01-01")["2026-01"] == "too_early"
    assert states(table, as_of="2026-05-01", start="2026-01-01")["2026-01"] == "no_data"
