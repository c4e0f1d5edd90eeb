"""Risks open when the period ended."""

from tests.spec.conftest import Spec


def test_a_risk_is_open_until_it_is_closed(spec: Spec) -> None:
    assert spec(
        """
        opened_at  | closed_at  | severity
        -----------+------------+---------
        2025-10-05 | 2026-01-31 | low
        2025-10-06 |            | high
        2026-02-03 | 2026-02-03 | high
        2026-02-04 |            | critical
        """,
        as_of="2026-03-01",
        start="2026-01-01",
    ) == {"2026-01": 1, "2026-02": 2}


def test_risks_are_told_by_severity(spec: Spec) -> None:
    table = """
        opened_at  | closed_at  | severity
        -----------+------------+---------
        2026-01-05 |            | high
        2026-01-06 |            | high
        2026-01-07 | 2026-01-08 | low       # its severity was seen: a true 0
        """
    assert spec(table, as_of="2026-02-01", split=("severity",)) == {("2026-01", "high"): 2, ("2026-01", "low"): 0}
