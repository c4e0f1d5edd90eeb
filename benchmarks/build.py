"""Promises of a build, on the demo program: six wikis, a help desk, four survey waves and a plan over two years.

    python benchmarks/build.py

- The demo program is made in 15 s.
- A build takes at most six times as long as reading its files alone.
- A second build, with nothing changed, takes at most a tenth of the first and publishes nothing.
- Logs are read in at most 300 MB, ten times the log in no more than a log (bar a tenth).

Each part runs in a process of its own. The stages of the first build are told with their rows a second. Exit code 1
where a promise is broken.
"""

import argparse
import gzip
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import child

MADE_S = 15.0
READINGS = 6.0
AGAIN_SHARE = 0.1
MEMORY_MB = 300
TIMES = 10
GROWTH = 1.1
LOG = "feeds/en-20261119-pages-logging.xml.gz"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        PARTS[options.part](options.path)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "demo"
        kept = [_made(home), _built(home), _read(home, Path(folder))]
    return 0 if all(kept) else 1


def _made(home: Path) -> bool:
    took = child.itself(__file__, "--part", "demo", "--path", str(home))
    is_kept = took.seconds <= MADE_S
    print(f"the demo program, made: {took.seconds:.1f} s   at most {MADE_S:g}: {child.verdict(is_kept)}")
    return is_kept


def _built(home: Path) -> bool:
    first, again = (child.itself(__file__, "--part", "build", "--path", str(home)) for _ in range(2))
    said = json.loads(first.said)
    rows = sum(one["rows"] + one["rejected"] for one in said["feeds"])
    size = sum(one["bytes"] for one in said["feeds"])
    print(
        f"its build: {rows:,} rows, {size / 1e6:.1f} MB, in {first.seconds:.1f} s; {first.memory_mb:.0f} MB at the peak"
    )
    for stage, seconds in said["seconds"].items():
        print(f"  {stage:<10}{seconds:8.2f} s{rows / max(seconds, 1e-3):12,.0f} rows/s{seconds / first.seconds:8.0%}")
    ratio = sum(said["seconds"].values()) / said["seconds"]["reading"]
    is_quick = ratio <= READINGS
    print(f"  {ratio:.1f} times as long as reading alone, at most {READINGS:g}: {child.verdict(is_quick)}")
    share, is_new = again.seconds / first.seconds, json.loads(again.said)["is_new"]
    is_kept = share <= AGAIN_SHARE and not is_new
    told = (
        f"{share:.3f} of the first, at most {AGAIN_SHARE:g}, and nothing new" if not is_new else "it made a new build"
    )
    print(f"a second build, nothing changed: {again.seconds:.2f} s   {told}: {child.verdict(is_kept)}")
    return is_quick and is_kept


def _read(home: Path, folder: Path) -> bool:
    log, long = home / LOG, folder / "long.xml.gz"
    _lengthen(log, long)
    one, many = (child.itself(__file__, "--part", "read", "--path", str(path)) for path in (log, long))
    is_small, is_flat = many.memory_mb <= MEMORY_MB, many.memory_mb <= GROWTH * one.memory_mb
    for name, took in (("its largest log, read", one), (f"the same {TIMES} times as long", many)):
        items = int(took.said)
        print(f"{name}: {items:,} rows, {items / took.seconds:,.0f} rows/s, {took.memory_mb:.0f} MB at the peak")
    print(f"  at most {MEMORY_MB} MB: {child.verdict(is_small)}")
    growth = f"{many.memory_mb / one.memory_mb:.2f} times as much for {TIMES} times the log"
    print(f"  {growth}, at most {GROWTH:g}: {child.verdict(is_flat)}")
    return is_small and is_flat


def _lengthen(log: Path, long: Path) -> None:
    """The log's items several times over in one log; that their numbers repeat is nothing to a reader."""
    with gzip.open(log, "rb") as packed:
        head, begin, rest = packed.read().partition(b"  <logitem>")
    items = begin + rest[: rest.rindex(b"</mediawiki>")]
    with gzip.open(long, "wb", compresslevel=1) as packed:
        packed.write(head)
        for _ in range(TIMES):
            packed.write(items)
        packed.write(b"</mediawiki>\n")


def _part_demo(home: Path) -> None:
    from etl import demo
    from etl.warehouse.pseudonym import make_key

    demo.write(home)
    make_key(home)


def _part_build(home: Path) -> None:
    from etl import pipeline

    print(json.dumps(pipeline.build(home).as_json()))


def _part_read(path: Path) -> None:
    from etl.feed import Landed, LandedFile
    from etl.sources import mediawiki_logging as feed

    settings = feed.Settings.model_validate({"wikis": [{"wiki": "en.demo", "files": [path.name]}]})
    file = LandedFile(path, path.name, "", path.stat().st_size, datetime.now(UTC))
    batches = feed.read(Landed(feed.deliveries(settings)[0], (file,)))
    print(sum(len(batch.columns["line"]) + len(batch.rejects) for batch in batches if batch.table == feed.TABLE))


PARTS = {"demo": _part_demo, "build": _part_build, "read": _part_read}

if __name__ == "__main__":
    sys.exit(main())
