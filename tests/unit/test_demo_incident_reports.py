"""The demo program's report form: what was planted stands in its file, with the habits of a stream, and nothing passes."""

import gzip
import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest
import yaml

from etl.demo.incident_reports import DETAILS, FILE, SAMPLE_RATE
from etl.demo.planted import CUT_EVENTS, REPORT_BUTTON_SINCE, REPORTS_ABANDONED_SHARE, REPORTS_THROUGH_SHARE
from etl.sources import incident_reports
from tests.delivered import landed, load_feed, run
from tests.tables import rows

MADE = ("core_report_event", "mart_report_funnel", "mart_report_submission")


@pytest.fixture(scope="module")
def lines(demo_home: Path) -> list[str]:
    return gzip.decompress((demo_home / FILE).read_bytes()).decode().splitlines()


@pytest.fixture(scope="module")
def built(demo_home: Path):
    settings = yaml.safe_load((demo_home / "upstander.yml").read_text(encoding="utf-8"))["feeds"]["incident_reports"]
    (delivery,) = incident_reports.deliveries(incident_reports.Settings.model_validate(settings))
    with duckdb.connect() as connection:
        load_feed(connection, incident_reports, [landed(delivery, demo_home / FILE)])
        run(connection, "2026-11-19", *MADE)
        yield connection


def test_some_events_come_twice_some_late_some_are_trials_and_some_are_cut_off(lines):
    events = [json.loads(line) for line in lines if line.endswith("}")]
    assert len(lines) - len(events) == CUT_EVENTS
    ids = Counter(event["meta"]["id"] for event in events)
    assert max(ids.values()) == 2
    assert 50 < sum(count - 1 for count in ids.values()) < 200
    times = [event["meta"]["dt"] for event in events]
    assert times != sorted(times)
    assert min(times) >= REPORT_BUTTON_SINCE.isoformat()
    assert sum(event["meta"]["domain"] == "canary" for event in events) > 150


def test_exactly_the_events_that_were_cut_off_are_set_aside(built):
    assert len(rows(built, "quarantine", "line")) == CUT_EVENTS


def test_the_shares_that_were_planted_are_found(built):
    found = Counter(outcome for (outcome,) in rows(built, "mart_report_funnel", "outcome"))
    started = found.total() - found["not_started"]
    assert 500 < started < 800
    assert found["submitted"] / started == pytest.approx(REPORTS_THROUGH_SHARE, abs=0.04)
    assert found["abandoned"] / started == pytest.approx(REPORTS_ABANDONED_SHARE, abs=0.04)
    assert found["failed"] > 10


def test_it_is_a_sample_of_people_and_all_of_the_servers_reports(built):
    assert set(rows(built, "mart_report_funnel", "sample", "sample_rate")) == {("part", SAMPLE_RATE)}
    assert set(rows(built, "mart_report_submission", "sample")) == {("everybody",)}
    assert 1800 < len(rows(built, "mart_report_submission", "wiki")) < 2400


def test_nobody_who_was_reported_and_nothing_that_was_written_stands_in_the_tables(built, lines):
    said = "\n".join(lines)
    assert '"reportedUserId' in said.replace("\\", "")
    assert any(text in said for text in DETAILS)
    stored = "".join(
        str(rows(built, name, *_columns(built, name))) for name in ("raw_incident_reports", "quarantine", *MADE)
    )
    numbers = {line.split('reportedUserId\\":')[1][:7] for line in lines if "reportedUserId" in line}
    assert len(numbers) > 1500
    cells = set(stored.replace("'", " ").replace(",", " ").split())
    assert not numbers & cells
    assert not [text for text in DETAILS if text[:12] in stored]


def _columns(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    return [column for column, *_ in connection.execute(f"DESCRIBE {name}").fetchall()]
