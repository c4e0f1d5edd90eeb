"""What becomes of the report form's events: funnels from their beginning to their end, and reports that the server took."""

from datetime import datetime
from pathlib import Path

import pytest
import sqlglot

from data_contracts import load
from etl.sources import incident_reports
from etl.warehouse.order import MODELS
from tests.delivered import broken, landed, load_feed, run
from tests.feeds.test_incident_reports import SAMPLE, delivery
from tests.tables import raw, rows

MADE = ("core_report_event", "mart_report_funnel", "mart_report_submission")
GIVEN = {"wiki": "en.demo", "funnel": "f", "received_at": "2026-06-08T10:00:00", "action": "click"}


@pytest.fixture
def made(connection):
    """The models made from events as text; the answer reads columns of one of them."""

    def made(events, as_of="2026-07-01"):
        lines = [line for line in events.strip().splitlines() if line.strip()]
        numbered = [f"event | {lines[0]}", lines[1]] + [f"e{n} | {line}" for n, line in enumerate(lines[2:])]
        raw(connection, "raw_incident_reports", "\n".join(numbered) if "event " not in lines[0] else events, GIVEN)
        for name in MADE:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        run(connection, as_of, *MADE)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def outcome(answer):
    ((step, word, started, submitted, abandoned),) = answer(
        "mart_report_funnel", "furthest_step", "outcome", "is_started", "is_submitted", "is_abandoned"
    )
    assert (submitted, abandoned) == (word == "submitted", word == "abandoned")
    assert started == (word != "not_started")
    return step, word


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ("click | form | cancel", ("form", "not_started")),
        ("click | form | continue", ("description", "abandoned")),
        ("click | describe_unacceptable_behavior | close", ("description", "abandoned")),
        ("click | submit_report | back", ("description", "abandoned")),
        # the description is what is sent; no page came behind it: the server did not take it
        ("click | describe_unacceptable_behavior | continue", ("sent", "failed")),
        ("click | describe_unacceptable_behavior | continue; view | get_support |", ("submitted", "submitted")),
        ("click | describe_unacceptable_behavior | continue; click | get_support |", ("support_link", "submitted")),
        ("click | describe_unacceptable_behavior | continue; click | get_support | close", ("submitted", "submitted")),
        # a direct report: going on from the description leads to its own page, where it is sent
        ("click | describe_unacceptable_behavior | continue; view | direct_reporting |", ("direct_form", "abandoned")),
        (
            "click | describe_unacceptable_behavior | continue; view | direct_reporting |; click | submit | direct_reporting",
            ("sent", "failed"),
        ),
        (
            "click | describe_unacceptable_behavior | continue; view | direct_reporting |; click | submit | direct_reporting;"
            "view | direct_reporting_confirmation |",
            ("submitted", "submitted"),
        ),
        # went back from there, chose again, and was turned away
        (
            "click | describe_unacceptable_behavior | continue; view | direct_reporting |; click | direct_reporting | back;"
            "click | describe_unacceptable_behavior | continue",
            ("sent", "failed"),
        ),
        ("click | submit_report | submit_report", ("sent", "failed")),
        (
            "click | submit_report | continue; view | submitted |",
            ("submitted", "submitted"),
        ),  # as its first version said
    ],
)
def test_how_far_a_funnel_came_and_how_it_ended(made, events, expected):
    told = ["view | form | ", *(one.strip() for one in events.split(";"))]
    lines = [f"{place} | {one}" for place, one in enumerate(told)]
    table = "\n".join(["position | action | source | subtype", "---+---", *lines])
    assert outcome(made(table)) == expected


def test_some_leave_some_get_through_and_some_are_turned_away():
    """80 and 15 of the guardrails do not make 100: the third state is "failed"."""
    column = load.tables("marts")["mart_report_funnel"].column("outcome")
    assert column.values == ("not_started", "submitted", "failed", "abandoned")


def test_who_must_confirm_an_address_first_has_not_started(made):
    assert outcome(
        made("""
        position | action | source
        ---------+--------+-------------------
        0        | view   | email_verification
        """)
    ) == ("entry", "not_started")


def test_an_event_that_came_twice_counts_once(made):
    answer = made("""
        event | action | source | received_at         | incident_type              | behaviour
        ------+--------+--------+---------------------+----------------------------+----------
        a     | submit | api    | 2026-06-08T10:00:00 | unacceptable-user-behavior | doxing
        a     | submit | api    | 2026-06-08T10:00:07 | unacceptable-user-behavior | doxing
        b     | submit | api    | 2026-06-08T10:00:00 | unacceptable-user-behavior | doxing
        """)
    assert len(answer("core_report_event", "event_key")) == 2
    assert answer("mart_report_submission", "submitted_at") == [(datetime(2026, 6, 8, 10),)] * 2


