"""What the Phabricator feed hands over of Conduit's answers and of CSV exports, and what becomes of it."""

import json
from collections import Counter
from datetime import datetime
from itertools import permutations
from pathlib import Path

import pytest
import sqlglot
from hypothesis import given, settings
from sqlglot import exp

from data_contracts.faults import FeedFault
from etl.feed import Delivery
from etl.sources import phabricator
from etl.warehouse.order import MODELS, models, run_models
from tests.delivered import broken, drained, faulty, landed, load_feed, rejects_of, rows_of
from tests.mutated import mutations, read_all
from tests.tables import raw, rows

SAMPLES = Path(__file__).parent / "samples"
JSON, CSV = SAMPLES / "phabricator.jsonl", SAMPLES / "phabricator.csv"
TRACKER = {
    "tracker": "tasks", "files": ["feeds/phabricator.jsonl"], "due": "custom.due",
    "rules": [
        {"tag": r"(?i)\(Milestone (\d+)\)", "project": "reporting", "milestone": r"M\1"},
        {"tag": "^irs$", "project": "reporting system"},
    ],
}  # fmt: skip
RAW = ("raw_phabricator_task", "raw_phabricator_tag", "raw_phabricator_task_tag", "raw_phabricator_change")
MADE = ("core_task_change", "core_task_tag", "core_task", "mart_task")
TASK = {"tracker": "tasks", "status": "open", "state": "open", "tells_tags": True}
DAY = {number: datetime(2026, 1, number) for number in range(1, 15)}


def delivery(**changes):
    (one,) = phabricator.deliveries(phabricator.Settings.model_validate({"trackers": [{**TRACKER, **changes}]}))
    return one


def read(path, **changes):
    return drained(phabricator.read(landed(delivery(**changes), path)))


def make(connection, as_of):
    for name in MADE:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    run_models(connection, datetime.fromisoformat(as_of), [model for model in models() if model.name in MADE])
    assert not broken(connection, "core_task", "mart_task", severity="error")


@pytest.fixture
def made(connection):
    """The models made of small tables; the answer reads columns of one of them."""

    def made(tasks="", changes="", tags="", has="", as_of="2026-02-01"):
        raw(connection, "raw_phabricator_task", tasks, TASK)
        raw(connection, "raw_phabricator_change", changes, {"tracker": "tasks", "task": "a", "status": "s"})
        raw(connection, "raw_phabricator_tag", tags, {"tracker": "tasks"})
        raw(connection, "raw_phabricator_task_tag", has, {"tracker": "tasks", "line": 1})
        make(connection, as_of)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_tasks_have_times_in_utc_and_states_in_three_words():
    batches, fault = read(JSON)
    assert fault is None
    assert rejects_of(batches) == []
    columns = ("line", "task", "opened_at", "closed_at", "due_at", "status", "state", "priority")
    assert rows_of(batches, "raw_phabricator_task", *columns) == [
        (1, "11", datetime(2026, 9, 1), datetime(2026, 9, 4), None, "resolved", "done", "High"),
        (1, "12", datetime(2026, 9, 2), None, datetime(2026, 9, 5), "stalled", "open", "Unbreak Now!"),
        (1, "13", datetime(2026, 9, 3), datetime(2026, 9, 8), None, "declined", "dropped", "Low"),
    ]


def test_tags_are_projects_and_milestones_by_the_first_rule_that_fits():
    batches, _ = read(JSON)
    assert rows_of(batches, "raw_phabricator_tag", "position", "project", "milestone") == [
        (1, "reporting system", None),  # its slug fits
        (0, "reporting", "M1"),
        (0, "reporting", "M2"),
        (None, None, None),
    ]


def test_of_transactions_only_a_status_is_read_whatever_values_the_others_have():
    batches, _ = read(JSON)
    found = rows_of(batches, "raw_phabricator_change", "task", "happened_at", "state")
    assert found[:2] == [("11", datetime(2026, 9, 4), "done"), ("11", datetime(2026, 9, 1), "open")]
    assert len(found) == 2 + 3 + 3


