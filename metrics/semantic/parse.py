"""Reads a metric definition: every key required, unknown keys refused, all faults at once with line and remedy.

It touches nothing: a YAML file that was read, and the marts, come in; a Metric goes out.
"""

import difflib
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, Faults, UserFault
from metrics.semantic import expression
from metrics.semantic.model import (
    AUDIENCES,
    Audience,
    Better,
    Change,
    Grain,
    Kind,
    Mart,
    Measure,
    Metric,
    Published,
    Statistic,
    Target,
    Unit,
)

FLOOR: Mapping[Audience, int] = {"program": 5, "executive": 10, "public": 10}
WANTED: Mapping[str, tuple[str, ...]] = {
    "count": ("measure",), "sum": ("measure",), "mean": ("measure",), "stock": ("measure",),
    "survey_share": ("measure",), "ratio": ("numerator", "denominator"),
    "quantile": ("measure", "statistic"), "duration": ("measure", "statistic"),
}  # fmt: skip
FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "count": ("count",), "sum": ("sum",), "mean": ("mean",), "stock": ("stock",), "survey_share": ("share",),
    "ratio": ("count", "sum"), "quantile": ("value",), "duration": ("duration",),
}  # fmt: skip
COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "duration": ("observed",), "stock": ("until",), "share": ("stratum", "population"),
}  # fmt: skip


def _span(value: Any) -> Any:
    if value is None or isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d+) (hour|day)s?", str(value))
    if not found:
        raise ValueError('a span such as "30 days" or "4 hours" is wanted, or null')
    return timedelta(**{f"{found[2]}s": int(found[1])})


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Measure(_Part):
    count: str | None = None
    sum: str | None = None
    mean: str | None = None
    value: str | None = None
    duration: str | None = None
    stock: str | None = None
    share: str | None = None
    where: str | None = None
    observed: str | None = None
    until: str | None = None
    stratum: str | None = None
    population: str | None = None


class _Statistic(_Part):
    quantile: float | None = Field(default=None, gt=0, lt=1)
    within: float | None = Field(default=None, gt=0)


class _Change(_Part):
    version: int
    on: date
    why: str
    moves: str


class _Target(_Part):
    fiscal_year: int
    value: float


class _Published(_Part):
    value: float
    period: str
    source: str


class _Release(_Part):
    program: int = Field(ge=0)
    executive: int = Field(ge=0)
    public: int = Field(ge=0)


class _Definition(_Part):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    question: str
    why: str
    not_this: str
    pillar: Literal["tools", "policy", "practice", "response", "community", "program"]
    status: Literal["draft", "live", "retired"]
    owner: str
    written_by: str
    checked_by: str
    reviewed_on: date
    review_again_by: date
    version: int
    changes: tuple[_Change, ...] = Field(min_length=1)
    kind: Kind
    source: str = Field(alias="from")
    at: str
    measure: _Measure | None = None
    numerator: _Measure | None = None
    denominator: _Measure | None = None
    statistic: _Statistic | None = None
    mature_after: Annotated[timedelta | None, BeforeValidator(_span)]
    unit: Unit
    better: Better
    grains: tuple[Grain, ...] = Field(min_length=1)
    dimensions: tuple[str, ...]
    targets: tuple[_Target, ...]
    release: _Release
    published: tuple[_Published, ...]
    caveats: tuple[str, ...]


def parse(file: yaml_file.YamlFile, marts: Mapping[str, Mart]) -> Metric:
    """The definition in `file` as a Metric; Faults with every fault of it otherwise."""
    written = yaml_file.check(file, _Definition, DefinitionFault)
    faults = _Checker(file, written, marts).faults()
    if faults:
        raise Faults(faults)
    return _metric(written)


