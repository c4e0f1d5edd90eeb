"""Promise: 10,000 log events of a wiki are fetched in one pass without a gap, at most a quarter of the time ours.

    python benchmarks/read_api.py [--events 10000]

A real MediaWiki on loopback gets that many invented blocks into its log; they are fetched, and then read to batches of
columns for the warehouse. Own time is what our process computes while it fetches, the rest of that time it waits for
the wiki; with a network between, the share would be smaller still. Reading follows when all has landed, and waits for
nobody. Without PHP and MediaWiki it says so and does nothing. Exit code 1 where a promise is broken.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import child

sys.path.insert(0, str(child.ROOT))  # the wiki that the tests use

from etl.feed import Delivery, Download, Landed, LandedFile, Piece
from etl.sources import mediawiki_api as feed
from etl.web import Answer, Web
from tests.mediawiki import live_wiki
from tests.mediawiki.live_wiki import LiveWiki

BEGAN = datetime(2025, 1, 1)
MOST_CONNECTIONS, MOST_OWN_SHARE = 3, 0.25


@dataclass
class Asked:
    """Asks as a Web does, and counts."""

    web: Web
    sizes: list[int] = field(default_factory=list)

    def now(self) -> datetime:
        return self.web.now()

    def get(self, url: str, params: Mapping[str, Any], headers: Mapping[str, str] = {}, **how: Any) -> Answer:
        answer = self.web.get(url, params, headers, **how)
        self.sizes.append(len(answer.content))
        return answer


@contextmanager
def _watched(wiki: LiveWiki) -> Iterator[list[int]]:
    """How many connections the wiki has, each hundredth of a second."""
    ended, connections = threading.Event(), list[int]()

    def watch() -> None:
        while not ended.wait(0.01):
            connections.append(wiki.connections())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield connections
    finally:
        ended.set()
        watcher.join()


@dataclass(frozen=True)
class Pass:
    """One load of what is behind a cursor.

    fetch_s: from the first question to the last piece; own_s: of that on a processor. read_s: from pieces to batches.
    """

    pieces: list[Piece]
    numbers: list[int]
    fetch_s: float
    own_s: float
    read_s: float


def main() -> int:
    options = _options()
    if not live_wiki.is_here():
        print(f"skipped: needs {live_wiki.NEEDED}")
        return 0
    with _wiki(options.events) as wiki, Web([wiki.host], "https://demo.example") as web:
        asked, again = Asked(web), Asked(web)
        with _watched(wiki) as connections:
            first = _load(asked, wiki, None)
        kept = _told(asked, first, options.events, max(connections))
        more = _load(again, wiki, first.pieces[-1].cursor)
        print(f"the same again: {len(again.sizes)} requests, {len(more.numbers)} events, {more.fetch_s:.2f} s")
    return 0 if kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    return parser.parse_args()


@contextmanager
def _wiki(events: int) -> Iterator[LiveWiki]:
    with tempfile.TemporaryDirectory() as folder:
        wiki = LiveWiki(Path(folder))
        try:
            wiki.start()
            start = time.perf_counter()
            wiki.inside(BEGAN, "many", actor="Admin", count=events)
            print(f"{events:,} blocks in the wiki's log, made in {time.perf_counter() - start:.0f} s")
            yield wiki
        finally:
            wiki.stop()


def _load(asked: Any, wiki: LiveWiki, cursor: Mapping[str, Any] | None) -> Pass:
    settings = {"wikis": [{"wiki": "wiki.demo", "api": wiki.api}], "reasons": {"vandalism": "(?i)vandal"}}
    series = feed.downloads(feed.Settings.model_validate(settings))[0]
    start, own = time.perf_counter(), time.thread_time()
    pieces = [*feed.fetch(series, cursor, asked)]
    fetched, own = time.perf_counter(), time.thread_time() - own
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "piece.jsonl"
        numbers = [number for piece in pieces for number in _read(piece, series, path)]
    return Pass(pieces, numbers, fetched - start, own, time.perf_counter() - fetched)


def _read(piece: Piece, series: Download, path: Path) -> list[int]:
    path.write_bytes(piece.content)
    file = LandedFile(path, path.name, "", len(piece.content), datetime.now(UTC))
    landed = Landed(Delivery(series.feed, (series.series,), series.told), (file,))
    return [number for batch in feed.read(landed) for number in batch.columns.get("log_id", ())]


def _told(asked: Asked, load: Pass, events: int, connections: int) -> bool:
    numbers = sorted({*load.numbers})
    missing = events - len(numbers) + (numbers[-1] - numbers[0] + 1 - len(numbers) if numbers else 0)
    wrong, own = missing + len(load.numbers) - len(numbers), load.own_s / load.fetch_s
    promises = (
        ("events missing or double", f"{wrong}", "0", wrong == 0),
        ("connections at once", f"{connections}", f"{MOST_CONNECTIONS}", 0 < connections <= MOST_CONNECTIONS),
        ("own share of fetching", f"{own:.1%}", f"{MOST_OWN_SHARE:.0%}", own <= MOST_OWN_SHARE),
    )
    received = sum(asked.sizes) / 1e6
    print(f"{len(numbers):,} events, {received:.1f} MB, {len(asked.sizes)} requests, {len(load.pieces)} pieces")
    seconds = load.fetch_s + load.read_s
    print(f"{seconds:.2f} s, {len(numbers) / seconds:,.0f} events a second")
    waited = load.fetch_s - load.own_s
    print(f"of that waiting for the wiki {waited:.2f} s, own {load.own_s:.2f} s, reading {load.read_s:.2f} s")
    for name, found, limit, is_kept in promises:
        print(f"  {name:28}{found:>8}  at most {limit}: {child.verdict(is_kept)}")
    return all(is_kept for *_, is_kept in promises)


if __name__ == "__main__":
    sys.exit(main())
