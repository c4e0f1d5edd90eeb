"""Builds are numbered, published by a pointer, and nothing that dies takes the last one away."""

import json
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import duckdb
import pytest

from etl.warehouse.build import Draft, drafting, locked, publish, withhold
from etl.warehouse.connect import Reader, current


def make(home: Path, number: int) -> str:
    with locked(home), drafting(home) as draft:
        with draft.writing() as connection:
            connection.execute("CREATE TABLE t AS SELECT ? AS n", [number])
        publish(draft, {"digest": "d", "as_of": "2026-03-01"})
    return draft.build_id


def read(home: Path) -> int:
    with Reader(home).cursor() as cursor:
        return int(cursor.execute("SELECT n FROM t").fetchall()[0][0])


def files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "builds").iterdir())


def test_a_published_build_is_what_the_pointer_names(tmp_path):
    make(tmp_path, 7)
    assert json.loads((tmp_path / "CURRENT.json").read_text()) == {
        "build": "b000001", "file": "builds/b000001.duckdb", "digest": "d", "as_of": "2026-03-01",
    }  # fmt: skip
    assert read(tmp_path) == 7


def test_numbers_go_up_and_the_last_three_builds_are_kept(tmp_path):
    assert [make(tmp_path, n) for n in range(5)] == ["b000001", "b000002", "b000003", "b000004", "b000005"]
    assert files(tmp_path) == ["b000003.duckdb", "b000004.duckdb", "b000005.duckdb"]


def test_numbers_go_up_even_where_the_files_were_thrown_away(tmp_path):
    make(tmp_path, 1)
    make(tmp_path, 2)
    for name in files(tmp_path):
        (tmp_path / "builds" / name).unlink()
    assert make(tmp_path, 3) == "b000003"


def test_a_build_that_fails_leaves_the_last_one_in_force_and_nothing_behind(tmp_path):
    make(tmp_path, 1)
    with (
        pytest.raises(duckdb.CatalogException),
        locked(tmp_path),
        drafting(tmp_path) as draft,
        draft.writing() as connection,
    ):
        connection.execute("CREATE TABLE t AS SELECT n FROM nowhere")
    assert (read(tmp_path), files(tmp_path)) == (1, ["b000001.duckdb"])


@pytest.mark.parametrize("step", ["draft", "renamed", "pointer"])
def test_a_process_killed_at_any_step_leaves_a_whole_build_in_force(tmp_path, step):
    make(tmp_path, 1)
    script = f"""
        import os, sys
        from pathlib import Path
        from etl.warehouse import build
        home, replace, calls = Path({str(tmp_path)!r}), os.replace, []
        def killed_after(*names):
            if {step!r} == "draft":
                os._exit(9)
            replace(*names)
            calls.append(names)
            if len(calls) == {{"renamed": 1, "pointer": 2}}[{step!r}]:
                os._exit(9)
        build.os.replace = killed_after
        with build.locked(home), build.drafting(home) as draft:
            with draft.writing() as connection:
                connection.execute("CREATE TABLE t AS SELECT 2 AS n")
            build.publish(draft, {{}})
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False, cwd=Path(__file__).parents[2])
    assert ended.returncode == 9
    assert read(tmp_path) == (2 if step == "pointer" else 1)
    make(tmp_path, 3)
    assert read(tmp_path) == 3
    assert not [name for name in files(tmp_path) if "draft" in name]


def test_a_withheld_draft_is_kept_out_of_force_and_uses_up_its_number(tmp_path):
    make(tmp_path, 1)
    for _ in range(2):
        with locked(tmp_path), drafting(tmp_path) as draft:
            with draft.writing() as connection:
                connection.execute("CREATE TABLE t AS SELECT 2 AS n")
            kept = withhold(draft)
    assert (read(tmp_path), kept.name, draft.build_id) == (1, "b000003.withheld.duckdb", "b000003")
    assert files(tmp_path) == ["b000001.duckdb", "b000003.withheld.duckdb"]


def test_a_draft_says_nothing_to_readers(tmp_path):
    draft = Draft(tmp_path, "b000001")
    draft.path.parent.mkdir()
    with draft.writing() as connection:
        connection.execute("CREATE TABLE t AS SELECT 2 AS n")
    assert current(tmp_path) is None
    assert [path for path in files(tmp_path) if path.endswith(".wal")] == []


HOLDS = """
import sys
from pathlib import Path
from etl.warehouse.build import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_build_waits_for_the_first_and_says_who_has_the_right(tmp_path):
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        said: list[str] = []
        let_go = threading.Event()

        def release() -> None:
            let_go.set()
            other.stdin.close()

        threading.Timer(0.3, release).start()
        with locked(tmp_path, said.append):
            assert let_go.is_set()
    assert said[0].startswith(f"process {other.pid} since ")


def test_a_reader_of_a_build_that_is_removed_reads_on(tmp_path):
    make(tmp_path, 1)
    with Reader(tmp_path).cursor() as cursor:
        for number in range(2, 6):
            make(tmp_path, number)
        assert "b000001.duckdb" not in files(tmp_path)
        assert cursor.execute("SELECT n FROM t").fetchall() == [(1,)]


def test_the_file_of_a_build_is_whole_before_the_pointer_names_it(tmp_path, monkeypatch):
    seen = []
    replace = os.replace

    def watched(source, target):
        if Path(target).name == "CURRENT.json":
            with duckdb.connect(str(tmp_path / json.loads(Path(source).read_text())["file"]), read_only=True) as build:
                seen.append(build.execute("SELECT n FROM t").fetchall())
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    make(tmp_path, 4)
    assert seen == [[(4,)]]
