"""`python -m tests.fuzz.again NAME FILE`: gives a parser one input, without fuzzing; says how long it took and its memory."""

import resource
import sys
import time
from pathlib import Path

from tests.fuzz.parsers import parsers


def main(name: str, path: Path) -> None:
    parser, content = parsers()[name], path.read_bytes()
    parser.run(parser.seeds[0])  # what is imported at the first row is no part of it
    begins = time.process_time()
    parser.run(content)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{time.process_time() - begins:.1f} {used >> 10}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
