"""What a wiki's Action API tells: its log as it goes on, and what it says of its blocks, admins, bots and itself.

Which log types are kept stands in the contract of the dumps, of which the log events make the same rows. Names and
addresses are handed over plain, for the door to hash; comments go no further than their reason class.
"""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from data_contracts import yaml_file
from data_contracts.faults import FeedFault
from data_contracts.load import HERE
from etl.feed import Batch, Delivery, Download, Landed, Piece
from etl.formats import api_asking, api_log, api_log_pass, api_pictures
from etl.formats.api_asking import Api
from etl.formats.log_rows import LogRows
from etl.web import Web

FEED = "mediawiki_api"
TABLE, DAYS = "raw_mediawiki_api_log", "raw_mediawiki_api_log_day"
PICTURES = {"blocks": api_pictures.BLOCKS, "users": api_pictures.USERS, "siteinfo": api_pictures.SITE}


def _expressions(reasons: dict[str, str]) -> dict[str, str]:
    for name, expression in reasons.items():
        try:
            re.compile(expression)
        except re.error as error:
            raise ValueError(f'a regular expression for "{name}" ({error})') from error
    return reasons


class Wiki(BaseModel):
    """One wiki. api: the address of its api.php; since: the first day that is asked for.

    bots: accounts that are bots though not called so; reasons: in place of the feed's own.
    view: "suppressor" where the account named here may see what is hidden, and the program may keep it.
    token_from: environment variable with an owner-only OAuth 2 token; or user_from and password_from with a bot
    password. look_back_days: how far back is looked, once a day, for events hidden since; pictures_every_hours: how old
    a picture of blocks, admins and bots may get.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    wiki: str = Field(min_length=1, pattern=r"^[^/\s]+$")
    api: str = Field(pattern=r"^https?://[^\s?#]+$")
    since: date | None = None
    bots: tuple[str, ...] = ()
    reasons: dict[str, str] | None = None
    view: Literal["public", "suppressor"] = "public"
    token_from: str | None = None
    user_from: str | None = None
    password_from: str | None = None
    look_back_days: int = Field(default=7, ge=0, le=365)
    pictures_every_hours: float = Field(default=20, ge=0)

    @field_validator("reasons")
    @classmethod
    def _are_expressions(cls, reasons: dict[str, str] | None) -> dict[str, str] | None:
        return reasons and _expressions(reasons)

    @model_validator(mode="after")
    def _is_one_account(self) -> Self:
        if (self.user_from is None) != (self.password_from is None):
            raise ValueError("user_from and password_from stand together")
        if self.view == "suppressor" and self.token_from is None and self.user_from is None:
            raise ValueError("to ask as a suppressor, token_from names the variable that holds the account's token")
        return self


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
    """None: all that it has is fetched."""
    return []


def downloads(settings: Settings) -> list[Download]:
    """Four series for each wiki: its log as it goes on, and three pictures of the present."""
    return [
        Download(FEED, f"{wiki.wiki}/{what}", {**wiki.model_dump(mode="json"), "what": what, "reasons": reasons})
        for wiki in settings.wikis
        for reasons in [settings.reasons if wiki.reasons is None else wiki.reasons]
        for what in ("logevents", *PICTURES)
    ]


def fetch(download: Download, cursor: Mapping[str, Any] | None, web: Web) -> Iterator[Piece]:
    """What the wiki has behind the cursor. Raises FeedFault where it gives up, or where the account is not let in."""
    told = download.told
    api = Api(web, told["api"], _headers(download, web))
    if told["what"] != "logevents":
        every = timedelta(hours=told["pictures_every_hours"])
        yield from api_pictures.pieces(api, PICTURES[told["what"]], cursor, told["view"], every)
        return
    since = datetime.combine(date.fromisoformat(told["since"]), time()) if told["since"] else None
    look_back = timedelta(days=told["look_back_days"])
    yield from api_log_pass.pieces(api, api_log_pass.Wanted(log_types(), told["view"], since, look_back), cursor)


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one piece of one series, in its order, and of which days a log's piece tells.

    A fault comes after all that could be read.
    """
    told, (file,) = landed.delivery.told, landed.files
    if told["what"] != "logevents":
        return api_pictures.batches(PICTURES[told["what"]], file, told["wiki"])
    rows = LogRows(told["wiki"], told["bots"], told["reasons"])
    return api_log.batches(TABLE, DAYS, file, rows, log_types())


@cache
def log_types() -> frozenset[str]:
    """The log types that are kept, as the contract of the dumps names them."""
    path = HERE / "sources" / "mediawiki_logging.odcs.yaml"
    contract = yaml_file.load(path, FeedFault, f"data_contracts/sources/{path.name}")
    custom = {one["property"]: one["value"] for one in contract.data["customProperties"]}
    return frozenset(custom["logTypes"])


def _headers(download: Download, web: Web) -> Mapping[str, str]:
    """By which the wiki knows the account; none for the public."""
    told = download.told
    if told["token_from"]:
        return api_asking.bearer(_secret(download, "token_from"))
    if told["user_from"]:
        name, password = _secret(download, "user_from"), _secret(download, "password_from")
        return api_asking.signed_in(web, told["api"], name, password)
    return {}


def _secret(download: Download, setting: str) -> str:
    name = download.told[setting]
    value = os.environ.get(name, "").strip()
    if not value:
        raise FeedFault(
            f"feeds.{FEED}: {setting} of {download.told['wiki']}",
            f'there is no environment variable "{name}", or it is empty',
            "the account's token, or the name and password of a bot password",
            "Set the variable for the process that builds; write no secret into upstander.yml.",
        )
    return value
