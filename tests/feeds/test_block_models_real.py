"""The block models on real logs: six months of English Wikipedia's block log, and a MediaWiki of our own with its database."""

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from data_contracts import load
from etl.feed import Landed, LandedFile
from etl.sources import mediawiki_logging as feed
from etl.warehouse import raw
from etl.warehouse.pseudonym import Pseudonym
from tests.block_log import run_log_models
from tests.tables import rows

ENWIKI = "data/enwiki-block-log/enwiki-2019-10_2020-03-pages-logging.xml.gz"
LIVE = "data/mediawiki-live/fixtures-1.43"
Find = Callable[[str], Path]


def models_of(dump: Path, as_of: str) -> duckdb.DuckDBPyConnection:
    """The models made from one dump; names are hashed at the door, as in a build."""
    (delivery,) = feed.deliveries(feed.Settings.model_validate({"wikis": [{"wiki": "wiki", "files": [dump.name]}]}))
    file = LandedFile(dump, dump.name, "0" * 64, dump.stat().st_size, datetime(2026, 1, 1, tzinfo=UTC))
    landed = Landed(delivery, (file,))
    connection = duckdb.connect()
    tables = load.of_feed(feed.FEED)
    for table in tables.values():
        raw.create_raw(connection, table)
    raw.load(connection, tables, landed, feed.read(landed), Pseudonym(b"a key for the tests"))
    run_log_models(connection, as_of)
    return connection


@pytest.fixture(scope="module")
def enwiki(shared: Find) -> Iterator[duckdb.DuckDBPyConnection]:
    with models_of(shared(ENWIKI), "2020-04-01") as connection:
        yield connection


@pytest.fixture(scope="module")
def live(shared: Find) -> Iterator[duckdb.DuckDBPyConnection]:
    with models_of(shared(f"{LIVE}/dumps/pages-logging.xml.gz"), "2025-07-01") as connection:
        yield connection


def test_every_block_of_the_log_is_set_once_in_its_month(enwiki: duckdb.DuckDBPyConnection) -> None:
    found = enwiki.execute(
        "SELECT MONTH(set_at), COUNT(*) FROM mart_block GROUP BY ALL ORDER BY MIN(set_at)"
    ).fetchall()
    assert found == [(10, 41_404), (11, 50_136), (12, 64_229), (1, 73_232), (2, 73_384), (3, 57_517)]


def test_log_items_agree_with_the_known_answers(enwiki: duckdb.DuckDBPyConnection) -> None:
    found = enwiki.execute(
        """
        SELECT
          COUNT(*),
          COUNT(*) FILTER (WHERE log_action = 'reblock'),
          COUNT(*) FILTER (WHERE log_action = 'unblock'),
          COUNT(*) FILTER (WHERE is_action_hidden),
          COUNT(*) FILTER (WHERE NOT is_sitewide),
          COUNT(*) FILTER (WHERE is_indefinite)
        FROM core_log_item
        """
    ).fetchall()
    assert found == [(366_333, 4_932, 1_499, 113, 329, 51_102)]


def test_a_real_wiki_hardly_ever_supersedes_a_block(enwiki: duckdb.DuckDBPyConnection) -> None:
    """MediaWiki refuses a second block of a blocked target, so spells that overlap would be spells badly matched."""
    superseded = enwiki.execute("SELECT set_at, ended_at FROM core_block WHERE ended_by = 'superseded'").fetchall()
    assert [(ended_at - set_at).total_seconds() < 5 for set_at, ended_at in superseded] == [
        True
    ]  # set twice in a blink


def test_blocks_in_force_are_those_of_the_wikis_own_database(live: duckdb.DuckDBPyConnection, shared: Find) -> None:
    in_force = live.execute(
        "SELECT expires_at, scope FROM core_block WHERE ended_at IS NULL AND scope <> 'hidden' ORDER BY ALL NULLS LAST"
    ).fetchall()
    with (shared(f"{LIVE}/tables") / "block.tsv").open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file, delimiter="\t") if row["bl_deleted"] == "0"]  # 1: in no public log
    expected = [(row["bl_expiry"], "sitewide" if row["bl_sitewide"] == "1" else "partial") for row in kept]
    assert [(f"{end:%Y%m%d%H%M%S}" if end else "infinity", scope) for end, scope in in_force] == sorted(expected)


def test_the_totals_of_the_seeded_wiki_come_out(live: duckdb.DuckDBPyConnection) -> None:
    counts = [len(rows(live, mart, "wiki")) for mart in ("mart_block", "mart_account", "mart_thanks")]
    assert counts == [73, 31, 36]
