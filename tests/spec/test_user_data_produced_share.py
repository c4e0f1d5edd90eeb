"""Requests for user data that were answered with data."""

from tests.spec.conftest import Spec


def test_four_of_25_requests_are_16_percent(spec: Spec) -> None:
    table = """
        counted_at | measure  | value
        -----------+----------+------
        2025-12-31 | requests | 25
        2025-12-31 | produced | 4
        2025-12-31 | accounts | 6722
        """
    assert spec(table, as_of="2026-01-01", by="fiscal_year") == {"FY2026": 4 / 25}


def test_without_requests_there_is_no_share(spec: Spec) -> None:
    table = """
        counted_at | measure  | value
        -----------+----------+------
        2025-12-31 | accounts | 0
        """
    assert spec(table, as_of="2026-01-01", by="fiscal_year") == {}
