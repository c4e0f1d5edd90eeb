"""Shifts that handed over to somebody."""

from tests.spec.conftest import Spec

TABLE = """
    ends_at          | role  | is_handover_gapless | is_ahead
    -----------------+-------+---------------------+---------
    2026-01-05 06:00 | first | yes                 | no
    2026-01-06 06:00 | first | yes                 | no
    2026-01-07 06:00 | first | no                  | no
    2026-01-08 06:00 | first |                     | no  # nobody is wanted then
    """


def test_of_the_shifts_that_end_while_somebody_is_wanted_two_of_three_hand_over(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2 / 3}


def test_a_shift_that_goes_on_at_the_cutoff_counts_on_neither_side(spec: Spec) -> None:
    later = TABLE + "2026-01-09 06:00 | first | no | yes"
    assert spec(later, as_of="2026-01-10") == {"2026-01": 2 / 3}
