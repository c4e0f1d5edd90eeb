"""Counted by hand: sums of what stands in sheets, and nothing where nothing stands."""

from tests.spec.conftest import Spec


def test_rows_of_a_month_add_up(spec: Spec) -> None:
    table = """
        counted_at | sheet     | measure   | over_time | value
        -----------+-----------+-----------+-----------+------
        2026-09-03 | trainings | trainings | add       | 1
        2026-09-17 | trainings | trainings | add       | 2
        """
    assert spec(table, as_of="2026-10-01") == {"2026-09": 3}


def test_a_month_without_rows_is_not_known_and_a_written_0_is_0(spec: Spec) -> None:
    table = """
        counted_at | over_time | value
        -----------+-----------+------
        2026-07-31 | add       | 4
        2026-09-30 | add       | 0
        2026-10-31 | add       | 5
        """
    assert spec(table, as_of="2026-11-01") == {"2026-07": 4, "2026-09": 0, "2026-10": 5}


def test_a_sheet_has_no_zeros_of_months_in_which_only_another_has_rows(spec: Spec) -> None:
    table = """
        counted_at | sheet     | over_time | value
        -----------+-----------+-----------+------
        2026-09-30 | trainings | add       | 4
        2026-09-30 | talks     | add       | 2
        2026-10-31 | talks     | add       | 3
        """
    assert spec(table, as_of="2026-11-01", split=("sheet",)) == {
        ("2026-09", "trainings"): 4,
        ("2026-09", "talks"): 2,
        ("2026-10", "talks"): 3,
    }


def test_levels_do_not_add_up_and_are_not_here(spec: Spec) -> None:
    table = """
        counted_at | measure     | over_time | value
        -----------+-------------+-----------+------
        2026-09-30 | list_length | mean      | 40
        2026-09-30 | trainings   | add       | 2
        2026-10-31 | list_length | mean      | 41
        """
    assert spec(table, as_of="2026-11-01") == {"2026-09": 2}
