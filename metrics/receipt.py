"""A receipt: all that there is to say of one number: what it means, what it rests on, what was said of it before.

It decides what is told from where, and asks nothing itself; the door hands in answers and records.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final, Literal

from data_contracts.faults import DefinitionFault
from metrics.answer import Build, Figure, Released
from metrics.calendar import period_of
from metrics.lineage import Lineage
from metrics.lots import with_wiki
from metrics.materialise import Known, only_wikis
from metrics.receipt_id import Named
from metrics.restated import Said
from metrics.semantic import plan, sql
from metrics.semantic.model import AUDIENCES, Audience, Mart, Metric

Told = Literal["build", "same", "memory", "forgotten"]
VINTAGES: Final = "metric_vintage"  # its check says whether everything that changed has a cause


@dataclass(frozen=True)
class Checked:
    """One rule of a table that the number rests on, and whether the build keeps it."""

    rule: str
    table: str
    severity: str
    passed: bool
    breaking_count: int


@dataclass(frozen=True)
class Receipt:
    """One number and where it comes from, as one reader may see it.

    named: which number it is. told: its figure is read from its build ("build"), from one that is known to say the same
    ("same": rows were deleted between them, or the key was changed), from what its build left behind ("memory"), or not
    at all ("forgotten": totals and figures of several dimensions go with their build; then figure is None).
    minimum: groups under it are withheld from the reader. said: what builds said of it, oldest first, later ones too;
    empty where nothing is remembered of it. sql: what gives its parts, of days from rows_from on; earlier parts are
    kept, and their rows deleted; None where all rows are there. source: the build that it was read from, None where
    that is gone; code, checks: its. lineage: with feeds as fresh as it has them, without days where it is gone.
    """

    id: str
    named: Named
    metric: Metric
    figure: Figure | None
    told: Told
    minimum: int
    said: tuple[Said, ...]
    sql: str
    rows_from: date | None
    source: str | None
    code: str | None
    lineage: Lineage
    checks: tuple[Checked, ...]

    @property
    def is_withheld(self) -> bool:
        return self.figure is not None and self.figure.state == "withheld"

    @property
    def is_defined_so(self) -> bool:
        """Whether the definition that is shown is the one by which the number was made."""
        return self.named.version == self.metric.version

    @property
    def changes(self) -> tuple[tuple[Said, Said], ...]:
        """What was said before and after, of each time that a closed figure was restated."""
        return tuple(pairwise(self.said))

    @property
    def is_superseded(self) -> bool:
        """Whether a later build says something else."""
        return bool(self.said) and self.said[-1].build > self.named.build

    @property
    def failed(self) -> tuple[Checked, ...]:
        return tuple(one for one in self.checks if not one.passed)


def narrowed(named: Named, reader: Audience | None) -> Named:
    """The number as the reader may see it: nobody sees more by an ID that was made for somebody who may."""
    if reader is None or AUDIENCES.index(reader) <= AUDIENCES.index(named.audience):
        return named
    return replace(named, audience=reader)


def told_by(built: Build, same: Collection[str], named: Named) -> Told:
    """Whether the number is of the build in force or of one that said the same; and was not asked for as of before."""
    if named.build > built.id:
        found = f"it names the build {named.build}, and the newest is {built.id}"
        raise DefinitionFault("receipt", found, "a build that was made here", "Ask whoever runs the program's builds.")
    if named.as_of != built.as_of.date():
        return "memory"
    return "build" if named.build == built.id else "same" if named.build in same else "memory"


def read(named: Named, build: str, ask: Callable[..., Released]) -> Figure | None:
    """The figure, from its own question asked once more; None where another build has come into force meanwhile.

    build: the one that is to answer.
    Raises DefinitionFault where the question has no such period or group.
    """
    asked: dict[str, Any] = {"by": named.by, "split": [one for one, _ in named.split], "where": dict(named.where)}
    spans: list[tuple[date | None, date | None]] = [(None, None), (named.start, named.end)]
    for start, end in spans if named.by == "total" else spans[:1]:
        answer = ask(named.metric, start=start, end=end, audience=named.audience, **asked)
        if answer.build != build:
            return None
        for one in answer.figures:
            ends = named.end in (None, one.end)
            if one.start == named.start and ends and one.group == tuple(group for _, group in named.split):
                return one
    found = "its question has no such period or group"
    raise DefinitionFault(f'receipt of "{named.metric}"', found, "an ID that stands beside a number", "Copy it anew.")


def remembered(named: Named, said: Sequence[Said]) -> Figure | None:
    """What was known of it when it was told; None where that was not kept."""
    known = [one for one in said if one.build <= named.build and one.known_until.date() <= named.as_of]
    return replace(known[-1].figure, group=tuple(group for _, group in named.split)) if known else None


def is_kept(named: Named) -> bool:
    """Whether builds leave figures of this kind behind: closed periods of one dimension at most."""
    return named.by != "total" and len(named.split) + len(named.where) <= 1


def statement(metric: Metric, marts: Mapping[str, Mart], named: Named, figure: Figure | None, known: Known) -> str:
    """The SQL that gives the parts of this one number. What is open at the end of a period came on any day before."""
    end = figure.end if figure else named.end or period_of(named.start, named.by, known.rules).end
    where = (*named.split, *named.where)
    start = None if metric.kind == "stock" else named.start
    wikis = only_wikis(metric, marts, known, dict(where))
    queries = [
        sql.among(sql.rolled_up(one, (), sql.parts(one, where), grains=[named.by], days=(start, end)), wikis)
        for one in plan.adhoc(metric, marts, with_wiki((), wikis))
    ]
    return ";\n\n".join(map(sql.text, queries))


def checks(rows: Iterable[Mapping[str, Any]], lineage: Lineage) -> tuple[Checked, ...]:
    """The rules of the tables that the number rests on, the broken ones first."""
    tables = {*lineage.tables("mart", "core", "raw", "settings"), VINTAGES}
    found = [
        Checked(row["rule"], row["table_name"], row["severity"], row["passed"], row["breaking_count"])
        for row in rows
        if row["table_name"] in tables
    ]
    return tuple(sorted(found, key=lambda one: (one.passed, one.severity, one.table, one.rule)))
