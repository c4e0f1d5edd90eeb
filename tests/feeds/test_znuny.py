"""What the Znuny feed hands over of a report, whatever its language, and what it says of reports that do not fit."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from data_contracts.faults import FeedFault
from etl.sources import znuny
from tests.cases import make_cases
from tests.delivered import drained, faulty, landed, load_feed, rejects_of, rows_of
from tests.mutated import mutations, read_all
from tests.tables import rows

SAMPLES = Path(__file__).parent / "samples"
ENGLISH, GERMAN = SAMPLES / "znuny.csv", SAMPLES / "znuny-german.csv"
SUBJECT = "Incident Reporting System emergency report"
DESK = {"desk": "safety", "files": ["feeds/znuny.csv"], "diff_in_minutes": "left", "emergency": {"titles": [SUBJECT]}}
HEADER = "Ticket#,Created,Close Time,State,FirstResponse,FirstResponseInMin,FirstResponseDiffInMin,Age,Title"


def delivery(**changes):
    (one,) = znuny.deliveries(znuny.Settings.model_validate({"desks": [{**DESK, **changes}]}))
    return one


def read(path, **changes):
    return drained(znuny.read(landed(delivery(**changes), path)))


@pytest.fixture
def report(tmp_path):
    """Lines under HEADER, or under the first of them, read as a report."""

    def report(*lines, header=HEADER, **changes):
        path = tmp_path / "report.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        batches, fault = read(path, **changes)
        if fault is not None:
            raise fault
        return batches

    return report


def test_a_zone_inside_a_value_counts_and_a_time_without_one_is_in_utc():
    batches, fault = read(ENGLISH)
    assert fault is None
    assert rows_of(batches, "raw_znuny_ticket", "line", "case", "opened_at", "first_response_at", "closed_at") == [
        (2, "20261016116000015", datetime(2026, 10, 16, 13, 40, 43), datetime(2026, 10, 16, 14, 10, 43), datetime(2026, 10, 17, 13, 40, 43)),
        (3, "20261017116000016", datetime(2026, 10, 17, 22), datetime(2026, 10, 17, 22, 10), None),
        (4, "20261018116000017", datetime(2026, 11, 4, 17, 26), None, None),
        (5, "20261018116000018", datetime(2026, 11, 4, 22, 47), None, None),
    ]  # fmt: skip


def test_a_0_is_no_number_and_the_duplicate_column_is_neither_refused_nor_read():
    batches, _ = read(ENGLISH)
    columns = ("first_response_minutes", "first_response_spare_minutes", "solution_minutes", "solution_spare_minutes")
    assert rows_of(batches, "raw_znuny_ticket", *columns) == [
        (30, 90, 480, -20), (10, -5, None, None), (None, None, None, None), (None, None, None, None),
    ]  # fmt: skip


def test_a_duplicate_column_that_is_wanted_is_refused(report):
    twice = "Ticket#,Created,SolutionTimeWorkingTime,SolutionTimeWorkingTime"
    assert len(rows_of(report("1,2026-01-01 10:00:00,1800,3600", header=twice), "raw_znuny_ticket", "line")) == 1
    with faulty('"SolutionTimeWorkingTime"', "stands there twice"):
        report("1,2026-01-01 10:00:00,1800,3600", header=twice, columns={"age": "SolutionTimeWorkingTime"})


@pytest.mark.parametrize(("sign", "found"), [("left", [12, -7]), ("over", [-12, 7]), (None, [None, None])])
def test_the_sign_of_what_is_left_or_over_is_said_by_the_settings(report, sign, found):
    lines = (f"{number},2026-01-01 10:00:00,,new,,5,{diff},," for number, diff in enumerate((12, -7)))
    batches = report(*lines, diff_in_minutes=sign)
    assert [one for (one,) in rows_of(batches, "raw_znuny_ticket", "first_response_spare_minutes")] == found


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("5 h 34 m", 334), ("13 m", 13), ("2 d 3 h", 3060), ("19 Tage 13 Std.", 28140), ("0 m", 0), ("", None)],
)
def test_an_age_is_text_with_its_units(report, text, minutes):
    batches = report(f"1,2026-01-01 10:00:00,,new,,0,0,{text},")
    assert rows_of(batches, "raw_znuny_ticket", "age_minutes") == [(minutes,)]


def test_a_german_report_is_read_with_its_own_delimiter_words_and_zone():
    batches, fault = read(GERMAN, zone="Europe/Berlin", emergency={"queues": "notfälle"})
    assert fault is None
    columns = ("opened_at", "closed_at", "state", "queue", "is_emergency", "first_response_minutes", "age_minutes")
    assert rows_of(batches, "raw_znuny_ticket", *columns) == [
        (datetime(2026, 10, 16, 13, 40, 43), datetime(2026, 10, 17, 13, 40, 43), "closed", "Notfälle", True, 30, 28140),
        (datetime(2026, 10, 25, 0, 30), None, "open", "Sonstiges", False, None, 13),  # the hour that comes twice
    ]


def test_other_languages_are_named_by_the_settings(report):
    line = "1,2026-01-01 10:00:00"
    with faulty("report.csv:1", "no column for id and opened", "Ticket#", "Created", "`columns`", "Aaaaaa, Aaaa"):
        report(line, header="Numéro,Créé")
    batches = report(line, header="Numéro,Créé", columns={"id": "Numéro", "opened": "Créé"})
    assert rows_of(batches, "raw_znuny_ticket", "case") == [("1",)]


def test_a_first_row_that_may_be_somebodys_data_is_not_shown(report):
    with pytest.raises(FeedFault) as caught:
        report("Ben Example,ben@example.org", header="Ada Example,ada@example.org", columns={"id": "Numéro"})
    assert "Aaa Aaaaaaa" in str(caught.value)
    assert "Ada" not in str(caught.value)


def test_emergencies_are_told_by_queue_or_title_and_the_title_is_not_stored(connection):
    load_feed(
        connection, znuny, [landed(delivery(emergency={"titles": [SUBJECT.upper()], "queues": ["misc"]}), ENGLISH)]
    )
    assert rows(connection, "raw_znuny_ticket", "line", "is_emergency") == [
        (2, True),
        (3, True),
        (4, False),
        (5, False),
    ]
    stored = str(connection.execute("SELECT * FROM raw_znuny_ticket").fetchall())
    for word in ("ada", "example", "follows", "Incident", "20261016116000015"):
        assert word not in stored


def test_a_row_that_cannot_be_read_is_refused_with_the_shape_of_what_it_says(report):
    batches = report(
        "1,yesterday,,new,,0,0,,", "2,2026-01-01 10:00:00,,new,,many,0,,", "3,2026-01-01 10:00:00,,new,,0,0,a while,",
        "4,2027-01-01 10:00:00,,new,,0,0,,", "5,2026-01-01 10:00:00", "6,2026-01-01 10:00:00 (Mars/Olympus),,new,,0,0,,",
    )  # fmt: skip
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (2, "opened is a time as %Y-%m-%d %H:%M:%S", "opened: aaaaaaaaa"),
        (3, "FirstResponseInMin is a whole number", "FirstResponseInMin: aaaa"),
        (4, "age is a duration such as 5 h 34 m", "age: a aaaaa"),
        (5, "opened is not after the receipt of its file", "opened: year 2027"),
        (6, "the row has 9 fields, as the header has", "2 fields"),
        (7, "opened is a time as %Y-%m-%d %H:%M:%S", "opened: 9999-99-99 99:99:99 (Aaaa/Aaaaaaa)"),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"files": []}, "at least 1"),
        ({"columns": {"requester": "Customer User"}}, "columns has requester"),
        ({"diff_in_minutes": "positive"}, "'left' or 'over'"),
        ({"emergency": {"titles": [" "]}}, "every ticket an emergency"),
        ({"zone": "Berlin"}, "no time zone"),
        ({"subject": "x"}, "subject"),
    ],
)
def test_settings_that_cannot_be_are_told_in_words(changes, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011  pydantic's error is a ValueError
        delivery(**changes)
    assert words in str(caught.value)


@settings(max_examples=40)
@given(mutations(ENGLISH.read_bytes()))
def test_whatever_is_done_to_a_report_comes_out_as_rows_refusals_or_one_fault(tmp_path_factory, content):
    read_all(znuny, delivery(), tmp_path_factory.mktemp("spoilt") / "znuny.csv", content)


@pytest.fixture
def cases(connection):
    """The models made of reports with these lines, each report a list of them."""

    def cases(tmp_path, *reports, as_of="2026-11-05"):
        given_files = []
        for number, lines in enumerate(reports):
            path = tmp_path / f"{number}.csv"
            path.write_text("\n".join((HEADER, *lines)) + "\n")
            given_files.append(landed(delivery(), path))
        load_feed(connection, znuny, given_files)
        make_cases(connection, as_of)
        return lambda name, *columns: rows(connection, name, *columns)

    return cases


def test_reports_become_cases_and_what_was_removed_is_none(connection):
    load_feed(connection, znuny, [landed(delivery(), ENGLISH)])
    make_cases(connection, "2026-11-05")
    columns = (
        "queue",
        "state",
        "urgency",
        "first_response_hours",
        "is_answered",
        "resolution_hours",
        "first_response_business_hours",
    )
    assert rows(connection, "mart_case", *columns) == [
        ("Misc", "closed", "ordinary", 0.5, True, 24.0, 0.5),
        ("Raw", "open", "emergency", 600 / 3600, True, 18 * 24 + 2, 10 / 60),
        ("Raw", "open", "ordinary", 6 + 34 / 60, False, 6 + 34 / 60, None),
    ]
    assert rows(connection, "mart_case_target", "promise", "is_kept", "urgency") == [
        ("first_response", False, "emergency"), ("first_response", True, "ordinary"), ("resolution", False, "ordinary"),
    ]  # fmt: skip


def test_an_answer_without_minutes_says_nothing_of_business_hours(cases, tmp_path):
    """0 is written where no minutes are set, and within the first minute: nobody knows which."""
    lines = [
        "1,2026-11-01 10:00:00,,new,2026-11-01 11:00:00,0,0,,",
        "2,2026-11-02 10:00:00,,new,2026-11-02 11:00:00,60,0,,",
        "3,2026-11-03 10:00:00,,new,,0,0,,",
    ]
    answer = cases(tmp_path, lines)
    assert answer("mart_case", "opened_at", "is_answered", "first_response_business_hours", "tells_business_hours") == [
        (datetime(2026, 11, 1, 10), True, None, False),
        (datetime(2026, 11, 2, 10), True, 1.0, True),
        (datetime(2026, 11, 3, 10), False, None, True),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_reports_the_one_made_later_counts_in_whatever_order_they_came(cases, tmp_path, order):
    """Nothing happened to the ticket in between but that somebody opened it again: its age alone tells the time."""
    reports = (
        ["1,2026-11-01 10:00:00,2026-11-02 10:00:00,closed successful,,0,0,2 d 0 h,"],
        ["1,2026-11-01 10:00:00,2026-11-02 10:00:00,open,,0,0,3 d 0 h,"],
    )
    answer = cases(tmp_path, *(reports[place] for place in order))
    assert answer("core_case", "state", "resolved_at") == [("open", None)]
