"""What the settings of surveys say, whatever tool asked: measures, their words for yes and no, and strata.

It opens no responses and knows no tool.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from etl.feed import LandedFile, Reject
from etl.formats import delimited
from etl.formats.batches import Row
from etl.formats.delimited import Layout
from etl.formats.drift import Promise
from etl.formats.strata import DIMENSIONS, EVERYBODY, strata

STRATUM_COLUMNS = ("line", "wave", "stratum", "wiki", "edit_bucket", "population")


def listed(value: Any) -> Any:
    """One word is a list of one."""
    return (value,) if isinstance(value, str | int) else value


def folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words as they are compared: without regard to case and to blanks around."""
    return tuple(word.strip().casefold() for word in words)


Words = Annotated[tuple[str, ...], BeforeValidator(listed), AfterValidator(folded)]
Text = Annotated[str, Field(min_length=1)]
Delimiter = Annotated[str, AfterValidator(delimited.check_delimiter)]
Unread = Annotated[tuple[str, ...] | None, BeforeValidator(listed)]  # columns that a file has and nobody reads


class Part(BaseModel):
    """A part of the settings: frozen, unknown keys refused, numbers taken as words."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Answers(Part):
    """What is measured, and which answers are yes and no; cases of letters do not matter."""

    measure: Text
    yes: Words
    no: Words

    @model_validator(mode="after")
    def _apart(self) -> "Answers":
        both = sorted(set(self.yes) & set(self.no))
        if both or not self.yes or not self.no:
            raise ValueError(f"{', '.join(both)} is both yes and no" if both else "yes and no need an answer each")
        return self


def once(kind: str, names: Sequence[str]) -> None:
    """ValueError where a name stands more than once."""
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"each {kind} once; {', '.join(twice)} stands more than once")


def dimensions(members: Mapping[str, str]) -> Row:
    """The members by dimension; one that is not told apart is everybody."""
    return {name: members.get(name, EVERYBODY) for name in DIMENSIONS}


def stratum_rows(
    wave: str,
    file: LandedFile,
    layout: Layout,
    told_apart: Sequence[str],
    populations: dict[str, int],
    promise: Promise | None = None,
) -> Iterator[tuple[int, Row | Reject]]:
    """A row for each stratum, also where nobody answered; `populations` is filled on the way."""
    for done, one in strata(file, layout, told_apart, promise):
        if isinstance(one, Reject):
            yield done, one
            continue
        populations[one.label] = one.population
        row = {"line": one.line, "wave": wave, "stratum": one.label, "population": one.population}
        yield done, {**row, **dimensions(one.members)}
