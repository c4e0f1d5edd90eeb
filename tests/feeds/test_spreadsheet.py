"""What a sheet hands over that somebody keeps by hand: periods, numbers, words, and what is refused, by its contract."""

from datetime import date, datetime

import pytest

from data_contracts.faults import Faults, FeedFault
from etl.sources import spreadsheet
from tests.delivered import drained, landed, rows_of
from tests.feeds.sheets import CONTRACT, SAMPLES, Read, contract, delivery, lines, read

DAILY = contract("date: period key", "people: value")


@pytest.fixture
def sample():
    given = landed(delivery(sheet="trainings"), CONTRACT, SAMPLES / "spreadsheet-trainings.csv")
    return Read(*drained(spreadsheet.read(given)))


def test_a_row_has_a_number_for_each_column_that_counts(sample):
    assert sample.fault is None
    assert sample.rejects == []
    assert sample.rows("line", "starts_on", "measure", "unit", "wiki", "group_name", "value")[:3] == [
        (2, date(2026, 9, 3), "trainings", "count", "en.demo", "online", 1.0),
        (2, date(2026, 9, 3), "people_trained", "people", "en.demo", "online", 24.0),
        (2, date(2026, 9, 3), "hours", "hours", "en.demo", "online", 2.5),
    ]


def test_an_empty_cell_has_no_value_and_a_written_0_is_0(sample):
    people = [
        (line, value) for line, measure, value in sample.rows("line", "measure", "value") if measure == "people_trained"
    ]
    assert people == [(2, 24.0), (3, 11.0), (4, 31.0), (5, None), (6, 0.0)]


def test_names_and_notes_do_not_pass_the_door(sample):
    assert "Example" not in repr(sample.batches)
    assert "went well" not in repr(sample.batches)


def test_the_days_from_the_first_to_the_last_number_are_known(sample):
    days = rows_of(sample.batches, "raw_spreadsheet_day", "day_on")
    assert (days[0], days[-1], len(days)) == ((date(2026, 9, 3),), (date(2026, 10, 29),), 57)


def test_rows_that_are_prepared_for_later_tell_of_no_day(tmp_path):
    found = read(tmp_path, DAILY, lines("date,people", "2026-11-01,3", "2026-12-01,"))
    assert found.values == [3, None]
    assert rows_of(found.batches, "raw_spreadsheet_day", "day_on") == [(date(2026, 11, 1),)]


@pytest.mark.parametrize(
    ("column", "written", "starts", "ends", "span"),
    [
        ("month: period format=%Y-%m", "2026-02", "2026-02-01", "2026-02-28", "month"),
        ("month: period span=month", "2026-02-14", "2026-02-01", "2026-02-28", "month"),
        ("quarter: period span=quarter", "2026-05-01", "2026-04-01", "2026-06-30", "quarter"),
        ("week: period span=week", "2026-11-02", "2026-11-02", "2026-11-08", "week"),
        ("year: period format=%Y", "2025", "2025-01-01", "2025-12-31", "year"),
        ("day: period format=%d.%m.%Y", "03.04.2026", "2026-04-03", "2026-04-03", "day"),
        ("day: period format=serial", "46115", "2026-04-03", "2026-04-03", "day"),
        ("day: period format=serial-1904", "44653", "2026-04-03", "2026-04-03", "day"),
    ],
)
def test_a_period_is_as_long_as_the_contract_says(column, written, starts, ends, span, tmp_path):
    header = column.partition(":")[0]
    found = read(tmp_path, contract(column, "people: value"), lines(f"{header},people", f"{written},3"))
    assert found.rows("starts_on", "ends_on", "span") == [(date.fromisoformat(starts), date.fromisoformat(ends), span)]


def test_a_period_can_have_a_first_and_a_last_day(tmp_path):
    said = contract("from: starts_on", "to: ends_on", "people: value")
    found = read(tmp_path, said, lines("from,to,people", "2026-01-01,2026-01-31,3", "2026-03-01,2026-02-01,3"))
    assert found.rows("ends_on", "span") == [(date(2026, 1, 31), "month")]
    assert found.refused == [(3, "a period does not end before it starts")]


def test_words_of_a_column_can_say_what_is_counted(tmp_path):
    said = contract("date: period key", "what: measure key", "how many: value")
    found = read(
        tmp_path, said, lines("date,what,how many", "2026-01-01,talks,3", "2026-01-01,calls,4", "2026-01-02,,5")
    )
    assert found.rows("measure", "value") == [("talks", 3), ("calls", 4)]
    assert found.refused == [(4, "what is present")]


