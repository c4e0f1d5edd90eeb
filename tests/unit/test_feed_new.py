"""`upstander feed new`: what it guesses of a sheet, what it writes, and what it never does."""

import json
import shutil

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from open_data_contract_standard.model import OpenDataContractStandard

from data_contracts.faults import FeedFault
from etl import feed_new, pipeline
from etl.formats import sheet_writing
from etl.formats.sheet_contract import read_contract
from etl.formats.sheet_guess import guess
from etl.formats.sheet_table import Line, Table
from etl.warehouse.connect import current
from etl.warehouse.pseudonym import make_key
from tests.delivered import landed
from tests.feeds.sheets import CONTRACT, SAMPLES, cell, delivery, packed, parts, row
from tests.unit.test_cli import run

__all__ = ["run"]  # a fixture


@pytest.fixture
def home(tmp_path):
    (tmp_path / "feeds").mkdir()
    for kind in ("csv", "xlsx"):
        shutil.copy(SAMPLES / f"spreadsheet-trainings.{kind}", tmp_path / f"feeds/trainings.{kind}")
    return tmp_path


@pytest.fixture
def guessed(home):
    """Header -> the column that is guessed of a CSV, given as text."""

    def guessed(text, name="numbers"):
        (home / "feeds/numbers.csv").write_text(text, encoding="utf-8")
        (home / f"contracts/{name}.odcs.yaml").unlink(missing_ok=True)
        found = feed_new.propose(home, name, home / "feeds/numbers.csv")
        return {one.column.header: one.column for one in found.guess.columns}, found

    return guessed


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_trainings_is_guessed_as_people_mean_it(home, kind):
    found = feed_new.propose(home, "trainings", home / f"feeds/trainings.{kind}")
    assert [(one.column.name, one.column.role, one.column.is_key) for one in found.guess.columns] == [
        ("date", "period", True), ("wiki", "wiki", True), ("format", "group", True), ("trainings", "value", False),
        ("people_trained", "value", False), ("hours", "value", False), ("trainer_name", "note", False), ("notes", "note", False),
    ]  # fmt: skip
    assert [one.column.unit for one in found.guess.columns if one.column.role == "value"] == [
        "count",
        "people",
        "hours",
    ]
    assert (found.rows, found.refused, found.doubts) == (5, (), ())


def test_what_is_written_is_a_contract_and_says_nothing_of_what_stands_in_notes(home):
    found = feed_new.propose(home, "trainings", home / "feeds/trainings.csv")
    text = (home / found.contract).read_text(encoding="utf-8")
    OpenDataContractStandard.model_validate(yaml.safe_load(text))
    given = landed(delivery(), home / found.contract)
    assert [(one.header, one.role) for one in read_contract(given.files[0]).columns] == [
        (one.column.header, one.column.role) for one in found.guess.columns
    ]
    assert "Example" not in text
    assert "went well" not in text


def test_a_contract_that_is_there_is_never_written_over(home):
    feed_new.propose(home, "trainings", home / "feeds/trainings.csv")
    (home / "contracts/trainings.odcs.yaml").write_text("mine")
    with pytest.raises(FeedFault, match="there is a contract already"):
        feed_new.propose(home, "trainings", home / "feeds/trainings.csv")
    assert (home / "contracts/trainings.odcs.yaml").read_text() == "mine"


