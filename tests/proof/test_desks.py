"""A program whose cases come from Zendesk, Znuny and a CSV export, and whose tasks come from Phabricator, built whole."""

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from etl import pipeline
from etl.warehouse.connect import current
from etl.warehouse.pseudonym import make_key
from tests.server import Server, as_json

SAMPLES = Path(__file__).parents[1] / "feeds" / "samples"
SETTINGS = """
program: Pigeon Care
invented: true
as_of: 2026-11-05
network: {{hosts: ["{host}"], contact: "https://pigeons.example"}}
feeds:
  zendesk:
    desks: [{{desk: threats, base: "http://{host}", start: 2026-09-01, requests_a_minute: 100}}]
  znuny:
    desks: [{{desk: office, files: [znuny.csv], diff_in_minutes: left}}]
  tickets:
    desks:
      - {{desk: old, files: [tickets.csv], columns: {{id: Ticket, opened: Created, resolved: Solved, first_response: First reply}}}}
  phabricator:
    trackers:
      - {{tracker: tasks, base: "http://{host}", start: 2026-09-01, rules: [{{tag: "^irs$", project: reporting}}]}}
"""
SECRETS = {
    "ZENDESK_EMAIL": "bot@pigeons.example",
    "ZENDESK_TOKEN": "tok-4711-secret",
    "PHABRICATOR_TOKEN": "api-4711-secret",
}


@pytest.fixture
def home(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    first, second, events = (json.loads(line) for line in (SAMPLES / "zendesk.jsonl").read_text().splitlines())
    server.script(
        "/api/v2/incremental/tickets/cursor.json", as_json(first), as_json(second), as_json({**second, "tickets": []})
    )
    server.script("/api/v2/incremental/ticket_metric_events.json", as_json(events))
    tasks, tags, history = (json.loads(line) for line in (SAMPLES / "phabricator.jsonl").read_text().splitlines())
    newest = max(tasks["result"]["data"], key=lambda task: task["fields"]["dateModified"])
    later = {
        **tasks,
        "result": {**tasks["result"], "data": [newest]},
    }  # what was changed at the cursor's second or later
    server.script("/api/maniphest.search", as_json(tasks), as_json(later))
    server.script("/api/project.search", as_json(tags))
    server.script("/api/maniphest.gettasktransactions", as_json(history))
    for name in ("znuny.csv", "tickets.csv"):
        shutil.copy(SAMPLES / name, tmp_path / name)
    (tmp_path / "upstander.yml").write_text(SETTINGS.format(host=server.host))
    make_key(tmp_path)
    return tmp_path


def test_cases_of_three_desks_and_tasks_are_in_one_build_and_nothing_personal_is(home: Path, server: Server) -> None:
    summary = pipeline.build(home)
    assert summary.is_new
    with duckdb.connect(str(home / str((current(home) or {})["file"])), read_only=True) as build:
        counts = dict(build.execute("SELECT desk, COUNT(*) FROM core_case GROUP BY desk").fetchall())
        assert (counts["threats"], counts["office"]) == (4, 3)
        assert counts["old"] >= 5
        assert build.execute("SELECT COUNT(*) FROM mart_task WHERE project = 'reporting'").fetchall() == [(2,)]
        told = build.execute(
            "SELECT DISTINCT metric FROM metric_value WHERE metric IN ('sla_met_share', 'tasks_open', 'cases_open_30d') ORDER BY 1"
        ).fetchall()
        assert told == [("cases_open_30d",), ("sla_met_share",), ("tasks_open",)]
    assert not pipeline.build(home).is_new  # the servers had nothing new, and so there is nothing to do
    for path in home.rglob("*"):
        if path.is_file() and path.name not in ("znuny.csv", "tickets.csv", "upstander.yml"):
            content = path.read_bytes()
            where = path.relative_to(home)
            assert not [one for one in SECRETS.values() if one.encode() in content], where
            if where.parts[0] == "builds":
                assert not [word for word in (b"Ada Example", b"Ben Example", b"follows me") if word in content], where
