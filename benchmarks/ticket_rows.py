"""Writes an invented help desk's export, as large as is wanted; for the other scripts, not a benchmark itself.

As desks export them: commas, quotes and line breaks in what people wrote, times of Berlin with the nights on which the
clocks change, and a few rows in a thousand that cannot be read or break the contract.
"""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HEADER = (
    "Ticket", "Subject", "Created", "First reply", "Solved", "Reopened", "Queue", "Channel", "Priority", "Language",
    "State", "Rating", "Emergency",
)  # fmt: skip
DESK = {
    "desk": "trust-and-safety",
    "files": ["tickets.csv"],
    "zone": "Europe/Berlin",
    "columns": {
        "id": "Ticket", "opened": "Created", "first_response": "First reply", "resolved": "Solved",
        "reopened": "Reopened", "queue": "Queue", "channel": "Channel", "priority": "Priority", "language": "Language",
        "state": "State", "satisfaction": "Rating", "emergency": "Emergency",
    },
    "closed_states": ["solved"],
    "satisfaction": {"good": ["Good"], "bad": ["Bad"], "none": ["Offered"]},
    "emergency": ["yes"],
}  # fmt: skip
EACH = 50_000  # rows that are made; a larger file has them again, as other cases
COPY = "copy"  # stands in the number of a case for which time it is
UNREAD, UNKEPT = 0.001, 0.001  # shares of rows that cannot be read, and that break a rule
SUBJECTS = (
    "Please help",
    "Messages I did not want",
    "Somebody follows me, everywhere",
    'He wrote "go away", and worse',
    "A threat\nin two lines",
    "Größere Frage zu einer Sperre",
)
START, SECONDS = datetime(2020, 1, 1, tzinfo=UTC), 6 * 365 * 86_400
BERLIN = ZoneInfo("Europe/Berlin")


def write(path: Path, rows: int) -> Path:
    """A file of so many rows, a multiple of EACH."""
    head, text = _text(HEADER), "".join(map(_text, _rows()))
    with path.open("wb") as file:
        file.write(head.encode())
        for copy in range(rows // EACH):
            file.write(text.replace(COPY, f"{copy:03d}").encode())
    return path


def _rows() -> list[tuple[str, ...]]:
    chance = random.Random(11)
    return [_row(chance, number) for number in range(EACH)]


def _row(chance: random.Random, number: int) -> tuple[str, ...]:
    opened = START + timedelta(seconds=chance.randrange(SECONDS))
    replied = opened + timedelta(hours=chance.lognormvariate(1.5, 1.2)) if chance.random() < 0.85 else None
    solved = replied + timedelta(hours=chance.lognormvariate(3, 1.5)) if replied and chance.random() < 0.9 else None
    again = solved + timedelta(days=chance.random() * 40) if solved and chance.random() < 0.06 else None
    kind = chance.random()
    if kind < UNKEPT:
        replied = opened - timedelta(days=1)
    created = "soon" if UNKEPT <= kind < UNKEPT + UNREAD else _local(opened)
    state = "Open" if solved is None or again else "Solved"
    return (
        f"T-{COPY}{number}", chance.choice(SUBJECTS), created, _local(replied), _local(solved), _local(again),
        chance.choice(("conduct", "accounts", "privacy")), chance.choice(("mail", "wiki", "form")),
        chance.choice(("normal", "low", "high")), chance.choice(("en", "ru", "ja", "ar")), state,
        chance.choice(("", "", "Offered", "Good", "Bad")), chance.choice(("no", "no", "no", "yes")),
    )  # fmt: skip


def _local(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M:%S}"


def _text(row: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(row)
    return text.getvalue()
