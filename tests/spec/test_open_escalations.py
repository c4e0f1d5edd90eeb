"""Escalations not answered when the period ended."""

from tests.spec.conftest import Spec


def test_an_escalation_is_open_until_it_is_answered(spec: Spec) -> None:
    assert spec(
        """
        raised_at  | answered_at
        -----------+------------
        2026-01-05 | 2026-01-31
        2026-01-06 | 2026-03-02
        2026-02-03 |
        """,
        as_of="2026-04-01",
    ) == {"2026-01": 1, "2026-02": 2, "2026-03": 1}


def test_an_answer_after_the_cutoff_is_not_known(spec: Spec) -> None:
    table = """
        raised_at  | answered_at
        -----------+------------
        2026-01-05 | 2026-01-20
        """
    assert spec(table, as_of="2026-01-20") == {"2026-01": 1}
    assert spec(table, as_of="2026-01-21") == {"2026-01": 0}
