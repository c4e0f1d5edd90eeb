"""Promises of reading log dumps into DuckDB, against bare decompression (isal) and mwxml in the same run.

    python benchmarks/read_dump.py [--rounds 3]

- Where 11 % of the items are wanted: at most 3 times as long as decompression, at least 60 times as fast as mwxml.
- Where all are wanted, as in the block log of English Wikipedia: at most 9 times as long, at least 22 times as fast.
- Time grows with the size, exponent at most 1.05, and memory does not: at most 200 MB.

Each runs in a process of its own, in turn; the best round counts, in seconds by the clock. Libraries are loaded before
it starts. "Into DuckDB" is what a build does: batches, names hashed, rows in a table, the file written. mwxml only
hands out its items; as it is slow, it gets the first 16 MB, and its time is taken for as much as the whole is.

Not reached, on two cores in November 2026 that others used too. 11 % wanted: 11 to 13 times as long as decompression,
55 to 71 times as fast as mwxml; to batches alone 11 and 67 to 74. All wanted: 75 to 96 times as long, 8 to 10 times as
fast; to batches alone 34 to 41 and 19 to 21. The exponent of time says little on such a machine: 0.4 to 1.2.
- isal unpacks either log in 0.04 s in one thread, 4 GB a second: the invented one (12 to 1) and the real one (21 to 1).
- On processors, reading takes 0.4 and 1.1 s, hashing names 0.02 and 0.5 s, and DuckDB's INSERT of finished Arrow tables
  of 28 columns 0.11 and 0.6 s: that alone is 2.6 and 15 times as long as decompression.
- To find two signs among others numpy needs as long as isal needs to unpack them, and the sieve looks for two such.
- Memory is kept to batches (187 MB, 41 of them pandas, which pyarrow imports) and not into DuckDB (230 to 540 MB, more
  with more rows).
Exit code 1 where a promise is broken.
"""

import argparse
import itertools
import json
import logging
import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import child
import log_dump
from isal import igzip

ENWIKI = child.ROOT.parent / "shared/data/enwiki-block-log"
ITEMS = 100_000
TIMES = (1, 2, 4, 8)
COMPARED = 4  # times as many items, compared with others
MEMORY_MB = 200
GROWTH, FLAT = 1.05, 1.1


@dataclass(frozen=True)
class Promise:
    """wanted: share of the items. of_bare: at most so many times as long; of_mwxml: at least so many times as fast."""

    name: str
    wanted: float
    of_bare: float
    of_mwxml: float


