"""Purging: rows older than their limit are nowhere any more, and no figure changes by it; nor by a new key for names."""

import gzip
import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from data_contracts.faults import NotReleasable
from etl import pipeline, purge
from etl.warehouse import match
from etl.warehouse.connect import current
from etl.warehouse.pseudonym import make_key, pseudonym
from tests.unit.test_pipeline import put, rows

SETTINGS = """\
program: Report Wikis
invented: true
wikis: [{id: en.demo, name: Demo Wiki, language: en}]
feeds:
  incident_reports:
    files: ["feeds/*.jsonl*"]
    wikis: {endemowiki: en.demo}
"""
TODAY = date(2026, 11, 21)
HORIZON = date(2026, 8, 23)  # 90 days before
OLD, NEW = "Ada Gone", "Ben Staying"
EXPECTED = "SELECT * FROM metric_value WHERE metric = 'reports_submitted' AND grain = 'month' AND split = '' ORDER BY starts_on"


def submitted(number: int, at: datetime, name: str) -> str:
    """A report that the server took, with who sent it, against whom, in what words."""
    meta = {"id": f"event-{number}", "dt": f"{at:%Y-%m-%dT%H:%M:%SZ}", "domain": "en.wikipedia.org"}
    meta["stream"] = "mediawiki.product_metrics.incident_reporting_system_interaction"
    said = {
        "type": "unacceptable-user-behavior",
        "reportedUserId": 990017,
        "somethingElseDetails": f"{name} wrote this",
    }
    return json.dumps(
        {
            "$schema": "/analytics/product_metrics/web/base/1.3.0",
            "meta": meta, "dt": meta["dt"], "action": "submit", "action_source": "api",
            "action_context": json.dumps(said), "funnel_entry_token": f"funnel {name} {number}",
            "funnel_event_sequence_position": 9, "mediawiki": {"database": "endemowiki"},
            "performer": {"name": name, "id": 4711, "edit_count_bucket": "5-99 edits", "is_temp": False, "is_bot": False},
        }
    )  # fmt: skip


def lines(first: date, days: int, name: str, start: int) -> str:
    """One report each day at noon."""
    noon = datetime.combine(first, datetime.min.time()) + timedelta(hours=12)
    return "".join(submitted(start + day, noon + timedelta(days=day), name) + "\n" for day in range(days))


@pytest.fixture(scope="module")
def built(made_once):
    """A packed file of old events, and one in which old and new ones lie mixed."""

    def build(home: Path) -> None:
        put(home / "upstander.yml", SETTINGS)
        put(home / "feeds/mixed.jsonl", lines(date(2026, 8, 1), 22, OLD, 200) + lines(HORIZON, 60, NEW, 300))
        (home / "feeds/old.jsonl.gz").write_bytes(gzip.compress(lines(date(2026, 5, 1), 92, OLD, 0).encode()))
        make_key(home)
        pipeline.build(home)

    return made_once("reports", build)


@pytest.fixture
def home(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "home"))


@pytest.fixture(scope="module")
def purged(built, tmp_path_factory):
    home = Path(shutil.copytree(built, tmp_path_factory.mktemp("purged") / "home"))
    return home, purge.purge(home, TODAY)


def holders(home: Path, *words: str, beside: tuple[str, ...] = ("feeds",)) -> list[str]:
    """The files of an instance in which any of the words stands, unpacked where they are packed."""
    found = []
    for path in sorted(path for path in home.rglob("*") if path.is_file() and path.parent.name not in beside):
        content = path.read_bytes()
        content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        if any(word.encode() in content for word in words):
            found.append(path.relative_to(home).parts[0])
    return found


def test_the_old_rows_are_nowhere_and_the_new_ones_as_they_were_received(purged):
    home, done = purged
    assert {(Path(one.file).name, one.rows) for one in done} == {("mixed.jsonl", 22), ("old.jsonl.gz", 92)}
    assert holders(home, OLD, "event-0", "event-221") == []
    assert holders(home, NEW) == ["landing"]
    assert rows(home, "SELECT COUNT(*), MIN(submitted_at)::DATE FROM mart_report_submission") == [(60, HORIZON)]


def test_no_figure_changes(built, purged):
    home, _ = purged
    before, after = (one / current(one)["file"] for one in (built, home))
    assert match.differences(after, before) == {}
    assert rows(built, EXPECTED) == rows(home, EXPECTED)
    assert [row[7] for row in rows(home, EXPECTED)] == [31.0, 30.0, 31.0, 31.0, 30.0, 21.0]


def test_what_was_deleted_is_written_down_without_saying_what_it_was(purged):
    home, _ = purged
    said = [json.loads(line) for line in (home / purge.LOG).read_text().splitlines()]
    assert sorted((one["feed"], one["rows"], one["horizon"]) for one in said) == [
        ("incident_reports", 22, "2026-08-23"),
        ("incident_reports", 92, "2026-08-23"),
    ]


def test_only_the_build_in_force_is_left(purged):
    home, _ = purged
    assert [path.name for path in (home / "builds").iterdir()] == [Path(current(home)["file"]).name]


def test_a_file_that_comes_again_stays_purged_and_a_new_one_is_counted(purged, tmp_path):
    home = Path(shutil.copytree(purged[0], tmp_path / "again"))
    (home / "feeds/old.jsonl.gz").touch()
    put(home / "feeds/more.jsonl", lines(date(2026, 10, 22), 10, NEW, 900) + lines(date(2026, 5, 1), 3, OLD, 990))
    pipeline.build(home)
    assert [row[7] for row in rows(home, EXPECTED)] == [31.0, 30.0, 31.0, 31.0, 30.0, 31.0]
    later = purge.purge(home, TODAY + timedelta(days=30))
    assert [row[7] for row in rows(home, EXPECTED)] == [31.0, 30.0, 31.0, 31.0, 30.0, 31.0]
    assert sum(one.rows for one in later) == 30 + 3
    assert holders(home, OLD) == []


def test_a_question_that_needs_the_deleted_rows_is_answered_with_no_data(purged, monkeypatch):
    from metrics import query

    monkeypatch.setenv("UPSTANDER_HOME", str(purged[0]))
    dimensions = query.definitions()["reports_submitted"].dimensions
    asked = query.ask("reports_submitted", by="month", split=dimensions[:3], audience="program")
    assert {figure.start for figure in asked.figures if figure.value is not None} == {
        date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1),
    }  # fmt: skip


def test_a_purge_that_would_change_a_figure_does_not_happen(home, monkeypatch):
    taken = purge.kept.take

    def forgetful(build, horizons, limits):
        return taken(build, horizons, {})

    monkeypatch.setattr(purge.kept, "take", forgetful)
    with pytest.raises(NotReleasable, match="reports_submitted"):
        purge.purge(home, TODAY)
    assert holders(home, OLD) == ["landing", "landing"]
    monkeypatch.undo()
    assert pipeline.build(home).is_new is False


def test_a_new_key_changes_every_hash_and_no_figure(home, built):
    old = pseudonym(home).hash_column(["event-0", f"funnel {OLD} 0", f"funnel {NEW} 310"])
    purge.rekey(home)
    assert holders(home, *[str(one) for one in old]) == []
    assert match.differences(home / current(home)["file"], built / current(built)["file"]) == {}
    assert pseudonym(home).hash_column(["event-0"]) != old[:1]
