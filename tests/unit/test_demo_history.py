"""Histories of the demo's wikis: as dumps are written, read by the reader of dumps, with the traps that dumps have."""

import bz2
import gzip
import ipaddress
import json
from collections import Counter
from pathlib import Path

import pytest

from etl.demo import history_text
from etl.demo.planted import EDITS_TOLD_TWICE, STRAY_TABS
from etl.demo.wikis import WITHOUT_HISTORY, wikis
from etl.formats.history_columns import COLUMNS
from etl.sources import mediawiki_history as feed
from tests.delivered import drained, landed, rejects_of
from tests.history_dump import values

AT = {name: place for place, name in enumerate(COLUMNS[78])}
DOCUMENTATION = [ipaddress.ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


@pytest.fixture(scope="module")
def dumps(demo_home: Path) -> dict[str, list[list[str]]]:
    """The fields of every line, by the file's name."""
    found = {}
    for path in sorted((demo_home / "feeds").glob("20*.tsv.*")):
        opened = gzip.decompress if path.suffix == ".gz" else bz2.decompress
        found[path.name] = [line.split("\t") for line in opened(path.read_bytes()).decode().splitlines()]
    return found


def read(home: Path, wiki: str):
    (delivery,) = feed.deliveries(feed.Settings.model_validate({"wikis": [{"wiki": wiki, "files": ["*"]}]}))
    return drained(feed.read(landed(delivery, *sorted((home / "feeds").glob(f"20*.{wiki}.*.tsv.*")))))


def test_every_wiki_but_one_has_a_dump_and_one_has_two(dumps):
    files = Counter(wiki.id for name in dumps for wiki in wikis() if f".{wiki.id}." in name)
    assert files == {"en.demo": 3, "ru.demo": 3, "ar.demo": 1, "hi.demo": 2, "sw.demo": 1}
    assert WITHOUT_HISTORY not in files


def test_every_line_has_the_columns_of_its_time_but_for_a_few_with_a_tab_too_many(dumps):
    widths = {name: Counter(map(len, lines)) for name, lines in dumps.items()}
    assert widths.pop("2026-10.en.demo.2026.tsv.gz")[79] == STRAY_TABS
    assert {width for one in widths.values() for width in one} == {78}


def test_lines_stand_in_order_of_time_and_in_the_file_of_their_year(dumps):
    for name, lines in dumps.items():
        times = [line[AT["event_timestamp"]] for line in lines if len(line) == 78]
        assert times == sorted(times)
        assert name.split(".")[3] in ("all-time", *{time[:4] for time in times})


def test_an_edit_that_stands_there_twice_is_the_same_line(dumps):
    lines = Counter("\t".join(line) for line in dumps["2026-10.en.demo.2026.tsv.gz"])
    assert sorted(count for count in lines.values() if count > 1) == [2] * EDITS_TOLD_TWICE


def test_the_older_snapshot_ends_a_month_earlier_and_knows_of_fewer_reverts(dumps):
    older, newer = dumps["2026-09.hi.demo.all-time.tsv.gz"], dumps["2026-10.hi.demo.all-time.tsv.bz2"]
    assert older[-1][AT["event_timestamp"]] < "2026-10-01" < newer[-1][AT["event_timestamp"]] < "2026-11-01"
    undone = [
        Counter(one[AT["revision_is_identity_reverted"]] for one in some[: len(older)]) for some in (older, newer)
    ]
    assert undone[0]["true"] < undone[1]["true"]


def test_addresses_edit_until_there_are_temporary_accounts_and_are_of_the_documentation(dumps):
    edits = [line for line in dumps["2026-10.ar.demo.all-time.tsv.gz"] if line[AT["event_entity"]] == "revision"]
    anonymous = [line for line in edits if line[AT["event_user_is_anonymous"]] == "true"]
    named = {line[AT["event_user_text"]] for line in anonymous if line[AT["event_user_is_cross_wiki"]] == "false"}
    temporary = [line for line in edits if line[AT["event_user_is_temporary"]] == "true"]
    assert all(any(ipaddress.ip_address(name) in one for one in DOCUMENTATION) for name in named)
    assert temporary[0][AT["event_timestamp"]] >= "2025-11-04"
    assert all(line[AT["event_user_text"]].startswith("~") and line[AT["event_user_id"]] for line in temporary)


def test_the_reader_of_dumps_takes_the_newest_snapshot_whole(demo_home):
    batches, fault = read(demo_home, "hi.demo")
    assert fault is None
    assert rejects_of(batches) == []
    kinds = {kind for (kind,) in values(batches, "performer_kind")}
    assert kinds == {None, "account", "temporary_account", "anonymous", "imported"}


def test_one_bot_is_told_by_its_group_and_another_by_its_name_only(demo_home):
    batches, _ = read(demo_home, "hi.demo")
    bots = {one for one in values(batches, "performer", "is_bot_by_group", "is_bot_by_name") if any(one[1:])}
    assert {flags for _, *flags in map(list, bots) for flags in [tuple(flags)]} == {(True, False), (False, True)}


def test_a_backslash_is_no_tab_and_a_tab_is_two_characters():
    assert history_text.escaped("C:\\temp\tand\nmore") == "C:\\temp\\tand\\nmore"


def test_the_servers_count_is_asked_twice_and_once_it_has_nothing(demo_home):
    lines = [json.loads(line) for line in (demo_home / "feeds/editors.jsonl").read_text("utf-8").splitlines()]
    assert Counter(line["at"] for line in lines) == {"2026-10-07T06:00:00Z": 100, "2026-11-09T06:00:00Z": 101}
    assert lines[-1]["answer"]["title"] == "Not found."
    assert {len(line["answer"]["items"][0]["results"]) for line in lines[:-1]} == {24, 25}
