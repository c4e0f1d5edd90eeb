"""The demo wikis' logs as dumps: feeds/<wiki>-<day>-pages-logging.xml.gz, in the order of the wiki's own numbers.

They were begun on the first day of which nothing is known: so quiet wikis tell of all days before it, too.
"""

import gzip
from itertools import chain
from pathlib import Path

import numpy as np

from etl.demo import log_text
from etl.demo.arrivals import stream
from etl.demo.blocks import spells
from etl.demo.log_blocks import Item, block_items, suppression_items
from etl.demo.log_traffic import kept_items, new_account_items, other_items
from etl.demo.planted import AS_OF
from etl.demo.targets import name_targets, registrations
from etl.demo.wikis import Wiki, wikis

FILE = f"feeds/{{code}}-{AS_OF:%Y%m%d}-pages-logging.xml.gz"
PACKING = 6  # of gzip: 9 takes three times as long and saves little
CHUNK = 5_000


def write_logs(home: Path, seed: int) -> None:
    """One file per wiki."""
    for wiki in wikis():
        path = home / FILE.format(code=wiki.code)
        with path.open("wb") as raw, gzip.GzipFile("", "wb", PACKING, raw, mtime=0) as packed:
            items = log_items(wiki, seed)
            packed.write(log_text.head(wiki).encode())
            for begin in range(0, len(items), CHUNK):
                packed.write("".join(items[begin : begin + CHUNK]).encode())
            packed.write(b"</mediawiki>\n")


def log_items(wiki: Wiki, seed: int) -> list[str]:
    """Every log item of a wiki as it stands in the dump, by time."""
    blocked = spells(stream(seed, wiki.number, 1), wiki)
    people = registrations(stream(seed, wiki.number, 2), wiki, blocked)
    targets = name_targets(stream(seed, wiki.number, 3), wiki, blocked, people)
    items = list(
        chain(
            block_items(stream(seed, wiki.number, 4), wiki, blocked, targets),
            suppression_items(stream(seed, wiki.number, 5), wiki),
            new_account_items(stream(seed, wiki.number, 6), wiki, people),
            kept_items(stream(seed, wiki.number, 7), wiki),
            other_items(stream(seed, wiki.number, 8), wiki),
        )
    )
    return _numbered(stream(seed, wiki.number, 9), items)


def _numbered(rng: np.random.Generator, items: list[Item]) -> list[str]:
    """In order of time, with numbers that have gaps: some log items are in no dump."""
    at = np.array([moment for moment, _ in items], dtype=np.int64)
    order = np.argsort(at, kind="stable")
    numbers = np.cumsum(1 + (rng.random(len(items)) < 0.03)).tolist()
    moments = np.datetime_as_string(at[order].astype("datetime64[s]")).tolist()
    return [
        f"  <logitem>\n    <id>{number}</id>\n    <timestamp>{moment}Z</timestamp>\n{items[place][1]}{log_text.CLOSE}"
        for number, moment, place in zip(numbers, moments, order.tolist(), strict=True)
    ]
