"""Active editors."""

from tests.spec.conftest import Spec, States

TABLE = """
    month_at   | editor_kind       | content_edit_count | tenure
    -----------+-------------------+--------------------+-------------
    2026-01-01 | account           | 5                  | 2001_to_2005
    2026-01-01 | account           | 4                  | 2001_to_2005  # one too few
    2026-01-01 | bot               | 900                | 2006_to_2010
    2026-01-01 | temporary_account | 50                 | 2026_or_later
    2026-02-01 | account           | 400                | 2001_to_2005
    2026-02-01 | account           | 7                  | 2026_or_later
    """


def test_only_accounts_of_people_with_five_content_edits_count(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01") == {"2026-01": 1, "2026-02": 2}


def test_they_are_told_by_the_years_of_their_first_edit(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", split=("tenure",)) == {
        ("2026-01", "2001_to_2005"): 1,
        ("2026-01", "2026_or_later"): 0,
        ("2026-02", "2001_to_2005"): 1,
        ("2026-02", "2026_or_later"): 1,
    }


def test_a_month_that_is_not_over_is_partial(states: States) -> None:
    assert states(TABLE, as_of="2026-02-20", start="2026-01-01") == {"2026-01": "final", "2026-02": "partial"}
