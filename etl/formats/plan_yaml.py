"""The program plan as a person writes it in YAML: what may stand where, each part of it checked on its own.

It knows no other part, no database and no clock; what the parts say of each other is checked in `plan_check`.
"""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _day(value: Any) -> Any:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("a day such as 2026-07-01, without a time")
    return value


def _month(value: str) -> str:
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", value):
            date.fromisoformat(f"{value}-01")
            return value
    except ValueError:
        pass
    raise ValueError("a month such as 2026-07")


def _none_is_no_entry(value: Any) -> Any:
    return [] if value is None else value


def _fiscal_year(year: int, start_month: int) -> tuple[date, date]:
    first = date(year if start_month == 1 else year - 1, start_month, 1)
    return first, date(first.year + 1, start_month, 1) - timedelta(days=1)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Metric = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Day = Annotated[date, BeforeValidator(_day)]
Month = Annotated[str, AfterValidator(_month)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Amount = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0)]
Entry = TypeVar("Entry")
Entries = Annotated[list[Entry], BeforeValidator(_none_is_no_entry)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Program(_Part):
    title: Text
    owner: Id
    roles: list[Id] = Field(min_length=1)


class Pillar(_Part):
    id: Id
    title: Text


class Target(_Part):
    """The value wanted over some days, both ends included, or over a fiscal year named by its end."""

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")
    fiscal_year: int | None = Field(default=None, strict=True, ge=1900, le=2999)
    value: Number

    def period(self, fiscal_year_start: int) -> tuple[date, date] | None:
        """The first and the last day; None where the target does not say them in one of the two ways."""
        if self.fiscal_year is None:
            return (self.first, self.last) if self.first and self.last else None
        return None if self.first or self.last else _fiscal_year(self.fiscal_year, fiscal_year_start)


class Measure(_Part):
    id: Id
    title: Text
    metric: Metric
    grain: Literal["week", "month", "quarter", "fiscal_year"]
    where: dict[Id, Text] = Field(default_factory=dict)
    targets: Entries[Target] = Field(default_factory=list)


class Goal(_Part):
    id: Id
    title: Text
    pillar: Id
    owner: Id
    measures: list[Measure] = Field(min_length=1)


class Milestone(_Part):
    id: Id
    title: Text
    planned: Day
    forecast: Day | None = None
    actual: Day | None = None


class Project(_Part):
    id: Id
    title: Text
    pillar: Id
    owner: Id
    starts: Day
    ends: Day
    state: Literal["paused", "done", "stopped"] | None = None
    milestones: Entries[Milestone] = Field(default_factory=list)


class Step(_Part):
    """A number of people that holds from this day until the next step."""

    first: Day = Field(alias="from")
    people: Amount


class Staffing(_Part):
    role: Id
    planned: list[Step] = Field(min_length=1)
    filled: list[Step] = Field(min_length=1)


class Booking(_Part):
    planned: Amount
    spent: Number | None = None  # negative where money came back


class Line(_Part):
    line: Id
    pillar: Id
    months: dict[Month, Booking] = Field(min_length=1)


class Budget(_Part):
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    lines: Entries[Line] = Field(default_factory=list)


class Risk(_Part):
    id: Id
    title: Text
    severity: Literal["low", "medium", "high", "critical"]
    pillar: Id
    owner: Id
    opened: Day
    closed: Day | None = None


class Escalation(_Part):
    id: Id
    title: Text
    to: Id
    raised: Day
    answered: Day | None = None


class Decision(_Part):
    id: Id
    question: Text
    owner: Id
    asked: Day
    needed_by: Day
    decided: Day | None = None
    outcome: Text | None = None


class Rollout(_Part):
    id: Id
    title: Text
    wiki: Text
    started: Day


class Measured(_Part):
    """A metric by which a rollout is judged, compared between wikis or, where it has none, before and after."""

    metric: Metric
    grain: Literal["week", "month"]
    where: dict[Id, Text] = Field(default_factory=dict)


class Evaluation(_Part):
    """What a rollout was to change. written: the day on which that was said."""

    id: Id
    title: Text
    owner: Id
    written: Day
    rollouts: list[Id] = Field(min_length=1)
    measures: list[Measured] = Field(min_length=1)


class Phase(_Part):
    """From which day on a metric has another usual, because somebody decided so.

    comparable: false where values before and after mean different things, as when a survey's question was reworded.
    """

    id: Id
    metric: Metric
    where: dict[Id, Text] = Field(default_factory=dict)
    first: Day = Field(alias="from")
    why: Text
    comparable: bool = Field(default=True, strict=True)


class Plan(_Part):
    program: Program
    pillars: list[Pillar] = Field(min_length=1)
    goals: Entries[Goal] = Field(default_factory=list)
    projects: Entries[Project] = Field(default_factory=list)
    people: Entries[Staffing] = Field(default_factory=list)
    budget: Budget | None = None
    risks: Entries[Risk] = Field(default_factory=list)
    escalations: Entries[Escalation] = Field(default_factory=list)
    decisions: Entries[Decision] = Field(default_factory=list)
    rollouts: Entries[Rollout] = Field(default_factory=list)
    evaluations: Entries[Evaluation] = Field(default_factory=list)
    phases: Entries[Phase] = Field(default_factory=list)
