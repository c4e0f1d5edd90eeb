"""Trainings completed, of the participants of whom anybody tells."""

from tests.spec.conftest import Spec


def test_whoever_did_the_trainings_counts_among_those_who_had_any(spec: Spec) -> None:
    table = """
        started_at | is_trained
        -----------+-----------
        2026-01-02 | yes
        2026-01-02 | yes
        2026-01-02 | no
        2026-01-02 |            # no training was given, or nobody tells: in neither part
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 2 / 3}


def test_events_without_users_leave_a_blank_and_no_zero(spec: Spec) -> None:
    table = """
        started_at | is_trained
        -----------+-----------
        2026-01-02 |
        2026-02-02 | no
        """
    assert spec(table, as_of="2026-03-01") == {"2026-02": 0}
