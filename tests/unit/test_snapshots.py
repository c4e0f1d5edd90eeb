"""Histories come wiki by wiki: what a build says of all wikis while one of them lags behind, and when it has come.

Active editors and blocks of January: en 40 and 20, ja 10 and 10, sw 10 and 10; of February: en 40 and 20, ja 10 and 10.
Wiki sw is quiet in February: its snapshot tells of that month, and of nothing in it.
"""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from etl import pipeline
from etl.warehouse import vintages
from etl.warehouse.connect import Reader
from etl.warehouse.pseudonym import make_key
from metrics import query
from metrics.answer import Released
from metrics.semantic.model import Audience
from tests.feeds.logging_reader import dump, item
from tests.history_dump import edit
from tests.restated import put
from tests.same_build import differences

SETTINGS = """\
program: Pigeon Care
invented: true
as_of: 2026-03-05
wikis:
  - {id: en.demo, name: Loft Wiki, language: en}
  - {id: ja.demo, name: Nest Wiki, language: ja}
  - {id: sw.demo, name: Quiet Wiki, language: sw}
feeds:
  mediawiki_history:
    wikis:
      - {wiki: en.demo, files: ["feeds/*.en.demo.all-time.tsv"]}
      - {wiki: ja.demo, files: ["feeds/*.ja.demo.all-time.tsv"]}
      - {wiki: sw.demo, files: ["feeds/*.sw.demo.all-time.tsv"]}
  mediawiki_logging:
    wikis:
      - {wiki: en.demo, files: ["feeds/en.demo-*-pages-logging.xml"]}
      - {wiki: ja.demo, files: ["feeds/ja.demo-*-pages-logging.xml"]}
      - {wiki: sw.demo, files: ["feeds/sw.demo-*-pages-logging.xml"]}
"""
EDITORS = {"en.demo": {1: 40, 2: 40}, "ja.demo": {1: 10, 2: 10}, "sw.demo": {1: 10}}
BLOCKS = {"en.demo": {1: 20, 2: 20}, "ja.demo": {1: 10, 2: 10}, "sw.demo": {1: 10}}
WIKIS = (("en.demo",), ("ja.demo",), ("sw.demo",), ())
AUDIENCES: tuple[Audience, ...] = ("public", "program")
RATE = "blocks_per_1000_active_editors"
At = Callable[[Path], None]


def snapshot(home: Path, wiki: str, until: int) -> None:
    """A wiki's history to the end of a month of 2026: each editor makes five edits in a month."""
    lines = [
        edit(f"2026-0{month}-{day:02} 10:00:00.0", f"{wiki} {name}", wiki_db=wiki, revision_id=str(month * 1000 + name * 9 + day))
        for month, count in EDITORS[wiki].items() if month <= until for name in range(count) for day in range(1, 6)
    ]  # fmt: skip
    put(home / f"feeds/2026-0{until}.{wiki}.all-time.tsv", "".join(sorted(lines, key=lambda one: one.split("\t")[4])))


def log(home: Path, wiki: str) -> None:
    """A wiki's log until the 4th of March: its dump was begun on the 5th."""
    items = [
        item(month * 100 + at, at=f"2026-0{month}-{1 + at:02}T10:00:00Z", title=f"User:{wiki} {month} {at}")
        for month, count in BLOCKS[wiki].items() for at in range(count)
    ]  # fmt: skip
    put(home / f"feeds/{wiki}-20260305-pages-logging.xml", dump(*items).decode())


def built_without_en(home: Path) -> Path:
    """The first build, for which the snapshot of February of en has not come."""
    put(home / "upstander.yml", SETTINGS)
    for wiki, until in (("en.demo", 1), ("ja.demo", 2), ("sw.demo", 2)):
        snapshot(home, wiki, until)
        log(home, wiki)
    make_key(home)
    pipeline.build(home)
    return home


@pytest.fixture(scope="module")
def lagging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of en the snapshot of January is there, of ja and sw that of February."""
    return built_without_en(tmp_path_factory.mktemp("lagging"))


@pytest.fixture(scope="module")
def arrived(lagging: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next build, for which the snapshot of en has come too."""
    home = Path(shutil.copytree(lagging, tmp_path_factory.mktemp("arrived") / "home"))
    snapshot(home, "en.demo", 2)
    pipeline.build(home)
    return home


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    return lambda home: monkeypatch.setenv("UPSTANDER_HOME", str(home))


def told(answer: Released) -> list[tuple[float | None, str]]:
    """Value and state of January and February, by group."""
    found = [one for one in answer.figures if one.label in ("2026-01", "2026-02")]
    return [(one.value and round(one.value, 1), one.state) for one in found]


