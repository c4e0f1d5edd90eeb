"""Very active among active editors."""

from tests.spec.conftest import Spec

TABLE = """
    month_at   | editor_kind | content_edit_count | edit_count
    -----------+-------------+--------------------+-----------
    2026-01-01 | account     | 100                | 100
    2026-01-01 | account     | 99                 | 400   # most of it on talk pages
    2026-01-01 | account     | 5                  | 5
    2026-01-01 | account     | 5                  | 9
    2026-01-01 | bot         | 9000               | 9000
    """


def test_one_of_four_made_a_hundred_content_edits(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 1 / 4}


def test_who_made_four_is_in_neither_part(spec: Spec) -> None:
    assert spec(TABLE + "2026-01-01 | account | 4 | 4", as_of="2026-02-01") == {"2026-01": 1 / 4}
