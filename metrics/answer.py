"""What the one door hands out: released figures, and the plan's own records, frozen.

It touches nothing. A figure that does not exist is None with a state that says why, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd

from metrics.receipt_id import Named, written
from metrics.semantic.model import Audience, Grain, Metric

State = Literal["final", "partial", "maturing", "too_early", "no_data", "withheld"]

STATE_WORDS: Mapping[State, str] = {
    "final": "final",
    "partial": "period not over",
    "maturing": "still maturing",
    "too_early": "too early to say",
    "no_data": "no data",
    "withheld": "withheld",
}


@dataclass(frozen=True)
class Figure:
    """One value of one period and group.

    start, end: first and last day, both included, UTC. label: "2026-W46", "2026-10", "2027Q1", "FY2027" or "all".
    group: one value per dimension of the answer's split, in its order. low, high: 95 % interval where the kind has one.
    n: how many rows (cases, people, blocks) it rests on; numerator, denominator: as far as the reader may see them.
    """

    start: date
    end: date
    label: str
    group: tuple[str, ...]
    value: float | None
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    n: int | None
    state: State

    @property
    def shown(self) -> bool:
        return self.value is not None


@dataclass(frozen=True)
class Released:
    """The answer to one question, after withholding and rounding for `audience`, oldest period first.

    minimum: groups under it are withheld. build: the build it was read from. as_of: the first unknown day.
    """

    metric: Metric
    by: Grain
    split: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    audience: Audience
    figures: tuple[Figure, ...]
    build: str
    as_of: date
    minimum: int
    invented: bool

    @property
    def withheld_count(self) -> int:
        return sum(figure.state == "withheld" for figure in self.figures)

    @property
    def last_final(self) -> Figure | None:
        """The newest figure whose period is over and whose windows have closed."""
        return next((one for one in reversed(self.figures) if one.state == "final" and one.shown), None)

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The groups of the answer, in order of their names."""
        return tuple(sorted({figure.group for figure in self.figures}))

    def of(self, *group: str) -> "Released":
        """The same answer for one group only."""
        kept = tuple(figure for figure in self.figures if figure.group == group)
        return Released(**{**self.__dict__, "figures": kept})

    def receipt(self, figure: Figure) -> str:
        """The ID by which `metrics.query.receipt` tells where one of the figures comes from."""
        end = figure.end if self.by == "total" else None
        split = tuple(zip(self.split, figure.group, strict=True))
        of = (self.metric.id, self.metric.version, self.by, figure.start, end, split, self.where, self.audience)
        return written(Named(*of, self.build, self.as_of))

    def frame(self) -> pd.DataFrame:
        """One row per period and group: metric, period, start, end, the split, value, low, high, ..., state."""
        rows = [
            {
                "metric": self.metric.id,
                "period": one.label,
                "start": pd.Timestamp(one.start),
                "end": pd.Timestamp(one.end),
                **dict(zip(self.split, one.group, strict=True)),
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "n": one.n,
                "state": one.state,
            }
            for one in self.figures
        ]
        columns = ["metric", "period", "start", "end", *self.split]
        numbers = ["value", "low", "high", "numerator", "denominator", "n"]
        frame = pd.DataFrame(rows, columns=[*columns, *numbers, "state"])
        return frame.astype(dict.fromkeys(numbers, "Float64"))


@dataclass(frozen=True)
class ReleasedTable:
    """Counts by period and group with all their totals, of which no withheld one can be worked out from the others.

    figures: by period and then group. A total over the groups has the group (); one over the periods has the label
    "all". What is withheld may itself be great: it then protects a small one, and it is not said which is which.
    """

    metric: Metric
    by: Grain
    split: str
    audience: Audience
    figures: tuple[Figure, ...]
    build: str
    as_of: date
    minimum: int
    invented: bool

    @property
    def withheld_count(self) -> int:
        return sum(figure.state == "withheld" for figure in self.figures)

    def periods(self) -> tuple[str, ...]:
        """The labels of the periods, oldest first, without the total's."""
        return tuple(dict.fromkeys(one.label for one in self.figures if one.label != "all"))

    def groups(self) -> tuple[str, ...]:
        """The members of the dimension, in order of their names."""
        return tuple(dict.fromkeys(name for one in self.figures for name in one.group))

    def at(self, label: str = "all", *group: str) -> Figure:
        """The figure of a period and a group; without one of them, the total. KeyError where there is none."""
        return {(one.label, one.group): one for one in self.figures}[label, group]


@dataclass(frozen=True)
class Listing:
    """Records of the plan or of the build itself: no persons, no figures of metrics. `rows`: column to plain value."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    build: str

    def frame(self) -> pd.DataFrame:
        return pd.DataFrame([dict(row) for row in self.rows], columns=list(self.columns))


@dataclass(frozen=True)
class Build:
    """What a build says of itself."""

    id: str
    as_of: datetime
    program: str
    invented: bool
    fiscal_year_start: int
    week_start: str
