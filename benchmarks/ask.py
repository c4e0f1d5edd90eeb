"""Promises of an answer: stored values in 5 ms, of groups in 10, from daily parts in 100, from the mart in 300.

    UPSTANDER_HOME=... python benchmarks/ask.py

Medians over all months of blocks_set, in one process that has asked once before; what two dimensions take from parts is
also told as a ratio to the same figures taken from the mart, as if no parts were stored. Needs a build with a log. Exit
code 1 where a promise is broken.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import child

from metrics import query
from metrics.answer import Released
from metrics.semantic import plan

RUNS = 15


def stored() -> Released:
    return query.ask("blocks_set", by="month")


def by_group() -> Released:
    return query.ask("blocks_set", by="month", split=["target_kind"])


def two_dimensions() -> Released:
    return query.ask("blocks_set", by="month", split=["target_kind", "duration_class"])


def span() -> Released:
    day = query.build().as_of.date()
    return query.ask("blocks_set", by="total", start=day - timedelta(days=90), end=day - timedelta(days=1))


def from_the_mart() -> Released:
    return query.ask("blocks_set", by="month", split=["wiki", "reason_class"])


QUESTIONS: dict[str, tuple[Callable[[], Released], int]] = {
    "stored, all": (stored, 5),
    "stored, by one dimension": (by_group, 10),
    "by two small dimensions, from parts": (two_dimensions, 100),
    "ninety days, from parts": (span, 100),
    "by wiki and reason, from the mart": (from_the_mart, 300),
}


def main() -> int:
    stored()
    kept = []
    print(f"{'':40}{'median ms':>10}{'slowest':>9}{'figures':>9}{'at most':>9}")
    for name, (question, limit_ms) in QUESTIONS.items():
        took = _milliseconds(question)
        kept.append(statistics.median(took) <= limit_ms)
        told = f"{statistics.median(took):10.1f}{max(took):9.1f}{len(question().figures):9,}{limit_ms:9}"
        print(f"{name:40}{told}  {child.verdict(kept[-1])}")
    print(f"two dimensions from parts: {_mart_over_parts():.1f} times as fast as from the mart")
    return 0 if all(kept) else 1


def _mart_over_parts() -> float:
    parts = statistics.median(_milliseconds(two_dimensions))
    with patch.object(plan, "stored_split", lambda mart, dimensions: None):
        mart = statistics.median(_milliseconds(two_dimensions))
    return mart / parts


def _milliseconds(question: Callable[[], Released]) -> list[float]:
    return [_once(question) for _ in range(RUNS)]


def _once(question: Callable[[], Released]) -> float:
    start = time.perf_counter()
    question()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())
