"""Reads a metric definition: every key required, unknown keys refused, all faults at once with line and remedy.

It touches nothing: a YAML file that was read, and the marts, come in; a Metric goes out.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from data_contracts import yaml_file
from data_contracts.faults import DefinitionFault, Faults
from metrics.semantic import expression, model, written
from metrics.semantic.model import AUDIENCES, WIKI, Audience, Mart, Metric

FLOOR: Mapping[Audience, int] = {"program": 5, "executive": 10, "public": 10}
MEASURES = ("measure", "numerator", "denominator")
WANTED: Mapping[str, tuple[str, ...]] = {
    "count": ("measure",),
    "sum": ("measure",),
    "mean": ("measure",),
    "distinct": ("measure",),
    "stock": ("measure",),
    "survey_share": ("measure",),
    "ratio": ("numerator", "denominator"),
    "quantile": ("measure", "statistic"),
    "duration": ("measure", "statistic"),
}
FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "count": ("count",),
    "sum": ("sum",),
    "mean": ("mean",),
    "distinct": ("distinct",),
    "stock": ("stock",),
    "survey_share": ("share",),
    "ratio": ("count", "sum"),
    "quantile": ("value",),
    "duration": ("duration",),
}
COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "duration": ("observed",),
    "stock": ("until",),
    "share": ("stratum", "population"),
}
MOST_PARTS, LONGEST = 1_000, 2_000  # keys and items; letters of one of them: what nobody can read nobody can check
# Signs by which a line reads otherwise than it is written, or that a terminal obeys.
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
MONTHLY = "month_at"  # a time by this name says of which month a row is, and of no day
NUMBER, TIME, TRUTH = ("BIGINT", "DOUBLE"), ("TIMESTAMP",), ("BOOLEAN",)
TYPES: Mapping[str, tuple[str, ...]] = {
    "at": TIME,
    "sum": NUMBER,
    "mean": NUMBER,
    "value": NUMBER,
    "distinct": ("VARCHAR", "BIGINT"),
    "duration": NUMBER,
    "stock": TIME,
    "share": TRUTH,
    "observed": TRUTH,
    "until": TIME,
    "population": NUMBER,
}  # what is counted, and a stratum, may be of any type


def parse(file: yaml_file.YamlFile, marts: Mapping[str, Mart]) -> Metric:
    """The definition in `file` as a Metric; Faults with every fault of it otherwise."""
    if len(file.lines) > MOST_PARTS:
        found = f"a definition of {len(file.lines):,} parts"
        raise DefinitionFault(file.where(()), found, f"one that fits a screen, at most {MOST_PARTS} parts", "Cut it.")
    draft = _Draft(file, yaml_file.check(file, written.Definition, DefinitionFault), marts)
    faults = [fault for check in CHECKS for fault in check(draft)]
    if faults:
        raise Faults(sorted(faults, key=lambda fault: int(fault.where.rsplit(":", 1)[1])))
    return _metric(draft.says)


@dataclass(frozen=True)
class _Draft:
    """A definition of the right shape, its file with the lines, and the marts that there are."""

    file: yaml_file.YamlFile
    says: written.Definition
    marts: Mapping[str, Mart]

    @property
    def mart(self) -> Mart | None:
        return self.marts.get(self.says.source)

    def mart_of(self, part: written.Measure) -> Mart | None:
        """The mart of a measure: its own where it says one, else the metric's."""
        return self.marts.get(part.source or self.says.source)

    @property
    def exposure(self) -> written.Measure | None:
        """What stands below the line, where it is of another mart."""
        below = self.says.denominator
        return below if below is not None and below.source is not None else None

    def measures(self) -> Iterator[tuple[str, written.Measure]]:
        for key in MEASURES:
            part = getattr(self.says, key)
            if part is not None:
                yield key, part

    def fault(self, place: yaml_file.Place, found: str, wanted: str, remedy: str = "Correct it.") -> DefinitionFault:
        return DefinitionFault(self.file.where(place), found, wanted, remedy)


def _wrong_review(draft: _Draft) -> Iterator[DefinitionFault]:
    says = draft.says
    if says.written_by == says.checked_by:
        found = f'"{says.checked_by}" wrote it, too'
        yield draft.fault(("checked_by",), found, "another role than written_by", "Ask another role.")
    if says.review_again_by <= says.reviewed_on:
        yield draft.fault(("review_again_by",), "it is not after reviewed_on", "a later date")
    if says.version != max(change.version for change in says.changes):
        found = f"version {says.version} is not the last of its changes"
        yield draft.fault(("version",), found, "a change for each version", "Add it.")


