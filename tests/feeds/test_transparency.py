"""What the transparency feed hands over of reports and statements of reasons, and what becomes of them."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.sources import transparency
from tests.delivered import broken, drained, faulty, landed, load_feed, rejects_of, rows_of, run
from tests.mutated import mutations, read_all
from tests.tables import raw, rows

SAMPLES = Path(__file__).parent / "samples"
REPORT = {
    "report": "user-data", "files": ["a"],
    "columns": {"start": "Start", "end": "End", "value": "Count", "kind": "Kind", "measure": "What", "counted": "How"},
}  # fmt: skip
STATEMENTS = {"platform": "demo", "files": ["a"]}
FILES = {
    "reports": (REPORT, "transparency-requests.csv"), "statements": (STATEMENTS, "transparency-statements.csv"),
}  # fmt: skip
COUNTED = ("core_transparency_count", "mart_transparency_count", "mart_transparency_kind")
STATED = ("core_statement", "mart_statement")


def delivery(part, told=None):
    (one,) = transparency.deliveries(transparency.Settings.model_validate({part: [told or FILES[part][0]]}))
    return one


def read(part, path=None, **changes):
    told, name = FILES[part]
    return drained(transparency.read(landed(delivery(part, {**told, **changes}), path or SAMPLES / name)))


@pytest.fixture
def counted(connection):
    """Both models made from the raw counts that are given as text."""

    def counted(text, as_of="2026-12-01"):
        given = {"report": "user-data", "measure": "requests", "kind": "all"}
        raw(connection, "raw_transparency_count", text, given)
        for name in COUNTED:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        run(connection, as_of, *COUNTED)
        return lambda name, *columns: rows(connection, f"mart_transparency_{name}", *columns)

    return counted


def test_a_report_has_its_counts_and_an_empty_cell_is_none():
    batches, fault = read("reports")
    assert fault is None
    assert rejects_of(batches) == []
    found = rows_of(batches, "raw_transparency_count", "line", "measure", "kind", "is_total", "value", "counted")
    assert found[0] == (2, "requests", "all", True, 30, "cases")
    assert found[1] == (3, "requests", "court order", False, 10, "cases")
    assert [row[0] for row in found] == [2, 3, 4, 5, 6, 7, 8]  # line 9 counts nothing


def test_a_period_tells_of_all_its_days():
    batches, _ = read("reports")
    days = rows_of(batches, "raw_transparency_day", "day_on")
    assert (days[0], days[-1], len(days)) == ((date(2025, 7, 1),), (date(2026, 6, 30),), 365)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("2026-01-01,2026-06-30,all,requests,25.5,", "Count is a whole number"),
        ("2026-01-01,2026-06-30,all,requests,=1+1,", "Count is a whole number"),
        ("Jan 2026,2026-06-30,all,requests,1,", "Start is a day as %Y-%m-%d"),
        (",2026-06-30,all,requests,1,", "Start is present"),
        ("2026-01-01,2026-06-30,all,,1,", "What is present"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(row, rule, tmp_path):
    path = tmp_path / "report.csv"
    path.write_text(f"Start,End,Kind,What,Count,How\n{row}\n", encoding="utf-8")
    batches, _ = read("reports", path)
    assert [one.rule for one in rejects_of(batches)] == [rule]


def test_a_report_says_what_it_counts_in_one_place():
    with pytest.raises(ValueError, match="either measure"):
        delivery("reports", {**REPORT, "measure": "requests"})
    with pytest.raises(ValueError, match="more than once"):
        transparency.Settings.model_validate({"reports": [REPORT, REPORT]})


def test_the_constants_of_statements_become_short_words_and_of_several_actions_the_heaviest_counts():
    batches, fault = read("statements")
    assert fault is None
    columns = ("category", "ground", "source", "action", "automation", "is_detected_automatically", "posted_on")
    assert rows_of(batches, "raw_transparency_statement", *columns) == [
        (
            "cyber_violence",
            "incompatible_content",
            "article_16",
            "visibility",
            "not_automated",
            False,
            date(2026, 1, 1),
        ),
        ("cyber_violence", "incompatible_content", "voluntary", "account", "fully", True, date(2026, 2, 9)),
        ("violence", "illegal_content", "trusted_flagger", "account", "partially", False, None),
    ]


def test_a_word_that_is_no_constant_is_text_and_refused(tmp_path):
    path = tmp_path / "statements.csv"
    text = (SAMPLES / "transparency-statements.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("STATEMENT_CATEGORY_VIOLENCE", "Threats by Invented Ana"), encoding="utf-8")
    batches, _ = read("statements", path)
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(4, "category is one of the database's constants")]
    assert "Ana" not in rejects_of(batches)[0].excerpt


def test_a_file_without_a_column_of_the_database_is_a_fault(tmp_path):
    path = tmp_path / "statements.csv"
    text = (SAMPLES / "transparency-statements.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("puid", "PUID", 1), encoding="utf-8")
    with faulty("puid", "statements.csv:1"):
        raise read("statements", path)[1]


def test_kinds_that_do_not_add_up_to_their_total_are_marked_and_stay_as_they_are(counted, connection):
    """January to June 2019 of the Foundation's report: 25 in all, and kinds that add up to 27."""
    answer = counted("""
        kind         | is_total | starts_on  | ends_on    | value
        -------------+----------+------------+------------+------
        all          | yes      | 2019-01-01 | 2019-06-30 | 25
        informal     | no       | 2019-01-01 | 2019-06-30 | 21
        formal       | no       | 2019-01-01 | 2019-06-30 | 6
        all          | yes      | 2018-07-01 | 2018-12-31 | 25
        informal     | no       | 2018-07-01 | 2018-12-31 | 20
        formal       | no       | 2018-07-01 | 2018-12-31 | 5
        all          | yes      | 2018-01-01 | 2018-06-30 | 9     # kinds were not published
    """)
    first, last = datetime(2018, 12, 31), datetime(2019, 6, 30)
    assert answer("count", "counted_at", "has_kinds_that_add_up", "value") == [
        (datetime(2018, 6, 30), None, 9.0), (first, True, 25.0), (last, False, 25.0),
    ]  # fmt: skip
    assert answer("kind", "counted_at", "kind", "value") == [
        (first, "formal", 5.0), (first, "informal", 20.0), (last, "formal", 6.0), (last, "informal", 21.0),
    ]  # fmt: skip
    assert broken(connection, "mart_transparency_count", severity="warning") == [
        "the kinds of a period add up to its total"
    ]


