"""Appeals overturned or remanded, of the eligible ones that were decided."""

from tests.spec.conftest import Spec

TABLE = """
    decided_at | outcome    | is_eligible
    -----------+------------+------------
    2025-11-01 | ineligible | no
    2025-11-01 | ineligible | no
    2025-12-01 | ratified   | yes
    2025-12-01 | ineligible | no
    2026-03-01 | remanded   | yes
    """


def test_of_the_committees_first_half_year_one_of_two_was_sent_back(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-01", by="total") == {"all": 1 / 2}


def test_both_ways_not_to_stand_count(spec: Spec) -> None:
    table = """
        decided_at | outcome    | is_eligible
        -----------+------------+------------
        2026-01-05 | overturned | yes
        2026-01-05 | remanded   | yes
        2026-01-05 | ratified   | yes
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 2 / 3}
