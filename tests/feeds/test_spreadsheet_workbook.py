"""Sheets in workbooks (.xlsx): what people do there and a table cannot have is read as it is meant, or refused."""

from datetime import date, datetime

import openpyxl
import pytest

from etl.sources import spreadsheet
from tests.delivered import drained, landed
from tests.feeds.sheets import CONTRACT, SAMPLES, Read, cell, contract, delivery, packed, parts, read, row

DAILY = contract("date: period", "people: value", "notes: note")
HEAD = row("date", "people", "notes")
SERIAL = 46115  # 2026-04-03 where days are counted from 1900


def day(number=SERIAL):
    return cell(number, day=True)


@pytest.fixture
def sheet(tmp_path):
    """A workbook with this header and these rows, read."""

    def sheet(*rows, said=DAILY, told=None, **more):
        content = packed(parts([HEAD, *[row(*one) for one in rows]], **more))
        return read(tmp_path, said, content, **(told or {}))

    return sheet


def test_a_workbook_and_a_csv_of_one_list_are_the_same_numbers():
    found = []
    for name in ("spreadsheet-trainings.csv", "spreadsheet-trainings.xlsx"):
        told = Read(*drained(spreadsheet.read(landed(delivery(), CONTRACT, SAMPLES / name))))
        assert (told.fault, told.rejects) == (None, [])
        found.append(told.rows("line", "row", "starts_on", "measure", "wiki", "group_name", "value"))
    assert found[0] == found[1]


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_are_counted_from_1900_or_1904_as_the_workbook_says(sheet, is_1904):
    number = SERIAL - 1462 if is_1904 else SERIAL
    found = sheet((day(number), 3), (cell(number), 4), is_1904=is_1904)  # the second is not even shown as a day
    assert found.rows("starts_on", "value") == [(date(2026, 4, 3), 3), (date(2026, 4, 3), 4)]


def test_a_time_of_day_is_left_out(sheet):
    assert sheet((day(SERIAL + 0.75), 3)).rows("starts_on") == [(date(2026, 4, 3),)]


def test_a_number_that_is_no_day_is_refused(sheet):
    found = sheet((cell(60), 3), (cell(-1), 3), (cell(10**9), 3), (day(), 4))
    assert found.values == [4]
    assert found.refused == [(line, "date is a day as %Y-%m-%d") for line in (2, 3, 4)]


def test_a_formula_counts_by_the_value_that_was_saved_beside_it(sheet):
    assert sheet((day(), cell(7, formula="3+4"))).values == [7]


def test_a_formula_that_comes_to_nothing_is_an_empty_cell(sheet):
    found = sheet((day(), cell("", formula="IF(1,&quot;&quot;,2)")))
    assert (found.values, found.rejects) == ([None], [])


@pytest.mark.parametrize("written", ["<c><f>3+4</f></c>", "<c><f>3+4</f><v/></c>", "<c><f>3+4</f><v></v></c>"])
def test_a_formula_whose_value_nobody_has_computed_is_refused_and_never_0(sheet, written):
    found = sheet((day(), written), (day(), 4))
    assert found.values == [4]
    assert [(one.line, one.rule, one.excerpt) for one in found.rejects] == [
        (2, "a formula has its value beside it", "cell B2")
    ]


def test_a_formula_in_a_note_is_nobodys_concern(sheet):
    found = sheet((day(), 3, "<c><f>WEBSERVICE(1)</f></c>"))
    assert (found.values, found.rejects) == ([3], [])


def test_an_error_is_refused(sheet):
    found = sheet((day(), "#N/A"), (day(), "#REF!"), (day(), 4))
    assert found.values == [4]
    assert [one.excerpt for one in found.rejects] == ["people: #N/A", "people: #REF!"]


def test_numbers_as_text_are_numbers_and_truth_and_days_are_none(sheet):
    found = sheet((day(), " 12 "), (day(), True), (day(), day()), (day(), "twelve"))
    assert found.values == [12]
    assert found.refused == [(line, "people is a whole number") for line in (3, 4, 5)]


