"""A spec is one file per metric: small tables in, the meaning out, by SQL and by reference alike."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import duckdb
import pytest

from metrics import catalog
from metrics.answer import Figure
from metrics.semantic.model import Grain, Metric
from tests import engine
from tests.tables import raw

Spec = Callable[..., dict[Any, float]]
States = Callable[..., dict[str, str]]
Figures = Callable[..., dict[str, Figure]]


@pytest.fixture
def mart() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    yield connection
    connection.close()


def _fill(mart: duckdb.DuckDBPyConnection, metric: Metric, *tables: str) -> None:
    for name, table in zip(metric.sources, tables, strict=False):  # most metrics have one mart
        raw(mart, name, table)


@pytest.fixture
def spec(request: pytest.FixtureRequest, mart: duckdb.DuckDBPyConnection) -> Spec:
    """`spec(table, as_of=...)` -> {period: value} of the metric whose id is the file's name: test_<id>.py.

    exposure: of a rate, the table of the mart that stands below its line.
    """
    metric = catalog.definitions()[request.path.stem.removeprefix("test_")]

    def run(
        table: str,
        *,
        as_of: str,
        exposure: str = "",
        by: Grain = "month",
        split: tuple[str, ...] = (),
        start: str | None = None,
    ) -> dict[Any, float]:
        _fill(mart, metric, table, exposure)
        return engine.values(
            mart,
            metric,
            as_of=datetime.fromisoformat(as_of),
            by=by,
            split=split,
            start=datetime.fromisoformat(start).date() if start else None,
        )

    return run


@pytest.fixture
def figures(request: pytest.FixtureRequest, mart: duckdb.DuckDBPyConnection) -> Figures:
    """`figures(table, as_of=...)` -> {period: figure} with interval, n and state, by the compiled SQL."""
    metric = catalog.definitions()[request.path.stem.removeprefix("test_")]

    def run(
        table: str, *, as_of: str, exposure: str = "", by: Grain = "month", start: str | None = None
    ) -> dict[str, Figure]:
        _fill(mart, metric, table, exposure)
        first = datetime.fromisoformat(start).date() if start else None
        found = engine.figures(mart, metric, as_of=datetime.fromisoformat(as_of), by=by, start=first)
        return {one.label: one for one in found}

    return run


@pytest.fixture
def states(figures: Figures) -> States:
    """`states(table, as_of=...)` -> {period: state}, by the compiled SQL."""

    def run(table: str, **asked: Any) -> dict[str, str]:
        return {label: one.state for label, one in figures(table, **asked).items()}

    return run
