"""Which passes over the marts give the additive parts of which metrics: one pass per mart, day and dimension set.

It touches nothing: definitions come in, a plan goes out. A metric is never computed by a query of its own.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from metrics.semantic.model import Kind, Mart, Measure, Metric

Scale = Literal["values", "bins", "hashes"]
SCALES: Mapping[Kind, Scale] = {"quantile": "bins", "distinct": "hashes"}  # of all other kinds that have one, values
PREPOSITIONS: Mapping[Scale, str] = {"values": "on", "bins": "near", "hashes": "of"}


@dataclass(frozen=True)
class Part:
    """One additive number of a metric: rows counted, or a column added up, where every condition holds.

    add: None to count rows; squared: add the squares instead. present: count only rows with a value of this column.
    matured: only rows whose `mature_after` is over. near: of a scale with bins, only rows that stand in one, or only
    the others.
    """

    metric: Metric
    name: str
    add: str | None = None
    squared: bool = False
    where: str | None = None
    holds: str | None = None
    fails: str | None = None
    present: str | None = None
    matured: bool = False
    near: bool | None = None

    @property
    def source(self) -> str:
        """The mart whose rows it counts. Each side of a rate is counted in its own mart, and never row by row beside
        the other: they meet as sums of the same period and members, so that no row can be counted twice."""
        return self.metric.source_of(self.name)

    @property
    def column(self) -> str:
        """Its column in the table of a pass."""
        return f"{self.metric.id}__{self.name}"


@dataclass(frozen=True)
class Pass:
    """One scan of a mart: parts by day and dimension set, and by a place on a scale or a stratum where they need it.

    What it finds is kept in a table of its own: a row by day and members, a column for every part.
    scale: what stands for a value of the column `at`: itself, the bin of a logarithmic scale, or a hash; see `places`.
    """

    mart: Mart
    day: str
    split: tuple[str, ...]
    at: str | None
    stratum: str | None
    parts: tuple[Part, ...]
    scale: Scale = "values"

    @property
    def key(self) -> str:
        return ",".join(self.split)

    @property
    def table(self) -> str:
        """The name of its table, such as `part_block_set_at_by_wiki`."""
        words = [self.mart.name.replace("mart_", "part_", 1), self.day]
        for word, name in ((PREPOSITIONS[self.scale], self.at), ("in", self.stratum)):
            words += [word, name] if name else []
        words += ["by", *self.split] if is_large(self.mart, self.split) else []
        return "_".join(words)

    @property
    def is_long(self) -> bool:
        """Whether its table has a row for every place: it, and roll-ups of many groups, can have millions of them."""
        return self.at is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of its table before those of the parts."""
        scale = [name for name, column in (("at", self.at), ("stratum", self.stratum)) if column]
        return ("day", *self.split, *scale)

    def only(self, metrics: Collection[str]) -> "Pass":
        """The same pass with the parts of these metrics alone."""
        return self.only_parts([one for one in self.parts if one.metric.id in metrics])

    def only_parts(self, parts: Iterable[Part]) -> "Pass":
        """The same pass with these parts alone."""
        return replace(self, parts=tuple(parts))


def passes(metrics: Iterable[Metric], marts: Mapping[str, Mart]) -> tuple[Pass, ...]:
    """The fewest passes that give every part of `metrics`: all small dimensions together, each large one alone."""
    grouped = _grouped(metrics)
    found = []
    for (source, day, at, stratum, scale), parts in grouped.items():
        mart = marts[source]
        for split in part_splits(mart):
            kept = tuple(one for one in parts if not is_large(mart, split) or split[0] in one.metric.dimensions)
            if kept:
                found.append(Pass(mart, day, split, at, stratum, kept, scale))
    return tuple(found)


def stored(metric: Metric, marts: Mapping[str, Mart], dimensions: Iterable[str]) -> tuple[Pass, ...]:
    """The passes whose tables answer for these dimensions; none where an answer has to come from the marts."""
    wanted = tuple(dimensions)
    splits = {name: stored_split(marts[name], wanted) for name in metric.sources}
    if None in splits.values():
        return ()
    return tuple(one for one in passes([metric], marts) if one.split == splits[one.mart.name])


def adhoc(metric: Metric, marts: Mapping[str, Mart], dimensions: tuple[str, ...]) -> tuple[Pass, ...]:
    """The passes of one metric for a dimension set that is not stored."""
    return tuple(
        Pass(marts[source], day, dimensions, at, stratum, tuple(parts), scale)
        for (source, day, at, stratum, scale), parts in _grouped([metric]).items()
    )


