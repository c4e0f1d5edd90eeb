"""What the one door hands out: released figures, and the plan's own records, frozen.

It touches nothing. A figure that does not exist is None with a state that says why, never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import pandas as pd
import pyarrow as pa

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
NUMBERS: Final = ("value", "low", "high", "numerator", "denominator")


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
        """One row per period and group: metric, period, start, end, the split, value, low, high, ..., state.

        numerator, denominator and n are as far as the reader may see them; what is not known or withheld is missing.
        """
        return _frame(self.arrow())

    def arrow(self) -> pa.Table:
        """The same rows for other programs: days as date32, values as float64, n as int64; what is missing is null."""
        return _arrow(self.metric, self.split, self.figures)


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

    def frame(self) -> pd.DataFrame:
        """One row per figure, as of `Released`. A total over the groups has no group; one over periods is "all"."""
        return _frame(self.arrow())

    def arrow(self) -> pa.Table:
        """The same rows for other programs, as of `Released`."""
        return _arrow(self.metric, (self.split,), self.figures)


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


def _arrow(metric: Metric, split: Sequence[str], figures: Sequence[Figure]) -> pa.Table:
    """One row per figure; its schema is complete where there is none."""
    columns: dict[str, list[Any]] = {"metric": [metric.id for _ in figures], "period": [one.label for one in figures]}
    columns |= {name: [getattr(one, name) for one in figures] for name in ("start", "end", *NUMBERS, "n", "state")}
    for at, name in enumerate(split):
        columns[name] = [one.group[at] if one.group else None for one in figures]  # the total of a table is of no group
    text, day, number = pa.string(), pa.date32(), pa.float64()
    leading = [("metric", text), ("period", text), ("start", day), ("end", day), *((name, text) for name in split)]
    schema = pa.schema([*leading, *((name, number) for name in NUMBERS), ("n", pa.int64()), ("state", text)])
    return pa.table(columns, schema)


def _frame(table: pa.Table) -> pd.DataFrame:
    """The same rows with types in which a number can be missing."""
    frame: pd.DataFrame = table.to_pandas(
        types_mapper={pa.float64(): pd.Float64Dtype(), pa.int64(): pd.Int64Dtype()}.get
    )
    return frame.astype({"start": "datetime64[s]", "end": "datetime64[s]"})
