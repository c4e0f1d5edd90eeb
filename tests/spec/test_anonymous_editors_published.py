"""Editors without an account, as published: temporary accounts are among them, and break the series."""

from tests.spec.conftest import Spec


def test_every_level_counts_once(spec: Spec) -> None:
    table = """
        month_at   | editor_kind            | activity    | editors
        -----------+------------------------+-------------+--------
        2026-01-01 | anonymous              | 1_to_4      | 900
        2026-01-01 | anonymous              | 5_to_24     | 60
        2026-01-01 | anonymous              | 25_to_99    | 3
        2026-01-01 | anonymous              | 100_or_more | 1
        2026-01-01 | registered             | 1_to_4      | 500
        2026-02-01 | anonymous_or_temporary | 1_to_4      | 400
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 964, "2026-02": 400}


def test_the_series_breaks_where_temporary_accounts_begin(spec: Spec) -> None:
    table = """
        month_at   | editor_kind            | activity | editors
        -----------+------------------------+----------+--------
        2026-01-01 | anonymous              | 1_to_4   | 900
        2026-02-01 | anonymous_or_temporary | 1_to_4   | 400
        """
    assert spec(table, as_of="2026-03-01", split=("editor_kind",)) == {
        ("2026-01", "anonymous"): 900,
        ("2026-01", "anonymous_or_temporary"): 0,
        ("2026-02", "anonymous"): 0,
        ("2026-02", "anonymous_or_temporary"): 400,
    }
