"""Appeals overturned, of the eligible ones that were decided."""

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


def test_of_the_committees_first_half_year_none_of_two_was_overturned(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-01", by="total") == {"all": 0 / 2}


def test_ineligible_appeals_are_in_neither_part(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-04-01") == {"2025-12": 0, "2026-03": 0}  # in November nothing eligible was decided


def test_overturned_is_held_against_all_eligible_decisions(spec: Spec) -> None:
    table = """
        decided_at | outcome    | is_eligible
        -----------+------------+------------
        2026-01-05 | overturned | yes
        2026-01-05 | remanded   | yes
        2026-01-05 | ratified   | yes
        2026-01-05 | withdrawn  | no
        """
    assert spec(table, as_of="2026-02-01") == {"2026-01": 1 / 3}
