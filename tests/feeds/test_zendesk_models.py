"""What becomes of Zendesk's tickets, durations and events: cases, their spells, and targets kept or broken."""

from datetime import datetime
from itertools import permutations
from pathlib import Path

import pytest

from etl.sources import zendesk
from tests.cases import MADE, make_cases
from tests.delivered import broken, landed, load_feed
from tests.tables import raw, rows

SAMPLE = Path(__file__).parent / "samples" / "zendesk.jsonl"
TICKET = {
    "desk": "safety", "updated_at": "2026-01-09", "is_deleted": False, "satisfaction": "none", "is_emergency": False,
}  # fmt: skip
SET = {"desk": "safety", "updated_at": "2026-01-09"}
EVENT = {"desk": "safety", "case": "a", "metric": "reply_time", "instance": 1, "is_removed": False}
DAY = {number: datetime(2026, 1, number) for number in range(1, 15)}


@pytest.fixture
def made(connection):
    """The models made of small tables; the answer reads columns of one of them."""

    def made(tickets="", sets="", events="", *, csv="", as_of="2026-02-01"):
        raw(connection, "raw_zendesk_ticket", tickets, TICKET)
        raw(connection, "raw_zendesk_metric_set", sets, SET)
        raw(connection, "raw_zendesk_metric_event", events, EVENT)
        raw(connection, "raw_tickets", csv, {"desk": "safety", "is_event": False})
        make_cases(connection, as_of)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_answers_and_resolutions_are_the_opening_and_their_durations(made):
    answer = made(
        """
        case | opened_at  | state
        -----+------------+-------
        a    | 2026-01-01 | closed
        b    | 2026-01-02 | open      # its clocks still run: it waits, and has not waited 0
        """,
        """
        case | reply_minutes | reply_business_minutes | first_resolution_minutes | solved_at
        -----+---------------+------------------------+--------------------------+-----------
        a    | 90            | 30                     | 1440                     | 2026-01-02
        b    |               |                        |                          |
        """,
    )
    columns = (
        "first_response_hours",
        "first_response_business_hours",
        "is_answered",
        "resolution_hours",
        "is_resolved",
    )
    assert answer("mart_case", *columns) == [(1.5, 0.5, True, 24, True), (720, None, False, 720, False)]


def test_the_first_resolution_counts_where_the_last_one_came_later(made):
    """Resolved after a day, opened again on the 8th and resolved on the 10th."""
    answer = made(
        """
        case | opened_at  | state
        -----+------------+-------
        a    | 2026-01-01 | closed
        """,
        """
        case | first_resolution_minutes | solved_at  | reopens
        -----+--------------------------+------------+--------
        a    | 1440                     | 2026-01-10 | 1
        """,
        """
        event | metric          | kind     | happened_at
        ------+-----------------+----------+------------
        1     | resolution_time | activate | 2026-01-01
        2     | resolution_time | fulfill  | 2026-01-02
        3     | resolution_time | activate | 2026-01-08
        4     | resolution_time | fulfill  | 2026-01-10
        """,
    )
    assert answer("mart_case", "resolution_hours", "resolved_at", "reopened_within_30d") == [(24, DAY[2], True)]
    assert answer("mart_case_spell", "opened_at", "closed_at", "is_reopening") == [
        (DAY[1], DAY[2], False),
        (DAY[8], DAY[10], True),
    ]


def test_a_case_open_again_stays_resolved_once_and_waits_again(made):
    tickets = """
        case | opened_at  | state
        -----+------------+-------
        a    | 2026-01-01 | open
        """
    sets = """
        case | first_resolution_minutes | solved_at | reopens
        -----+--------------------------+-----------+--------
        a    | 1440                     |           | 1
        """
    events = """
        event | metric              | kind     | happened_at
        ------+---------------------+----------+------------
        1     | requester_wait_time | pause    | 2026-01-01
        2     | requester_wait_time | activate | 2026-01-01T12:00:00   # after a pause: not opened again
        3     | requester_wait_time | fulfill  | 2026-01-02
        4     | requester_wait_time | activate | 2026-01-08
        """
    answer = made(tickets, sets, events)
    assert answer("core_case", "state", "first_resolved_at", "reopened_at") == [("open", DAY[2], DAY[8])]
    assert answer("mart_case_spell", "opened_at", "closed_at") == [(DAY[1], DAY[2]), (DAY[8], None)]
    answer = made(tickets, sets, events, as_of="2026-01-08")  # nobody knows yet, but that the desk calls it open
    assert answer("core_case", "state", "reopened_at") == [("open", None)]


