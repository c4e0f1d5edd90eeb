"""Logs come wiki by wiki: a total of blocks is final only to the day to which the log of every wiki was delivered.

Blocks of January and February: en 20 and 5, ja 10 and 20, sw 10 and none. The dump of en was begun on the 11th of
February; ja's and sw's on the 5th of March, though sw's last item is from January.
"""

import json
import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from dashboard.charts import words
from dashboard.terminal import texts
from etl import pipeline
from etl.feed import Piece
from etl.formats import api_told
from etl.warehouse import happened, vintages
from etl.warehouse.land import Landing
from etl.warehouse.pseudonym import make_key
from metrics import query
from tests.feeds.api_pieces import downloads, event, events, line
from tests.feeds.logging_reader import dump, item
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
  mediawiki_logging:
    wikis:
      - {wiki: en.demo, files: ["feeds/en.demo-*-pages-logging.xml"]}
      - {wiki: ja.demo, files: ["feeds/ja.demo-*-pages-logging.xml"]}
      - {wiki: sw.demo, files: ["feeds/sw.demo-*-pages-logging.xml"]}
"""
ASKED = """\
  mediawiki_api:
    wikis:
      - {wiki: en.demo, api: "https://wiki.example/w/api.php"}
network: {hosts: [wiki.example], contact: "https://demo.example"}
"""
WAVE = """\
  quicksurveys:
    waves:
      - wave: spring
        survey: safety-2026
        files: [answers.jsonl]
        strata: strata.csv
        opened_on: 2026-06-01
        closed_on: 2099-06-29
        wikis: {endemowiki: en.demo, swdemowiki: sw.demo}
        measures: [{measure: felt_unsafe, yes: [ext-quicksurveys-safety-yes], no: [ext-quicksurveys-safety-no]}]
"""
CORRECTED = """\
on: 2026-03-09
by: analyst
why: The wiki's clock stood wrong on that morning.
feed: mediawiki_logging
table: raw_mediawiki_logging
where: {log_id: 900}
set: {occurred_at: "2026-03-05 10:00:00"}
rows: 1
"""
BLOCKS = {"en.demo": (20, 5), "ja.demo": (10, 20), "sw.demo": (10, 0)}
SAMPLES = Path(__file__).parents[1] / "feeds/samples"
At = Callable[[Path], None]


def log(home: Path, wiki: str, begun: str, more: int = 0) -> None:
    """A wiki's dump, begun on a day. more: blocks of the 15th of February on, which it has besides."""
    items = [
        item(month * 100 + at, at=f"2026-0{month}-{1 + at:02}T10:00:00Z", title=f"User:{wiki} {month} {at}")
        for month, count in enumerate(BLOCKS[wiki], 1) for at in range(count)
    ]  # fmt: skip
    items += [item(300 + at, at=f"2026-02-{15 + at}T10:00:00Z", title=f"User:{wiki} {at}") for at in range(more)]
    put(home / f"feeds/{wiki}-{begun}-pages-logging.xml", dump(*items).decode())


@pytest.fixture(scope="module")
def lagging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("lagging")
    put(home / "upstander.yml", SETTINGS)
    for wiki, begun in (("en.demo", "20260211"), ("ja.demo", "20260305"), ("sw.demo", "20260305")):
        log(home, wiki, begun)
    make_key(home)
    pipeline.build(home)
    return home


@pytest.fixture
def home(lagging: Path, tmp_path: Path) -> Path:
    """A copy, to which more can be delivered."""
    return Path(shutil.copytree(lagging, tmp_path / "home"))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    return lambda home: monkeypatch.setenv("UPSTANDER_HOME", str(home))


def ask(**more: str) -> list[tuple[float | None, str]]:
    """Value and state of January and February."""
    found = query.ask("blocks_set", by="month", audience="program", where=more).figures
    return [(one.value, one.state) for one in found if one.label in ("2026-01", "2026-02")]


def test_a_total_waits_for_the_wiki_whose_log_stopped_and_names_it(lagging: Path, at: At) -> None:
    at(lagging)
    assert ask() == [(40, "final"), (25, "partial")]
    answer = query.ask("blocks_set", by="month", audience="program")
    assert answer.awaited == (("en.demo", date(2026, 2, 10)),)
    told = [one for one in query.ask("blocks_set", by="month", audience="public").figures if one.label == "2026-02"]
    assert [(one.value, one.state) for one in told] == [(None, "partial")]


