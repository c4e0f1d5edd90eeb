"""Active after the event, per participant who was active during it."""

from tests.spec.conftest import Spec, States

TABLE = """
    ended_at   | is_active_during | is_active_after | has_return_window_closed
    -----------+------------------+-----------------+-------------------------
    2026-01-10 | yes              | yes             | yes
    2026-01-10 | yes              | no              | yes
    2026-01-10 | yes              | no              | yes
    2026-01-10 | no               | yes             | yes    # edited only after it: in the numerator, as the Dashboard has it
    2026-01-10 | no               | no              | yes
    2026-02-10 | yes              |                 | no     # the report was made too early
    """


def test_active_after_is_held_against_active_during(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-06-01") == {"2026-01": 2 / 3}


def test_while_the_window_is_open_there_is_nothing_and_no_zero(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-09") == {}  # 31 days after 10 January are over on 10 February
    assert spec(TABLE, as_of="2026-02-10") == {"2026-01": 2 / 3}


def test_an_event_in_its_window_is_too_early(states: States) -> None:
    assert states(TABLE, as_of="2026-02-09", start="2026-01-01") == {"2026-01": "too_early", "2026-02": "partial"}
