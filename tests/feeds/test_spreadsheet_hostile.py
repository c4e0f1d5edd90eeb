"""Files that are no sheets, or want to be more than that: one fault that a person can mend, quickly and in little memory."""

import gzip
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault
from etl.formats import sheet_files, sheet_table, workbook, workbook_parts
from etl.sources import spreadsheet
from tests.feeds.sheets import CONTRACT, MAIN, SAMPLES, cell, contract, delivery, lines, packed, parts, read, row
from tests.mutated import mutations, read_all

DAILY = contract("date: period", "people: value", "notes: note")
ROWS = [row("date", "people", "notes"), row(cell(46115, day=True), 3)]
SHEET = "xl/worksheets/s1.xml"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def changed(**names):
    """A good workbook with some of its parts replaced by others."""
    content = parts(ROWS)
    return {**content, **{one.replace("__", "/") + ".xml": text for one, text in names.items()}}


@pytest.mark.parametrize(
    ("content", "found", "remedy"),
    [
        (workbook_parts.COMPOUND + b"\0" * 600, "it is an old workbook (.xls)", "save it as .xlsx"),
        (
            workbook_parts.COMPOUND + b"\0" * 600 + workbook_parts.LOCKED,
            "it is locked with a password",
            "without a password",
        ),
        (packed({"content.xml": "<x/>", "mimetype": "ods"}), "it is an OpenDocument file (.ods)", "save it as .xlsx"),
        (packed({"xl/workbook.bin": "x"}), "it is a binary workbook (.xlsb)", "save it as .xlsx"),
        (packed({"word/document.xml": "<x/>"}), "it is no workbook (.xlsx), or damaged", "Save it anew"),
        (b"PK\x03\x04 nothing more", "it is no workbook (.xlsx), or damaged", "Save it anew"),
        (gzip.compress(b"date,people\n", mtime=0), "it is compressed with gzip", "Unpack it"),
        (b"%PDF-1.7", "it is a PDF", "as CSV"),
        (b"<html>Sign in</html>", "it begins like a web page", "signed in"),
        (b"", "the file is empty", "Export it again"),
    ],
)
def test_what_is_no_sheet_is_told_by_its_kind(content, found, remedy, tmp_path):
    fault = read(tmp_path, DAILY, content).fault
    assert found in fault.found
    assert remedy in fault.remedy
    assert fault.where == "numbers-0"


def test_a_name_of_locked_content_is_found_where_two_pieces_meet(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "PIECE", 64)
    content = workbook_parts.COMPOUND + b"\0" * 50 + workbook_parts.LOCKED
    assert "password" in read(tmp_path, DAILY, content).fault.found


def test_a_part_that_grows_two_hundredfold_is_not_unpacked(tmp_path):
    fault = read(tmp_path, DAILY, packed(changed(xl__bomb=" " * 2_000_000))).fault
    assert "would become 2000000 bytes" in fault.found


def test_many_parts_and_much_in_all_are_not_unpacked(tmp_path, monkeypatch):
    assert (
        "2006 parts" in read(tmp_path, DAILY, packed({**parts(ROWS), **{f"x{i}": "" for i in range(2000)}})).fault.found
    )
    monkeypatch.setattr(workbook_parts, "MOST_UNPACKED", 2000)
    assert "would become" in read(tmp_path, DAILY, packed(parts(ROWS))).fault.found


def test_a_file_that_is_too_large_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "MOST_PACKED", 1000)
    monkeypatch.setattr(sheet_files, "MOST_PACKED", 10)
    assert "where 1000 are allowed" in read(tmp_path, DAILY, packed(parts(ROWS))).fault.found
    assert "it has 30 bytes" in read(tmp_path, DAILY, lines("date,people,notes", "2026-01-01,3")[:30]).fault.found


