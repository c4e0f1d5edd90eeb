"""What a change of a definition moves, before it is merged: both versions over the rows of the build in force.

It reads the marts of that build, read-only, and hands out nothing that the program's team may not see of either.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import duckdb
import pyarrow as pa
from sqlglot import exp

from data_contracts.faults import DefinitionFault, NoBuild
from etl.warehouse import connect
from metrics import catalog, evaluate, reading, rollup, withhold
from metrics.answer import Figure, State
from metrics.lots import with_wiki
from metrics.materialise import Known, frame_of, only_wikis
from metrics.semantic import plan, sql
from metrics.semantic.model import AUDIENCES, WORDS, Grain, Metric
from metrics.workbench import versions

Kind = Literal["changed", "new", "gone", "rows", "state", "same", "withheld"]
Split = tuple[str, ...]

GRAINS: tuple[Grain, ...] = ("month", "total")
KINDS: tuple[Kind, ...] = ("changed", "new", "gone", "rows", "state", "same", "withheld")
LEAST = 1e-9  # of the value: less is how numbers are added up, and no move


@dataclass(frozen=True)
class Move:
    """One figure of which the versions say different things.

    kind: changed; new or gone (only one version has a value); rows (the same value from other rows); state.
    old, new: in the metric's unit; None where a version has no value.
    """

    kind: Kind
    grain: Grain
    split: Split
    group: tuple[str, ...]
    label: str
    start: date
    old: float | None
    new: float | None
    old_state: State | None
    new_state: State | None

    @property
    def by(self) -> float | None:
        """How much it moves; None where there is nothing to subtract."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True)
class Part:
    """All figures of one grain and dimension: how many of them do what."""

    grain: Grain
    split: Split
    counts: Mapping[Kind, int]


@dataclass(frozen=True)
class Difference:
    """Two versions of one metric, held against each other.

    keys: those of the definition that say something else. moves: the largest changes first, then what is new or gone.
    only_old, only_new: dimensions that one version has; they are not compared. since: the first day that has rows.
    """

    old: Metric
    new: Metric
    against: str
    keys: tuple[str, ...]
    parts: tuple[Part, ...]
    moves: tuple[Move, ...]
    only_old: Split
    only_new: Split
    since: date | None
    build: str
    invented: bool

    @property
    def is_wording(self) -> bool:
        """Whether the versions differ in nothing that decides a figure."""
        return {*WORDS, "version"}.issuperset(self.keys)

    @property
    def withheld(self) -> int:
        return sum(part.counts.get("withheld", 0) for part in self.parts)


def compare(name: str, against: str) -> Difference:
    """The metric as it is defined now against the version in the file or git revision `against`.

    Raises DefinitionFault for a version that cannot be read or compared, NoBuild where the build in force does not
    have what one of them reads.
    """
    new = versions.current(name)
    return compare_versions(versions.older(name, against), new, against)


def compare_versions(old: Metric, new: Metric, against: str) -> Difference:
    """Two versions over the rows of the build in force, by month and in total, as a whole and by each dimension."""
    grains = [grain for grain in GRAINS if grain in old.grains and grain in new.grains]
    if not grains:
        found = "the versions have neither months nor totals in common"
        raise DefinitionFault(f"metric diff {new.id}", found, "one of them in both", "Add it to `grains`.")
    splits: list[Split] = [(), *((one,) for one in new.dimensions if one in old.dimensions)]
    parts, moves = list[Part](), list[Move]()
    with connect.reader().cursor() as cursor:
        built = reading.build(cursor)
        known = reading.known(cursor, built)
        sides = [_Side(cursor, metric, known) for metric in (old, new)]
        for split in splits:
            told = [side.figures(split, grains) for side in sides]
            for grain in grains:
                several = _moves(grain, split, _released(old, new, told[0][grain]), _released(new, old, told[1][grain]))
                parts.append(Part(grain, split, Counter(one.kind for one in several)))
                moves += [one for one in several if one.kind not in ("same", "withheld")]
        since = max((side.rows_from for side in sides if side.rows_from), default=None)
    return Difference(
        old=old,
        new=new,
        against=against,
        keys=versions.keys_that_differ(old, new),
        parts=tuple(parts),
        moves=tuple(sorted(moves, key=_largest_first)),
        only_old=tuple(one for one in old.dimensions if one not in new.dimensions),
        only_new=tuple(one for one in new.dimensions if one not in old.dimensions),
        since=since,
        build=built.id,
        invented=built.invented,
    )


