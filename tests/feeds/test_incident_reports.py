"""What the report form's events hand over, what they refuse, and what never passes the door."""

import gzip
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from etl.feed import Batch
from etl.formats import report_words
from etl.sources import incident_reports
from tests.delivered import drained, faulty, landed, load_feed, rejects_of, rows_of
from tests.tables import rows

SAMPLE = Path(__file__).parent / "samples/incident_reports.jsonl"
TABLE = "raw_incident_reports"
SETTINGS = {"files": ["reports.jsonl"], "wikis": {"endemowiki": "en.demo", "swdemowiki": "sw.demo"}}
EVENT = {
    "$schema": "/analytics/product_metrics/web/base/1.3.0",
    "meta": {
        "id": "e1", "dt": "2026-06-08T10:00:00Z", "domain": "en.wikipedia.org",
        "stream": "mediawiki.product_metrics.incident_reporting_system_interaction",
    },
    "dt": "2026-06-08T10:00:00Z", "action": "view", "action_source": "form", "funnel_entry_token": "f1",
    "funnel_event_sequence_position": 0, "mediawiki": {"database": "enwiki"},
}  # fmt: skip
SUBMIT = {**EVENT, "action": "submit", "action_source": "api"}
NAMES = ("Ada Example", "Ben Example", "Ben_Example", "990017", "990018", "4711", "employer", "s0")


def delivery(**changes):
    (one,) = incident_reports.deliveries(incident_reports.Settings.model_validate({**SETTINGS, **changes}))
    return one


def read(path, **changes):
    return drained(incident_reports.read(landed(delivery(**changes), path)))


@pytest.fixture
def written(tmp_path):
    """Events (or lines as they are) as a file, read; the columns of its rows, and its refusals."""

    def written(*events, **changes):
        lines = [event if isinstance(event, str) else json.dumps(event) for event in events]
        (tmp_path / "reports.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        batches, fault = read(tmp_path / "reports.jsonl", **changes)
        assert fault is None
        return batches

    return written


def test_events_of_the_form_and_of_its_server_by_step_and_choice():
    batches, fault = read(SAMPLE)
    assert fault is None
    columns = ("line", "wiki", "action", "source", "subtype", "funnel", "funnel_kind", "position", "behaviour")
    assert rows_of(batches, TABLE, *columns)[:9] == [
        (1, "en.demo", "view", "get_support", None, "funnel-a", "non-emergency", 4, "doxing"),
        (2, "en.demo", "view", "form", None, "funnel-a", None, 1, None),
        (3, "en.demo", "click", "form", "continue", "funnel-a", "non-emergency", 2, None),
        (4, "en.demo", "click", "describe_unacceptable_behavior", "continue", "funnel-a", "non-emergency", 3, "doxing"),
        (5, "en.demo", "click", "get_support", None, "funnel-a", "non-emergency", 5, "doxing"),
        (6, "en.demo", "submit", "api", None, None, None, None, "doxing"),
        (7, "en.demo", "submit", "api", None, None, None, None, "doxing"),  # delivered twice; core counts it once
        (8, "en.demo", "view", "form", None, "funnel-b", None, 6, None),  # positions go on in the page's second funnel
        (9, "en.demo", "click", "form", "cancel", "funnel-b", None, 7, None),
    ]


def test_the_time_is_that_of_receipt_for_clocks_of_devices_lie():
    batches, _ = read(SAMPLE)
    received = dict(rows_of(batches, TABLE, "line", "received_at"))
    assert received[2] == datetime(2026, 6, 8, 10)  # its device says 2009
    assert min(received.values()) == datetime(2026, 6, 8, 10)


def test_what_is_refused_and_why():
    batches, _ = read(SAMPLE)
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (19, "sample.rate is over 0 and at most 1", "sample.rate: 9"),
        (20, "meta.dt is there", "meta.dt: missing"),
    ]


def test_canaries_and_test_wikis_are_left_out_without_a_word():
    batches, _ = read(SAMPLE)
    found = {row[0] for row in rows_of(batches, TABLE, "line")} | {one.line for one in rejects_of(batches)}
    assert not {16, 17} & found
    kept, _ = read(SAMPLE, left_out=["canary"])
    assert "testwiki" in {row[0] for row in rows_of(kept, TABLE, "wiki")}


@pytest.mark.parametrize(
    "changes",
    [
        {"meta": {**EVENT["meta"], "domain": "en.wikipedia.beta.wmflabs.org"}},
        {"mediawiki": {"database": "testwiki"}},
        {"meta": {"domain": "canary"}},  # a canary has nothing else that an event needs
    ],
)
def test_a_trial_is_known_by_its_domain_or_its_database(written, changes):
    assert [row for batch in written({**EVENT, **changes}) for row in batch.columns["line"]] == []


def test_a_domain_that_only_ends_like_a_trial_is_none(written):
    meta = {**EVENT["meta"], "domain": "contest.wikipedia.org"}
    assert rows_of(written({**EVENT, "meta": meta}), TABLE, "wiki") == [("enwiki",)]