def ask(metric: str, **more: str) -> list[tuple[float | None, str]]:
    return told(query.ask(metric, by="month", audience="program", where=more))


def test_while_one_wiki_lags_behind_the_total_is_not_final_and_its_rate_is_not_told(lagging: Path, at: At) -> None:
    at(lagging)
    assert ask("active_editors") == [(60, "final"), (10, "partial")]  # not 10 editors of all wikis
    assert ask(RATE) == [(666.7, "final"), (None, "partial")]  # not 30 blocks on the 10 editors of ja: 3,000
    by_level = query.ask("active_editors", by="month", split=["activity_level"], audience="program")
    assert told(by_level) == [(60, "final"), (10, "partial")]
    answer = query.ask(RATE, by="month", audience="program")
    assert answer.awaited == (("en.demo", date(2026, 1, 31)),)


def test_each_wiki_is_told_as_far_as_its_own_snapshot_goes_and_a_quiet_one_is_0(lagging: Path, at: At) -> None:
    at(lagging)
    assert ask("active_editors", wiki="en.demo") == [(40, "final"), (None, "no_data")]
    assert ask("active_editors", wiki="ja.demo") == [(10, "final"), (10, "final")]
    assert ask("active_editors", wiki="sw.demo") == [(10, "final"), (0, "final")]
    assert ask(RATE, wiki="ja.demo") == [(1000, "final"), (1000, "final")]
    assert ask(RATE, wiki="en.demo") == [(500, "final"), (None, "no_data")]
    by_wiki = query.ask("active_editors", by="month", split=["wiki"], audience="program")
    assert told(by_wiki) == [
        (40, "final"), (None, "no_data"), (10, "final"), (10, "final"), (10, "final"), (0, "final"),
    ]  # fmt: skip
    assert by_wiki.awaited == ()


def test_days_behind_a_snapshot_are_unknown_and_not_quiet(lagging: Path, at: At) -> None:
    """The build knows the log until the 4th of March; of the days after February nobody knows the edits."""
    at(lagging)
    weeks = {one.label: one.state for one in query.ask("edits_made", by="week", where={"wiki": "ja.demo"}).figures}
    assert (weeks["2026-W08"], weeks["2026-W09"], weeks["2026-W10"]) == ("final", "partial", "no_data")


def test_unfinished_totals_are_the_teams_alone(lagging: Path, at: At) -> None:
    """Beside the whole total of a later report they would say how many came late."""
    at(lagging)
    for audience in ("executive", "public"):
        answer = query.ask("active_editors", by="month", audience=audience)
        assert told(answer) == [(60, "final"), (None, "partial")]
        assert answer.figures[-1].n is None
        total = query.ask("edits_made", by="total", audience=audience).figures[-1]
        assert (total.value, total.state) == (None, "partial")
    table = query.table("active_editors", by="month", split="activity_level", audience="public")
    assert {one.value for one in table.figures if one.label == "2026-02"} == {None}
    assert {one.value for one in table.figures if one.label == "2026-01"} == {60}


def test_a_table_by_wiki_tells_no_month_that_waits_for_one_since_a_total_stands_beside_it(
    lagging: Path, at: At
) -> None:
    at(lagging)
    public, team = (
        {(one.label, *one.group): (one.value, one.state) for one in table.figures}
        for table in (query.table("active_editors", by="month", split="wiki", audience=one) for one in AUDIENCES)
    )
    assert [public["2026-01", *one] for one in WIKIS] == [(40, "final"), (10, "final"), (10, "final"), (60, "final")]
    waits = (None, "partial")
    assert [public["2026-02", *one] for one in WIKIS] == [(None, "no_data"), waits, waits, waits]
    assert [public["all", *one][0] for one in WIKIS] == [40, 10, 10, 60]
    assert [team["2026-02", *one][0] for one in WIKIS] == [None, 10, 0, 10]


def test_when_it_has_come_the_total_is_final_and_nothing_was_restated(arrived: Path, at: At) -> None:
    at(arrived)
    assert ask("active_editors") == [(60, "final"), (50, "final")]
    assert ask(RATE) == [(666.7, "final"), (600, "final")]
    assert query.ask(RATE, by="month").awaited == ()
    assert vintages.restated(arrived, "b000002") == 0
    found = query.restatements(by="month", audience="program")
    assert (found.found, found.withheld) == ((), 0)
    with Reader(arrived).cursor() as cursor:
        said = "SELECT label, value, build_id, cause FROM metric_vintage WHERE metric = 'active_editors' AND split = ''"
        assert cursor.execute(f"{said} ORDER BY label").fetchall() == [
            ("2026-01", 60, "b000001", None), ("2026-02", 50, "b000002", None),
        ]  # fmt: skip


