"""What becomes of tickets: one case each, how long it waited, and the spells in which it was open."""

from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from etl.warehouse.order import MODELS
from tests.cases import INNER, MADE, make_cases
from tests.delivered import broken
from tests.tables import raw, rows

GIVEN = {"desk": "safety", "is_event": False}
TIMES = ("opened_at", "first_response_at", "resolved_at", "reopened_at")
SCHEMA = pa.schema(
    [
        ("line", pa.int64()),
        ("case_key", pa.string()),
        *((name, pa.timestamp("us")) for name in TIMES),
        ("state", pa.string()),
    ]
)


@pytest.fixture
def made(connection):
    """The models made from the rows of `text`; the answer reads columns of one of them."""

    def made(text, as_of="2026-02-01"):
        raw(connection, "raw_tickets", text, GIVEN)
        make_cases(connection, as_of)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_the_last_row_of_a_case_in_its_file_counts(made):
    answer = made("""
        case | opened_at  | first_response_at | queue
        -----+------------+-------------------+------
        a    | 2026-01-01 |                   | first
        b    | 2026-01-01 | 2026-01-02        | first
        a    | 2026-01-01 | 2026-01-03        | then
        b    | 2026-01-01 |                   | then    # somebody took the answer back
    """)
    assert answer("core_case", "case_key", "first_response_at", "queue") == [
        ("a", datetime(2026, 1, 3), "then"),
        ("b", None, "then"),
    ]


def test_of_two_files_the_one_that_has_seen_more_counts_even_where_its_row_says_less(made):
    answer = made("""
        case | opened_at  | resolved_at | state  | _file
        -----+------------+-------------+--------+------
        a    | 2026-01-01 | 2026-01-05  | closed | z
        a    | 2026-01-01 |             | open   | b      # opened again, and the desk emptied the time
        c    | 2026-01-09 |             | open   | b
    """)
    assert answer("core_case", "case_key", "resolved_at", "state") == [("a", None, "open"), ("c", None, "open")]


def test_of_two_files_that_have_seen_as_much_the_hash_decides(made):
    text = """
        case | opened_at  | queue | _file
        -----+------------+-------+------
        a    | 2026-01-01 | of b  | b
        a    | 2026-01-01 | of c  | c
    """
    assert made(text)("core_case", "queue") == [("of c",)]


def test_one_number_at_two_desks_is_two_cases(made):
    answer = made("""
        case | desk   | opened_at
        -----+--------+-----------
        1    | safety | 2026-01-01
        1    | legal  | 2026-01-02
    """)
    assert answer("core_case", "desk", "opened_at") == [
        ("legal", datetime(2026, 1, 2)),
        ("safety", datetime(2026, 1, 1)),
    ]


def test_of_an_event_log_the_earliest_answer_counts(made):
    text = """
        case | opened_at  | first_response_at | state  | is_event
        -----+------------+-------------------+--------+---------
        a    | 2026-01-01 |                   | open   | yes
        a    | 2026-01-01 | 2026-01-02        | open   | yes
        a    | 2026-01-01 | 2026-01-04        | open   | yes
    """
    assert made(text)("core_case", "first_response_at") == [(datetime(2026, 1, 2),)]


def test_hours_run_to_what_ended_the_waiting_or_to_the_end_of_what_is_known(made):
    answer = made("""
        case | opened_at           | first_response_at   | resolved_at
        -----+---------------------+---------------------+--------------------
        a    | 2026-01-01          | 2026-01-01T01:30:00 | 2026-01-02
        b    | 2026-01-31          |                     |
        c    | 2026-01-30          | 2026-01-30          |
    """)
    assert answer("mart_case", "first_response_hours", "is_answered", "resolution_hours", "is_resolved", "state") == [
        (0.0, True, 48.0, False, "open"),  # an answer in the same second is an answer, and not a missing one
        (1.5, True, 24.0, True, "closed"),
        (24.0, False, 24.0, False, "open"),
    ]


def test_what_happens_at_the_end_of_what_is_known_has_not_happened(made):
    text = """
        case | opened_at  | first_response_at | resolved_at | state
        -----+------------+-------------------+-------------+-------
        a    | 2026-01-01 | 2026-01-03        | 2026-01-05  | closed
        b    | 2026-01-05 |                   |             | open
    """
    columns = ("opened_at", "is_answered", "resolution_hours", "is_resolved", "state")
    first = datetime(2026, 1, 1)
    assert made(text, as_of="2026-01-05")("mart_case", *columns) == [
        (first, True, 96.0, None, "open")
    ]  # no resolution told yet
    assert made(text, as_of="2026-01-03")("mart_case", *columns) == [
        (first, None, 48.0, None, "open")
    ]  # nothing told yet
    assert made(text, as_of="2026-01-01")("mart_case", *columns) == []
    assert made(text, as_of="2026-01-06")("mart_case", *columns)[0] == (first, True, 96.0, True, "closed")


