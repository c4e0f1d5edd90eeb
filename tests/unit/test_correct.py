"""Corrections: they say which rows are wrong, why, and how many that is; another number of rows fails the build."""

import shutil
from pathlib import Path

import pytest

from data_contracts.faults import UserFault
from etl import pipeline
from tests.unit.test_pipeline import SETTINGS, TICKETS, make_key, put, rows

CORRECTION = """\
on: 2026-03-05
by: program-analytics
why: The desk's clock stood an hour ahead.
feed: tickets
table: raw_tickets
where: {desk: help, case: "1"}
set: {first_response_at: 2026-03-01 10:30:00}
rows: 1
"""
ANSWERED = "SELECT first_response_hours FROM mart_case WHERE is_answered"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("built")
    put(home / "upstander.yml", SETTINGS)
    put(home / "feeds/may.csv", TICKETS)
    make_key(home)
    pipeline.build(home)
    return home


@pytest.fixture
def home(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "home"))


def correct(home: Path, text: str = CORRECTION, name: str = "clock") -> None:
    put(home / f"corrections/{name}.yml", text)
    pipeline.build(home)


def test_a_correction_changes_the_rows_it_names_and_nothing_else(home):
    correct(home)
    assert rows(home, "SELECT opened_at, first_response_hours FROM mart_case ORDER BY 1")[0][1] == 0.5
    assert rows(home, "SELECT COUNT(*) FROM mart_case") == [(2,)]


def test_a_correction_that_is_taken_out_leaves_no_trace(home):
    correct(home)
    (home / "corrections/clock.yml").unlink()
    pipeline.build(home)
    assert rows(home, ANSWERED) == [(1.0,)]


def test_a_later_correction_sees_what_an_earlier_one_made(home):
    put(home / "corrections/clock.yml", CORRECTION)
    later = CORRECTION.replace("2026-03-05", "2026-03-06").replace(
        'case: "1"', "first_response_at: 2026-03-01 10:30:00"
    )
    correct(home, later.replace("set: {first_response_at: 2026-03-01 10:30:00}", "set: {first_response_at: null}"), "b")
    assert rows(home, ANSWERED) == []
    for name in ("clock", "b"):
        (home / f"corrections/{name}.yml").unlink()
    pipeline.build(home)
    assert rows(home, ANSWERED) == [(1.0,)]


def test_a_row_can_be_dropped_and_a_row_that_broke_a_rule_can_be_mended(home):
    put(home / "feeds/may.csv", TICKETS + "4,2026-03-02 12:00:00,2026-03-01 12:00:00,,found\n")
    pipeline.build(home)
    assert rows(home, "SELECT COUNT(*) FROM mart_case") == [(2,)]
    mended = CORRECTION.replace('"1"', '"4"').replace("2026-03-01 10:30:00", "2026-03-02 13:00:00")
    put(home / "corrections/mended.yml", mended)
    correct(home, CORRECTION.replace("set: {first_response_at: 2026-03-01 10:30:00}", "drop: true"), "dropped")
    assert rows(home, ANSWERED) == [(1.0,)]
    assert rows(home, "SELECT COUNT(*) FROM mart_case") == [(2,)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rows: 1", "rows: 2", ("corrections/clock.yml:8", "find 1 rows", "2 rows")),
        ('case: "1"', 'case: "77"', ("find 0 rows", "mend where or rows")),
        ('case: "1"', "ticket: 1", ("has no column ticket", "case")),
        ("table: raw_tickets", "table: raw_plan_goal", ("has no table raw_plan_goal", "raw_tickets")),
        ("rows: 1", "rows: 1\ndrop: true", ("either sets columns or says drop",)),
        ("why: The desk's clock stood an hour ahead.", "why: so", ("10 characters",)),
        ("2026-03-01 10:30:00", "tomorrow", ("value that does not fit",)),
    ],
)
def test_a_correction_that_does_not_fit_fails_the_build_and_says_why(home, old, new, words):
    with pytest.raises(UserFault) as caught:
        correct(home, CORRECTION.replace(old, new))
    assert all(word in str(caught.value) for word in words)
    assert rows(home, ANSWERED) == [(1.0,)]
