"""Those of the first ten years among active editors."""

from tests.spec.conftest import Spec

TABLE = """
    month_at   | wiki    | editor_kind | content_edit_count | tenure
    -----------+---------+-------------+--------------------+-------------
    2026-01-01 | en.demo | account     | 5                  | 2001_to_2005
    2026-01-01 | en.demo | account     | 9                  | 2006_to_2010
    2026-01-01 | en.demo | account     | 9                  | 2011_to_2015
    2026-01-01 | sw.demo | account     | 9                  | 2021_to_2025
    2026-01-01 | en.demo | account     | 4                  | 2001_to_2005  # one edit too few
    """


def test_two_of_four_began_before_2011(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2 / 4}


def test_a_young_wiki_has_0(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01", split=("wiki",)) == {
        ("2026-01", "en.demo"): 2 / 3,
        ("2026-01", "sw.demo"): 0,
    }
