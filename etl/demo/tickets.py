"""The demo program's help desk: feeds/tickets.csv, with times of Berlin as such an export has them. It reads no log."""

import csv
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from etl.demo.arrivals import DAY, END, START, Generator, Seconds, arrivals, pick, seconds, stream
from etl.demo.planted import (
    EMERGENCIES_ACKNOWLEDGED_SHARE,
    EMERGENCY_SHARE,
    FIRST_RESPONSE_MEDIAN_HOURS,
    REPORT_BUTTON_FACTOR,
    REPORT_BUTTON_SINCE,
    TRIAGE_SINCE,
)

FILE = "feeds/tickets.csv"
ZONE = ZoneInfo("Europe/Berlin")
TIME = "%Y-%m-%d %H:%M:%S"
HEADER = [
    "Ticket", "Subject", "Created", "First reply", "Solved", "Reopened", "Queue", "Channel",
    "Priority", "Language", "State", "Rating", "Emergency",
]  # fmt: skip
CASES_PER_WEEK = 67
STREAM = 101
NEVER_SHARE = 0.01  # closed without a reply: not for this desk
FASTER_THAN_HALF = 0.98  # emergencies are answered at once, so the others' median lies a little above that of all

QUEUES = {"conduct": 0.46, "accounts": 0.24, "privacy": 0.16, "appeals": 0.14}
CHANNELS = {"mail": 0.63, "wiki": 0.37}
LANGUAGES = {"en": 0.42, "ru": 0.17, "ja": 0.14, "ar": 0.13, "hi": 0.11, "sw": 0.03}
PRIORITIES = {"normal": 0.70, "low": 0.18, "high": 0.12}
SUBJECTS = (
    "Question about a block",
    "Messages I did not want",
    "Somebody published my name",
    "Please help",
    "A threat",
)


@dataclass(frozen=True)
class Case:
    """One row of the export; times in seconds since 1970, None where the export has none."""

    number: int
    opened: int
    first_reply: int | None
    solved: int | None
    reopened: int | None
    queue: str
    channel: str
    priority: str
    language: str
    rating: str
    is_emergency: bool

    def cells(self) -> list[str]:
        times = [_berlin(moment) for moment in (self.opened, self.first_reply, self.solved, self.reopened)]
        is_open = self.solved is None or (self.reopened is not None and self.reopened > self.solved)
        state = "Solved" if not is_open else "New" if self.first_reply is None else "Open"
        words = [self.queue, self.channel, self.priority, self.language]
        subject = SUBJECTS[-1 if self.is_emergency else self.number % 4]
        emergency = "yes" if self.is_emergency else "no"
        return [f"T-{self.number}", subject, *times, *words, state, self.rating, emergency]


def _berlin(moment: int | None) -> str:
    return "" if moment is None else datetime.fromtimestamp(moment, UTC).astimezone(ZONE).strftime(TIME)


def write_tickets(home: Path, seed: int) -> None:
    """The export as it would be made at the end of what is known."""
    text = io.StringIO(newline="")
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(HEADER)
    sheet.writerows(broken([case.cells() for case in cases(seed)]))
    (home / FILE).write_bytes(text.getvalue().encode())