class _Checker:
    """What the shape of a definition cannot say: names that must exist, keys that must go together."""

    def __init__(self, file: yaml_file.YamlFile, written: _Definition, marts: Mapping[str, Mart]) -> None:
        self.file, self.written, self.marts = file, written, marts
        self.found: list[UserFault] = []

    def faults(self) -> list[UserFault]:
        self._check_review()
        self._check_kind()
        mart = self.marts.get(self.written.source)
        if mart is None:
            self._say(
                ("from",), f'there is no mart "{self.written.source}"', self._near(self.written.source, self.marts)
            )
        else:
            self._check_columns(mart)
            self._check_release(mart)
        return sorted(self.found, key=lambda fault: int(fault.where.rsplit(":", 1)[1]))

    def _say(self, place: yaml_file.Place, found: str, wanted: str, remedy: str = "Correct it.") -> None:
        self.found.append(DefinitionFault(self.file.where(place), found, wanted, remedy))

    @staticmethod
    def _near(word: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
        near = difflib.get_close_matches(word, list(known), n=1)
        return f"one of {', '.join(sorted(known))}" + (f'; did you mean "{near[0]}"?' if near else "")

    def _check_review(self) -> None:
        one = self.written
        if one.written_by == one.checked_by:
            self._say(
                ("checked_by",),
                f'"{one.checked_by}" wrote it, too',
                "another role than written_by",
                "Ask another role.",
            )
        if one.review_again_by <= one.reviewed_on:
            self._say(("review_again_by",), "it is not after reviewed_on", "a later date")
        if one.version != max(change.version for change in one.changes):
            self._say(
                ("version",), f"version {one.version} has no line in changes", "a change for each version", "Add it."
            )

    def _check_kind(self) -> None:
        one = self.written
        for key in ("measure", "numerator", "denominator", "statistic"):
            has, wants = getattr(one, key) is not None, key in WANTED[one.kind]
            if has != wants:
                word = "is missing" if wants else "does not belong there"
                self._say((key,), f'"{key}" {word}', f"{' and '.join(WANTED[one.kind])} for kind {one.kind}")
        if one.statistic and (one.statistic.quantile is None) == (one.statistic.within is None):
            self._say(("statistic",), "quantile and within both or neither", "one of them")
        for key in ("measure", "numerator", "denominator"):
            part = getattr(one, key)
            if part is not None:
                self._check_measure(key, part)

    def _check_measure(self, key: str, part: _Measure) -> None:
        functions = [name for name in COUNTED if getattr(part, name) is not None]
        if len(functions) != 1 or functions[0] not in FUNCTIONS[self.written.kind]:
            wanted = f"one of {', '.join(FUNCTIONS[self.written.kind])} for kind {self.written.kind}"
            self._say((key,), f"it says {', '.join(functions) or 'nothing to count'}", wanted)
            return
        wants = COMPANIONS.get(functions[0], ())
        for name in ("observed", "until", "stratum", "population"):
            if (getattr(part, name) is not None) != (name in wants):
                self._say(
                    (key,),
                    f'"{name}" is missing or does not belong there',
                    f"{', '.join(wants) or 'none'} with {functions[0]}",
                )

    def _check_columns(self, mart: Mart) -> None:
        one = self.written
        for place, name in self._columns_named():
            if name not in mart.columns:
                self._say(
                    place, f'counts "{name}", which {mart.name} does not have', self._near(name, tuple(mart.columns))
                )
        for index, name in enumerate(one.dimensions):
            if name not in mart.dimensions:
                self._say(
                    ("dimensions", index), f'"{name}" is no dimension of {mart.name}', self._near(name, mart.dimensions)
                )
        for key in ("measure", "numerator", "denominator"):
            part = getattr(one, key)
            if part is not None and part.where is not None:
                try:
                    expression.condition(part.where, mart.columns)
                except expression.NotAnExpression as error:
                    self._say((key, "where"), error.found, error.wanted, error.remedy)

    def _columns_named(self) -> list[tuple[yaml_file.Place, str]]:
        named: list[tuple[yaml_file.Place, str]] = [(("at",), self.written.at)]
        for key in ("measure", "numerator", "denominator"):
            part = getattr(self.written, key)
            for name in (*COUNTED, "observed", "until", "stratum", "population") if part is not None else ():
                column = getattr(part, name)
                if column is not None and not (name == "count" and column == "*"):
                    named.append(((key, name), column))
        return named

    def _check_release(self, mart: Mart) -> None:
        for audience in AUDIENCES:
            least = FLOOR[audience] if mart.about_persons else 0
            if getattr(self.written.release, audience) < least:
                self._say(
                    ("release", audience),
                    f"a group of {getattr(self.written.release, audience)} is too small",
                    f"at least {least}, for rows are about persons",
                )


COUNTED = ("count", "sum", "mean", "value", "duration", "stock", "share")


def _metric(one: _Definition) -> Metric:
    shared = {
        name: getattr(one, name)
        for name in _Definition.model_fields
        if name
        not in ("changes", "targets", "release", "published", "measure", "numerator", "denominator", "statistic")
    }
    return Metric(
        **shared,
        changes=tuple(Change(**change.model_dump()) for change in one.changes),
        targets=tuple(Target(**target.model_dump()) for target in one.targets),
        published=tuple(Published(**value.model_dump()) for value in one.published),
        release={"program": one.release.program, "executive": one.release.executive, "public": one.release.public},
        measure=_measure(one.measure),
        numerator=_measure(one.numerator),
        denominator=_measure(one.denominator),
        statistic=Statistic(**one.statistic.model_dump()) if one.statistic else None,
    )


def _measure(part: _Measure | None) -> Measure | None:
    if part is None:
        return None
    function = next(name for name in COUNTED if getattr(part, name) is not None)
    return Measure(
        function, getattr(part, function), part.where, part.observed, part.until, part.stratum, part.population
    )
