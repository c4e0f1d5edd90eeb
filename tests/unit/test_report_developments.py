"""Key developments in reports: those of the period, for their readers, as text whatever looks like markup in them."""

import io
from dataclasses import replace
from datetime import date, datetime

import mwparserfromhell
import pypdf
import pytest

from dashboard.reports import community_html, developments, quarterly_page, weekly, wikitext
from dashboard.reports.developments import Development
from metrics.calendar import Period
from tests import quarterly
from tests.answers import listing
from tests.weekly import CONTENT, LATE, REPEATS, content

HOSTILE = Development(
    date(2026, 11, 12),
    "A <script>alert(1)</script> title #strong[big] $x$ *b* _i_",
    "{{delete}} [[File:A.png|thumb]] <ref>x</ref> '''bold''' </translate> __NOTOC__ ~~~~ #import \"x.typ\" @label",
    'https://example.org/?a=1&b="2"',
)
WEEK = Period(date(2026, 11, 9), date(2026, 11, 15), "2026-W46")


def row(day: datetime | None, title: str, text: str | None = None) -> dict[str, object]:
    return {"happened_at": day, "title": title, "text": text, "source": "Signpost", "wiki": None, "pillar": None}


def test_the_items_of_a_period_are_those_of_its_days_the_newest_first():
    records = listing(
        "developments",
        row(datetime(2026, 11, 8), "before"), row(datetime(2026, 11, 9), "monday"), row(datetime(2026, 11, 15), "sunday"),
        row(datetime(2026, 11, 9), "also monday"), row(datetime(2026, 11, 16), "after"),
    )  # fmt: skip
    assert [one.title for one in developments.developments(records, WEEK)] == ["sunday", "also monday", "monday"]


def test_a_table_that_is_limited_says_how_many_it_leaves_out():
    found = [Development(date(2026, 11, 9), str(number), "", "S") for number in range(5)]
    told = developments.table(found, 3)
    assert (len(told.rows), told.left, told.noun) == (3, 2, "development")
    assert developments.table(found).rows[0] == ("9\u00a0Nov\u00a02026".replace("\u00a0", " "), "0", "–", "S")


def texts(pdf: bytes) -> list[str]:
    return [" ".join(one.extract_text().split()) for one in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_the_weekly_pdf_has_titles_on_page_one_and_texts_behind_it_and_nothing_in_them_is_run():
    pages = texts(weekly.pdf(content(developments=(HOSTILE,))))
    assert "Key developments" in pages[0]
    assert "#strong[big] $x$ *b* _i_" in pages[0]
    assert "{{delete}}" not in pages[0]
    (told,) = (page for page in pages[1:] if "{{delete}} [[File:A.png|thumb]]" in page)
    assert '#import "x.typ" @label' in told


def test_the_weekly_html_shows_texts_as_they_are_written():
    told = weekly.html(content(developments=(HOSTILE,)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told
    assert "<script" not in told
    assert "<ref>" not in told


def test_a_week_without_developments_has_no_such_section():
    assert "Key developments" not in "".join(texts(weekly.pdf(CONTENT)))
    assert "Key developments" not in weekly.html(CONTENT)


def test_a_full_week_with_long_developments_still_fits_page_one():
    long = replace(HOSTILE, title="w " * 100, text="word " * 400, source="https://example.org/" + "a" * 280)
    full = content(
        measures=tuple(replace(REPEATS, title=f"Half of all cases have a first answer within {n}") for n in range(20)),
        milestones=tuple(replace(LATE, title=f"Somebody on duty at night {n}") for n in range(20)),
        risks=CONTENT.risks * 9,
        escalations=CONTENT.escalations * 9,
        decisions=CONTENT.decisions[:1] * 9,
        developments=(long,) * 9,
    )
    assert texts(weekly.pdf(full))[1].startswith("The measures")


@pytest.mark.parametrize("written", [wikitext.write, community_html.write])
def test_the_quarterly_report_has_a_section_where_there_is_something_to_tell(written):
    item = Development(date(2026, 8, 12), "The help desk answers in six languages", "", "Village pump")
    assert "What happened" not in written(quarterly_page.page(quarterly.content()))
    told = written(quarterly_page.page(quarterly.content(developments=(item,))))
    assert told.index("What we did") < told.index("What happened") < told.index("What changed")
    assert "The help desk answers in six languages" in told


def test_the_quarterly_wikitext_has_no_markup_of_anybody_elses():
    code = mwparserfromhell.parse(wikitext.write(quarterly_page.page(quarterly.content(developments=(HOSTILE,)))))
    plain = mwparserfromhell.parse(wikitext.write(quarterly_page.page(quarterly.content(developments=(replace(
        HOSTILE, title="A title", text="A text", source="A source"),)))))  # fmt: skip
    for kind in ("filter_templates", "filter_wikilinks", "filter_external_links", "filter_tags"):
        assert len(getattr(code, kind)()) == len(getattr(plain, kind)()), kind


def test_the_quarterly_html_has_no_markup_of_anybody_elses():
    told = community_html.write(quarterly_page.page(quarterly.content(developments=(HOSTILE,))))
    assert "&lt;script&gt;" in told
    assert not [word for word in ("<script", "<ref", "<b>", 'href="https://example.org') if word in told]
