"""Wikitext for translation: what is a unit, what is a variable, and words of others that must never be markup."""

import re
from datetime import date

import mwparserfromhell
import pytest

from dashboard.reports import wikitext
from dashboard.reports.community_text import (
    Amount,
    Block,
    Bullets,
    Day,
    Grid,
    Heading,
    Language,
    Link,
    Month,
    Name,
    Page,
    Paragraph,
    Text,
    as_it_stands,
    say,
)


def page(*blocks: Block, banner: Text | None = None) -> str:
    return wikitext.write(Page(say("Report"), "Safer Wikis", banner, blocks, say("The end.")))


def units(text: str) -> list[str]:
    """The translation units as the Translate extension cuts them: by tags, then by blank lines."""
    found = re.findall(r"<translate>(.*?)</translate>", text, re.DOTALL)
    return [unit.strip() for one in found for unit in re.split(r"\n{2,}", one) if unit.strip()]


def test_a_page_begins_with_the_bar_of_languages():
    assert page(Paragraph(say("Hello."))).startswith("<languages/>\n")


def test_headings_and_paragraphs_are_units_with_blank_lines_between_them():
    text = page(Heading(2, say("What we did")), Paragraph(say("We did a lot.")), Paragraph(say("And more.")))
    assert units(text) == ["== What we did ==", "We did a lot.", "And more.", "The end."]
    assert "<translate>\n== What we did ==\n\nWe did a lot.\n\nAnd more.\n</translate>" in text


def test_each_line_of_a_list_is_a_unit_and_its_mark_is_not_in_it():
    text = page(Bullets((say("One."), say("Two."))))
    assert "* <translate>One.</translate>\n* <translate>Two.</translate>" in text


def test_no_ids_of_units_are_made_up():
    assert "<!--" not in page(Heading(2, say("One")), Paragraph(say("Two.")))


def test_a_number_is_a_variable_that_the_wiki_writes_in_the_readers_language():
    text = page(Paragraph(say("This quarter: {value} cases.", value=Amount(1204.5, 1))))
    assert units(text)[0] == 'This quarter: <tvar name="value">{{formatnum:1204.5}}</tvar> cases.'


def test_days_and_months_are_variables_that_the_wiki_writes_in_the_readers_language():
    text = page(Paragraph(say("From {day} to {month}.", day=Day(date(2026, 8, 4)), month=Month(date(2026, 9, 1)))))
    day = '<tvar name="day">{{#time:j xg Y|2026-08-04|{{PAGELANGUAGE}}}}</tvar>'
    month = '<tvar name="month">{{#time:F Y|2026-09|{{PAGELANGUAGE}}}}</tvar>'
    assert units(text)[0] == f"From {day} to {month}."


def test_where_a_link_leads_is_a_variable_and_its_words_are_translated():
    link = Link("Special:MyLanguage/Guidelines", "https://example.org/guidelines")
    text = page(Paragraph(say("Read the [[{page}|guidelines]].", page=link)))
    assert units(text)[0] == 'Read the [[<tvar name="page">Special:MyLanguage/Guidelines</tvar>|guidelines]].'


def test_a_name_says_its_language_so_that_it_stands_in_its_own_direction():
    text = page(Paragraph(say("Only on {wiki}.", wiki=Name("ويكي", "ar", "rtl"))))
    assert units(text)[0] == 'Only on <tvar name="wiki"><bdi lang="ar" dir="rtl">ويكي</bdi></tvar>.'


def test_a_table_has_a_caption_scopes_and_units_only_where_there_are_words():
    rows = ((Language("ar"), Amount(12)), (say("All"), say("fewer than {minimum}", minimum=Amount(10))))
    text = page(Grid(say("Cases"), (say("Language"), Month(date(2026, 7, 1))), rows, (1, 1), (1,)))
    assert '{| class="wikitable"\n|+ <translate>Cases</translate>' in text
    assert '! scope="col" | {{#time:F Y|2026-07|{{PAGELANGUAGE}}}}' in text
    assert '! scope="row" | {{#language:ar|{{PAGELANGUAGE}}}}\n| style="text-align:end" | {{formatnum:12}}' in text
    assert units(text)[2:-1] == ["All", 'fewer than <tvar name="minimum">{{formatnum:10}}</tvar>']


def test_a_cell_may_have_several_names():
    text = page(Grid(say("New"), (say("What"), say("Wikis")), ((say("It"), (Name("a"), Name("b"))),), (1, 1)))
    assert "| a<br />b" in text


def test_signs_between_names_are_no_unit():
    cell = say("{name} ({id})", name=Name("Wiki", "en", "ltr"), id=Name("en.demo"))
    text = page(Grid(say("New"), (say("Wiki"),), ((cell,),), (1,)))
    assert '! scope="row" | <bdi lang="en" dir="ltr">Wiki</bdi> (en.demo)' in text


def test_a_space_that_must_not_break_is_written_out():
    assert "95&nbsp;%" in page(Paragraph(say("A 95\u00a0% interval.")))


def test_a_warning_stands_first():
    text = page(Paragraph(say("Hello.")), banner=say("All of this is invented."))
    assert units(text)[0] == "'''All of this is invented.'''"


@pytest.mark.parametrize(
    "words",
    [
        "{{Delete|now}}",
        "[[File:Evil.png]] [https://example.org free]",
        "</translate><translate>",
        "<tvar name=x>1</tvar> <nowiki> <script>",
        "'''bold''' ''italic'' ~~~~ __NOTOC__",
        "| broken || table !! cells",
        "&lt;b&gt; &#91;&#91;",
        "https://example.org",
    ],
)
def test_words_of_a_plan_are_never_markup(words: str):
    text = page(Grid(as_it_stands(words), (say("A"),), ((as_it_stands(words),),), (1,)), Paragraph(as_it_stands(words)))
    code = mwparserfromhell.parse(text)
    assert not code.filter_templates()
    assert not code.filter_wikilinks()
    assert not code.filter_external_links()
    assert {str(tag.tag) for tag in code.filter_tags()} <= {"languages", "translate", "table", "td", "th", "tr"}
    assert text.count("\n|") == 3  # the table's caption, its only row and its end
    shown = mwparserfromhell.parse(units(text)[-2]).strip_code()
    assert shown == words


@pytest.mark.parametrize("words", ["* a list", "# numbers", ": an indent", "; a term", "== a heading ==", "- 5", "+ 5"])
def test_words_of_a_plan_begin_no_list_heading_or_row(words: str):
    unit = units(page(Paragraph(as_it_stands(words))))[0]
    assert unit[0] == "&"


def test_words_of_a_plan_stay_on_one_line_and_in_one_unit():
    assert units(page(Paragraph(as_it_stands("One.\n\nTwo."))))[0] == "One. Two."


def test_words_of_a_plan_are_no_variables_of_translations():
    assert "&#36;value" in page(Paragraph(as_it_stands("It costs $value.")))


def test_a_language_that_is_no_code_is_not_asked_of_the_wiki():
    assert "#language" not in page(Grid(say("A"), (say("B"),), ((Language("x|y}}"),),), (1,)))


@pytest.mark.parametrize("pattern", ["{a} and {b}", "{a} and {a}", "none"])
def test_a_text_has_each_of_its_places_once(pattern: str):
    with pytest.raises(ValueError, match="places"):
        say(pattern, a=Amount(1))


def test_a_rounded_nothing_has_no_sign():
    assert Amount(-0.04, 1).digits == "0.0"
