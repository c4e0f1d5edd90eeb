"""The feed on real logs: figures that others counted in the same files."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from etl.feed import Landed
from etl.sources import mediawiki_logging as feed
from tests.feeds.logging_reader import as_rows, landed_file, read

Find = Callable[[str], Path]
LIVE = Path(__file__).parent / "mediawiki-live"
COUNTED = (
    *(
        "log items",
        "block",
        "reblock",
        "unblock",
        "hidden action",
        "hidden performer",
        "hidden comment",
        "empty comment",
    ),
    *("addresses and ranges", "ranges", "distinct targets", "distinct performers", "partial", "never ends"),
)
KNOWN = {  # from the README of enwiki-block-log
    "2019-10": (42219, 41404, 644, 171, 36, 0, 4, 62, 33113, 1624, 41200, 243, 0, 8612),
    "2019-11": (50992, 50136, 689, 167, 19, 0, 5, 191, 42628, 6229, 50038, 251, 0, 7926),
    "2019-12": (65351, 64229, 963, 159, 23, 0, 7, 94, 56649, 6137, 64224, 248, 0, 8295),
    "2020-01": (74765, 73232, 1286, 247, 14, 0, 1, 105, 65619, 2930, 71532, 253, 96, 8616),
    "2020-02": (74330, 73384, 765, 181, 7, 0, 0, 52, 65596, 2544, 71979, 252, 132, 8271),
    "2020-03": (58676, 57517, 585, 574, 14, 2, 3, 103, 48831, 2073, 56520, 254, 101, 9382),
    "all": (366333, 359902, 4932, 1499, 113, 2, 20, 607, 312436, 21537, 336917, 399, 329, 51102),
}
PARTIAL = {"pages only": 280, "namespaces only": 33, "both": 16}


class Count:
    """The figures of one month, or of all."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.targets: set[str] = set()
        self.performers: set[str] = set()

    def add(self, row: dict[str, Any]) -> None:
        hidden = row["is_action_hidden"]
        restricted = bool(row["restricted_page_count"] or row["restricted_namespaces"])
        self.counts.update(["log items", row["log_action"]])
        self.counts["hidden action"] += hidden
        self.counts["hidden performer"] += row["is_performer_hidden"]
        self.counts["hidden comment"] += row["is_comment_hidden"]
        self.counts["empty comment"] += not row["has_comment"] and not row["is_comment_hidden"]
        self.counts["addresses and ranges"] += row["target_kind"] in {"ipv4", "ipv6", "range"}
        self.counts["ranges"] += row["target_kind"] == "range"
        self.counts["partial"] += row["is_sitewide"] is False and restricted
        self.counts["never ends"] += row["is_indefinite"] is True
        if not hidden:
            self.targets.add(row["target"])
        if not hidden and row["performer"] is not None:
            self.performers.add(row["performer"])

    def figures(self) -> tuple[int, ...]:
        found = {**self.counts, "distinct targets": len(self.targets), "distinct performers": len(self.performers)}
        return tuple(found.get(name, 0) for name in COUNTED)


@pytest.fixture(scope="module")
def counted(shared: Find) -> tuple[dict[str, Count], Counter[str], int]:
    path = next(iter(sorted(shared("data/enwiki-block-log").glob("*-pages-logging.xml.gz"))))
    settings = feed.Settings.model_validate({"wikis": [{"wiki": "enwiki", "files": [path.name]}]})
    months: dict[str, Count] = {month: Count() for month in KNOWN}
    kinds: Counter[str] = Counter()
    rejected = 0
    for batch in feed.read(Landed(feed.deliveries(settings)[0], (landed_file(path),))):
        rejected += len(batch.rejects)
        for row in as_rows(batch.columns) if batch.table == feed.TABLE else ():
            months[f"{row['occurred_at']:%Y-%m}"].add(row)
            months["all"].add(row)
            kinds[_restriction(row)] += 1
    return months, kinds, rejected


def _restriction(row: dict[str, Any]) -> str:
    pages, namespaces = row["restricted_page_count"], row["restricted_namespaces"]
    if pages and namespaces:
        return "both"
    return "pages only" if pages else "namespaces only" if namespaces else "none"


@pytest.mark.parametrize("month", KNOWN)
def test_english_wikipedias_block_log_gives_the_known_answers(counted: Any, month: str) -> None:
    months, _, _ = counted
    assert dict(zip(COUNTED, months[month].figures(), strict=True)) == dict(zip(COUNTED, KNOWN[month], strict=True))


def test_partial_blocks_of_english_wikipedia_are_of_the_known_kinds(counted: Any) -> None:
    _, kinds, _ = counted
    assert {kind: kinds[kind] for kind in PARTIAL} == PARTIAL


def test_no_item_of_english_wikipedias_block_log_is_refused(counted: Any) -> None:
    _, _, rejected = counted
    assert rejected == 0


def test_the_dump_of_a_real_wiki_gives_the_totals_that_its_seed_asked_for() -> None:
    """All but the two logs that are not public: they are in no dump."""
    asked = json.loads((LIVE / "totals.json").read_text(encoding="utf-8"))["by_type"]
    rows, rejects, fault = read(LIVE / "pages-logging.xml.gz")
    found = Counter(f"{row['log_type']}/{row['log_action']}" for row in rows)
    kept = {
        kind: n for kind, n in asked.items() if kind.split("/")[0] in feed.log_types() - {"suppress", "abusefilter"}
    }
    assert (dict(found), rejects, fault) == (kept, [], None)


def test_blocks_by_month_of_a_real_wiki() -> None:
    rows, _, _ = read(LIVE / "pages-logging.xml.gz")
    months = Counter(
        f"{row['occurred_at']:%m}" for row in rows if (row["log_type"], row["log_action"]) == ("block",) * 2
    )
    assert months == {"01": 7, "02": 9, "03": 11, "04": 13, "05": 15, "06": 18}


def test_blocks_of_a_real_wiki_have_the_kinds_that_its_seed_asked_for() -> None:
    """Of the 85 blocks and reblocks some were hidden later: what is left and what is hidden add up."""
    asked = json.loads((LIVE / "totals.json").read_text(encoding="utf-8"))["block_kinds"]
    wanted = Counter({kind: n for kind, n in asked.items() if "block:" in kind})
    rows, _, _ = read(LIVE / "pages-logging.xml.gz")
    blocks = [row for row in rows if row["log_type"] == "block" and row["log_action"] in {"block", "reblock"}]
    shown = Counter(f"{row['log_action']}:{_scope(row)}" for row in blocks if not row["is_action_hidden"])
    hidden = sum(row["is_action_hidden"] for row in blocks)
    assert (shown - wanted, (wanted - shown).total(), len(blocks)) == (Counter(), hidden, 85)


def _scope(row: dict[str, Any]) -> str:
    if row["is_sitewide"]:
        return "sitewide"
    if row["restricted_actions"]:
        return "action"
    if row["restricted_namespaces"]:
        return "both" if row["restricted_page_count"] else "namespace"
    return "page" if row["restricted_page_count"] == 1 else "pages"


def test_a_real_wikis_names_in_many_scripts_come_through(tmp_path: Path) -> None:
    path = tmp_path / "log.xml"
    path.write_bytes(gzip.decompress((LIVE / "pages-logging.xml.gz").read_bytes()))
    rows, _, _ = read(path)
    names = {row["target"] for row in rows if row["log_type"] == "newusers"}
    assert {"Zoë Ångström", "山田太郎", "Комаров", 'Quote"d', "Emoji🦉owl"} <= names