def _wrong_keys(draft: _Draft) -> Iterator[DefinitionFault]:
    """Keys that a kind wants, and those that do not belong to it."""
    says, kind = draft.says, draft.says.kind
    for key in (*MEASURES, "statistic"):
        has, wants = getattr(says, key) is not None, key in WANTED[kind]
        if has != wants:
            found = f'"{key}" {"is missing" if wants else "does not belong there"}'
            yield draft.fault((key,), found, f"{' and '.join(WANTED[kind])} for kind {kind}")
    if says.statistic and (says.statistic.quantile is None) == (says.statistic.within is None):
        yield draft.fault(("statistic",), "it has quantile and within, or neither", "one of them")
    if says.without_rows == "unknown" and kind not in ("count", "sum"):
        found = f"a {kind} without rows is unknown anyway, or is not made of rows"
        yield draft.fault(("without_rows",), found, "it with count and sum only", "Remove it.")
    if says.can_exceed_1 and (kind != "ratio" or any(part.functions != ("count",) for _, part in draft.measures())):
        found = "it says of something else than a ratio of counts that it can exceed 1"
        yield draft.fault(("can_exceed_1",), found, "it with ratios of counts only", "Remove it.")
    if says.per > 1 and says.unit != "rate":
        found = f"it is told per {says.per:,} in the unit {says.unit}"
        yield draft.fault(("per",), found, "per with the unit rate only", "Write unit: rate, or remove it.")
    if says.unit == "rate" and draft.exposure is None and not says.can_exceed_1:
        found = f"a {kind} in the unit rate"
        yield draft.fault(("unit",), found, "it with ratios whose events are not all below the line", "Correct it.")
    if says.mature_after is not None and kind in ("stock", "survey_share"):
        found = f"a {kind} has no windows that could be open"
        yield draft.fault(("mature_after",), found, "null", "Write null.")


def _wrong_measures(draft: _Draft) -> Iterator[DefinitionFault]:
    kind = draft.says.kind
    for key, part in draft.measures():
        if len(part.functions) != 1 or part.functions[0] not in FUNCTIONS[kind]:
            found = f"it says {' and '.join(part.functions) or 'nothing to count'}"
            yield draft.fault((key,), found, f"one of {', '.join(FUNCTIONS[kind])} for kind {kind}")
            continue
        wants = COMPANIONS.get(part.functions[0], ())
        for name in written.COMPANIONS:
            has = getattr(part, name) is not None
            if has != (name in wants):
                found = f'"{name}" {"does not belong there" if has else "is missing"}'
                yield draft.fault((key,), found, f"{' and '.join(wants) or 'nothing else'} with {part.functions[0]}")
    measure = draft.says.measure
    if kind == "stock" and measure is not None and measure.stock not in (None, draft.says.at):
        yield draft.fault(("at",), "a stock changes when a row enters it", f"at: {measure.stock}")


def _wrong_mart(draft: _Draft) -> Iterator[DefinitionFault]:
    if draft.mart is None:
        found = f'there is no mart "{draft.says.source}"'
        yield draft.fault(("from",), found, _near(draft.says.source, draft.marts))


def _wrong_columns(draft: _Draft) -> Iterator[DefinitionFault]:
    for place, name, mart in _columns(draft):
        types = TYPES.get(str(place[-1]))
        if mart is None:
            continue
        if name not in mart.columns:
            found = f'names "{name}", which {mart.name} does not have'
            yield draft.fault(place, found, _near(name, mart.columns))
        elif types and mart.columns[name] not in types:
            yield draft.fault(place, f'"{name}" is a {mart.columns[name]}', f"a column of type {' or '.join(types)}")
    for index, name in enumerate(draft.says.dimensions):
        if draft.mart is not None and name not in draft.mart.dimensions:
            found = f'"{name}" is no dimension of {draft.mart.name}'
            yield draft.fault(("dimensions", index), found, _near(name, draft.mart.dimensions))


