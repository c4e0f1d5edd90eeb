"""Blocked again within 30 days."""

from tests.spec.conftest import Spec, States


def test_a_block_whose_window_is_still_open_is_not_counted_yet(spec: Spec) -> None:
    assert spec(
        """
        ended_at   | reblocked_within_30d
        -----------+---------------------
        2026-01-01 | yes
        2026-01-01 | no
        2026-02-20 | yes
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 1 / 2}  # the third one's 30 days end in March: neither counted nor zero


def test_a_window_that_ends_exactly_at_the_cutoff_is_complete(spec: Spec) -> None:
    table = """
        ended_at   | reblocked_within_30d
        -----------+---------------------
        2026-01-01 | yes
        """
    assert spec(table, as_of="2026-01-31") == {"2026-01": 1.0}
    assert spec(table, as_of="2026-01-30") == {}


def test_a_month_whose_last_windows_are_open_is_maturing_and_the_running_one_is_partial(states: States) -> None:
    assert states(
        """
        ended_at   | reblocked_within_30d
        -----------+---------------------
        2026-01-10 | yes
        2026-02-10 | no
        2026-03-10 | no
        """,
        as_of="2026-03-20",
        start="2026-01-01",
    ) == {"2026-01": "final", "2026-02": "maturing", "2026-03": "partial"}
