"""Computes what a build remembers of its metrics: the tables of passes, the calendar, `metric_value`, `meta_metric`.

It knows no database: the build hands in how a query is run and how a table is stored.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from metrics import catalog, coverage, evaluate, rollup
from metrics.calendar import Rules, periods
from metrics.carried import Before, Counting
from metrics.coverage import Coverage
from metrics.lots import Lot, Wikis, rolled_up
from metrics.semantic import carry, plan, sql
from metrics.semantic.model import GRAINS, WIKI, Grain, Mart, Metric
from metrics.semantic.plan import Pass
from metrics.standing import STANDS, FrameOf, Rest, Standing

Run = Callable[[str, Mapping[str, Any]], pa.Table]
Store = Callable[[str, pa.Table], None]

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
        ("error", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Known:
    """What the build knows when its metrics are computed. coverage: by feed, where it has events.

    known_from: metrics of which the days before are lost: their rows were deleted, and their definition changed since.
    """

    as_of: datetime
    rules: Rules
    coverage: Mapping[str, Coverage]
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
    before: Before | None = None,
) -> None:
    """Fills the tables of all passes, by scans or from the build before, and rolls every stored value up from them."""
    passes = plan.passes(metrics.values(), marts)
    counted = Counting(known.as_of, run, before).count(passes)
    store("meta_part", counted.made)
    if remembered:
        known = replace(known, known_from=_known_from(metrics, remembered))
        _remember(passes, known, remembered, run, store)
    found = {one.table: _first_day(one, run) for one in passes}
    filled = tuple(one for one in passes if found[one.table])
    run(sql.text(sql.created("metric_part", sql.union([sql.told_apart(one) for one in filled or passes]), "VIEW")), {})
    first_days = _first_days(filled, found)
    store("meta_calendar", calendar(min(first_days.values(), default=known.as_of.date()), known))
    frames, standing = partial(frame_of, marts=marts, known=known, first_days=first_days), None
    if before and before.rules and known.as_of.time() == before.as_of.time() == time.min:  # a day begun is in no total
        same, then = _same(metrics, before, remembered, run), _frames_of(before, marts, run)
        last = (known.as_of - timedelta.resolution).date()
        standing = Standing(before.schema, last, passes, counted.anew, same, then, frames, run)
    _store_values(_values(filled, metrics, marts, known, frames, run, standing), before, run, store)
    store("meta_metric", _meta(metrics, known))
    from_days = [remembered.rows_from.get(mart) if remembered else None for mart in first_days]
    store("meta_mart", pa.table([list(first_days), list(first_days.values()), from_days], schema=MART))


def _known_from(metrics: Mapping[str, Metric], remembered: Remembered) -> Mapping[str, date]:
    """Metrics of which nothing is known before a day, since their rows are gone and they changed, or are new, since."""
    found = dict[str, date]()
    for name, metric in metrics.items():
        rows_from = metric.latest(remembered.rows_from)
        if rows_from:
            digest, before = remembered.definitions.get(name, ("", None))
            is_same = digest == catalog.digest(metric)
            if before or not is_same:
                found[name] = before if before and is_same else rows_from
    return found


def _remember(passes: Sequence[Pass], known: Known, remembered: Remembered, run: Run, store: Store) -> None:
    """Puts remembered parts in place of what the rows that are left say of those days.

    A metric whose definition changed since, or is new, has nothing of them: they cannot be counted any more.
    """
    store("_remembered", remembered.parts)
    for one in passes:
        rows_from = remembered.rows_from.get(one.mart.name)
        if rows_from:
            lost = {name for name, day in known.known_from.items() if day >= rows_from}
            kept = one.only({part.metric.id for part in one.parts} - lost)
            for statement in carry.remembered(one, kept, "_remembered"):
                run(sql.text(statement), {"before": rows_from})
    run("DROP TABLE _remembered", {})


def _first_day(one: Pass, run: Run) -> date | None:
    day: date | None = run(sql.text(sql.first_day(one)), {}).column(0).to_pylist()[0]
    return day


def _first_days(passes: Iterable[Pass], found: Mapping[str, date | None]) -> dict[str, date]:
    """Mart -> the first day on which anything of it counted, from the first days of the tables of passes."""
    days: dict[str, date] = {}
    for one in passes:
        if day := found[one.table]:
            days[one.mart.name] = min(day, days.get(one.mart.name, day))
    return days


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
    reach = coverage.reach(covered) if metric.has_exposure else None
    frame = evaluate.Frame(known.as_of.date(), known.rules, coverage.common(covered), reach)
    return evaluate.from_day(frame, known.known_from[metric.id]) if metric.id in known.known_from else frame


def only_wikis(metric: Metric, marts: Mapping[str, Mart], known: Known, split: Collection[str]) -> Wikis:
    """The wikis to which a rate or a stock that is not told by wiki is narrowed; None where it takes in all rows.

    Where the two marts tell of different wikis, a sum over all would set what happened on some against those who were
    on others. Wikis that left are in none of its periods, so that it is of the same ones before and after; nor in those
    of a stock, which would hold for ever what was there on their last day.
    """
    told = [_wikis_of(marts[mart], known) for mart in metric.sources]
    if WIKI in split or WIKI not in metric.dimensions or not all(one.members for one in told):
        return None
    if not metric.has_exposure and (metric.kind != "stock" or not told[0].left):
        return None
    shared = coverage.shared_members(told).difference(*(one.left for one in told))
    return None if all(one.members.keys() == shared for one in told) else tuple(sorted(shared))


def awaited(metric: Metric, marts: Mapping[str, Mart], known: Known, split: Collection[str]) -> Mapping[str, date]:
    """The wikis of which more is still to come, with the last day known of each, where a figure takes in all wikis."""
    told = [one for one in (_wikis_of(marts[mart], known) for mart in metric.sources) if one.members]
    return coverage.common(told).awaited if told and WIKI not in split else {}


def _wikis_of(mart: Mart, known: Known) -> Coverage:
    feeds = [known.coverage[feed] for feed in mart.feeds if feed in known.coverage]
    return coverage.merged(feeds) if feeds else Coverage(coverage.NEVER)


def _coverage_of(mart: Mart, known: Known, first_day: date | None) -> Coverage:
    """What any of the mart's feeds covers, else from its first day to the last known one.

    Where nothing of the mart was ever seen, nothing is known of it, whatever its feed covers: a log that was exported
    without its thanks does not say that nobody was thanked.
    """
    as_of = known.as_of.date()
    covered = [known.coverage[feed] for feed in mart.feeds if feed in known.coverage and first_day is not None]
    return coverage.merged(covered) if covered else Coverage((first_day or as_of, as_of - timedelta(days=1)))


def _values(
    passes: Sequence[Pass],
    metrics: Mapping[str, Metric],
    marts: Mapping[str, Mart],
    known: Known,
    frames: FrameOf,
    run: Run,
    standing: Standing | None,
) -> tuple[pa.Table, pa.Table]:
    """What is told of all metrics, as VALUE, and of which periods the build before holds it already, as STANDS."""
    tables, stands = [VALUE.empty_table()], [STANDS.empty_table()]
    for mart in sorted({metric.source for metric in metrics.values()}):
        here = {name: metric for name, metric in metrics.items() if metric.source == mart}
        for split in ((), *((name,) for name in marts[mart].dimensions)):
            concerned = {name: metric for name, metric in here.items() if set(split) <= set(metric.dimensions)}
            rests = standing.rests(concerned.values(), split) if standing else {}
            stands += (one.stands for one in rests.values())
            for wikis, several in _alike(concerned.values(), marts, known, split).items():
                partly = [name for name in several if name in rests and any(rests[name].periods.values())]
                for some in (partly, [name for name in several if name not in rests]):
                    for lot in rolled_up(passes, some, split, wikis, run, rests):
                        tables += _tables(lot, split, concerned, frames, rests)
    return pa.concat_tables(tables), pa.concat_tables(stands)


def _same(metrics: Mapping[str, Metric], before: Before, remembered: Remembered | None, run: Run) -> frozenset[str]:
    """The metrics that the build before defined alike, and of which nothing is remembered in place of rows."""
    said = run(sql.text(carry.stored_before("meta_metric", before.schema)), {}).to_pylist()
    digests = {row["metric"]: row["digest"] for row in said}
    lost = remembered.rows_from if remembered else {}
    alike = {name: one for name, one in metrics.items() if digests.get(name) == catalog.digest(one)}
    return frozenset(name for name, one in alike.items() if one.latest(lost) is None)


def _frames_of(before: Before, marts: Mapping[str, Mart], run: Run) -> FrameOf:
    """Of a metric, its frame in the build before."""
    if before.rules is None:
        raise AssertionError("nobody knows by which calendar it counted")  # the caller asks only where it is known
    days = run(sql.text(carry.stored_before("meta_mart", before.schema)), {}).to_pylist()
    known = Known(before.as_of, before.rules, before.coverage)
    return partial(frame_of, marts=marts, known=known, first_days={row["mart"]: row["first_on"] for row in days})


def _store_values(values: tuple[pa.Table, pa.Table], before: Before | None, run: Run, store: Store) -> None:
    """Fills `metric_value` with what was told and with what stands, rows of a metric beside each other."""
    told, stands = values
    if before is None or not stands.num_rows:
        store("metric_value", told)
        return
    store("_told", told)
    store("_stands", stands)
    run(sql.text(sql.created("metric_value", carry.with_standing("_told", "_stands", before.schema))), {})
    run("DROP TABLE _told", {})
    run("DROP TABLE _stands", {})


def _tables(
    lot: Lot,
    split: tuple[str, ...],
    metrics: Mapping[str, Metric],
    frames: FrameOf,
    rests: Mapping[str, Rest],
) -> Iterator[pa.Table]:
    """The values of the metrics of a lot; of those that have a rest, of that alone."""
    found = rollup.cells(lot.rolled)
    for name in lot.metrics:
        frame, rest = frames(metrics[name]), rests.get(name)
        for grain in lot.grains(metrics[name]):
            only = lot.places(metrics[name], grain, rest, evaluate.spans_of(grain, frame))
            told = evaluate.told(metrics[name], grain, found.get((name, grain), []), frame, len(split), only)
            yield _table(name, ",".join(split), grain, told)


def _table(metric: str, split: str, grain: Grain, told: evaluate.Told) -> pa.Table:
    """What is told as rows of `metric_value`."""
    groups, periods = len(told.groups), len(told.periods)
    group, period = np.repeat(np.arange(groups), periods), np.tile(np.arange(periods), groups)
    spans = [[getattr(one, name) for one in told.periods] for name in ("start", "end", "label")]
    known = told.estimates.__dict__
    columns = [
        *(pa.repeat(text, groups * periods) for text in (metric, split)),
        pa.array([list(one) for one in told.groups], pa.list_(pa.string())).take(group),
        pa.repeat(grain, groups * periods),
        *(pa.array(span, VALUE.field(5 + at).type).take(period) for at, span in enumerate(spans, start=-1)),
        *(
            pa.array(known[name].ravel(), from_pandas=True)
            for name in ("value", "low", "high", "numerator", "denominator")
        ),
        pa.array(known["n"].ravel().round(), from_pandas=True).cast(pa.int64()),
        pa.array(evaluate.STATES).take(told.states.ravel()),
        pa.array(known["error"].ravel(), from_pandas=True),
    ]
    return pa.Table.from_arrays(columns, schema=VALUE)


def _alike(
    metrics: Iterable[Metric], marts: Mapping[str, Mart], known: Known, split: tuple[str, ...]
) -> Mapping[Wikis, list[str]]:
    """The metrics by the wikis to which they are narrowed, so that those of one sort are rolled up at once."""
    found: dict[Wikis, list[str]] = {}
    for metric in metrics:
        found.setdefault(only_wikis(metric, marts, known, split), []).append(metric.id)
    return found


def _meta(metrics: Mapping[str, Metric], known: Known) -> pa.Table:
    return pa.table(
        {
            "metric": list(metrics),
            "version": [metric.version for metric in metrics.values()],
            "digest": [catalog.digest(metric) for metric in metrics.values()],
            "known_from": pa.array([known.known_from.get(name) for name in metrics], pa.date32()),
        }
    )