def test_a_day_as_text_is_read_as_the_contract_says(sheet):
    said = contract("date: period format=%d.%m.%Y", "people: value", "notes: note")
    assert sheet(("03.04.2026", 3), said=said).rows("starts_on") == [(date(2026, 4, 3),)]


def test_text_with_the_contracts_signs_is_a_number_in_a_workbook_too(sheet):
    said = contract("date: period", "people: value number", "notes: note", decimal=",")
    assert sheet((day(), "2,5"), (day(), 2.5), said=said).values == [2.5, 2.5]


def test_merged_cells_are_refused_where_they_are_read(sheet):
    merged = '<mergeCells count="2"><mergeCell ref="B2:B3"/><mergeCell ref="C2:C4"/></mergeCells>'
    found = sheet((day(), 3, "x"), (day(), None), (day(), 5), behind=merged)
    assert found.values == [5]
    assert [(one.line, one.rule, one.excerpt) for one in found.rejects] == [
        (line, "no cells of the table are merged", "B2:B3") for line in (2, 3)
    ]


def test_a_title_above_the_header_may_be_merged(tmp_path):
    merged = '<mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells>'
    content = packed(parts([row("Our trainings"), HEAD, row(day(), 3)], behind=merged))
    found = read(tmp_path, DAILY, content, header_row=2)
    assert (found.fault, found.rejects, found.rows("line", "value")) == (None, [], [(3, 3.0)])


def test_hidden_sheets_are_not_read_and_told_of(sheet):
    found = sheet((day(), 3), more={"Secret": "hidden", "Very": "veryHidden"})
    assert found.values == [3]
    assert [(one.rule, one.excerpt) for one in found.rejects] == [
        ("the workbook has no hidden sheets beside the one that is read", "2 hidden, not read")
    ]


def test_of_several_sheets_one_must_be_named(sheet):
    more = {"Plan": "visible"}
    fault = sheet((day(), 3), more=more).fault
    assert (fault.found, fault.remedy) == (
        "it has 2 sheets that are not hidden",
        "Name the sheet by `tab` in upstander.yml.",
    )
    assert sheet((day(), 3), more=more, told={"tab": "Sheet"}).values == [3]
    assert 'there is no sheet "Trainings"' in str(sheet((day(), 3), more=more, told={"tab": "Trainings"}).fault)


def test_a_hidden_sheet_is_read_where_it_is_named_and_told_of(tmp_path):
    content = parts([HEAD, row(day(), 3)])
    content["xl/workbook.xml"] = content["xl/workbook.xml"].replace('state="visible"', 'state="hidden"')
    found = read(tmp_path, DAILY, packed(content), tab="Sheet")
    assert found.values == [3]
    assert found.refused == [(1, "the sheet that is read is not hidden")]


def test_empty_rows_between_and_behind_are_passed_over(sheet):
    assert sheet((day(), 3), (None, None), (day(), 4), (None, "")).rows("line", "value") == [(2, 3.0), (4, 4.0)]


def test_macros_are_not_looked_at(tmp_path):
    content = {**parts([HEAD, row(day(), 3)]), "xl/vbaProject.bin": "Sub Auto_Open()"}
    assert read(tmp_path, DAILY, packed(content)).values == [3]


def test_a_sheet_without_rows_or_header_is_a_fault(sheet, tmp_path):
    assert sheet().fault.found == "a header and no rows"
    assert read(tmp_path, DAILY, packed(parts([]))).fault.found == "the row of the header is empty"
    assert sheet((day(), 3), told={"header_row": 7}).fault.found == "the row of the header is empty"


def test_a_workbook_as_a_library_writes_it_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["date", "people", "notes"])
    book.active.append([datetime(2026, 4, 3), 3, "x"])
    book.active["B3"] = "=SUM(B2:B2)"
    book.active["A3"] = datetime(2026, 4, 4)
    book.save(tmp_path / "made.xlsx")
    found = read(tmp_path, DAILY, (tmp_path / "made.xlsx").read_bytes())
    assert found.rows("starts_on", "value") == [(date(2026, 4, 3), 3)]
    assert found.refused == [(3, "a formula has its value beside it")]
