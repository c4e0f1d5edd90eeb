"""What happened on a wiki since it began: who edited, came, was reverted or made admin, from its history dumps.

Each snapshot tells the whole history anew and takes the place of the last one: the files of the newest snapshot that
has all its files are read, of an older one none. About twenty columns are kept, names are handed over plain for the
door to hash, and comments, titles and texts are not looked at. The blocks of users are not either: the dump loses those
that never end ("infinity"), so that only the log tells of blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, field_validator

from data_contracts.faults import Faults, FeedFault
from etl.feed import Batch, Delivery, Landed, Reject
from etl.formats import drift, history_table
from etl.formats.ahead import ahead
from etl.formats.history_columns import PROMISE
from etl.formats.history_files import FEED, HistoryFile, choose
from etl.formats.history_rows import columns
from etl.formats.history_table import Rows

EVENTS = "raw_mediawiki_history"
DAYS = "raw_mediawiki_history_day"
ROWS = 122_880  # lines handed over at once, at least: as many as DuckDB stores together
STEPS = 16  # pieces that are cut while others are stored
WATCHED = [("its place", name) for name in history_table.TYPES]
RULE_WIKI = "wiki_db is the wiki of the file's name"
RULE_MONTHS = "event_timestamp lies in the months of the file's name"


class Wiki(BaseModel):
    """One wiki's files, of one snapshot or several."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wiki: str = Field(min_length=1)
    files: tuple[str, ...] = Field(min_length=1)


class Settings(BaseModel):
    """The wikis of which there are history dumps, each once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wikis: tuple[Wiki, ...] = Field(min_length=1)

    @field_validator("wikis")
    @classmethod
    def _each_once(cls, wikis: tuple[Wiki, ...]) -> tuple[Wiki, ...]:
        names = [one.wiki for one in wikis]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands there twice: all files of a wiki belong into one entry")
        return wikis


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery for each wiki, whose files are looked at together: only so can a snapshot be known to be whole."""
    return [Delivery(FEED, wiki.files, {"wiki": wiki.wiki}, together=True) for wiki in settings.wikis]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of the newest whole snapshot; the faults of all its files after all that could be read."""
    choice = choose(landed.files, landed.delivery.told["wiki"])
    for one, note in choice.notes:
        yield _days(one, None, (note,))
    faults = list[FeedFault]()
    for one in choice.files:
        try:
            yield from _batches(one)
        except FeedFault as fault:
            faults.append(fault)
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)


def _batches(one: HistoryFile) -> Iterator[Batch]:
    """The events of one file, and at its end the days of which it tells."""
    reading = _Reading(one)
    yield from drift.watched(one.file, WATCHED, PROMISE, _events(one, reading))
    yield _days(one, reading.first)


def _events(one: HistoryFile, reading: "_Reading") -> Iterator[Batch]:
    fault = None
    try:
        for rows in ahead(history_table.rows(one.file), STEPS):
            reading.add(rows)
            if reading.count >= ROWS:
                yield reading.batch()
    except FeedFault as error:
        fault = error
    if reading.parts:
        yield reading.batch()
    if fault is not None:
        raise fault


@dataclass
class _Reading:
    """One file on its way into batches. first: of its events so far, None while there is none."""

    one: HistoryFile
    first: datetime | None = None
    refused: int = 0
    parts: list[dict[str, pa.Array]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    count: int = 0
    done: int = 0

    def add(self, rows: Rows) -> None:
        self.rejects.extend(rows.rejects)
        self.count += rows.table.num_rows + len(rows.rejects)
        self.done = rows.done
        table = rows.table if self._is_right(rows.table) else self._right(rows.table)
        first = pc.min(table.column("event_timestamp")).as_py()
        self.first = min((one for one in (self.first, first) if one is not None), default=None)
        self.parts.append(columns(table))

    def batch(self) -> Batch:
        """What was gathered."""
        rejects = tuple(sorted(self.rejects, key=lambda reject: reject.line))
        told = {name: pa.chunked_array([part[name] for part in self.parts]) for name in self.parts[0]}
        self.parts, self.rejects, self.count = [], [], 0
        return Batch(EVENTS, told, rejects, self.done, self.one.index)

    def _is_right(self, table: pa.Table) -> bool:
        """Whether all rows are of the wiki and the months in the file's name."""
        if not table.num_rows:
            return True
        wiki, span = table.column("wiki_db").combine_chunks(), pc.min_max(table.column("event_timestamp"))
        if wiki.null_count or wiki.dictionary.to_pylist() != [self.one.wiki] or not span["min"].is_valid:
            return False
        return bool(self.one.start <= span["min"].as_py() and span["max"].as_py() < self.one.end)

    def _right(self, table: pa.Table) -> pa.Table:
        """The rows that are; FeedFault where the file is of something else."""
        wiki, at = table.column("wiki_db").cast(pa.string()), table.column("event_timestamp")
        start, end = (pa.scalar(day, at.type) for day in (self.one.start, self.one.end))
        is_inside = pc.fill_null(pc.and_(pc.greater_equal(at, start), pc.less(at, end)), True)  # no time: see contract
        is_right = pc.and_(pc.fill_null(pc.equal(wiki, self.one.wiki), False), is_inside)
        wrong = table.filter(pc.invert(is_right)).select(["line", "wiki_db"]).to_pylist()
        self.refused += len(wrong)
        for row in wrong:
            rule = RULE_MONTHS if row["wiki_db"] == self.one.wiki else RULE_WIKI
            self.rejects.append(Reject(row["line"], rule, "it is another"))
        table = table.filter(is_right)
        if self.refused > history_table.MOST_REFUSED or (self.first is None and not table.num_rows):
            raise _not_what_it_says(self.one, self.rejects[-1])
        return table


def _days(one: HistoryFile, first: datetime | None, note: tuple[Reject, ...] = ()) -> Batch:
    """Each day of which the file tells: from its first event on, to the end of its months; none where it has none."""
    begin = one.end if first is None else first.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [begin + timedelta(days=number) for number in range((one.end - begin).days)]
    told = {
        "line": list(range(1, len(days) + 1)),
        "wiki": [one.wiki] * len(days),
        "snapshot": [one.snapshot] * len(days),
        "bucket": [one.bucket] * len(days),
        "day_at": days,
    }
    return Batch(DAYS, told, note, one.file.bytes, one.index)


def _not_what_it_says(one: HistoryFile, reject: Reject) -> FeedFault:
    return FeedFault(
        f"{one.file.name}:{reject.line}",
        f"it is not what its name says: not kept is the rule that {reject.rule}",
        f"events of {one.wiki} from {one.start:%Y-%m} on, before {one.end:%Y-%m}",
        "Name the file as it came, or put the right one there.",
    )
