"""Blocks of temporary accounts."""

from tests.spec.conftest import Spec


def test_a_temporary_account_is_neither_an_account_nor_an_address(spec: Spec) -> None:
    assert spec(
        """
        set_at     | target_kind
        -----------+------------------
        2026-01-05 | temporary_account
        2026-01-06 | temporary_account
        2026-01-07 | account
        2026-01-08 | ipv4
        2026-01-09 | hidden
        """,
        as_of="2026-02-01",
    ) == {"2026-01": 2}


def test_before_temporary_accounts_there_are_none(spec: Spec) -> None:
    table = """
        set_at     | target_kind       | wiki
        -----------+-------------------+-------
        2026-01-05 | ipv4              | a.demo
        2026-02-05 | temporary_account | a.demo
        2026-02-05 | ipv6              | b.demo
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 0, "2026-02": 1}
    assert spec(table, as_of="2026-03-01", split=("wiki",)) == {("2026-01", "a.demo"): 0, ("2026-02", "a.demo"): 1}
