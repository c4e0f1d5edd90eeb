"""Files as they come: encodings, byte order marks, quotes, ragged and cut rows, and what is no CSV at all."""

import gzip
import hashlib
from datetime import datetime
from pathlib import Path

import pytest

from data_contracts.faults import UserFault
from etl.feed import LandedFile
from etl.formats.delimited import Layout, is_undecoded, records

HEADER = b"Ticket,Text\n"


@pytest.fixture
def read(tmp_path):
    """(line, fields, rule broken) of each record after the header, and the fault if there is one."""

    def read(content: bytes, layout: Layout = Layout()):  # noqa: B008  frozen
        path: Path = tmp_path / "desk.csv"
        path.write_bytes(content)
        file = LandedFile(path, "desk.csv", hashlib.sha256(content).hexdigest(), len(content), datetime(2026, 1, 1))
        found = []
        try:
            for record in records(file, layout):
                found.append((record.line, record.fields, record.broken))
        except UserFault as fault:
            return found[1:], fault
        return found[1:], None

    return read


def test_a_row_begins_where_it_begins_however_many_lines_the_text_before_it_took(read):
    assert read(HEADER + b'A,"two\nlines"\n\nB,one\n') == ([(2, ["A", "two\nlines"], ""), (5, ["B", "one"], "")], None)


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_lines_end_as_they_end_anywhere(read, ending):
    assert read(ending.join([b"Ticket,Text", b"A,x", b"B,y"])) == ([(2, ["A", "x"], ""), (3, ["B", "y"], "")], None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_in_its_encoding(read, encoding):
    rows, fault = read("Ticket,Text\nA,größer\n".encode(encoding), Layout(encoding=encoding))
    assert (rows, fault) == ([(2, ["A", "größer"], "")], None)


def test_a_byte_order_mark_is_no_part_of_the_first_name(read, tmp_path):
    content = b"\xef\xbb\xbfTicket,Text\nA,x\n"
    path = tmp_path / "bom.csv"
    path.write_bytes(content)
    header = next(records(LandedFile(path, "bom.csv", "", len(content), datetime(2026, 1, 1)), Layout()))
    assert header.fields == ["Ticket", "Text"]


def test_a_gzip_file_is_read_through(read):
    assert read(gzip.compress(HEADER + b"A,x\n")) == ([(2, ["A", "x"], "")], None)


def test_ragged_rows_are_broken_and_the_rest_goes_on(read):
    rule = "the row has 2 fields, as the header has"
    assert read(HEADER + b"A\nB,x,y\nC,z\n") == (
        [(2, ["A"], rule), (3, ["B", "x", "y"], rule), (4, ["C", "z"], "")],
        None,
    )


def test_a_quote_out_of_place_breaks_its_row_only(read):
    rule = "the quotes of the row are closed, and doubled inside"
    assert read(HEADER + b'A,"he said "no" to it"\nB,x\n') == ([(2, [], rule), (3, ["B", "x"], "")], None)


def test_bytes_that_the_encoding_does_not_have_can_be_told(read):
    ((_, fields, broken),), fault = read(HEADER + b"A,gr\xf6\xdfer\n")
    assert (fields[0], is_undecoded(fields[1]), broken, fault) == ("A", True, "", None)
    assert is_undecoded("a\0b")
    assert not is_undecoded("größer")


def test_a_file_cut_inside_a_row_gives_the_rows_before_and_names_the_line(read):
    rows, fault = read(b"Ticket,Text,More\nA,x,1\nB,y")
    assert rows == [(2, ["A", "x", "1"], "")]
    assert (fault.where, fault.found) == ("desk.csv:3", "the last row ends after 2 of 3 fields")
    assert "cut short" in fault.remedy


def test_a_file_cut_inside_quotes_names_the_line_on_which_they_began(read):
    rows, fault = read(HEADER + b'A,x\nB,"a long\nstory')
    assert rows == [(2, ["A", "x"], "")]
    assert (fault.where, fault.found) == ("desk.csv:3", "the file ends inside quotes that begin here")


def test_a_last_row_that_is_whole_needs_no_line_end(read):
    assert read(HEADER + b"A,x") == ([(2, ["A", "x"], "")], None)


def test_a_compressed_file_cut_short_gives_what_could_be_read(read):
    whole = gzip.compress(
        HEADER + b"".join(f"{hashlib.sha256(bytes([i])).hexdigest()},x\n".encode() for i in range(250))
    )
    rows, fault = read(whole[: len(whole) // 2])
    assert len(rows) > 50
    assert "it is cut short: its gzip data does not end" in fault.found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "no header and no rows"),
        (b"Ticket,Text\n", "a header and no rows"),
        (b"PK\x03\x04 and so on", "it is a zip archive or an Excel workbook"),
        (b"<!DOCTYPE html><p>Please sign in", "it begins like a web page or XML"),
        (b"\xff\xfeT\0i\0c\0", "it looks like UTF-16"),
        (b"%PDF-1.7", "it is a PDF"),
        (b'Ticket,"Text" or\nA,x\n', "quotes in the header are not closed, or not doubled inside"),
    ],
)
def test_what_is_no_csv_is_named(read, content, found):
    rows, fault = read(content)
    assert (rows, fault.found, fault.exit_code) == ([], found, 11)
    assert fault.remedy


def test_text_in_another_encoding_than_said_is_a_fault(read):
    _, fault = read("Ticket,Text\nA,größer\n".encode("cp1252"), Layout(encoding="utf-16"))
    assert fault.found == "text that is not utf-16"
