"""`python -m tests.fuzz.one FOLDER SECONDS JOBS NAME ...`: fuzzes parsers with atheris, guided by which lines of ours run.

Everything is imported once; each parser then has a process of its own, which a crash, a hang or too much memory ends. In
FOLDER/<place of the name> stand what it said (log) and, where something was found, the bytes of the input.
"""

import ctypes
import gc
import os
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import atheris
import pandas  # noqa: F401, pyarrow imports it with its first array, which should not count as the time of an input

from tests.fuzz.runs import LONGEST_S, MOST_MEMORY_MB

with atheris.instrument_imports(include=["data_contracts", "etl", "metrics.semantic"], enable_loader_override=False):
    from tests.fuzz.parsers import Parser, parsers
    from tests.mutated import BAD, changed

    PARSERS = parsers()  # feeds are imported by their names, and only what is imported here is watched

SEED = 20261121
MOST_BYTES = 1 << 20
EVERY = 100  # inputs
OWN_MB_A_SECOND = 15  # by so much the fuzzer itself grows; the same inputs without it hold no more at the end
OURS = 3  # of so many changes one is a thing that no file should hold; the others are libFuzzer's own


def main(folder: Path, seconds: int, jobs: int, names: Sequence[str]) -> None:
    running: set[int] = set()
    for place, name in enumerate(names):
        here = folder / str(place)
        (here / "corpus").mkdir(parents=True)
        if len(running) >= jobs:
            running.discard(os.wait()[0])
        child = os.fork()
        if not child:
            _fuzz(PARSERS[name], seconds, here)
        running.add(child)
    while running:
        running.discard(os.wait()[0])


def _fuzz(parser: Parser, seconds: int, here: Path) -> None:
    """Ends the process."""
    log = os.open(here / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for number, seed in enumerate(parser.seeds):
        (here / "corpus" / str(number)).write_bytes(seed)
    told = {
        "max_total_time": seconds, "seed": SEED, "timeout": LONGEST_S, "rss_limit_mb": MOST_MEMORY_MB + OWN_MB_A_SECOND * seconds,
        "max_len": MOST_BYTES, "len_control": 0, "artifact_prefix": f"{here}/", "print_final_stats": 1,
    }  # fmt: skip
    arguments = [sys.argv[0], *(f"-{option}={value}" for option, value in told.items()), str(here / "corpus")]
    atheris.Setup(arguments, _given_back(parser), custom_mutator=_mutate)
    atheris.Fuzz()


def _given_back(parser: Parser) -> Callable[[bytes], None]:
    """The parser, with memory that it no longer holds given back at times: what is measured is what it holds."""
    give_back, count = getattr(ctypes.CDLL(None), "malloc_trim", None), 0

    def run(content: bytes) -> None:
        nonlocal count
        count += 1
        if give_back is not None and count % EVERY == 0:
            gc.collect()
            give_back(0)
        parser.run(content)

    return run


def _mutate(content: bytes, most: int, seed: int) -> bytes:
    chance = random.Random(seed)
    if chance.randrange(OURS):
        return bytes(atheris.Mutate(content, most))
    places = (chance.randint(0, len(content)), chance.randint(0, len(content)))
    kind = chance.choice(("cut", "end", "double", "put", "swap"))
    return changed(content, [(kind, *places, chance.choice(BAD))])[:most]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
