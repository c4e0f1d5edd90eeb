"""Computes what a build remembers of its metrics: `metric_part`, the calendar, `metric_value` and `meta_metric`.

It knows no database: the build hands in how a query is run and how a table is stored.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
MART = pa.schema([("mart", pa.string()), ("first_on", pa.date32()), ("rows_from", pa.date32())])
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
FORGET = "DELETE FROM metric_part USING _limit AS l WHERE metric_part.metric = l.metric AND metric_part.day < l.day"
REMEMBER = (
    "INSERT INTO metric_part SELECT r.* FROM _remembered AS r JOIN _limit AS l USING (metric) "
    "WHERE l.is_usable AND r.day < l.day"
)
FIRST_DAYS = "SELECT metric, part, MIN(day) AS day FROM metric_part GROUP BY metric, part"


@dataclass(frozen=True)
class Known:
    """What the build knows when its metrics are computed. coverage: by feed, where it has events.

    known_from: metrics of which the days before are lost: their rows were deleted, and their definition changed since.
    """

    as_of: datetime
    rules: Rules
    coverage: Mapping[str, evaluate.Coverage]
    known_from: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Remembered:
    """Parts of days whose raw rows were deleted. rows_from: mart to the first day that still has rows.

    parts: as in `metric_part`. definitions: metric to the digest by which they were made, and the day before which
    there are none.
    """

    rows_from: Mapping[str, date]
    definitions: Mapping[str, tuple[str, date | None]]
    parts: pa.Table


def materialise(
    metrics: Mapping[str, Metric],
    marts: Mapping[str, Mart],
    known: Known,
    run: Run,
    store: Store,
    remembered: Remembered | None = None,
) -> None:
    """Fills `metric_part` in one pass per mart and dimension set, and rolls every stored value up from it."""
    run(NEW_PART, {})
    filled = _filled({mart for metric in metrics.values() for mart in metric.sources}, run)
    for one in plan.passes([metric for metric in metrics.values() if filled.intersection(metric.sources)], marts):
        run(sql.text(exp.insert(sql.parts(one), PART)), {"as_of": known.as_of})
    if remembered:
        known = replace(known, known_from=_remember(metrics, remembered, run, store))
    first_days = _first_days(run(FIRST_DAYS, {}), metrics)
    store("meta_calendar", calendar(min(first_days.values(), default=known.as_of.date()), known))
    store("metric_value", _values(metrics, marts, known, first_days, run))
    store("meta_metric", _meta(metrics, known))
    from_days = [remembered.rows_from.get(mart) if remembered else None for mart in first_days]
    store("meta_mart", pa.table([list(first_days), list(first_days.values()), from_days], schema=MART))


def _remember(metrics: Mapping[str, Metric], remembered: Remembered, run: Run, store: Store) -> Mapping[str, date]:
    """Puts remembered parts in place of what the rows that are left say of those days.

    A metric whose definition changed since, or is new, has nothing of them: they cannot be counted any more. Such
    metrics, with the first day that can.
    """
    limits, known_from = dict[str, date](), dict[str, date]()
    for name, metric in metrics.items():
        rows_from = metric.latest(remembered.rows_from)
        if rows_from:
            digest, before = remembered.definitions.get(name, ("", None))
            is_same = digest == catalog.digest(metric)
            limits[name] = rows_from
            if before or not is_same:
                known_from[name] = before if before and is_same else rows_from
    days = pa.array(limits.values(), pa.date32())
    usable = [name not in known_from or known_from[name] < day for name, day in limits.items()]
    store(
        "_limit",
        pa.table({"metric": pa.array(limits, pa.string()), "day": days, "is_usable": pa.array(usable, pa.bool_())}),
    )
    store("_remembered", remembered.parts)
    for step in (FORGET, REMEMBER, "DROP TABLE _limit", "DROP TABLE _remembered"):
        run(step, {})
    return known_from


def _filled(marts: Collection[str], run: Run) -> set[str]:
    """The marts that have any row: of the others there are no parts."""
    one = exp.select(exp.alias_(exp.Literal.number(1), "one"))
    return {mart for mart in marts if run(sql.text(one.from_(exp.table_(mart)).limit(1)), {}).num_rows}


def _first_days(days: pa.Table, metrics: Mapping[str, Metric]) -> dict[str, date]:
    """Mart -> the first day on which anything of it counted, from FIRST_DAYS."""
    found: dict[str, date] = {}
    for name, part, day in zip(*(days.column(one).to_pylist() for one in ("metric", "part", "day")), strict=True):
        mart = metrics[name].source_of(part)
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


def frame_of(
    metric: Metric, marts: Mapping[str, Mart], known: Known, first_days: Mapping[str, date | None]
) -> evaluate.Frame:
    """The frame of one metric: the days of which something is known in all of its marts.

    first_days: mart to the first day on which anything of it counted; None, or not there, where nothing ever was.
    """
    covered = [_coverage_of(marts[name], known, first_days.get(name)) for name in metric.sources]
    frame = evaluate.Frame(known.as_of.date(), known.rules, evaluate.common(covered))
    return evaluate.from_day(frame, known.known_from[metric.id]) if metric.id in known.known_from else frame


def _coverage_of(mart: Mart, known: Known, first_day: date | None) -> evaluate.Coverage:
    """What any of the mart's feeds covers, else from its first day to the last known one.

    Where nothing of the mart was ever seen, nothing is known of it, whatever its feed covers: a log that was exported
    without its thanks does not say that nobody was thanked.
    """
    as_of = known.as_of.date()
    covered = [known.coverage[feed] for feed in mart.feeds if feed in known.coverage and first_day is not None]
    return evaluate.merged(covered) if covered else evaluate.Coverage((first_day or as_of, as_of - timedelta(days=1)))


def _values(
    metrics: Mapping[str, Metric], marts: Mapping[str, Mart], known: Known, first_days: Mapping[str, date], run: Run
) -> pa.Table:
    columns: list[list[Any]] = [[] for _ in VALUE]
    for mart in sorted({metric.source for metric in metrics.values()}):
        here = {name: metric for name, metric in metrics.items() if metric.source == mart}
        for split in ((), *((name,) for name in marts[mart].dimensions)):
            concerned = [metric for metric in here.values() if set(split) <= set(metric.dimensions)]
            for row in _split_values(concerned, marts, split, known, first_days, run):
                for column, value in zip(columns, row, strict=True):
                    column.append(value)
    return pa.table(columns, schema=VALUE)


def _split_values(
    metrics: Sequence[Metric],
    marts: Mapping[str, Mart],
    split: tuple[str, ...],
    known: Known,
    first_days: Mapping[str, date],
    run: Run,
) -> Iterator[tuple[Any, ...]]:
    counted = [name for name in dict.fromkeys(mart for one in metrics for mart in one.sources) if name in first_days]
    found = evaluate.joined([_cells_of(metrics, marts[name], split, run) for name in counted])
    for metric in metrics:
        frame = frame_of(metric, marts, known, first_days)
        for grain in metric.grains:
            for one in evaluate.figures(metric, grain, found.get((metric.id, grain), {}), frame, len(split)):
                yield (
                    metric.id, ",".join(split), list(one.group), grain, one.start, one.end, one.label,
                    one.value, one.low, one.high, one.numerator, one.denominator, one.n, one.state,
                )  # fmt: skip


def _cells_of(metrics: Sequence[Metric], mart: Mart, split: tuple[str, ...], run: Run) -> evaluate.Cells:
    """What is counted in one mart of these metrics, rolled up; nothing where no stored set covers the split."""
    stored = plan.stored_split(mart, split)
    if stored is None:
        return {}
    here = [one.id for one in metrics if mart.name in one.sources]
    query = sql.rolled_up(PART, [stored.index(name) for name in split], split=",".join(stored), metrics=here)
    return evaluate.cells(run(sql.text(query), {}))


def _meta(metrics: Mapping[str, Metric], known: Known) -> pa.Table:
    return pa.table(
        {
            "metric": list(metrics),
            "version": [metric.version for metric in metrics.values()],
            "digest": [catalog.digest(metric) for metric in metrics.values()],
            "known_from": pa.array([known.known_from.get(name) for name in metrics], pa.date32()),
        }
    )