@pytest.mark.parametrize(
    ("custom", "written", "value"),
    [
        ({}, "1234.5", 1234.5),
        ({"decimal": ","}, '"1234,5"', 1234.5),
        ({"decimal": ",", "thousands": "."}, '"1.234,5"', 1234.5),
        ({"thousands": ","}, '"1,234.5"', 1234.5),
        ({"thousands": " "}, "1\u202f234.5", 1234.5),
        ({"thousands": "'"}, "1'234'567", 1234567),
        ({}, "-3", -3),
        ({"missing": ["-", "n/a"]}, "N/A", None),
    ],
)
def test_a_number_is_written_with_the_signs_of_the_contract(custom, written, value, tmp_path):
    said = contract("date: period", "hours: value number", **custom)
    found = read(tmp_path, said, lines("date,hours", f"2026-01-01,{written}"))
    assert (found.fault, found.refused, found.values) == (None, [], [value])


@pytest.mark.parametrize(
    ("custom", "written"),
    [
        ({}, '"1234,5"'),
        ({}, '"1,234"'),
        ({"decimal": ","}, "1234.5"),
        ({"decimal": ",", "thousands": "."}, "1.23"),
        ({"thousands": ","}, '"12,34"'),
        ({}, "about 12"),
        ({}, "1e5"),
        ({}, "٣"),
        ({}, "=1+1"),
        ({}, "1e999"),
        ({}, "9" * 30),
        ({}, "true"),
    ],
)
def test_a_number_is_never_guessed(custom, written, tmp_path):
    said = contract("date: period", "hours: value number", **custom)
    found = read(tmp_path, said, lines("date,hours", f"2026-01-01,{written}", "2026-01-02,3"))
    assert found.values == [3]
    assert found.refused == [(2, "hours is a number")]


def test_an_error_of_the_spreadsheet_is_no_value(tmp_path):
    found = read(tmp_path, DAILY, lines("date,people", "2026-01-01,#N/A", "2026-01-02,#DIV/0!", "2026-01-03,3"))
    assert found.values == [3]
    assert [reject.excerpt for reject in found.rejects] == ["people: #N/A", "people: #DIV/0!"]


@pytest.mark.parametrize(
    ("column", "written", "rule"),
    [
        ("people: value minimum=1", "0", "people is at least 1"),
        ("people: value maximum=50", "51", "people is at most 50"),
        ("people: value", "2.5", "people is a whole number"),
        ("people: value required", "", "people is present"),
        ("people: value unit=people", "-1", "people counts 0 to 99999 people"),
        ("people: value unit=people", "100000", "people counts 0 to 99999 people"),
    ],
)
def test_a_value_is_held_against_the_contract(column, written, rule, tmp_path):
    found = read(tmp_path, contract("date: period", column), lines("date,people", f"2026-01-01,{written}"))
    assert found.refused == [(2, rule)]
    assert found.values == []


def test_of_a_row_only_the_number_that_cannot_be_read_is_refused(tmp_path):
    said = contract("date: period", "people: value", "talks: value")
    found = read(tmp_path, said, lines("date,people,talks", "2026-01-01,many,2"))
    assert found.rows("measure", "value") == [("talks", 2)]
    assert found.refused == [(2, "people is a whole number")]


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("2026-02-30", "date is a day as %Y-%m-%d"),
        ("", "date is present"),
        ("Total", "date is a day as %Y-%m-%d"),
        ("1999-12-31", "date is not before 2001"),
        ("2027-01-01", "nothing is counted after the receipt of its file"),
    ],
)
def test_a_row_without_a_day_on_which_it_was_counted_is_refused(written, rule, tmp_path):
    found = read(tmp_path, DAILY, lines("date,people", f"{written},3", "2026-01-02,4"))
    assert found.values == [4]
    assert found.refused == [(2, rule)]


@pytest.mark.parametrize("written", ["ada@example.org", "=HYPERLINK(1)", "x" * 101, "@SUM(1)"])
def test_a_group_is_a_short_word_and_no_address_and_no_formula(written, tmp_path):
    said = contract("date: period", "kind: group", "people: value")
    found = read(tmp_path, said, lines("date,kind,people", f"2026-01-01,{written},3", "2026-01-02,calls,4"))
    assert found.rows("group_name", "value") == [("calls", 4)]
    assert "example" not in repr(found.rejects)


