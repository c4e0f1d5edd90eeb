"""What the quarterly report says, and what it never says: told from content written by hand."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import mwparserfromhell
import pytest

from dashboard.reports import community_html, quarterly_page, quarterly_sentences, wikitext
from dashboard.reports.community_text import Amount, Grid, Heading, Picture, plain
from dashboard.reports.quarterly_content import QuarterlyContent
from metrics.course import course
from tests import answers
from tests.quarterly import (
    BEFORE,
    BLOCKS_SET,
    BUILD,
    QUARTER,
    content,
    counts,
    figure,
    measure,
    milestone,
    table,
    texts,
)

COUNT = answers.metric(id="cases_closed", kind="count", unit="count", better="neither", source="mart_case_spell")
HOURS = answers.metric(id="first_response_median_hours", kind="duration", unit="hours", source="mart_case")
SURVEY = answers.metric(id="felt_unsafe_share", kind="survey_share", source="mart_survey_answer")


def sentences(told: QuarterlyContent, section: str = "") -> list[str]:
    """The texts of the report, or of one of its sections, without marks."""
    page = quarterly_page.page(told)
    if not section:
        return [plain(one) for one in texts(page)]
    names = [plain(one.text) if isinstance(one, Heading) and one.level == 2 else "" for one in page.blocks]
    start = names.index(section)
    end = next((at for at in range(start + 1, len(names)) if names[at]), len(names))
    return [plain(one) for one in texts(replace(page, blocks=page.blocks[start:end]))]


def lines(**kept: Any) -> list[str]:
    """The sentences of one measure in What changed."""
    told = sentences(content(measures=(measure(**kept),)), "What changed")
    return told[told.index("Of the blocks that ended, how many targets were blocked again within 30 days?") + 1 :][:4]


def test_a_measure_is_told_with_its_range_its_target_and_the_quarter_before():
    assert lines() == [
        "This quarter: 26\u00a0%. The likely range is from 25\u00a0% to 27\u00a0%.",
        "The quarter before: 30\u00a0%. The likely range is from 29\u00a0% to 31\u00a0%.",
        "The target was at most 25\u00a0%. The number is too close to the target to say whether it was met.",
        "The change is clear. It is an improvement.",
    ]


@pytest.mark.parametrize(
    ("clear", "now", "said"),
    [
        (True, 0.4, "The change is clear. It got worse."),
        (False, 0.4, "The change may be chance."),
        (None, 0.4, "We cannot say whether the change is more than chance."),
        (True, 0.3, "The number did not change."),
    ],
)
def test_a_change_is_called_clear_only_where_it_is_more_than_chance(clear: bool | None, now: float, said: str):
    assert lines(now=figure(QUARTER, now), change_is_clear=clear)[3] == said


@pytest.mark.parametrize(
    ("value", "clear", "better", "said"),
    [
        (0.9, True, "lower", "As far as so few quarters can tell, it is worse than the usual ups and downs."),
        (0.01, None, "lower", "As far as so few quarters can tell, it is better than the usual ups and downs."),
        (0.9, True, "neither", "As far as so few quarters can tell, it is higher than the usual ups and downs."),
        (0.22, True, "lower", "As far as so few quarters can tell, it is still within the usual ups and downs."),
        (0.22, False, "lower", None),
    ],
)
def test_eight_quarters_say_together_whether_this_one_is_more_than_usual(value, clear, better, said):
    metric = replace(answers.METRIC, kind="mean", better=better)
    starts = [
        date(2024, 10, 1),
        date(2025, 1, 1),
        date(2025, 4, 1),
        date(2025, 7, 1),
        date(2025, 10, 1),
        date(2026, 1, 1),
    ]
    values = [0.2, 0.22, 0.21, 0.19, 0.2, 0.21]
    before = [replace(figure(BEFORE, one), start=start) for start, one in zip(starts, values, strict=True)]
    of_two = measure(now=figure(QUARTER, value), before=figure(BEFORE, 0.2), metric=metric, change_is_clear=clear)
    whole = replace(of_two.released, figures=(*before, *of_two.released.figures))
    known = replace(of_two, standing=replace(of_two.standing, course=course(whole)))
    told = sentences(content(measures=(known,)), "What changed")
    assert [one for one in told if one.startswith("As far as")] == ([said] if said else [])


def test_a_count_of_which_more_is_not_worse_is_never_judged():
    more = measure(
        now=figure(QUARTER, 900, 0), before=figure(BEFORE, 500, 0), metric=COUNT, status="missed", target=600
    )
    told = content(measures=(more,))
    said = " ".join(sentences(told))
    assert "More is neither better nor worse here, so there was no target." in said
    assert "The number clearly rose. That is not good or bad by itself." in said
    assert "600" not in said
    assert "got worse" not in said
    assert "Targets that were met: 0. Missed: 0. Too close to say: 0." in said


def test_hours_have_one_decimal_and_a_whole_target_has_none():
    told = lines(
        metric=HOURS, now=figure(QUARTER, 16.04, 1.0), before=figure(BEFORE, 20.0, 1.0), target=18, status="met"
    )
    assert told[0] == "This quarter, in hours: 16.0. The likely range is from 15.0 to 17.0."
    assert told[2] == "The target, in hours, was at most 18. It was met."


def test_a_target_between_two_percents_keeps_its_decimal():
    assert "at most 12.5\u00a0%" in lines(target=0.125)[2]


def test_a_range_that_is_open_on_one_side_is_told_so():
    open_ = replace(figure(QUARTER, 90.0, 0), low=70.0)
    assert lines(metric=HOURS, now=open_)[0] == "This quarter, in hours: 90.0. It is likely to be 70.0 or more."


def test_a_few_of_many_are_not_told_as_zero_percent():
    few = replace(figure(QUARTER, 0.0, 0), numerator=12.0, denominator=9000.0)
    assert lines(now=few)[0] == "This quarter: less than 1\u00a0%."


def test_a_withheld_figure_says_so_and_is_compared_with_nothing():
    told = lines(now=figure(QUARTER, "withheld"))
    assert told[0] == "This quarter: withheld."
    assert told[2] == "There is no settled number for this quarter, so we do not compare it with a target."


def test_what_is_withheld_is_called_so_in_every_table_and_method_says_why_the_greater_ones_are():
    told = sentences(content(measures=(measure(now=figure(QUARTER, "withheld")),)))
    assert "withheld" in told
    why = sentences(content(), "Method and limits")
    assert any(one.startswith("A number that would tell of fewer than 10 people or cases is withheld.") for one in why)
    assert any(one.startswith("Some greater numbers are withheld as well") for one in why)


def test_what_a_fiscal_quarter_is_stands_beside_the_table_that_names_quarters_so():
    told = sentences(content(), "What changed")
    said = told.index("A fiscal year has the name of the year in which it ends. 2027 Q1 is 2026-07-01 to 2026-09-30.")
    assert told[said - 1 : said + 2 : 2] == ["The last two years", "Every measure by quarter"]
    assert "A fiscal year" not in " ".join(sentences(content(), "Method and limits"))


def test_charts_run_from_left_to_right_on_a_page_that_runs_the_other_way():
    """Else the signs of a chart begin where they should end, and lie on its lines."""
    assert "svg.chart { direction: ltr;" in community_html.write(quarterly_page.page(content()))


def test_a_quarter_without_a_survey_is_told_and_is_not_zero():
    told = lines(metric=SURVEY, now=figure(QUARTER, "no_data"))
    assert told[0] == "This quarter: no value. No survey ended in it."
    assert told[1].startswith("The quarter before: 30\u00a0%.")


def test_a_value_that_is_older_than_the_quarter_before_says_when_it_is_from():
    old = replace(figure(BEFORE, 0.3), start=date(2025, 10, 1), end=date(2025, 12, 31), label="2026Q2")
    assert lines(before=old)[1].startswith("The last value before this quarter is from 2025-10-01 to 2025-12-31: 30")


def test_a_number_that_can_still_change_says_so_and_is_not_held_against_the_target():
    told = lines(now=figure(QUARTER, 0.26, state="maturing"), status="missed")
    assert told[0].endswith("This number can still change.")
    assert told[2].startswith("There is no settled number")


def test_missed_targets_and_what_got_worse_are_said_plainly():
    bad = measure("Blocked again", now=figure(QUARTER, 0.4), status="missed")
    told = sentences(content(measures=(bad,)), "What did not work")
    assert "Blocked again. This quarter: 40\u00a0%. The target was at most 25\u00a0%." in told
    after = told.index("These measures clearly got worse since the quarter before:")
    assert told[after + 1] == "Blocked again"


def test_without_a_missed_target_or_a_late_milestone_that_is_said_too():
    told = sentences(content(measures=(measure(status="met"),)), "What did not work")
    assert told[2:-1] == ["What did not work", "We missed no target.", "No milestone was late."]


def test_without_any_target_nothing_is_said_to_be_reached():
    told = sentences(content(measures=()), "What did not work")
    assert "No number of this quarter could be compared with a target." in told


def test_a_milestone_is_late_where_it_was_done_late_or_not_at_all():
    then = (
        milestone("Done late", date(2026, 8, 1), date(2026, 8, 9)),
        milestone("Done in time", date(2026, 8, 1), date(2026, 8, 1)),
        milestone("Done late long ago", date(2026, 2, 1), date(2026, 3, 1)),
        milestone("Done since", date(2026, 9, 30)),
        milestone("Not done", date(2026, 9, 30), forecast=date(2027, 1, 29)),
    )
    since = (*then[:3], replace(then[3], actual=date(2026, 10, 23)), then[4])
    told = content(milestones=then, since=since)
    assert [one.title for one in told.late] == ["Done late", "Done since", "Not done"]
    assert [one.title for one in told.done] == ["Done late", "Done in time"]
    said = sentences(told, "What did not work")
    assert said[said.index("Done since") :][:5] == ["Done since", "Reporting", "2026-09-30", "2026-10-23", "–"]
    assert said[said.index("Not done") :][:5] == ["Not done", "Reporting", "2026-09-30", "not done", "2027-01-29"]


def test_what_is_next_is_planned_or_late_and_expected_in_the_next_quarter():
    then = (
        milestone("Planned", date(2026, 12, 31)),
        milestone("Late", date(2026, 9, 1), forecast=date(2026, 10, 1)),
        milestone("Later", date(2027, 1, 1)),
    )
    told = content(milestones=then, since=then)
    assert [one.title for one in told.next] == ["Planned", "Late"]
    said = sentences(content(), "What is next")
    assert "No milestone is planned for 2026-10-01 to 2026-12-31." in said


def test_what_started_is_told_with_its_wikis():
    told = sentences(content(), "What we did")
    assert told[told.index("Report button") :][:3] == ["Report button", "2026-09-01", "ويكي"]
    assert "Nothing new started on a wiki in this quarter." in sentences(content(rollouts=()), "What we did")


def test_withheld_counts_are_written_withheld_and_a_zero_is_written_zero():
    """Some of them are 500 and 300, which are withheld beside others and are not fewer than ten."""
    tables = {"blocks_set": table(counts(great=[500, 400, 300], still=[0, 0, 0], tiny=[9, 20, 30]))}
    page = quarterly_page.page(content(tables=tables))
    (grid,) = [
        one for one in page.blocks if isinstance(one, Grid) and plain(one.caption) == "Blocks set: by wiki and month"
    ]
    cells = [[plain(one) if not isinstance(one, Amount) else one.digits for one in row[1:]] for row in grid.rows]
    few = "withheld"
    assert cells == [
        [few, "400", few, "1200"],
        ["0", "0", "0", "0"],
        [few, "20", few, "59"],
        ["509", "420", "330", "1259"],
    ]


def test_data_that_are_missing_are_not_zero():
    tables = {"blocks_set": table(counts(great=[500, 400, 300], tiny=["no_data", 20, 30]))}
    said = sentences(content(tables=tables), "Numbers by wiki and language")
    assert "no data" in said
    assert "500, not complete" in said


def test_a_wiki_of_which_no_day_is_known_has_words_and_no_dates():
    days = {None: date(2026, 1, 1), "tiny": None}
    rows = [{"feed": "tickets", "wiki": wiki, "starts_on": day, "ends_on": day} for wiki, day in days.items()]
    told = sentences(content(coverage=answers.listing("coverage", *rows)))
    assert told.count("no data") == 2


def test_few_rows_set_aside_are_withheld():
    said = sentences(content(), "Method and limits")
    assert said[said.index("Rows set aside") :][1:5] == ["Data", "Rows", "Help desk", "fewer than 10"]


@pytest.mark.parametrize("invented", [True, False])
def test_invented_data_are_called_so_before_anything_else(invented: bool):
    told = content(build=replace(BUILD, invented=invented))
    page = quarterly_page.page(told)
    assert ("invented" in wikitext.write(page)[:300]) is invented
    assert ("invented" in community_html.write(page)) is invented


def test_a_measure_of_one_wiki_names_it_in_its_own_language():
    page = quarterly_page.page(content(measures=(measure(where=(("wiki", "tiny"),)),)))
    assert 'Only on this wiki: <bdi lang="ar" dir="rtl">ويكي</bdi>.' in community_html.write(page)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (("wiki", "elsewhere"), "Only on this wiki: elsewhere."),
        (("language", "ar"), "Only in this language: ar."),
        (("performer_kind", "bot"), "Only this part: performer kind, bot."),
    ],
)
def test_what_a_measure_is_limited_to_is_told(where: tuple[str, str], said: str):
    assert said in sentences(content(measures=(measure(where=(where,)),)), "What changed")


def test_a_group_that_nobody_named_is_not_known():
    tables = {"blocks_set": table(counts(**{"": [500, 400, 300], "elsewhere": [20, 30, 40]}))}
    said = sentences(content(tables=tables), "Numbers by wiki and language")
    assert "not known" in said
    assert "elsewhere" in said


def test_a_time_that_too_many_still_wait_for_is_not_known_yet():
    waiting = replace(figure(QUARTER, "no_data"), n=40)
    assert lines(metric=HOURS, now=waiting)[0] == "This quarter: not known yet. Too many cases are still open."


def test_a_measure_without_any_earlier_value_says_so():
    first = replace(measure(), standing=replace(measure().standing, previous=None, change=None))
    assert "There is no earlier value to compare with." in sentences(content(measures=(first,)))


def test_only_a_missed_target_is_told_as_missed():
    with pytest.raises(ValueError, match="has missed no target"):
        quarterly_sentences.missed(measure(target=None))


def test_a_table_of_few_and_unsettled_shares_says_so():
    few = replace(figure(BEFORE, 1.0, 0), numerator=8990.0, denominator=9000.0)
    told = sentences(content(measures=(measure(now=figure(QUARTER, 0.26, state="maturing"), before=few),)))
    assert "more than 99" in told
    assert "26 so far" in told


def test_a_picture_needs_lines_that_say_the_same():
    page = quarterly_page.page(content())
    picture = next(one for one in page.blocks if isinstance(one, Picture))
    with pytest.raises(ValueError, match="behind the lines"):
        community_html.write(replace(page, blocks=(picture,)))


def test_the_html_fetches_nothing_and_shows_every_chart_with_words():
    page = quarterly_page.page(content())
    html = community_html.write(page)
    assert '<html lang="en" dir="ltr">' in html
    assert not re.findall(r'(?:src|srcset|data|action)="?(?:https?:)?//|url\(|@import|<script|<link', html)
    (chart,) = [one.chart for one in page.blocks if isinstance(one, Picture)]
    assert "2026 Q4 30\u00a0%; 2027 Q1 26\u00a0%." in chart.alt
    assert html.count("<svg") == html.count('role="img"') == 1


def test_words_of_the_plan_are_text_in_the_html():
    page = quarterly_page.page(content(measures=(measure("<b>Bold</b> & [[links]]"),)))
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; [[links]]" in community_html.write(page)


def units(told: QuarterlyContent) -> Iterator[str]:
    """The translation units of the wikitext, each variable as the translators see it."""
    code = mwparserfromhell.parse(wikitext.write(quarterly_page.page(told)))
    for tag in code.filter_tags(matches=lambda node: node.tag == "translate"):
        for variable in tag.contents.filter_tags(matches=lambda node: node.tag == "tvar"):
            variable.contents = ""
        yield from (unit for unit in str(tag.contents).split("\n\n") if unit.strip())


def test_where_only_numbers_change_no_translation_does():
    other = content(
        measures=(measure(now=figure(QUARTER, 0.21, 0.05), before=figure(BEFORE, 0.35, 0.03), target=0.1875),),
        tables={"blocks_set": table(counts(great=[5001, 1234, 33], tiny=[8, 200, 3000]))},
        before={"blocks_set": table(counts(great=[1, 2000, 3]))},
        build=replace(BUILD, id="b000123"),
        milestones=(milestone("Button on all wikis", date(2026, 7, 31), date(2026, 7, 28)),),
        since=(milestone("Button on all wikis", date(2026, 7, 31), date(2026, 7, 28)),),
    )
    assert wikitext.write(quarterly_page.page(content())) != wikitext.write(quarterly_page.page(other))
    assert list(units(content())) == list(units(other))


def test_every_number_stands_in_a_variable_or_alone_in_its_cell():
    digits = [re.sub(r"\s+", " ", unit) for unit in units(content()) if re.search(r"\d", re.sub(r"<[^>]*>", "", unit))]
    constants = {"95&nbsp;%", "100 such", "about 95", "A 0 is", "one decimal", "30 days"}
    assert all(any(one in unit for one in constants) for unit in digits), digits


def test_every_section_stands_in_its_place():
    page = quarterly_page.page(content())
    assert [plain(one.text) for one in page.blocks if isinstance(one, Heading) and one.level == 2] == [
        "What we did", "What changed", "What did not work", "What is next", "Numbers by wiki and language",
        "Method and limits", "How to check this report",
    ]  # fmt: skip


def test_a_program_without_plan_and_data_still_has_a_report():
    told = content(measures=(), tables={}, before={}, milestones=(), since=(), rollouts=())
    said = sentences(told)
    assert "The data have no counts for this quarter." in said
    assert not any(one.startswith(("Targets that were met", "Milestones done")) for one in said)
    assert "We finished no milestone in this quarter." in said


def test_a_definition_stands_with_what_it_does_not_tell():
    said = sentences(content(), "Method and limits")
    assert said[said.index("blocks_set") :][:4] == ["blocks_set", "How many blocks were set?", BLOCKS_SET.not_this, "–"]
