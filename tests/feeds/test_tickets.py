"""What the tickets feed hands over of an export, and what it says of settings and files that do not fit."""

from datetime import datetime
from pathlib import Path

import pytest

from data_contracts import yaml_file
from data_contracts.faults import Faults, FeedFault
from etl.feed import Reject
from etl.formats.batches import batches
from etl.sources import tickets
from tests.delivered import drained, faulty, landed, load_feed, rejects_of, rows_of, values_of
from tests.tables import rows

SAMPLE = Path(__file__).parent / "samples" / "tickets.csv"
COLUMNS = {
    "id": "Ticket", "opened": "Created", "first_response": "First reply", "resolved": "Solved", "reopened": "Reopened",
    "queue": "Queue", "channel": "Channel", "priority": "Priority", "language": "Language", "state": "State",
    "satisfaction": "Rating", "emergency": "Emergency",
}  # fmt: skip
DESK = {
    "desk": "trust-and-safety", "files": ["feeds/tickets.csv"], "zone": "Europe/Berlin", "columns": COLUMNS,
    "closed_states": ["closed"], "satisfaction": {"good": ["Good"], "bad": ["Bad"], "none": ["Offered"]},
    "emergency": ["yes"],
}  # fmt: skip


def delivery(**changes):
    (one,) = tickets.deliveries(tickets.Settings.model_validate({"desks": [{**DESK, **changes}]}))
    return one


def read(path, **changes):
    return drained(tickets.read(landed(delivery(**changes), path)))


@pytest.fixture
def export(tmp_path):
    """Rows of Ticket, Created, First reply and Mood as a file, read with these settings."""

    def export(*lines: str, columns=None, **changes):
        path = tmp_path / "desk.csv"
        path.write_text("Ticket,Created,First reply,Mood\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        columns = {"id": "Ticket", "opened": "Created", "first_response": "First reply", **(columns or {})}
        plain = {"closed_states": (), "satisfaction": None, "emergency": ()}
        batches, fault = read(path, **{**plain, "columns": columns, "zone": "UTC", **changes})
        assert fault is None
        return batches

    return export


def test_the_sample_loads_with_times_in_utc_and_what_is_missing_missing():
    batches, fault = read(SAMPLE)
    assert fault is None
    assert rows_of(batches, "raw_tickets", "line", "case", "opened_at", "first_response_at", "resolved_at")[:3] == [
        (2, "T-1", datetime(2026, 10, 1, 7), datetime(2026, 10, 1, 8, 30), datetime(2026, 10, 2, 7)),
        (3, "T-2", datetime(2026, 10, 1, 10), datetime(2026, 10, 1, 10, 10), datetime(2026, 10, 1, 13)),
        (5, "T-3", datetime(2026, 10, 3, 6), None, None),  # the row before it takes two lines
    ]


def test_words_become_open_or_closed_good_bad_none_or_other_and_emergency_or_not():
    batches, _ = read(SAMPLE)
    found = rows_of(batches, "raw_tickets", "case", "state", "satisfaction", "is_emergency")
    assert found == [
        ("T-1", "closed", "good", False),
        ("T-2", "closed", "none", True),
        ("T-3", "open", "none", False),
        ("T-4", "open", "bad", False),
        ("T-5", "closed", "good", False),
        ("T-6", "closed", "none", False),
        ("T-7", "open", "none", False),
        ("T-1", "closed", "bad", False),
        ("T-9", "closed", "other", False),  # a word that the settings do not have: core_case warns of it
    ]


def test_a_row_that_cannot_be_read_is_refused_with_the_shape_of_what_it_says():
    batches, _ = read(SAMPLE)
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (10, "first_response is a time as %Y-%m-%d %H:%M:%S", "First reply: aaaa"),
    ]


def test_only_hashes_words_and_times_are_stored_and_an_answer_before_its_question_is_quarantined(connection):
    load_feed(connection, tickets, [landed(delivery(), SAMPLE)])
    assert rows(connection, "quarantine", "file", "line", "rule") == [
        ("tickets.csv", 9, "the first response is not before the opening"),
        ("tickets.csv", 10, "first_response is a time as %Y-%m-%d %H:%M:%S"),
    ]
    stored = str(connection.execute("SELECT * FROM raw_tickets").fetchall())
    assert not [word for word in ("T-1", "Ada", "Example", "follows", "threat") if word in stored]
    assert "trust-and-safety" in stored
    keys = [key for (key,) in rows(connection, "raw_tickets", "case_key")]
    assert (len(keys), len(set(keys)), {len(key) for key in keys}) == (8, 7, {32})  # T-1 stands twice


