"""Columns of sheets that changed: missing, renamed, new, re-typed and doubled ones are told apart, with the contract's line."""

import pytest

from data_contracts.faults import Faults
from tests.feeds.sheets import contract, lines, read

SAID = contract(
    "date: period key", "people trained: value required", "hours: value number", "site: wiki", "notes: note"
)
HEADER = "date,people trained,hours,site,notes"
ROWS = ("2026-01-01,3,1.5,en.demo,x", "2026-01-02,4,2.5,en.demo,y", "2026-01-03,5,3.5,en.demo,z")


def line_of(text, words):
    (found,) = [number for number, line in enumerate(text.splitlines(), start=1) if words in line]
    return found


def where(header):
    return f"numbers.odcs.yaml:{line_of(SAID, f'physicalName: {header}') - 1}"  # its name stands above


def test_a_renamed_column_is_told_with_its_new_name(tmp_path):
    fault = read(tmp_path, SAID, lines(HEADER.replace("people trained", "people trained online"), *ROWS)).fault
    assert fault.where == where("people trained")
    assert fault.found == 'numbers-0 has no column "people trained", but one called "people trained online"'
    assert 'physicalName: "people trained online"' in fault.remedy


def test_a_column_that_may_be_empty_is_a_fault_too_where_it_has_a_new_name(tmp_path):
    fault = read(tmp_path, SAID, lines(HEADER.replace("hours", "Hours"), *ROWS)).fault
    assert fault.found == 'numbers-0 has no column "hours", but one called "Hours"'


def test_what_is_called_alike_and_holds_something_else_is_no_new_name(tmp_path):
    changed = [row.replace(",1.5,", ",long,") for row in ROWS]
    fault = read(tmp_path, SAID, lines(HEADER.replace("people trained", "people trainer"), *[row.replace(",3,", ",Ada,").replace(",4,", ",Ben,").replace(",5,", ",Cho,") for row in changed])).fault  # fmt: skip
    assert fault.found == 'numbers-0 has no column "people trained"'


def test_a_missing_column_that_must_be_there_is_a_fault(tmp_path):
    fault = read(tmp_path, SAID, lines("date,hours,site", "2026-01-01,1.5,en.demo")).fault
    assert (fault.where, fault.found) == (where("people trained"), 'numbers-0 has no column "people trained"')


def test_a_missing_column_that_may_be_empty_is_told_and_the_others_are_read(tmp_path):
    found = read(tmp_path, SAID, lines("date,people trained,site", "2026-01-01,3,en.demo"))
    assert (found.fault, found.values) == (None, [3])
    assert [(one.rule, one.excerpt) for one in found.rejects] == [
        ("every column of numbers.odcs.yaml is there", "hours")
    ]


def test_a_missing_note_is_nothing(tmp_path):
    found = read(tmp_path, SAID, lines(HEADER.removesuffix(",notes"), *[row[:-2] for row in ROWS]))
    assert (found.fault, found.rejects) == (None, [])


def test_a_new_column_is_told_by_its_shape_and_not_read(tmp_path):
    found = read(tmp_path, SAID, lines(f"{HEADER},Ada 7", *[f"{row},secret" for row in ROWS]))
    assert (found.fault, len(found.values)) == (None, 6)
    assert [(one.line, one.rule, one.excerpt) for one in found.rejects] == [
        (1, "every column is one of numbers.odcs.yaml", "column 6: Aaa 9")
    ]
    assert "secret" not in repr(found.batches)


def test_a_column_that_stands_there_twice_is_a_fault_unless_nobody_reads_it(tmp_path):
    fault = read(tmp_path, SAID, lines(f"{HEADER},hours", *[f"{row},9" for row in ROWS])).fault
    assert (fault.where, fault.found) == (where("hours"), 'in numbers-0 the column "hours" stands there 2 times')
    assert read(tmp_path, SAID, lines(f"{HEADER},notes", *[f"{row},9" for row in ROWS])).fault is None


@pytest.mark.parametrize(
    ("old", "new", "header"),
    [
        ((",3,", ",4,", ",5,"), (",three,", ",four,", ",five,"), "people trained"),
        (("2026-01-01", "2026-01-02", "2026-01-03"), ("01.01.2026", "02.01.2026", "03.01.2026"), "date"),
        (("1.5", "2.5", "3.5"), ('"1,5"', '"2,5"', '"3,5"'), "hours"),
    ],
)
def test_a_column_of_which_no_cell_is_of_its_type_is_retyped(old, new, header, tmp_path):
    rows = [row.replace(was, now) for row, was, now in zip(ROWS, old, new, strict=True)]
    fault = read(tmp_path, SAID, lines(HEADER, *rows)).fault
    assert fault.where == where(header)
    assert fault.found == f'in numbers-0 not one of the 3 cells of the column "{header}" is of its type'


def test_a_few_cells_of_another_type_are_rows_that_are_wrong(tmp_path):
    found = read(tmp_path, SAID, lines(HEADER, *ROWS[:2], "2026-01-03,many,3.5,en.demo,z"))
    assert found.fault is None
    assert found.refused == [(4, "people trained is a whole number")]


def test_blanks_and_line_breaks_in_a_header_are_one_blank(tmp_path):
    found = read(tmp_path, SAID, lines(HEADER.replace("people trained", '"people\n trained "'), *ROWS))
    assert (found.fault, found.rejects) == (None, [])


def test_a_header_with_none_of_the_columns_is_told_without_its_words(tmp_path):
    fault = read(tmp_path, SAID, lines("Ada Example,4711", "Ben Example,4712")).fault
    assert fault.found == "none of the contract's columns is there"
    assert "Example" not in str(fault)


def test_all_columns_that_are_gone_are_told_at_once(tmp_path):
    fault = read(tmp_path, SAID, lines("notes,site", "x,en.demo")).fault
    assert isinstance(fault, Faults)
    assert [one.where for one in fault.faults] == [where("date"), where("people trained")]
