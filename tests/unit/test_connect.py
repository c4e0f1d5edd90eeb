"""Readers follow the pointer, keep what they have open, and can reach nothing else."""

import json
import os
import threading

import duckdb
import pytest

from data_contracts.faults import NoBuild
from etl.warehouse.connect import Reader, home, reader


@pytest.fixture
def publish(tmp_path):
    def publish(build: str, number: int) -> None:
        file = f"builds/{build}.duckdb"
        (tmp_path / "builds").mkdir(exist_ok=True)
        with duckdb.connect(str(tmp_path / file)) as connection:
            connection.execute("CREATE TABLE t AS SELECT ? AS n", [number])
        (tmp_path / "draft").write_text(json.dumps({"build": build, "file": file}))
        os.replace(tmp_path / "draft", tmp_path / "CURRENT.json")

    return publish


def number(reader: Reader) -> int:
    with reader.cursor() as cursor:
        return int(cursor.execute("SELECT n FROM t").fetchall()[0][0])


def test_without_a_build_the_reader_is_told_to_build(tmp_path):
    with pytest.raises(NoBuild, match="upstander build") as caught:
        number(Reader(tmp_path))
    assert caught.value.exit_code == 13


def test_a_pointer_to_a_file_that_is_gone_is_no_build(tmp_path, publish):
    publish("b000001", 1)
    (tmp_path / "builds/b000001.duckdb").unlink()
    with pytest.raises(NoBuild, match=r"b000001\.duckdb"):
        number(Reader(tmp_path))


def test_a_build_of_another_version_is_told_as_such(tmp_path, publish):
    publish("b000001", 1)
    for query in ("SELECT m FROM t", "SELECT n FROM of_later"):
        with (
            pytest.raises(NoBuild, match="another version of the program made the build"),
            Reader(tmp_path).cursor() as cursor,
        ):
            cursor.execute(query)


def test_the_next_build_is_seen_as_soon_as_it_is_published(tmp_path, publish):
    publish("b000001", 1)
    one = Reader(tmp_path)
    assert (number(one), one.build_id) == (1, "b000001")
    publish("b000002", 2)
    assert (one.build_id, number(one)) == ("b000002", 2)


def test_an_open_cursor_keeps_its_build_even_when_its_file_is_removed(tmp_path, publish):
    publish("b000001", 1)
    one = Reader(tmp_path)
    with one.cursor() as before:
        publish("b000002", 2)
        (tmp_path / "builds/b000001.duckdb").unlink()
        assert number(one) == 2
        assert before.execute("SELECT n FROM t").fetchall() == [(1,)]


def test_threads_read_through_publications_without_a_torn_or_failed_read(tmp_path, publish):
    publish("b000001", 1)
    one, seen, faults = Reader(tmp_path), [], []

    def read() -> None:
        try:
            seen.extend(number(one) for _ in range(20))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must show it
            faults.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    publish("b000002", 2)
    for thread in threads:
        thread.join()
    assert faults == []
    assert set(seen) <= {1, 2}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{file}')",
        "COPY t TO '{file}'",
        "ATTACH '{file}' AS other",
        "SET enable_external_access = true",
        "INSERT INTO t VALUES (9)",
    ],
)
def test_no_statement_reaches_a_file_a_setting_or_the_build_itself(tmp_path, publish, statement):
    publish("b000001", 1)
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with Reader(tmp_path).cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement.format(file=tmp_path / "secret.csv")).fetchall()


def test_home_is_the_environments_or_the_folder_instance(monkeypatch, tmp_path):
    monkeypatch.setenv("UPSTANDER_HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv("UPSTANDER_HOME")
    assert str(home()) == "instance"


def test_a_process_has_one_reader_per_instance(tmp_path):
    assert reader(tmp_path) is reader(tmp_path / "x" / "..")