def test_who_was_reported_and_what_was_written_never_passes_the_door(connection):
    load_feed(connection, incident_reports, [landed(delivery(), SAMPLE)])
    stored = str(connection.execute(f"SELECT * FROM {TABLE}").fetchall())
    stored += str(connection.execute("SELECT * FROM quarantine").fetchall())
    said = SAMPLE.read_text(encoding="utf-8")
    assert all(name in said for name in NAMES)
    assert not [name for name in (*NAMES, "funnel-a", "00000000-0000") if name in stored]
    assert len(rows(connection, TABLE, "line")) == 17


def test_the_type_is_read_where_the_context_was_cut_off_and_unknown_words_become_other():
    batches, _ = read(SAMPLE)
    found = {
        line: (kind, behaviour)
        for line, kind, behaviour in rows_of(batches, TABLE, "line", "incident_type", "behaviour")
    }
    assert found[14] == (report_words.ORDINARY, "something-else")
    assert found[15] == (report_words.ORDINARY, "other")


@pytest.mark.parametrize(
    ("context", "behaviour"),
    [
        ('{"type":"spam","reportedUserId":1}', "spam"),
        ('{"reportedUserId":1,"type":"spam"}', "spam"),
        ('{"type":"spam","reportedUserId":1,"somethingElseDetails":"he said \\"type\\": \\"dox', "spam"),
        ('{"somethingElseDetails":"the \\"type\\":\\"doxing\\" of pers', None),  # no word of what somebody wrote
        ('{"type":"hate-speech-or-discrimination"}', "hate-or-discrimination"),
        ('{"type":"intimidation-agression"}', "intimidation"),
        ('{"type":17}', None),
        ('{"type":', None),
        ("[1]", None),
        ("[" * 100_000, None),
        (None, None),
        (17, None),
        ({"type": "trolling", "reportedUserId": 5}, "trolling"),  # a copy whose context was parsed already
    ],
)
def test_a_submission_counts_whatever_its_context_looks_like(written, context, behaviour):
    assert rows_of(written({**SUBMIT, "action_context": context}), TABLE, "behaviour") == [(behaviour,)]


def test_an_emergency_is_labelled_should_the_server_ever_record_one(written):
    found = written({**SUBMIT, "action_context": json.dumps({"type": report_words.EMERGENCY})})
    assert rows_of(found, TABLE, "incident_type", "behaviour") == [(report_words.EMERGENCY, None)]


@pytest.mark.parametrize(
    ("said", "harm"),
    [("physical", "physical"), ("threats-self-harm", "self"), ("na", None), ("Ben", None), (["self"], None)],
)
def test_the_harm_that_is_feared_is_one_of_three(written, said, harm):
    choice = {
        **EVENT,
        "action": "click",
        "action_subtype": "continue",
        "action_context": json.dumps({"harm_option": said}),
    }
    assert rows_of(written({**choice, "funnel_name": "emergency"}), TABLE, "harm", "incident_type") == [
        (harm, report_words.EMERGENCY)
    ]


def test_a_link_that_leads_to_the_form_is_an_entry_and_a_strange_click_is_other(written):
    found = written({**EVENT, "action": "click", "action_source": "tools-menu", "action_subtype": "poke"})
    assert rows_of(found, TABLE, "source", "subtype") == [("entry", "other")]


