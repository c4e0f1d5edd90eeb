"""What a metric is: the words of a definition, frozen once they are checked.

It touches nothing. Durations of `mature_after` are timedeltas, shares are 0 to 1, dates are UTC days.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Kind = Literal["count", "sum", "ratio", "mean", "quantile", "distinct", "duration", "stock", "survey_share"]
Grain = Literal["week", "month", "quarter", "fiscal_year", "total"]
Better = Literal["higher", "lower", "neither"]
Audience = Literal["program", "executive", "public"]
WithoutRows = Literal["zero", "unknown"]  # what a period is worth of which the mart has no row
Unit = Literal["count", "share", "rate", "hours", "days", "people", "money"]

# Keys that say something of a metric and decide no figure. A new version decides: it may be the code that changed.
WORDS = frozenset({
    "title", "question", "why", "not_this", "pillar", "status", "owner", "written_by", "checked_by", "reviewed_on",
    "review_again_by", "changes", "better", "targets", "published", "caveats", "read_with",
})  # fmt: skip

WIKI = "wiki"  # the dimension whose members feeds may each cover or not
OF_REPORTS = frozenset({"mart_block", "mart_case", "mart_case_spell", "mart_report_funnel", "mart_report_submission"})

GRAINS: tuple[Grain, ...] = ("week", "month", "quarter", "fiscal_year", "total")
AUDIENCES: tuple[Audience, ...] = ("program", "executive", "public")


@dataclass(frozen=True)
class Mart:
    """A table that metrics are computed from. columns: name to type; dimensions: name to "small" or "large".

    meanings: what the contract says of each dimension; of two marts that say the same of one, it is the same.
    """

    name: str
    columns: Mapping[str, str]
    dimensions: Mapping[str, str]
    about_persons: bool
    feeds: tuple[str, ...]
    event_time: str | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """What is counted or added up in one mart: `function` of `column` over the rows where `where` holds.

    function: count, sum, mean, value, distinct, duration, stock or share; column "*" stands for the rows themselves.
    observed: duration: the column that says whether the event happened. until: stock: when a row leaves it.
    stratum, population: share: the columns of the sampling design.
    source, at: of what stands below the line of a ratio: another mart and its own time; None for the metric's.
    """

    function: str
    column: str
    where: str | None = None
    observed: str | None = None
    until: str | None = None
    stratum: str | None = None
    population: str | None = None
    source: str | None = None
    at: str | None = None


@dataclass(frozen=True)
class Statistic:
    """What is read off a distribution: the `quantile`, or the share that lies `within` a limit (in its unit)."""

    quantile: float | None = None
    within: float | None = None


@dataclass(frozen=True)
class Change:
    """One version of a definition, and what it moved."""

    version: int
    on: date
    why: str
    moves: str


@dataclass(frozen=True)
class Target:
    """The value wanted over one fiscal year (named by its end)."""

    fiscal_year: int
    value: float


@dataclass(frozen=True)
class Published:
    """A value that others published, for comparison."""

    value: float
    period: str
    source: str


@dataclass(frozen=True)
class ReadWith:
    """Metrics without which a count of reports is not read.

    exposure: of those among whom they can happen; None where the metric is told per exposure by itself. prevalence: of
    a survey, which hears of what nobody reports, too.
    """

    exposure: str | None
    prevalence: str


@dataclass(frozen=True)
class Metric:
    """One checked definition. `release`: the smallest group that each audience may see; 0 where rows are no persons.

    without_rows: of counts and sums: what a period is in which no row meets the condition. 0 where whatever happens
    makes a row, unknown where somebody has to write it down; then a row without the counted column says 0.
    can_exceed_1: of ratios of counts: some rows above the line are not below it, so that it is a rate and not a share.
    per: of ratios: how many of what stands below the line the value is told for, such as 1,000 editors.
    """

    id: str
    title: str
    question: str
    why: str
    not_this: str
    pillar: str
    status: str
    owner: str
    written_by: str
    checked_by: str
    reviewed_on: date
    review_again_by: date
    version: int
    changes: tuple[Change, ...]
    kind: Kind
    source: str
    at: str
    unit: Unit
    better: Better
    grains: tuple[Grain, ...]
    dimensions: tuple[str, ...]
    mature_after: timedelta | None
    targets: tuple[Target, ...]
    release: Mapping[Audience, int]
    published: tuple[Published, ...]
    caveats: tuple[str, ...]
    measure: Measure | None = None
    numerator: Measure | None = None
    denominator: Measure | None = None
    statistic: Statistic | None = None
    without_rows: WithoutRows = "zero"
    can_exceed_1: bool = False
    per: int = 1
    read_with: ReadWith | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The marts whose rows it counts, its own first."""
        return tuple(dict.fromkeys((self.source, *(one.source for one in self.measures if one.source is not None))))

    @property
    def has_exposure(self) -> bool:
        """Whether it sets events of its mart against an exposure of another: none of them is below the line."""
        below = self.denominator
        return below is not None and below.source not in (None, self.source)

    def is_rate_of(self, count: "Metric") -> bool:
        """Whether it tells for an exposure what the other one counts."""
        mine, other = (self.source, self.at, self.numerator), (count.source, count.at, count.measure)
        return self.has_exposure and mine == other

    def latest(self, days: Mapping[str, date]) -> date | None:
        """The latest of the days of its marts; None where none of them has one."""
        return max((days[mart] for mart in self.sources if mart in days), default=None)

    def feeds(self, marts: Mapping[str, Mart]) -> tuple[str, ...]:
        """The feeds that cover its days, those of its own mart first."""
        return tuple(dict.fromkeys(feed for name in self.sources for feed in marts[name].feeds))

    def source_of(self, part: str) -> str:
        """The mart from which a part of it is counted or added up."""
        below = self.denominator.source if part == "denominator" and self.denominator else None
        return below or self.source

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the definition, in reading order."""
        return tuple(one for one in (self.measure, self.numerator, self.denominator) if one is not None)

    @property
    def counts_rows(self) -> bool:
        """Whether its measures count rows, so that a part of it says how many rows it rests on."""
        return all(one.function == "count" for one in self.measures)

    @property
    def is_share(self) -> bool:
        """Whether it is a share of counted rows, between 0 and 1: all above the line are below it, too."""
        return self.kind == "ratio" and self.counts_rows and not self.can_exceed_1 and not self.has_exposure

    @property
    def days_to_settle(self) -> int:
        """How many whole days after a period its figure is settled: a window of hours ends on the next day."""
        return 0 if self.mature_after is None else math.ceil(self.mature_after / timedelta(days=1))

    @property
    def counts_reports(self) -> bool:
        """Whether it counts what people reported or what was done about it, which does not say whether harm rose."""
        is_amount = self.kind in ("count", "distinct", "stock") or self.has_exposure
        return self.source in OF_REPORTS and is_amount and not self.judged

    @property
    def judged(self) -> bool:
        """Whether a change can be called better or worse at all."""
        return self.better != "neither"
