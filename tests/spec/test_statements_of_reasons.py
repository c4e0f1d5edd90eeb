"""Statements of reasons."""

from tests.spec.conftest import Spec


def test_a_statement_counts_on_the_day_of_its_decision(spec: Spec) -> None:
    table = """
        applied_at | category
        -----------+---------
        2026-01-05 | violence
        2026-01-31 | violence
        2026-02-01 | violence
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 2, "2026-02": 1}


def test_statements_are_told_by_category_and_ground_together(spec: Spec) -> None:
    table = """
        applied_at | category | ground
        -----------+----------+---------------------
        2026-01-05 | violence | illegal_content
        2026-01-06 | violence | incompatible_content
        """
    assert spec(table, as_of="2026-02-01", split=("category", "ground")) == {
        ("2026-01", "violence", "illegal_content"): 1,
        ("2026-01", "violence", "incompatible_content"): 1,
    }
