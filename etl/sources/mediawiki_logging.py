"""What administrators did on a wiki: the items of its public log, from dumps (pages-logging.xml, plain or packed).

Which log types are kept stands in the contract; who is a bot and what reasons are called stands in the settings. Names
and addresses are handed over plain, for the door to hash; comments go no further than their reason class.
"""

import re
from collections.abc import Generator, Iterator
from functools import cache

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, field_validator

from data_contracts import yaml_file
from data_contracts.faults import FeedFault
from data_contracts.load import HERE
from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.formats import log_columns, logging_xml
from etl.formats.ahead import ahead
from etl.formats.log_items import LogItems
from etl.formats.log_rows import LogRows, Unreadable
from etl.formats.log_span import LogSpan, told_until
from etl.formats.log_texts import LogTexts
from etl.formats.told_days import told_days

FEED = "mediawiki_logging"
TABLE = "raw_mediawiki_logging"
DAYS = "raw_mediawiki_logging_day"
ROWS = 20_000


class Wiki(BaseModel):
    """One wiki's dumps. bots: accounts that are bots though not called so; reasons: in place of the feed's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wiki: str = Field(min_length=1)
    files: tuple[str, ...] = Field(min_length=1)
    bots: tuple[str, ...] = ()
    reasons: dict[str, str] | None = None

    @field_validator("reasons")
    @classmethod
    def _are_expressions(cls, reasons: dict[str, str] | None) -> dict[str, str] | None:
        return reasons and _expressions(reasons)


class Settings(BaseModel):
    """The wikis, and the classes of reasons: regular expressions on a block's comment, the first that fits counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wikis: tuple[Wiki, ...] = Field(min_length=1)
    reasons: dict[str, str] = {}

    @field_validator("reasons")
    @classmethod
    def _are_expressions(cls, reasons: dict[str, str]) -> dict[str, str]:
        return _expressions(reasons)


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery for each wiki; its files are read one at a time."""
    return [
        Delivery(
            FEED,
            wiki.files,
            {
                "wiki": wiki.wiki,
                "bots": list(wiki.bots),
                "reasons": settings.reasons if wiki.reasons is None else wiki.reasons,
            },
        )
        for wiki in settings.wikis
    ]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of the kept log types, in the order of the files, and of which days each file tells.

    A fault comes after all that could be read.
    """
    told = landed.delivery.told
    rows = LogRows(told["wiki"], told["bots"], told["reasons"])
    for index, file in enumerate(landed.files):
        span = LogSpan(file.received_at.date())
        yield from ahead(_batches(file, index, rows, span))
        until = told_until(file.names, span)
        if span.first and until:
            yield told_days(DAYS, told["wiki"], span.first, until, file.bytes, index)


@cache
def log_types() -> frozenset[str]:
    """The log types that the contract keeps."""
    path = HERE / "sources" / f"{FEED}.odcs.yaml"
    contract = yaml_file.load(path, FeedFault, f"data_contracts/sources/{path.name}")
    custom = {one["property"]: one["value"] for one in contract.data["customProperties"]}
    return frozenset(custom["logTypes"])


def _batches(file: LandedFile, index: int, maker: LogRows, span: LogSpan) -> Generator[Batch, None, None]:
    gathered, done, fault = _Gathered(), 0, None
    try:
        for items, done in logging_xml.items(file, log_types(), span):
            gathered.add(items, maker)
            if len(gathered) >= ROWS:
                yield gathered.batch(done, index)
                gathered = _Gathered()
    except FeedFault as error:
        fault = error
    if len(gathered):
        yield gathered.batch(done, index)
    if fault is not None:
        raise fault


class _Gathered:
    """Columns on their way into one batch, and the items that could not be read."""

    def __init__(self) -> None:
        self._columns: list[dict[str, pa.Array]] = []
        self._rejects: list[Reject] = []
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, items: LogItems | LogTexts, maker: LogRows) -> None:
        """Takes the items together, which is fast, or where one of them breaks a rule, each by itself."""
        self._size += len(items)
        found = log_columns.columns(items, maker) if isinstance(items, LogTexts) else None
        if found is not None:
            self._columns.append(found)
        elif len(items):
            self._add_rows(items.items() if isinstance(items, LogTexts) else items, maker)

    def _add_rows(self, items: LogItems, maker: LogRows) -> None:
        try:
            self._columns.append(log_columns.as_arrays(maker.columns(items)))
        except Unreadable as error:
            if len(items) == 1:
                self._rejects.append(Reject(items.line[0], error.rule, error.excerpt))
                return
            for item in items.one_by_one():
                self._add_rows(item, maker)

    def batch(self, done: int, index: int) -> Batch:
        columns = {
            name: pa.chunked_array([found[name] for found in self._columns], kind)
            for name, kind in log_columns.SCHEMA.items()
        }
        return Batch(TABLE, columns, tuple(self._rejects), done, index)


def _expressions(reasons: dict[str, str]) -> dict[str, str]:
    for name, expression in reasons.items():
        try:
            re.compile(expression)
        except re.error as error:
            raise ValueError(f'a regular expression for "{name}" ({error})') from error
    return reasons