def test_of_the_person_only_the_range_of_edits_and_the_kind_of_account_are_kept(written):
    performer = {"edit_count_bucket": "100-999 edits", "is_temp": True, "is_bot": False, "name": "Ada"}
    strange = {"edit_count_bucket": "lots"}
    found = written({**EVENT, "performer": performer}, {**EVENT, "performer": strange}, EVENT)
    assert rows_of(found, TABLE, "edit_bucket", "is_temporary", "is_bot") == [
        ("100-999", True, False),
        (None, None, None),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("changes", "rule", "excerpt"),
    [
        ({"action": "poke"}, "action is one of view, click, submit", "action: aaaa"),
        ({"action": None}, "action is there", "action: missing"),
        ({"action": "submit"}, "the server's own events, and no others, are submits by the api", "action and action_source"),
        ({"action_source": "api"}, "the server's own events, and no others, are submits by the api", "action and action_source"),
        ({"funnel_entry_token": ""}, "funnel_entry_token is there", "funnel_entry_token: missing"),
        ({"funnel_entry_token": ["a"]}, "funnel_entry_token is a text of at most 200 characters", "funnel_entry_token: list"),
        ({"funnel_event_sequence_position": "two"}, "funnel_event_sequence_position is a whole number", "funnel_event_sequence_position: aaa"),
        ({"mediawiki": {}}, "mediawiki.database is there", "mediawiki.database: missing"),
        ({"mediawiki": {"database": "Ada Example"}}, "mediawiki.database is the name of a database", "database: Aaa Aaaaaaa"),
        ({"meta": {**EVENT["meta"], "id": None}}, "meta.id is there", "meta.id: missing"),
        ({"meta": {**EVENT["meta"], "dt": "2026-06-08 10:00"}}, "dt is a time with its offset", "dt: 9999-99-99 99:99"),
        ({"meta": {**EVENT["meta"], "dt": "2031-01-01T00:00:00Z"}}, "meta.dt is not after the receipt of its file", "meta.dt: year 2031"),
        ({"meta": {**EVENT["meta"], "stream": "eventlogging_Other"}}, "the event is of the report form's stream", "another stream"),
        ({"$schema": "/analytics/product_metrics/web/base/2.0.0"}, "the schema is web/base 1", "$schema: /aaaaaaaaa/aaaaaaa_aaaaaaa/aaa/aaaa/9.9.9"),
        ({"performer": {"is_bot": "no"}}, "is_bot is true or false", "is_bot: str"),
        ({"performer": "Ada"}, "performer is an object", "performer: Aaa"),
        ({"sample": {"rate": True}}, "sample.rate is over 0 and at most 1", "sample.rate: Aaaa"),
        ({"sample": {"rate": 0}}, "sample.rate is over 0 and at most 1", "sample.rate: 9"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused_by_rule_and_shape(written, changes, rule, excerpt):
    batches = written({**EVENT, **changes}, {**EVENT, "meta": {**EVENT["meta"], "id": "e2"}})
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [(1, rule, excerpt)]
    assert rows_of(batches, TABLE, "event") == [("e2",)]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('{"action": "view", "funnel', "the line is an event as JSON"),
        ("[1, 2]", "the line is an event as JSON"),
        ('{"a": NaN}', "the line is an event as JSON"),
        ('{"a":' * 100_000, "the line is an event as JSON"),
        ('{"a": "' + "x" * (1 << 20) + '"}', "an event has at most 1,048,576 bytes"),
        ('{"meta": {"id": "\0"}}', "the line is an event as JSON"),
        (
            '{"meta": {"id": "\\u0000", "dt": "2026-06-08T10:00:00Z"}, "mediawiki": {"database": "enwiki"}}',
            "id is a text of at most 200 characters",
        ),
    ],
)
def test_a_line_that_is_no_event_is_refused_and_the_rest_goes_on(written, line, rule):
    batches = written(line, EVENT)
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(1, rule)]
    assert rows_of(batches, TABLE, "line") == [(2,)]


def test_a_packed_file_says_the_same_and_the_order_of_lines_does_not_matter(tmp_path):
    lines = SAMPLE.read_bytes().splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    (tmp_path / "reports.jsonl.gz").write_bytes(gzip.compress(b"".join(lines)))
    columns = [name for name in incident_reports.COLUMNS if name != "line"]
    packed, fault = read(tmp_path / "reports.jsonl.gz")
    assert fault is None
    assert sorted(map(repr, rows_of(packed, TABLE, *columns))) == sorted(
        map(repr, rows_of(read(SAMPLE)[0], TABLE, *columns))
    )


def test_a_file_that_was_cut_off_gives_what_could_be_read_and_names_the_line(tmp_path):
    content = SAMPLE.read_bytes()
    (tmp_path / "reports.jsonl").write_bytes(content[: content.index(b"\n", 2000) + 40])
    batches, fault = read(tmp_path / "reports.jsonl")
    assert rows_of(batches, TABLE, "line") == [(1,), (2,), (3,)]
    assert (fault.where, fault.found) == ("reports.jsonl:4", "the last line is half an event")
    (tmp_path / "reports.gz").write_bytes(gzip.compress(content)[:-600])
    batches, fault = read(tmp_path / "reports.gz")
    assert "cut short" in fault.found


@pytest.mark.parametrize("content", [b"", b"\n\n", b"<html>Sign in</html>\n", "{}".encode("utf-16"), b"PK\x03\x04"])
def test_a_file_that_is_something_else_is_named(tmp_path, content):
    (tmp_path / "reports.jsonl").write_bytes(content)
    with faulty("reports.jsonl"):
        list(incident_reports.read(landed(delivery(), tmp_path / "reports.jsonl")))


def test_settings_of_other_keys_are_refused():
    with pytest.raises(ValueError, match="people"):
        delivery(people=["Ada"])


@given(data=st.data())
@hypothesis_settings(max_examples=40)
def test_whatever_happens_to_the_bytes_only_rows_refusals_and_faults_come_out(data, tmp_path_factory):
    content = bytearray(SAMPLE.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        new = data.draw(st.binary(max_size=8))
        content[place : place + data.draw(st.integers(0, 40))] = new
    path = tmp_path_factory.mktemp("changed") / "reports.jsonl"
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    batches, _ = read(path)
    assert all(isinstance(one, Batch) for one in batches)
    latest = datetime(2026, 11, 20) + timedelta(days=1)
    assert all(row[0] <= latest for row in rows_of(batches, TABLE, "received_at"))