def test_what_is_carried_over_is_what_counting_all_gives(arrived: Path, tmp_path: Path) -> None:
    again = Path(shutil.copytree(arrived, tmp_path / "again"))
    pipeline.build(again, force=True)
    assert differences(arrived / "builds/b000002.duckdb", again / "builds/b000003.duckdb") == {}


def test_a_wiki_that_left_holds_up_no_total_and_is_in_no_month_of_a_rate(lagging: Path, tmp_path: Path, at: At) -> None:
    home = Path(shutil.copytree(lagging, tmp_path / "home"))
    put(
        home / "upstander.yml",
        SETTINGS.replace("Loft Wiki, language: en", "Loft Wiki, language: en, left_on: 2026-01-31"),
    )
    pipeline.build(home)
    at(home)
    assert ask("active_editors") == [(60, "final"), (10, "final")]  # with it as long as it was there
    assert ask(RATE) == [(1000, "final"), (1000, "final")]  # of ja and sw: 20 blocks on 20 editors, 10 on 10
    with Reader(home).cursor() as cursor:
        said = "SELECT DISTINCT metric, split, label, cause FROM metric_vintage WHERE cause IS NOT NULL AND grain = 'month'"
        found = set(cursor.execute(said).fetchall())
    assert {one for one in found if one[0] != "active_blocks"} == {(RATE, "", "2026-01", "settings")}
    blocks = [(split, cause) for metric, split, _, cause in found if metric == "active_blocks"]
    assert {cause for _, cause in blocks} == {"settings"}
    assert "wiki" not in {split for split, _ in blocks}  # of each by itself nothing is told otherwise
    left = {(row["feed"], row["wiki"]): row["left_on"] for row in query.listing("coverage").rows if row["wiki"]}
    feeds, (en, *others) = ("mediawiki_history", "mediawiki_logging"), [wiki for (wiki,) in WIKIS[:3]]
    gone = {(feed, en): date(2026, 1, 31) for feed in feeds}
    assert left == gone | {(feed, wiki): None for feed in feeds for wiki in others}


def test_a_leaving_that_was_announced_is_the_cause_on_the_day_after_it(lagging: Path, tmp_path: Path, at: At) -> None:
    home = Path(shutil.copytree(lagging, tmp_path / "home"))
    announced = SETTINGS.replace("Loft Wiki, language: en", "Loft Wiki, language: en, left_on: 2026-03-05")
    for as_of in ("2026-03-05", "2026-03-06"):
        put(home / "upstander.yml", announced.replace("as_of: 2026-03-05", f"as_of: {as_of}"))
        pipeline.build(home)
    with Reader(home).cursor() as cursor:
        told = (
            "SELECT DISTINCT metric, build_id, cause, said FROM metric_vintage WHERE cause IS NOT NULL ORDER BY metric"
        )
        causes = "which wikis are in the program: en.demo; more days are known"
        assert cursor.execute(told).fetchall() == [
            ("active_blocks", "b000003", "settings", causes), (RATE, "b000003", "settings", causes),
        ]  # fmt: skip


def test_what_a_late_wiki_makes_withhold_is_withheld_of_the_past_too(
    tmp_path: Path, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In February 3 editors of en come late: 63 in all less 40 of ja and 20 of sw, which the build before told."""
    monkeypatch.setitem(EDITORS, "en.demo", {1: 40, 2: 3})
    monkeypatch.setitem(EDITORS, "ja.demo", {1: 40, 2: 40})
    monkeypatch.setitem(EDITORS, "sw.demo", {1: 40, 2: 20})
    at(built_without_en(tmp_path))

    def of_february(**more: str) -> dict[str, float | None]:
        answer = query.ask("active_editors", by="month", split=["wiki"], audience="program", **more)
        return {one.group[0]: one.value for one in answer.figures if one.label == "2026-02"}

    assert of_february() == {"en.demo": None, "ja.demo": 40, "sw.demo": 20}
    snapshot(tmp_path, "en.demo", 2)
    put(tmp_path / "upstander.yml", SETTINGS.replace("2026-03-05", "2026-03-06"))
    pipeline.build(tmp_path)
    assert ask("active_editors")[1] == (63, "final")
    assert of_february() == {"en.demo": None, "ja.demo": 40, "sw.demo": None}
    assert of_february(as_of="2026-03-05") == {"ja.demo": 40, "sw.demo": None}
    receipt = query.ask("active_editors", by="month", split=["wiki"], audience="program", as_of="2026-03-05")
    sw = next(one for one in receipt.figures if one.group == ("sw.demo",) and one.label == "2026-02")
    assert [one.figure.value for one in query.receipt(receipt.receipt(sw)).said] == [None]
