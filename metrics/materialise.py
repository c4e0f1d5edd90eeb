"""Computes what a build remembers of its metrics: `metric_part`, the calendar, `metric_value` and `meta_metric`.

It knows no database: the build hands in how a query is run and how a table is stored.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlglot import exp

from metrics import catalog, evaluate
from metrics.calendar import Rules, periods
from metrics.semantic import plan, sql
from metrics.semantic.model import GRAINS, Mart, Metric

Run = Callable[[str, Mapping[str, Any]], pa.Table]
Store = Callable[[str, pa.Table], None]

PART = exp.table_("metric_part")
CALENDAR = pa.schema([("grain", pa.string()), ("day", pa.date32()), ("starts_on", pa.date32()), ("label", pa.string())])
MART = pa.schema([("mart", pa.string()), ("first_on", pa.date32())])
VALUE = pa.schema(
    [
        ("metric", pa.string()),
        ("split", pa.string()),
        ("members", pa.list_(pa.string())),
        ("grain", pa.string()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("label", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("numerator", pa.float64()),
        ("denominator", pa.float64()),
        ("n", pa.int64()),
        ("state", pa.string()),
    ]
)
NEW_PART = (
    "CREATE TABLE metric_part (metric VARCHAR, split VARCHAR, members VARCHAR[], day DATE, part VARCHAR, "
    '"at" DOUBLE, stratum VARCHAR, value DOUBLE)'
)
FIRST_DAYS = "SELECT metric, MIN(day) AS day FROM metric_part GROUP BY metric"


@dataclass(frozen=True)
class Known:
    """What the build knows when its metrics are computed. coverage: by feed, where it has events."""

    as_of: datetime
    rules: Rules
    coverage: Mapping[str, evaluate.Coverage]


def materialise(metrics: Mapping[str, Metric], marts: Mapping[str, Mart], known: Known, run: Run, store: Store) -> None:
    """Fills `metric_part` in one pass per mart and dimension set, and rolls every stored value up from it."""
    run(NEW_PART, {})
    for one in plan.passes(metrics.values(), marts):
        run(sql.text(exp.insert(sql.parts(one), PART)), {"as_of": known.as_of})
    first_days = _first_days(run(FIRST_DAYS, {}), metrics)
    store("meta_calendar", calendar(min(first_days.values(), default=known.as_of.date()), known))
    store("metric_value", _values(metrics, marts, known, first_days, run))
    store("meta_metric", _meta(metrics))
    store("meta_mart", pa.table([list(first_days), list(first_days.values())], schema=MART))


def _first_days(days: pa.Table, metrics: Mapping[str, Metric]) -> dict[str, date]:
    """Mart -> the first day on which anything of it counted, from FIRST_DAYS."""
    found: dict[str, date] = {}
    for name, day in zip(*(days.column(column).to_pylist() for column in ("metric", "day")), strict=True):
        mart = metrics[name].source
        found[mart] = min(day, found.get(mart, day))
    return found


def calendar(first: date, known: Known) -> pa.Table:
    """Every day from the first of the week, month, quarter or year of `first`, by grain, with its period."""
    rows = []
    last = known.as_of.date() - timedelta(days=1)
    for grain in GRAINS:
        for period in periods(first, last, grain, known.rules):
            day = period.start
            while day <= period.end:
                rows.append((grain, day, period.start, period.label))
                day += timedelta(days=1)
    return pa.table([list(column) for column in zip(*rows, strict=True)] or [[]] * 4, schema=CALENDAR)


def frame_of(metric: Metric, mart: Mart, known: Known, first_day: date | None) -> evaluate.Frame:
    """The frame of one metric: its feeds' coverage, else from the first day of its mart to the last known one.

    first_day: None where nothing of the mart was ever seen. Then nothing is known of it, whatever its feed covers: a
    log that was exported without its thanks does not say that nobody was thanked.
    """
    as_of = known.as_of.date()
    covered = [known.coverage[feed] for feed in mart.feeds if feed in known.coverage and first_day is not None]
    coverage = covered[0] if covered else evaluate.Coverage((first_day or as_of, as_of - timedelta(days=1)))
    return evaluate.Frame(as_of, known.rules, coverage)


def _values(
    metrics: Mapping[str, Metric], marts: Mapping[str, Mart], known: Known, first_days: Mapping[str, date], run: Run
) -> pa.Table:
    columns: list[list[Any]] = [[] for _ in VALUE]
    for mart in sorted({metric.source for metric in metrics.values()}):
        here = {name: metric for name, metric in metrics.items() if metric.source == mart}
        for split in ((), *((name,) for name in marts[mart].dimensions)):
            concerned = [metric for metric in here.values() if set(split) <= set(metric.dimensions)]
            for row in _split_values(concerned, marts[mart], split, known, first_days, run):
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
    return pa.table(columns, schema=VALUE)


def _split_values(
    metrics: Sequence[Metric],
    mart: Mart,
    split: tuple[str, ...],
    known: Known,
    first_days: Mapping[str, date],
    run: Run,
) -> Iterator[tuple[Any, ...]]:
    stored = plan.stored_split(mart, split)
    if not metrics or stored is None:
        return
    query = sql.rolled_up(
        PART, [stored.index(name) for name in split], split=",".join(stored), metrics=[one.id for one in metrics]
    )
    found = evaluate.cells(run(sql.text(query), {}))
    for metric in metrics:
        frame = frame_of(metric, mart, known, first_days.get(mart.name))
        for grain in metric.grains:
            for one in evaluate.figures(metric, grain, found.get((metric.id, grain), {}), frame, len(split)):
                yield (
                    metric.id, ",".join(split), list(one.group), grain, one.start, one.end, one.label,
                    one.value, one.low, one.high, one.numerator, one.denominator, one.n, one.state,
                )  # fmt: skip


def _meta(metrics: Mapping[str, Metric]) -> pa.Table:
    return pa.table(
        {
            "metric": list(metrics),
            "version": [metric.version for metric in metrics.values()],
            "digest": [catalog.digest(metric) for metric in metrics.values()],
        }
    )