def test_a_wiki_that_was_delivered_and_is_quiet_had_none_and_one_that_was_not_is_unknown(lagging: Path, at: At) -> None:
    at(lagging)
    assert ask(wiki="sw.demo") == [(10, "final"), (0, "final")]
    assert ask(wiki="en.demo") == [(20, "final"), (5, "partial")]
    weeks = {one.label: one.state for one in query.ask("blocks_set", by="week", where={"wiki": "en.demo"}).figures}
    assert (weeks["2026-W07"], weeks["2026-W08"]) == ("partial", "no_data")


def test_of_several_dumps_of_a_wiki_the_newest_says_until_when_and_nothing_is_restated(home: Path, at: At) -> None:
    log(home, "en.demo", "20260305", more=4)
    pipeline.build(home)
    at(home)
    assert ask() == [(40, "final"), (29, "final")]
    assert query.ask("blocks_set", by="month").awaited == ()
    assert vintages.restated(home, "b000002") == 0
    pipeline.build(home, force=True)
    assert differences(home / "builds/b000002.duckdb", home / "builds/b000003.duckdb") == {}


def test_a_newer_dump_of_a_quiet_wiki_may_hold_the_same(home: Path, at: At) -> None:
    """In the dump of the 5th of March stands what stood in that of the 11th of February, and nothing else."""
    log(home, "en.demo", "20260305")
    assert pipeline.build(home).is_new
    at(home)
    assert ask() == [(40, "final"), (25, "final")]


def landed(home: Path, *pieces: bytes) -> None:
    """Pieces of the log of en, as an earlier build fetched them; this one asks nobody."""
    put(home / "upstander.yml", SETTINGS + ASKED)
    series = downloads(wiki="en.demo")["logevents"]
    for number, piece in enumerate(pieces):
        Landing(home).keep(series, Piece(piece, {"piece": number}))
    pipeline.build(home, offline=True)


def asked(start: str, until: str) -> bytes:
    return line({api_told.FROM: f"{start}T06:00:00Z", api_told.UNTIL: f"{until}T06:00:00Z"})


def test_a_wiki_that_was_asked_later_than_it_was_dumped_is_known_to_the_day_before_it_was_asked(
    home: Path, at: At
) -> None:
    new = line(events(event(300, timestamp="2026-02-15T10:00:00Z", title="User:Cho")))
    landed(home, new + asked("2026-02-01", "2026-02-20"))
    at(home)
    assert ask() == [(40, "final"), (26, "partial")]
    assert query.ask("blocks_set", by="month").awaited == (("en.demo", date(2026, 2, 19)),)
    landed(home, asked("2026-02-20", "2026-03-09"))  # nothing has happened since, and the build knows nothing so new
    assert ask() == [(40, "final"), (26, "final")]
    assert query.ask("blocks_set", by="month").awaited == ()


def test_a_month_is_not_over_on_the_morning_of_its_last_day(home: Path, at: At) -> None:
    landed(home, asked("2026-02-01", "2026-02-28"))
    at(home)
    assert ask() == [(40, "final"), (25, "partial")]
    late = line(events(event(300, timestamp="2026-02-28T10:00:00Z", title="User:Cho")))
    landed(home, late + asked("2026-02-28", "2026-03-01"))
    assert ask() == [(40, "final"), (26, "final")]
    assert vintages.restated(home, "b000003") == 0


def test_a_pass_that_broke_off_has_not_told_of_the_days_of_its_events(home: Path, at: At) -> None:
    new = line(events(event(300, timestamp="2026-03-04T10:00:00Z", title="User:Cho")))
    landed(home, asked("2026-02-01", "2026-02-20"), new + asked("2026-02-20", "2026-02-20"))
    at(home)
    assert ask() == [(40, "final"), (25, "partial")]


