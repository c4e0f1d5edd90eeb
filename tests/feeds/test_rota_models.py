"""What becomes of shifts: hours with somebody on call, gaps, and hand-overs, past and planned."""

from datetime import datetime

import pytest

from tests.delivered import run
from tests.tables import raw, rows

MADE = ("core_rota_shift", "core_rota_cover", "core_rota_wanted", "mart_rota_hour", "mart_rota_gap", "mart_rota_shift")
WANTED = """
    role  | starts_at        | ends_at
    ------+------------------+-----------------
    first | 2026-01-01 00:00 | 2028-01-01 00:00
"""


@pytest.fixture
def made(connection):
    """The models made from the shifts of `text`, of which one day ahead is looked at; the answer reads columns."""

    def made(text, wanted=WANTED, as_of="2026-01-01 12:00", horizon_days=1):
        given = {"rota": "r", "role": "first", "horizon_days": horizon_days}
        raw(connection, "raw_rota", text, given)
        raw(connection, "raw_rota_wanted", wanted, given)
        run(connection, as_of, *MADE)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute)


def test_an_hour_counts_by_the_part_of_it_with_somebody_and_people_count_once(made):
    answer = made(
        """
        person | starts_at        | ends_at
        -------+------------------+-----------------
        ana    | 2026-01-01 00:00 | 2026-01-01 01:30
        ana    | 2026-01-01 01:00 | 2026-01-01 01:30   # the same person, from another calendar
        ben    | 2026-01-01 00:30 | 2026-01-01 01:15
        cho    | 2026-01-01 01:45 | 2026-01-01 02:00
        """,
        wanted="""
        starts_at        | ends_at
        -----------------+-----------------
        2026-01-01 00:00 | 2026-01-01 03:00
        """,
    )
    assert answer("mart_rota_hour", "hour_at", "covered_hours", "gap_hours", "covered_people", "is_covered") == [
        (at(1, 0), 1.0, 0.0, 2, True),
        (at(1, 1), 0.75, 0.25, 3, False),
        (at(1, 2), 0.0, 1.0, 0, False),
    ]
    assert answer("mart_rota_gap", "starts_at", "ends_at", "gap_hours", "is_ahead") == [
        (at(1, 1, 30), at(1, 1, 45), 0.25, False),
        (at(1, 2), at(1, 3), 1.0, False),
    ]


def test_where_nobody_is_wanted_there_is_no_gap_and_an_extra_hour_is_no_cover(made):
    answer = made(
        """
        person | starts_at        | ends_at
        -------+------------------+-----------------
        ana    | 2026-01-01 06:00 | 2026-01-01 09:30
        """,
        wanted="""
        starts_at        | ends_at
        -----------------+-----------------
        2026-01-01 08:30 | 2026-01-01 09:30
        2026-01-01 10:00 | 2026-01-01 10:20
        """,
    )
    assert answer("mart_rota_hour", "hour_at", "wanted_hours", "covered_hours") == [
        (at(1, 8), 0.5, 0.5),
        (at(1, 9), 0.5, 0.5),
        (at(1, 10), pytest.approx(1 / 3), 0.0),
    ]
    assert answer("mart_rota_gap", "starts_at", "ends_at") == [(at(1, 10), at(1, 10, 20))]


def test_the_plan_is_looked_at_as_far_ahead_as_the_rota_says(made):
    answer = made("""
        person | starts_at        | ends_at
        -------+------------------+-----------------
        ana    | 2026-01-01 00:00 | 2026-01-02 10:00
        ben    | 2026-01-02 12:00 | 2026-01-09 00:00   # begins when the horizon ends
        """)
    hours = answer("mart_rota_hour", "hour_at", "is_covered")
    assert (len(hours), hours[-1]) == (36, (at(2, 11), False))
    assert answer("mart_rota_gap", "starts_at", "ends_at", "is_ahead") == [(at(2, 10), at(2, 12), True)]


def test_a_hand_over_is_gapless_where_somebody_is_on_call_when_a_shift_ends(made):
    answer = made(
        """
        person | starts_at        | ends_at
        -------+------------------+-----------------
        ana    | 2026-01-01 00:00 | 2026-01-01 08:00   # ben takes over
        ben    | 2026-01-01 08:00 | 2026-01-01 11:00   # nobody does
        cho    | 2026-01-01 12:00 | 2026-01-01 14:00   # nobody is wanted any more
        dan    | 2026-01-01 20:00 | 2026-01-02 12:00   # what comes then is not looked at
        """,
        wanted="""
        starts_at        | ends_at
        -----------------+-----------------
        2026-01-01 00:00 | 2026-01-01 14:00
        2026-01-01 20:00 | 2026-01-09 00:00
        """,
    )
    assert answer("mart_rota_shift", "starts_at", "shift_hours", "is_handover_gapless", "is_ahead") == [
        (at(1, 0), 8.0, True, False),
        (at(1, 8), 3.0, False, False),
        (at(1, 12), 2.0, None, True),
        (at(1, 20), 16.0, None, True),
    ]


def test_roles_are_covered_each_for_itself_and_one_without_shifts_is_a_gap_as_a_whole(made):
    answer = made(
        """
        person | role  | starts_at        | ends_at
        -------+-------+------------------+-----------------
        ana    | first | 2026-01-01 00:00 | 2026-01-01 02:00
        """,
        wanted="""
        role   | starts_at        | ends_at
        -------+------------------+-----------------
        first  | 2026-01-01 00:00 | 2026-01-01 02:00
        second | 2026-01-01 00:00 | 2026-01-01 02:00
        """,
    )
    assert answer("mart_rota_gap", "role", "gap_hours") == [("second", 2.0)]
    assert [row[0] for row in answer("mart_rota_hour", "role")] == ["first", "first", "second", "second"]


def test_no_rota_is_no_hours(made):
    answer = made("", wanted="")
    assert answer("mart_rota_hour", "hour_at") == answer("mart_rota_gap", "role") == []