def test_a_case_that_the_desk_calls_open_is_open_although_it_was_resolved_once(made):
    answer = made("""
        case | opened_at  | resolved_at | state
        -----+------------+-------------+------
        a    | 2026-01-01 | 2026-01-05  | open
        b    | 2026-01-01 | 2026-01-05  |        # the export does not say states: its times tell
    """)
    assert answer("core_case", "case_key", "resolved_at", "state") == [
        ("a", None, "open"),
        ("b", datetime(2026, 1, 5), "closed"),
    ]


def test_a_case_closed_since_nobody_knows_when_has_no_hours_and_no_spell_and_is_warned_of(made, connection):
    answer = made("""
        case | opened_at  | state  | resolved_at
        -----+------------+--------+------------
        a    | 2026-01-01 | closed |
        b    | 2026-01-02 | closed | 2026-01-03    # so the desk does tell of resolutions
    """)
    assert answer("mart_case", "state", "resolution_hours", "is_resolved", "reopened_within_30d") == [
        ("closed", None, False, None),
        ("closed", 24.0, True, False),
    ]
    assert answer("mart_case_spell", "opened_at") == [(datetime(2026, 1, 2),)]
    assert broken(connection, "core_case", severity="warning") == ["a closed case says when it was resolved"]


def test_reopened_is_less_than_30_days_after_the_resolution_and_unknown_while_there_is_none(made):
    answer = made(
        """
        case | opened_at  | resolved_at | reopened_at         | queue
        -----+------------+-------------+---------------------+---------------
        a    | 2025-11-01 | 2025-12-01  | 2025-12-30T23:59:59 | just within
        b    | 2025-11-01 | 2025-12-01  | 2025-12-31          | just outside
        c    | 2025-11-01 | 2025-12-01  |                     | never
        d    | 2025-11-01 |             |                     | unresolved
        e    | 2025-11-01 | 2025-12-01  | 2025-11-20          | resolved again
        f    | 2025-11-01 | 2025-12-01  | 2026-02-01          | not yet
    """
    )
    assert dict(answer("mart_case", "queue", "reopened_within_30d")) == {
        "just within": True, "just outside": False, "never": False, "unresolved": None, "resolved again": True, "not yet": False,
    }  # fmt: skip


def test_a_case_opened_again_has_a_second_spell_and_its_first_ended_no_later_than_that(made):
    answer = made("""
        case | opened_at  | resolved_at | reopened_at
        -----+------------+-------------+------------
        a    | 2026-01-01 | 2026-01-05  | 2026-01-08
        b    | 2026-01-02 | 2026-01-09  | 2026-01-05   # resolved again: when first is not known, but by then
        c    | 2026-01-03 |             | 2026-01-05   # likewise, and not resolved again yet
        d    | 2026-01-04 | 2026-01-09  | 2026-01-09   # in one second: not opened after its resolution
    """)
    day = {number: datetime(2026, 1, number) for number in range(1, 10)}
    assert answer("mart_case_spell", "opened_at", "closed_at", "is_reopening") == [
        (day[1], day[5], False),
        (day[2], day[5], False),
        (day[3], day[5], False),
        (day[4], day[9], False),
        (day[5], None, True),
        (day[5], day[9], True),
        (day[8], None, True),
    ]
    assert [state for (state,) in answer("mart_case", "state")] == ["closed", "closed", "open", "open"]


def test_a_case_opened_again_at_the_end_of_what_is_known_is_not_opened_again_yet(made):
    text = """
        case | opened_at  | resolved_at | reopened_at | state
        -----+------------+-------------+-------------+------
        a    | 2026-01-01 | 2026-01-05  | 2026-01-08  | open
    """
    columns = ("reopened_at", "state")
    assert made(text, as_of="2026-01-08")("core_case", *columns) == [(None, "closed")]
    assert made(text, as_of="2026-01-09")("core_case", *columns) == [(datetime(2026, 1, 8), "open")]


def test_a_case_opened_again_and_closed_since_nobody_knows_when_has_its_first_spell_only(made, connection):
    answer = made("""
        case | opened_at  | resolved_at | reopened_at | state
        -----+------------+-------------+-------------+-------
        a    | 2026-01-01 | 2026-01-05  | 2026-01-08  | closed
    """)
    assert answer("mart_case", "state", "resolution_hours", "reopened_within_30d") == [("closed", 96.0, True)]
    assert answer("mart_case_spell", "opened_at", "closed_at") == [(datetime(2026, 1, 1), datetime(2026, 1, 5))]
    assert broken(connection, "core_case", severity="warning") == [
        "a closed case was resolved after it was opened again"
    ]


