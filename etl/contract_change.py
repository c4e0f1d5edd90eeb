"""Says what a new version of a contract would break: models that read what is gone, and the metrics that rest on them.

It reads two contract files, the models' text and the definitions; nothing is run.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from data_contracts import diff
from data_contracts.load import read_contract
from etl.warehouse import order
from metrics import catalog
from metrics.semantic.model import Metric


@dataclass(frozen=True)
class Broken:
    """A change, the models that read the column, and the metrics that cannot be had, or may differ, after it."""

    change: diff.Change
    models: tuple[str, ...]
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Two versions of a contract. wanted: the version that the new one has to have."""

    contract: str
    old: str
    new: str
    wanted: str
    changes: tuple[Broken, ...]

    @property
    def breaks(self) -> bool:
        return any(one.change.is_breaking and (one.models or one.metrics) for one in self.changes)

    def as_json(self) -> Mapping[str, Any]:
        """For programs."""
        changes = [
            {**vars(one.change), "breaking": one.change.is_breaking, "models": one.models, "metrics": one.metrics}
            for one in self.changes
        ]
        return {**vars(self), "changes": changes, "breaks": self.breaks}


def compare(old: Path, new: Path) -> Comparison:
    """Two contract files; FeedFault where one of them cannot be read."""
    before, after = read_contract(old), read_contract(new)
    found = diff.changes(before, after)
    return Comparison(
        after[0].contract,
        before[0].version,
        after[0].version,
        diff.wanted_version(before[0].version, found),
        tuple(_broken(change) for change in found),
    )


def _broken(change: diff.Change) -> Broken:
    models = order.models()
    reading = [model.name for model in models if _reads(model, change)]
    reached = _downstream(reading, models)
    metrics = [one.id for one in catalog.definitions().values() if _rests_on(one, change, reached)]
    return Broken(change, tuple(reading), tuple(sorted(metrics)))


def _reads(model: order.Model, change: diff.Change) -> bool:
    """Whether the model's text names the column of the table, or takes all of them."""
    if change.kind == "new" or change.table not in model.sources:
        return False
    if change.column is None:
        return True
    return change.column in columns_read(model.sql, change.table)


def columns_read(sql: str, table: str) -> set[str]:
    """The columns of a table that a SELECT names; through a star or without a prefix, any name may be one of them."""
    found: set[str] = set()
    for scope in traverse_scope(sqlglot.parse_one(sql, dialect="duckdb")):
        here = [
            name for name, source in scope.sources.items() if isinstance(source, exp.Table) and source.name == table
        ]
        if not here:
            continue
        if scope.expression.find(exp.Star):
            found |= {one.name for one in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Column)}
        found |= {one.name for one in scope.columns if one.table in ("", *here)}
    return found


def _downstream(reading: Collection[str], models: Collection[order.Model]) -> set[str]:
    """These models and all that are made from them; `models` stand in the order of their making."""
    reached = set(reading)
    for model in models:
        if reached & set(model.sources):
            reached.add(model.name)
    return reached


def _rests_on(metric: Metric, change: diff.Change, reached: Collection[str]) -> bool:
    if change.kind == "new":
        return False
    if change.table in metric.sources:
        return change.column is None or change.column in _columns_of(metric, change.table)
    return any(mart in reached for mart in metric.sources)


def _columns_of(metric: Metric, mart: str) -> set[str]:
    """The columns of one of its marts that a definition names."""
    found = set(metric.dimensions)
    for measure in metric.measures:
        if (measure.source or metric.source) == mart:
            found |= {
                measure.at or metric.at,
                measure.column,
                measure.observed or "",
                measure.until or "",
                measure.stratum or "",
                measure.population or "",
            }
            if measure.where:
                found |= {one.name for one in sqlglot.parse_one(measure.where, dialect="duckdb").find_all(exp.Column)}
    return found