def test_a_part_that_is_longer_than_the_archive_says_is_not_read_on(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts(ROWS).items():
            archive.writestr(zipfile.ZipInfo(name), text + " " * 5000 * (name == SHEET))
        archive.getinfo(SHEET).file_size = 60
    assert "damaged" in read(tmp_path, DAILY, out.getvalue()).fault.found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("kind", [BOMB, FILE])
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/strings.dat"])
def test_entities_are_refused_unread_in_whatever_part_and_encoding(name, kind, encoding, tmp_path):
    content = {**parts(ROWS), name: (kind + f'<worksheet xmlns="{MAIN}">&a;</worksheet>').encode(encoding)}
    assert "declares a document type" in read(tmp_path, DAILY, packed(content)).fault.found


def test_a_document_type_is_found_where_two_pieces_meet(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_parts, "PIECE", 7)
    assert "document type" in read(tmp_path, DAILY, packed(changed(xl__more=f"{' ' * 17}{BOMB}<x/>"))).fault.found


def test_elements_inside_one_another_without_end_are_no_crash(tmp_path):
    deep = "<x>" * 50_000
    fault = read(tmp_path, DAILY, packed(changed(xl__worksheets__s1=f'<worksheet xmlns="{MAIN}">{deep}'))).fault
    assert isinstance(fault, FeedFault)


@pytest.mark.parametrize("target", ["../../../etc/passwd", "/etc/passwd", "http://127.0.0.1/x", "worksheets/none.xml"])
def test_a_sheet_outside_of_the_archive_is_none(target, tmp_path):
    name = "xl/_rels/workbook.xml.rels"
    content = parts(ROWS)
    content[name] = content[name].replace("worksheets/s1.xml", target)
    fault = read(tmp_path, DAILY, packed(content)).fault
    assert isinstance(fault, FeedFault)
    assert "root" not in str(fault)


def test_an_external_sheet_is_not_followed(tmp_path):
    name = "xl/_rels/workbook.xml.rels"
    content = parts(ROWS)
    content[name] = content[name].replace(
        'Target="worksheets/s1.xml"', 'Target="worksheets/s1.xml" TargetMode="External"'
    )
    assert "0 sheets" in read(tmp_path, DAILY, packed(content)).fault.found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ('<row r="3"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>', "do not follow each other"),
        ('<row r="1"><c><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>', "its last row is 1048576"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "its last column is XFD"),
        ('<row r="x"><c><v>1</v></c></row>', "damaged"),
        ('<row r="99999999999999999999"><c><v>1</v></c></row>', "its last row is"),
    ],
)
def test_a_sheet_of_an_impossible_shape_is_a_fault(data, found, tmp_path):
    text = f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
    assert found in read(tmp_path, DAILY, packed(changed(xl__worksheets__s1=text))).fault.found


def test_a_sheet_of_more_rows_or_cells_than_anybody_keeps_is_a_fault(tmp_path, monkeypatch):
    many = lines("date,people,notes", *["2026-01-01,3,"] * 6)
    monkeypatch.setattr(sheet_files, "MOST_ROWS", 5)
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    assert "more than 5 rows" in read(tmp_path, DAILY, many).fault.found
    assert "its last row is 7" in read(tmp_path, DAILY, packed(parts([ROWS[0], *[ROWS[1]] * 6]))).fault.found
    wide = ",".join(f"c{i}" for i in range(sheet_table.MOST_COLUMNS + 1))
    assert "it has 201 columns" in read(tmp_path, DAILY, lines(wide, wide)).fault.found


@pytest.mark.parametrize("reference", ["B9:A1", "nothing", "A0:ZZZ0", "", "B2000000:B3000000"])
def test_a_merged_range_that_is_none_is_a_fault(reference, tmp_path):
    behind = f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'
    assert isinstance(read(tmp_path, DAILY, packed(parts(ROWS, behind=behind))).fault, FeedFault)


