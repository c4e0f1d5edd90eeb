"""Raw tables hold what the contract says, names only as hashes, and rows that break it stand in quarantine."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from data_contracts.load import Column, Quality, Table
from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.warehouse.pseudonym import Pseudonym
from etl.warehouse.quarantine import create_quarantine, note_rejects, quarantine_breaking_rows
from etl.warehouse.raw import create_raw, load, to_arrow

KEY = Pseudonym(b"k" * 16)


def visits(**changes) -> Table:
    """A contract of the tests: pigeons that came to a loft."""
    columns = (
        Column("line", "line", "BIGINT", "", required=True),
        Column("pigeon", "pigeon_key", "VARCHAR", "", hashed=True, required=True),
        Column("came_at", "came_at", "TIMESTAMP", "", required=True),
        Column("colour", "colour", "VARCHAR", "", values=("grey", "white")),
        Column("weight", "weight", "BIGINT", "", minimum=1),
    )
    said = {
        "contract": "pigeons", "version": "1", "name": "raw_pigeons", "grain": "", "columns": columns, "quality": (), "key": (),
        "about_persons": False, "feeds": ("pigeons",), "event_time": "came_at", "path": "data_contracts/sources/pigeons.odcs.yaml",
    }  # fmt: skip
    return Table(**{**said, **changes})


def batch(*rows: tuple, **more) -> Batch:
    names = ("line", "pigeon", "came_at", "colour", "weight")
    return Batch("raw_pigeons", {name: [row[i] for row in rows] for i, name in enumerate(names)}, **more)


def landed(*names: str) -> Landed:
    files = tuple(LandedFile(Path(name), name, f"sha-{name}", 100, datetime(2026, 1, 1)) for name in names)
    return Landed(Delivery("pigeons", names), files)


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        create_quarantine(connection)
        yield connection


NOON = datetime(2026, 3, 1, 12)


def fill(connection, table: Table, *batches: Batch, files: tuple[str, ...] = ("a.csv",)):
    create_raw(connection, table)
    create_raw(connection, table, "set_aside")
    return load(connection, {table.name: table}, landed(*files), batches, KEY)


def judge(connection, table: Table) -> int:
    return quarantine_breaking_rows(connection, table, {"sha-a.csv": "a.csv"}, "set_aside")


def rows(connection, select: str) -> list[tuple]:
    return connection.execute(select).fetchall()


def test_a_raw_table_has_the_contracts_columns_and_the_file(connection):
    create_raw(connection, visits())
    described = [row[:2] for row in rows(connection, "DESCRIBE raw_pigeons")]
    assert described == [
        ("line", "BIGINT"), ("pigeon_key", "VARCHAR"), ("came_at", "TIMESTAMP"), ("colour", "VARCHAR"), ("weight", "BIGINT"), ("_file", "VARCHAR"),
    ]  # fmt: skip


def test_names_are_hashed_at_the_door_and_the_rest_stays_as_it_came(connection):
    fill(connection, visits(), batch((1, "Rosa", NOON, "grey", None)))
    assert rows(connection, "SELECT * FROM raw_pigeons") == [
        (1, KEY.hash_column(["Rosa"])[0], NOON, "grey", None, "sha-a.csv")
    ]


def test_rows_and_rejects_are_counted_by_the_file_they_came_in(connection):
    refused = Reject(3, "came_at is no time", "came_at is aaaa")
    loaded = fill(
        connection,
        visits(),
        batch((1, "Rosa", NOON, None, None), rejects=(refused,)),
        batch((1, "Ben", NOON, None, 2), file=1),
        files=("a.csv", "b.csv"),
    )
    assert [(one.file.name, one.rows, len(one.rejects)) for one in loaded] == [("a.csv", 1, 1), ("b.csv", 1, 0)]
    note_rejects(connection, loaded)
    assert rows(connection, "FROM quarantine") == [("pigeons", "a.csv", 3, "came_at is no time", "came_at is aaaa")]


def test_progress_tells_bytes_and_rows_of_the_file(connection):
    create_raw(connection, visits())
    seen = []
    batches = [batch((1, "Rosa", NOON, None, 1), done=40), batch((2, "Ben", NOON, None, 1), done=100)]
    load(connection, {"raw_pigeons": visits()}, landed("a.csv"), batches, KEY, lambda *told: seen.append(told))
    assert seen == [("a.csv", 40, 100, 1), ("a.csv", 100, 100, 2)]


def test_a_batch_with_other_columns_than_the_contract_is_a_bug(connection):
    create_raw(connection, visits())
    wrong = Batch("raw_pigeons", {"line": [1]})
    with pytest.raises(ValueError, match="came_at"):
        load(connection, {"raw_pigeons": visits()}, landed("a.csv"), [wrong], KEY)


def test_a_value_of_another_type_than_the_contract_says_so_with_its_line(connection):
    create_raw(connection, visits())
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)) as caught:
        load(connection, {"raw_pigeons": visits()}, landed("a.csv"), [batch((1, "Rosa", "noon", None, 1))], KEY)
    assert "came_at" in caught.value.__notes__[0]


def test_breaking_rows_move_to_quarantine_with_line_rule_and_shape_of_the_value(connection):
    fill(
        connection,
        visits(),
        batch((2, "Rosa", NOON, "Blue 7", 3), (3, "Ben", NOON, "grey", 0), (4, "Cho", NOON, "white", 5)),
    )
    assert judge(connection, visits()) == 2
    assert rows(connection, "SELECT line FROM raw_pigeons") == [(4,)]
    assert rows(connection, "SELECT line FROM set_aside ORDER BY line") == [(2,), (3,)]
    assert rows(connection, "FROM quarantine ORDER BY line") == [
        ("pigeons", "a.csv", 2, "colour is one of grey, white", "colour is Aaaa 9"),
        ("pigeons", "a.csv", 3, "weight is at least 1", "weight is 0"),
    ]


def test_a_row_that_breaks_two_rules_is_noted_once_under_the_first(connection):
    fill(connection, visits(), batch((2, "Rosa", NOON, "blue", 0)))
    assert judge(connection, visits()) == 1
    assert rows(connection, "SELECT rule FROM quarantine") == [("colour is one of grey, white",)]


def test_neither_a_name_nor_its_hash_stands_in_an_excerpt(connection):
    named = Quality(
        "No pigeon is called twice", "error", "SELECT COUNT(*) FROM {object} WHERE pigeon_key IS NOT NULL", 9
    )
    fill(connection, visits(quality=(named,)), batch((2, "Rosa", NOON, "grey", 1)))
    judge(connection, visits(quality=(named,)))
    assert rows(connection, "SELECT excerpt FROM quarantine") == [("pigeon_key has a value",)]


def test_a_missing_name_is_said_to_be_missing(connection):
    fill(connection, visits(), batch((2, None, NOON, "grey", 1)))
    judge(connection, visits())
    assert rows(connection, "SELECT excerpt FROM quarantine") == [("pigeon_key is empty",)]


def test_of_rows_with_the_same_key_the_first_line_stays(connection):
    table = visits(key=("pigeon_key", "came_at"))
    fill(connection, table, batch((3, "Rosa", NOON, "grey", 1), (2, "Rosa", NOON, "grey", 2)))
    judge(connection, table)
    assert rows(connection, "SELECT line FROM raw_pigeons") == [(2,)]
    assert rows(connection, "SELECT line, excerpt FROM quarantine") == [(3, "pigeon_key has a value")]


def test_a_rule_of_severity_warning_takes_no_row_away(connection):
    heavy = Quality("Pigeons weigh less than 900 g", "warning", "SELECT COUNT(*) FROM {object} WHERE weight >= 900", 9)
    fill(connection, visits(quality=(heavy,)), batch((2, "Rosa", NOON, "grey", 1000)))
    assert judge(connection, visits(quality=(heavy,))) == 0


def test_dates_and_truth_keep_their_types(connection):
    table = visits(columns=(Column("day", "day", "DATE", ""), Column("is_ringed", "is_ringed", "BOOLEAN", "")))
    create_raw(connection, table)
    load(
        connection,
        {"raw_pigeons": table},
        landed("a.csv"),
        [Batch("raw_pigeons", {"day": [date(2026, 3, 1)], "is_ringed": [None]})],
        KEY,
    )
    assert rows(connection, "SELECT day, is_ringed FROM raw_pigeons") == [(date(2026, 3, 1), None)]


def test_rows_in_many_pieces_are_handed_to_the_database_in_one():
    """Each piece would cost the database memory of its own: a batch of 5,000 pieces once took a gigabyte."""
    pieces = pa.chunked_array([pa.array([line]) for line in range(100)])
    nothing = pa.chunked_array([pa.nulls(1) for _ in range(100)])
    given = {"line": pieces, "pigeon": nothing, "came_at": nothing, "colour": nothing, "weight": pieces}
    arrow = to_arrow(visits(), given, "sha", KEY)
    assert [len(column.chunks) for column in arrow.columns] == [1] * 6
    assert arrow["line"].to_pylist() == [*range(100)]


def test_a_dictionary_of_words_goes_into_a_column_of_text(connection):
    create_raw(connection, visits())
    given = {"line": [1, 2], "pigeon": [None, None], "came_at": [NOON, NOON], "weight": [1, 2]}
    words = pa.array(["grey", None]).dictionary_encode()
    load(
        connection, {"raw_pigeons": visits()}, landed("a.csv"), [Batch("raw_pigeons", {**given, "colour": words})], KEY
    )
    assert rows(connection, "SELECT colour FROM raw_pigeons ORDER BY line") == [("grey",), (None,)]