def _wrong_conditions(draft: _Draft) -> Iterator[DefinitionFault]:
    for key, part in draft.measures():
        mart = draft.mart_of(part)
        try:
            if part.where is not None and mart is not None:
                expression.condition(part.where, mart.columns)
        except expression.NotAnExpression as error:
            own = f" Each side of a rate is narrowed by columns of its own mart, here {mart.name if mart else 'none'}."
            remedy = error.remedy if draft.exposure is None else error.remedy + own
            yield draft.fault((key, "where"), error.found, error.wanted, remedy)


def _wrong_distinct(draft: _Draft) -> Iterator[DefinitionFault]:
    """Parts that tell things apart stay where rows are deleted, so that these must be nobody."""
    measure = draft.says.measure
    if measure is not None and measure.distinct is not None and measure.distinct.endswith("_key"):
        found = f'"{measure.distinct}" tells persons apart, and would be remembered when their rows are deleted'
        yield draft.fault(("measure", "distinct"), found, "a column of things, such as language", "Count the rows.")


def _wrong_exposure(draft: _Draft) -> Iterator[DefinitionFault]:
    """Sides of two marts: each is counted by itself, and what only rows held side by side could say is refused."""
    says, part = draft.says, draft.exposure
    for key, one in draft.measures():
        if (one.source or one.at) and (key != "denominator" or one.source is None or one.at is None):
            found = f"{key} names {'a mart' if one.source else 'a time'} of its own"
            wanted = "from and at together, and below the line of a ratio only"
            yield draft.fault((key, "from" if one.source else "at"), found, wanted)
    if part is None or says.numerator is None:
        return
    mart, place = draft.mart_of(part), ("denominator", "from")
    if part.source == says.source:
        yield draft.fault(place, "it is the mart of the metric", "another mart, or none", "Remove from and at.")
    if mart is None:
        yield draft.fault(place, f'there is no mart "{part.source}"', _near(str(part.source), draft.marts))
    if says.numerator.functions != ("count",):
        found = "what happened is added up, so that nobody can tell of how many events a rate is"
        yield draft.fault(("numerator",), found, "a count of events", "Count them.")
    if part.sum is not None and mart is not None and mart.about_persons:
        found = "a sum does not say how many persons it is about, so that small groups could not be withheld"
        yield draft.fault(("denominator", "sum"), found, "a count", "Count the rows.")
    if says.unit != "rate" or says.can_exceed_1:
        found = "events of one mart for an exposure of another are a rate, which can be more than 1 anyway"
        yield draft.fault(("unit",), found, "unit: rate, without can_exceed_1")
    if says.mature_after is not None:
        found = "rows of two marts settle on days of their own, so that a rate of the settled ones is of other days"
        yield draft.fault(("mature_after",), found, "null", "Write null.")
    if mart is not None and draft.mart is not None:
        yield from _wrong_splits(draft, draft.mart, mart)


def _wrong_splits(draft: _Draft, mart: Mart, below: Mart) -> Iterator[DefinitionFault]:
    """Dimensions that do not mean the same in both marts of a rate. Of wikis both sides have to be of the same ones."""
    if WIKI in mart.dimensions and WIKI in below.dimensions and WIKI not in draft.says.dimensions:
        found = f'both marts tell of wikis, and "{WIKI}" is not among them'
        yield draft.fault(("dimensions",), found, "it too, so that a sum is of the wikis that both know", "Add it.")
    for index, name in enumerate(draft.says.dimensions):
        if name in mart.dimensions and name not in below.dimensions:
            found = f'"{name}" is a dimension of {mart.name} and not of {below.name}'
            remedy = "Remove it: which row belongs to which could only be told by a join, which would count rows twice."
            yield draft.fault(("dimensions", index), found, _near(name, below.dimensions), remedy)
        elif mart.meanings.get(name) != below.meanings.get(name):
            found = (
                f'"{name}" of {mart.name} is "{mart.meanings.get(name)}"; of {below.name} "{below.meanings.get(name)}"'
            )
            yield draft.fault(("dimensions", index), found, "the same thing in both contracts", "Remove it.")


