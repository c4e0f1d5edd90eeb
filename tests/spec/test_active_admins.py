"""Active administrators."""

from tests.spec.conftest import Spec


def test_administrators_with_five_content_edits_count(spec: Spec) -> None:
    table = """
        month_at   | editor_kind | editor_role | content_edit_count
        -----------+-------------+-------------+-------------------
        2026-01-01 | account     | admin       | 5
        2026-01-01 | account     | admin       | 4
        2026-01-01 | account     | other       | 500
        2026-01-01 | bot         | admin       | 500
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1}


def test_they_are_told_by_the_years_of_their_first_edit(spec: Spec) -> None:
    table = """
        month_at   | editor_kind | editor_role | content_edit_count | tenure
        -----------+-------------+-------------+--------------------+-------------
        2026-01-01 | account     | admin       | 5                  | 2001_to_2005
        2026-01-01 | account     | admin       | 9                  | 2016_to_2020
        2026-01-01 | account     | admin       | 9                  | 2016_to_2020
        """
    assert spec(table, as_of="2026-02-01", split=("tenure",)) == {
        ("2026-01", "2001_to_2005"): 1,
        ("2026-01", "2016_to_2020"): 2,
    }