def test_a_missing_number_or_opening_breaks_the_contract(connection, tmp_path):
    path = tmp_path / "desk.csv"
    path.write_text("Ticket,Created\n,2026-01-01 10:00:00\nB,\nC,2026-01-01 10:00:00\nD,1999-12-31 10:00:00\n")
    plain = delivery(columns={"id": "Ticket", "opened": "Created"}, closed_states=(), satisfaction=None, emergency=())
    load_feed(connection, tickets, [landed(plain, path)])
    assert rows(connection, "raw_tickets", "line") == [(4,)]
    assert rows(connection, "quarantine", "line", "rule") == [
        (2, "case_key is present"),
        (3, "opened_at is present"),
        (5, "opened_at is at least 2001-01-01"),
    ]


def test_a_queue_that_holds_addresses_is_kept_out(connection, tmp_path):
    path = tmp_path / "desk.csv"
    path.write_text("Ticket,Created,To\nA,2026-01-01 10:00:00,ada@example.org\nB,2026-01-01 10:00:00,safety\n")
    columns = {"id": "Ticket", "opened": "Created", "queue": "To"}
    plain = delivery(columns=columns, closed_states=(), satisfaction=None, emergency=())
    load_feed(connection, tickets, [landed(plain, path)])
    assert rows(connection, "raw_tickets", "queue") == [("safety",)]


def test_words_for_missing_are_missing_in_every_column(export):
    batches = export("A,2026-01-01 10:00:00,?,?", missing=["?"], columns={"queue": "Mood"})
    assert rows_of(batches, "raw_tickets", "first_response_at", "queue") == [(None, None)]


def test_of_several_columns_the_first_that_says_something_counts(export):
    batches = export(
        "A,2026-01-01 10:00:00,,2026-01-03 10:00:00",
        "B,2026-01-01 10:00:00,2026-01-02 10:00:00,2026-01-03 10:00:00",
        columns={"first_response": ["First reply", "Mood"]},
    )
    found = rows_of(batches, "raw_tickets", "first_response_at")
    assert found == [(datetime(2026, 1, 3, 10),), (datetime(2026, 1, 2, 10),)]


def test_in_an_event_log_a_row_in_an_unanswered_state_is_no_answer(export):
    batches = export(
        "A,2026-01-01 10:00:00,2026-01-01 10:05:00,New",
        "A,2026-01-01 10:00:00,2026-01-01 11:00:00,Active",
        columns={"state": "Mood"}, closed_states=["Closed"], unanswered_states=["new"],
    )  # fmt: skip
    found = rows_of(batches, "raw_tickets", "first_response_at", "is_event")
    assert found == [(None, True), (datetime(2026, 1, 1, 11), True)]


def test_a_time_after_the_receipt_of_the_file_is_refused(export):
    (batch,) = export(
        "A,2026-11-20 23:00:00,,", "B,2026-11-21 00:00:01,,", "C,2206-01-01 00:00:00,,"
    )  # came 11-20 00:00
    assert values_of(batch, "case") == ["A"]
    assert [(one.line, one.rule, one.excerpt) for one in batch.rejects] == [
        (3, "opened is not after the receipt of its file", "Created: year 2026"),
        (4, "opened is not after the receipt of its file", "Created: year 2206"),
    ]


def test_a_byte_that_is_not_in_the_encoding_is_refused_only_where_it_is_read(tmp_path):
    path = tmp_path / "desk.csv"
    path.write_bytes(
        b"Ticket,Created,Queue,Text\nA,2026-01-01 10:00:00,safety,gr\xf6\xdfer\nB,2026-01-01 10:00:00,gr\xf6\xdfer,x\n"
    )
    columns = {"id": "Ticket", "opened": "Created", "queue": "Queue"}
    batches, _ = read(path, columns=columns, closed_states=(), satisfaction=None, emergency=())
    assert rows_of(batches, "raw_tickets", "case") == [("A",)]
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(3, "text in utf-8 without NUL")]


def test_a_ragged_row_is_refused_and_the_rest_goes_on(export):
    (batch,) = export("A,2026-01-01 10:00:00", "B,2026-01-01 10:00:00,,")
    assert values_of(batch, "case") == ["B"]
    assert [(one.line, one.rule) for one in batch.rejects] == [(2, "the row has 4 fields, as the header has")]


def test_rows_come_in_batches_of_one_size_with_the_bytes_read():
    outcomes = [(10 * line, Reject(line, "rule", "x") if line == 3 else {"line": line}) for line in range(1, 6)]
    found = list(batches("raw_tickets", ("line",), iter(outcomes), size=2))
    assert [(one.columns["line"], len(one.rejects), one.done) for one in found] == [
        ([1, 2], 0, 20),
        ([4], 1, 40),
        ([5], 0, 50),
    ]


