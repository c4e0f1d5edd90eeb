"""How many rate the help they got."""

from tests.spec.conftest import Spec

TABLE = """
    opened_at  | resolved_at | satisfaction
    -----------+-------------+-------------
    2026-01-02 | 2026-01-05  | good
    2026-01-02 | 2026-01-06  | bad
    2026-01-02 | 2026-01-07  | offered     # asked, and silent
    2026-01-02 | 2026-02-01  |
    2026-01-02 |             | good        # not resolved yet
    """


def test_of_the_cases_resolved_two_of_three_were_rated_good_or_bad(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-02-01") == {"2026-01": 2 / 3}


def test_a_desk_that_asks_nobody_has_0(spec: Spec) -> None:
    assert spec(TABLE, as_of="2026-03-01") == {"2026-01": 2 / 3, "2026-02": 0}
