"""Kills builds and downloads at random moments, fills disks, turns clocks back, and looks at what is left each time.

    python -m tests.nothing_lost [--kills 200] [--seed 1]

Counts what it did and what it found; exit code 1 where anything was lost, doubled or in force half-made. It starts no
thread and opens no database before its builds, because each of them is a fork of this process. So is whoever checks
one, and whoever looks into it: to import all they need takes seconds, and is done once.
"""

import argparse
import hashlib
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

from data_contracts import load
from data_contracts.rules import rules
from etl import pipeline
from etl.warehouse import check
from etl.warehouse.pseudonym import make_key
from metrics import catalog, materialise  # noqa: F401 - whoever builds needs it, and what it imports takes a second
from tests.fingerprint import fingerprint
from tests.forked import BROKE, KILLED, WHOLE, Judge, fork, judge, outcome

SETTINGS = """\
program: Killed Wikis
invented: true
wikis: [{id: en.demo, name: Demo Wiki, language: en}]
network: {hosts: ["127.0.0.1:%d"], contact: "https://demo.example"}
feeds:
  tickets:
    desks:
      - desk: help
        files: ["feeds/*.csv"]
        format: "%%Y-%%m-%%d %%H:%%M:%%S"
        columns: {id: Ticket, opened: Created, first_response: Answered}
%s"""
FETCHED = """\
  mediawiki_api:
    wikis: [{wiki: en.demo, api: "http://127.0.0.1:%d/w/api.php"}]
"""
KEY = "the same key for every home of these trials"
ROOMS, READ_ONLY = (0, 1 << 16, 1 << 20, 3 << 20), -1  # bytes
GROWING = 1 << 17  # lines: to read them takes a hundred times as long as to write one more


