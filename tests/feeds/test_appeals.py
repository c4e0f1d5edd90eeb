"""What the appeals feed hands over of a list of cases and of counts by month, and what becomes of both."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources import appeals
from tests.delivered import broken, drained, faulty, landed, load_feed, rejects_of, rows_of, run
from tests.mutated import mutations, read_all
from tests.tables import raw, rows

SAMPLES = Path(__file__).parent / "samples"
LIST = {
    "body": "committee", "files": ["a"], "until": "2026-04-30",
    "columns": {"id": "Appeal", "received": "Received", "decided": "Decided", "outcome": "Outcome"},
    "outcomes": {
        "ratified": ["ratified"], "overturned": ["overturned"], "remanded": ["Sent back"], "ineligible": ["Not eligible"],
    },
}  # fmt: skip
COUNTS = {
    "body": "crc", "files": ["a"], "month": "Month",
    "counts": {"received": "total", **{name: name for name in ("ratified", "overturned", "remanded", "ineligible")}},
}  # fmt: skip
FILES = {"cases": (LIST, "appeals-cases.csv"), "months": (COUNTS, "appeals-months.csv")}
MADE = ("core_number", "core_appeal", "core_appeal_month", "mart_appeal_received", "mart_appeal_decision")


def delivery(body, **changes):
    (one,) = appeals.deliveries(appeals.Settings.model_validate({"bodies": [{**body, **changes}]}))
    return one


def read(path, body, **changes):
    return drained(appeals.read(landed(delivery(body, **changes), path)))


@pytest.fixture
def export(tmp_path):
    """A file of this text, read by the settings of the sample."""

    def export(text, body=LIST, **changes):
        path = tmp_path / "export.csv"
        path.write_text(text, encoding="utf-8")
        return read(path, body, **changes)

    return export


@pytest.fixture
def made(connection):
    """The models made from the two raw tables that are given as text."""

    def made(cases="", months="", as_of="2026-12-01"):
        raw(connection, "raw_appeals_case", cases, {"body": "committee"})
        raw(connection, "raw_appeals_month", months, {"body": "crc"})
        for name in MADE:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        run(connection, as_of, *MADE)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_words_become_outcomes_and_a_word_that_nobody_explained_is_other():
    batches, fault = read(SAMPLES / "appeals-cases.csv", LIST)
    assert fault is None
    assert rejects_of(batches) == []
    assert rows_of(batches, "raw_appeals_case", "case", "received_on", "decided_on", "outcome") == [
        ("CRC-1", date(2026, 1, 5), date(2026, 2, 10), "ratified"),
        ("CRC-2", date(2026, 1, 20), date(2026, 2, 11), "overturned"),
        ("CRC-3", date(2026, 2, 1), date(2026, 2, 3), "ineligible"),
        ("CRC-4", date(2026, 2, 20), None, None),
        ("CRC-5", date(2026, 3, 1), date(2026, 3, 20), "remanded"),
        ("CRC-6", date(2026, 3, 2), date(2026, 3, 21), "other"),
    ]


def test_the_settings_say_until_when_a_quiet_month_is_known():
    batches, _ = read(SAMPLES / "appeals-cases.csv", LIST)
    days = rows_of(batches, "raw_appeals_day", "day_on")
    assert (days[0], days[-1]) == ((date(2026, 1, 5),), (date(2026, 4, 30),))


def test_counts_by_month_become_a_row_each_and_an_empty_cell_none(export):
    batches, fault = export("Month,ratified,overturned,remanded,ineligible,total\n2026-01,1,0,,2,7\n", COUNTS)
    assert fault is None
    assert rows_of(batches, "raw_appeals_month", "measure", "appeals") == [
        ("received", 7), ("ratified", 1), ("overturned", 0), ("ineligible", 2),
    ]  # fmt: skip
    assert len(rows_of(batches, "raw_appeals_day", "day_on")) == 31


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("C-1,2026-02-30,,", "Received is a day as %Y-%m-%d"),
        ("C-1,,,", "the day of receipt is present"),
        (",2026-02-03,,", "Appeal is present"),
        ("C-1,2027-02-03,,", "a day is not after the receipt of its file, nor before 2001"),
        ("C-1,1026-02-03,,", "a day is not after the receipt of its file, nor before 2001"),
        ("C\0,2026-02-03,,", "text in the file's encoding, without NUL"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_without_its_words(export, row, rule):
    batches, _ = export(f"Appeal,Received,Decided,Outcome\n{row}\n")
    assert [one.rule for one in rejects_of(batches)] == [rule]
    assert "C-1" not in rejects_of(batches)[0].excerpt


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"month": "Month", "counts": {"received": "total"}}, "either columns"),
        ({"outcomes": {}}, "outcomes must say"),
        ({"outcomes": {"ratified": ["kept"], "remanded": ["Kept"]}}, "means two outcomes"),
        ({"columns": None, "month": "Month", "counts": {"received": "n"}, "month_format": "%B"}, "no year and month"),
    ],
)
def test_settings_that_say_too_little_or_two_things_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        delivery(LIST, **changes)


def test_a_body_stands_once_else_its_appeals_would_count_twice():
    with pytest.raises(ValueError, match="would count twice"):
        appeals.Settings.model_validate({"bodies": [LIST, {**COUNTS, "body": "committee"}]})


def test_a_column_that_is_not_there_is_named(export):
    with faulty("Outcome", "columns.outcome", "export.csv:1"):
        raise export("Appeal,Received,Decided,Result\nC-1,2026-01-01,,\n")[1]


def test_the_rows_of_the_committees_own_table_do_not_add_up_and_its_totals_do(connection):
    """The Case Review Committee's months of October 2020 to March 2021, as it published them."""
    load_feed(connection, appeals, [landed(delivery(COUNTS), SAMPLES / "appeals-months.csv")])
    run(connection, "2021-04-01", *MADE)
    received = [month for (month,) in rows(connection, "mart_appeal_received", "received_at")]
    decided = rows(connection, "mart_appeal_decision", "decided_at", "outcome")
    by_month = {month: (received.count(month), len([one for one, _ in decided if one == month])) for month in received}
    november, december, february = datetime(2020, 11, 1), datetime(2020, 12, 1), datetime(2021, 2, 1)
    assert by_month == {november: (3, 2), december: (1, 2), february: (1, 0)}  # no month adds up
    assert (len(received), len(decided)) == (5, 5)
    assert [word for _, word in decided] == ["ineligible", "ineligible", "ineligible", "ratified", "remanded"]
    assert broken(connection, "core_appeal_month", severity="warning") == []


