"""Levels noted by hand: means, and never sums."""

from tests.spec.conftest import Spec


def test_over_a_quarter_a_level_is_the_mean_of_its_months(spec: Spec) -> None:
    table = """
        counted_at | measure     | unit  | over_time | value
        -----------+-------------+-------+-----------+------
        2026-07-31 | list_length | count | mean      | 40
        2026-08-31 | list_length | count | mean      | 44
        2026-09-30 | list_length | count | mean      | 48
        """
    assert spec(table, as_of="2026-10-01", by="quarter") == {"2027Q1": 44}


def test_what_adds_up_and_what_is_a_share_is_not_here(spec: Spec) -> None:
    table = """
        counted_at | unit  | over_time | value
        -----------+-------+-----------+------
        2026-09-30 | count | add       | 7
        2026-09-30 | share | mean      | 0.5
        2026-09-30 | count | mean      | 40
        """
    assert spec(table, as_of="2026-10-01") == {"2026-09": 40}
