"""Promises of a new process: help, one answer and the first page come soon, next to what they cannot do without.

    UPSTANDER_HOME=... python benchmarks/cold_start.py [--rounds 5]

Each is a process of its own, and so is what it is measured against: an interpreter that imports the libraries which the
work needs, and does nothing. The two run in turn; the fastest round of each counts. Needs a build. Exit code 1 where a
promise is broken.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import child

UPSTANDER = str(Path(sys.executable).with_name("upstander"))
PAGE = (
    "import logging; logging.disable(logging.WARNING); from streamlit.testing.v1 import AppTest; "
    "app = AppTest.from_file('dashboard/app.py', default_timeout=120).run(); assert not app.exception, app.exception"
)


@dataclass(frozen=True)
class Start:
    """One way to start, and how many times as long as `bare` it may take."""

    name: str
    work: Callable[[], child.Took]
    bare: str
    at_most: float


STARTS = (
    Start("import of dashboard.cli", lambda: child.python("import dashboard.cli"), "import typer", 1.5),
    Start("upstander --help", lambda: child.run(UPSTANDER, "--help"), "import typer.rich_utils", 1.5),
    Start(
        "upstander ask blocks_set",
        lambda: child.run(UPSTANDER, "ask", "blocks_set", "--by", "month"),
        "import duckdb, pandas, pyarrow, scipy.optimize, sqlglot, pydantic, typer",
        2.5,
    ),
    Start(
        "first page of the app",
        lambda: child.python(PAGE),
        "import duckdb, pandas, pyarrow, scipy.optimize, sqlglot, pydantic, plotly.graph_objects, streamlit.testing.v1",
        2.5,
    ),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    print(f"{'':26}{'seconds':>9}{'processor':>11}{'bare':>8}{'ratio':>8}{'at most':>9}")
    kept = [_compare(start, rounds) for start in STARTS]
    return 0 if all(kept) else 1


def _compare(start: Start, rounds: int) -> bool:
    pairs = [(start.work(), child.python(start.bare)) for _ in range(rounds)]
    work, bare = (min((pair[side] for pair in pairs), key=lambda one: one.seconds) for side in (0, 1))
    ratio = work.seconds / bare.seconds
    is_kept = ratio <= start.at_most
    told = f"{work.seconds:9.2f}{work.processor_s:11.2f}{bare.seconds:8.2f}{ratio:8.1f}{start.at_most:9.1f}"
    print(f"{start.name:26}{told}  {child.verdict(is_kept)}")
    return is_kept


if __name__ == "__main__":
    sys.exit(main())
