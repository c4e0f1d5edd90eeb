"""Runs a metric over a small mart twice, by the compiled SQL and by the slow reference, and insists that both agree."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa

from metrics import catalog, evaluate, materialise, rollup
from metrics.answer import Figure
from metrics.calendar import Rules, period_of, periods
from metrics.question import Question
from metrics.semantic import plan, reference, sql
from metrics.semantic.model import Grain, Mart, Metric
from metrics.semantic.plan import Pass

RULES = Rules()
Values = dict[str | tuple[str, ...], float]


def values(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    *,
    as_of: datetime,
    by: Grain = "month",
    split: Sequence[str] = (),
    start: date | None = None,
) -> Values:
    """Period (and members) -> value, of the mart that stands in `connection`; what has no value is left out.

    The mart is taken as known from `start` (default: the first day in it) to the day before `as_of`.
    """
    compiled = shown(figures(connection, metric, as_of=as_of, by=by, split=split, start=start), split)
    meant = _meant(connection, metric, as_of, by, split, start)
    assert compiled.keys() == meant.keys(), f"SQL {compiled} and reference {meant} have other periods or groups"
    for key, value in meant.items():
        assert abs(compiled[key] - value) <= 1e-9 * max(1.0, abs(value)), (
            f"{key}: SQL {compiled[key]}, reference {value}"
        )
    return meant  # the reference counts in fractions, so that what is expected can be written as one


def figures(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    *,
    as_of: datetime,
    by: Grain = "month",
    split: Sequence[str] = (),
    start: date | None = None,
) -> list[Figure]:
    """The figures of the compiled SQL, states and intervals included, taken from the mart at once."""
    known = _known(metric, as_of, start or _first(connection, metric, as_of))
    connection.register("meta_calendar", _calendar(as_of))
    rolled = [
        (one, connection.sql(text, params={"as_of": as_of}).to_arrow_table())
        for one, text in _compiled(metric.id, by, tuple(split))
    ]
    connection.unregister("meta_calendar")
    found = rollup.cells(rolled).get((metric.id, by), [])
    frame = materialise.frame_of(metric, catalog.marts(), known, dict.fromkeys(metric.sources, date(2025, 1, 1)))
    return evaluate.figures(metric, by, found, frame, len(split))


def stored(
    connection: duckdb.DuckDBPyConnection, metrics: Mapping[str, Metric], as_of: datetime, start: date
) -> dict[tuple[str, str, str, str, tuple[str, ...]], float | None]:
    """(metric, split, grain, period, members) -> value, by way of `metric_part` and `metric_value`."""
    marts = {
        name: mart for name, mart in catalog.marts().items() if any(name in one.sources for one in metrics.values())
    }
    feeds = {feed for mart in marts.values() for feed in mart.feeds}
    coverage = evaluate.Coverage((start, as_of.date() - timedelta(days=1)))
    build(connection, metrics, marts, materialise.Known(as_of, RULES, dict.fromkeys(feeds, coverage)))
    rows = connection.execute("SELECT metric, split, grain, label, members, value FROM metric_value").fetchall()
    return {
        (metric, split, grain, label, tuple(members)): value for metric, split, grain, label, members, value in rows
    }


def build(
    connection: duckdb.DuckDBPyConnection,
    metrics: Mapping[str, Metric],
    marts: Mapping[str, Mart],
    known: materialise.Known,
    remembered: materialise.Remembered | None = None,
) -> None:
    """Fills `connection`, in which no build is yet, with what one remembers of its metrics."""

    def run(query: str, parameters: Mapping[str, Any]) -> pa.Table:
        named = {name: value for name, value in parameters.items() if f"${name}" in query}
        found = connection.sql(query, params=named or None)
        return pa.table({}) if found is None else found.to_arrow_table()

    materialise.materialise(
        metrics, marts, known, run, lambda name, table: hold_table(connection, name, table), remembered
    )


def hold_table(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Makes the table `name` hold the rows of `table`, whatever it held before."""
    connection.register("incoming", table)
    connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
    connection.unregister("incoming")


def at_once(
    connection: duckdb.DuckDBPyConnection,
    question: Question,
    known: materialise.Known,
    first_days: Mapping[str, date | None],
) -> list[Figure]:
    """The figures of a question by way of its marts, even where parts of them are stored."""
    metric, marts, by = question.metric, question.marts, question.by
    first = None if metric.kind == "stock" else question.start
    days = (first, question.end) if by == "total" else (None, None)
    connection.register("meta_calendar", _days_of(known.as_of, known.rules))
    rolled = []
    for one in plan.adhoc(metric, marts, question.split):
        query = sql.rolled_up(one, question.split, sql.parts(one, question.where), grains=[by], days=days)
        rolled.append((one, connection.sql(sql.text(query), params={"as_of": known.as_of}).to_arrow_table()))
    connection.unregister("meta_calendar")
    frame = materialise.frame_of(metric, marts, known, first_days)
    frame = evaluate.narrowed(frame, question.members, question.start, question.end)
    return evaluate.figures(metric, by, rollup.cells(rolled).get((metric.id, by), []), frame, len(question.split))


@cache
def _days_of(as_of: datetime, rules: Rules) -> pa.Table:
    """The calendar of four months."""
    return materialise.calendar(as_of.date() - timedelta(days=120), materialise.Known(as_of, rules, {}))


@cache
def _compiled(name: str, by: Grain, split: tuple[str, ...]) -> list[tuple[Pass, str]]:
    passes = plan.adhoc(catalog.definitions()[name], catalog.marts(), split)
    return [(one, sql.text(sql.rolled_up(one, split, sql.parts(one), grains=[by]))) for one in passes]


@cache
def _calendar(as_of: datetime) -> pa.Table:
    return materialise.calendar(date(2025, 1, 1), materialise.Known(as_of, RULES, {}))


def _known(metric: Metric, as_of: datetime, first: date) -> materialise.Known:
    coverage = evaluate.Coverage((first, as_of.date() - timedelta(days=1)))
    return materialise.Known(as_of, RULES, dict.fromkeys(metric.feeds(catalog.marts()), coverage))


def shown(found: Sequence[Figure], split: Sequence[str] = ()) -> Values:
    return {(one.label, *one.group) if split else one.label: one.value for one in found if one.value is not None}


def _meant(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    as_of: datetime,
    by: Grain,
    split: Sequence[str],
    start: date | None,
) -> Values:
    rows, *exposure = [_rows(connection, mart) for mart in metric.sources]
    first = start or _first(connection, metric, as_of)
    labels = [one.label for one in periods(first, as_of.date() - timedelta(days=1), by, RULES)]
    found = reference.values(
        metric,
        rows,
        exposure=exposure[0] if exposure else None,
        as_of=as_of,
        name=lambda day: "all" if by == "total" else period_of(day, by, RULES).label,
        labels=labels,
        split=split,
    )
    return {key: value for key, value in found.items() if (key[0] if split else key) in labels}


def _rows(connection: duckdb.DuckDBPyConnection, mart: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"SELECT * FROM {mart}")
    names = [one[0] for one in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _first(connection: duckdb.DuckDBPyConnection, metric: Metric, as_of: datetime) -> date:
    row = connection.execute(f"SELECT MIN({metric.at}) FROM {metric.source}").fetchall()[0][0]
    return as_of.date() - timedelta(days=1) if row is None else min(row, as_of - timedelta(days=1)).date()
