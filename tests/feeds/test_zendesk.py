"""What the Zendesk feed hands over of exported answers, and what it says of settings and files that do not fit."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from etl.sources import zendesk
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of
from tests.mutated import mutations, read_all
from tests.tables import rows

SAMPLE = Path(__file__).parent / "samples" / "zendesk.jsonl"
DESK = {
    "desk": "safety", "files": ["feeds/zendesk.jsonl"], "queues": {360001: "harassment"}, "language_field": 88,
    "emergency": {"tags": ["Imminent"]},
}  # fmt: skip
TICKET = {"id": 1, "created_at": "2026-10-01T07:00:00Z", "updated_at": "2026-10-01T08:00:00Z", "status": "open"}


def delivery(**changes):
    (one,) = zendesk.deliveries(zendesk.Settings.model_validate({"desks": [{**DESK, **changes}]}))
    return one


def read(path, **changes):
    return drained(zendesk.read(landed(delivery(**changes), path)))


@pytest.fixture
def export(tmp_path):
    """Tickets, each TICKET with these changes, read as one exported page."""

    def export(*changes, **said):
        path = tmp_path / "page.json"
        path.write_text(json.dumps({"tickets": [{**TICKET, **one} for one in changes]}))
        batches, fault = read(path, **said)
        assert fault is None
        return batches

    return export


def test_the_sample_loads_with_times_in_utc_and_states_in_two_words():
    batches, fault = read(SAMPLE)
    assert fault is None
    assert rejects_of(batches) == []
    found = rows_of(batches, "raw_zendesk_ticket", "line", "case", "opened_at", "state", "queue", "channel", "language")
    assert found[:3] == [
        (1, "101", datetime(2026, 10, 1, 7), "closed", "harassment", "email", "en"),
        (1, "102", datetime(2026, 10, 1, 10), "closed", "360002", "api", "en"),  # a group that the settings do not name
        (1, "103", datetime(2026, 10, 3, 6), "open", "harassment", "email", "en"),
    ]


def test_a_duration_that_is_still_running_is_missing_and_not_0():
    batches, _ = read(SAMPLE)
    columns = ("case", "reply_minutes", "reply_business_minutes", "full_resolution_minutes", "on_hold_minutes")
    assert rows_of(batches, "raw_zendesk_metric_set", *columns) == [
        ("101", 90, 90, 1440, 0),
        ("102", 10.25, 10.0, 180, 0),  # seconds go before minutes
        ("103", None, None, None, 0),
        ("103", 1440, None, None, 0),
        ("104", None, None, None, 0),
        ("105", 60, 0, None, 0),  # answered within a night: no minute of business hours had passed
    ]


def test_emergencies_are_told_by_words_in_the_subject_tags_or_forms(export):
    batches = export(
        {"subject": "Fwd: INCIDENT reporting system emergency report (en)"},
        {"subject": "Fwd: an incident", "tags": ["imminent"]},
        {"subject": "Not an emergency"},
        {"tags": ["not-imminent"], "ticket_form_id": 41},
        {"ticket_form_id": 42, "subject": None, "tags": None},
        emergency={"tags": ["Imminent"], "forms": 42},
    )
    assert rows_of(batches, "raw_zendesk_ticket", "is_emergency") == [(True,), (True,), (False,), (False,), (True,)]


def test_what_people_say_of_the_help_is_good_bad_none_or_other(export):
    scores = ("good", "bad", "offered", "unoffered", "good_with_comment", "mixed")
    batches = export(*({"satisfaction_rating": {"score": score}} for score in scores), {"satisfaction_rating": None})
    found = [word for (word,) in rows_of(batches, "raw_zendesk_ticket", "satisfaction")]
    assert found == ["good", "bad", "none", "none", "good", "other", "none"]


def test_nobodys_name_address_or_word_is_stored(connection):
    load_feed(connection, zendesk, [landed(delivery(), SAMPLE)])
    stored = "".join(
        str(connection.execute(f'SELECT * FROM "{name}"').fetchall())
        for name in ("raw_zendesk_ticket", "raw_zendesk_metric_set", "raw_zendesk_metric_event", "quarantine")
    )
    for word in ("Ada", "Ben", "example.org", "follows", "kind", "0100", "7701", "9901", "imminent", "'101'"):
        assert word not in stored
    assert "harassment" in stored
    assert {len(key) for (key,) in rows(connection, "raw_zendesk_ticket", "case_key")} == {32}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"status": "asleep"}, "status is one of"),
        ({"created_at": "yesterday"}, "created_at is a time with its offset"),
        ({"created_at": "2026-10-01T07:00:00"}, "created_at is a time with its offset"),
        ({"created_at": "2027-10-01T07:00:00Z"}, "created_at is not after the receipt"),
        ({"id": "T-1"}, "id is a whole number"),
        ({"id": True}, "id is a whole number"),
        ({"id": 1 << 70}, "id is a whole number"),
        ({"priority": ["high"]}, "priority is a text"),
        ({"priority": "x\0"}, "priority is a text"),
        ({"priority": "\ud800"}, "priority is a text"),
        ({"priority": "x" * 300}, "priority is a text"),
        ({"via": "email"}, "via is an object"),
        ({"generated_timestamp": 5}, "generated_timestamp is a time in seconds"),
        ({"metric_set": {"reply_time_in_minutes": {"calendar": 1.5}}}, "calendar is a whole number"),
    ],
)
def test_a_ticket_that_cannot_be_read_is_refused_and_its_values_are_not_told(export, change, rule):
    (reject,) = rejects_of(export(change, {"id": 2}))
    assert reject.rule.startswith(rule)
    assert "yesterday" not in reject.excerpt
    assert "T-1" not in reject.excerpt


def test_a_missing_number_or_opening_breaks_the_contract(connection, tmp_path):
    path = tmp_path / "page.json"
    changes = (
        {"id": None},
        {"created_at": None},
        {"updated_at": "2026-09-01T07:00:00Z"},
        {"priority": "ada@example.org"},
        {},
    )
    path.write_text(json.dumps([{**TICKET, **change} for change in changes]))
    load_feed(connection, zendesk, [landed(delivery(), path)])
    assert len(rows(connection, "raw_zendesk_ticket", "line")) == 1
    assert [rule for (rule,) in rows(connection, "quarantine", "rule")] == [
        "case_key is present",
        "opened_at is present",
        "queue, channel, priority and language are short words and no addresses",
        "the last change is not before the opening",
    ]


def test_exports_come_as_lines_pages_lists_or_one_ticket(tmp_path):
    pages = (
        json.dumps({"tickets": [TICKET]}, indent=1),
        json.dumps([TICKET]),
        json.dumps(TICKET) + "\n",
        "\ufeff" + json.dumps({"ticket_metrics": [], "tickets": [TICKET]}),
        json.dumps({"asked": {"cursor": "x"}, "at": "2026-11-20T00:00:00Z", "answer": {"tickets": [TICKET]}}) + "\n",
    )
    for number, text in enumerate(pages):
        path = tmp_path / f"{number}.json"
        path.write_text(text, encoding="utf-8")
        batches, fault = read(path)
        assert fault is None
        assert rows_of(batches, "raw_zendesk_ticket", "case") == [("1",)], text


def test_a_line_that_is_no_json_or_no_answer_is_refused_and_the_rest_is_read(tmp_path):
    path = tmp_path / "page.jsonl"
    deep = "[" * 100_000
    whole = json.dumps(TICKET)
    path.write_bytes(f'{whole}\n{{"id": NaN}}\n{deep}\n"hello"\n{{"users": []}}\n{whole}\n'.encode() + b'{"\xff": 1}\n')
    batches, fault = read(path)
    assert fault is None
    assert len(rows_of(batches, "raw_zendesk_ticket", "line")) == 2
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [
        (2, "the line is JSON"), (3, "the line is JSON"), (4, "an answer is an object of tickets or metrics"),
        (5, "an answer holds tickets or metrics"), (7, "the line is JSON"),
    ]  # fmt: skip


def test_a_file_cut_short_is_a_fault_after_what_could_be_read(tmp_path):
    path = tmp_path / "page.jsonl"
    whole = SAMPLE.read_bytes()
    path.write_bytes(whole[: len(whole) - 300])
    batches, fault = read(path)
    assert len(rows_of(batches, "raw_zendesk_ticket", "line")) == 6
    assert "page.jsonl:3" in str(fault)
    assert "cut short" in str(fault)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"<html>Sign in</html>", b'{"tickets": [', b"\x00\xff", b"PK\x03\x04junk"]
)
def test_a_file_that_is_none_is_a_fault_with_its_name(tmp_path, content):
    path = tmp_path / "page.json"
    path.write_bytes(content)
    _, fault = read(path)
    assert fault is not None
    assert "page.json" in fault.where


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"files": []}, "neither base (a server) nor files"),
        ({"base": "http://example.zendesk.com"}, "https://example.zendesk.com is wanted"),
        ({"base": "https://me:secret@example.zendesk.com"}, "nothing behind the host"),
        ({"base": "https://example.zendesk.com/api/v2"}, "nothing behind the host"),
        ({"emergency": {"subjects": [""]}}, "every ticket an emergency"),
        ({"queue": "requester_id"}, "group_id"),
        ({"token": "secret"}, "token"),
    ],
)
def test_settings_that_cannot_be_are_told_in_words(changes, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  pydantic's error is a ValueError
        zendesk.Settings.model_validate({"desks": [{**DESK, **changes}]})
    assert words in str(caught.value)


def test_a_desk_stands_once():
    with pytest.raises(ValueError, match="each desk once"):
        zendesk.Settings.model_validate({"desks": [DESK, DESK]})


@settings(max_examples=40)
@given(mutations(SAMPLE.read_bytes()))
def test_whatever_is_done_to_an_export_comes_out_as_rows_refusals_or_one_fault(tmp_path_factory, content):
    read_all(zendesk, delivery(), tmp_path_factory.mktemp("spoilt") / "zendesk.jsonl", content)
