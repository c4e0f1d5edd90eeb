"""No text in a file that we hand out becomes a formula in somebody's spreadsheet, and numbers stay numbers."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.file_cell import NUMBER, harmless
from dashboard.widgets import answer
from tests import answers
from tests.rules.project import modules, shown

OTHER_FILES = re.compile(r"\.to_csv\(|\.to_excel\(|\.write_csv\(|st\.dataframe\(|st\.data_editor\(|openpyxl|xlsxwriter")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK()", "'=HYPERLINK()"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1 more", "'+1 more"),
        ("-x", "'-x"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\nx"),
        ("a\r=1+1\r\nb", "a\n=1+1\nb"),
        ("\nx", "'\nx"),
        ("  =1+1", "'  =1+1"),
        ("＝1+1", "'＝1+1"),
        ("-inf", "'-inf"),
        ("-1_000", "'-1_000"),
        ("-", "'-"),
        ("-2.5", "-2.5"),
        ("+3", "+3"),
        ("-1e-05", "-1e-05"),
        ("a=b", "a=b"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_a_cell_that_begins_like_a_formula_is_kept_as_text(text: str, cell: str) -> None:
    assert harmless(text) == cell


@given(st.text())
def test_whatever_the_text_is_it_is_a_number_or_begins_like_none(text: str) -> None:
    told = harmless(text)
    assert NUMBER.fullmatch(told) or not told.startswith(tuple("=+-@\t\r\n"))
    assert told.removeprefix("'") == text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("'")


@given(st.lists(st.text(), min_size=2, max_size=4))
def test_a_row_stays_one_row_and_no_cell_of_it_is_a_formula(texts: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([harmless(text) for text in texts])
    (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert row == [harmless(text) for text in texts]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_group_of_a_feed_is_harmless_in_the_file_of_an_answer(sign: str) -> None:
    told = answers.released(answers.figure(40, -0.25, group=(f"{sign}1+1",)), split=("queue",))
    (row,) = csv.DictReader(io.StringIO(answer.file_bytes(told).decode("utf-8-sig"), newline=""))
    assert row["queue"] == f"'{sign}1+1".replace("\r", "\n")
    assert row["value"] == "-0.25"


def test_every_module_that_writes_csv_for_people_makes_its_cells_harmless() -> None:
    texts = {shown(path): path.read_text(encoding="utf-8") for path in modules("dashboard")}
    writing = {name for name, text in texts.items() if re.search(r"csv\.(writer|DictWriter)\(", text)}
    assert writing == {"dashboard/reports/quarterly_csv.py", "dashboard/widgets/answer.py"}
    assert not [name for name in writing if "harmless(" not in texts[name]]


def test_nothing_hands_out_tables_in_another_way() -> None:
    """Streamlit's own tables have a download button that escapes nothing."""
    assert not [shown(path) for path in modules("dashboard") if OTHER_FILES.search(path.read_text(encoding="utf-8"))]
