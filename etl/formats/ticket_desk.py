"""A help desk as the settings describe it: its export's columns, and what their words mean. It opens no file."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from etl.formats import delimited, times
from etl.formats.drift import Promise, Wanted

TIMES = ("opened", "first_response", "resolved", "reopened")  # in this order: the others are read knowing the first
WORDS = ("queue", "channel", "priority", "language")
PROMISE = Promise("raw_tickets", {"columns.id": "case", "columns.emergency": "is_emergency"})


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


Named = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]


class Part(BaseModel):
    """A part of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Columns(Part):
    """The desk's column for each thing; of several columns the first that says something counts."""

    id: Named
    opened: Named
    first_response: Named | None = None
    resolved: Named | None = None
    reopened: Named | None = None
    queue: Named | None = None
    channel: Named | None = None
    priority: Named | None = None
    language: Named | None = None
    state: Named | None = None
    satisfaction: Named | None = None
    emergency: Named | None = None

    def mapped(self) -> Mapping[str, tuple[str, ...]]:
        """The columns that the settings name, by what they mean."""
        return {name: value for name, value in self if value is not None}

    def wanted(self) -> list[Wanted]:
        return [(f"columns.{name}", column) for name, columns in self.mapped().items() for column in columns]


class Satisfaction(Part):
    """What the satisfaction column may say; `none`: words for "nothing said", such as Offered."""

    good: Words
    bad: Words
    none: Words = ()


class Desk(Part):
    """One desk's export. Words of state, satisfaction, emergency and `missing` are compared without regard to case.

    unread: columns that the export has besides; where they are named, a new one is told of.
    unanswered_states: says that the file is an event log, each row with the time of one event of a case: the first
    response is the earliest `first_response` of a row in any other state. Else the last row of a case says all.
    """

    desk: str = Field(min_length=1)
    files: Named
    delimiter: Annotated[str, AfterValidator(delimited.check_delimiter)] = ","
    encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"
    zone: Annotated[str, AfterValidator(lambda name: times.zone(name).key)] = "UTC"
    format: Annotated[str, AfterValidator(times.check_format)] = "%Y-%m-%d %H:%M:%S"
    missing: Words = ("",)
    columns: Columns
    unread: Named | None = None
    closed_states: Words = ()
    unanswered_states: Words = ()
    satisfaction: Satisfaction | None = None
    emergency: Words = ()

    @model_validator(mode="after")
    def _words_for_columns(self) -> "Desk":
        told = {"state": self.closed_states, "satisfaction": self.satisfaction, "emergency": self.emergency}
        names = {"state": "closed_states", "satisfaction": "satisfaction", "emergency": "emergency"}
        for column, words in told.items():
            if getattr(self.columns, column) and not words:
                raise ValueError(f"the column {column} is mapped: {names[column]} must say its words")
            if words and not getattr(self.columns, column):
                raise ValueError(f"{names[column]} is given: columns must say which column {column} is")
        if self.unanswered_states and not (self.columns.state and self.columns.first_response):
            raise ValueError("unanswered_states is given: columns must say which columns state and first_response are")
        return self
