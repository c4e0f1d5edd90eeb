"""Shares noted by hand."""

from tests.spec.conftest import Spec


def test_shares_of_a_month_have_a_mean(spec: Spec) -> None:
    table = """
        counted_at | unit  | over_time | value
        -----------+-------+-----------+------
        2026-09-10 | share | mean      | 0.25
        2026-09-20 | share | mean      | 0.75
        """
    assert spec(table, as_of="2026-10-01") == {"2026-09": 0.5}


def test_other_levels_are_not_here(spec: Spec) -> None:
    table = """
        counted_at | unit  | over_time | value
        -----------+-------+-----------+------
        2026-09-10 | share | mean      | 0.25
        2026-09-20 | hours | mean      | 12
        """
    assert spec(table, as_of="2026-10-01") == {"2026-09": 0.25}
