"""Makes rows of a landed piece of a stream: log events, changes of blocks, and from when to when the piece tells.

It asks no server. Log events go by the same rules as those of dumps and of the Action API.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data_contracts.faults import FeedFault
from etl.feed import Batch, LandedFile, Reject
from etl.formats import api_events, block_changes, json_answers, log_rows
from etl.formats.block_changes import BlockChange, block_change
from etl.formats.json_answers import Answer, Unreadable, moment
from etl.formats.log_rows import LogRows
from etl.formats.stream_events import RECENT_CHANGE, Addresses, api_event

LOG, CHANGES, READ = "raw_mediawiki_stream_log", "raw_mediawiki_stream_block_change", "raw_mediawiki_stream_read"
LOG_COLUMNS = (*log_rows.COLUMNS, "retrieved_at")
ROWS = 20_000


@dataclass(frozen=True)
class Wiki:
    """A wiki as the program calls it, who is a bot there, and how reasons are told apart."""

    name: str
    bots: Sequence[str]
    reasons: Mapping[str, str]


@dataclass
class _Gathered:
    """Rows of one piece on their way into batches."""

    log: list[tuple[Any, ...]] = field(default_factory=list)
    changes: list[BlockChange] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.log) + len(self.changes) + len(self.rejects)

    def batches(self, stream: str, done: int) -> Iterator[Batch]:
        if stream == RECENT_CHANGE:
            columns = {name: [row[place] for row in self.log] for place, name in enumerate(LOG_COLUMNS)}
            yield Batch(LOG, columns, tuple(self.rejects), done)
            return
        columns = {name: [getattr(row, name) for row in self.changes] for name in block_changes.COLUMNS}
        yield Batch(CHANGES, columns, tuple(self.rejects), done)


@dataclass(frozen=True)
class _Reading:
    """How the events of one stream become rows."""

    stream: str
    known: Addresses
    rows: Mapping[str, LogRows]
    bots: Mapping[str, Sequence[str]]

    def add(self, answer: Answer, received_at: datetime, gathered: _Gathered) -> None:
        try:
            event = _event(answer.content)
            wiki = self.known.wiki(event)
            if wiki is None:  # the settings have dropped it since
                return
            if self.stream == RECENT_CHANGE:
                items = api_events.log_items([api_event(event)], [answer.line], "public")
                row = tuple(column[0] for column in self.rows[wiki].columns(items))
                gathered.log.append((*row, answer.at or received_at))
            else:
                gathered.changes.append(block_change(event, answer.line, wiki, self.bots[wiki]))
        except (Unreadable, api_events.NoEvent, log_rows.Unreadable) as why:
            gathered.rejects.append(Reject(answer.line, why.rule, why.excerpt))


def batches(file: LandedFile, stream: str, known: Addresses, wikis: Sequence[Wiki]) -> Iterator[Batch]:
    """The rows of one piece, and from when to when it tells of each wiki. A fault comes after what could be read."""
    reading = _Reading(
        stream,
        known,
        {one.name: LogRows(one.name, one.bots, one.reasons) for one in wikis},
        {one.name: one.bots for one in wikis},
    )
    gathered, done, fault = _Gathered(), 0, None
    spans: list[tuple[int, datetime, datetime, bool]] = []
    try:
        for answer in json_answers.answers(file):
            if isinstance(answer, Reject):
                gathered.rejects.append(answer)
            elif span := _span(answer):
                spans.append(span)
            else:
                done = answer.done
                reading.add(answer, file.received_at, gathered)
            if len(gathered) >= ROWS:
                yield from gathered.batches(stream, done)
                gathered = _Gathered()
    except FeedFault as error:
        fault = error
    yield from gathered.batches(stream, file.bytes)
    yield _read_batch(stream, spans, [one.name for one in wikis], file.bytes)
    if fault is not None:
        raise fault


def _event(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict) or "unreadable_bytes" in content:
        raise Unreadable("an event is a JSON object", type(content).__name__)
    return content


def _span(answer: Answer) -> tuple[int, datetime, datetime, bool] | None:
    """Line, beginning and end of what was seen, and whether something between was missed; None for an event."""
    content = answer.content
    if not isinstance(content, dict) or content.keys() != {"read_from", "read_until", "has_gap"}:
        return None
    try:
        start, end = moment(content, "read_from"), moment(content, "read_until")
    except Unreadable:
        return None
    return (answer.line, start, end, content["has_gap"] is True) if start and end else None


def _read_batch(
    stream: str, spans: Sequence[tuple[int, datetime, datetime, bool]], wikis: Sequence[str], done: int
) -> Batch:
    rows = [
        (line, stream, wiki, seen_at, has_gap)
        for line, start, end, has_gap in spans
        for wiki in wikis
        for seen_at in sorted({start, end})
    ]
    names = ("line", "stream", "wiki", "seen_at", "has_gap")
    return Batch(READ, {name: [row[place] for row in rows] for place, name in enumerate(names)}, (), done)
