"""The words of the weekly summary: what the headline says, what stands on the first page, what is left to the details."""

from dataclasses import replace
from datetime import date

from dashboard.charts import words
from dashboard.charts.headline import headline
from dashboard.reports.document import Table
from dashboard.reports.weekly_sheet import sheet
from metrics.answer import Listing, Released
from metrics.progress import Progress
from tests.answers import figure, listing, progress, released
from tests.weekly import ANSWERS, CONTENT, LATE, REPEATS, THANKS, content


def plain(text: str) -> str:
    return text.replace(words.NBSP, " ")


def quiet(*more: float) -> Released:
    """Thirteen usual weeks, and then more of them, up to week 46."""
    values = [*(0.2, 0.22, 0.21, 0.19, 0.2) * 4][:13] + list(more)
    return released(*(figure(47 - len(values) + at, value) for at, value in enumerate(values)))


WORSE = progress(quiet(0.9), "missed", title="Waiting")


def rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(plain(cell) for cell in cells) for cells in table.rows]


def test_the_headline_is_what_the_courses_of_the_measures_say_in_that_week() -> None:
    found = content(measures=(WORSE,))
    assert sheet(found).headline == headline((WORSE,), found.week.start)
    assert sheet(found).headline == "New this week, worse: Waiting (in week 46)."


def test_the_line_below_says_what_is_off_target_and_what_is_as_usual() -> None:
    def told(*measures: Progress) -> str:
        return plain(sheet(content(measures=measures, milestones=(), decisions=())).lines[0])

    few = "measure has too few values to tell."
    assert told(REPEATS) == f"1 of 1 measure is off target: Blocked again. 1 {few}"
    assert told(ANSWERS) == f"Every measure with a target is on it. 1 {few}"
    assert told(replace(ANSWERS, status="unclear")) == f"No measure is off target. 1 {few}"
    assert told(THANKS) == f"1 {few}"  # neither way is better: no target
    assert told(replace(WORSE, status="no_target", title="W"), THANKS) == f"1 {few}"
    many = tuple(replace(REPEATS, title=f"M{n}") for n in range(5))
    assert told(*many).startswith("5 of 5 measures are off target: M0, M1, M2 and 2 more.")


def test_a_measure_that_will_miss_its_target_is_named() -> None:
    missing = progress(quiet(), "missed", title="Waiting", target=0.01)
    assert "Will miss the target if nothing changes: Waiting." in sheet(content(measures=(missing,))).lines[0]


def test_the_lines_below_count_milestones_and_decisions() -> None:
    assert sheet(CONTENT).lines[1:] == (
        "1 milestone finished: Results published.",
        "1 milestone late: Pilot.",
        "1 decision needed, the first by 25 Nov 2026.",
    )


def test_the_goals_have_target_value_period_course_and_status_in_words() -> None:
    assert rows(sheet(CONTENT).goals) == [
        ("Fewer people are blocked again",),
        ("Blocked again", "at most 15.0 %", "30.0 %", "week 46", "○ Too few values to tell", "▲ Off target"),
        ("Whoever asks is answered soon",),
        ("Answered in time", "at least 80.0 %", "91.0 %", "week 46", "○ Too few values to tell", "● On target"),
        ("Thanks given", "–", "40", "week 45", "○ Too few values to tell", "– No target"),
    ]


def test_a_measure_without_a_settled_value_says_why() -> None:
    def shown(one: Progress) -> tuple[str, ...]:
        return rows(sheet(content(measures=(one,))).goals)[-1]

    assert shown(progress(released(figure(46, "withheld")), "no_value"))[2:4] == ("withheld", "–")
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
    assert told.goals.columns == ("Measure", "Last settled", "Period", "Course")  # nothing is on or off a target


def test_a_detail_has_the_same_figures_as_its_chart_and_says_what_is_missing() -> None:
    (_, _, thanks) = sheet(CONTENT).details
    assert rows(thanks.table) == [("9–15 Nov 2026", "withheld", "–"), ("2–8 Nov 2026", "40", "100")]
    assert [point.value for point in thanks.chart.lines[0].points] == [40, None]
    assert "Gaps are not zero. Not shown, of 2 values: 1 withheld (fewer than 10, or beside such)." in thanks.notes


def test_a_detail_says_status_course_and_outlook_each_with_a_symbol() -> None:
    (detail,) = sheet(content(measures=(WORSE,))).details
    assert tuple(map(plain, detail.status)) == (
        "▲ Off target. Target: at most 15.0 %.",
        "↗ Worse in week 46: above the upper limit.",
        "◇ May or may not meet the target if nothing changes: what is usual lies on both sides of it.",
    )
    (thanks,) = sheet(content(measures=(THANKS,))).details
    assert thanks.status == ("– No target.", "○ Too few values to tell: 1 of 13.")


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
        "1 figure withheld to protect people, in groups of fewer than 10 or beside such groups. Withheld is not zero."
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


def test_a_wiki_of_which_no_day_is_known_has_words_and_no_dates():
    never = {"feed": "mediawiki_logging", "wiki": "sw.demo", "starts_on": None, "ends_on": None}
    told = sheet(content(coverage=listing("coverage", *CONTENT.coverage.rows, never)))
    line = ("mediawiki logging, sw.demo", "", "", "", "no data", "no data", "–")
    assert line in rows(told.feeds)
    alone = sheet(content(coverage=listing("coverage", never)))
    assert line in rows(alone.feeds)