def test_a_first_pass_that_broke_off_has_told_of_no_day(home: Path, at: At) -> None:
    new = line(events(event(300, timestamp="2026-03-04T10:00:00Z", title="User:Cho")))
    landed(home, new + line({api_told.FROM: "2026-03-04T10:00:00Z", api_told.UNTIL: None}))
    at(home)
    assert ask() == [(40, "final"), (25, "partial")]
    assert query.ask("blocks_set", by="month").awaited == (("en.demo", date(2026, 2, 10)),)


def test_a_wiki_of_which_only_a_broken_first_pass_is_there_has_no_zeros_and_lets_totals_wait(
    home: Path, at: At
) -> None:
    dumped = "".join(one for one in SETTINGS.splitlines(keepends=True) if "feeds/en.demo" not in one)
    put(home / "upstander.yml", dumped + ASKED)
    new = line(events(event(300, timestamp="2026-01-04T10:00:00Z", title="User:Cho")))
    broken_off = new + line({api_told.FROM: "2026-01-04T10:00:00Z", api_told.UNTIL: None})
    Landing(home).keep(downloads(wiki="en.demo")["logevents"], Piece(broken_off, {"piece": 0}))
    pipeline.build(home, offline=True)
    at(home)
    assert {state for _, state in ask()} == {"partial"}
    assert {state for _, state in ask(wiki="en.demo")} <= {"no_data"}
    released = query.ask("blocks_set", by="month")
    assert released.awaited == (("en.demo", None),)
    assert json.loads(json.dumps(texts.answer_values(released), default=str))["awaited"] == {"en.demo": None}
    days = {row["wiki"]: row["ends_on"] for row in query.listing("coverage").rows if row["feed"] == "mediawiki_api"}
    assert days == {"en.demo": None}
    assert words.still_to_come(released) == "Incomplete where data are still to come: of en.demo."
    put(home / "upstander.yml", SETTINGS.partition("feeds:")[0] + "feeds:\n" + ASKED)  # nothing else is there
    pipeline.build(home, offline=True)
    assert {one.state for one in query.ask("blocks_set", by="month").figures} <= {"no_data"}


def test_a_dump_that_is_newer_than_the_last_asking_counts(home: Path, at: At) -> None:
    log(home, "en.demo", "20260305")
    landed(home, asked("2026-02-01", "2026-02-20"))
    at(home)
    assert ask() == [(40, "final"), (25, "final")]


def test_what_is_dated_in_years_to_come_is_warned_of_and_moves_no_as_of(home: Path, at: At) -> None:
    """The dump of the 5th of March has an item of the year 2031, which came in nevertheless."""
    put(home / "upstander.yml", SETTINGS.replace("as_of: 2026-03-05\n", ""))
    before = pipeline.build(home)
    name = "feeds/ja.demo-20260305-pages-logging.xml"
    wrong = item(900, at="2031-01-01T10:00:00Z", title="User:Years to come")
    put(home / name, (home / name).read_text(encoding="utf-8").replace("</mediawiki>", f"{wrong}</mediawiki>"))
    after = pipeline.build(home)
    assert (before.as_of, after.as_of) == (datetime(2026, 3, 5), datetime(2026, 3, 5))
    (warned,) = [one for one in after.warnings if one.rule == happened.RULE]
    assert (warned.table, warned.breaking_count) == ("raw_mediawiki_logging", 1)
    assert happened.RULE not in {one.rule for one in before.warnings}
    put(home / "corrections/year.yml", CORRECTED)
    assert pipeline.build(home).as_of == datetime(2026, 3, 6)


def test_the_end_of_a_wave_that_settings_say_is_no_date_of_a_file(home: Path, at: At) -> None:
    put(home / "upstander.yml", SETTINGS.replace("as_of: 2026-03-05\n", "") + WAVE)
    shutil.copy(SAMPLES / "quicksurveys.jsonl", home / "answers.jsonl")
    shutil.copy(SAMPLES / "quicksurveys-strata.csv", home / "strata.csv")
    built = pipeline.build(home)
    assert built.as_of == datetime(2026, 3, 5)
    with duckdb.connect(str(home / "prepared/quicksurveys.duckdb"), read_only=True) as connection:
        closed = connection.execute("SELECT DISTINCT closed_at FROM raw_quicksurveys_answer").fetchall()
    assert [str(one)[:10] for (one,) in closed] == ["2099-06-29"]
    assert happened.RULE not in {one.rule for one in built.warnings}