def test_a_column_that_is_not_there_is_named_with_the_header_and_the_nearest_name(tmp_path):
    path = tmp_path / "desk.csv"
    path.write_text("Ticket,Created at,First reply\nA,2026-01-01 10:00:00,\n")
    columns = {"id": "Ticket", "opened": "Created", "first_response": "Answer"}
    _, fault = read(path, columns=columns, closed_states=(), satisfaction=None, emergency=())
    assert isinstance(fault, Faults)
    assert [(one.where, one.found, one.wanted) for one in fault.faults] == [
        (
            "desk.csv:1",
            'there is no column "Created" (columns.opened): renamed: it may be "Created at" now',
            "one of the header's: Ticket, Created at, First reply",
        ),
        (
            "desk.csv:1",
            'there is no column "Answer" (columns.first_response): missing',
            "one of the header's: Ticket, Created at, First reply",
        ),
    ]
    assert fault.faults[0].remedy.startswith(
        'Did you mean "Created at"? It becomes opened_at of data_contracts/sources/'
    )
    assert fault.exit_code == FeedFault.exit_code


def test_a_file_without_a_header_does_not_show_its_first_row(tmp_path):
    path = tmp_path / "desk.csv"
    path.write_text("Ana,ana@wiki.example,2026-01-01 10:00:00\nBen,ben@wiki.example,2026-01-02 10:00:00\n")
    columns = {"id": "Ticket", "opened": "Created"}
    _, fault = read(path, columns=columns, closed_states=(), satisfaction=None, emergency=())
    assert "Ana" not in str(fault)
    assert "a header that has it, not Aaa, aaa@aaaa.aaaaaaa, 9999-99-99 99:99:99" in str(fault)


def test_a_wrong_delimiter_is_told(tmp_path):
    path = tmp_path / "desk.csv"
    path.write_text("Ticket;Created\nA;2026-01-01 10:00:00\n")
    with faulty("desk.csv:1", 'Set `delimiter: ";"`.'):
        list(
            tickets.read(
                landed(
                    delivery(
                        columns={"id": "Ticket", "opened": "Created"}, closed_states=(), satisfaction=None, emergency=()
                    ),
                    path,
                )
            )
        )


def test_a_column_that_stands_twice_can_be_passed_over_but_not_mapped(tmp_path):
    path = tmp_path / "desk.csv"
    path.write_text("Ticket,Created,SolutionTimeWorkingTime,SolutionTimeWorkingTime\nA,2026-01-01 10:00:00,1,2\n")
    plain = {"closed_states": (), "satisfaction": None, "emergency": ()}
    columns = {"id": "Ticket", "opened": "Created"}
    batches, fault = read(path, columns=columns, **plain)
    assert (fault, rows_of(batches, "raw_tickets", "case")) == (None, [("A",)])
    _, fault = read(path, columns={**columns, "queue": "SolutionTimeWorkingTime"}, **plain)
    assert "stands there twice" in str(fault)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"zone": "Europe/Berlín"}, 'no time zone is called "Europe/Berlín"'),
        ({"format": "%H:%M"}, "holds no whole date"),
        ({"format": "%Y-%m-%d %Q"}, "cannot be read"),
        ({"encoding": "latin-99"}, 'no encoding is called "latin-99"'),
        ({"closed_states": []}, "the column state is mapped: closed_states must say its words"),
        ({"satisfaction": None}, "the column satisfaction is mapped"),
        ({"columns": {"id": "Ticket", "opened": "Created"}}, "columns must say which column state is"),
        ({"unanswered_states": ["new"], "columns": {k: v for k, v in COLUMNS.items() if k != "first_response"}}, "first_response"),
        ({"colums": {}}, "colums"),
        ({"emergency": [True]}, "valid string"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_told_in_words(changes, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  pydantic's error is a ValueError
        delivery(**changes)
    assert words in str(caught.value)


def test_settings_come_from_yaml_where_yes_and_no_are_words(tmp_path):
    path = tmp_path / "upstander.yml"
    path.write_text(
        "desks:\n  - {desk: d, files: [t.csv], columns: {id: A, opened: B, emergency: C}, emergency: [yes], missing: no}\n"
    )
    settings = yaml_file.read(path, tickets.Settings, FeedFault)
    assert (settings.desks[0].emergency, settings.desks[0].missing) == (("yes",), ("no",))