MIXED, ALL = Promise("11 % wanted", 0.11, 3.0, 60.0), Promise("all wanted", 1.0, 9.0, 22.0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        print(json.dumps(RUNS[options.run](options.path)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        mixed, all_wanted = (_written(Path(folder), promise) for promise in (MIXED, ALL))
        real = next(iter(sorted(ENWIKI.glob("*-pages-logging.xml.gz"))), None)
        kept = [
            _compare(MIXED, mixed[COMPARED], options.rounds),
            _compare(ALL, real or all_wanted[COMPARED], options.rounds),
            *(_grows(f"{MIXED.name}, {what}", mixed, run) for what, run in GROWING.items()),
            *(_grows(f"{ALL.name}, {what}", all_wanted, run) for what, run in GROWING.items()),
        ]
    return 0 if all(kept) else 1


def _compare(promise: Promise, path: Path, rounds: int) -> bool:
    best: dict[str, dict[str, float]] = {}
    for _, run in itertools.product(range(rounds), ("bare", "mwxml", "batches", "duckdb")):
        found = _in_a_process(run, path)
        if run not in best or found["seconds"] < best[run]["seconds"]:
            best[run] = found
    bare, theirs, batches, ours = (best[run] for run in ("bare", "mwxml", "batches", "duckdb"))
    share = bare["bytes"] / theirs["bytes"]
    mwxml_s = theirs["seconds"] * share
    print(f"\n{promise.name}: {path.name}, {bare['bytes'] / 1e6:.0f} MB of XML in {path.stat().st_size / 1e6:.1f} MB")
    print(f"  {'bare decompression':26}{bare['seconds']:9.3f} s")
    print(f"  {'mwxml':26}{mwxml_s:9.3f} s   from {theirs['items']:,.0f} items, 1/{share:.0f} of the file")
    print(f"  {'ours, to batches':26}{batches['seconds']:9.3f} s   {batches['items']:,.0f} rows")
    print(f"  {'ours, into DuckDB':26}{ours['seconds']:9.3f} s   {ours['processor_s']:.2f} s on processors")
    as_long, as_fast = ours["seconds"] / bare["seconds"], mwxml_s / ours["seconds"]
    is_short, is_fast = as_long <= promise.of_bare, as_fast >= promise.of_mwxml
    print(f"  {'times as long as bare':26}{as_long:9.1f}     at most {promise.of_bare:g}: {child.verdict(is_short)}")
    print(f"  {'times as fast as mwxml':26}{as_fast:9.1f}     at least {promise.of_mwxml:g}: {child.verdict(is_fast)}")
    print(f"  {'to batches alone':26}{batches['seconds'] / bare['seconds']:9.1f}, {mwxml_s / batches['seconds']:.1f}")
    return is_short and is_fast


def _grows(name: str, paths: dict[int, Path], run: str) -> bool:
    found = {times: _in_a_process(run, path) for times, path in paths.items()}
    exponent = _slope([(math.log(times), math.log(one["seconds"])) for times, one in found.items()])
    first, last = found[TIMES[0]]["memory_mb"], found[TIMES[-1]]["memory_mb"]
    is_linear, is_small, is_flat = exponent <= GROWTH, last <= MEMORY_MB, last <= FLAT * first
    print(f"\n{name}: {ITEMS:,} items, doubled {len(TIMES) - 1} times")
    print("  " + ", ".join(f"{one['seconds']:.2f} s and {one['memory_mb']:.0f} MB" for one in found.values()))
    print(f"  time grows with the exponent {exponent:.2f}, at most {GROWTH:g}: {child.verdict(is_linear)}")
    print(f"  peak memory {last:.0f} MB, at most {MEMORY_MB}: {child.verdict(is_small)}")
    print(
        f"  {last / first:.2f} times as much for {TIMES[-1]} times the log, at most {FLAT:g}: {child.verdict(is_flat)}"
    )
    return is_linear and is_small and is_flat


def _slope(points: list[tuple[float, float]]) -> float:
    """Of the line through the points with the least squares."""
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    slope: float = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    return slope


def _in_a_process(run: str, path: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads(child.itself(__file__, "--run", run, "--path", str(path)).said)
    return found


def _batches(path: Path) -> dict[str, float]:
    from etl.sources import mediawiki_logging as feed

    def rows(path: Path) -> int:
        batches = (batch for batch in feed.read(_landed(path)) if batch.table == feed.TABLE)
        return sum(len(batch.columns["line"]) + len(batch.rejects) for batch in batches)

    return _measured(rows, path)


def _duckdb(path: Path) -> dict[str, float]:
    import duckdb

    from data_contracts import load
    from etl.sources import mediawiki_logging as feed
    from etl.warehouse import raw
    from etl.warehouse.pseudonym import Pseudonym

    tables, key = load.of_feed(feed.FEED), Pseudonym(b"a key of a benchmark")
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/log.duckdb") as connection:
        for table in tables.values():
            raw.create_raw(connection, table)

        def rows(path: Path) -> int:
            landed = _landed(path)
            connection.execute("BEGIN")
            loaded = raw.load(connection, tables, landed, feed.read(landed), key)
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
            return sum(one.rows for one in loaded)

        return _measured(rows, path)


def _landed(path: Path) -> Any:
    from etl.feed import Landed, LandedFile
    from etl.sources import mediawiki_logging as feed

    reasons = {
        "harassment": "(?i)harass|npa|personal attack",
        "vandalism": "(?i)vandal",
        "proxy": "(?i)prox",
        "spam": "(?i)spam",
    }
    settings = feed.Settings.model_validate({"reasons": reasons, "wikis": [{"wiki": "enwiki", "files": [path.name]}]})
    return Landed(
        feed.deliveries(settings)[0], (LandedFile(path, path.name, "", path.stat().st_size, datetime.now(UTC)),)
    )


def _mwxml(path: Path) -> dict[str, float]:
    import mwxml

    logging.disable(logging.CRITICAL)  # it warns of each hidden item
    with igzip.open(path) as stream:  # type: ignore[no-untyped-call]
        text = stream.read(16 << 20)
    part = text[: text.rindex(b"</logitem>") + len(b"</logitem>")] + log_dump.TAIL.encode()
    slice_ = Path(tempfile.mkstemp(suffix=".xml.gz")[1])
    with igzip.open(slice_, "wb") as packed:  # type: ignore[no-untyped-call]
        packed.write(part)

    def items(path: Path) -> int:
        dump = mwxml.Dump.from_file(igzip.open(path))  # type: ignore[no-untyped-call]
        return len([None for _ in dump.log_items])

    found = _measured(items, slice_)
    slice_.unlink()
    return {**found, "bytes": len(part)}


def _bare(path: Path) -> dict[str, float]:
    def size(path: Path) -> int:
        size = 0
        with igzip.open(path) as stream:  # type: ignore[no-untyped-call]
            while piece := stream.read(1 << 20):
                size += len(piece)
        return size

    found = _measured(size, path)
    return {**found, "bytes": found["items"]}


def _measured(run: Callable[[Path], int], path: Path) -> dict[str, float]:
    """The second run, the first being of a tiny dump, so that all libraries are loaded."""
    with tempfile.TemporaryDirectory() as folder:
        run(log_dump.packed(Path(folder) / "tiny.xml.gz", log_dump.items_of(10, 1.0), 1))
    start, on_processors = time.perf_counter(), time.process_time()
    items = run(path)
    seconds, processor_s = time.perf_counter() - start, time.process_time() - on_processors
    return {"seconds": seconds, "processor_s": processor_s, "items": items, "memory_mb": _peak_mb()}


def _written(folder: Path, promise: Promise) -> dict[int, Path]:
    items = log_dump.items_of(ITEMS, promise.wanted)
    return {times: log_dump.packed(folder / f"{promise.name} {times}.xml.gz", items, times) for times in TIMES}


def _peak_mb() -> float:
    """Of this program alone; ru_maxrss may be that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * child.KIB_PER_MAXRSS / 1024


RUNS = {"bare": _bare, "mwxml": _mwxml, "batches": _batches, "duckdb": _duckdb}
GROWING = {"to batches": "batches", "into DuckDB": "duckdb"}


if __name__ == "__main__":
    sys.exit(main())
