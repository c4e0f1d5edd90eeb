"""Promises of reports: one is written in 5 s by a new process, and in 2 s by one that has written it before.

    UPSTANDER_HOME=... python benchmarks/weekly_report.py

The weekly summary (PDF and HTML) and the quarterly report (wikitext, HTML, CSV) of the last whole week and quarter of
the build in force, each in a process of its own that writes it several times: the bytes must be the same. Promises are
of seconds of the processor, so that a busy machine disturbs little; what the clock said stands behind. Exit code 1
where a promise is broken.
"""

import argparse
import importlib
import json
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import child

REPORTS = ("weekly", "quarterly")
COLD_S, WARM_S = 5.0, 2.0
TIMES = 6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", choices=REPORTS, help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.report:
        print(json.dumps(_written(options.report, options.times)))
        return 0
    kept = [_measure(name) for name in REPORTS]
    return 0 if all(kept) else 1


def _measure(name: str) -> bool:
    cold, several = (child.itself(__file__, "--report", name, "--times", str(times)) for times in (1, TIMES))
    said = json.loads(several.said)
    clock, processor = (statistics.median(seconds[1:]) for seconds in (said["clock"], said["processor"]))
    kept = (cold.processor_s <= COLD_S, processor <= WARM_S, bool(said["is_same"]))
    print(f"{name} {said['period']}, {said['kilobytes']:,} kB; {cold.memory_mb:.0f} MB at the peak")
    for words, busy, seconds, at_most in (
        ("by a new process", cold.processor_s, cold.seconds, COLD_S),
        ("written again", processor, clock, WARM_S),
    ):
        print(f"  {words:17}{busy:6.2f} s  at most {at_most:g}: {child.verdict(busy <= at_most)}  ({seconds:.2f} s)")
    print(f"  the same bytes {TIMES} times: {child.verdict(kept[2])}")
    return all(kept)


def _written(name: str, times: int) -> dict[str, Any]:
    """Writes the report several times, in this process."""
    report, period = importlib.import_module(f"dashboard.reports.{name}"), _last_whole(name)
    clock, processor, contents = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(times):
            start, busy = time.perf_counter(), time.process_time()
            paths = report.write(period, Path(folder) / str(number))
            clock.append(time.perf_counter() - start)
            processor.append(time.process_time() - busy)
            contents.append([path.read_bytes() for path in paths])
    size = sum(len(one) for one in contents[0])
    same = all(one == contents[0] for one in contents)
    return {"period": period, "clock": clock, "processor": processor, "kilobytes": size // 1000, "is_same": same}


def _last_whole(name: str) -> str:
    from metrics import query
    from metrics.calendar import Rules, period_of

    built = query.build()
    if name == "weekly":
        monday = built.as_of.date() - timedelta(days=built.as_of.weekday() + 7)
        return "{}-W{:02d}".format(*monday.isocalendar())
    rules = Rules(built.fiscal_year_start)
    this = period_of(built.as_of.date(), "quarter", rules)
    return period_of(this.start - timedelta(days=1), "quarter", rules).label


if __name__ == "__main__":
    sys.exit(main())
