"""Reads landed log events of one wiki's Action API into columns of the raw table, and refuses what breaks a rule.

It asks no server; which events are wanted was decided when they were fetched.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data_contracts.faults import FeedFault
from etl.feed import Batch, LandedFile, Reject, shape
from etl.formats import json_answers
from etl.formats.api_events import NoEvent, View, log_items
from etl.formats.api_told import Told
from etl.formats.log_rows import COLUMNS, LogRows, Unreadable

API_COLUMNS = (*COLUMNS, "retrieved_at", "view")
ROWS = 20_000


@dataclass
class _Gathered:
    """Columns on their way into one batch, and the events that could not be read."""

    columns: list[list[Any]] = field(default_factory=lambda: [[] for _ in API_COLUMNS])
    rejects: list[Reject] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.columns[0]) + len(self.rejects)

    def add(self, events: Sequence[Any], lines: Sequence[int], told: "_Told") -> None:
        """Takes the events together, which is fast, or where one of them breaks a rule, each by itself."""
        try:
            found = told.rows.columns(log_items(_objects(events), lines, told.view)) if events else []
        except (NoEvent, Unreadable) as error:
            if len(events) == 1:
                self.rejects.append(Reject(lines[0], error.rule, error.excerpt))
                return
            for event, line in zip(events, lines, strict=True):
                self.add([event], [line], told)
            return
        beside = ([told.retrieved_at] * len(events), [told.view] * len(events))
        for column, values in zip(self.columns, (*found, *beside), strict=bool(events)):
            column.extend(values)

    @property
    def times(self) -> list[datetime]:
        return self.columns[API_COLUMNS.index("occurred_at")]

    def batch(self, table: str, done: int) -> Batch:
        return Batch(table, dict(zip(API_COLUMNS, self.columns, strict=True)), tuple(self.rejects), done)


@dataclass(frozen=True)
class _Told:
    """What is told of the events of one answer."""

    rows: LogRows
    view: View
    retrieved_at: datetime | None


def batches(table: str, days: str, file: LandedFile, rows: LogRows, types: Collection[str]) -> Iterator[Batch]:
    """The rows of one piece: `line` counts its log events from 1. A fault comes after all that could be read.

    days: the table of the days of which the piece tells.
    """
    gathered, span, fault, done, last = _Gathered(), Told(file.received_at.date()), None, 0, 0
    try:
        for answer in json_answers.answers(file):
            if isinstance(answer, Reject):
                gathered.rejects.append(answer)
                continue
            if span.see_line(answer):
                continue
            done, events = answer.done, _events(answer.content)
            if events is None:
                gathered.rejects.append(Reject(last, "an answer holds log events", type(answer.content).__name__))
                continue
            lines = range(last + 1, last + 1 + len(events))
            last += len(events)
            wanted = [place for place, event in enumerate(events) if _is_wanted(event, types)]
            told = _Told(rows, _view(answer.asked), retrieved_at(answer))
            gathered.add([events[place] for place in wanted], [lines[place] for place in wanted], told)
            if len(gathered) >= ROWS:
                span.see(gathered.times)
                yield gathered.batch(table, done)
                gathered = _Gathered()
    except FeedFault as error:
        fault = error
    span.see(gathered.times)
    if len(gathered):
        yield gathered.batch(table, done)
    if fault is not None:
        raise fault
    yield from span.batches(days, rows.wiki, file.bytes)


def retrieved_at(answer: json_answers.Answer) -> datetime | None:
    """When the server made the answer, by its own clock where it says so."""
    content = answer.content if isinstance(answer.content, dict) else {}
    try:
        return json_answers.moment(content, "curtimestamp") or answer.at
    except json_answers.Unreadable:
        return answer.at


def _view(asked: Mapping[str, Any]) -> View:
    return "suppressor" if asked.get("view") == "suppressor" else "public"


def _events(content: Any) -> list[Any] | None:
    query = content.get("query") if isinstance(content, dict) else None
    events = query.get("logevents") if isinstance(query, dict) else None
    return events if isinstance(events, list) else None


def _is_wanted(event: Any, types: Collection[str]) -> bool:
    """Events of the kept logs, and whatever cannot be told apart, to be refused."""
    log = event.get("type") if isinstance(event, dict) else None
    return not isinstance(log, str) or log in types


def _objects(events: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    wrong = [one for one in events if not isinstance(one, dict)]
    if wrong:
        raise NoEvent("a log event is an object", "event", shape(wrong[0]))
    return events
