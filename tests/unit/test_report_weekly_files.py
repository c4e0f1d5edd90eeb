"""The weekly summary as files: PDF/UA that fits its first page, HTML that needs nothing else, the same bytes each time."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pypdf
import pytest
from lxml import etree
from lxml import html as lxml_html

from dashboard.reports import document, weekly
from dashboard.reports.weekly_sheet import sheet
from tests.answers import figure, metric, progress, released
from tests.weekly import CONTENT, LATE, REPEATS, content


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return weekly.pdf(CONTENT)


@pytest.fixture(scope="module")
def page() -> Any:
    return lxml_html.document_fromstring(weekly.html(CONTENT))


def texts(pdf: bytes) -> list[str]:
    return [" ".join(one.extract_text().split()) for one in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_the_same_content_gives_the_same_bytes(pdf: bytes) -> None:
    assert weekly.pdf(CONTENT) == pdf
    assert weekly.html(CONTENT) == weekly.html(CONTENT)


def test_the_day_of_making_is_that_of_the_build(pdf: bytes) -> None:
    told = pypdf.PdfReader(io.BytesIO(pdf)).metadata
    assert told is not None
    assert told["/CreationDate"].startswith("D:20261119000000")


def test_the_pdf_is_tagged_titled_in_a_language_and_declares_pdf_ua(pdf: bytes) -> None:
    root = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_every_picture_of_the_pdf_has_its_words(pdf: bytes) -> None:
    alternatives = [str(one["/Alt"]) for one in elements(pdf) if one.get("/S") == "/Figure"]
    assert len(alternatives) == 4
    assert any(one.startswith("Blocked again within 30 days, by week") for one in alternatives)
    assert any("Pilot: planned 1 Nov 2026, forecast 15 Dec 2026 (late)" in one for one in alternatives)


def test_tables_of_the_pdf_have_header_cells(pdf: bytes) -> None:
    kinds = {str(one.get("/S")) for one in elements(pdf)}
    assert {"/Table", "/TH", "/TD", "/H1", "/H2"} <= kinds


def elements(pdf: bytes) -> Iterator[Any]:
    """Every element of the structure tree."""
    waiting = [pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            yield one
            if "/K" in one and not isinstance(one["/K"], int):
                waiting.append(one["/K"])


def test_page_one_has_all_that_executives_need_and_no_more(pdf: bytes) -> None:
    first, *behind = texts(pdf)
    for said in (
        "1 of 2 measures is off target",
        "Goals",
        "Milestones finished",
        "Open risks",
        "Escalations",
        "Decisions needed",
    ):
        assert said in first
    assert "The measures" not in first
    assert behind[0].startswith("The measures")


def test_a_full_week_still_fits_page_one() -> None:
    title = "Half of all cases on every wiki have a first answer that helps within"
    measures = tuple(
        replace(REPEATS, title=f"{title} {n}", goal_title=f"A goal that is long to read {n // 2}") for n in range(20)
    )
    full = content(
        measures=measures,
        milestones=tuple(replace(LATE, title=f"Somebody on duty at night for emergencies {n}") for n in range(20)),
        risks=tuple(replace(CONTENT.risks[0], title=f"The button brings more cases than the desk can answer {n}") for n in range(9)),
        escalations=CONTENT.escalations * 9,
        decisions=CONTENT.decisions[:1] * 9,
    )  # fmt: skip
    first, second, *_ = texts(weekly.pdf(full))
    assert second.startswith("The measures")
    tables = first[first.index(" Goals ") :]
    left = {noun: int(count) for count, noun in re.findall(r"(\d+) more (\w+?)s? in the details", tables)}
    shown = {
        "measure": len(re.findall("Half of all cases", tables)),
        "decision": len(re.findall("May the pilot", tables)),
    }
    assert left["measure"] + shown["measure"] == 20
    assert left["decision"] + shown["decision"] == 9
    assert min(shown.values()) >= 2


def test_invented_data_says_so_on_every_page(pdf: bytes) -> None:
    assert all("Invented data" in one for one in texts(pdf))
    real = weekly.pdf(content(build=replace(CONTENT.build, invented=False)))
    assert not any("nvented" in one for one in texts(real))


def test_words_that_the_pdf_cannot_draw_are_left_out_and_the_html_has_them() -> None:
    written = content(milestones=(replace(LATE, title="試験 Пилот التجربة"),))
    assert any("[…] Пилот" in one for one in texts(weekly.pdf(written)))
    assert "試験 Пилот التجربة" in weekly.html(written)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("plain − text ● ▲", "plain − text ● ▲"),
        ("ウィキ ja.demo", "[…] ja.demo"),
        ("日本 語の wiki", "[…] wiki"),
        ("bell\x07", "[…]"),
        ("हिन्दी Русский ویکی", "हिन्दी Русский ویکی"),
    ],
)
def test_only_words_with_characters_that_no_font_of_the_pdf_has_are_left_out(text: str, drawn: str) -> None:
    assert document.drawable(((text,), 1, None)) == ((drawn,), 1, None)


def test_markup_in_the_plan_is_text_in_both_files() -> None:
    written = content(milestones=(replace(LATE, title='<script>alert(1)</script> #strong[x] $x$ "quoted"'),))
    assert "<script" not in weekly.html(written)
    assert any('<script>alert(1)</script> #strong[x] $x$ "quoted"' in one for one in texts(weekly.pdf(written)))


def test_the_html_asks_for_nothing_from_elsewhere(page: Any) -> None:
    assert not page.xpath("//script | //link | //iframe | //img | //object | //form")
    outside = [
        value for one in page.iter(etree.Element) for name, value in one.items() if re.match(r"(https?:)?//", value)
    ]
    assert not [value for value in outside if not value.startswith("http://www.w3.org/")]
    assert "default-src 'none'" in page.xpath("string(//meta[@http-equiv]/@content)")
    assert "url(" not in page.xpath("string(//style)")


def test_the_html_has_a_language_a_direction_and_headings_in_order(page: Any) -> None:
    assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
    levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3")]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert page.xpath("//meta[@name='viewport']")


def test_every_table_of_the_html_has_a_caption_and_scopes(page: Any) -> None:
    tables = page.xpath("//table")
    assert len(tables) > 8
    for table in tables:
        assert table.xpath("caption/text()")
        assert all(one.get("scope") == "col" for one in table.xpath("thead//th"))
        assert all(one.get("scope") in ("row", "rowgroup") for one in table.xpath("tbody//th"))
        assert all(one.get("data-label") for one in table.xpath("tbody//td"))


def test_every_picture_of_the_html_is_inline_and_labelled_and_no_id_is_used_twice(page: Any) -> None:
    pictures = page.xpath("//*[local-name()='svg']")
    assert len(pictures) == 4
    assert all(one.get("role") == "img" and one.get("aria-label") for one in pictures)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_withheld_and_missing_are_words_in_both_files() -> None:
    one = progress(
        released(figure(44, 40), figure(45, "withheld"), figure(46, "no_data"), of=metric(unit="count")), "met"
    )
    written = content(measures=(one,))
    page = lxml_html.document_fromstring(weekly.html(written))
    values = [cell.text_content().strip() for cell in page.xpath("//section//td[@data-label='Value']")]
    assert values == ["no data", "withheld", "40"]
    told = " ".join(texts(weekly.pdf(written)))
    assert "withheld" in told
    assert "no data" in told


def test_an_empty_week_can_be_written() -> None:
    nothing = content(measures=(), milestones=(), risks=(), escalations=(), decisions=(), rollouts=(), is_planned=False)
    assert "No metric has a value by week that may be shown." in texts(weekly.pdf(nothing))[0]
    assert "No metric has a value by week that may be shown." in weekly.html(nothing)
    assert not any("The measures" in page for page in texts(weekly.pdf(nothing)))
    assert "The measures" not in weekly.html(nothing)


def test_milestones_of_long_ago_stand_in_the_table_and_leave_an_empty_timeline() -> None:
    old = [replace(one, actual=date(2025, 1, 8), planned=date(2025, 1, 8)) for one in content().milestones]
    told = content(milestones=tuple(old))
    assert sheet(told).timeline.is_empty
    assert old[0].title in " ".join(texts(weekly.pdf(told)))


def test_a_day_stands_in_the_words_of_the_week(page: Any) -> None:
    assert page.xpath("string(//h1)") == "Weekly summary, week 46, 9–15 Nov 2026"
    assert page.xpath("string(//title)").startswith("Safer Wikis: ")
    assert CONTENT.week.start == date(2026, 11, 9)