class _Side:
    """One version, and the rows that it is computed from."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, metric: Metric, known: Known) -> None:
        self._cursor, self._metric, self._known = cursor, metric, known
        rows = cursor.execute("SELECT mart, first_on, rows_from FROM meta_mart").fetchall()
        first_days = {mart: first_day for mart, first_day, _ in rows}
        first_days |= {
            one.mart.name: self._earliest(one) for one in self._passes(()) if one.mart.name not in first_days
        }
        self._first_days = first_days
        self.rows_from = metric.latest({mart: day for mart, _, day in rows if day})
        if self.rows_from and metric.kind == "stock":
            found = f"rows of {metric.source} before {self.rows_from} were deleted, and what is open counts them all"
            raise DefinitionFault(f"metric diff {metric.id}", found, "a mart with all its rows", "It cannot be told.")

    def figures(self, split: Split, grains: Sequence[Grain]) -> Mapping[Grain, list[Figure]]:
        """Every figure of the version by grain, before anything is withheld: taken from the mart, as `ask` does."""
        wikis = only_wikis(self._metric, catalog.marts(), self._known, split)
        cells = rollup.cells(
            (one, self._run(sql.among(sql.rolled_up(one, split, sql.parts(one), grains=grains), wikis)))
            for one in self._passes(with_wiki(split, wikis))
        )
        frame = frame_of(self._metric, catalog.marts(), self._known, self._first_days)
        if self.rows_from:
            frame = evaluate.from_day(frame, self.rows_from)
        metric = self._metric
        return {
            grain: evaluate.figures(metric, grain, cells.get((metric.id, grain), []), frame, len(split))
            for grain in grains
        }

    def _passes(self, split: Split) -> tuple[plan.Pass, ...]:
        return plan.adhoc(self._metric, catalog.marts(), split)

    def _earliest(self, one: plan.Pass) -> date | None:
        """The first day of a mart of which the build has no figure yet."""
        day = exp.cast(exp.Min(this=exp.column(one.day)), "DATE")
        found = self._run(exp.select(exp.alias_(day, "day")).from_(one.mart.name)).column("day").to_pylist()
        return found[0] if found else None

    def _run(self, query: exp.Query) -> pa.Table:
        text = sql.text(query)
        try:
            found = self._cursor.sql(text, params={"as_of": self._known.as_of} if "$as_of" in text else None)
            return found.to_arrow_table()
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            reason = str(error).splitlines()[0]
            wanted = f"a build that has what version {self._metric.version} reads"
            raise NoBuild(self._metric.source, reason, wanted, "Run `upstander build`.") from error


def _released(metric: Metric, other: Metric, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """As the program's team may see them, by the greater of the two versions' smallest groups.

    Of rates of two marts what `remembered` leaves: here nobody looks at what either side counted on each wiki.
    """
    release = {audience: max(metric.release[audience], other.release[audience]) for audience in AUDIENCES}
    return withhold.remembered(replace(metric, release=release), figures, "program")


def _moves(grain: Grain, split: Split, before: Sequence[Figure], after: Sequence[Figure]) -> list[Move]:
    """Every figure that one of the versions has. What one withholds is withheld of both: the other would tell of it."""
    then = {(one.group, one.start): one for one in before}
    now = {(one.group, one.start): one for one in after}
    return [_move(grain, split, then.get(key), now.get(key)) for key in sorted({*then, *now})]


def _move(grain: Grain, split: Split, old: Figure | None, new: Figure | None) -> Move:
    one = new or old
    if one is None:
        raise AssertionError("a key of neither version")  # keys are those of the two
    kind = _kind(old, new)
    before, after = (side.value if side and kind != "withheld" else None for side in (old, new))
    was, becomes = (side.state if side else None for side in (old, new))
    return Move(kind, grain, split, one.group, one.label, one.start, before, after, was, becomes)


def _kind(old: Figure | None, new: Figure | None) -> Kind:
    if "withheld" in [side.state for side in (old, new) if side]:
        return "withheld"
    before, after = (side.value if side else None for side in (old, new))
    if before is not None and after is not None and not math.isclose(before, after, rel_tol=LEAST, abs_tol=LEAST):
        return "changed"
    if (before is None) != (after is None):
        return "new" if before is None else "gone"
    if old is None or new is None:
        return "same"  # a period or group of which neither says anything
    if old.state != new.state:
        return "state"
    same_rows = (old.n, old.numerator, old.denominator) == (new.n, new.numerator, new.denominator)
    return "same" if same_rows else "rows"


def _largest_first(one: Move) -> tuple[int, float, int, Split, tuple[str, ...], date]:
    by = abs(one.by) if one.by is not None else abs(one.new or one.old or 0.0)
    return KINDS.index(one.kind), -by, GRAINS.index(one.grain), one.split, one.group, one.start
