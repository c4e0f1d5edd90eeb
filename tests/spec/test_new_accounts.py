"""New accounts."""

from tests.spec.conftest import Spec


def test_accounts_that_another_wiki_made_automatically_are_left_out(spec: Spec) -> None:
    assert spec(
        """
        registered_at       | account_kind
        --------------------+--------------
        2026-01-31T23:59:59 | self_made
        2026-01-05          | made_by_other
        2026-01-06          | automatic
        2026-02-01          | self_made
        """,
        as_of="2026-03-01",
    ) == {"2026-01": 2, "2026-02": 1}


def test_a_month_of_automatic_accounts_alone_is_0(spec: Spec) -> None:
    table = """
        registered_at | account_kind | wiki
        --------------+--------------+-------
        2026-01-06    | automatic    | a.demo
        2026-01-07    | self_made    | b.demo
        2026-02-06    | automatic    | b.demo
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 0}
    assert spec(table, as_of="2026-03-01", split=("wiki",)) == {("2026-01", "b.demo"): 1, ("2026-02", "b.demo"): 0}