def test_where_no_total_was_published_its_kinds_are_what_counts(counted):
    answer = counted("""
        kind | is_total | starts_on  | ends_on    | value
        -----+----------+------------+------------+------
        a    | no       | 2026-01-01 | 2026-06-30 | 3
        b    | no       | 2026-01-01 | 2026-06-30 | 4
    """)
    assert answer("count", "has_kinds_that_add_up", "value") == [(None, 7.0)]


def test_a_count_that_was_published_again_is_that_of_the_newer_report(counted):
    answer = counted("""
        is_total | starts_on  | ends_on    | value | _file
        ---------+------------+------------+-------+------
        yes      | 2025-01-01 | 2025-06-30 | 3     | z
        yes      | 2025-01-01 | 2025-06-30 | 5     | b
        yes      | 2025-07-01 | 2025-12-31 | 7     | b       # which makes b the newer one
    """)
    assert answer("count", "value") == [(5.0,), (7.0,)]


def test_the_age_of_content_is_counted_from_its_posting(connection):
    load_feed(connection, transparency, [landed(delivery("statements"), SAMPLES / "transparency-statements.csv")])
    run(connection, "2026-03-01", *STATED)
    found = rows(connection, "mart_statement", "content_age_days", "is_decided_automatically")
    assert found == [(1.0, True), (40.0, False)]  # the third is applied on a day that is not known yet
    run_again = rows(connection, "raw_transparency_statement", "statement_key")
    assert "p-1" not in str(run_again)


@pytest.mark.parametrize("part", FILES)
@settings(max_examples=40)
@given(data=st.data())
def test_a_spoilt_file_gives_rows_refusals_or_a_fault(part, data, tmp_path_factory):
    name = FILES[part][1]
    content = data.draw(mutations((SAMPLES / name).read_bytes()))
    read_all(transparency, delivery(part), tmp_path_factory.mktemp("spoilt") / name, content)
