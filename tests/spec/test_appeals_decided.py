"""Appeals decided, by the month of the decision."""

from tests.spec.conftest import Spec


def test_a_decision_counts_in_its_own_month_whatever_the_outcome(spec: Spec) -> None:
    table = """
        decided_at | outcome
        -----------+-----------
        2025-11-01 | ineligible
        2025-11-01 | ineligible
        2025-12-01 | ratified
        """
    assert spec(table, as_of="2026-01-01") == {"2025-11": 2, "2025-12": 1}


def test_decisions_are_told_by_outcome(spec: Spec) -> None:
    table = """
        decided_at | outcome
        -----------+-----------
        2025-12-01 | ineligible
        2025-12-01 | ratified
        2025-12-02 | ratified
        """
    assert spec(table, as_of="2026-01-01", split=("outcome",)) == {
        ("2025-12", "ineligible"): 1,
        ("2025-12", "ratified"): 2,
    }
