"""Starts a metric: a definition with every key, from the mart's contract, and a spec that fails until it is filled.

It writes those two files and no other; nothing that is there is written over.
"""

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from data_contracts import load as contracts
from data_contracts.faults import DefinitionFault
from metrics import catalog
from metrics.question import near
from metrics.semantic import parse
from metrics.semantic.model import GRAINS
from metrics.workbench.questions import NOBODY_YET, QUESTIONS
from metrics.workbench.skeleton import spec_of

NAME = re.compile(r"[a-z][a-z0-9_]*")
HALF_A_YEAR = timedelta(days=181)
UNITS = (("_hours", "hours"), ("_days", "days"), ("_amount", "money"), ("_people", "people"))
ENDS = ("closed", "ended", "resolved", "answered", "decided", "until")
Line = tuple[str, str]


@dataclass(frozen=True)
class Drafted:
    """The two files that were written, and the commands that come next."""

    definition: Path
    spec: Path
    commands: tuple[str, ...]


def draft(name: str, mart: str, kind: str, today: date, *, definitions: Path, specs: Path) -> Drafted:
    """Writes definitions/<name>.yml and specs/test_<name>.py.

    Raises DefinitionFault for a name that is none or is taken, a mart or kind that there is not, and a mart that has
    no column for the kind.
    """
    place = f"metric new {name}"
    table = contracts.tables("marts").get(mart)
    if not NAME.fullmatch(name):
        raise DefinitionFault(place, "it is no name", "small letters, digits and _", "Name it like cases_opened.")
    if table is None:
        raise DefinitionFault(place, f'there is no mart "{mart}"', near(mart, sorted(contracts.tables("marts"))), "")
    if kind not in parse.WANTED:
        raise DefinitionFault(place, f'there is no kind "{kind}"', near(kind, tuple(parse.WANTED)), "Name one of them.")
    if not specs.is_dir():
        raise DefinitionFault(str(specs), "it is not there", "the tests of the project", "Work in a clone of it.")
    definition, spec = definitions / f"{name}.yml", specs / f"test_{name}.py"
    for path in (definition, spec):
        if path.exists():
            raise DefinitionFault(str(path), "it is there already", "a new name", "Choose another, or edit the file.")
    found = _Columns(table, place)
    measures = MEASURES[kind](found)
    definition.write_text(_definition(name, table, kind, measures, found.at, today), encoding="utf-8")
    spec.write_text(spec_of(name, table, found.at, measures), encoding="utf-8")
    return Drafted(definition, spec, (f".venv/bin/python -m pytest {_short(spec)}", "make golden"))


@dataclass(frozen=True)
class _Columns:
    """The columns of a mart, by what they can be used for; a fault names what is wanted where there is none."""

    table: contracts.Table
    place: str

    @property
    def at(self) -> str:
        """The time that most definitions of the mart go by, else the first one that every row has."""
        used = [one.at for one in catalog.definitions().values() if one.source == self.table.name]
        times = self.of("TIMESTAMP")
        known = sorted(times, key=lambda one: (-used.count(one), not self._is_required(one)))
        return self._first(known, "a time by which rows fall into periods")

    @property
    def end(self) -> str:
        times = [one for one in self.of("TIMESTAMP") if one != self.at]
        known = sorted(times, key=lambda one: not one.startswith(ENDS))
        return self._first(known, "a second time, at which a row goes out")

    @property
    def number(self) -> str:
        numbers = [one for one in self.of("BIGINT", "DOUBLE") if not one.endswith("_id")]
        return self._first(numbers, "a number")

    @property
    def span(self) -> str:
        spans = [one for one in self.of("BIGINT", "DOUBLE") if one.endswith(("_hours", "_days"))]
        return self._first(spans, "a number of hours or days, such as waiting_days")

    @property
    def truth(self) -> str:
        return self._first(self.of("BOOLEAN"), "a column that is true or false")

    @property
    def word(self) -> str:
        return self._first(self.of("VARCHAR"), "a column of words, such as language")

    def named(self, *parts: str) -> str:
        names = [column.stored for column in self.table.columns]
        found = [one for part in parts for one in names if part in one]
        return self._first(found, f"a column named like {' or '.join(parts)}")

    def of(self, *types: str) -> list[str]:
        return [column.stored for column in self.table.columns if column.type in types]

    def _first(self, names: Sequence[str], wanted: str) -> str:
        if not names:
            found = f"{self.table.name} has none"
            raise DefinitionFault(self.place, found, wanted, "Choose another kind, or add the column to the mart.")
        return names[0]

    def _is_required(self, name: str) -> bool:
        column = self.table.column(name)
        return column is not None and column.required


