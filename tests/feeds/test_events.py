"""What the events feed hands over of the Dashboard's files and of the tables of CampaignEvents."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault
from etl.sources import events
from tests.delivered import drained, faulty, landed, load_feed, rejects_of, rows_of
from tests.mutated import mutations, read_all
from tests.tables import rows

SAMPLES = Path(__file__).parent / "samples"
COURSE = {"course": "Demo_Academy/Kind_Words_(Spring_2026)", "starts_on": "2026-03-01", "ends_on": "2026-03-31"}
KINDS = {
    "courses": "events-courses.csv", "students": "events-students.csv", "retention": "events-retention.csv",
    "events": "events-events.csv", "participants": "events-participants.json", "contributions": "events-contributions.csv",
}  # fmt: skip


def delivery(kind, **changes):
    """The delivery of one kind of file."""
    course = [{**COURSE, "files": ["a"]}]
    parts = {
        "courses": {"dashboard": {"courses": ["a"]}},
        "students": {"dashboard": {"students": course}},
        "retention": {"dashboard": {"retention": course}},
    }
    campaign = {"campaign_events": {"events": ["e"], **({} if kind == "events" else {kind: ["a"]})}}
    told = {**parts.get(kind, campaign), "wikis": {"en.wikipedia.org": "enwiki"}, **changes}
    return events.deliveries(events.Settings.model_validate(told))[-1]


def read(kind, path=None, **changes):
    return drained(events.read(landed(delivery(kind, **changes), path or SAMPLES / KINDS[kind])))


@pytest.fixture
def export(tmp_path):
    """A file of this text, read as one of the kinds."""

    def export(kind, text, name="export.csv", **changes):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read(kind, path, **changes)

    return export


def test_a_course_has_its_counts_and_no_training_share_where_nobody_takes_part():
    batches, fault = read("courses")
    assert fault is None
    assert rejects_of(batches) == []
    columns = ("line", "wiki", "cohort", "participants", "new_editors", "edits", "training_share")
    assert rows_of(batches, "raw_events_course", *columns) == [
        (2, "enwiki", "first_time_instructor", 8, 3, 140, 0.75),
        (3, "fr.wikipedia.org", "returning_instructor", 6, 0, 25, 0.5),
        (4, "enwiki", "unknown", 0, 0, 0, None),
    ]


def test_columns_per_wiki_and_columns_in_another_order_change_nothing(export):
    lines = (SAMPLES / KINDS["courses"]).read_text(encoding="utf-8").splitlines()
    few = "end_date,editors,xx.wikipedia.org edits,start_date,course_slug\n2026-03-31 23:59:59 UTC,8,1,2026-03-01 00:00:00 UTC,a\n"
    batches, _ = export("courses", few)
    assert rows_of(batches, "raw_events_course", "event", "participants", "edits", "training_share") == [
        ("a", 8, None, None)
    ]
    with faulty("editors", "export.csv:1"):
        raise export("courses", "\n".join([lines[0].replace(",editors,", ",Editors,"), *lines[1:]]))[1]


def test_modules_are_one_cell_however_many_commas_it_has():
    batches, fault = read("students")
    assert fault is None
    columns = ("participant", "is_new", "completed_modules", "assigned_modules", "ends_at")
    end = datetime(2026, 3, 31, 23, 59, 59)  # the course goes on to the end of its last day
    assert rows_of(batches, "raw_events_participant", *columns) == [
        ("Invented Ana", True, 3, 3, end),
        ("Invented Ben", False, 1, 3, end),
        ("Invented Cho", False, 0, 0, end),
    ]


def test_of_a_retention_report_the_participants_are_read_and_the_summary_is_not():
    batches, fault = read("retention")
    assert fault is None
    assert rejects_of(batches) == []
    columns = ("line", "participant", "sessions_during", "sessions_after", "edits_in_days_60_to_90", "edits_before")
    found = rows_of(batches, "raw_events_retention", *columns)
    assert found[0] == (14, "Invented Ana", 6, 2, 4, 0)
    assert [row[-1] for row in found] == [0, 12, 499, 80, 500]


def test_a_window_that_had_not_closed_is_missing_and_not_zero(export):
    text = (SAMPLES / KINDS["retention"]).read_text(encoding="utf-8")
    batches, _ = export("retention", text.replace("Invented Ana,6,5,2,4,0", "Invented Ana,6,,,,0"))
    found = rows_of(batches, "raw_events_retention", "sessions_after", "edits_in_days_60_to_90")
    assert found[:2] == [(None, None), (0, 0)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Summary,first course\nparticipants,3\n", "there is no block of participants"),
        ("Summary,a,b\nPer-student detail,,\nusername,b,c\nx,1,2\n", 'no column "sessions during course"'),
    ],
)
def test_a_report_without_its_block_is_a_fault(export, text, found):
    with faulty(found):
        raise export("retention", text)[1]


def test_a_report_cut_inside_its_last_row_is_a_fault_after_what_was_whole(export):
    text = (SAMPLES / KINDS["retention"]).read_text(encoding="utf-8")
    batches, fault = export("retention", text[: text.index("500+")])
    assert len(rows_of(batches, "raw_events_retention", "line")) == 4
    assert "not whole" in fault.found


def test_events_have_times_of_both_spellings_and_no_names():
    batches, fault = read("events")
    assert fault is None
    columns = ("event", "starts_at", "format", "state", "is_test", "deleted_at")
    found = rows_of(batches, "raw_events_event", *columns)
    assert found[0] == ("1", datetime(2026, 4, 10, 9), "online", "open", False, None)
    assert found[3][-1] == datetime(2026, 4, 20)
    assert found[4][1] == datetime(2026, 4, 14, 9)


def test_who_registered_privately_leaves_no_row_and_no_refusal():
    batches, fault = read("participants")
    assert fault is None
    found = rows_of(batches, "raw_events_participant", "event", "participant", "left_at")
    assert ("1", "9002", None) not in found
    assert len(found) == 5
    assert rejects_of(batches) == []
    assert ("1", "9003", datetime(2026, 4, 9, 12)) in found


def test_where_nobody_says_whether_it_is_private_the_row_is_refused(export):
    rows_ = [{"cep_event_id": 1, "cep_user_id": 7, "cep_registered_at": "20260401080000"}]
    batches, _ = export("participants", json.dumps(rows_), "a.json")
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(1, "cep_private is present")]
    assert rows_of(batches, "raw_events_participant", "event") == []


def test_participants_come_as_csv_and_as_json_lines_alike(export):
    listed = json.loads((SAMPLES / KINDS["participants"]).read_text(encoding="utf-8"))["rows"]
    as_json, _ = export("participants", "\n".join(map(json.dumps, listed)), "a.json")
    cells = [
        ["" if one is None else str(int(one)) if isinstance(one, bool) else str(one) for one in row.values()]
        for row in listed
    ]
    as_csv, _ = export("participants", "\n".join(",".join(row) for row in [list(listed[0]), *cells]))
    wanted = ("event", "participant", "registered_at", "left_at")
    assert rows_of(as_json, "raw_events_participant", *wanted) == rows_of(as_csv, "raw_events_participant", *wanted)


@pytest.mark.parametrize("text", ['[{"cep_event_id": 1}', "[]", "{", "[" * 100_000, '{"rows": 3'])
def test_json_that_is_cut_empty_or_too_deep_is_a_fault(export, text):
    _, fault = export("participants", text, "a.json")
    assert isinstance(fault, FeedFault)


def test_a_cell_that_is_a_list_refuses_its_row(export):
    batches, _ = export("events", '[{"event_id": [1]}, 7]', "a.json")
    assert [one.rule for one in rejects_of(batches)] == ["a cell holds one value", "each row is an object"]


def test_deleted_contributions_are_told_apart():
    batches, fault = read("contributions")
    assert fault is None
    assert rows_of(batches, "raw_events_contribution", "bytes_delta", "references_delta", "is_deleted")[1:3] == [
        (-40, 0, False),
        (900, 3, True),
    ]


def test_a_file_tells_of_the_days_from_its_first_to_its_last_and_further_where_the_settings_say_so():
    batches, _ = read("events")
    days = rows_of(batches, "raw_events_day", "day_on")
    assert (days[0], days[-1], len(days)) == ((date(2026, 4, 10),), (date(2026, 4, 14),), 5)
    batches, _ = read("events", until="received")
    assert rows_of(batches, "raw_events_day", "day_on")[-1] == (date(2026, 11, 20),)
    batches, _ = read("events", until="2026-05-01")
    assert rows_of(batches, "raw_events_day", "day_on")[-1] == (date(2026, 5, 1),)


def test_a_report_with_closed_windows_tells_of_their_days():
    """30 and 90 days after the course, and the day that it takes to count them."""
    batches, _ = read("retention")
    assert rows_of(batches, "raw_events_day", "day_on")[-1] == (date(2026, 6, 30),)


def test_names_are_hashed_at_the_door_and_stand_nowhere(connection):
    for kind in ("students", "retention", "participants"):
        load_feed(connection, events, [landed(delivery(kind), SAMPLES / KINDS[kind])])
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            stored = str(connection.execute(f'SELECT * FROM "{table}"').fetchall())
            assert "Invented" not in stored
            assert "900" not in stored or table == "raw_events_day"
            connection.execute(f'DROP TABLE "{table}"')


def test_what_breaks_the_contract_is_set_aside(export, connection, tmp_path):
    path = tmp_path / "courses.csv"
    text = "course_slug,start_date,end_date,editors,new_editors,training_completion_rate\n"
    text += (
        "late,2026-03-02,2026-03-01,1,0,0.5\nmany,2026-03-01,2026-03-02,1,2,0.5\nmore,2026-03-01,2026-03-02,1,1,1.5\n"
    )
    path.write_text(text, encoding="utf-8")
    load_feed(connection, events, [landed(delivery("courses"), path)])
    assert rows(connection, "raw_events_course", "event") == []
    assert len(rows(connection, "quarantine", "rule")) == 3


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"campaign_events": {"participants": ["a"]}}, "events is missing"),
        ({"dashboard": {"students": [{**COURSE, "ends_on": "2026-01-01", "files": ["a"]}]}}, "ends_on is before"),
    ],
)
def test_settings_that_cannot_work_are_refused(told, words):
    with pytest.raises(ValueError, match=words):
        events.Settings.model_validate(told)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_spoilt_file_gives_rows_refusals_or_a_fault(kind, data, tmp_path_factory):
    content = data.draw(mutations((SAMPLES / KINDS[kind]).read_bytes()))
    read_all(events, delivery(kind), tmp_path_factory.mktemp("spoilt") / KINDS[kind], content)
