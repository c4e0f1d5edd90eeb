"""What the build before counted and still holds, so that a new build counts only what changed.

A part is counted anew on days whose rows changed, on those that were not over or whose windows were open then, and
altogether where its own SQL changed. Everything else is carried over; the result is that of counting all of it.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, groupby, pairwise
from typing import Any, TypeVar

import pyarrow as pa
from sqlglot import exp

from metrics.calendar import Rules
from metrics.coverage import Coverage
from metrics.semantic import carry, sql
from metrics.semantic.model import Mart
from metrics.semantic.plan import Part, Pass

T = TypeVar("T")
Run = Callable[[str, Mapping[str, Any]], pa.Table]
Column = tuple[str, str]  # a pass's table, and a column of it

ROWS_AT_ONCE = 2_000_000  # of a mart, for a long pass: all at once, two years of 50 million take a third longer

MOST_NAMED = 100  # quiet days of a cut: of more, the query finds out itself, which is faster than reading their names

MADE = pa.schema(
    [
        ("table_name", pa.string()),
        ("column_name", pa.string()),
        ("digest", pa.string()),
        ("is_carried_over", pa.bool_()),
        ("anew_from", pa.date32()),
        ("other_days_anew", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Before:
    """The build before, attached under the name of `schema`; made by the same software. as_of: what it did not know.

    forgotten: marts of which it had something remembered in place of rows, and of which rows count again.
    rules, coverage: what it knew of the calendar and of its feeds; without, no value of it is carried over.
    """

    schema: str
    as_of: datetime
    forgotten: frozenset[str] = frozenset()
    rules: Rules | None = None
    coverage: Mapping[str, Coverage] = field(default_factory=dict)


@dataclass(frozen=True)
class Anew:
    """What is counted anew of a pass. since: from this day on; others: days before it, in order.

    parts: those of all days.
    since None: everything, and nothing is carried over.
    """

    since: date | None
    others: tuple[date, ...] = ()
    parts: tuple[Part, ...] = ()

    def touches(self, first: date, last: date) -> bool:
        """Whether any day of a span is counted anew."""
        at = bisect_left(self.others, first)
        return self.since is None or last >= self.since or (at < len(self.others) and self.others[at] <= last)


@dataclass(frozen=True, eq=False)
class Counted:
    """How the parts of all passes were made. made: of each column, as MADE; anew: by a pass's table."""

    made: pa.Table
    anew: Mapping[str, Anew]


