"""The demo program's list of trainings: feeds/trainings.csv, as somebody keeps it by hand. Nobody in it exists."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

from etl.demo.arrivals import Generator, pick, stream
from etl.demo.planted import AS_OF, FIRST_DAY

FILE = "feeds/trainings.csv"
STREAM = 103
HEADER = ("Date", "Wiki", "Format", "People trained", "Hours", "Trainer", "Notes")
WIKIS = {"en.demo": 0.34, "ru.demo": 0.16, "ja.demo": 0.14, "ar.demo": 0.14, "hi.demo": 0.12, "sw.demo": 0.10}
TRAINERS = ("Abena Ashgrove", "Goro Highfen", "Leila Dustfield")
PAUSE = date(2025, 8, 1)  # a month in which nobody trained and nobody wrote anything: not known, and not 0
NOT_COUNTED = 7  # every so many rows nobody counted the people


def write_trainings(home: Path, seed: int) -> None:
    """The list up to the end of what is known."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\r\n")
    sheet.writerow(HEADER)
    sheet.writerows(_rows(stream(seed, STREAM)))
    (home / FILE).write_text(text.getvalue(), encoding="utf-8", newline="")


def _rows(rng: Generator) -> list[list[str]]:
    rows: list[list[str]] = []
    day = FIRST_DAY + timedelta(days=5)
    while day < AS_OF:
        if (day.year, day.month) != (PAUSE.year, PAUSE.month):
            rows.append(_row(rng, day, len(rows)))
        day += timedelta(days=int(rng.integers(6, 15)))
    return rows


def _row(rng: Generator, day: date, number: int) -> list[str]:
    wiki = list(WIKIS)[int(pick(rng, 1, list(WIKIS.values()))[0])]
    is_online = rng.random() < 0.7
    people = int(rng.poisson(21 if is_online else 13))
    half_hours = int(rng.integers(3, 7))
    return [
        day.isoformat(), wiki, "online" if is_online else "in person",
        "" if number % NOT_COUNTED == NOT_COUNTED - 1 else str(people), str(half_hours / 2),
        TRAINERS[int(rng.integers(len(TRAINERS)))], "Invented, like everything in this file." if number == 0 else "",
    ]  # fmt: skip
