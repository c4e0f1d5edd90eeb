"""People counted by hand: a row for each, and one without a person where somebody looked and saw nobody."""

from tests.spec.conftest import Spec


def test_people_of_a_month_are_counted(spec: Spec) -> None:
    table = """
        counted_at | sheet     | is_person
        -----------+-----------+----------
        2026-09-03 | trainings | true
        2026-09-03 | trainings | true
        2026-09-17 | trainings | true
        """
    assert spec(table, as_of="2026-10-01") == {"2026-09": 3}


def test_nobody_came_is_0_and_nobody_counted_is_not_known(spec: Spec) -> None:
    table = """
        counted_at | is_person
        -----------+----------
        2026-07-03 | true
        2026-09-17 |            # a row of the sheet that says 0
        2026-10-01 | true
        """
    assert spec(table, as_of="2026-11-01") == {"2026-07": 1, "2026-09": 0, "2026-10": 1}


def test_each_sheet_counts_for_itself(spec: Spec) -> None:
    table = """
        counted_at | sheet     | is_person
        -----------+-----------+----------
        2026-09-03 | trainings | true
        2026-09-03 | talks     |
        """
    assert spec(table, as_of="2026-10-01", split=("sheet",)) == {("2026-09", "trainings"): 1, ("2026-09", "talks"): 0}