def test_nobodys_name_word_or_phid_is_stored_and_a_title_only_where_it_is_wanted_and_public(connection):
    load_feed(connection, phabricator, [landed(delivery(), JSON), landed(delivery(), CSV)])
    stored = "".join(str(connection.execute(f'SELECT * FROM "{name}"').fetchall()) for name in (*RAW, "quarantine"))
    for word in ("Ada", "ada", "Ben", "ben", "hit", "thanks", "PHID-USER", "PHID-TASK", "User-", "HYPERLINK", "form"):
        assert word not in stored
    batches, _ = read(JSON, titles=True)
    titles = [title for (title,) in rows_of(batches, "raw_phabricator_task", "title")]
    assert titles == ["Ada Example asks for a form"] * 2 + [None]  # the third is not for everybody


def test_a_csv_export_has_no_tags_but_what_the_settings_say_of_it():
    batches, fault = read(CSV, export={"project": "reporting"}, titles=True)
    assert fault is None
    columns = ("line", "task", "opened_at", "closed_at", "state", "project", "tells_tags")
    assert rows_of(batches, "raw_phabricator_task", *columns) == [
        (2, "21", datetime(2026, 9, 1), datetime(2026, 9, 4), "done", "reporting", False),
        (4, "22", datetime(2026, 9, 2), None, "open", "reporting", False),
        (5, "23", datetime(2026, 9, 2), None, "done", "reporting", False),
    ]
    assert rows_of(batches, "raw_phabricator_task", "title")[0] == ('=HYPERLINK("https://evil.example")',)
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(6, "status is one that the settings know")]


def test_columns_of_an_export_that_are_missing_are_told_at_once(tmp_path):
    path = tmp_path / "tasks.csv"
    path.write_text("ID,Status,Titel\n1,open,x\n")
    with faulty("tasks.csv:1", 'no column "Created"', 'no column "Due"'):
        raise fault_of(path, export={"columns": {"due": "Due"}})


def fault_of(path, **changes):
    _, fault = read(path, **changes)
    assert fault is not None
    return fault


