"""Builds and downloads are killed, disks are full, clocks go backwards: what is left each time (`tests.nothing_lost`)."""

import subprocess
import sys

KILLS = 20


def test_whatever_happens_nothing_is_lost_and_no_broken_build_is_in_force():
    command = [sys.executable, "-m", "tests.nothing_lost", "--kills", str(KILLS)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert ran.returncode == 0, ran.stdout + ran.stderr[-4000:]
    found = {what: int(count.replace(",", "")) for count, what in map(_split, ran.stdout.splitlines())}
    tried = [count for what, count in found.items() if what.startswith(("build was", "build ran", "download "))]
    assert sum(tried) == KILLS
    assert found["build was killed"] > KILLS // 4
    assert found["events in landing"] == found["events on the server"] == 100 * (KILLS // 2)
    assert found["whole build in force"] > KILLS // 2


def _split(line: str) -> tuple[str, str]:
    count, _, what = line.strip().partition("  ")
    return count, what
