"""Runs a command in a process of its own and says what it took; for the other scripts, not a benchmark itself."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KIB_PER_MAXRSS = 1 / 1024 if sys.platform == "darwin" else 1.0  # macOS counts bytes


@dataclass(frozen=True)
class Took:
    """seconds: from start to end. processor_s: of that on a processor. memory_mb: the peak. said: its output."""

    seconds: float
    processor_s: float
    memory_mb: float
    said: str


def run(*command: str) -> Took:
    """Runs the command in the project's folder; it must succeed."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    return Took(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB_PER_MAXRSS / 1024, said)


def python(code: str) -> Took:
    """Runs Python text."""
    return run(sys.executable, "-c", code)


def itself(script: str, *words: str) -> Took:
    """Runs a benchmark again, as a part of itself that needs a process of its own."""
    return run(sys.executable, str(Path(script).resolve()), *words)


def verdict(is_kept: bool) -> str:
    return "kept" if is_kept else "BROKEN"
