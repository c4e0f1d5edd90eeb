"""What becomes of events: which count, who takes part, and when a window has closed."""

from datetime import datetime
from pathlib import Path

import pytest

from etl.sources import events
from tests.delivered import landed, load_feed, run
from tests.tables import raw, rows

MADE = (
    "core_number", "core_event", "core_event_participant", "core_event_retention", "core_event_contribution", "mart_event",
    "mart_event_participant", "mart_event_new_editor", "mart_event_retention", "mart_event_contribution",
)  # fmt: skip
RAW = ("course", "participant", "retention", "event", "contribution")
DEFAULTS = {
    "course": {"starts_at": datetime(2026, 3, 1), "ends_at": datetime(2026, 4, 1)},
    "participant": {"platform": "dashboard", "starts_at": datetime(2026, 3, 1), "ends_at": datetime(2026, 4, 1), "registered_at": datetime(2026, 3, 1)},
    "retention": {"event": "a", "starts_at": datetime(2026, 3, 1), "ends_at": datetime(2026, 4, 1), "edits_before": 0},
    "event": {"starts_at": datetime(2026, 3, 1), "ends_at": datetime(2026, 3, 2), "is_test": False},
    "contribution": {"wiki": "enwiki", "edited_at": datetime(2026, 3, 1), "is_deleted": False},
}  # fmt: skip


@pytest.fixture
def made(connection):
    """The models made from the raw tables that are given as text; the answer reads columns of one of them."""

    def made(as_of="2026-10-01", **texts):
        for name in RAW:
            raw(connection, f"raw_events_{name}", texts.get(name, ""), DEFAULTS[name])
        for name in MADE:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        run(connection, as_of, *MADE)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def counts(answer, *columns):
    """How many rows of mart_event_participant say what."""
    found = answer("mart_event_participant", *columns)
    return {row: found.count(row) for row in found}


def test_a_counted_course_has_as_many_participants_as_it_counts_and_its_list_adds_none(made):
    answer = made(
        course="""
        event | participants | new_editors | training_share
        ------+--------------+-------------+---------------
        a     | 4            | 1           | 0.75
        """,
        participant="""
        event | participant | is_new
        ------+-------------+-------
        a     | ana         | yes
        b     | ana         | yes      # a course of which there is a list only
        b     | ben         | no
        """,
    )
    assert counts(answer, "event", "is_new") == {("a", True): 1, ("a", False): 3, ("b", True): 1, ("b", False): 1}
    assert counts(answer, "event", "is_trained") == {("a", True): 3, ("a", False): 1, ("b", None): 2}
    assert answer("mart_event_new_editor", "event") == [("a",), ("b",)]


def test_nobody_is_no_participant_and_no_share_of_trained_ones(made):
    text = """
        event | participants | new_editors | training_share
        ------+--------------+-------------+---------------
        a     | 0            | 0           |
        b     | 2            |             |
    """
    answer = made(course=text)
    assert counts(answer, "event", "is_new", "is_trained") == {("b", None, None): 2}
    assert answer("mart_event", "event", "participants", "new_editors") == [("a", 0, 0), ("b", 2, None)]


def test_by_the_list_trained_is_who_did_all_that_was_assigned_and_without_assignment_nobody_knows(made):
    text = """
        event | participant | completed_modules | assigned_modules
        ------+-------------+-------------------+-----------------
        b     | ana         | 3                 | 3
        b     | ben         | 2                 | 3
        b     | cho         | 0                 | 0
        b     | dee         |                   |
    """
    assert counts(made(participant=text), "is_trained") == {(True,): 1, (False,): 1, (None,): 2}


def test_of_several_course_files_the_one_that_tells_until_later_counts(made):
    text = """
        event | participants | edits | told_until_on | _file
        ------+--------------+-------+---------------+------
        a     | 5            | 90    | 2026-04-01    | x
        a     | 4            | 80    | 2026-05-01    | b       # somebody was taken out again
        b     | 5            | 80    |               | x
        b     | 6            | 90    |               | b       # no file says until when: the one with more edits
    """
    assert made(course=text)("mart_event", "event", "participants") == [("a", 4), ("b", 6)]


def test_an_event_that_was_a_draft_a_test_canceled_or_deleted_was_not_held(made):
    text = """
        event | state    | is_test | deleted_at
        ------+----------+---------+-----------
        1     | open     | no      |
        2     | closed   | no      |
        3     | draft    | no      |
        4     | canceled | no      |
        5     | open     | yes     |
        6     | open     | no      | 2026-05-01
        7     | open     | no      | 2026-11-01     # deleted after the end of what is known
    """
    assert made(event=text)("mart_event", "event") == [("1",), ("2",), ("7",)]


