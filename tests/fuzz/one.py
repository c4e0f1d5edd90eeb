"""`python -m tests.fuzz.one NAME SECONDS FOLDER`: fuzzes one parser with atheris, guided by which lines of ours are run.

It ends with 0 where nothing was found; else what was found is in FOLDER, as the bytes of the input.
"""

import random
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["data_contracts", "etl", "metrics.semantic"], enable_loader_override=False):
    from tests.fuzz.parsers import parsers
    from tests.mutated import BAD, changed

    PARSERS = parsers()  # feeds are imported by their names, and only what is imported here is watched

SEED = 20261121
LONGEST_S = 5  # for one input
MOST_MEMORY_MB = 1024
MOST_BYTES = 1 << 20
OURS = 3  # of so many changes one is a thing that no file should hold; the others are libFuzzer's own


def main(name: str, seconds: int, folder: Path) -> None:
    parser = PARSERS[name]
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number, seed in enumerate(parser.seeds):
        (corpus / str(number)).write_bytes(seed)
    told = {
        "max_total_time": seconds, "seed": SEED, "timeout": LONGEST_S, "rss_limit_mb": MOST_MEMORY_MB,
        "max_len": MOST_BYTES, "len_control": 0, "artifact_prefix": f"{folder}/", "print_final_stats": 1,
    }  # fmt: skip
    arguments = [sys.argv[0], *(f"-{option}={value}" for option, value in told.items()), str(corpus)]
    atheris.Setup(arguments, parser.run, custom_mutator=_mutate)
    atheris.Fuzz()


def _mutate(content: bytes, most: int, seed: int) -> bytes:
    chance = random.Random(seed)
    if chance.randrange(OURS):
        return bytes(atheris.Mutate(content, most))
    places = (chance.randint(0, len(content)), chance.randint(0, len(content)))
    kind = chance.choice(("cut", "end", "double", "put", "swap"))
    return changed(content, [(kind, *places, chance.choice(BAD))])[:most]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
