"""New among active editors."""

from tests.spec.conftest import Spec

TABLE = """
    month_at   | editor_kind | content_edit_count | is_new
    -----------+-------------+--------------------+-------
    2026-01-01 | account     | 5                  | yes
    2026-01-01 | account     | 50                 | no
    2026-01-01 | account     | 8                  | no
    2026-01-01 | account     | 1                  | yes  # new, and not active
    2026-01-01 | bot         | 900                | yes
    """


def test_of_those_who_are_active_one_of_three_is_new(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 1 / 3}


def test_a_month_without_active_editors_has_no_share(spec: Spec) -> None:
    table = TABLE + "2026-02-01 | account | 3 | yes"
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1 / 3}
