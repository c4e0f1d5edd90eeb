"""Forks of this process that do something, are killed, and say what became of them.

Whoever forks must have started no thread and opened no database; each fork has what was imported before.
"""

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from data_contracts.faults import UserFault
from data_contracts.load import Table
from etl.warehouse import land, suites

WHOLE, KILLED, BROKE = "ran to its end", "was killed", "BROKE"


@dataclass(frozen=True)
class Judge:
    """Checks what a fork builds, as `check.Checker` does, in a fork that has Great Expectations in it already."""

    process: int
    asked: BinaryIO
    answered: BinaryIO

    def verdicts(self, path: Path, tables: Sequence[Table]) -> Any:
        pickle.dump((path, tuple(tables)), self.asked)
        self.asked.flush()
        return pickle.load(self.answered)

    def leave(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self.asked.close()
        self.answered.close()


def judge() -> Judge:
    """One more that is free to check builds."""
    (its_in, asked), (answered, its_out) = os.pipe(), os.pipe()

    def judging() -> None:
        os.close(asked)  # else it would not notice that whoever asks is gone
        os.close(answered)
        os.dup2(its_in, sys.stdin.fileno())
        os.dup2(its_out, sys.stdout.fileno())
        suites.main()

    process = fork(judging)
    os.close(its_in)
    os.close(its_out)
    return Judge(process, os.fdopen(asked, "wb"), os.fdopen(answered, "rb"))


def fork(work: Callable[[], object], longest: int | None = None, clock: timedelta | None = None) -> int:
    """Does the work in a fork, where no file may be longer, or with another clock; its process."""
    child = os.fork()
    if not child:
        os._exit(_alone(work, longest, clock))
    return child


def outcome(child: int, seconds: float | None = None) -> str:
    """What became of a fork, which is killed after so many seconds."""
    until = time.monotonic() + (seconds or 600)
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return {0: WHOLE, 3: "said why it could not go on"}.get(os.waitstatus_to_exitcode(status), BROKE)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return KILLED


def _alone(work: Callable[[], object], longest: int | None, clock: timedelta | None) -> int:
    """In the fork: where no file may be longer, or with another clock."""
    import resource

    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - for the rest of a short life
    if longest is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest, longest))
    if clock is not None:
        _turn(clock)
    try:
        work()
    except UserFault:
        return 3
    except BaseException:  # noqa: BLE001 - whatever it is, the parent counts it
        return 4
    return 0


def _turn(by: timedelta) -> None:
    class Turned(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + by

    land.datetime = Turned  # type: ignore[misc]
