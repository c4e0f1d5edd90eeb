"""The whole way from files to a published build, and every way in which the last build must stay in force."""

import json
import os
import shutil
import time
from datetime import datetime
from pathlib import Path

import pytest

from data_contracts.faults import FeedFault, NotReleasable, UserFault
from etl import made_of, pipeline
from etl.warehouse import check
from etl.warehouse.connect import Reader, current
from etl.warehouse.pseudonym import make_key

CODE_DIGEST = pipeline.code_digest
SETTINGS = """\
program: Pigeon Care
invented: true
wikis: [{id: loft, name: Loft Wiki, language: en}]
feeds:
  tickets:
    desks:
      - desk: help
        files: ["feeds/*.csv"]
        zone: UTC
        format: "%Y-%m-%d %H:%M:%S"
        columns: {id: Ticket, opened: Created, first_response: Answered, resolved: Solved, queue: Queue}
"""
TICKETS = """\
Ticket,Created,Answered,Solved,Queue
1,2026-03-01 10:00:00,2026-03-01 11:00:00,2026-03-02 10:00:00,lost
2,2026-03-02 10:00:00,,,lost
3,yesterday,,,found
"""


class Stages:
    """Watches a build and remembers what it was told."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.rows: dict[str, int] = {}

    def stage(self, name: str) -> None:
        self.seen.append(name)

    def reading(self, feed: str, file: str, done: int, total: int, rows: int = 0) -> None:
        assert 0 < done <= total
        self.rows[feed] = rows

    def waiting(self, holder: str) -> None:
        self.seen.append(holder)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    then = time.time() - 600
    os.utime(path, (then, then))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """An instance with one build; tests copy it."""
    home = tmp_path_factory.mktemp("built")
    put(home / "upstander.yml", SETTINGS)
    put(home / "feeds/may.csv", TICKETS)
    make_key(home)
    watcher = Stages()
    return home, pipeline.build(home, watcher=watcher), watcher


@pytest.fixture
def home(built, tmp_path):
    return Path(shutil.copytree(built[0], tmp_path / "home"))


def rows(home: Path, query: str) -> list[tuple]:
    with Reader(home).cursor() as cursor:
        return cursor.execute(query).fetchall()


def test_a_build_says_what_came_in_and_what_was_set_aside(built):
    _, made, _ = built
    assert (made.build_id, made.is_new, made.program) == ("b000001", True, "Pigeon Care")
    assert [(one.feed, one.files, one.bytes, one.rows, one.rejected) for one in made.feeds] == [
        ("tickets", 1, len(TICKETS), 2, 1)
    ]
    assert [(one.feed, one.rows) for one in made.quarantined] == [("tickets", 1)]
    assert made.checks > 100


def test_as_of_is_the_midnight_after_the_latest_event(built):
    home, made, _ = built
    assert made.as_of == datetime(2026, 3, 3)
    assert rows(home, "SELECT as_of, program, invented FROM meta_build") == [(made.as_of, "Pigeon Care", True)]


def test_the_watcher_hears_of_every_stage_and_of_rows(built):
    assert built[2].seen == ["landing", "reading", "models", "metrics", "checks"]
    assert built[2].rows == {"tickets": 2}


def test_a_build_holds_marts_metrics_checks_and_what_it_knows_of_its_feeds(built):
    home = built[0]
    assert rows(home, "SELECT COUNT(*), COUNT(*) FILTER (is_answered) FROM mart_case") == [(2, 1)]
    assert rows(
        home, "SELECT value FROM metric_value WHERE metric = 'cases_opened' AND grain = 'total' AND split = ''"
    ) == [(2.0,)]
    assert rows(home, "SELECT feed, file, rows, rejected FROM meta_feed") == [("tickets", "feeds/may.csv", 2, 1)]
    assert [str(day) for day in rows(home, "SELECT starts_on, ends_on FROM meta_coverage")[0]] == [
        "2026-03-01",
        "2026-03-02",
    ]
    assert rows(home, "SELECT COUNT(*) FROM meta_check WHERE severity = 'error' AND NOT passed") == [(0,)]


def test_a_build_can_be_thrown_into_json(built):
    assert json.loads(json.dumps(built[1].as_json()))["feeds"][0]["rows"] == 2


def test_nothing_is_built_again_where_nothing_changed(home):
    again = pipeline.build(home)
    assert (again.build_id, again.is_new) == ("b000001", False)
    assert list(again.seconds) == ["landing"]


@pytest.mark.parametrize("change", ["file", "settings", "key"])
def test_a_change_of_file_setting_or_key_makes_a_new_build(home, change, monkeypatch):
    if change == "file":
        put(home / "feeds/may.csv", TICKETS + "4,2026-03-02 12:00:00,,,found\n")
    elif change == "settings":
        put(home / "upstander.yml", SETTINGS.replace("Pigeon Care", "Pigeons"))
    else:
        monkeypatch.setenv("UPSTANDER_KEY", "another key of the tests")
    digest = current(home)["digest"]
    assert pipeline._receive(home, pipeline.settings(home), pipeline.Unwatched()).digest != digest


def test_a_comment_in_the_settings_changes_nothing(home):
    put(home / "upstander.yml", "# of pigeons\n" + SETTINGS)
    assert not pipeline.build(home).is_new


def test_the_same_file_under_two_names_counts_once(home):
    put(home / "feeds/may-again.csv", TICKETS)
    landed = pipeline._receive(home, pipeline.settings(home), pipeline.Unwatched()).landed
    assert len(landed) == 1


def test_a_file_that_cannot_be_read_leaves_the_last_build_and_stays_in_landing(home):
    put(home / "feeds/june.csv", "")
    with pytest.raises(FeedFault, match=r"june\.csv") as caught:
        pipeline.build(home)
    assert caught.value.exit_code == 11
    assert Reader(home).build_id == "b000001"
    assert "feeds/june.csv" in (home / "landing/landed.jsonl").read_text()
    assert [path.name for path in (home / "builds").iterdir()] == ["b000001.duckdb"]


def test_the_faults_of_all_files_are_told_at_once(home):
    put(home / "feeds/june.csv", "")
    put(home / "feeds/july.csv", "Nothing,Known\n1,2\n")
    with pytest.raises(UserFault, match=r"(?s)july\.csv.*june\.csv"):
        pipeline.build(home)


def test_a_broken_rule_withholds_the_build_and_keeps_the_draft_out_of_force(home, monkeypatch):
    wrong = check.Check("pigeons have rings", "core_case", None, "error", False, 7, "contract:3: pigeons have rings")
    monkeypatch.setattr(check, "check_build", lambda *_: (wrong,))
    with pytest.raises(NotReleasable, match=r"(?s)7 x broken.*b000002\.withheld\.duckdb"):
        pipeline.build(home, force=True)
    assert Reader(home).build_id == "b000001"
    assert (home / "builds/b000002.withheld.duckdb").exists()


def test_a_model_that_fails_leaves_the_last_build(home, monkeypatch):
    monkeypatch.setattr(pipeline, "compute_metrics", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pipeline.build(home, force=True)
    assert [path.name for path in (home / "builds").iterdir()] == ["b000001.duckdb"]


def test_a_program_of_which_nothing_is_dated_must_say_as_of(home):
    put(home / "feeds/may.csv", TICKETS.splitlines()[0] + "\n3,yesterday,,,found\n")
    with pytest.raises(FeedFault, match="as_of"):
        pipeline.build(home)


def test_the_digest_of_the_code_changes_with_a_definition(tmp_path, monkeypatch):
    monkeypatch.setattr(made_of, "ROOT", tmp_path)
    put(tmp_path / "metrics/a.yml", "id: a")
    before = CODE_DIGEST()
    put(tmp_path / "metrics/a.yml", "id: b")
    assert CODE_DIGEST() != before
