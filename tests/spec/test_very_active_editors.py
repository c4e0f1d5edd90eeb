"""Very active editors."""

from tests.spec.conftest import Spec


def test_a_hundred_content_edits_make_one(spec: Spec) -> None:
    table = """
        month_at   | editor_kind | content_edit_count | edit_count
        -----------+-------------+--------------------+-----------
        2026-01-01 | account     | 99                 | 500         # the others were on talk pages
        2026-01-01 | account     | 100                | 100
        2026-02-01 | account     | 1000               | 1000
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 1}


def test_bots_and_temporary_accounts_are_none(spec: Spec) -> None:
    table = """
        month_at   | editor_kind       | content_edit_count
        -----------+-------------------+-------------------
        2026-01-01 | bot               | 100
        2026-01-01 | temporary_account | 100
        2026-01-01 | account           | 100
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1}
