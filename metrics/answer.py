"""What the one door hands out: released figures, and the plan's own records, frozen.

It touches nothing. A figure that does not exist is None with a state that says why, never 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

import pandas as pd
import pyarrow as pa

from data_contracts.faults import DefinitionFault
from metrics.figure import STATE_WORDS as STATE_WORDS  # handed out with the figures that are in it
from metrics.figure import Figure as Figure
from metrics.figure import State as State
from metrics.reason import Reason
from metrics.receipt_id import Named, written
from metrics.semantic.model import Audience, Grain, Metric

NUMBERS: Final = ("value", "low", "high", "numerator", "denominator")


class Explains(Protocol):
    """What answers the question why an answer moved: the door that gave it."""

    def __call__(self, answer: "Released", split: Sequence[str] | None, period: str | None, against: str) -> Reason: ...


@dataclass(frozen=True)
class Released:
    """The answer to one question, after withholding and rounding for `audience`, oldest period first.

    minimum: groups under it are withheld. build: the build it was read from. as_of: the first unknown day.
    awaited: wikis of which less is known than of others, with the last day of each (None: no day), where figures are of
    all wikis: those of later days are not settled. explains: the door that gave it, for `explain`; not what it says.
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
    awaited: tuple[tuple[str, date | None], ...] = ()
    explains: Explains | None = field(default=None, repr=False, compare=False)

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

    def explain(
        self, split: str | Sequence[str] | None = None, *, period: str | None = None, against: str = "before"
    ) -> Reason:
        """Why it moved: the change between two settled periods, by the groups of a dimension or of several.

        The same door is asked for the same reader. Of ratios and means: how much is mix, how much the groups' own
        change; of amounts: what each group adds; of all else: groups side by side. split: else that of the answer, else
        the metric's first dimension. period: the label of the later period, else the newest settled one. against:
        "before" (the settled one before it), "year_before", or the label of an earlier period.
        Raises DefinitionFault for a dimension that the metric does not have and for a period that the answer does not
        have; NoBuild where another build has come into force since.
        """
        if self.explains is None:
            found = "it was not given by the door, so there is nobody to ask for its parts"
            raise DefinitionFault(f"explain() of {self.metric.id}", found, "an answer of ask()", "Ask, then explain.")
        return self.explains(self, (split,) if isinstance(split, str) else split, period, against)

    def frame(self) -> pd.DataFrame:
        """One row per period and group: metric, period, start, end, the split, value, low, high, ..., state, error.

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
    names = ("start", "end", *NUMBERS, "n", "state", "error")
    columns |= {name: [getattr(one, name) for one in figures] for name in names}
    for at, name in enumerate(split):
        columns[name] = [one.group[at] if one.group else None for one in figures]  # the total of a table is of no group
    text, day, number = pa.string(), pa.date32(), pa.float64()
    leading = [("metric", text), ("period", text), ("start", day), ("end", day), *((name, text) for name in split)]
    numbers, others = [(name, number) for name in NUMBERS], [("n", pa.int64()), ("state", text), ("error", number)]
    return pa.table(columns, pa.schema([*leading, *numbers, *others]))


def _frame(table: pa.Table) -> pd.DataFrame:
    """The same rows with types in which a number can be missing."""
    frame: pd.DataFrame = table.to_pandas(
        types_mapper={pa.float64(): pd.Float64Dtype(), pa.int64(): pd.Int64Dtype()}.get
    )
    return frame.astype({"start": "datetime64[s]", "end": "datetime64[s]"})