def test_an_error_that_comes_as_an_answer_is_a_fault_and_what_it_quotes_is_not_shown(tmp_path):
    path = tmp_path / "tasks.json"
    path.write_text(
        json.dumps({"result": None, "error_code": "ERR-INVALID-AUTH", "error_info": "API token api-secret is bad"})
    )
    fault = fault_of(path)
    assert isinstance(fault, FeedFault)
    assert "tasks.json:1" in fault.where
    assert "ERR-INVALID-AUTH" in str(fault)
    assert "api-secret" not in str(fault)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"dateCreated": "yesterday"}, "dateCreated is a whole number"),
        ({"dateCreated": 17}, "dateCreated is a time in seconds"),
        ({"dateCreated": 1893456000}, "dateCreated is not after the receipt"),
        ({"status": {"value": "sleeping"}}, "status is one that the settings know"),
        ({"status": "open"}, "status is an object"),
        ({"priority": {"name": ["High"]}}, "name is a text"),
        ({"ownerPHID": 5}, "ownerPHID is a text"),
    ],
)
def test_a_task_that_cannot_be_read_is_refused(tmp_path, change, rule):
    fields = {
        "dateCreated": 1788220800,
        "dateModified": 1788220800,
        "status": {"value": "open"},
        "priority": [],
        **change,
    }
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps({"result": {"data": [{"id": 1, "type": "TASK", "fields": fields}, 7]}}))
    batches, fault = read(path)
    assert fault is None
    assert rejects_of(batches)[0].rule.startswith(rule)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"files": []}, "neither base (a server) nor files"),
        ({"base": "http://phabricator.example"}, "https://phabricator.example.org is wanted"),
        ({"rules": [{"tag": "(", "project": "p"}]}, "cannot be used"),
        ({"rules": [{"tag": "a", "project": r"\2"}]}, "cannot be used"),
        ({"rules": [{"tag": "a*", "project": "p"}]}, "fits every tag"),
        ({"rules": [{"tag": "a"}]}, "a project, a milestone or both"),
        ({"done_statuses": ["open"]}, "open stands more than once"),
        ({"export": {"columns": {"author": "Author"}}}, "columns has author"),
        ({"token": "api-secret"}, "token"),
    ],
)
def test_settings_that_cannot_be_are_told_in_words(changes, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  pydantic's error is a ValueError
        delivery(**changes)
    assert words in str(caught.value)


@settings(max_examples=30)
@given(mutations(JSON.read_bytes()))
def test_whatever_is_done_to_answers_comes_out_as_rows_refusals_or_one_fault(tmp_path_factory, content):
    read_all(phabricator, delivery(), tmp_path_factory.mktemp("spoilt") / "tasks.jsonl", content)


@settings(max_examples=30)
@given(mutations(CSV.read_bytes()))
def test_whatever_is_done_to_an_export_comes_out_as_rows_refusals_or_one_fault(tmp_path_factory, content):
    read_all(phabricator, delivery(titles=True), tmp_path_factory.mktemp("spoilt") / "tasks.csv", content)


def test_the_sample_becomes_three_tasks(connection):
    load_feed(connection, phabricator, [landed(delivery(), JSON)])
    make(connection, "2026-09-11")
    columns = ("project", "milestone", "state", "closing_days", "is_closed", "is_overdue", "is_assigned")
    assert rows(connection, "mart_task", *columns) == [
        (
            None,
            None,
            "dropped",
            3.0,
            True,
            None,
            False,
        ),  # resolved after three days, declined later: closed all the while
        ("reporting", "M1", "done", 3.0, True, None, True),
        ("reporting", "M2", "open", 9.0, False, True, False),  # resolved once, and open again
    ]


def test_a_task_counts_from_its_last_closing_on_and_history_can_be_turned_back(made):
    tasks = "task | opened_at | updated_at | state | status\na | 2026-01-01 | 2026-01-09 | done | resolved"
    changes = """
        change | happened_at | state
        -------+-------------+--------
        1      | 2026-01-01  | open
        2      | 2026-01-03  | dropped
        3      | 2026-01-04  | done      # from closed to closed
        4      | 2026-01-06  | open
        5      | 2026-01-09  | done
        5      | 2026-01-09  | done      # fetched twice
        """
    found = {
        day: made(tasks, changes, as_of=f"2026-01-{day:02}")("core_task", "state", "closed_at")
        for day in (3, 4, 5, 7, 10)
    }
    assert found == {
        3: [("open", None)], 4: [("dropped", DAY[3])], 5: [("done", DAY[3])], 7: [("open", None)], 10: [("done", DAY[9])],
    }  # fmt: skip


def test_without_history_the_copy_tells_and_its_closing_can_be_turned_back(made):
    tasks = """
        task | opened_at  | updated_at | closed_at  | state
        -----+------------+------------+------------+------
        a    | 2026-01-01 | 2026-01-05 | 2026-01-05 | done
        """
    assert made(tasks)("mart_task", "state", "closing_days", "stocked_at") == [("done", 4.0, DAY[1])]
    assert made(tasks, as_of="2026-01-05")("mart_task", "state", "closing_days") == [("open", 4.0)]


def test_a_task_closed_since_nobody_knows_when_has_no_days_and_is_in_no_stock(made, connection):
    answer = made("task | opened_at | updated_at | state\na | 2026-01-01 | 2026-01-05 | done")
    assert answer("mart_task", "state", "closing_days", "is_closed", "stocked_at") == [("done", None, False, None)]
    assert broken(connection, "core_task", severity="warning") == ["a closed task says when it was closed"]


def test_a_copy_that_is_newer_than_the_history_goes_before_it(made):
    answer = made(
        """
        task | opened_at  | updated_at | closed_at  | state | tells_tags
        -----+------------+------------+------------+-------+-----------
        a    | 2026-01-01 | 2026-01-03 |            | open  | yes
        a    | 2026-01-01 | 2026-01-08 | 2026-01-08 | done  | no          # a later export
        """,
        "change | happened_at | state\n1 | 2026-01-01 | open",
    )
    assert answer("core_task", "state", "closed_at") == [("done", DAY[8])]


def test_a_task_made_and_closed_in_one_second_is_closed(made):
    changes = """
        change | happened_at | state
        -------+-------------+------
        9      | 2026-01-01  | open
        1      | 2026-01-01  | done
        """
    answer = made("task | opened_at | updated_at | state\na | 2026-01-01 | 2026-01-01 | done", changes)
    assert answer("core_task", "state", "closed_at") == [("done", DAY[1])]


def test_tags_of_the_newest_copy_count_by_the_first_rule_and_the_newest_name(made):
    answer = made(
        """
        task | opened_at  | updated_at | _file
        -----+------------+------------+------
        a    | 2026-01-01 | 2026-01-02 | f1
        a    | 2026-01-01 | 2026-01-03 | f2
        """,
        tags="""
        tag | told_at    | position | project | milestone | _file
        ----+------------+----------+---------+-----------+------
        x   | 2026-01-01 | 0        | old     |           | f1
        x   | 2026-01-05 | 2        | renamed |           | f2
        y   | 2026-01-01 | 1        | second  | M2        | f1
        z   | 2026-01-01 |          |         |           | f1
        w   | 2026-01-01 | 0        | gone    | M0        | f1
        """,
        has="""
        task | tag | _file | line
        -----+-----+-------+-----
        a    | w   | f1    | 1      # taken off since
        a    | x   | f2    | 2
        a    | y   | f2    | 2
        a    | z   | f2    | 2
        """,
    )
    assert answer("core_task", "project", "milestone") == [("second", "M2")]


COPIES = (
    "a | 2026-01-01 | 2026-01-02 | low    | one",
    "a | 2026-01-01 | 2026-01-04 | high   | two",
    "a | 2026-01-01 | 2026-01-03 | middle | three",
)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_copy_counts_in_whatever_order_copies_come(made, order):
    answer = made("\n".join(["task | opened_at | updated_at | priority | _file", *(COPIES[place] for place in order)]))
    assert answer("core_task", "priority") == [("high",)]


def test_overdue_is_told_once_the_day_is_over(made):
    answer = made(
        """
        task | opened_at  | updated_at | closed_at  | due_at     | state
        -----+------------+------------+------------+------------+------
        a    | 2026-01-01 | 2026-01-05 | 2026-01-05 | 2026-01-05 | done
        b    | 2026-01-02 | 2026-01-06 | 2026-01-06 | 2026-01-05 | done
        c    | 2026-01-03 | 2026-01-03 |            | 2026-01-05 | open
        d    | 2026-01-04 | 2026-01-04 |            | 2026-02-01 | open
        e    | 2026-01-05 | 2026-01-05 |            |            | open
        """
    )
    assert [one for _, one in answer("mart_task", "opened_at", "is_overdue")] == [False, True, True, None, None]


@pytest.mark.parametrize("name", MADE)
def test_the_models_carry_over_to_spark(name):
    text = (MODELS / f"{name}.sql").read_text(encoding="utf-8")
    spark = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert not list(sqlglot.parse_one(spark[0], dialect="spark").find_all(exp.Anonymous))


def test_recorded_answers_of_a_real_server_load_with_their_history(shared, connection):
    """4 tasks on two pages and 71 transactions, of which a status was set 4 times at the making and 3 times later."""
    folder = shared("data/phabricator")
    told = Delivery("phabricator", ("recorded",), phabricator.Tracker.model_validate(TRACKER).model_dump(mode="json"))
    names = ("tasks", "tasks_next", "transactions", "transactions_next")
    files = [landed(told, folder / f"phabricator_{name}.json") for name in names]
    load_feed(connection, phabricator, files)
    assert rows(connection, "quarantine", "rule") == []
    assert Counter(rows(connection, "raw_phabricator_change", "state")) == {("open",): 4, ("done",): 3}
    make(connection, "2016-07-01")
    assert rows(connection, "core_task", "opened_at", "state", "closed_at") == [
        (datetime(2016, 5, 3, 17, 37, 44), "done", datetime(2016, 5, 3, 20, 7, 7)),
        (datetime(2016, 5, 4, 16, 32, 46), "done", datetime(2016, 5, 5, 16, 10, 42)),
        (datetime(2016, 5, 7, 18, 18, 23), "done", datetime(2016, 5, 9, 11, 12, 18)),
        (datetime(2016, 6, 13, 10, 52, 48), "open", None),
    ]
    with faulty("phabricator_error.json:1", "ERR-CONDUIT-CORE"):
        list(phabricator.read(landed(told, folder / "phabricator_error.json")))
