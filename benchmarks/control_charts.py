"""Promise of the control charts: those of 300 wikis x 70 metrics, 104 weeks each, in under 2 s.

    python benchmarks/control_charts.py

Each line draws all series at once and takes every chart out with its verdicts, variation and assurance; the best of
three. Beside it: what the same charts take drawn one series at a time, reckoned from a sample of 1,000 of them. Exit
code 1 where a line takes longer.
"""

import sys
import time
from collections.abc import Callable

import child
import numpy as np
from numpy.typing import NDArray

from metrics.stats import spc

SERIES, WEEKS, SAMPLE, RUNS, LIMIT_S = 300 * 70, 104, 1000, 3, 2.0
OPTIONS = spc.Same(better="higher", target=110.0, rebase=(52,))
Floats = NDArray[np.float64]


def main() -> int:
    random = np.random.default_rng(0)
    sizes = random.integers(60, 140, (SERIES, WEEKS)).astype(float)
    counted = random.binomial(sizes.astype(int), 0.2).astype(float)
    normal = random.normal(100, 10, (SERIES, WEEKS))
    normal[random.random(normal.shape) < 0.02] = np.nan  # some weeks are missing
    drawn: list[tuple[spc.Chart, Floats, Floats | None]] = [
        ("xmr", normal, None), ("p", counted, sizes), ("p_prime", counted, sizes), ("u_prime", counted, sizes),
        ("c", counted, None), ("g", counted, None), ("t", counted + 0.5, None),
    ]  # fmt: skip
    kept = []
    print(f"{SERIES:,} series of {WEEKS} weeks{'':4}{'seconds':>10}{'one by one':>12}{'ratio':>8}{'at most':>9}")
    for chart, values, below in drawn:
        together = min(_seconds(lambda c=chart, v=values, b=below: _all(c, v, b)) for _ in range(RUNS))
        alone = _seconds(lambda c=chart, v=values, b=below: _one_by_one(c, v, b)) * SERIES / SAMPLE
        kept.append(together <= LIMIT_S)
        told = f"{together:10.2f}{alone:12.1f}{alone / together:8.1f}{LIMIT_S:9.1f}"
        print(f"{chart:30}{told}  {child.verdict(kept[-1])}")
    return 0 if all(kept) else 1


def _all(chart: spc.Chart, values: Floats, sizes: Floats | None) -> list[spc.ControlChart]:
    charts = spc.of_many(chart, values, sizes, **OPTIONS)
    return [charts.chart(place) for place in range(len(values))]


def _one_by_one(chart: spc.Chart, values: Floats, sizes: Floats | None) -> list[spc.ControlChart]:
    return [
        spc.of_many(chart, values[[place]], None if sizes is None else sizes[[place]], **OPTIONS).chart(0)
        for place in range(SAMPLE)
    ]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
