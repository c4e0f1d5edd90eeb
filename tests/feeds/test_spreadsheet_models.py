"""What becomes of numbers that somebody counts by hand: each once, the newest file's, in marts of things and of people."""

import pytest

from etl.sources import spreadsheet
from tests.delivered import broken, landed, load_feed, run
from tests.feeds.sheets import contract, delivery, lines
from tests.tables import rows

MODELS = ("core_number", "core_hand_count", "mart_hand_count", "mart_hand_person")
KEYED = contract("date: period key", "wiki: wiki key", "talks: value", "people: value unit=people")


@pytest.fixture
def kept(connection, tmp_path):
    """The models made of a sheet's files, the oldest first."""

    def kept(*files, said=KEYED, as_of="2026-11-01", **told):
        paths = [tmp_path / "numbers.odcs.yaml", *(tmp_path / f"numbers-{place}.csv" for place in range(len(files)))]
        for path, text in zip(paths, (said, *files), strict=True):
            path.write_text(text, encoding="utf-8")
        load_feed(connection, spreadsheet, [landed(delivery(**told), *paths)])
        run(connection, as_of, *MODELS)
        return lambda *columns: rows(connection, "core_hand_count", *columns)

    return kept


def test_a_corrected_row_of_a_newer_file_replaces_the_older_one_and_the_others_stay(kept):
    old = lines("date,wiki,talks,people", "2026-01-01,en.demo,3,", "2026-01-01,sw.demo,4,")
    new = lines("date,wiki,talks,people", "2026-01-01,en.demo,5,")
    assert kept(old, new)("wiki", "value") == [("en.demo", 5), ("sw.demo", 4)]


def test_what_a_newer_file_says_nothing_of_any_more_is_not_known(kept):
    old = lines("date,wiki,talks,people", "2026-01-01,en.demo,3,7")
    new = lines("date,wiki,talks,people", "2026-01-01,en.demo,3,")
    assert kept(old, new)("measure", "value") == [("talks", 3)]


def test_what_an_older_file_says_more_does_not_count(kept):
    old = lines("date,wiki,talks,people", "2026-01-01,en.demo,3,7", "2026-01-02,en.demo,1,")
    new = lines("date,wiki,talks,people", "2026-01-01,en.demo,5,", "2026-01-02,en.demo,,")
    assert kept(new, old)("measure", "value") == [("people", 7), ("talks", 1), ("talks", 3)]


def test_without_a_key_a_newer_file_replaces_the_periods_of_which_it_tells(kept):
    said = contract("date: period", "talks: value")
    old = lines("date,talks", "2026-01-01,3", "2026-01-01,4", "2026-01-02,5")
    new = lines("date,talks", "2026-01-01,9")
    found = kept(old, new, said=said)("starts_at", "value")
    assert [(at.day, value) for at, value in found] == [(1, 9), (2, 5)]


def test_a_period_that_is_not_over_is_not_counted_yet(kept):
    said = contract("month: period format=%Y-%m key", "talks: value")
    found = kept(lines("month,talks", "2026-09,3", "2026-10,4"), said=said, as_of="2026-10-31")
    assert found("value") == [(3,)]


def test_people_become_as_many_rows_and_a_0_one_row_without_a_person(kept, connection):
    kept(lines("date,wiki,talks,people", "2026-01-01,en.demo,1,2", "2026-01-02,en.demo,1,0", "2026-01-03,en.demo,1,"))
    found = rows(connection, "mart_hand_person", "counted_at", "is_person")
    assert [(at.day, is_person) for at, is_person in found] == [(1, True), (1, True), (2, None)]
    assert rows(connection, "mart_hand_count", "measure", "value") == [("talks", 1)] * 3


def test_words_that_are_missing_are_told_as_not_said(kept, connection):
    kept(lines("date,talks", "2026-01-01,3"), said=contract("date: period", "talks: value"))
    assert rows(connection, "mart_hand_count", "wiki", "group_name", "span") == [(None, "not_said", "day")]


def test_a_total_row_of_a_quarter_in_a_list_of_months_is_warned_of(kept, connection):
    said = contract("from: starts_on key", "to: ends_on key", "talks: value")
    kept(lines("from,to,talks", "2026-01-01,2026-01-31,3", "2026-01-01,2026-03-31,3"), said=said)
    assert broken(connection, "core_hand_count", severity="warning") == [
        "all periods of one measure of a sheet are equally long"
    ]


def test_keys_are_hashed_at_the_door(kept, connection):
    said = contract("date: period", "id: key key", "talks: value")
    kept(lines("date,id,talks", "2026-01-01,training-4711,3"), said=said)
    assert "4711" not in repr(connection.execute("FROM raw_spreadsheet").fetchall())
