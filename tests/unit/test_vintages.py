"""What builds said of closed periods outlives them, and what changes since has a cause."""

import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_contracts.faults import DefinitionFault, NotReleasable
from etl import pipeline
from etl.made_of import rests
from etl.warehouse import vintages
from etl.warehouse.connect import Reader
from etl.warehouse.pseudonym import make_key
from etl.warehouse.vintages import Rests, Why
from metrics import query
from tests.restated import HEAD, SETTINGS, put

ROWS = """\
1,2026-03-01 10:00:00,2026-03-01 11:00:00,2026-03-02 10:00:00,lost
2,2026-03-12 10:00:00,2026-03-12 12:00:00,2026-03-13 10:00:00,lost
3,2026-05-30 10:00:00,2026-05-30 11:00:00,2026-05-31 10:00:00,found
"""
LATE = "4,2026-03-13 10:00:00,2026-03-13 12:00:00,2026-03-14 10:00:00,lost\n"
MARCH = (
    "SELECT value, build_id, cause FROM metric_vintage WHERE metric = 'cases_opened' AND split = '' "
    "AND grain = 'month' AND label = '2026-03' ORDER BY build_id"
)
CHANGED = "SELECT DISTINCT metric, cause, said FROM metric_vintage WHERE build_id = 'b000002' AND cause IS NOT NULL"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    home = tmp_path_factory.mktemp("vintages")
    put(home / "upstander.yml", SETTINGS)
    put(home / "feeds/spring.csv", HEAD + ROWS)
    make_key(home)
    pipeline.build(home)
    return home


@pytest.fixture
def home(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "home"))


def rows(home: Path, query: str) -> list[tuple]:
    with Reader(home).cursor() as cursor:
        return cursor.execute(query).fetchall()


def test_a_first_build_says_everything_for_the_first_time(home):
    assert rows(home, MARCH) == [(2.0, "b000001", None)]
    assert sorted(path.name for path in (home / "vintages").iterdir()) == ["b000001.json", "b000001.parquet"]


def test_only_closed_periods_are_remembered(home):
    months = "SELECT label FROM metric_vintage WHERE metric = 'cases_opened' AND split = '' AND grain = 'month'"
    assert sorted(rows(home, months)) == [("2026-03",), ("2026-04",), ("2026-05",)]
    assert rows(home, "SELECT COUNT(*) FROM metric_vintage WHERE grain = 'total' OR state <> 'final'") == [(0,)]


def test_a_case_that_comes_late_restates_its_month_and_says_that_files_came(home):
    put(home / "feeds/late.csv", HEAD + LATE)
    pipeline.build(home)
    assert rows(home, MARCH) == [(2.0, "b000001", None), (3.0, "b000002", "data")]
    changed = rows(home, CHANGED)
    assert ("cases_opened", "data", "new or changed files of tickets") in changed
    assert {cause for _, cause, _ in changed} == {"data"}


def test_what_was_said_before_builds_knew_approximate_values_is_still_known(home):
    said = home / "vintages/b000001.parquet"
    pq.write_table(pq.read_table(said).drop_columns("error"), said)
    put(home / "feeds/late.csv", HEAD + LATE)
    pipeline.build(home)
    assert rows(home, MARCH) == [(2.0, "b000001", None), (3.0, "b000002", "data")]
    assert "error" in pq.read_schema(home / "vintages/b000002.parquet").names
    (home / "feeds/late.csv").unlink()
    pipeline.build(home)  # now one file has the column and the other has none
    assert len(rows(home, MARCH)) >= 2


def test_a_correction_is_told_as_one(home):
    put(home / "corrections/2026-06-02-twice.yml", CORRECTION)
    pipeline.build(home)
    assert rows(home, MARCH) == [(2.0, "b000001", None), (1.0, "b000002", "correction")]


CORRECTION = """\
feed: tickets
table: raw_tickets
on: 2026-06-02
by: trust-and-safety
why: The case was opened twice by mistake.
rows: 1
drop: true
where: {line: 3}
"""


def test_values_that_are_gone_are_restated_as_unknown(home):
    settings = (home / "upstander.yml").read_text(encoding="utf-8").replace("as_of: 2026-06-01", "as_of: 2026-05-01")
    put(home / "upstander.yml", settings)
    pipeline.build(home)
    may = MARCH.replace("2026-03", "2026-05").replace("value", "value, state")
    assert [row[:2] for row in rows(home, may)] == [(1.0, "final"), (None, "no_data")]


def test_a_value_that_changes_without_a_cause_is_not_published(home, monkeypatch):
    """Which two builds of the same never do; so here a build is told that nothing changed."""
    put(home / "feeds/late.csv", HEAD + LATE)
    monkeypatch.setattr(vintages, "why", lambda *asked: Why("unexplained", "nothing"))
    with pytest.raises(NotReleasable, match=r"values of closed periods changed.*cases_opened"):
        pipeline.build(home)
    assert rows(home, MARCH) == [(2.0, "b000001", None)]