def test_merged_ranges_without_end_are_not_written_out(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CELLS", 100)
    whole = '<mergeCell ref="A1:XFD1048576"/>'
    content = [
        packed(parts([ROWS[0], *[ROWS[1]] * 15], behind=f"<mergeCells>{whole * n}</mergeCells>")) for n in (1, 99)
    ]
    found = read(tmp_path, DAILY, content[0])
    assert (found.values, {rule for _, rule in found.refused}) == ([], {"no cells of the table are merged"})
    assert read(tmp_path, DAILY, content[1]).fault.found == "its merged cells are more than its cells"


@pytest.mark.parametrize("text", ["\0", "\udc80", "a" * 1_100_000, "[" * 5000])
def test_cells_that_no_sheet_holds_are_refused(text, tmp_path):
    said = contract("date: period", "kind: group", "people: value")
    content = f"date,kind,people\n2026-01-01,{text},3\n2026-01-02,calls,4\n".encode("utf-8", "surrogateescape")
    found = read(tmp_path, said, content)
    assert found.fault is None
    assert found.values == [4]
    assert all(len(one.excerpt) < 100 for one in found.rejects)


@pytest.mark.parametrize("part", range(1, 10))
def test_a_workbook_that_is_cut_short_is_a_fault(part, tmp_path):
    content = (SAMPLES / "spreadsheet-trainings.xlsx").read_bytes()
    assert isinstance(read(tmp_path, DAILY, content[: len(content) * part // 10]).fault, FeedFault)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@given(st.data())
@FEW
def test_whatever_happens_to_a_file_comes_rows_refusals_or_a_fault(kind, tmp_path, data):
    sample = (SAMPLES / f"spreadsheet-trainings.{kind}").read_bytes()
    read_all(spreadsheet, delivery(), tmp_path / "sheet", data.draw(mutations(sample)), CONTRACT)


@given(st.data())
@FEW
def test_whatever_happens_inside_of_a_workbook_comes_rows_refusals_or_a_fault(tmp_path, data):
    with zipfile.ZipFile(SAMPLES / "spreadsheet-trainings.xlsx") as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(content)))
    content[name] = data.draw(mutations(content[name]))
    read_all(spreadsheet, delivery(), tmp_path / "sheet", packed(content), CONTRACT)


@given(st.data())
@FEW
def test_whatever_happens_to_a_contract_comes_rows_refusals_or_a_fault(tmp_path, data):
    (tmp_path / "contract").write_bytes(data.draw(mutations(CONTRACT.read_bytes())))
    content = (SAMPLES / "spreadsheet-trainings.csv").read_bytes()
    read_all(spreadsheet, delivery(), tmp_path / "sheet", content, tmp_path / "contract")


def test_no_header_and_no_contract_decides_how_long_a_refusal_or_fault_is(tmp_path):
    long = "x" * 90_000
    found = [
        read(
            tmp_path,
            contract("date: period", f"{long}: value"),
            lines(f"date,{long}", "2026-01-01,many", "2026-01-02,3"),
        ),
        read(tmp_path, contract("date: period", f"{long}: value"), lines("date,people", "2026-01-01,3")),
        read(tmp_path, DAILY, lines(f"date,{long}", "2026-01-01,3")),
        read(tmp_path, contract("date: period", f"people: {long}"), lines("date,people", "2026-01-01,3")),
        read(tmp_path, contract("date: period", f"people: value unit={long}"), lines("date,people", "2026-01-01,3")),
        read(tmp_path, contract("date: period", "people: value", decimal=long), lines("date,people", "2026-01-01,3")),
    ]
    assert found[0].refused
    assert all(len(f"{one.rule}{one.excerpt}") < 1000 for each in found for one in each.rejects)
    assert all(len(str(each.fault)) < 1500 for each in found[1:])


def test_what_is_told_of_a_row_can_be_printed(tmp_path):
    said = contract("date: period", "people\u200d\u0007: value")
    found = read(tmp_path, said, lines("date,people\u200d\u0007", "2026-01-01,many\u0000", "2026-01-02,3"))
    assert [(one.rule, one.excerpt) for one in found.rejects] == [("people?? is a whole number", "people??: aaaa?")]
