"""The words of the weekly summary: what the headline says, what stands on the first page, what is left to the details."""

from dataclasses import replace
from datetime import date, timedelta

from dashboard.charts import words
from dashboard.reports.document import Table
from dashboard.reports.weekly_sheet import headline, sheet
from metrics.answer import Listing
from metrics.progress import Progress
from tests.answers import figure, listing, metric, progress, released
from tests.weekly import ANSWERS, CONTENT, LATE, REPEATS, THANKS, content


def plain(text: str) -> str:
    return text.replace(words.NBSP, " ")


def rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(plain(cell) for cell in cells) for cells in table.rows]


def test_the_headline_names_what_is_off_target_and_what_clearly_moved() -> None:
    assert plain(headline(CONTENT)) == (
        "1 of 2 measures is off target: Blocked again. Clearly worse: Blocked again (+10.0 points)."
    )


def test_nothing_new_is_said_where_all_is_on_target_and_nothing_moved() -> None:
    assert headline(content(measures=(ANSWERS,))) == (
        "Nothing new: every measure with a target is on it, and nothing clearly moved."
    )


def test_what_is_too_close_to_call_is_not_called_on_target() -> None:
    told = headline(content(measures=(ANSWERS, replace(ANSWERS, status="unclear"))))
    assert told == "Nothing new: no measure is off target, and nothing clearly moved."


def test_a_measure_of_which_neither_way_is_better_is_never_off_target_nor_better() -> None:
    fewer = released(figure(45, 50), figure(46, 40), of=THANKS.released.metric)
    moved = progress(fewer, "missed", title="Thanks given", target=60, change_is_clear=True)
    assert headline(content(measures=(moved,))) == "Clearly down: Thanks given (−10)."
    assert rows(sheet(content(measures=(THANKS,))).goals)[-1][-1] == "– No target"


def test_a_change_is_news_only_in_the_week_in_which_it_is_settled() -> None:
    older = progress(released(figure(44, 0.2), figure(45, 0.3)), "missed", title="Old", change_is_clear=True)
    assert "Clearly" not in headline(content(measures=(older,)))
    waiting = metric(mature_after=timedelta(days=7))  # week 45 is settled on 16 November
    late = progress(
        released(figure(44, 0.2), figure(45, 0.3), of=waiting), "missed", title="Late", change_is_clear=True
    )
    assert "Clearly worse: Late" in headline(content(measures=(late,)))


def test_without_any_settled_value_the_headline_says_so() -> None:
    nothing = progress(released(figure(46, "too_early")), "no_value", title="New")
    assert headline(content(measures=(nothing,))) == (
        "No measure has a settled value yet. Nothing clearly moved this week."
    )


def test_many_measures_off_target_are_counted_after_three() -> None:
    many = tuple(replace(REPEATS, title=f"M{n}", change_is_clear=False) for n in range(5))
    assert headline(content(measures=many)).startswith("5 of 5 measures are off target: M0, M1, M2 and 2 more.")


def test_the_lines_below_count_milestones_and_decisions() -> None:
    assert sheet(CONTENT).lines == (
        "1 milestone finished: Results published.",
        "1 milestone late: Pilot.",
        "1 decision needed, the first by 25 Nov 2026.",
    )


def test_the_goals_have_target_value_period_change_and_status_in_words() -> None:
    assert rows(sheet(CONTENT).goals) == [
        ("Fewer people are blocked again",),
        ("Blocked again", "at most 15.0 %", "30.0 %", "week 46", "+10.0 points, worse", "▲ Off target"),
        ("Whoever asks is answered soon",),
        ("Answered in time", "at least 80.0 %", "91.0 %", "week 46", "+1.0 points, may be chance", "● On target"),
        ("Thanks given", "–", "40", "week 45", "–", "– No target"),
    ]


def test_a_measure_without_a_settled_value_says_why() -> None:
    def shown(one: Progress) -> tuple[str, ...]:
        return rows(sheet(content(measures=(one,))).goals)[-1]

    assert shown(progress(released(figure(46, "withheld")), "no_value"))[2:4] == ("fewer than 10", "–")
    assert shown(progress(released(), "no_value"))[2:4] == ("no data", "–")


def test_milestones_on_the_first_page_are_those_that_changed() -> None:
    before = replace(CONTENT.milestones[1], title="Done on the Sunday before", actual=date(2026, 11, 8))
    assert rows(sheet(content(milestones=(before, *CONTENT.milestones))).now.milestones) == [
        ("Results published", "Research", "20 Nov 2026", "–", "12 Nov 2026", "■ Done, 8 days early"),
        ("Pilot", "Trust and safety", "1 Nov 2026", "15 Dec 2026", "not done", "▲ Late by 44 days"),
    ]
    assert len(sheet(CONTENT).plan.milestones.rows) == 3