def test_a_spell_is_old_from_its_thirtieth_day_on_and_until_it_ends(made):
    answer = made(
        """
        case | opened_at  | resolved_at
        -----+------------+--------------------
        a    | 2025-11-01 | 2025-12-01             # on the thirtieth day: not longer
        b    | 2025-11-01 | 2025-12-01T00:00:01
        c    | 2025-11-02 |
        d    | 2026-01-02 |                        # thirty days are over at the end of what is known
        """
    )
    old = datetime(2025, 12, 1)
    assert answer("mart_case_spell", "opened_at", "aged_30d_at", "aged_30d_until_at") == [
        (datetime(2025, 11, 1), None, None),
        (datetime(2025, 11, 1), old, datetime(2025, 12, 1, 0, 0, 1)),
        (datetime(2025, 11, 2), datetime(2025, 12, 2), None),
        (datetime(2026, 1, 2), None, None),
    ]


def test_words_that_are_not_known_are_no_satisfaction_and_no_emergency_and_are_warned_of(made, connection):
    answer = made("""
        case | opened_at  | satisfaction | is_emergency
        -----+------------+--------------+-------------
        a    | 2026-01-01 | good         | yes
        b    | 2026-01-02 | other        | no
        c    | 2026-01-03 |              |
    """)
    assert answer("mart_case", "opened_at", "satisfaction", "urgency") == [
        (datetime(2026, 1, 1), "good", "emergency"),
        (datetime(2026, 1, 2), "none", "ordinary"),
        (datetime(2026, 1, 3), "none", "ordinary"),
    ]
    assert broken(connection, "core_case", severity="warning") == ["satisfaction is one of good, bad, none"]


def test_a_desk_that_never_told_of_an_answer_or_resolution_does_not_say_that_there_was_none(made):
    answer = made("""
        case | opened_at
        -----+-----------
        a    | 2026-01-01
        b    | 2026-01-02
    """)
    assert answer("mart_case", "is_answered", "is_resolved") == [(None, None), (None, None)]
    assert answer("mart_case_spell", "opened_at") == []


BEGIN = datetime(2026, 1, 1)
HOUR = st.integers(0, 240).map(lambda hours: BEGIN + timedelta(hours=hours))
LATER = st.none() | HOUR
CASE = st.tuples(HOUR, LATER, LATER, LATER, st.sampled_from([None, "open", "closed"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(CASE, max_size=30), st.integers(0, 11))
def test_open_at_the_end_is_open_at_the_start_and_opened_and_reopened_less_closed_for_every_period(cases, days):
    as_of = BEGIN + timedelta(days=days)
    spells, open_cases = spells_of(cases, as_of)
    for first in range(days):
        for last in range(first + 1, days + 1):
            assert_balances(spells, BEGIN + timedelta(days=first), BEGIN + timedelta(days=last))
    told = any(resolved is not None and opened <= resolved < as_of for opened, _, resolved, *_ in cases)
    assert stock(spells, as_of) in (
        {open_cases} if told else {open_cases, 0}
    )  # nobody knows of a desk that never tells


def spells_of(cases, as_of):
    """The spells that the models make of random cases (times before the opening left out), and how many are open."""
    whole = {name: [] for name in ("line", "case_key", *TIMES, "state")}
    for line, (opened, *others, state) in enumerate(cases, start=2):
        times = [opened, *(None if one is None or one < opened else one for one in others)]
        for name, value in zip(whole, (line, str(line), *times, state), strict=True):
            whole[name].append(value)
    given_rows = pa.table(whole, schema=SCHEMA)
    with duckdb.connect() as connection:
        raw(connection, "raw_tickets")
        connection.register("given_rows", given_rows)
        connection.execute(
            "INSERT INTO raw_tickets BY NAME SELECT *, 'd' AS desk, FALSE AS is_event, 'f' AS _file FROM given_rows"
        )
        make_cases(connection, as_of.isoformat())
        spells = rows(connection, "mart_case_spell", "opened_at", "closed_at", "is_reopening")
        return spells, len(connection.execute("SELECT 1 FROM core_case WHERE state = 'open'").fetchall())


def stock(spells, moment):
    return sum(opened < moment and (closed is None or closed >= moment) for opened, closed, _ in spells)


def assert_balances(spells, start, end):
    opened = sum(start <= one[0] < end and not one[2] for one in spells)
    reopened = sum(start <= one[0] < end and one[2] for one in spells)
    closed = sum(one[1] is not None and start <= one[1] < end for one in spells)
    assert stock(spells, end) == stock(spells, start) + opened + reopened - closed


@pytest.mark.parametrize("name", [*INNER, *MADE])
def test_the_models_carry_over_to_spark(name):
    text = (MODELS / f"{name}.sql").read_text(encoding="utf-8")
    spark = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert not list(sqlglot.parse_one(spark[0], dialect="spark").find_all(exp.Anonymous))
    assert len(text.splitlines()) <= 80