@dataclass(frozen=True)
class Counting:
    """Counts passes, and knows of each what the build before says.

    quiet: days that are not busy, by mart, day column, column and sort of its scale, and first day of a cut.
    """

    as_of: datetime
    run: Run
    before: Before | None
    quiet: dict[tuple[str | date | None, ...], Sequence[date]] = field(init=False, default_factory=dict)

    def count(self, passes: Sequence[Pass]) -> Counted:
        """Fills the tables of the passes and `meta_day`.

        A part whose mart has no row has no digest, so that the next build counts it anew.
        """
        for statement in (carry.NEW_DAYS, *map(sql.text, _fingerprints(passes))):
            self.run(statement, {"as_of": self.as_of})
        before = self._digests_before()
        has_days = {(row["mart"], row["day_column"]) for row in self.run(sql.text(carry.known_days()), {}).to_pylist()}
        made, found = list[tuple[Any, ...]](), dict[str, Anew]()
        for one in passes:
            digests = _digests(one) if (one.mart.name, one.day) in has_days else {}
            changed = [part for part in one.parts if before.get((one.table, part.column)) != digests.get(part.column)]
            anew = found[one.table] = self._anew(one, changed) if digests else Anew(None)
            first, *others = self._cuts(one) if anew.since is None else [self._merged(one, anew)]
            self.run(sql.text(sql.created(one.table, first)), {"as_of": self.as_of})
            for query in others:
                self.run(sql.text(sql.added(one.table, query)), {"as_of": self.as_of})
            for part in one.parts:
                is_kept = anew.since is not None and part not in anew.parts
                made.append((one.table, part.column, digests.get(part.column), is_kept, anew.since, len(anew.others)))
        columns = [list(column) for column in zip(*made, strict=True)] or [[]] * len(MADE)
        return Counted(pa.table(columns, schema=MADE), found)

    def _digests_before(self) -> Mapping[Column, str]:
        if self.before is None or self.as_of < self.before.as_of:
            return {}
        rows = self.run(sql.text(carry.made_before(self.before.schema)), {}).to_pylist()
        return {(row["table_name"], row["column_name"]): row["digest"] for row in rows}

    def _anew(self, one: Pass, changed: Sequence[Part]) -> Anew:
        if self.before is None or len(changed) == len(one.parts) or one.mart.name in self.before.forgotten:
            return Anew(None)
        spans = [part.metric.mature_after for part in one.parts if part.matured and part.metric.mature_after]
        open_then = self.before.as_of - max(spans, default=timedelta(0))
        query = carry.changed_days(one.mart.name, one.day, self.before.schema)
        days = sorted(self.run(sql.text(query), {}).column(0).to_pylist())
        others = tuple(day for day in days if day < open_then.date())
        return Anew(open_then.date(), others, tuple(changed))

    def _cuts(self, one: Pass) -> Sequence[exp.Query]:
        """The whole of a pass; of a long one, cuts of days with so few rows that their groups stay in caches."""
        if not one.is_long:
            return [sql.parts(one)]
        counted = self.run(sql.text(carry.row_counts(one)), {}).to_pylist()
        runs = in_runs([(row["day"], row["row_count"]) for row in counted], ROWS_AT_ONCE)
        starts = [run[0][0] for run in runs]
        if len(starts) < 2:
            return [sql.parts(one)]
        cuts = [sql.Days(first, until=until) for first, until in pairwise([*starts, None]) if first]
        return [sql.parts(one, days=replace(cut, quiet=self._quiet(one, cut))) for cut in cuts]

    def _quiet(self, one: Pass, cut: sql.Days) -> Sequence[date] | None:
        """The days of a cut that are not busy, found out once for all splits; None where they are too many to name."""
        if one.scale == "values":
            return None
        places = (one.mart.name, one.day, one.at, one.scale, cut.since)
        if places not in self.quiet:
            found = self.run(sql.text(sql.quiet_days(one, cut)), {"as_of": self.as_of})
            self.quiet[places] = found.column(0).to_pylist()
        quiet = self.quiet[places]
        return quiet if len(quiet) <= MOST_NAMED else None

    def _merged(self, one: Pass, anew: Anew) -> exp.Query:
        if self.before is None or anew.since is None:
            raise AssertionError("nothing can be carried over")  # the caller asks only where something can
        days = sql.Days(anew.since, anew.others)
        same = one.only_parts([part for part in one.parts if part not in anew.parts])
        queries = [sql.parts(one, days=days), carry.carried_over(one, same, self.before.schema, days)]
        if anew.parts:
            queries.append(carry.widened(one, one.only_parts(anew.parts), days))
        return carry.merged(one, queries)


def in_runs(counted: Iterable[tuple[T, int]], at_once: int) -> Iterator[Sequence[tuple[T, int]]]:
    """Runs of neighbours of about `at_once` rows together; what has more is not divided, and ends its run.

    counted: things, each with its number of rows.
    """
    counted = list(counted)
    before = accumulate((row_count for _, row_count in counted), initial=0)
    for _, run in groupby(zip(counted, before, strict=False), lambda one: one[1] // at_once):
        yield [one for one, _ in run]


def _digests(one: Pass) -> Mapping[str, str]:
    """What changes, for each column of a pass, when the text changes by which it is counted."""
    scan = sql.parts(one)
    columns = [column.sql("duckdb") for column in scan.selects[len(one.keys) :]]
    scan.set("expressions", scan.selects[: len(one.keys)])
    shared = scan.sql("duckdb")
    digests = (hashlib.sha256(f"{shared};{column}".encode()).hexdigest()[:16] for column in columns)
    return dict(zip((part.column for part in one.parts), digests, strict=True))


def _fingerprints(passes: Iterable[Pass]) -> Iterable[exp.Expr]:
    """Statements that say of every day what its rows hold, by mart and day column."""
    marts: dict[tuple[str, str], Mart] = {(one.mart.name, one.day): one.mart for one in passes}
    return (carry.fingerprints(mart, day) for (_, day), mart in marts.items())
