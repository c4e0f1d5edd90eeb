"""Active editors as published: three of the four levels of activity, of registered people only."""

from tests.spec.conftest import Spec

MONTHS = """
    month_at   | wiki    | editor_kind            | activity    | editors
    -----------+---------+------------------------+-------------+--------
    2026-01-01 | en.demo | registered             | 1_to_4      | 900
    2026-01-01 | en.demo | registered             | 5_to_24     | 60
    2026-01-01 | en.demo | registered             | 25_to_99    | 30
    2026-01-01 | en.demo | registered             | 100_or_more | 10
    2026-01-01 | en.demo | bot_by_group           | 100_or_more | 5
    2026-01-01 | en.demo | anonymous_or_temporary | 5_to_24     | 7
    2026-01-01 | de.demo | registered             | 5_to_24     | 20
    2026-02-01 | de.demo | registered             | 25_to_99    | 21
    """


def test_five_edits_or_more_are_three_levels_together(spec: Spec) -> None:
    assert spec(MONTHS, as_of="2026-03-01", split=("wiki",)) == {
        ("2026-01", "de.demo"): 20,
        ("2026-01", "en.demo"): 60 + 30 + 10,
        ("2026-02", "de.demo"): 21,
        ("2026-02", "en.demo"): 0,
    }


def test_levels_can_be_told_apart(spec: Spec) -> None:
    table = """
        month_at   | wiki    | editor_kind | activity    | editors
        -----------+---------+-------------+-------------+--------
        2026-01-01 | en.demo | registered  | 5_to_24     | 60
        2026-01-01 | de.demo | registered  | 5_to_24     | 20
        2026-01-01 | en.demo | registered  | 100_or_more | 10
        """
    assert spec(table, as_of="2026-02-01", split=("activity",)) == {
        ("2026-01", "100_or_more"): 10,
        ("2026-01", "5_to_24"): 60 + 20,
    }


def test_the_sum_over_wikis_is_the_sum_of_their_figures(spec: Spec) -> None:
    assert spec(MONTHS, as_of="2026-02-01") == {"2026-01": 120}
