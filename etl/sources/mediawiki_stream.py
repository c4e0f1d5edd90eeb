"""What administrators did, minutes ago: the movement's public streams of log events and of changes of blocks.

Of the whole movement's events only those of the program's wikis and of the kept logs are landed, and of others nothing.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from data_contracts import yaml_file
from data_contracts.faults import FeedFault
from data_contracts.load import HERE
from etl.feed import Batch, Delivery, Download, Landed, Piece
from etl.formats import stream_listening, stream_rows
from etl.formats.stream_events import BLOCKS_CHANGE, RECENT_CHANGE, Addresses
from etl.web import Web

FEED = "mediawiki_stream"
SERVER = "https://stream.wikimedia.org"


class Wiki(BaseModel):
    """wiki: as the instance calls it; database and server_name: as events do, the database first.

    bots: accounts that are bots though not called so; reasons: in place of the feed's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wiki: str = Field(min_length=1)
    database: str | None = None
    server_name: str | None = None
    bots: tuple[str, ...] = ()
    reasons: dict[str, str] | None = None

    @field_validator("reasons")
    @classmethod
    def _are_expressions(cls, reasons: dict[str, str] | None) -> dict[str, str] | None:
        return reasons and _expressions(reasons)


class Settings(BaseModel):
    """The wikis, and how far one run goes.

    begin_hours: how far back the first run begins (servers keep about a week). A run ends where an event is younger
    than its own start less behind_seconds, where none comes for quiet_seconds, or at longest_minutes or most_megabytes.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wikis: tuple[Wiki, ...] = Field(min_length=1)
    reasons: dict[str, str] = {}
    server: str = SERVER
    begin_hours: float = Field(default=1, gt=0, le=24 * 31)
    behind_seconds: float = Field(default=5, ge=0)
    quiet_seconds: float = Field(default=30, gt=0)
    longest_minutes: float = Field(default=15, gt=0)
    most_megabytes: float = Field(default=4000, gt=0)

    @field_validator("reasons")
    @classmethod
    def _are_expressions(cls, reasons: dict[str, str]) -> dict[str, str]:
        return _expressions(reasons)


def deliveries(settings: Settings) -> list[Delivery]:
    """None: streams are only fetched."""
    return []


def downloads(settings: Settings) -> list[Download]:
    """A series for each of the two streams."""
    told = settings.model_dump(mode="json")
    return [Download(FEED, stream, {**told, "stream": stream}) for stream in (RECENT_CHANGE, BLOCKS_CHANGE)]


def fetch(download: Download, cursor: Mapping[str, Any] | None, web: Web) -> Iterator[Piece]:
    """What the stream has behind the cursor, until that is as young as this run, or the run has been long enough."""
    settings = _settings(download.told)
    wanted = stream_listening.Wanted(
        settings.server,
        download.told["stream"],
        _addresses(settings),
        log_types(),
        begin=timedelta(hours=settings.begin_hours),
        behind=timedelta(seconds=settings.behind_seconds),
        quiet=timedelta(seconds=settings.quiet_seconds),
        longest=timedelta(minutes=settings.longest_minutes),
        most_bytes=1e6 * settings.most_megabytes,
    )
    yield from stream_listening.pieces(wanted, cursor, web)


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one piece of either stream, and from when to when it tells."""
    (file,) = landed.files
    told = landed.delivery.told
    settings = _settings(told)
    wikis = [
        stream_rows.Wiki(one.wiki, one.bots, settings.reasons if one.reasons is None else one.reasons)
        for one in settings.wikis
    ]
    yield from stream_rows.batches(file, told["stream"], _addresses(settings), wikis)


@cache
def log_types() -> frozenset[str]:
    """The log types that the contract keeps."""
    path = HERE / "sources" / f"{FEED}.odcs.yaml"
    contract = yaml_file.load(path, FeedFault, f"data_contracts/sources/{path.name}")
    custom = {one["property"]: one["value"] for one in contract.data["customProperties"]}
    return frozenset(custom["logTypes"])


def _settings(told: Mapping[str, Any]) -> Settings:
    return Settings.model_validate({key: told[key] for key in Settings.model_fields})


def _addresses(settings: Settings) -> Addresses:
    return Addresses(
        {one.database or one.wiki: one.wiki for one in settings.wikis},
        {one.server_name: one.wiki for one in settings.wikis if one.server_name},
    )


def _expressions(reasons: dict[str, str]) -> dict[str, str]:
    for name, expression in reasons.items():
        try:
            re.compile(expression)
        except re.error as error:
            raise ValueError(f'a regular expression for "{name}" ({error})') from error
    return reasons