def _wrong_grains(draft: _Draft) -> Iterator[DefinitionFault]:
    """Periods shorter than a row, and totals of two marts, which are known of other days."""
    times = {draft.says.at, *(part.at for _, part in draft.measures())}
    for index, grain in enumerate(draft.says.grains):
        if grain == "week" and MONTHLY in times:
            found = f"rows by {MONTHLY} are of whole months, which no week is"
            yield draft.fault(("grains", index), found, "month or longer", "Remove it.")
        if grain == "total" and draft.exposure is not None:
            found = (
                "the two marts may be known from other days on, and a total would set all of one against all of both"
            )
            yield draft.fault(("grains", index), found, "periods", "Remove it.")


def _wrong_release(draft: _Draft) -> Iterator[DefinitionFault]:
    """What is about persons has groups of persons, and none smaller than the floor may be seen."""
    marts = [draft.mart, *(draft.mart_of(part) for _, part in draft.measures())]
    if not any(mart is not None and mart.about_persons for mart in marts):
        return
    for audience in AUDIENCES:
        group, least = getattr(draft.says.release, audience), FLOOR[audience]
        if group < least:
            found = f"a group of {group} is too small"
            yield draft.fault(("release", audience), found, f"at least {least}, for rows are about persons")
    for key, part in draft.measures():
        if part.sum is not None and draft.says.kind != "ratio":  # of a ratio the rows are counted beside the sums
            found = "a sum does not say how many persons it is about, so that small groups could not be withheld"
            yield draft.fault((key, "sum"), found, "a count or a mean", "Count the rows, or take their mean.")


def _wrong_words(draft: _Draft) -> Iterator[DefinitionFault]:
    """What is shown to people is short enough to be read, and stands there as it is written."""
    for place, text in _texts((), draft.file.data):
        if len(text) > LONGEST:
            yield draft.fault(place, f"a text of {len(text):,} letters", f"at most {LONGEST:,}", "Say it shorter.")
        for sign in UNSEEN.findall(text)[:1]:
            found = f"a sign that nobody sees (U+{ord(sign):04X})"
            yield draft.fault(place, found, "signs that people can see", "Type the line anew.")


CHECKS: tuple[Callable[[_Draft], Iterator[DefinitionFault]], ...] = (
    _wrong_words,
    _wrong_review,
    _wrong_keys,
    _wrong_measures,
    _wrong_mart,
    _wrong_columns,
    _wrong_conditions,
    _wrong_distinct,
    _wrong_exposure,
    _wrong_grains,
    _wrong_release,
)


def _texts(place: yaml_file.Place, data: object) -> Iterator[tuple[yaml_file.Place, str]]:
    """Every text of a file, and where."""
    if isinstance(data, str):
        yield place, data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from _texts((*place, str(key)), value)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _texts((*place, index), value)


def _columns(draft: _Draft) -> Iterator[tuple[yaml_file.Place, str, Mart | None]]:
    """Every column that the definition names outside conditions, where, and of which mart."""
    yield ("at",), draft.says.at, draft.mart
    for key, part in draft.measures():
        for name in (*part.functions, *written.COMPANIONS, *(("at",) if part.source else ())):
            column = getattr(part, name)
            if column is not None and (name, column) != ("count", "*"):
                yield (key, name), column, draft.mart_of(part)


def _near(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1)
    return f"one of {', '.join(names) or 'none'}" + (f'; did you mean "{near[0]}"?' if near else "")


def _metric(says: written.Definition) -> Metric:
    parts = {"changes", "targets", "release", "published", "statistic", "read_with", *MEASURES}
    plain = {name: getattr(says, name) for name in written.Definition.model_fields if name not in parts}
    return Metric(
        **plain,
        changes=tuple(model.Change(**change.model_dump()) for change in says.changes),
        targets=tuple(model.Target(**target.model_dump()) for target in says.targets),
        published=tuple(model.Published(**value.model_dump()) for value in says.published),
        release={audience: getattr(says.release, audience) for audience in AUDIENCES},
        measure=_measure(says.measure),
        numerator=_measure(says.numerator),
        denominator=_measure(says.denominator),
        read_with=model.ReadWith(**says.read_with.model_dump()) if says.read_with else None,
        statistic=model.Statistic(**says.statistic.model_dump()) if says.statistic else None,
    )


def _measure(part: written.Measure | None) -> model.Measure | None:
    if part is None:
        return None
    (function,) = part.functions
    column = getattr(part, function)
    companions = {name: getattr(part, name) for name in (*written.COMPANIONS, "source", "at")}
    return model.Measure(function, column, part.where, **companions)
