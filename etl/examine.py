"""Looks over an instance without building it: settings, corrections, contracts, models, definitions, the last build.

It changes nothing; what cannot be read is raised as the fault it is.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from data_contracts import load as contracts
from data_contracts.rules import rules
from etl import pipeline
from etl.warehouse import correct, order
from etl.warehouse.connect import LOCKED_DOWN, current
from metrics import catalog
from metrics.workbench import care


@dataclass(frozen=True)
class Examination:
    """What stands well, in numbers, and what somebody should look at. overdue: metric and the day of its review."""

    program: str
    feeds: tuple[str, ...]
    contracts: int
    rules: int
    models: int
    metrics: int
    overdue: tuple[tuple[str, date], ...]
    build: str | None
    broken: tuple[str, ...]

    def as_json(self) -> Mapping[str, Any]:
        """For programs: plain values, days as ISO text."""
        return {**asdict(self), "overdue": [[metric, day.isoformat()] for metric, day in self.overdue]}


def examine(home: Path, today: date) -> Examination:
    """All of it is read; raises the first room's faults, all of one file at once."""
    program = pipeline.settings(home)
    correct.read(home, contracts.tables("sources"))
    tables = [table for room in ("sources", "core", "marts") for table in contracts.tables(room).values()]
    definitions = catalog.definitions()
    said = current(home)
    return Examination(
        program=program.program,
        feeds=tuple(program.chosen()),
        contracts=len({table.path for table in tables}),
        rules=sum(len(rules(table)) for table in tables),
        models=len(order.models()),
        metrics=len(definitions),
        overdue=care.overdue(definitions, today),
        build=str(said["build"]) if said else None,
        broken=_broken(home / said["file"]) if said else (),
    )


def _broken(path: Path) -> tuple[str, ...]:
    # As readers open it: in one process a file has one set of settings.
    with duckdb.connect(str(path), read_only=True, config=LOCKED_DOWN) as build:
        rows = build.execute(
            "SELECT table_name || ': ' || breaking_count || ' x ' || says FROM meta_check WHERE NOT passed ORDER BY ALL"
        ).fetchall()
    return tuple(line for (line,) in rows)