def test_a_ticket_made_and_solved_in_one_second_was_not_opened_again(made):
    answer = made(
        """
        case | opened_at  | state
        -----+------------+-------
        a    | 2026-01-01 | closed
        """,
        """
        case | first_resolution_minutes | solved_at
        -----+--------------------------+-----------
        a    | 0                        | 2026-01-01
        """,
        """
        event | metric          | kind     | happened_at
        ------+-----------------+----------+------------
        9     | resolution_time | activate | 2026-01-01
        1     | resolution_time | fulfill  | 2026-01-01
        """,
    )
    assert answer("core_case", "state", "reopened_at") == [("closed", None)]


def test_minutes_rounded_up_do_not_put_the_first_resolution_behind_the_last(made):
    answer = made(
        """
        case | opened_at  | state
        -----+------------+-------
        a    | 2026-01-01 | closed
        """,
        """
        case | first_resolution_minutes | solved_at
        -----+--------------------------+--------------------
        a    | 2                        | 2026-01-01T00:01:31
        """,
    )
    assert answer("core_case", "first_resolved_at") == [(datetime(2026, 1, 1, 0, 1, 31),)]


COPIES = (
    "a    | 2026-01-01 | 2026-01-02 | 2026-01-02   | open   | no         | first   | one",
    "a    | 2026-01-01 | 2026-01-03 | 2026-01-03   | open   | no         | second  | two",
    "a    | 2026-01-01 | 2026-01-03 | 2026-01-04   | closed | no         | third   | three  # the system closed it",
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_copy_counts_in_whatever_order_copies_come(made, order):
    head = "case | opened_at  | updated_at | generated_at | state  | is_deleted | queue   | _file"
    answer = made("\n".join([head, *(COPIES[place] for place in order)]))
    assert answer("core_case", "queue", "state") == [("third", "closed")]


def test_a_deleted_ticket_is_no_case_and_its_targets_are_nobodys(made):
    answer = made(
        """
        case | opened_at  | updated_at | state  | is_deleted
        -----+------------+------------+--------+-----------
        a    | 2026-01-01 | 2026-01-02 | open   | no
        a    | 2026-01-01 | 2026-01-05 | closed | yes
        """,
        events="""
        event | kind      | happened_at | target_minutes
        ------+-----------+-------------+---------------
        1     | apply_sla | 2026-01-01  | 60
        2     | breach    | 2026-01-02  |
        """,
    )
    assert [answer(name, "opened_at") for name in ("mart_case", "mart_case_spell", "mart_case_target")] == [[], [], []]


TARGETS = {
    "kept": [("fulfill", 2)],
    "kept, its breach taken back": [("fulfill", 2), ("-breach", 3)],
    "kept before a breach dated later": [("fulfill", 2), ("breach", 3)],
    "broken, and not answered": [("breach", 3)],
    "broken, and answered late": [("breach", 3), ("fulfill", 5)],
    "pending": [("activate", 1)],
    "pending again": [("fulfill", 2), ("activate", 4)],
    "broken the second time": [("fulfill", 2), ("activate", 4), ("breach", 6)],
    "not yet known": [("breach", 30)],
}
FATES = {
    "kept": (True, 2), "kept, its breach taken back": (True, 2), "kept before a breach dated later": (True, 2),
    "broken, and not answered": (False, 3), "broken, and answered late": (False, 3), "pending": (None, None),
    "pending again": (None, None), "broken the second time": (False, 6), "not yet known": (None, None),
}  # fmt: skip


@pytest.mark.parametrize("story", TARGETS)
def test_a_target_is_kept_broken_or_pending(made, story):
    lines = ["event | kind | happened_at | target_minutes | is_removed", "1 | apply_sla | 2026-01-01 | 60 | no"]
    for number, (kind, day) in enumerate(TARGETS[story], start=2):
        lines.append(f"{number} | {kind.lstrip('-')} | 2026-01-{day:02} | | {'yes' if kind.startswith('-') else 'no'}")
    answer = made("case | opened_at | state\na | 2026-01-01 | open", events="\n".join(lines), as_of="2026-01-20")
    is_kept, day = FATES[story]
    assert answer("mart_case_target", "promise", "is_kept", "decided_at") == [("first_response", is_kept, DAY.get(day))]


def test_without_a_target_nothing_was_promised(made):
    answer = made(
        "case | opened_at | state\na | 2026-01-01 | open",
        events="""
        event | instance | kind      | happened_at | target_minutes
        ------+----------+-----------+-------------+---------------
        1     | 1        | fulfill   | 2026-01-02  |                  # a clock runs without a target, too
        2     | 2        | apply_sla | 2026-01-03  | 60
        3     | 2        | apply_sla | 2026-01-04  |                  # it was taken away
        4     | 2        | breach    | 2026-01-05  |
        """,
    )
    assert answer("mart_case_target", "promise") == []


def test_each_reply_that_was_promised_is_a_target_of_its_own(made):
    answer = made(
        "case | opened_at | state\na | 2026-01-01 | open",
        events="""
        event | instance | metric               | kind            | happened_at | target_minutes
        ------+----------+----------------------+-----------------+-------------+---------------
        1     | 1        | reply_time           | apply_sla       | 2026-01-01  | 60
        2     | 2        | reply_time           | apply_sla       | 2026-01-02  | 60
        2     | 2        | reply_time           | apply_sla       | 2026-01-02  | 60              # fetched twice
        3     | 1        | group_ownership_time | apply_group_sla | 2026-01-02  | 60
        4     | 1        | pausable_update_time | apply_sla       | 2026-01-02  | 60
        """,
    )
    found = [word for (word,) in answer("mart_case_target", "promise")]
    assert found == ["first_response", "group", "next_response", "update"]


def test_one_case_told_by_an_export_and_by_zendesk_is_one_and_the_later_word_counts(made):
    answer = made(
        """
        case | opened_at  | updated_at | state | queue
        -----+------------+------------+-------+---------
        a    | 2026-01-01 | 2026-01-05 | open  | zendesk
        """,
        csv="""
        case | opened_at  | first_response_at | queue
        -----+------------+-------------------+------
        a    | 2026-01-01 | 2026-01-04        | csv
        b    | 2026-01-02 |                   | csv
        """,
    )
    assert answer("core_case", "case_key", "queue") == [("a", "zendesk"), ("b", "csv")]


def test_the_sample_becomes_four_cases_and_three_targets(connection):
    desk = {"desk": "safety", "files": ["zendesk.jsonl"], "emergency": {"tags": "imminent"}}
    (delivery,) = zendesk.deliveries(zendesk.Settings.model_validate({"desks": [desk]}))
    load_feed(connection, zendesk, [landed(delivery, SAMPLE)])
    make_cases(connection, "2026-10-10")
    assert rows(connection, "quarantine", "rule") == []
    columns = ("opened_at", "state", "urgency", "is_answered", "reopened_within_30d", "satisfaction")
    assert rows(connection, "mart_case", *columns) == [
        (datetime(2026, 10, 1, 7), "closed", "ordinary", True, False, "good"),
        (datetime(2026, 10, 1, 10), "closed", "emergency", True, False, "none"),
        (datetime(2026, 10, 3, 6), "open", "ordinary", True, None, "none"),
        (datetime(2026, 10, 5, 6), "open", "emergency", True, True, "bad"),
    ]
    assert rows(connection, "mart_case_target", "promise", "is_kept") == [
        ("first_response", False), ("first_response", True), ("resolution", None),
    ]  # fmt: skip


def test_the_three_desks_tell_the_same_columns_in_the_same_order(made, connection):
    made()
    columns = [
        [one[0] for one in connection.execute(f"SELECT * FROM core_ticket{desk} LIMIT 0").description or ()]
        for desk in ("", "_zendesk", "_znuny")
    ]
    assert columns[0] == columns[1] == columns[2]
    assert not broken(connection, *MADE, severity="warning")
