"""Administrators who edit actively, among those who edit at all."""

from tests.spec.conftest import Spec

TABLE = """
    month_at   | wiki    | editor_kind | editor_role | content_edit_count
    -----------+---------+-------------+-------------+-------------------
    2026-01-01 | en.demo | account     | admin       | 5
    2026-01-01 | en.demo | account     | admin       | 4   # one too few
    2026-01-01 | ja.demo | account     | admin       | 0   # they edited talk pages
    2026-01-01 | en.demo | account     | other       | 70
    2026-01-01 | en.demo | bot         | admin       | 900
    """


def test_one_of_three_administrators_made_five_content_edits(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 1 / 3}


def test_a_wiki_whose_administrators_do_other_things_has_0(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01", split=("wiki",)) == {
        ("2026-01", "en.demo"): 1 / 2,
        ("2026-01", "ja.demo"): 0,
    }
