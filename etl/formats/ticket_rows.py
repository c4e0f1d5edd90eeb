"""Reads a help desk's export row by row; reading many rows at once must come to the same. It opens no file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from etl.feed import Reject, shape
from etl.formats import delimited, times
from etl.formats.batches import Row
from etl.formats.delimited import Record
from etl.formats.ticket_desk import TIMES, WORDS, Desk

COLUMNS = (
    "line", "desk", "case", "opened_at", "first_response_at", "resolved_at", "reopened_at", *WORDS, "state",
    "satisfaction", "is_emergency", "is_event",
)  # fmt: skip


class Unreadable(Exception):
    """What makes a row unusable: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


@dataclass(frozen=True)
class Reading:
    """How rows of one export are read. places: where each column stands. latest: no time can lie behind it."""

    desk: Desk
    columns: Mapping[str, tuple[str, ...]]
    places: Mapping[str, int]
    clock: times.Clock
    latest: datetime

    def outcome(self, record: Record) -> Row | Reject:
        """The row, or why it cannot be read."""
        if record.broken:
            return Reject(record.line, record.broken, f"{len(record.fields)} fields")
        try:
            return self._row(record)
        except Unreadable as why:
            return Reject(record.line, why.rule, why.excerpt)

    def word(self, text: str, column: str) -> str | None:
        """What a field says; None where it says nothing."""
        text = text.strip()
        if delimited.is_undecoded(text):
            raise Unreadable(f"text in {self.desk.encoding} without NUL", f"{column}: {shape(text)}")
        return text if text and text.casefold() not in self.desk.missing else None

    def is_unanswered(self, state: str | None) -> bool:
        return _fold(state) in self.desk.unanswered_states

    def state(self, said: str | None) -> str | None:
        return None if said is None else "closed" if _fold(said) in self.desk.closed_states else "open"

    def satisfaction(self, said: str | None) -> str | None:
        words, word = self.desk.satisfaction, _fold(said)
        if words is None:
            return None
        if word is None or word in words.none:
            return "none"
        return "good" if word in words.good else "bad" if word in words.bad else "other"

    def is_emergency(self, said: str | None) -> bool | None:
        return _fold(said) in self.desk.emergency if self.desk.emergency else None

    def _row(self, record: Record) -> Row:
        said = {name: self._said(record.fields, columns) for name, columns in self.columns.items()}
        if self.is_unanswered(said.get("state")):
            said["first_response"] = None
        moments: dict[str, datetime | None] = {}
        for name in TIMES:
            moments[f"{name}_at"] = self._time(name, said.get(name), moments.get("opened_at"))
        return {
            "line": record.line,
            "desk": self.desk.desk,
            "case": said["id"],
            **moments,
            **{name: said.get(name) for name in WORDS},
            "state": self.state(said.get("state")),
            "satisfaction": self.satisfaction(said.get("satisfaction")),
            "is_emergency": self.is_emergency(said.get("emergency")),
            "is_event": bool(self.desk.unanswered_states),
        }

    def _said(self, fields: Sequence[str], columns: tuple[str, ...]) -> str | None:
        words = (self.word(fields[self.places[column]], column) for column in columns)
        return next((word for word in words if word is not None), None)

    def _time(self, name: str, text: str | None, opened: datetime | None) -> datetime | None:
        if text is None:
            return None
        column = " or ".join(self.columns[name])
        try:
            moment = self.clock.utc(text, not_before=opened)
        except ValueError as error:
            raise Unreadable(f"{name} is a time as {self.desk.format}", f"{column}: {shape(text)}") from error
        if moment > self.latest:
            raise Unreadable(f"{name} is not after the receipt of its file", f"{column}: year {moment.year}")
        return moment


def _fold(text: str | None) -> str | None:
    return None if text is None else text.casefold()
