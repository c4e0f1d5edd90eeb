"""`python -m tests.fuzz [--seconds N] [--jobs N] [NAME ...]`: fuzzes every parser, or those whose names contain NAME.

It prints a line for each: how many inputs were tried, and the input that broke it, which is kept. It ends with 1 then.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from tests.fuzz.parsers import parsers
from tests.fuzz.runs import fuzz


def main() -> int:
    told = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    told.add_argument("--seconds", type=int, default=60, help="for each parser")
    told.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="parsers at once")
    told.add_argument("names", nargs="*", help="parts of names of parsers")
    chosen = told.parse_args()
    names = [name for name in parsers() if not chosen.names or any(part in name for part in chosen.names)]
    outcomes = fuzz(names, chosen.seconds, Path(tempfile.mkdtemp(prefix="fuzz-")), chosen.jobs)
    sys.stdout.writelines(f"{one}\n" for one in outcomes)
    return 0 if all(one.is_sound for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
