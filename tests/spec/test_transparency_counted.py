"""Counted in transparency reports: the published totals."""

from tests.spec.conftest import Spec


def test_all_periods_of_a_report_add_up(spec: Spec) -> None:
    table = """
        counted_at | report    | value
        -----------+-----------+------
        2025-12-31 | user-data | 25
        2026-06-30 | user-data | 314
        """
    assert spec(table, as_of="2026-07-01", by="total") == {"all": 339}


def test_half_years_stand_in_the_fiscal_year_in_which_they_end(spec: Spec) -> None:
    table = """
        counted_at | value
        -----------+------
        2025-12-31 | 25
        2026-06-30 | 4
        2026-12-31 | 7
        """
    assert spec(table, as_of="2027-01-01", by="fiscal_year") == {"FY2026": 29, "FY2027": 7}


def test_different_things_are_told_by_their_measure(spec: Spec) -> None:
    table = """
        counted_at | measure  | value
        -----------+----------+------
        2025-12-31 | requests | 25
        2025-12-31 | accounts | 6722
        """
    assert spec(table, as_of="2026-01-01", by="fiscal_year", split=("measure",)) == {
        ("FY2026", "accounts"): 6722,
        ("FY2026", "requests"): 25,
    }