def _sum(found: _Columns) -> list[Line]:
    if found.table.about_persons:
        said = f"rows of {found.table.name} are about persons, and a sum does not say about how many"
        raise DefinitionFault(found.place, said, "--kind count, mean or ratio", "Choose one of them.")
    return [("measure", f"{{sum: {found.number}}}")]


MEASURES: Mapping[str, Callable[[_Columns], list[Line]]] = {
    "count": lambda found: [("measure", '{count: "*"}')],
    "sum": _sum,
    "mean": lambda found: [("measure", f"{{mean: {found.number}}}")],
    "distinct": lambda found: [("measure", f"{{distinct: {found.word}}}")],
    "stock": lambda found: [("measure", f"{{stock: {found.at}, until: {found.end}}}")],
    "survey_share": lambda found: [
        (
            "measure",
            f"{{share: {found.truth}, stratum: {found.named('stratum')}, population: {found.named('population')}}}",
        )
    ],
    "ratio": lambda found: [
        ("numerator", f'{{count: "*", where: {found.truth}}}'),
        ("denominator", '{count: "*"}'),
    ],
    "quantile": lambda found: [("measure", f"{{value: {found.number}}}"), ("statistic", "{quantile: 0.5}")],
    "duration": lambda found: [
        ("measure", f"{{duration: {found.span}, observed: {found.truth}}}"),
        ("statistic", "{quantile: 0.5}"),
    ],
}


def _definition(name: str, table: contracts.Table, kind: str, measures: Sequence[Line], at: str, today: date) -> str:
    """The text of the file: what the contract says is filled in, and what only a person knows is asked."""
    group = parse.FLOOR if table.about_persons else dict.fromkeys(parse.FLOOR, 0)
    small = "" if table.about_persons else "  # rows are not about persons"
    asked = {key: f'"{question}"' for key, question in QUESTIONS.items()}
    head = {
        "id": name,
        **{key: asked[key] for key in ("title", "question", "why", "not_this")},
        "pillar": f"{_pillar(table)}  # tools, policy, practice, response, community or program",
        "status": "draft",
        **{key: asked[key] for key in ("owner", "written_by")},
        "checked_by": f"{NOBODY_YET}  # another role than written_by",
        "reviewed_on": today.isoformat(),
        "review_again_by": (today + HALF_A_YEAR).isoformat(),
        "version": "1",
        "changes": f'[{{version: 1, on: {today.isoformat()}, why: "First definition.", moves: all periods}}]',
    }
    meaning = {
        "kind": kind,
        "from": table.name,
        "at": at,
        **dict(measures),
        "mature_after": "null  # such as 30 days, where a row is settled only then",
        "unit": _unit(kind, measures),
        "better": "neither  # higher, lower or neither; counts of reports are always neither",
        "grains": f"[{', '.join(one for one in GRAINS if one != 'week' or at != parse.MONTHLY)}]",
        "dimensions": f"[{', '.join(table.dimensions)}]",
        "targets": "[]",
        "release": f"{{{', '.join(f'{audience}: {least}' for audience, least in group.items())}}}{small}",
        "published": "[]",
        "caveats": f"[{asked['caveats']}]",
    }
    lines = ["# yaml-language-server: $schema=schema.json", *_pairs(head), "", *_columns(table), *_pairs(meaning)]
    return "\n".join(lines) + "\n"


def _pairs(values: Mapping[str, str]) -> Iterable[str]:
    return (f"{key}: {value}" for key, value in values.items())


def _columns(table: contracts.Table) -> list[str]:
    """What can be counted, to be taken out when it is done."""
    known = ", ".join(f"{column.stored} ({column.type.lower()})" for column in table.columns)
    words = f"{table.grain} Its columns, to be taken out here when you are done: {known}"
    return textwrap.wrap(words, 118, initial_indent="# ", subsequent_indent="# ", break_long_words=False)


def _pillar(table: contracts.Table) -> str:
    """What most definitions of the mart tell of."""
    pillars = [one.pillar for one in catalog.definitions().values() if one.source == table.name]
    return max(sorted(set(pillars)), key=pillars.count, default="program")


def _unit(kind: str, measures: Sequence[Line]) -> str:
    if kind in ("ratio", "survey_share"):
        return "share"
    return next((unit for ending, unit in UNITS if re.search(rf"{ending}\b", measures[0][1])), "count")


def _short(path: Path) -> str:
    root = catalog.HERE.parents[1]
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
