"""Corrections in the weekly summary: what the last one told differently, as far as its reader may see both sides."""

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dashboard.reports import weekly, weekly_corrections
from dashboard.reports.weekly_corrections import corrected, table
from dashboard.reports.weekly_sheet import sheet
from metrics import query
from metrics.answer import Figure
from metrics.progress import Progress
from metrics.restated import Restatement, Restatements, Said
from tests.answers import METRIC, figure, metric, progress, released
from tests.restated import first_build, second_build
from tests.unit.test_report_weekly import plain
from tests.unit.test_report_weekly_files import texts
from tests.weekly import WEEK, content

MEASURE = progress(
    released(*(figure(week, 0.2) for week in range(30, 45)), figure(45, 0.3), figure(46, 0.25)), title="Blocked again"
)
MONDAY = WEEK.start  # the 9th of November: what is known then was in the last summary


def said(one: Figure, build: int, known: date, cause: str | None) -> Said:
    return Said(one, 1, f"b00000{build}", datetime(known.year, known.month, known.day), cause, None)


def restated(
    week: int, *values: float | str, causes: str = "data", first: date = MONDAY, **more: Any
) -> list[Restatement]:
    """A week of which one build after the other said these values; all but the first know the week's Tuesday."""
    figures = [figure(week, value, group=more.get("group", ())) for value in values]  # type: ignore[arg-type]
    every = [
        said(one, at, date(2026, 11, 10) if at else first, causes if at else None) for at, one in enumerate(figures)
    ]
    split = ("wiki",) if "group" in more else ()
    return [Restatement(more.get("of", METRIC), "week", split, *both) for both in pairwise(every)]


def told(found: list[Restatement], of: Progress = MEASURE) -> list[tuple[str, ...]]:
    listed = corrected(of, Restatements("executive", tuple(found), 0), MONDAY, 13)
    return [tuple(map(plain, row)) for row in table(list(listed)).rows]


def test_a_figure_stands_as_it_was_and_as_it_is_with_the_cause_in_words() -> None:
    assert told(restated(45, 0.28, 0.3)) == [("Blocked again", "week 45", "28.0 %", "30.0 %", "Data came late")]
    assert told(restated(45, 0.28, 0.29, 0.3, causes="correction"))[0][2:] == (
        "28.0 %", "30.0 %", "Mistakes in the data corrected",
    )  # fmt: skip


@pytest.mark.parametrize("cause", ["definition", "key", "correction", "settings", "data", "software"])
def test_each_cause_has_words_of_its_own(cause: str) -> None:
    assert told(restated(45, 0.28, 0.3, causes=cause))[0][-1] == weekly_corrections.WHY[cause]
    assert len(set(weekly_corrections.WHY.values())) == 6


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (restated(45, 0.3, 0.29, 0.3), "it is again what it was"),
        (restated(45, 0.28, 0.3, first=date(2026, 11, 10)), "it was first told since"),
        (restated(31, 0.1, 0.2), "it is not among the weeks that are shown"),
        (restated(45, 0.28, 0.3, of=metric(id="other"), group=("en",)), "it is of one wiki"),
    ],
)
def test_what_no_reader_of_the_last_summary_saw_otherwise_is_no_correction(found: list[Restatement], why: str) -> None:
    assert told(found) == [], why


def test_a_figure_that_is_withheld_now_is_not_told_of() -> None:
    hidden = progress(released(figure(44, 0.2), figure(45, "withheld"), figure(46, 0.25)))
    assert told(restated(45, 0.28, 0.3), hidden) == []


def test_a_measure_of_one_wiki_has_the_corrections_of_that_wiki_alone() -> None:
    one = replace(MEASURE, released=replace(MEASURE.released, where=(("wiki", "en.demo"),)))
    assert len(told(restated(45, 0.28, 0.3, group=("en.demo",)), one)) == 1
    assert told(restated(45, 0.28, 0.3, group=("ru.demo",)), one) == []
    assert told(restated(45, 0.28, 0.3), one) == []


def test_the_first_page_has_the_first_ones_and_the_details_have_all() -> None:
    one = list(corrected(MEASURE, Restatements("executive", tuple(restated(45, 0.28, 0.3)), 0), MONDAY, 13))
    whole = sheet(content(corrections=tuple(one * 5)))
    assert (len(whole.corrected.rows), whole.corrected.left, whole.corrected.noun) == (3, 2, "correction")
    assert (len(whole.corrections.rows), whole.corrections.left) == (5, 0)


def test_both_files_have_them_and_say_so_where_there_are_none() -> None:
    one = tuple(corrected(MEASURE, Restatements("executive", tuple(restated(45, 0.28, 0.3)), 0), MONDAY, 13))
    first, *_ = texts(weekly.pdf(content(corrections=one)))
    assert "Corrected since last week" in first
    assert "week 45 28.0 % 30.0 % Data came late" in plain(first)
    assert weekly.html(content(corrections=one)).count("Corrected since last week") >= 2
    none, *behind = texts(weekly.pdf(content()))
    assert "Corrected" not in none
    assert "No figure of an earlier week was corrected." in " ".join(behind)
    assert weekly.html(content()).count("No figure of an earlier week was corrected.") == 1


def test_what_is_withheld_is_counted_and_nothing_more() -> None:
    assert not any("since last week" in line for line in sheet(content()).reading)
    told_of = [line for line in sheet(content(corrections_withheld=2)).reading if "since last week" in line]
    assert told_of == ["2 corrections since last week are withheld, as one side of each tells of few."]


def test_every_number_of_a_table_has_its_id_on_the_last_page() -> None:
    whole = sheet(content())
    ids = whole.receipts.rows
    assert [row[0] for row in ids if len(row) == 1] == [one.title for one in whole.details]
    assert ids[1][0] == "week 46"
    assert ids[1][1].startswith("block_recidivism_30d.v1.week.20261109.executive.2026-11-19-1.20261119.")
    shown = [row for one in content().measures for row in one.released.figures[-13:] if row.shown]
    assert len(ids) == len(shown) + len(whole.details)
    last = "".join(texts(weekly.pdf(content()))[-1].split())
    assert all(row[1] in last for row in ids if len(row) > 1)
    assert ids[1][1] in weekly.html(content())


def test_what_a_number_was_has_an_id_too_of_the_build_that_said_it() -> None:
    changed = restated(45, 0.28, 0.29, 0.3)
    one = tuple(corrected(MEASURE, Restatements("executive", tuple(changed), 0), MONDAY, 13))
    told = content(measures=(MEASURE,), corrections=one)
    ids = [row for row in sheet(told).receipts.rows if len(row) > 1]
    assert [row[0] for row in ids[:2]] == ["week 46", "week 45"]
    period, name = ids[-1]
    assert period == "week 45, was"
    assert name.startswith("block_recidivism_30d.v1.week.20261102.executive.b000000.20261109.")
    assert name in "".join(texts(weekly.pdf(told))[-1].split())
    assert name in weekly.html(told)


def test_restatements_can_be_those_since_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both builds know the days before June."""
    second_build(first_build(tmp_path))
    monkeypatch.setenv("UPSTANDER_HOME", str(tmp_path))

    def since(day: date | None) -> tuple[int, int]:
        found = query.restatements("cases_opened", by="month", since=day, audience="program")
        return len(found.found), found.withheld

    assert since(None) == since(date(2026, 5, 31)) != (0, 0)
    assert since(date(2026, 6, 1)) == (0, 0)