JUDGES: list[Judge] = []  # those that are free
LENT: dict[int, Judge] = {}  # those that check what a fork builds, by its process


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ["UPSTANDER_KEY"] = KEY
    chance, found = random.Random(options.seed), Counter[str]()
    _warm()
    try:
        with tempfile.TemporaryDirectory() as folder:
            builds(Path(folder), options.kills // 2, chance, found)
            disks(Path(folder), found)
            clocks(Path(folder), found)
            changes(Path(folder), found)
            twice(Path(folder), found)
            downloads(Path(folder), options.kills - options.kills // 2, chance, found)
    finally:  # also of what was done before somebody lost patience
        for one in (*JUDGES, *LENT.values()):
            one.leave()
        for what, count in sorted(found.items()):
            sys.stdout.write(f"{count:6,}  {what}\n")
    return 1 if any(what.startswith("LOST") or what.endswith(BROKE) for what in found) else 0


def builds(folder: Path, kills: int, chance: random.Random, found: Counter[str]) -> None:
    """Each build has a new file to take in, and is killed somewhere between its start and a little after its end."""
    home = _home(folder / "killed")
    _add_tickets(home, 0)
    length = _timed(lambda: pipeline.build(home, offline=True))
    for number in range(1, kills + 1):
        _add_tickets(home, number)
        found[f"build {_forked(lambda: pipeline.build(home, offline=True), chance.uniform(0, 1.1 * length))}"] += 1
        _look(home, found)
    _forked(lambda: pipeline.build(home, offline=True))
    calm = _home(folder / "calm")
    for number in range(kills + 1):
        _add_tickets(calm, number)
    _forked(lambda: pipeline.build(calm, offline=True))
    same = _fingerprint(home) == _fingerprint(calm)
    found["after all kills the build is that of a home where nothing was killed" if same else "LOST: other builds"] += 1


def downloads(folder: Path, kills: int, chance: random.Random, found: Counter[str]) -> None:
    """A server with a log of some thousand events; its loading is killed, and goes on where it was."""
    from tests.feeds.api_wiki import Wiki
    from tests.server import serving

    with serving() as server:
        port = int(server.host.rpartition(":")[2])
        wiki = Wiki(server, page=20, now=datetime.now())
        home = _home(folder / "loaded", port, FETCHED % port)
        _add_tickets(home, 0)
        length = _subprocess(home, None)
        for number in range(1, kills + 1):
            wiki.log += [_event(len(wiki.log) + one, number) for one in range(1, 101)]
            found[f"download {_subprocess(home, chance.uniform(0.3 * length, 1.3 * length))[0]}"] += 1
            _look_at_landing(home, found)
        _subprocess(home, None)
        ids = _landed_ids(home)
    wanted = {one["logid"] for one in wiki.log}
    found["events on the server"] = len(wanted)
    found["events in landing" if ids == wanted else "LOST: events"] = len(ids)


def disks(folder: Path, found: Counter[str]) -> None:
    """A disk that is full, or may not be written: a fault for people, and all that was there stays."""
    disk = folder / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True).returncode:
        found["no disk could be mounted: files may only be so long"] += 1
        _fill(_home(disk / "home"), ROOMS, lambda room: (room, None), found)
        return
    try:
        home = _home(disk / "home")
        _fill(home, (*ROOMS, READ_ONLY), lambda room: (None, _mounted(disk, room)), found)
    finally:
        subprocess.run(["umount", disk], check=True)


def _fill(
    home: Path, rooms: Sequence[int], limited: Callable[[int], tuple[int | None, None]], found: Counter[str]
) -> None:
    _add_tickets(home, 0)
    _forked(lambda: pipeline.build(home, offline=True))
    before = _fingerprint(home)
    _add_tickets(home, 1)
    for room in rooms:
        length, _ = limited(room)
        outcome = _forked(lambda: pipeline.build(home, offline=True), longest=length)
        found[
            f"build on a disk {'that is read-only' if room == READ_ONLY else f'with {room:,} bytes of room'} {outcome}"
        ] += 1
        _look(home, found)
    same = _fingerprint(home) == before
    found["the build before a full disk stayed in force" if same else "LOST: a build on a full disk"] += 1
    limited(1 << 26)
    done = _forked(lambda: pipeline.build(home, offline=True)) == WHOLE and _fingerprint(home)["mart_case"][0] == 40
    found["with room again everything is built" if done else "LOST: cases after a full disk"] += 1


def _mounted(disk: Path, room: int) -> None:
    """Gives the disk so much room beyond what is used, or makes it read-only."""
    status = os.statvfs(disk)
    used = (status.f_blocks - status.f_bfree) * status.f_frsize
    how = "remount,ro" if room == READ_ONLY else f"remount,rw,size={used + room}"
    subprocess.run(["mount", "-o", how, disk], check=True)


def clocks(folder: Path, found: Counter[str]) -> None:
    """Each build believes that it runs earlier than the one before."""
    home = _home(folder / "clock")
    for number in range(3):
        _add_tickets(home, number)
        outcome = _forked(lambda: pipeline.build(home, offline=True), clock=timedelta(days=-400 * number))
        found[f"build with a clock that went backwards {outcome}"] += 1
        _look(home, found)
    newest = _fingerprint(home)["mart_case"][0]
    found["cases of all files are there" if newest == 60 else f"LOST: {newest} of 60 cases"] += 1


def changes(folder: Path, found: Counter[str]) -> None:
    """A file grows while it is read: it is refused, or what was read is whole; at rest all of it counts."""
    home = _home(folder / "changed")
    _add_tickets(home, 0)
    _forked(lambda: pipeline.build(home, offline=True))
    path = home / "feeds/0001.csv"
    path.write_text("Ticket,Created,Answered\n" + "".join(f"a{one},,\n" for one in range(GROWING)))
    for _ in range(3):
        writer = fork(lambda: _write_on(path))
        found[f"build while a file grows {_forked(lambda: pipeline.build(home, offline=True))}"] += 1
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        _look(home, found)
    path.write_text("Ticket,Created,Answered\nb,2026-01-02 09:00:00,\n")
    done = _forked(lambda: pipeline.build(home, offline=True)) == WHOLE and _fingerprint(home)["mart_case"][0] == 21
    found["the file at rest is read" if done else "LOST: cases of a file that had changed"] += 1


def _write_on(path: Path) -> None:
    while True:
        with path.open("a") as file:
            file.write("x,,\n")


def twice(folder: Path, found: Counter[str]) -> None:
    """Two builds at once: one waits for the other, and finds nothing left to do."""
    home = _home(folder / "twice")
    for number in range(3):
        _add_tickets(home, number)
        both = [_started(lambda: pipeline.build(home, offline=True)) for _ in range(2)]
        for one in both:
            found[f"one of two builds at once {_ended(one)}"] += 1
        _look(home, found)
    told = json.loads((home / "CURRENT.json").read_text())["build"], _fingerprint(home)["mart_case"][0]
    found["two builds at once made one" if told == ("b000003", 60) else f"LOST: {told}"] += 1


def _warm() -> None:
    """What every build reads of the project is read once; none of it opens a database or starts a thread."""
    for room in ("sources", "core", "marts"):
        for table in load.tables(room).values():
            rules(table)
    catalog.definitions()
    for feed in pipeline.FEEDS:
        pipeline.feed(feed)
    digest = pipeline.code_digest()
    pipeline.code_digest = lambda: digest  # the project may be edited meanwhile


def _home(home: Path, port: int = 1, more: str = "") -> Path:
    (home / "feeds").mkdir(parents=True)
    (home / "upstander.yml").write_text(SETTINGS % (port, more))
    make_key(home)
    return home


def _add_tickets(home: Path, number: int) -> None:
    """Twenty cases of one day; the file is settled before anybody looks at it."""
    day = datetime(2026, 1, 1, 9) + timedelta(days=number)
    rows = [f"{number}-{case},{day + timedelta(minutes=case)},{day + timedelta(hours=2)}" for case in range(20)]
    path = home / f"feeds/{number:04}.csv"
    path.write_text("\n".join(["Ticket,Created,Answered", *rows]) + "\n")
    os.utime(path, (time.time() - 600,) * 2)


def _event(number: int, hour: int) -> dict[str, object]:
    at = datetime(2026, 1, 1) + timedelta(hours=hour, seconds=number % 97)
    return {
        "logid": number, "type": "newusers", "action": "create", "timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "ns": 2,
        "title": f"User:Made Up {number}", "user": f"Made Up {number}", "userid": number, "comment": "", "params": {}, "tags": [],
    }  # fmt: skip


def _forked(
    work: Callable[[], object], seconds: float | None = None, longest: int | None = None, clock: timedelta | None = None
) -> str:
    """Does the work in a fork; kills it after so many seconds. What became of it."""
    return _ended(_started(work, longest, clock), seconds)


def _started(work: Callable[[], object], longest: int | None = None, clock: timedelta | None = None) -> int:
    """A fork that builds, to which a process is lent that checks what it builds."""
    lent = JUDGES.pop() if JUDGES else judge()

    def judged() -> object:
        check.Checker = lambda: nullcontext(lent)  # type: ignore[assignment,misc]
        return work()

    child = fork(judged, longest, clock)
    LENT[child] = lent
    return child


def _ended(child: int, seconds: float | None = None) -> str:
    """What became of a fork. Who checked its build is free for another, or gone where it may be in the middle of it."""
    found = outcome(child, seconds)
    lent = LENT.pop(child)
    if found in (KILLED, BROKE):
        lent.leave()
    else:
        JUDGES.append(lent)
    return found


def _timed(work: Callable[[], object]) -> float:
    start = time.monotonic()
    if _forked(work) != WHOLE:
        raise SystemExit("the first build failed")
    return time.monotonic() - start


def _subprocess(home: Path, seconds: float | None):
    """Fetches in a process of its own; how long it took, or what became of it."""
    command = [
        sys.executable,
        "-c",
        "import sys; from pathlib import Path; from etl import pipeline; pipeline.fetch(Path(sys.argv[1]))",
    ]
    start = time.monotonic()
    process = subprocess.Popen([*command, str(home)], stderr=subprocess.DEVNULL)
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return KILLED, 0.0
    if seconds is None:
        if code:
            raise SystemExit("a download failed")
        return time.monotonic() - start
    return (WHOLE if code == 0 else BROKE), 0.0


def _look(home: Path, found: Counter[str]) -> None:
    """The build in force is whole, and so is landing."""
    _look_at_landing(home, found)
    count = _fingerprint(home).get("metric_value", (0, 0))[0]
    found["whole build in force" if count else "LOST: a broken build in force"] += 1


def _look_at_landing(home: Path, found: Counter[str]) -> None:
    lines = (
        (home / "landing/landed.jsonl").read_text().split("\n")[:-1] if (home / "landing/landed.jsonl").exists() else []
    )
    for entry in map(json.loads, lines):
        path = home / "landing" / entry["sha256"][:2] / entry["sha256"]
        whole = path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
        found["landed files looked at, each whole" if whole else "LOST: a landed file"] += 1


def _landed_ids(home: Path) -> set[int]:
    entries = [json.loads(line) for line in (home / "landing/landed.jsonl").read_text().splitlines()]
    paths = [
        home / "landing" / one["sha256"][:2] / one["sha256"] for one in entries if one["name"].endswith("logevents")
    ]
    answers = [json.loads(line)["answer"] for path in paths for line in path.read_text().splitlines()]
    return {event["logid"] for answer in answers if "query" in answer for event in answer["query"]["logevents"]}


def _fingerprint(home: Path) -> dict[str, tuple[int, int]]:
    """Taken in a fork: this process must never open a database before it forks. Empty where the build is broken."""
    file = json.loads((home / "CURRENT.json").read_text())["file"]
    told, its_out = os.pipe()

    def look() -> None:
        with os.fdopen(its_out, "wb") as out:
            pickle.dump(fingerprint(home / file), out)

    child = fork(look)
    os.close(its_out)
    with os.fdopen(told, "rb") as answer:
        found = answer.read()
    return pickle.loads(found) if outcome(child) == WHOLE else {}


if __name__ == "__main__":
    sys.exit(main())
