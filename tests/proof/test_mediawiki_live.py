"""A real MediaWiki of our own, filled by a seed that printed what it did: its dump, built, gives those totals.

What the wiki hides from the public is not in its dump, so it is not in the build either; those few rows are named here.
"""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from etl import pipeline
from etl.sources.mediawiki_logging import log_types
from etl.warehouse.connect import Reader
from metrics.query import ask, listing
from tests.proof.plain_text import names_in, standing_in, texts_of

LIVE = Path(__file__).parents[1] / "feeds/mediawiki-live"
RESTRICTED = ("suppress", "abusefilter")  # logs that only some may read: no public dump has them
HIDDEN_KINDS = {"block:sitewide": 5, "block:namespace": 1, "reblock:sitewide": 1}  # as the wiki's own database has them
HIDDEN_PARTIAL = {"2025-06": 1}
PARTIAL = {"2025-01": 0, "2025-02": 1, "2025-03": 3, "2025-04": 4, "2025-05": 6, "2025-06": 8}
SETTINGS = """\
program: A wiki of our own
invented: true
wikis: [{id: livewiki, name: Live Wiki, language: en}]
feeds: {mediawiki_logging: {wikis: [{wiki: livewiki, files: [pages-logging.xml.gz]}]}}
"""


@pytest.fixture(scope="module")
def totals() -> dict[str, Any]:
    """What the seed printed."""
    found: dict[str, Any] = json.loads((LIVE / "totals.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("live")
    shutil.copyfile(LIVE / "pages-logging.xml.gz", home / "pages-logging.xml.gz")
    (home / "upstander.yml").write_text(SETTINGS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UPSTANDER_KEY", "a key for this proof alone")
        pipeline.build(home)
    return home


@pytest.fixture(autouse=True)
def asked_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(home))


def rows(home: Path, query: str) -> list[tuple]:
    with Reader(home).cursor() as cursor:
        return cursor.execute(query).fetchall()


def by_month(metric: str) -> dict[str, float | None]:
    return {one.label: one.value for one in ask(metric, by="month", audience="program").figures}


def public(counts: dict[str, int]) -> dict[str, int]:
    """Of the seed's counts by type and action those that a public dump has and the contract keeps."""
    return {name: count for name, count in counts.items() if name.split("/")[0] in log_types() - set(RESTRICTED)}


def test_every_month_has_the_log_items_that_the_seed_made(home, totals):
    found: dict[str, dict[str, int]] = {}
    for month, name, count in rows(
        home,
        "SELECT STRFTIME(occurred_at, '%Y-%m'), log_type || '/' || log_action, COUNT(*) FROM core_log_item GROUP BY ALL",
    ):
        found.setdefault(month, {})[name] = count
    assert found == {month: public(counts) for month, counts in totals["by_month"].items()}
    assert sum(sum(counts.values()) for counts in found.values()) == sum(public(totals["by_type"]).values()) == 191


def test_metrics_count_what_the_seed_made(totals):
    of_month = totals["by_month"].items()
    accounts = {m: counts.get("newusers/create", 0) + counts.get("newusers/create2", 0) for m, counts in of_month}
    assert by_month("blocks_set") == {month: counts["block/block"] for month, counts in of_month}
    assert by_month("thanks_given") == {month: counts["thanks/thank"] for month, counts in of_month}
    assert by_month("new_accounts") == accounts
    assert sum(accounts.values()) == totals["accounts"] - 1  # the first account came with the wiki, not by its log


def test_blocks_and_their_changes_are_of_the_kinds_that_the_seed_made(home, totals):
    items = rows(
        home,
        "SELECT log_action, is_sitewide, restricted_page_count, restricted_namespaces, restricted_actions "
        "FROM core_log_item WHERE log_action IN ('block', 'reblock') AND NOT is_action_hidden",
    )
    found = Counter(f"{action}:{_kind(*restrictions)}" for action, *restrictions in items)
    made = {name: count for name, count in totals["block_kinds"].items() if "block:" in name}
    assert found + Counter(HIDDEN_KINDS) == made


def test_partial_blocks_by_month_are_those_of_the_seed_but_for_the_hidden_one(totals):
    figures = ask("partial_block_share", by="month", audience="program").figures
    found = {one.label: int(one.numerator or 0) + HIDDEN_PARTIAL.get(one.label, 0) for one in figures}
    assert found == PARTIAL
    assert sum(PARTIAL.values()) == sum(
        count for name, count in totals["block_kinds"].items() if name.startswith("block:") and "sitewide" not in name
    )


def test_targets_and_durations_are_those_of_the_seed_but_for_the_hidden_rows(home, totals):
    ((accounts, addresses, ranges, never, hidden),) = rows(
        home,
        """
        SELECT
          COUNT(*) FILTER (target_kind = 'account'),
          COUNT(*) FILTER (target_kind IN ('ipv4', 'ipv6')),
          COUNT(*) FILTER (target_kind = 'range'),
          COUNT(*) FILTER (is_indefinite),
          COUNT(*) FILTER (is_action_hidden)
        FROM core_log_item
        WHERE log_action IN ('block', 'reblock')
        """,
    )
    made = totals["block_kinds"]
    assert (ranges, never) == (made["target:range"], made["length:indefinite"])
    assert hidden == sum(HIDDEN_KINDS.values())
    assert accounts + addresses + hidden == made["target:account"] + made["target:ip"]


def test_hidden_parts_are_counted_and_nothing_is_set_aside(home):
    hidden = rows(
        home,
        "SELECT COUNT(*) FILTER (is_action_hidden), COUNT(*) FILTER (is_comment_hidden), "
        "COUNT(*) FILTER (is_performer_hidden) FROM core_log_item",
    )
    assert hidden == [(10, 7, 7)]
    assert listing("quarantine").rows == ()


def test_names_in_many_scripts_stand_nowhere_in_the_build(home):
    names, texts = names_in(home / "pages-logging.xml.gz"), texts_of(home)
    assert {"山田太郎", "Комаров"} <= names
    assert not names & texts
    assert not standing_in("\n".join(texts), [name for name in names if len(name) > 5 or not name.isascii()])


def _kind(is_sitewide: bool, pages: int | None, namespaces: str | None, actions: str | None) -> str:
    """What the seed calls it."""
    if is_sitewide:
        return "sitewide"
    if actions:
        return "action"
    if pages and namespaces:
        return "both"
    return "namespace" if namespaces else "page" if pages == 1 else "pages"