def test_builds_that_were_thrown_away_are_still_remembered_and_their_numbers_not_used_again(home):
    shutil.rmtree(home / "builds")
    (home / "CURRENT.json").unlink()
    pipeline.build(home)
    assert rows(home, MARCH) == [(2.0, "b000001", None)]
    assert rows(home, "SELECT build_id FROM meta_build") == [("b000002",)]


def test_what_a_killed_build_did_not_keep_is_kept_by_the_next(home):
    shutil.rmtree(home / "vintages")
    pipeline.build(home)
    assert sorted(path.name for path in (home / "vintages").iterdir()) == ["b000001.json", "b000001.parquet"]


@pytest.mark.parametrize(
    ("changed", "cause", "said"),
    [
        ("definition/cases_opened", "definition", "definition, version 2: It counts anew."),
        ("key/", "key", "a new key"),
        ("corrections/tickets", "correction", "corrections of tickets"),
        ("settings/tickets", "settings", "settings of tickets"),
        ("settings/program", "settings", "settings of program"),
        ("files/tickets", "data", "files of tickets"),
        ("known_until/", "data", "more days"),
        ("software/", "software", "the program"),
        ("files/survey", "unexplained", "nothing"),
        ("definition/cases_closed", "unexplained", "nothing"),
    ],
)
def test_the_cause_is_what_changed_of_what_the_metric_rests_on(changed, cause, said):
    rests_on = Rests(2, "It counts anew.", ("tickets",), True)
    found = vintages.why("cases_opened", rests_on, {changed: "a"}, {changed: "b"})
    assert found.cause == cause
    assert said in found.said


def test_a_metric_rests_on_every_feed_that_its_columns_come_from():
    assert "mediawiki_stream" in rests("blocks_set").feeds
    assert {"tickets", "zendesk", "znuny"} <= set(rests("sla_met_share").feeds)
    assert rests("cases_opened").version == query.definitions()["cases_opened"].version


def test_a_new_key_explains_no_change_of_what_no_name_decides():
    assert rests("block_recidivism_30d").is_by_key
    assert not rests("milestones_on_time_share").is_by_key
    found = vintages.why("m", Rests(1, "", ("plan",), False), {"key/": "a"}, {"key/": "b"})
    assert found.cause == "unexplained"


def test_a_wiki_that_left_explains_only_what_is_of_those_who_are_there():
    """Amounts keep its past."""
    assert rests("blocks_per_1000_active_editors").is_of_who_is_there
    assert rests("active_blocks").is_of_who_is_there
    assert not rests("blocks_set").is_of_who_is_there
    before, now = {"known_until/": "a"}, {"known_until/": "b", "left/sw": "a", "left/en": "a"}
    found = vintages.why("m", Rests(1, "", (), False, True), before, now)
    assert found == Why("settings", "which wikis are in the program: en, sw; more days are known")
    assert vintages.why("m", Rests(1, "", (), False), before, now) == Why("data", "more days are known")


def test_of_several_causes_the_first_counts_and_all_are_told():
    before, now = {"files/tickets": "a", "definition/m": "a"}, {"files/tickets": "b", "definition/m": "b"}
    found = vintages.why("m", Rests(2, "Anew.", ("tickets",), False), before, now)
    assert found == Why("definition", "definition, version 2: Anew.; new or changed files of tickets")


@pytest.fixture
def of(home, monkeypatch):
    """`of(as_of)`: the cases opened in March as they were told then, or now."""
    monkeypatch.setenv("UPSTANDER_HOME", str(home))

    def of(as_of=None, **asked):
        answer = query.ask("cases_opened", by="month", audience="program", as_of=as_of, **asked)
        return answer.as_of, {one.label: one.state if one.value is None else one.value for one in answer.figures}

    return of


def test_a_value_can_be_asked_for_as_it_was_known_then(home, of):
    settings = (home / "upstander.yml").read_text(encoding="utf-8").replace("as_of: 2026-06-01", "as_of: 2026-07-01")
    put(home / "upstander.yml", settings)
    put(home / "feeds/late.csv", HEAD + "\n".join(LATE.replace("4,", f"{number},") for number in range(4, 12)))
    pipeline.build(home)
    assert of()[1]["2026-03"] == 10.0
    assert of("2026-06-30") == (date(2026, 6, 30), {"2026-03": "withheld", "2026-04": 0.0, "2026-05": "withheld"})
    assert of("2026-05-31") == (date(2026, 5, 31), {})
    assert of("2026-06-30", where={"queue": "lost"})[1]["2026-03"] == "withheld"
    assert of("2026-07-01", where={"queue": "lost"})[1]["2026-03"] == 10.0


def test_what_is_not_remembered_is_refused(of):
    with pytest.raises(DefinitionFault, match="closed periods of one dimension at most"):
        of("2026-06-30", where={"queue": "lost"}, split=["channel"])
    with pytest.raises(DefinitionFault, match="as_of with a total"):
        query.ask("cases_opened", by="total", as_of="2026-06-30")
