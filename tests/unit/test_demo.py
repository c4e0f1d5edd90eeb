"""The demo program's folder: the same bytes from the same seed, nobody real in it, in the forms that its tools write."""

import csv
import gzip
import hashlib
import io
import ipaddress
import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
import phpserialize
import pytest
import yaml

from data_contracts import load
from etl import demo, pipeline
from etl.demo import log_text
from etl.demo.logs import log_items
from etl.demo.planted import CUT_LOG_PARAMETERS, PLANTED, SURVEY_PREVIEWS, SURVEY_REPEATED_TOKENS
from etl.demo.trainings import TRAINERS
from etl.demo.wikis import wikis
from etl.sources import mediawiki_logging, plan, spreadsheet, survey, tickets
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of

KEPT = {"block", "suppress", "rights", "newusers", "thanks", "abusefilter", "protect"}
DOCUMENTATION = [
    ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.fixture(scope="module")
def logs(demo_home: Path) -> dict[str, str]:
    """The text of each wiki's log."""
    paths = sorted((demo_home / "feeds").glob("*-pages-logging.xml.gz"))
    return {path.name.partition("-")[0]: gzip.decompress(path.read_bytes()).decode() for path in paths}


@pytest.fixture(scope="module")
def settings(demo_home: Path) -> dict[str, dict]:
    """The feeds' parts of upstander.yml; words such as yes stay words."""
    return yaml.load((demo_home / "upstander.yml").read_text(encoding="utf-8"), yaml.BaseLoader)["feeds"]


def test_the_same_seed_gives_the_same_bytes(demo_home, tmp_path):
    demo.write(tmp_path)
    written = {path.relative_to(tmp_path): _digest(path) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {path: _digest(demo_home / path) for path in written}
    assert len(written) == 33


def test_another_seed_gives_another_log():
    smallest = wikis()[-1]
    assert log_items(smallest, 1) != log_items(smallest, 2)


def test_the_first_line_a_person_reads_says_that_everything_is_invented(demo_home):
    assert (demo_home / "README.md").read_text(encoding="utf-8").startswith("Everything in this folder is invented")
    assert yaml.safe_load((demo_home / "upstander.yml").read_text(encoding="utf-8"))["invented"] is True


def test_the_logs_are_large_and_most_items_are_of_types_that_are_kept(logs):
    types = Counter(kind for text in logs.values() for kind in re.findall(r"<type>(\w+)</type>", text))
    kept = sum(count for kind, count in types.items() if kind in KEPT)
    assert kept >= 200_000
    assert sum(types.values()) <= 320_000
    assert set(types) - KEPT == {"patrol", "delete", "move", "upload", "renameuser"}


def test_one_wiki_is_large_and_one_is_tiny(logs):
    blocks = {code: text.count("<action>block</action>") for code, text in logs.items()}
    assert blocks["en"] > 20_000
    assert blocks["sw"] < 200


def test_items_stand_in_the_order_of_their_numbers_and_times(logs):
    for text in logs.values():
        numbers = [int(number) for number in re.findall(r"<logitem>\n    <id>(\d+)</id>", text)]
        moments = re.findall(r"<timestamp>(.*?)</timestamp>", text)
        assert numbers == sorted(set(numbers))
        assert moments == sorted(moments)
        assert moments[0] >= "2024-10-01"
        assert moments[-1] < "2026-11-19"


def test_every_address_is_one_of_the_documentation_ranges(logs):
    found = {
        address
        for text in logs.values()
        for address in re.findall(r"<logtitle>[^<:]+:([0-9.]{7,}(?:/\d+)?|[0-9A-F:]{8,}(?:/\d+)?)</logtitle>", text)
    }
    assert len(found) > 5_000
    for address in found:
        network = ipaddress.ip_network(address)
        assert any(network.version == one.version and network.subnet_of(one) for one in DOCUMENTATION)


def test_temporary_accounts_are_made_from_their_day_on_and_named_by_the_year(logs):
    for wiki in wikis():
        made = [
            (_said("timestamp", item), _said("username", item))
            for item in logs[wiki.code].split("<logitem>")
            if "<username>~" in item
        ]
        assert all(re.fullmatch(r"~\d{4}-\d{1,5}(-\d{1,5})*", name) for _, name in made)
        assert all(name[1:5] == at[:4] for at, name in made)
        first = date.fromisoformat(min(made)[0][:10])
        assert timedelta(0) <= first - _temporary_from(wiki.id) < timedelta(days=21)


def test_serialised_parameters_count_bytes_and_some_are_cut_off(logs):
    assert _unreadable(logs["ja"]) == 0
    assert _unreadable(logs["ru"]) == CUT_LOG_PARAMETERS


def test_the_first_items_of_the_large_wiki_have_older_parameters(logs):
    first = logs["en"][:6_000_000]
    assert '<params xml:space="preserve">31 hours\n' in first
    assert re.search(
        r"<action>block</action>\n    <logtitle>[^<]+</logtitle>\n    <params xml:space=\"preserve\" />", first
    )


def test_a_log_item_is_written_as_mediawiki_writes_it():
    assert log_text.php({"pages": ["東京"], "sitewide": False, "none": None}) == (
        'a:3:{s:5:"pages";a:1:{i:0;s:6:"東京";}s:8:"sitewide";b:0;s:4:"none";N;}'
    )
    assert log_text.title("User:Salt & <pepper>") == "    <logtitle>User:Salt &amp; &lt;pepper&gt;</logtitle>\n"
    assert log_text.comment("") == ""


def test_every_feed_accepts_its_part_of_the_settings(demo_home):
    program = pipeline.settings(demo_home)
    assert program.invented
    assert set(program.chosen()) == {
        "mediawiki_logging",
        "mediawiki_history",
        "aqs_editors",
        "tickets",
        "incident_reports",
        "survey",
        "rota",
        "contacts",
        "developments",
        "spreadsheet",
        "plan",
    }


def test_each_reason_is_told_by_the_first_expression_that_fits(settings):
    expressions = settings["mediawiki_logging"]["reasons"]
    for wiki in wikis():
        for reason, comments in wiki.words["reasons"].items():
            for comment in comments:
                first = next((name for name, found in expressions.items() if re.search(found, comment)), "")
                assert first == reason, comment


def test_the_log_feed_sets_aside_exactly_the_items_that_were_cut_off(demo_home, settings):
    chosen = mediawiki_logging.Settings.model_validate(settings["mediawiki_logging"])
    planted = {one.file: one.rows for one in PLANTED.broken}
    for delivery in mediawiki_logging.deliveries(chosen):
        if delivery.told["wiki"] in ("ru.demo", "sw.demo"):
            (file,) = sorted(demo_home.glob(delivery.files[0]))
            batches, fault = drained(mediawiki_logging.read(landed(delivery, file)))
            assert fault is None
            assert len(rejects_of(batches)) == planted.get(f"feeds/{file.name}", 0)


def test_the_tickets_feed_quarantines_exactly_the_rows_that_were_broken(demo_home, settings):
    (delivery,) = tickets.deliveries(tickets.Settings.model_validate(settings["tickets"]))
    connection = duckdb.connect()
    load_feed(connection, tickets, [landed(delivery, demo_home / "feeds/tickets.csv")])
    rules = Counter(rule for (rule,) in connection.execute("SELECT rule FROM quarantine").fetchall())
    assert rules.total() == sum(one.rows for one in PLANTED.broken if one.file == "feeds/tickets.csv")
    assert sum(count for rule, count in rules.items() if "not before the opening" in rule) == 5
    assert connection.execute("SELECT COUNT(*) FROM raw_tickets").fetchone()[0] > 8_900


def test_the_survey_feed_leaves_out_exactly_the_responses_that_must_not_count(demo_home, settings):
    planted = {one.file: one.rows for one in PLANTED.broken}
    for delivery in survey.deliveries(survey.Settings.model_validate(settings["survey"])):
        batches, fault = drained(survey.read(landed(delivery, *(demo_home / name for name in delivery.files))))
        assert fault is None
        assert len(rejects_of(batches)) == planted[delivery.files[0]]


def test_the_plan_has_no_fault_and_names_only_metrics_that_are_defined(demo_home, settings):
    (delivery,) = plan.deliveries(plan.Settings.model_validate(settings["plan"]))
    batches, fault = drained(plan.read(landed(delivery, demo_home / "plan.yml")))
    assert fault is None
    tables = {batch.table: batch.columns for batch in batches}
    assert set(tables) == set(load.of_feed("plan"))
    definitions = {path.stem for path in (Path(demo.__file__).parents[2] / "metrics/definitions").glob("*.yml")}
    assert set(tables["raw_plan_measure"]["metric"]) <= definitions
    known = {one.metric for one in (*PLANTED.effects, *PLANTED.non_effects, *PLANTED.steady)}
    assert known <= definitions


def test_every_planted_effect_is_a_rollout_of_the_plan_on_its_day(demo_home):
    rollouts = yaml.safe_load((demo_home / "plan.yml").read_text(encoding="utf-8"))["rollouts"]
    for effect in PLANTED.effects:
        wanted = [one for one in rollouts if one["id"].startswith(effect.rollout)]
        assert {one["started"] for one in wanted} == {effect.since}
        assert {one["wiki"] for one in wanted} == (
            {dict(effect.where)["wiki"]} if effect.where else {w.id for w in wikis()}
        )


def test_a_qualtrics_wave_has_three_header_rows_and_a_limesurvey_wave_a_byte_order_mark(demo_home):
    rows = list(csv.reader(io.StringIO((demo_home / "feeds/survey-2026-spring.csv").read_text(encoding="utf-8"))))
    assert json.loads(rows[2][0]) == {"ImportId": "startDate", "timeZone": "Etc/UTC"}
    assert sum(row[2] == "Survey Preview" for row in rows) == SURVEY_PREVIEWS
    content = (demo_home / "feeds/survey-2026-autumn.csv").read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"id","submitdate"')
    tokens = Counter(row["token"] for row in csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert sum(count - 1 for count in tokens.values()) == SURVEY_REPEATED_TOKENS


def _said(tag: str, item: str) -> str:
    return item.partition(f"<{tag}>")[2].partition("<")[0]


def _unreadable(text: str) -> int:
    """How many serialised parameters of the block log cannot be read."""
    count = 0
    for item in text.split("<logitem>"):
        params = re.search(r'preserve">(a:.*?)</params>', item, re.DOTALL) if "<type>block</type>" in item else None
        try:
            phpserialize.loads(params.group(1).replace("&amp;", "&").encode()) if params else None
        except ValueError:
            count += 1
    return count


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _temporary_from(wiki: str) -> date:
    wikis_told = yaml.safe_load((Path(demo.__file__).parent / "upstander.yml").read_text(encoding="utf-8"))["wikis"]
    return next(one["temporary_accounts_from"] for one in wikis_told if one["id"] == wiki)


def test_the_list_of_trainings_is_read_whole_with_a_month_that_nobody_wrote_down(demo_home, settings):
    (delivery,) = spreadsheet.deliveries(spreadsheet.Settings.model_validate(settings["spreadsheet"]))
    batches, fault = drained(spreadsheet.read(landed(delivery, *(demo_home / name for name in delivery.files))))
    assert (fault, rejects_of(batches)) == (None, [])
    told = rows_of(batches, "raw_spreadsheet", "starts_on", "measure", "value")
    assert len(told) > 120
    assert not [day for day, _, _ in told if (day.year, day.month) == (2025, 8)]
    assert any(value is None for _, measure, value in told if measure == "people_trained")
    assert not [name for name in TRAINERS if name in repr(batches)]
