"""What was collected for one quarter, and which of the plan's records belong into which part of the report.

It asks nothing and decides no word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dashboard.charts import words
from dashboard.reports.developments import Development
from dashboard.reports.plan_records import Milestone, Rollout
from dashboard.reports.quarterly_measures import Measure, Tables
from metrics.answer import Build, Figure, Listing
from metrics.calendar import Period
from metrics.semantic.model import Metric


@dataclass(frozen=True)
class Wiki:
    """A wiki of the program, by its own name in its own language."""

    id: str
    name: str
    language: str
    direction: str


@dataclass(frozen=True)
class Step:
    """A milestone as it stood when the quarter ended. done, expected: the days that are known today."""

    title: str
    project: str
    planned: date
    done: date | None
    expected: date | None
    is_late: bool


@dataclass(frozen=True)
class Correction:
    """A quarter of a measure: the figure as it was first published, as it is now, and the cause of the last change."""

    measure: Measure
    first: Figure
    now: Figure
    cause: str


@dataclass(frozen=True)
class QuarterlyContent:
    """Everything that the report of a quarter says. tables, before: the counts of the quarter and of the one before.

    milestones: as they stood when the quarter ended; since: the same, as they stand in the build.
    """

    quarter: Period
    preceding: Period
    following: Period
    build: Build
    measures: tuple[Measure, ...]
    tables: Tables
    before: Tables
    milestones: tuple[Milestone, ...]
    since: tuple[Milestone, ...]
    rollouts: tuple[Rollout, ...]
    wikis: Mapping[str, Wiki]
    coverage: Listing
    quarantine: Listing
    developments: tuple[Development, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def name(self) -> str:
        """Such as "2027Q1"."""
        return self.quarter.label

    def with_status(self, word: str) -> tuple[Measure, ...]:
        """The measures whose settled figure of the quarter is "met", "missed" or "unclear"."""
        return tuple(one for one in self.measures if one.is_settled and words.judged(one.standing) == word)

    @property
    def worse(self) -> tuple[Measure, ...]:
        """The measures that clearly got worse since the quarter before."""
        changed = (one for one in self.measures if one.is_settled and one.standing.change_is_clear)
        return tuple(one for one in changed if words.judgement(one.standing) == "worse")

    @property
    def done(self) -> tuple[Step, ...]:
        """What was finished in the quarter."""
        return tuple(one for one in self._steps() if one.done and self.quarter.start <= one.done <= self.quarter.end)

    @property
    def late(self) -> tuple[Step, ...]:
        """What was planned for a day up to the quarter's end, and was done late in it or not at all."""
        return tuple(one for one in self._steps() if one.is_late)

    @property
    def next(self) -> tuple[Step, ...]:
        """What is planned for the next quarter, or was late and is expected in it."""
        start, end = self.following.start, self.following.end
        return tuple(
            one
            for one in self._steps()
            if start <= one.planned <= end
            or (one.is_late and any(d and start <= d <= end for d in (one.done, one.expected)))
        )

    @property
    def started(self) -> tuple[Rollout, ...]:
        """What reached a wiki in the quarter."""
        return tuple(one for one in self.rollouts if one.started >= self.quarter.start)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The definitions behind the numbers, in the order in which they come."""
        used = [*(one.released.metric for one in self.measures), *(one.metric for one in self.tables.values())]
        return tuple({metric.id: metric for metric in used}.values())

    def _steps(self) -> tuple[Step, ...]:
        return tuple(self._step(then, now) for then, now in zip(self.milestones, self.since, strict=True))

    def _step(self, then: Milestone, now: Milestone) -> Step:
        done_late = then.actual is not None and then.actual >= self.quarter.start and then.actual > then.planned
        is_late = then.state == "late" or done_late
        return Step(then.title, then.project, then.planned, now.actual, now.forecast, is_late)
