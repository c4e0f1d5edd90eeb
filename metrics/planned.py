"""How a build counts a metric, told: its passes and who shares them, its parts, and what was carried over.

It touches nothing; `metrics.query` hands in what the build says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from metrics.semantic import sql
from metrics.semantic.model import Metric
from metrics.semantic.plan import Pass


@dataclass(frozen=True)
class Made:
    """How a build made a column: counted on all days, or carried over but for days from one on and some before it."""

    table_name: str
    column_name: str
    digest: str | None
    is_carried_over: bool
    anew_from: date | None
    other_days_anew: int


@dataclass(frozen=True)
class PlannedPart:
    """One additive number by day and members. text: its SQL. made: None where no build has it."""

    name: str
    text: str
    made: Made | None


@dataclass(frozen=True)
class PlannedPass:
    """One scan of a mart. split: dimensions told apart together. at, stratum: columns whose values are kept as places.

    shared_with: the other metrics that it serves.
    """

    table: str
    mart: str
    day: str
    split: tuple[str, ...]
    at: str | None
    stratum: str | None
    parts: tuple[PlannedPart, ...]
    shared_with: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The passes of a metric. Stored values are summed from them by period and by one dimension at most.

    from_parts: sets of dimensions of which any combination is summed from stored parts when it is asked for; what
    combines them is counted in the marts.
    """

    metric: Metric
    passes: tuple[PlannedPass, ...]

    @property
    def from_parts(self) -> tuple[tuple[str, ...], ...]:
        wanted = (tuple(name for name in one.split if name in self.metric.dimensions) for one in self.passes)
        return tuple(dict.fromkeys(split for split in wanted if split))


def plan(metric: Metric, passes: Iterable[Pass], made: Mapping[tuple[str, str], Made]) -> Plan:
    """The passes that a metric has a part in, as a build runs them. made: what the build says of their columns."""
    mine = [one for one in passes if any(part.metric.id == metric.id for part in one.parts)]
    return Plan(metric, tuple(_pass(metric, one, made) for one in mine))


def _pass(metric: Metric, one: Pass, made: Mapping[tuple[str, str], Made]) -> PlannedPass:
    own = one.only({metric.id})
    texts = [column.this.sql("duckdb") for column in sql.parts(own).selects[len(one.keys) :]]
    parts = tuple(
        PlannedPart(part.name, text, made.get((one.table, part.column)))
        for part, text in zip(own.parts, texts, strict=True)
    )
    others = sorted({part.metric.id for part in one.parts} - {metric.id})
    return PlannedPass(one.table, one.mart.name, one.day, one.split, one.at, one.stratum, parts, tuple(others))
