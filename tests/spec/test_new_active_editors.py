"""New active editors."""

from tests.spec.conftest import Spec


def test_an_active_editor_is_new_in_the_month_of_registration_only(spec: Spec) -> None:
    table = """
        month_at   | editor_kind | content_edit_count | is_new
        -----------+-------------+--------------------+-------
        2026-01-01 | account     | 5                  | yes
        2026-02-01 | account     | 5                  | no      # the same one, a month later
        2026-02-01 | account     | 4                  | yes     # new, and not active
        2026-02-01 | account     | 6                  | yes
        """
    assert spec(table, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 1}


def test_wikis_are_told_apart(spec: Spec) -> None:
    table = """
        month_at   | wiki   | editor_kind | content_edit_count | is_new
        -----------+--------+-------------+--------------------+-------
        2026-01-01 | a.demo | account     | 5                  | yes
        2026-01-01 | b.demo | account     | 5                  | yes
        """
    assert spec(table, as_of="2026-02-01", split=("wiki",)) == {("2026-01", "a.demo"): 1, ("2026-01", "b.demo"): 1}
    assert spec(table, as_of="2026-02-01") == {"2026-01": 2}  # an editor of both would count twice
