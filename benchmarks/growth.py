"""Promise: twice the input takes twice the time, and hardly more memory.

    python benchmarks/growth.py [--rounds 1] [--feed tickets]

Exports of a help desk, log dumps and history dumps, of invented people, are loaded as a build does: read, names hashed,
in a store, held against the contract. Each is doubled three times; each load has a process of its own, of which the
best round counts, without imports. The exponent is the slope of the logarithms. Others on the machine disturb the
clock, so time is that of the processors; the clock's is told. Memory is the peak of the process. A store keeps up to
512 MB of itself in memory while it is written, which small inputs do not fill: so much is no growth, but nothing
beyond it is allowed. Exit code 1 where a promise is broken.
"""

import argparse
import bz2
import json
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import child
import history_lines
import log_dump
import read_tickets
import ticket_rows

EXPONENT, MORE_MB, MEMORY_MB = 1.05, 100, 700
TIMES = (1, 2, 4, 8)
WIKI = "enwiki"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--feed", choices=INPUTS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.path:
        print(json.dumps(_loaded(options.feed, options.path)))
        return 0
    kept = [_grows(name, options.rounds) for name in INPUTS if options.feed in (None, name)]
    return 0 if all(kept) else 1


def _grows(name: str, rounds: int) -> bool:
    found = list[dict[str, float]]()
    with tempfile.TemporaryDirectory() as folder:
        paths = [INPUTS[name].write(Path(folder), times) for times in TIMES]
        for path in paths:
            runs = [_in_a_process(name, path) for _ in range(rounds)]
            found.append(min(runs, key=lambda one: one["processor_s"]))
    slope = statistics.linear_regression(
        *([math.log(one[what]) for one in found] for what in ("rows", "processor_s"))
    ).slope
    more, most = found[-1]["memory_mb"] - found[-2]["memory_mb"], found[-1]["memory_mb"]
    is_linear, is_flat, is_small = slope <= EXPONENT, more <= MORE_MB, most <= MEMORY_MB
    print(f"{name}, doubled {len(TIMES) - 1} times")
    for one in found:
        told = f"{one['processor_s']:9.2f} s on processors{one['seconds']:9.2f} s by the clock"
        print(f"  {one['rows']:12,.0f} rows{told}{one['memory_mb']:7.0f} MB")
    print(f"  exponent of time         {slope:7.2f}     at most {EXPONENT:g}: {child.verdict(is_linear)}")
    print(f"  MB more for twice as much{more:7.0f}     at most {MORE_MB}: {child.verdict(is_flat)}")
    print(f"  MB at the peak           {most:7.0f}     at most {MEMORY_MB}: {child.verdict(is_small)}")
    return is_linear and is_flat and is_small


def _in_a_process(name: str, path: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads(child.itself(__file__, "--feed", name, "--path", str(path)).said)
    return found


def _loaded(name: str, path: Path) -> dict[str, float]:
    import duckdb

    from data_contracts import load
    from etl import pipeline
    from etl.feed import Landed, LandedFile
    from etl.warehouse import store
    from etl.warehouse.pseudonym import Pseudonym

    feed: Any = pipeline.feed(name)
    (delivery,) = feed.deliveries(feed.Settings.model_validate(INPUTS[name].settings(path.name)))
    file = LandedFile(path, path.name, "0" * 64, path.stat().st_size, datetime(2026, 11, 20))
    tables = load.of_feed(name)
    wanted = store.Wanted(name, tables, [Landed(delivery, (file,))], [], Pseudonym(b"a key for benchmarks"), "")
    with tempfile.TemporaryDirectory(dir=path.parent) as home:
        start, on_processors = time.perf_counter(), time.process_time()
        made = store.update(Path(home), wanted, feed.read, lambda name, done, total, rows: None)
        seconds, processor_s = time.perf_counter() - start, time.process_time() - on_processors
        peak = read_tickets.peak_mb()
        with duckdb.connect(str(made), read_only=True) as connection:
            ((rows,),) = connection.execute("SELECT SUM(rows) FROM file").fetchall()
    return {"seconds": seconds, "processor_s": processor_s, "memory_mb": peak, "rows": int(rows)}


@dataclass(frozen=True)
class _Input:
    """What is loaded: a file so many times as large as the smallest, and the settings that say what it is."""

    write: Callable[[Path, int], Path]
    settings: Callable[[str], dict[str, Any]]


def _tickets(folder: Path, times: int) -> Path:
    return ticket_rows.write(folder / f"tickets-{times}.csv", 300_000 * times)


def _log(folder: Path, times: int) -> Path:
    return log_dump.packed(folder / f"log-{times}.xml.gz", log_dump.items_of(100_000, 1.0), times)


def _history(folder: Path, times: int) -> Path:
    inside = folder / str(times)
    inside.mkdir()
    path = inside / f"2026-10.{history_lines.WIKI}.all-time.tsv.bz2"
    parts = ("".join(history_lines.lines(30_000, 30_000 * part)).encode() for part in range(times))
    path.write_bytes(b"".join(bz2.compress(part, 1) for part in parts))
    return path


INPUTS = {
    "tickets": _Input(_tickets, lambda name: {"desks": [{**ticket_rows.DESK, "files": [name]}]}),
    "mediawiki_logging": _Input(_log, lambda name: {"wikis": [{"wiki": WIKI, "files": [name]}]}),
    "mediawiki_history": _Input(_history, lambda name: {"wikis": [{"wiki": history_lines.WIKI, "files": [name]}]}),
}

if __name__ == "__main__":
    sys.exit(main())
