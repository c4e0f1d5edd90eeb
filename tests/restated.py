"""A tiny desk whose cases come late: what its second build says of March and April is not what the first one said.

Opened in March: 12 lost, then 20; 20 found. In April: 9 lost; 3 odd, then 4, which are too few to be shown. In May
20 found.
"""

import os
import time
from pathlib import Path

from etl import pipeline
from etl.warehouse.pseudonym import make_key

SETTINGS = """\
program: Pigeon Care
invented: true
as_of: 2026-06-01
wikis: [{id: loft, name: Loft Wiki, language: en}]
feeds:
  tickets:
    desks:
      - desk: help
        files: ["feeds/*.csv"]
        zone: UTC
        format: "%Y-%m-%d %H:%M:%S"
        columns: {id: Ticket, opened: Created, first_response: Answered, resolved: Solved, queue: Queue}
"""
HEAD = "Ticket,Created,Answered,Solved,Queue\n"
SPRING = (("lost", 3, 12), ("found", 3, 20), ("lost", 4, 9), ("odd", 4, 3), ("found", 5, 20))
LATE = (("lost", 3, 8), ("odd", 4, 1))


def first_build(home: Path) -> Path:
    """Puts b000001 in force in `home`, of what was known in spring."""
    put(home / "upstander.yml", SETTINGS)
    put(home / "feeds/spring.csv", HEAD + _rows(SPRING, 1))
    make_key(home)
    pipeline.build(home)
    return home


def second_build(home: Path) -> Path:
    """Puts b000002 in force, to which cases of March and April came late."""
    put(home / "feeds/late.csv", HEAD + _rows(LATE, 1001))
    pipeline.build(home)
    return home


def _rows(cases: tuple[tuple[str, int, int], ...], number: int) -> str:
    """Each case was answered after two hours, every fourth after a hundred, and solved on the day after."""
    lines = []
    for queue, month, count in cases:
        for index in range(count):
            day = f"2026-0{month}-{1 + index:02d}"
            answered = f"2026-0{month}-{6 + index:02d} 14:00:00" if index % 4 == 3 else f"{day} 12:00:00"
            lines.append(f"{number},{day} 10:00:00,{answered},2026-05-30 10:00:00,{queue}\n")
            number += 1
    return "".join(lines)


def put(path: Path, text: str) -> None:
    """Writes a file that has been at rest for a while, so that a build takes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    then = time.time() - 600
    os.utime(path, (then, then))
