"""The shape of a metric definition as it is written in YAML: every key required, unknown keys refused.

It touches nothing; what the shape cannot say (names that must exist, keys that go together) is `parse`'s.
"""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from metrics.semantic.model import Better, Grain, Kind, Unit, WithoutRows

FUNCTIONS = ("count", "sum", "mean", "value", "distinct", "duration", "stock", "share")
MOST = 1_000_000  # a group that large is everybody
LONGEST_NAME = 60
COMPANIONS = ("observed", "until", "stratum", "population")


def _span(value: Any) -> Any:
    found = re.fullmatch(r"([0-9]{1,4}) (hour|day)s?", str(value))
    if value is None:
        return None
    if not found:
        raise ValueError('a span such as "30 days" or "4 hours" is wanted, or null')
    return timedelta(**{f"{found[2]}s": int(found[1])})


def _once(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(value)) < len(value):
        raise ValueError("each name once is wanted")
    return value


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _says(description: str) -> Any:
    """A key that may be left out, and what editors say of it."""
    return Field(default=None, description=description)


class Measure(_Part):
    """What is counted or added up: one function with its column, what that function needs besides, and a condition."""

    count: str | None = _says('A column whose values are counted, or "*" for the rows themselves.')
    sum: str | None = _says("A number that is added up; not of persons, except in a ratio.")
    mean: str | None = _says("A number of which the mean is taken.")
    value: str | None = _says("A number of which a quantile, or the share within a limit, is read off.")
    distinct: str | None = _says(
        "A column of which different values are counted, such as language; of things, never of persons."
    )
    duration: str | None = _says("How long it took, or has taken so far; wants observed.")
    stock: str | None = _says("The time at which a row comes in, the same as at; wants until.")
    share: str | None = _says("Whether an answer is yes; wants stratum and population.")
    where: str | None = _says("Which rows: columns of the mart compared with constants, joined by AND, OR, NOT.")
    observed: str | None = _says("Of durations: whether the end was seen; otherwise it is still going on.")
    until: str | None = _says("Of stocks: the time at which a row goes out; empty while it is in.")
    stratum: str | None = _says("Of survey shares: the group that was sampled as one.")
    population: str | None = _says("Of survey shares: how many people the stratum has.")
    source: str | None = Field(
        default=None,
        alias="from",
        description="Below the line of a rate: the mart of what it is told for, where that is another one.",
    )
    at: str | None = _says("With that mart: the time by which its rows fall into a period.")

    @property
    def functions(self) -> tuple[str, ...]:
        return tuple(name for name in FUNCTIONS if getattr(self, name) is not None)


class Statistic(_Part):
    """What is read off a distribution: one of the two."""

    quantile: float | None = Field(default=None, gt=0, lt=1, description="0.5 for the median.")
    within: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="A limit, in the unit of the column."
    )


class Change(_Part):
    """One version of the definition."""

    version: int
    on: date
    why: str = Field(description="Why it was changed.")
    moves: str = Field(description="Which periods move.")


class Target(_Part):
    """The value wanted over one fiscal year."""

    fiscal_year: int = Field(description="The year in which it ends.")
    value: float = Field(allow_inf_nan=False)


class Published(_Part):
    """A value that others published, for comparison."""

    value: float = Field(allow_inf_nan=False)
    period: str
    source: str


class Release(_Part):
    """The smallest group that each audience may see; 0 where rows are no persons."""

    program: int = Field(ge=0, le=MOST)
    executive: int = Field(ge=0, le=MOST)
    public: int = Field(ge=0, le=MOST)


class ReadWith(_Part):
    """What a count of reports is never read without."""

    exposure: str | None = Field(description="The metric of those among whom it can happen; null where it is a rate.")
    prevalence: str = Field(description="The share of a survey that tells how many it happens to.")


class Definition(_Part):
    """One file of `metrics/definitions`."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        max_length=LONGEST_NAME,
        description="The name of the file, and of the metric everywhere.",
    )
    title: str = Field(description="What readers call it.")
    question: str = Field(description="The one question that it answers.")
    why: str = Field(description="Why anybody should care.")
    not_this: str = Field(description="What it does not say, and is taken for.")
    pillar: Literal["tools", "policy", "practice", "response", "community", "program"] = Field(
        description="The part of the program that it tells of."
    )
    status: Literal["draft", "live", "retired"] = Field(description="Drafts are computed; what is retired is not.")
    owner: str = Field(description="The role that answers for it.")
    written_by: str = Field(description="The role that wrote it.")
    checked_by: str = Field(description="Another role, which checked it.")
    reviewed_on: date = Field(description="When it was last looked at.")
    review_again_by: date = Field(description="When it has to be looked at again.")
    version: int = Field(description="The version of the last change.")
    changes: tuple[Change, ...] = Field(min_length=1, description="Every version, what it changed and what moved.")
    kind: Kind = Field(description="What is made of the rows.")
    source: str = Field(alias="from", description="The mart whose rows are counted.")
    at: str = Field(description="The time by which a row falls into a period.")
    measure: Measure | None = _says("Of all kinds but ratio.")
    numerator: Measure | None = _says("Of a ratio: what stands above the line.")
    denominator: Measure | None = _says("Of a ratio: what stands below the line.")
    statistic: Statistic | None = _says("Of quantile and duration.")
    without_rows: WithoutRows = Field(default="zero", description="Of counts and sums: what a period without rows is.")
    can_exceed_1: bool = Field(default=False, description="Of ratios of counts: it is a rate and not a share.")
    per: int = Field(default=1, ge=1, le=MOST, description="Of rates: how many of what stands below the line, as 1000.")
    mature_after: Annotated[timedelta | None, BeforeValidator(_span)] = Field(
        description="How long after its time a row is settled, such as 30 days; null: at once."
    )
    unit: Unit = Field(description="In what it is told.")
    better: Better = Field(description="Which way is better; neither for counts of reports.")
    grains: Annotated[tuple[Grain, ...], AfterValidator(_once)] = Field(min_length=1, description="The periods told.")
    dimensions: Annotated[tuple[str, ...], AfterValidator(_once)] = Field(
        description="Columns of the mart by which it can be split."
    )
    read_with: ReadWith | None = _says("Of counts of reports, cases and blocks: what they are not read without.")
    targets: tuple[Target, ...] = Field(description="What the program wants it to be.")
    release: Release = Field(description="The smallest group that each audience may see.")
    published: tuple[Published, ...] = Field(description="Values of others, with their source.")
    caveats: tuple[str, ...] = Field(description="What a reader has to know before using it.")
