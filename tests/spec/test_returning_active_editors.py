"""Returning active editors."""

from tests.spec.conftest import Spec

TABLE = """
    month_at   | editor_kind | content_edit_count | is_new
    -----------+-------------+--------------------+-------
    2026-01-01 | account     | 5                  | yes
    2026-01-01 | account     | 5                  | no
    2026-01-01 | account     | 5                  | no
    2026-01-01 | bot         | 5                  | no
    2026-01-01 | account     | 1                  | no
    """


def test_whoever_is_active_and_not_new_is_returning(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2}


def test_a_month_in_which_nobody_returned_is_0(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01") == {"2026-01": 2, "2026-02": 0}
