"""How long the longest tenth of the shifts is, at least."""

from tests.spec.conftest import Spec

TABLE = """
    starts_at        | role  | shift_hours | is_ahead
    -----------------+-------+-------------+---------
    2026-01-05 06:00 | first | 8           | no
    2026-01-06 06:00 | first | 8           | no
    2026-01-07 06:00 | first | 12          | no
    2026-01-30 06:00 | first | 48          | yes  # it is not over yet
    """


def test_it_lies_between_the_longest_shifts(spec: Spec) -> None:
    """Of 8, 8 and 12, nine tenths of the way is four fifths from the second to the third: 8 + 0.8 x 4."""
    assert spec(TABLE, as_of="2026-01-31", start="2026-01-01") == {"2026-01": 8 + 4 * 4 / 5}


def test_a_role_without_a_finished_shift_has_none(spec: Spec) -> None:
    table = TABLE + "2026-01-30 06:00 | backup | 24 | yes"
    told = spec(table, as_of="2026-01-31", split=("role",), start="2026-01-01")
    assert set(told) == {("2026-01", "first")}
