"""Finds Znuny's columns in a header of any language it knows, and turns a row of a report into values.

It opens no file. Titles are looked at only to tell emergencies.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats import delimited, drift
from etl.formats.batches import Row
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise
from etl.formats.json_answers import Unreadable
from etl.formats.times import Clock

COLUMNS = (
    "line", "desk", "case", "opened_at", "updated_at", "first_response_at", "closed_at", "age_minutes", "queue",
    "priority", "state", "is_removed", "is_emergency", "first_response_minutes", "first_response_spare_minutes",
    "solution_minutes", "solution_spare_minutes",
)  # fmt: skip
# The header is written in the language of whoever exports: English and German as Znuny translates them.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("Ticket#", "TicketNumber", "Ticketnummer"),
    "opened": ("Created", "Erstellt", "Create Time", "Ticket erstellt"),
    "updated": ("Last Changed", "Changed", "Zuletzt geändert", "Geändert"),
    "closed": ("Close Time", "Closed", "Schließzeit", "Ticket geschlossen"),
    "first_response": ("FirstResponse", "First Response", "Erste Reaktion"),
    "age": ("Age", "Alter"),
    "title": ("Title", "Titel"),
    "queue": ("Queue",),
    "state": ("State", "Status"),
    "priority": ("Priority", "Priorität"),
    "first_response_minutes": ("FirstResponseInMin", "Erstantwortzeit in Minuten"),
    "first_response_diff": ("FirstResponseDiffInMin",),
    "solution_minutes": ("SolutionInMin", "Lösungszeit in Minuten"),
    "solution_diff": ("SolutionDiffInMin",),
}
NEEDED = ("id", "opened")
PROMISE = Promise("raw_znuny_ticket", {"columns.id": "case", "columns.title": "is_emergency"})
UNITS = {"d": 1440, "day": 1440, "days": 1440, "tag": 1440, "tage": 1440, "t": 1440, "h": 60, "hour": 60, "hours": 60,
         "std": 60, "stunde": 60, "stunden": 60, "m": 1, "min": 1, "minute": 1, "minutes": 1, "minuten": 1}  # fmt: skip
AGE = re.compile(r"([0-9]{1,6})\s*([a-z]{1,8})\.?\s*", re.ASCII)
MINUTES = re.compile(r"-?[0-9]{1,9}", re.ASCII)

Sign = Literal["left", "over"]


@dataclass(frozen=True)
class Reading:
    """What the settings say of one desk; words are folded. diff: what positive minutes of ...DiffInMin are."""

    desk: str
    clock: Clock
    closed_states: frozenset[str]
    removed_states: frozenset[str]
    queues: frozenset[str]
    titles: tuple[str, ...]
    diff: Sign | None
    latest: datetime


def places(file: LandedFile, layout: Layout, header: Sequence[str], named: Mapping[str, str]) -> Mapping[str, int]:
    """Where the column of each thing stands. named: the settings' own names; they go before the known ones.

    A column that is not read may stand there twice ("SolutionTimeWorkingTime" does); of one that is read nobody would
    know which to take.
    """
    wanted = {thing: column for thing, column in named.items() if column}
    for thing, names in NAMES.items():
        known = [name for name in names if name in header]
        if thing not in named and known:
            wanted[thing] = known[0]
    missing = [thing for thing in NEEDED if thing not in wanted]
    if missing:
        listed = "; ".join(f"{thing}: {', '.join(NAMES[thing])}" for thing in missing)
        is_header = any(column in header for column in wanted.values())  # else it may be somebody's data
        told = drift.shown(header) if is_header else drift.shapes(header)
        raise FeedFault(
            f"{file.name}:1",
            f"the header has no column for {' and '.join(missing)}: {told}",
            listed,
            "Name them under `columns` in upstander.yml: the header is in the language of whoever exported it. "
            "They become "
            f"{' and '.join(PROMISE.told((f'columns.{thing}', thing)) for thing in missing)}.",
        )
    pairs = [(f"columns.{thing}", column) for thing, column in wanted.items()]
    found = delimited.check_columns(file, layout, header, pairs, PROMISE)
    return {thing: found[column] for thing, column in wanted.items()}


def outcome(reading: Reading, at: Mapping[str, int], record: Record) -> Row | Reject:
    """The row, or why it cannot be read."""
    if record.broken:
        return Reject(record.line, record.broken, f"{len(record.fields)} fields")
    try:
        return _row(reading, record.line, {thing: _said(thing, record.fields[place]) for thing, place in at.items()})
    except Unreadable as why:
        return Reject(record.line, why.rule, why.excerpt)


def _row(reading: Reading, line: int, said: Mapping[str, str | None]) -> Row:
    opened = _time(reading, "opened", said.get("opened"), None)
    state, queue, title = (said.get(name) for name in ("state", "queue", "title"))
    folded = (state or "").casefold()
    return {
        "line": line,
        "desk": reading.desk,
        "case": said["id"],
        "opened_at": opened,
        **{
            f"{name}_at": _time(reading, name, said.get(name), opened)
            for name in ("updated", "first_response", "closed")
        },
        "age_minutes": _age(said.get("age")),
        "queue": queue,
        "priority": said.get("priority"),
        "state": None if state is None else "closed" if folded in reading.closed_states else "open",
        "is_removed": folded in reading.removed_states,
        "is_emergency": (queue or "").casefold() in reading.queues
        or any(words in (title or "").casefold() for words in reading.titles),
        "first_response_minutes": _minutes("FirstResponseInMin", said.get("first_response_minutes")),
        "first_response_spare_minutes": _spare(reading, "FirstResponseDiffInMin", said.get("first_response_diff")),
        "solution_minutes": _minutes("SolutionInMin", said.get("solution_minutes")),
        "solution_spare_minutes": _spare(reading, "SolutionDiffInMin", said.get("solution_diff")),
    }


def _said(thing: str, field: str) -> str | None:
    text = field.strip()
    if thing != "title" and delimited.is_undecoded(text):
        raise Unreadable("text in the file's encoding without NUL", f"{thing}: {shape(text)}")
    return text or None


def _time(reading: Reading, name: str, text: str | None, opened: datetime | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = reading.clock.utc(text, not_before=opened)
    except ValueError as error:
        raise Unreadable(f"{name} is a time as {reading.clock.format}", f"{name}: {shape(text)}") from error
    if moment > reading.latest:
        raise Unreadable(f"{name} is not after the receipt of its file", f"{name}: year {moment.year}")
    return moment


def _age(text: str | None) -> int | None:
    if text is None:
        return None
    folded, minutes, end = text.casefold(), 0, 0
    while end < len(folded):
        part = AGE.match(folded, end)
        if part is None or part[2] not in UNITS:
            raise Unreadable("age is a duration such as 5 h 34 m", f"age: {shape(text)}")
        minutes, end = minutes + int(part[1]) * UNITS[part[2]], part.end()
    return minutes


def _minutes(name: str, text: str | None) -> int | None:
    """Minutes; 0 is what Znuny writes where nothing is set."""
    if text is None:
        return None
    if not MINUTES.fullmatch(text):
        raise Unreadable(f"{name} is a whole number", f"{name}: {shape(text)}")
    return int(text) or None


def _spare(reading: Reading, name: str, text: str | None) -> int | None:
    """Minutes that were left of the target, below 0 where it was missed; None where nobody said what the sign means."""
    minutes = _minutes(name, text)
    if minutes is None or reading.diff is None:
        return None
    return minutes if reading.diff == "left" else -minutes
