"""What builds said of closed periods, one after the other, as one reader may see it: restatements and their causes.

It reads `metric_vintage` of a build, before the door. Each build's figures are withheld among those of their time, by
the limits in force now.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import Any, Final

import duckdb

from metrics import withhold
from metrics.answer import Figure
from metrics.receipt_id import Named, written
from metrics.semantic.model import Audience, Grain, Metric

HISTORY: Final = """
    SELECT starts_on, build_id, ends_on, label, members, value, low, high, numerator, denominator, n, state, error,
        version, known_until, cause, said
    FROM metric_vintage
    WHERE metric = $metric AND split = $split AND grain = $grain AND ($start IS NULL OR starts_on = $start)
        AND starts_on IN (
            SELECT starts_on FROM metric_vintage
            WHERE metric = $metric AND split = $split AND grain = $grain AND (cause IS NOT NULL OR starts_on = $start)
        )
    ORDER BY starts_on, build_id, members
"""
RESTATED: Final = (
    "SELECT DISTINCT metric, split, grain FROM metric_vintage WHERE cause IS NOT NULL ORDER BY metric, split, grain"
)


@dataclass(frozen=True)
class Said:
    """What one build said anew of a closed period, as the reader may see it.

    version: of the definition. known_until: the first moment unknown to the build. cause, why: of a change; None where
    it was said for the first time.
    """

    figure: Figure
    version: int
    build: str
    known_until: datetime
    cause: str | None
    why: str | None


@dataclass(frozen=True)
class Restatement:
    """A closed period of which a build said something else than the one before. split: the dimension, or nothing."""

    metric: Metric
    by: Grain
    split: tuple[str, ...]
    before: Said
    after: Said


@dataclass(frozen=True)
class Restatements:
    """All that a reader may see, the newest first. withheld: how many more there are of which a side is withheld."""

    audience: Audience
    found: tuple[Restatement, ...]
    withheld: int

    def receipt(self, one: Restatement, said: Said) -> str:
        """The ID of what was said on one side of a restatement: of the build that said it."""
        figure = said.figure
        split = tuple(zip(one.split, figure.group, strict=True))
        of = (one.metric.id, said.version, one.by, figure.start, None, split, (), self.audience)
        return written(Named(*of, said.build, said.known_until.date()))


Histories = Mapping[tuple[date, tuple[str, ...]], list[Said]]


def histories(
    cursor: duckdb.DuckDBPyConnection,
    metric: Metric,
    by: Grain,
    split: tuple[str, ...],
    audience: Audience,
    start: date | None = None,
) -> Histories:
    """By first day and group: what builds said, oldest first. Of one period, or of all of which anything changed."""
    asked = {"metric": metric.id, "split": ",".join(split), "grain": by, "start": start}
    found: dict[tuple[date, tuple[str, ...]], list[Said]] = defaultdict(list)
    for _, rows in groupby(cursor.execute(HISTORY, asked).fetchall(), key=lambda row: row[0]):
        for said in _replayed(metric, rows, audience):
            found[said.figure.start, said.figure.group].append(said)
    return found


def restated(
    cursor: duckdb.DuckDBPyConnection,
    metrics: Mapping[str, Metric],
    by: Grain | None,
    audience: Audience,
    parts: bool,
    since: date | None = None,
) -> Restatements:
    """Restatements of some metrics. by: of periods of this grain only. parts: those of groups, too.

    since: only by builds that know this day.
    """
    found: list[Restatement] = []
    withheld = 0
    for name, split, grain in cursor.execute(RESTATED).fetchall():
        dimensions = tuple(one for one in split.split(",") if one)
        if name in metrics and by in (None, grain) and (parts or not dimensions):
            for history in histories(cursor, metrics[name], grain, dimensions, audience).values():
                changes = [
                    Restatement(metrics[name], grain, dimensions, *both)
                    for both in pairwise(history)
                    if since is None or both[1].known_until.date() > since
                ]
                seen = [one for one in changes if "withheld" not in (one.before.figure.state, one.after.figure.state)]
                withheld += len(changes) - len(seen)
                found += seen
    return Restatements(audience, tuple(sorted(found, key=_newest_first)), withheld)


def _newest_first(one: Restatement) -> tuple[Any, ...]:
    figure = one.after.figure
    return (
        one.after.known_until.toordinal() * -1,
        one.metric.id,
        len(one.split),
        -figure.start.toordinal(),
        figure.group,
    )


def _replayed(metric: Metric, rows: Iterable[tuple[Any, ...]], audience: Audience) -> Iterator[Said]:
    """What builds said of one period: each time all groups as they stood then are withheld together.

    What is withheld in the end was withheld always: else what came late, and is few, could be worked out.
    """
    standing: dict[tuple[str, ...], Figure] = {}
    told, released = list[Said](), tuple[Figure, ...]()
    for build, some in groupby(rows, key=lambda row: row[1]):
        anew = {tuple(row[4]): row for row in some}
        for group, row in anew.items():
            start, _, end, label, _, *numbers = row[:13]
            standing[group] = Figure(start, end, label, group, *numbers)
        released = withhold.remembered(metric, tuple(standing.values()), audience)
        for figure in released:
            if figure.group in anew:
                version, known_until, cause, why = anew[figure.group][13:]
                told.append(Said(figure, version, build, known_until, cause, why))
    gone = {one.group for one in released if one.state == "withheld"}
    for said in told:
        is_gone = said.figure.group in gone
        yield replace(said, figure=withhold.withheld(said.figure)) if is_gone else said