def cases(seed: int) -> list[Case]:
    """All cases, by the time they were opened."""
    rng = stream(seed, STREAM)
    opened, is_extra = _openings(rng)
    is_emergency = rng.random(len(opened)) < EMERGENCY_SHARE
    replied = opened + _response_seconds(rng, opened, is_emergency)
    solved = replied + (3600 * 110 * np.exp(1.2 * rng.standard_normal(len(opened)))).astype(np.int64)
    never = (rng.random(len(opened)) < NEVER_SHARE) & ~is_emergency
    words = [_words(rng, len(opened), shares) for shares in (QUEUES, CHANNELS, PRIORITIES, LANGUAGES)]
    rating = _words(rng, len(opened), {"": 0.35, "Offered": 0.20, "Good": 0.342, "Bad": 0.108})
    reopened = solved + (3600 * 12 + 10 * DAY * rng.exponential(1, len(opened))).astype(np.int64)
    is_reopened = rng.random(len(opened)) < 0.05
    again = reopened + (3600 * 50 * np.exp(0.9 * rng.standard_normal(len(opened)))).astype(np.int64)
    found = []
    for row in range(len(opened)):
        case = Case(
            number=100_001 + row,
            opened=int(opened[row]),
            first_reply=None if never[row] else _known(replied[row]),
            solved=_known(solved[row]),
            reopened=None,
            queue="emergency" if is_emergency[row] else words[0][row],
            channel="button" if is_extra[row] else words[1][row],
            priority="urgent" if is_emergency[row] else words[2][row],
            language=words[3][row],
            rating=rating[row] if solved[row] < END else "",
            is_emergency=bool(is_emergency[row]),
        )
        found.append(_reopened(case, _known(reopened[row]), _known(again[row])) if is_reopened[row] else case)
    return found


def _known(moment: np.int64) -> int | None:
    return int(moment) if moment < END else None


def _reopened(case: Case, reopened: int | None, again: int | None) -> Case:
    """The desk keeps the last resolution only; while a case is open again, that is the first one."""
    if case.solved is None or reopened is None:
        return case
    return replace(case, reopened=reopened, solved=case.solved if again is None else again)


def _openings(rng: Generator) -> tuple[Seconds, NDArray[np.bool_]]:
    """When cases are opened, and which of them through the report button, which came later."""
    weeks = (END - START) / (7 * DAY)
    usual = arrivals(rng, CASES_PER_WEEK * weeks, zone=2)
    extra = arrivals(rng, CASES_PER_WEEK * weeks * (REPORT_BUTTON_FACTOR - 1), seconds(REPORT_BUTTON_SINCE), zone=2)
    opened = np.concatenate([usual, extra])
    order = np.argsort(opened, kind="stable")
    return opened[order], (np.arange(len(opened)) >= len(usual))[order]


def _response_seconds(rng: Generator, opened: Seconds, is_emergency: NDArray[np.bool_]) -> Seconds:
    """To the first reply: of emergencies minutes, but for those that slip through, which wait for more than a day."""
    before, after = FIRST_RESPONSE_MEDIAN_HOURS
    median = np.where(opened >= seconds(TRIAGE_SINCE), after, before) / FASTER_THAN_HALF
    usual = median * np.exp(0.95 * rng.standard_normal(len(opened)))
    turn = np.cumsum(is_emergency) * EMERGENCIES_ACKNOWLEDGED_SHARE  # so that every ten emergencies have the same share
    is_quick = np.floor(turn) > np.floor(turn - EMERGENCIES_ACKNOWLEDGED_SHARE)
    urgent = np.where(is_quick, rng.uniform(0.08, 0.97, len(opened)), rng.uniform(25, 70, len(opened)))
    return (3600 * np.where(is_emergency, urgent, usual)).astype(np.int64)


def _words(rng: Generator, size: int, shares: dict[str, float]) -> list[str]:
    words = list(shares)
    return [words[place] for place in pick(rng, size, list(shares.values())).tolist()]


def broken(rows: list[list[str]]) -> list[list[str]]:
    """The rows, twelve of them as a hand or a faulty export would have spoilt them."""
    created, replied, solved = (HEADER.index(name) for name in ("Created", "First reply", "Solved"))
    bad_times = [
        (created, "2026-02-30 10:15:00"),
        (created, "yesterday"),
        (created, "12/05/2026 09:10"),
        (created, ""),
        (replied, "2025-13-01 08:00:00"),
        (replied, "not yet"),
        (solved, "2062-01-01 00:00:00"),
    ]
    too_early = [(replied, "2024-09-02 09:00:00")] * 3 + [(solved, "2024-09-03 17:30:00")] * 2
    spoilt = [list(row) for row in rows]
    for place, (column, text) in enumerate(bad_times + too_early, start=1):
        spoilt[place * 400][column] = text
    return spoilt
