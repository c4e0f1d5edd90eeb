"""Revert rate, as the movement counts it."""

from tests.spec.conftest import Spec

TABLE = """
    edited_at           | editor_kind       | is_reverted | page_kind
    --------------------+-------------------+-------------+----------
    2026-01-01          | account           | no          | content
    2026-01-02          | account           | yes         | content
    2026-01-03          | anonymous         | no          | content
    2026-01-31T23:59:59 | temporary_account | no          | other
    2026-01-04          | bot               | yes         | content   # above the line, and not below it
    2026-01-05          | bot               | no          | content
    """


def test_reverted_edits_of_anybody_stand_above_edits_of_all_but_bots(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2 / 4}


def test_pages_with_content_are_told_from_others(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01", split=("page_kind",)) == {
        ("2026-01", "content"): 2 / 3,
        ("2026-01", "other"): 0.0,
    }


def test_where_only_bots_edit_there_is_no_rate(spec: Spec) -> None:
    table = """
        edited_at  | editor_kind | is_reverted
        -----------+-------------+------------
        2026-01-01 | bot         | yes
        """
    assert spec(table, as_of="2026-02-01") == {}
