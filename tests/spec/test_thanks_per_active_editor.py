"""Thanks per active editor."""

from tests.spec.conftest import Spec

THANKS = """
    wiki    | thanked_at
    --------+-----------
    en.demo | 2026-01-03
    en.demo | 2026-01-04
    en.demo | 2026-01-05
    """
EDITORS = """
    wiki    | month_at   | editor_kind | content_edit_count
    --------+------------+-------------+-------------------
    en.demo | 2026-01-01 | account     | 5
    en.demo | 2026-01-01 | account     | 6
    en.demo | 2026-01-01 | account     | 2
    """


def test_thanks_are_divided_by_editors_of_five_edits_or_more(spec: Spec) -> None:
    assert spec(THANKS, exposure=EDITORS, as_of="2026-02-01") == {"2026-01": 3 / 2}


def test_the_wikis_of_both_sides_are_the_same(spec: Spec) -> None:
    told = spec(THANKS, exposure=EDITORS, as_of="2026-02-01", split=("wiki",))
    assert told == {("2026-01", "en.demo"): 3 / 2}
