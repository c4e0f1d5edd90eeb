"""Fuzzes parsers and says what came of each."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_S = 5  # for one input
MOST_MEMORY_MB = 1024
ROOT = Path(__file__).parents[2]
COUNT = re.compile(r"number_of_executed_units: (\d+)")
REASON = re.compile(r"(?m)^(?:\w+(?:\.\w+)*(?:Error|Exception|Warning|Interrupt)\b.*|.*ERROR: libFuzzer: .*)$")


@dataclass(frozen=True)
class Outcome:
    """What came of fuzzing one parser. tried: inputs. broken_by: the input that broke it, kept there."""

    name: str
    tried: int
    broken_by: Path | None
    said: str

    @property
    def is_sound(self) -> bool:
        return self.broken_by is None and self.tried > 0

    def __str__(self) -> str:
        found = f"BROKEN by {self.broken_by}: " if self.broken_by else "" if self.tried else "DID NOT RUN: "
        return f"{self.name}: {self.tried:,} inputs. {found}{'' if self.is_sound else self.said}".rstrip()


def fuzz(names: Sequence[str], seconds: int, folder: Path, jobs: int = os.cpu_count() or 1) -> list[Outcome]:
    """Fuzzes each parser so long, so many at once. What is kept lies in the folder."""
    command = [sys.executable, "-m", "tests.fuzz.one", str(folder), str(seconds), str(jobs), *names]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        check=False,
    )  # fmt: skip
    said = done.stdout.decode("utf-8", "replace")[-500:]
    return [_outcome(name, folder / str(place), said) for place, name in enumerate(names)]


def _was_busy(name: str, kept: Path) -> bool:
    """Whether it was the machine that was slow: by itself the input costs little of the processor's time and memory."""
    if kept.name.startswith("crash-"):
        return False
    command = [sys.executable, "-m", "tests.fuzz.again", name, str(kept)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=20 * LONGEST_S)
    except subprocess.TimeoutExpired:
        return False
    said = done.stdout.split()
    return done.returncode == 0 and float(said[0]) <= LONGEST_S and int(said[1]) <= MOST_MEMORY_MB


def _outcome(name: str, here: Path, otherwise: str) -> Outcome:
    log = here / "log"
    said = log.read_text("utf-8", "replace") if log.exists() else otherwise
    kept = [path for path in sorted(here.glob("*-*")) if path.is_file() and not _was_busy(name, path)]
    count = COUNT.search(said)
    why = "; ".join(REASON.findall(said)) or said[-500:]
    return Outcome(name, int(count[1]) if count else 0, kept[0] if kept else None, why[:1000])