def test_what_does_not_fit_the_first_page_is_counted() -> None:
    many = content(milestones=tuple(replace(LATE, title=f"M{n}") for n in range(9)))
    assert len(sheet(many).now.milestones.rows) == 6
    assert (sheet(many).now.milestones.left, sheet(many).plan.milestones.left) == (3, 0)


def test_decisions_needed_have_an_owner_and_a_day_and_those_taken_their_outcome() -> None:
    assert rows(sheet(CONTENT).now.decisions) == [
        ("May the pilot start later?", "Sponsor", "28 Oct 2026", "25 Nov 2026", "○ Open"),
    ]
    assert rows(sheet(CONTENT).plan.decisions)[1][3:] == ("■ 20 Jun 2026", "Two")


def test_without_a_plan_nothing_is_called_closed_or_done() -> None:
    no_plan = content(
        files=Listing("feeds", (), CONTENT.files.rows[:1], "b"), milestones=(), risks=(), escalations=(), decisions=(), is_planned=False
    )  # fmt: skip
    told = sheet(no_plan)
    assert {one.empty for one in (told.now.milestones, told.now.risks, told.plan.decisions)} == {"No plan was loaded."}
    assert told.goals.columns == ("Measure", "Last settled", "Period", "Change")  # nothing is on or off a target


def test_a_detail_has_the_same_figures_as_its_chart_and_says_what_is_missing() -> None:
    (_, _, thanks) = sheet(CONTENT).details
    assert rows(thanks.table) == [("9–15 Nov 2026", "fewer than 10", "–"), ("2–8 Nov 2026", "40", "100")]
    assert [point.value for point in thanks.chart.lines[0].points] == [40, None]
    assert "Gaps are not zero. Not shown, of 2 values: 1 withheld (fewer than 10)." in thanks.notes


def test_a_detail_shows_the_newest_quarter_of_a_year_of_weeks() -> None:
    long = progress(released(*[figure(week, 0.1) for week in range(20, 47)]))
    (detail,) = sheet(content(measures=(long,))).details
    assert len(detail.table.rows) == len(detail.chart.lines[0].points) == 13
    assert detail.table.rows[0][0] == "9–15 Nov 2026"


def test_a_rollout_on_several_wikis_on_one_day_is_one_annotation_and_only_of_the_wiki_asked_about() -> None:
    (repeats, *_) = sheet(CONTENT).details
    assert [one.text for one in repeats.chart.annotations] == ["Report button on ar.demo and en.demo"]
    only = replace(REPEATS, released=replace(REPEATS.released, where=(("wiki", "en.demo"),)))
    (detail,) = sheet(content(measures=(only,))).details
    assert [one.text for one in detail.chart.annotations] == ["Report button on en.demo"]
    assert detail.question.endswith("Only wiki en.demo.")


def test_feeds_say_what_they_cover_and_which_wiki_lags() -> None:
    assert rows(sheet(CONTENT).feeds) == [
        ("mediawiki logging", "1", "1,200", "3", "5 Jan 2026", "18 Nov 2026", "up to date"),
        ("mediawiki logging, ar.demo", "", "", "", "5 Jan 2026", "10 Nov 2026", "8 days"),
        ("plan", "1", "40", "0", "–", "–", "–"),
    ]


def test_a_file_that_serves_two_purposes_counts_once() -> None:
    strata = {"feed": "survey", "file": "strata.csv", "sha256": "c", "rows": 36, "rejected": 0}
    told = sheet(content(files=listing("feeds", strata, dict(strata))))
    assert rows(told.feeds)[0][1:3] == ("1", "36")


def test_rows_set_aside_and_warnings_are_listed_and_kept_rules_are_not() -> None:
    told = sheet(CONTENT)
    assert rows(told.quarantine) == [("mediawiki logging", "en.xml.gz", "the item has a time", "3")]
    assert rows(told.warnings) == [("a late milestone has a forecast", "mart_milestone", "1")]


def test_the_reader_is_told_how_many_figures_are_withheld_and_that_withheld_is_not_zero() -> None:
    assert (
        "1 figure withheld to protect people, in groups of fewer than 10. Withheld is not zero."
        in sheet(CONTENT).reading
    )
    assert "No figure was withheld. What is missing is not zero." in sheet(content(measures=(REPEATS,))).reading


def test_invented_data_is_said_to_be_invented_and_real_data_is_not() -> None:
    assert sheet(CONTENT).banner.startswith("Invented data.")
    assert sheet(content(build=replace(CONTENT.build, invented=False))).banner == ""
    assert sheet(CONTENT).stamp == "Build 2026-11-19-1, data until 18 Nov 2026 (UTC)"


def test_old_milestones_are_in_the_table_but_not_on_the_timeline() -> None:
    old = replace(CONTENT.milestones[1], title="Old", planned=date(2026, 1, 1), actual=date(2026, 1, 1))
    told = sheet(content(milestones=(*CONTENT.milestones, old)))
    assert "Old" not in [row.name for row in told.timeline.rows]
    assert told.timeline.notes[-1] == "1 more milestone in the table."