def test_whoever_left_is_no_participant_and_a_newer_list_counts_whole(made):
    answer = made(
        event="""
        event
        -----
        1
        """,
        participant="""
        event | platform        | participant | registered_at | left_at    | told_until_on | _file
        ------+-----------------+-------------+---------------+------------+---------------+------
        1     | campaign_events | ana         | 2026-02-01    |            | 2026-03-01    | old
        1     | campaign_events | ben         | 2026-02-01    |            | 2026-03-01    | old     # registered privately since
        1     | campaign_events | ana         | 2026-02-01    |            | 2026-04-01    | new
        1     | campaign_events | cho         | 2026-02-02    | 2026-02-20 | 2026-04-01    | new
        1     | campaign_events | dee         | 2026-02-02    | 2026-11-01 | 2026-04-01    | new     # has not left yet
        9     | campaign_events | ana         | 2026-02-02    |            | 2026-04-01    | new     # of an event that nobody knows
        """,
    )
    assert answer("core_event_participant", "event", "participant_key") == [("1", "ana"), ("1", "dee")]
    assert counts(answer, "platform", "is_new") == {("campaign_events", None): 2}
    assert answer("mart_event_new_editor", "event") == []


def test_edits_count_unless_deleted_or_of_somebody_who_left(made):
    answer = made(
        event="""
        event
        -----
        1
        """,
        participant="""
        event | platform        | participant | left_at
        ------+-----------------+-------------+-----------
        1     | campaign_events | ana         |
        1     | campaign_events | ben         | 2026-03-05
        """,
        contribution="""
        contribution | event | participant | references_delta | is_deleted
        -------------+-------+-------------+------------------+-----------
        1            | 1     | ana         | 2                | no
        2            | 1     | ana         | 5                | yes
        3            | 1     | ben         | 7                | no
        4            | 1     | nobody      | 9                | no       # registered privately, perhaps
        """,
    )
    assert answer("mart_event_contribution", "wiki", "references_delta") == [("enwiki", 2.0)]
    assert answer("mart_event", "edits", "references_added") == [(1, 2)]


RETENTION = """
    participant | sessions_during | sessions_after | edits_in_days_60_to_90 | edits_before | courses_before
    ------------+-----------------+----------------+------------------------+--------------+---------------
    ana         | 6               | 2              | 4                      | 0            | 0
    ben         | 0               | 0              | 5                      | 499          | 1
    eve         | 40              | 22             | 310                    | 500          | 0       # edited long before
"""


def test_a_survivor_made_five_edits_and_who_had_500_before_is_left_out(made):
    found = made(retention=RETENTION)(
        "mart_event_retention", "is_active_during", "is_active_after", "is_survivor", "experience"
    )
    assert found == [(False, False, True, "returning"), (True, True, False, "first_course")]


@pytest.mark.parametrize(
    ("as_of", "after", "survivor"),
    [
        ("2026-05-01", None, None),  # the course ended on 1 April: 30 days, and one to count them, end on 2 May
        ("2026-05-02", True, None),
        ("2026-06-30", True, None),
        ("2026-07-01", True, False),
    ],
)
def test_an_open_window_is_unknown_whatever_the_report_says(made, as_of, after, survivor):
    found = made(as_of, retention=RETENTION)(
        "mart_event_retention", "is_active_during", "is_active_after", "is_survivor"
    )
    assert (True, after, survivor) in found


def test_of_two_reports_the_one_counts_in_which_more_windows_have_closed(made):
    text = """
        participant | sessions_during | sessions_after | _file
        ------------+-----------------+----------------+------
        ana         | 6               |                | z
        ana         | 6               | 2              | a
    """
    assert made(retention=text)("core_event_retention", "sessions_after") == [(2,)]


def test_the_samples_of_all_kinds_go_through_together(connection):
    samples = Path(__file__).parent / "samples"
    course = [
        {
            "course": "Demo_Academy/Kind_Words_(Spring_2026)",
            "starts_on": "2026-03-01",
            "ends_on": "2026-03-31",
            "files": ["a"],
        }
    ]
    told = {
        "dashboard": {"courses": ["a"], "retention": course},
        "campaign_events": {"events": ["a"], "participants": ["a"], "contributions": ["a"]},
    }
    names = ["courses.csv", "retention.csv", "events.csv", "participants.json", "contributions.csv"]
    found = zip(events.deliveries(events.Settings.model_validate(told)), names, strict=True)
    load_feed(connection, events, [landed(one, samples / f"events-{name}") for one, name in found])
    run(connection, "2026-11-19", *MADE)
    listed = rows(connection, "mart_event", "platform", "participants", "edits")
    assert listed == [
        ("campaign_events", 1, None), ("campaign_events", 2, 3), ("dashboard", 0, 0), ("dashboard", 6, 25), ("dashboard", 8, 140),
    ]  # fmt: skip
    retained = rows(connection, "mart_event_retention", "is_active_during", "is_active_after")
    assert (len(retained), sum(row[0] for row in retained), sum(row[1] for row in retained)) == (4, 3, 2)
