"""Times in which somebody was wanted on call and nobody was."""

from tests.spec.conftest import Spec

TABLE = """
    starts_at        | ends_at          | role   | is_ahead
    -----------------+------------------+--------+---------
    2026-01-05 02:00 | 2026-01-05 02:15 | first  | no
    2026-01-31 22:00 | 2026-02-01 06:00 | first  | no  # one night, and one gap
    2026-01-31 22:00 | 2026-02-01 06:00 | backup | no
    2026-02-27 22:00 | 2026-03-02 06:00 | first  | yes # somebody may still fill it
    """


def test_each_gap_counts_once_where_it_began_however_long_it_was(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01") == {"2026-01": 3, "2026-02": 0}


def test_roles_are_told_apart(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01", split=("role",), by="quarter") == {
        ("2026Q3", "backup"): 1,
        ("2026Q3", "first"): 2,
    }