def part_splits(mart: Mart) -> tuple[tuple[str, ...], ...]:
    """The dimension sets whose parts are stored, the small ones' (which also gives the total) first."""
    small = tuple(name for name, size in mart.dimensions.items() if size == "small")
    return (small, *((name,) for name, size in mart.dimensions.items() if size == "large"))


def stored_split(mart: Mart, dimensions: Iterable[str]) -> tuple[str, ...] | None:
    """The stored dimension set that covers `dimensions`; None where an answer has to come from the mart."""
    wanted = set(dimensions)
    return next((split for split in part_splits(mart) if wanted <= set(split)), None)


def is_large(mart: Mart, split: tuple[str, ...]) -> bool:
    """Whether a stored dimension set is one large dimension."""
    return len(split) == 1 and mart.dimensions[split[0]] == "large"


def _grouped(metrics: Iterable[Metric]) -> Mapping[tuple[str, str, str | None, str | None, Scale], list[Part]]:
    """The parts that one scan of a mart gives: by mart, day column, column and stratum of the scale, and its sort."""
    found: dict[tuple[str, str, str | None, str | None, Scale], list[Part]] = {}
    for metric in metrics:
        for day, at, stratum, part in _parts(metric):
            scale = SCALES.get(metric.kind, "values")
            found.setdefault((part.source, day, at, stratum, scale), []).append(part)
    return found


def _parts(metric: Metric) -> list[tuple[str, str | None, str | None, Part]]:
    """Day column, scale column, stratum column and part, for each part that the metric's kind needs."""
    if metric.numerator and metric.denominator:
        below = metric.denominator
        parts = [_counted(metric, "numerator", metric.numerator), _counted(metric, "denominator", below)]
        days = [metric.at, below.at or metric.at]
        if any(metric.release.values()) and not metric.counts_rows and not metric.has_exposure:
            parts.append(_rows(metric, below))
            days.append(metric.at)
        return [(day, None, None, part) for day, part in zip(days, parts, strict=True)]
    measure = metric.measure
    if measure is None:
        raise AssertionError(f"{metric.id} has neither measure nor numerator")  # the parser lets no such metric through
    return _parts_of_measure(metric, measure)


def _parts_of_measure(metric: Metric, measure: Measure) -> list[tuple[str, str | None, str | None, Part]]:
    day, column, where, ripe = metric.at, measure.column, measure.where, metric.mature_after is not None
    if metric.kind in ("count", "sum"):
        parts = [_counted(metric, "value", measure)]
        if metric.without_rows == "unknown":
            present = _present(measure) if metric.kind == "sum" else None
            parts.append(Part(metric, "n", where=where, present=present, matured=ripe))
        return [(day, None, None, part) for part in parts]
    if metric.kind == "mean":
        return [
            (day, None, None, Part(metric, "n", where=where, present=column, matured=ripe)),
            (day, None, None, Part(metric, "sum", add=column, where=where, matured=ripe)),
            (
                day,
                None,
                None,
                Part(metric, "squares", add=column, squared=True, where=where, matured=ripe),
            ),
        ]
    if metric.kind == "stock":
        return [
            (column, None, None, Part(metric, "in", where=where)),
            (str(measure.until), None, None, Part(metric, "out", where=where)),
        ]
    if metric.kind == "quantile":
        return [
            (day, column, None, Part(metric, name, where=where, matured=ripe, near=near))
            for name, near in (("event", False), ("near", True))
        ]
    if metric.kind == "distinct":
        return [(day, column, None, Part(metric, "seen", where=where, matured=ripe))]
    if metric.kind == "duration":
        return [
            (day, column, None, Part(metric, "event", where=where, holds=measure.observed, present=column)),
            (day, column, None, Part(metric, "censored", where=where, fails=measure.observed, present=column)),
        ]
    return [
        (day, measure.population, measure.stratum, Part(metric, "yes", where=where, holds=column)),
        (day, measure.population, measure.stratum, Part(metric, "no", where=where, fails=column)),
    ]


def _rows(metric: Metric, measure: Measure) -> Part:
    """How many rows a sum rests on: of sums about persons a small group is withheld as of counts."""
    ripe = metric.mature_after is not None
    return Part(metric, "n", where=measure.where, present=_present(measure), matured=ripe)


def _present(measure: Measure) -> str | None:
    return None if measure.column == "*" else measure.column


def _counted(metric: Metric, name: str, measure: Measure) -> Part:
    ripe = metric.mature_after is not None
    column = measure.column
    if measure.function == "count":
        return Part(metric, name, where=measure.where, present=_present(measure), matured=ripe)
    return Part(metric, name, add=column, where=measure.where, matured=ripe)
