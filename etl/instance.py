"""Reads `upstander.yml`: what one program is called, its wikis, its calendar and where its feeds' files lie.

It opens no other file; each feed's part is checked by that feed's own settings.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator

from data_contracts import yaml_file
from data_contracts.faults import FeedFault

SETTINGS = "upstander.yml"


class Wiki(BaseModel):
    """A wiki of the program: its database name, what people call it, its language and script's direction.

    left_on: the last day on which the program was there; totals of later days do not wait for what is told of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    name: str = Field(min_length=1)
    language: str = Field(min_length=1)
    direction: Literal["ltr", "rtl"] = "ltr"
    temporary_accounts_from: date | None = None
    left_on: date | None = None


class Network(BaseModel):
    """What may be asked over the network. hosts: names, with a port where it is not the usual one; nothing else is
    reached, nor where a redirect leads elsewhere. contact: whom the people of the servers can write to.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hosts: tuple[str, ...] = Field(min_length=1)
    contact: str = Field(min_length=1)


class Instance(BaseModel):
    """One program. `as_of`: end of what is known, exclusive, UTC; None: midnight after the latest event that is not
    dated after the receipt of its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    program: str = Field(min_length=1)
    invented: bool = False
    fiscal_year_start: int = Field(default=7, ge=1, le=12)
    week_start: Literal["monday", "sunday"] = "monday"
    as_of: datetime | None = None
    languages: tuple[str, ...] = ("en",)
    wikis: tuple[Wiki, ...] = ()
    network: Network | None = None
    feeds: Any

    @field_validator("as_of", mode="before")
    @classmethod
    def _day_is_its_midnight(cls, value: object) -> object:
        return datetime.combine(value, time()) if isinstance(value, date) and not isinstance(value, datetime) else value

    @field_validator("as_of")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value is not None and value.tzinfo else value

    @field_validator("wikis")
    @classmethod
    def _each_once(cls, wikis: tuple[Wiki, ...]) -> tuple[Wiki, ...]:
        twice = [name for name, count in Counter(wiki.id for wiki in wikis).items() if count > 1]
        if twice:
            raise ValueError(f"each wiki once; {', '.join(twice)} stands more than once")
        return wikis

    def left(self) -> Mapping[str, date]:
        """The wikis that have left, or are to, with their last day."""
        return {wiki.id: wiki.left_on for wiki in self.wikis if wiki.left_on is not None}

    def chosen(self) -> Mapping[str, BaseModel]:
        """The settings of the feeds that this program has, in the order in which they are loaded.

        A feed that counts in fiscal years, and does not say when they start, takes the program's.
        """
        named = {name: getattr(self.feeds, name) for name in type(self.feeds).model_fields}
        return {name: self._with_calendar(settings) for name, settings in named.items() if settings is not None}

    def _with_calendar(self, settings: BaseModel) -> BaseModel:
        said = settings.model_fields_set
        if "fiscal_year_start" not in type(settings).model_fields or "fiscal_year_start" in said:
            return settings
        return settings.model_copy(update={"fiscal_year_start": self.fiscal_year_start})


def read(home: Path, settings: Mapping[str, type[BaseModel]]) -> Instance:
    """The instance in `home`, or every fault of its file with line and remedy. settings: by the name of the feed."""
    path = home / SETTINGS
    if not path.exists():
        raise FeedFault(
            str(path),
            "there is no instance here",
            SETTINGS,
            "Run `upstander demo` or `upstander init`, or set UPSTANDER_HOME.",
        )
    feeds = {name: (model | None, None) for name, model in settings.items()}
    parts: Any = create_model("Feeds", __config__=ConfigDict(extra="forbid", frozen=True), **feeds)  # type: ignore[call-overload]
    whole: type[Instance] = create_model("Instance", __base__=Instance, feeds=(parts, ...))
    return yaml_file.read(path, whole, FeedFault, SETTINGS)