def test_positions_say_the_order_whatever_the_times_of_receipt(made):
    answer = made("""
        position | action | source                         | subtype  | received_at         | behaviour
        ---------+--------+--------------------------------+----------+---------------------+----------
        7        | click  | describe_unacceptable_behavior | continue | 2026-06-08T10:00:00 | trolling
        4        | view   | form                           |          | 2026-06-08T10:00:09 |
        6        | click  | describe_unacceptable_behavior | back     | 2026-06-08T10:00:03 |
        5        | click  | describe_unacceptable_behavior | continue | 2026-06-08T10:00:08 | doxing
        """)
    assert answer("mart_report_funnel", "started_at", "behaviour", "is_backtracked") == [
        (datetime(2026, 6, 8, 10, 0, 9), "trolling", True)
    ]


def test_a_funnel_whose_beginning_is_not_there_is_left_out(made):
    """Its first events are older than what is kept, or were never received: nobody knows where it began."""
    answer = made("""
        funnel | position | action | source                         | subtype
        -------+----------+--------+--------------------------------+---------
        f      | 3        | click  | form                           | continue
        f      | 4        | click  | describe_unacceptable_behavior | close
        g      | 9        | view   | form                           |
        h      | 0        | click  | entry                          |
        """)
    assert answer("mart_report_funnel", "furthest_step") == [("entry",), ("form",)]  # h, and g, second of its page


def test_funnels_of_two_wikis_are_two_whatever_their_token(made):
    answer = made("""
        wiki | position | action | source
        -----+----------+--------+-------
        a    | 0        | view   | form
        b    | 0        | view   | form
        """)
    assert answer("mart_report_funnel", "wiki") == [("a",), ("b",)]


def test_what_was_received_later_is_not_known_yet_and_bots_report_nothing(made):
    events = """
        funnel | received_at         | action | source | is_bot
        -------+---------------------+--------+--------+-------
        f      | 2026-06-08T10:00:00 | view   | form   | no
        g      | 2026-06-09T10:00:00 | view   | form   |
        h      | 2026-06-08T10:00:00 | view   | form   | yes
        """
    assert len(made(events, as_of="2026-06-09T10:00:00")("mart_report_funnel", "wiki")) == 1
    assert len(made(events, as_of="2026-06-09T10:00:01")("mart_report_funnel", "wiki")) == 2


def test_a_rate_marks_what_is_of_a_sample(made):
    answer = made("""
        funnel | action | source | sample_rate
        -------+--------+--------+------------
        f      | view   | form   | 0.05
        g      | view   | form   | 1
        h      | view   | form   |
        """)
    assert answer("mart_report_funnel", "sample", "sample_rate") == [
        ("everybody", 1.0),
        ("part", 0.05),
        ("unsaid", None),
    ]


def test_marts_tell_of_no_person_funnel_or_event():
    for name in MADE[1:]:
        assert not [
            column.stored for column in load.tables("marts")[name].columns if column.stored.endswith(("_key", "_id"))
        ]


def test_the_sample_as_the_build_makes_it(connection):
    load_feed(connection, incident_reports, [landed(delivery(), SAMPLE)])
    run(connection, "2026-11-19", *MADE)
    assert rows(connection, "mart_report_funnel", "wiki", "funnel_kind", "furthest_step", "behaviour", "harm") == [
        ("en.demo", "non-emergency", "support_link", "doxing", "none"),
        ("en.demo", "undecided", "form", "none", "none"),
        ("sw.demo", "emergency", "submitted", "none", "physical"),
    ]
    assert rows(connection, "mart_report_submission", "wiki", "incident_type", "behaviour", "sample") == [
        ("en.demo", "unacceptable-user-behavior", "doxing", "everybody"),
        ("en.demo", "unacceptable-user-behavior", "something-else", "everybody"),
        ("sw.demo", "unacceptable-user-behavior", "other", "everybody"),
    ]
    assert not broken(connection, *MADE, severity="warning")


def test_deliveries_that_overlap_change_nothing(connection, tmp_path):
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    parts = [Path(tmp_path / name) for name in ("late.jsonl", "early.jsonl")]
    parts[0].write_bytes(b"".join(lines[6:][::-1]))
    parts[1].write_bytes(b"".join(lines[:12]))
    load_feed(connection, incident_reports, [landed(delivery(), part) for part in parts])
    run(connection, "2026-11-19", *MADE)
    columns = [column.stored for column in load.tables("marts")["mart_report_funnel"].columns]
    found = rows(connection, "mart_report_funnel", *columns)
    again = [rows(connection, name, "wiki") for name in MADE]
    for name in (*MADE, "raw_incident_reports", "quarantine"):
        connection.execute(f"DROP TABLE {name}")
    load_feed(connection, incident_reports, [landed(delivery(), SAMPLE)])
    run(connection, "2026-11-19", *MADE)
    assert rows(connection, "mart_report_funnel", *columns) == found
    assert [rows(connection, name, "wiki") for name in MADE] == again


@pytest.mark.parametrize("name", MADE)
def test_the_models_carry_over_to_spark(name):
    text = (MODELS / f"{name}.sql").read_text(encoding="utf-8")
    (spark,) = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert sqlglot.parse_one(spark, dialect="spark").named_selects