def test_more_decided_than_ever_received_is_warned_of(made, connection):
    months = """
        month_on   | measure  | appeals
        -----------+----------+--------
        2026-01-01 | received | 2
        2026-01-01 | ratified | 1
        2026-02-01 | ratified | 2
    """
    made(months=months)
    assert broken(connection, "core_appeal_month", severity="warning") == [
        "until each month no more was decided than received"
    ]


def test_a_decision_after_the_end_of_what_is_known_has_not_been_made(made):
    cases = """
        case | received_on | decided_on | outcome
        -----+-------------+------------+---------
        a    | 2026-01-01  | 2026-02-01 | ratified
        b    | 2026-01-01  | 2026-01-31 | ratified
        c    | 2026-01-02  | 2026-01-09 |          # decided, nobody says how
        d    | 2026-02-01  |            |
    """
    answer = made(cases, as_of="2026-02-01")
    assert len(answer("mart_appeal_received", "body")) == 3
    assert answer("mart_appeal_decision", "outcome", "is_eligible", "days_to_decision") == [
        ("other", False, 7.0), ("ratified", True, 30.0),
    ]  # fmt: skip


def test_of_several_files_the_newest_has_the_word_and_split_files_add_up(made):
    cases = """
        case | received_on | decided_on | outcome    | _file
        -----+-------------+------------+------------+------
        a    | 2026-01-01  |            |            | z
        a    | 2026-01-01  | 2026-03-01 | overturned | b
        c    | 2026-02-01  |            |            | z
    """
    answer = made(cases)
    assert answer("core_appeal", "case_key", "outcome") == [("a", "overturned"), ("c", None)]


def test_a_months_count_that_was_corrected_is_that_of_the_file_that_tells_until_later(made):
    months = """
        month_on   | measure  | appeals | told_until_on | _file
        -----------+----------+---------+---------------+------
        2026-01-01 | received | 2       | 2026-02-28    | b
        2026-01-01 | received | 3       | 2026-01-31    | z
    """
    assert len(made(months=months)("mart_appeal_received", "received_at")) == 2


def test_what_breaks_the_contract_is_set_aside(connection, tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("Appeal,Received,Decided,Outcome\nC-1,2026-02-02,2026-02-01,ratified\n", encoding="utf-8")
    load_feed(connection, appeals, [landed(delivery(LIST), path)])
    assert rows(connection, "quarantine", "rule") == [("the decision is not before the receipt",)]
    assert "C-1" not in str(connection.execute("SELECT * FROM quarantine").fetchall())


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=40)
@given(data=st.data())
def test_a_spoilt_file_gives_rows_refusals_or_a_fault(kind, data, tmp_path_factory):
    body, name = FILES[kind]
    content = data.draw(mutations((SAMPLES / name).read_bytes()))
    read_all(appeals, delivery(body), tmp_path_factory.mktemp("spoilt") / name, content)