def test_several_groups_stand_behind_one_another(tmp_path):
    said = contract("date: period", "kind: group", "place: group", "people: value")
    found = read(tmp_path, said, lines("date,kind,place,people", "2026-01-01,talk,online,3", "2026-01-02,,hall,4"))
    assert [group for (group,) in found.rows("group_name")] == ["talk / online", "hall"]


def test_two_rows_of_one_key_are_one_and_a_refusal(tmp_path):
    found = read(tmp_path, DAILY, lines("date,people", "2026-01-01,3", "2026-01-01,4"))
    assert found.values == [3]
    assert found.refused == [(3, "date tell the rows apart")]


def test_without_a_key_rows_of_one_day_are_several(tmp_path):
    said = contract("date: period", "people: value")
    found = read(tmp_path, said, lines("date,people", "2026-01-01,3", "2026-01-01,4"))
    assert found.values == [3, 4]


def test_the_same_file_twice_counts_once_and_as_the_newest(tmp_path):
    first, second = lines("date,people", "2026-01-01,3"), lines("date,people", "2026-01-01,4")
    found = read(tmp_path, DAILY, first, second, first)
    assert found.rows("place", "value") == [(3, 3.0), (2, 4.0)]


def test_a_broken_line_of_a_csv_is_refused_and_the_others_are_read(tmp_path):
    found = read(tmp_path, DAILY, lines("date,people", "2026-01-01,3,4", "2026-01-02,5"))
    assert found.values == [5]
    assert found.refused == [(2, "the row has 2 fields, as the header has")]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["people: value"], "0 columns of role period and 0 of role starts_on"),
        (["date: period", "to: ends_on", "people: value"], "starts_on or ends_on alone"),
        (["date: period"], "0 columns of role value"),
        (["date: period", "what: measure", "a: value", "b: value"], "2 columns of role value and 1 of role measure"),
        (["date: period", "people: value", "people: note"], 'the column "people" stands there twice'),
        (["date: period", "people: value string"], "a value of type string"),
        (["date: period string", "people: value"], "a period of type string"),
        (["date: period", "people: value number unit=people"], "counts people as number"),
        (["date: period", "people: value unit=people overTime=mean"], "counts people as integer, over time by mean"),
        (["date: period", "part: value number unit=share"], "shares that are added up"),
        (["date: period", "people: value unit=sheep"], 'has the unit "sheep"'),
        (["date: period", "people: total"], 'has the role "total"'),
        (["date: period format=%d", "people: value"], "holds no whole date"),
        (["date: period", "name: note key", "people: value"], "a key that is a note"),
        (["date: period", "id: key", "people: value"], "a role key that is no key"),
        (["date: period", "site: wiki", "wiki: wiki", "people: value"], "2 columns of role wiki"),
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_used_is_a_fault_with_its_line(columns, found, tmp_path):
    fault = read(tmp_path, contract(*columns), lines("date,people", "2026-01-01,3")).fault
    assert isinstance(fault, FeedFault | Faults)
    assert found in str(fault)
    assert fault.where.startswith("numbers.odcs.yaml:")


def test_all_faults_of_a_contract_are_told_at_once(tmp_path):
    said = contract("date: period", "people: sum", "hours: value unit=sheep", decimal=";")
    fault = read(tmp_path, said, lines("date,people", "2026-01-01,3")).fault
    assert isinstance(fault, Faults)
    assert [one.found for one in fault.faults] == [
        'the column "people" has the role "sum"', 'the column "hours" has the unit "sheep"', 'decimal ";" and thousands ""',
    ]  # fmt: skip


def test_each_sheet_has_a_name_of_its_own_that_can_stand_in_a_question():
    one = {"sheet": "talks", "contract": "c", "files": ["a"]}
    with pytest.raises(ValueError, match="talks stands more than once"):
        spreadsheet.Settings.model_validate({"sheets": [one, one]})
    with pytest.raises(ValueError, match="pattern"):
        spreadsheet.Settings.model_validate({"sheets": [{**one, "sheet": "My talks"}]})


def test_what_is_kept_until_when_can_be_said(tmp_path):
    found = read(
        tmp_path, DAILY, lines("date,people", "2026-11-01,3"), received_at=datetime(2026, 11, 4), until="received"
    )
    assert len(rows_of(found.batches, "raw_spreadsheet_day", "day_on")) == 4
