"""The shape of a metric definition as it is written in YAML: every key required, unknown keys refused.

It touches nothing; what the shape cannot say (names that must exist, keys that go together) is `parse`'s.
"""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from metrics.semantic.model import Better, Grain, Kind, Unit, WithoutRows

FUNCTIONS = ("count", "sum", "mean", "value", "duration", "stock", "share")
COMPANIONS = ("observed", "until", "stratum", "population")


def _span(value: Any) -> Any:
    found = re.fullmatch(r"(\d{1,4}) (hour|day)s?", str(value))
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


class Measure(_Part):
    """One of FUNCTIONS with its column, the companions of that function, and a condition."""

    count: str | None = None
    sum: str | None = None
    mean: str | None = None
    value: str | None = None
    duration: str | None = None
    stock: str | None = None
    share: str | None = None
    where: str | None = None
    observed: str | None = None
    until: str | None = None
    stratum: str | None = None
    population: str | None = None

    @property
    def functions(self) -> tuple[str, ...]:
        return tuple(name for name in FUNCTIONS if getattr(self, name) is not None)


class Statistic(_Part):
    quantile: float | None = Field(default=None, gt=0, lt=1)
    within: float | None = Field(default=None, gt=0)


class Change(_Part):
    version: int
    on: date
    why: str
    moves: str


class Target(_Part):
    fiscal_year: int
    value: float


class Published(_Part):
    value: float
    period: str
    source: str


class Release(_Part):
    program: int = Field(ge=0)
    executive: int = Field(ge=0)
    public: int = Field(ge=0)


class Definition(_Part):
    """One file of `metrics/definitions`."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    question: str
    why: str
    not_this: str
    pillar: Literal["tools", "policy", "practice", "response", "community", "program"]
    status: Literal["draft", "live", "retired"]
    owner: str
    written_by: str
    checked_by: str
    reviewed_on: date
    review_again_by: date
    version: int
    changes: tuple[Change, ...] = Field(min_length=1)
    kind: Kind
    source: str = Field(alias="from")
    at: str
    measure: Measure | None = None
    numerator: Measure | None = None
    denominator: Measure | None = None
    statistic: Statistic | None = None
    without_rows: WithoutRows = "zero"
    can_exceed_1: bool = False
    mature_after: Annotated[timedelta | None, BeforeValidator(_span)]
    unit: Unit
    better: Better
    grains: Annotated[tuple[Grain, ...], AfterValidator(_once)] = Field(min_length=1)
    dimensions: Annotated[tuple[str, ...], AfterValidator(_once)]
    targets: tuple[Target, ...]
    release: Release
    published: tuple[Published, ...]
    caveats: tuple[str, ...]