def test_a_contract_that_somebody_writes_meanwhile_is_not_written_over(home, monkeypatch):
    def meanwhile(table):
        (home / "contracts").mkdir()
        (home / "contracts/trainings.odcs.yaml").write_text("mine")
        return guess(table)

    monkeypatch.setattr(feed_new, "guess", meanwhile)
    with pytest.raises(FeedFault, match="there is a contract already"):
        feed_new.propose(home, "trainings", home / "feeds/trainings.csv")
    assert (home / "contracts/trainings.odcs.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["Trainings", "../trainings", "7", "", "a b", "a" * 61])
def test_a_name_must_be_one_that_can_stand_in_a_question(home, name):
    with pytest.raises(FeedFault, match="the name"):
        feed_new.propose(home, name, home / "feeds/trainings.csv")
    assert not (home / "contracts").exists()


def test_a_file_outside_of_the_instance_is_refused(home, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.csv"
    outside.write_text("date,people\n2026-01-01,3\n")
    (home / "feeds/link.csv").symlink_to(outside)
    for path in (outside, home / "feeds/link.csv", home / "feeds/none.csv", home / "feeds"):
        with pytest.raises(FeedFault, match="there is no such file"):
            feed_new.propose(home, "numbers", path)


def test_with_the_lines_that_are_proposed_the_instance_builds_and_answers(home):
    found = feed_new.propose(home, "trainings", home / "feeds/trainings.xlsx")
    head = "program: Pigeon Care\ninvented: true\nas_of: 2026-11-05\nfeeds:\n"
    (home / "upstander.yml").write_text(head + found.settings + "\n", encoding="utf-8")
    make_key(home)
    assert pipeline.build(home).is_new
    with duckdb.connect(str(home / str((current(home) or {})["file"])), read_only=True) as build:
        told = build.execute("SELECT measure, SUM(value) FROM mart_hand_count GROUP BY ALL ORDER BY 1").fetchall()
        assert told == [("hours", 17.0), ("trainings", 6.0)]
        assert build.execute("SELECT COUNT(is_person) FROM mart_hand_person").fetchall() == [(66,)]
        assert build.execute(
            "SELECT label, value FROM metric_value WHERE metric = 'hand_people_counted' AND split = '' AND grain = 'month' ORDER BY 1"
        ).fetchall() == [("2026-09", 35.0), ("2026-10", 31.0), ("2026-11", None)]
    for path in (home / "builds").rglob("*"):
        assert b"Ada Example" not in path.read_bytes()


def test_a_second_sheet_needs_its_own_lines_only(home):
    first = feed_new.propose(home, "trainings", home / "feeds/trainings.csv")
    (home / "upstander.yml").write_text(f"program: P\nfeeds:\n{first.settings}\n", encoding="utf-8")
    second = feed_new.propose(home, "talks", home / "feeds/trainings.csv")
    assert second.settings.startswith("      - sheet: talks\n")
    (home / "upstander.yml").write_text(f"program: P\nfeeds:\n{first.settings}\n{second.settings}\n", encoding="utf-8")
    assert [one.sheet for one in pipeline.settings(home).feeds.spreadsheet.sheets] == ["trainings", "talks"]


def test_signs_delimiter_and_format_of_another_country_are_found(guessed):
    columns, found = guessed("Monat;Besuche;Stunden\n01.01.2026;1.204;2,5\n01.02.2026;1.310;3\n01.03.2026;-;1,5\n")
    assert (found.guess.decimal, found.guess.thousands, found.guess.missing) == (",", ".", ("-",))
    assert (columns["Monat"].pattern, columns["Monat"].span, columns["Monat"].role) == ("%d.%m.%Y", "month", "period")
    assert (columns["Besuche"].sort, columns["Stunden"].sort) == ("integer", "number")
    assert 'delimiter: ";"' in found.settings
    assert (found.rows, found.refused) == (3, ())


@pytest.mark.parametrize(
    ("dates", "span"),
    [
        (("2026-01-01", "2026-02-01", "2026-03-01"), "month"),
        (("2026-01-31", "2026-02-28", "2026-03-31"), "month"),
        (("2026-01-05", "2026-01-12", "2026-01-19"), "week"),
        (("2026-01-05", "2026-01-13", "2026-01-19"), "day"),
        (("2026-01", "2026-02", "2026-03"), "month"),
    ],
)
def test_how_long_a_period_is_is_seen_by_its_rhythm(guessed, dates, span):
    columns, _ = guessed("date,people\n" + "".join(f"{day},3\n" for day in dates))
    assert columns["date"].span == span


@pytest.mark.parametrize(
    ("header", "cells", "role"),
    [
        ("Name", ("a", "a", "b", "b"), "note"),
        ("Trainer", ("a", "a", "b", "b"), "note"),
        ("Remarks", ("ok", "ok", "ok", "bad"), "note"),
        ("Kind", ("talk", "talk", "call", "call"), "group"),
        ("Kind", ("Ada Example", "Ada Example", "Ben Example", "Ben Example"), "note"),
        ("Kind", ("a@b.example", "a@b.example", "c", "c"), "note"),
        ("Kind", ("one", "two", "three", "four"), "note"),
        ("Kind", ("x" * 31, "x" * 31, "b", "b"), "note"),
        ("Wiki", ("en.demo", "sw.demo", "hi.demo", "ja.demo"), "wiki"),
        ("Kind", ("", "", "", ""), "note"),
        ("Training ID", ("7", "8", "9", "10"), "key"),
        ("Paid on", ("2026-02-01", "2026-02-02", "2026-02-03", "2026-02-09"), "note"),
    ],
)
def test_in_doubt_a_column_of_words_is_a_note(guessed, header, cells, role):
    rows = "".join(f"2026-01-0{index},{word},3\n" for index, word in enumerate(cells, start=1))
    assert guessed(f"date,{header},visits\n{rows}")[0][header].role == role


@pytest.mark.parametrize(
    ("header", "cells", "unit", "over_time"),
    [
        ("People reached", ("3", "4"), "people", "add"),
        ("Cost", ("3.5", "4"), "money", "add"),
        ("Share done", ("0.5", "0.25"), "share", "mean"),
        ("Agreement", ("0.5", "0.25"), "share", "mean"),
        ("Open tasks", ("3", "4"), "count", "mean"),
        ("Members", ("30", "41"), "count", "mean"),
        ("Visits", ("3", "4"), "count", "add"),
    ],
)
def test_units_are_guessed_by_the_header(guessed, header, cells, unit, over_time):
    columns, _ = guessed(f"date,{header}\n2026-01-01,{cells[0]}\n2026-01-02,{cells[1]}\n")
    assert (columns[header].role, columns[header].unit, columns[header].over_time) == ("value", unit, over_time)


def test_what_cannot_be_told_is_asked(guessed):
    _, found = guessed("date,visits\n03/04/2026,3\n05/06/2026,4\n05/06/2026,5\n")
    (period, _) = found.guess.columns
    assert period.doubts == ("whether the day or the month comes first cannot be told: format is %d/%m/%Y",)
    assert found.doubts == (
        "no columns tell all rows apart: rows of one period add up, and a newer file replaces whole periods",
    )


def test_rows_that_would_be_refused_are_counted_at_once(guessed):
    _, found = guessed("date,visits\n" + "".join(f"2026-01-0{day},{day}\n" for day in range(1, 9)) + "Total,36\n")
    assert found.rows == 8
    assert [one.rule for one in found.refused] == ["date is a day as %Y-%m-%d"]
    assert found.guess.columns[0].doubts == ("1 of 9 cells are no day",)


def test_a_sheet_without_days_or_numbers_is_written_with_what_is_missing(guessed):
    _, found = guessed("who,what\nAda,x\nBen,y\n")
    assert found.rows == 0
    assert [doubt.partition(":")[0] for doubt in found.doubts][-2:] == ["no column tells when", "no column is a number"]


def test_first_and_last_days_are_a_period_of_two_columns(guessed):
    columns, found = guessed("From,To,visits\n2026-01-01,2026-01-31,3\n2026-02-01,2026-02-28,4\n")
    assert (columns["From"].role, columns["To"].role, found.rows) == ("starts_on", "ends_on", 2)


def test_a_long_list_has_its_measures_in_a_column(guessed):
    columns, found = guessed(
        "month,what,how many\n2026-01,talks,3\n2026-01,calls,4\n2026-02,talks,3\n2026-02,calls,4\n"
    )
    assert (columns["what"].role, columns["how many"].role) == ("measure", "value")
    assert found.questions == (
        "upstander ask hand_counted --by month --where sheet=numbers --split measure --audience program",
    )


def test_of_a_workbook_with_several_sheets_one_must_be_chosen(home):
    rows = [row("Our trainings"), row("date", "people"), row(cell(46115, day=True), 3)]
    (home / "feeds/two.xlsx").write_bytes(packed(parts(rows, more={"Plan": "visible", "Old": "hidden"})))
    with pytest.raises(FeedFault, match="it has the sheets Sheet, Plan"):
        feed_new.propose(home, "two", home / "feeds/two.xlsx")
    found = feed_new.propose(home, "two", home / "feeds/two.xlsx", tab="Sheet")
    assert found.doubts == ("the header is taken to be row 2",)
    assert 'tab: "Sheet"\n        header_row: 2\n' in found.settings
    assert found.rows == 1


def test_another_encoding_is_found_and_asked_of(home):
    (home / "feeds/old.csv").write_bytes("date,besucher,größe\n2026-01-01,3,4\n".encode("cp1252"))
    found = feed_new.propose(home, "old", home / "feeds/old.csv")
    assert "encoding: cp1252" in found.settings
    assert found.doubts[0].startswith("it is not UTF-8")
    assert [one.column.name for one in found.guess.columns] == ["date", "besucher", "groe"]


@given(
    st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6),
    st.lists(st.text(max_size=20), min_size=6, max_size=6),
)
def test_whatever_headers_and_words_a_sheet_has_what_is_written_can_be_read_again(tmp_path_factory, headers, words):
    names = tuple(" ".join(name.split()) for name in headers)
    table = Table(names, 1, (Line(2, tuple(words[: len(names)])), Line(3, tuple(words[: len(names)]))), is_text=True)
    found = guess(table)
    text = sheet_writing.text("numbers", found)
    said = OpenDataContractStandard.model_validate(yaml.safe_load(text)).schema_[0].properties or []
    assert [(one.name, one.physicalName) for one in said] == [
        (one.column.name, one.column.header) for one in found.columns
    ]
    assert len({one.name for one in said}) == len(said)


def test_the_verb_says_what_was_guessed_and_what_is_left_to_do(run, home):
    ended, out, _ = run("feed", "new", "trainings", "feeds/trainings.csv")
    assert ended == 0
    assert "Trainer's name  note          may name people, by its header: never read" in out
    assert "5 rows of the sheet can be read so, and 0 are refused" in out
    assert "      - sheet: trainings\n" in out
    assert "upstander ask hand_people_counted --by month --where sheet=trainings --where measure=people_trained" in out
    assert "Ada" not in out


def test_the_verb_answers_programs(run, home):
    said = json.loads(run("feed", "new", "trainings", "feeds/trainings.csv", "--json")[1])
    assert said["contract"] == "contracts/trainings.odcs.yaml"
    assert said["columns"][0] == {
        "header": "Date",
        "name": "date",
        "role": "period",
        "why": "days from 2026-09-03 to 2026-10-29, each a day",
    }


def test_the_verb_ends_with_the_code_of_feeds_where_a_contract_is_there(run, home):
    (home / "contracts").mkdir()
    shutil.copy(CONTRACT, home / "contracts/trainings.odcs.yaml")
    ended, _, err = run("feed", "new", "trainings", "feeds/trainings.csv")
    assert ended == 11
    assert "there is a contract already" in err
