"""How long a page takes to run again, page by page, against the limit of 150 ms: UPSTANDER_HOME says which build.

first: nothing is remembered of this page. warm: the median of the runs after it, as when a reader clicks. filtered:
warm, with one choice made. Times are the server's, by Streamlit's own AppTest, without the network and the browser.
"""

import logging
import statistics
import sys
import time
from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
LIMIT_MS = 150
RUNS = 9
PAGES = {
    "this_week": {},
    "metric": {"metric": "block_recidivism_30d", "wiki": "en.demo"},
    "blocks": {"wiki": "en.demo"},
    "cases": {"queue": "conduct"},
    "survey": {"wiki": "en.demo"},
    "community": {"wiki": "en.demo"},
    "program": {"part": "milestones"},
    "data": {"part": "checks"},
    "catalogue": {"pillar": "response"},
}


def run_ms(app: AppTest) -> float:
    start = time.perf_counter()
    app.run()
    took = (time.perf_counter() - start) * 1000
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return took


def warm_ms(app: AppTest) -> float:
    return statistics.median(run_ms(app) for _ in range(RUNS))


def measure(page: str, address: dict[str, str]) -> tuple[float, float, float]:
    """First, warm and filtered run of one page, in milliseconds."""
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.run()
    if page != "this_week":
        app.switch_page(f"pages/{page}.py")
    first, warm = run_ms(app), warm_ms(app)
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    return first, warm, warm_ms(app)


def main() -> int:
    logging.disable(logging.WARNING)  # AppTest warns of running without a server
    started = time.perf_counter()
    AppTest.from_file(str(APP), default_timeout=120).run()
    print(f"the first page of a new process, imports included: {(time.perf_counter() - started) * 1000:.0f} ms")
    print(f"{'page':<12}{'first ms':>10}{'warm ms':>10}{'filtered ms':>13}{'worst / limit':>15}")
    worst = 0.0
    for page, address in PAGES.items():
        first, warm, filtered = measure(page, address)
        ratio = max(warm, filtered) / LIMIT_MS
        worst = max(worst, ratio)
        print(f"{page:<12}{first:>10.0f}{warm:>10.0f}{filtered:>13.0f}{ratio:>15.2f}")
    print(f"worst: {worst:.2f} of the limit of {LIMIT_MS} ms")
    return int(worst > 1)


if __name__ == "__main__":
    sys.exit(main())
