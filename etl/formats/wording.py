"""The words of settings: one word or a list of them, compared as they are or without regard to case.

It checks what people write in `upstander.yml`; it opens nothing.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from etl.formats import delimited


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


class Part(BaseModel):
    """A part of a feed's settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


Text = Annotated[str, Field(min_length=1)]
Named = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]
Delimiter = Annotated[str, AfterValidator(delimited.check_delimiter)]
Encoding = Annotated[str, AfterValidator(delimited.check_encoding)]
Unread = Annotated[tuple[str, ...] | None, BeforeValidator(_listed)]  # columns that a file has and nobody reads
Until = date | Literal["received"] | None
