"""Surviving editors of events."""

from tests.spec.conftest import Spec

TABLE = """
    ended_at   | is_survivor
    -----------+------------
    2026-01-10 | yes
    2026-01-10 | no
    2026-01-10 | no
    2026-01-10 |            # the report was made before the window closed
    """


def test_survivors_are_held_against_all_of_whom_the_window_tells(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-06-01") == {"2026-01": 1 / 3}


def test_before_91_days_are_over_there_is_nothing(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-10") == {}
    assert spec(TABLE, as_of="2026-04-11") == {"2026-01": 1 / 3}
