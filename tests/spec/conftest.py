"""A spec is one file per metric: small tables in, the meaning out, by SQL and by reference alike."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import duckdb
import pytest

from metrics import catalog
from metrics.answer import Figure
from metrics.semantic.model import Grain
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


@pytest.fixture
def spec(request: pytest.FixtureRequest, mart: duckdb.DuckDBPyConnection) -> Spec:
    """`spec(table, as_of=...)` -> {period: value} of the metric whose id is the file's name: test_<id>.py."""
    metric = catalog.definitions()[request.path.stem.removeprefix("test_")]

    def run(
        table: str, *, as_of: str, by: Grain = "month", split: tuple[str, ...] = (), start: str | None = None
    ) -> dict[Any, float]:
        raw(mart, metric.source, table)
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

    def run(table: str, *, as_of: str, by: Grain = "month", start: str | None = None) -> dict[str, Figure]:
        raw(mart, metric.source, table)
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
