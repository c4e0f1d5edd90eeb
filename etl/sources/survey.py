"""Survey waves: complete responses in Qualtrics or LimeSurvey, their questions mapped to measures, and their strata.

It loads what the mapped questions, the stratum columns and the token say; no other answer, and so no free text.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from data_contracts.faults import FeedFault, UserFault
from etl.feed import Batch, Delivery, Landed, LandedFile, Reject, shape
from etl.formats import delimited
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout, Record
from etl.formats.responses import Responses, Tool, responses
from etl.formats.strata import DIMENSIONS, EVERYBODY, label, strata

ANSWERS, STRATA = "raw_survey_answer", "raw_survey_stratum"
ANSWER_COLUMNS = (
    "line", "wave", "respondent", "wiki", "edit_bucket", "stratum", "measure", "is_yes", "closed_at",
)  # fmt: skip
STRATUM_COLUMNS = ("line", "wave", "stratum", "wiki", "edit_bucket", "population")
NOT_ANSWERED = ("", "n/a", "-99")  # LimeSurvey: not asked; Qualtrics: seen and passed over


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]
Text = Annotated[str, Field(min_length=1)]
Delimiter = Annotated[str, Field(min_length=1, max_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Measure(_Part):
    """What a question measures, and which answers to it are yes and no; cases of letters do not matter."""

    measure: Text
    question: Text
    yes: Words
    no: Words

    @model_validator(mode="after")
    def _apart(self) -> "Measure":
        both = sorted(set(self.yes) & set(self.no))
        if both or not self.yes or not self.no:
            raise ValueError(f"{', '.join(both)} is both yes and no" if both else "yes and no need an answer each")
        return self


class Stratum(_Part):
    """The columns of the responses whose values name the stratum; what is not mapped is not told apart."""

    wiki: Text | None = None
    edit_bucket: Text | None = None

    def mapped(self) -> Mapping[str, str]:
        """The columns that the settings name, by dimension."""
        return {name: value for name, value in self if value is not None}


class Wave(_Part):
    """One wave. token: the column that tells respondents apart, where one person can answer more than once."""

    wave: Text
    tool: Tool
    responses: Text
    strata: Text
    closed_on: date
    stratum: Stratum = Stratum()
    token: Text | None = None
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    delimiter: Delimiter = ","
    strata_delimiter: Delimiter = ","
    encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"
    missing: Words = NOT_ANSWERED

    @field_validator("measures")
    @classmethod
    def _each_once(cls, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        _once("measure", [one.measure for one in measures])
        return measures


class Settings(_Part):
    """The survey waves of an instance."""

    waves: tuple[Wave, ...]

    @field_validator("waves")
    @classmethod
    def _each_once(cls, waves: tuple[Wave, ...]) -> tuple[Wave, ...]:
        _once("wave", [one.wave for one in waves])
        return waves


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per wave: its responses and its strata, read together."""
    return [
        Delivery("survey", (wave.responses, wave.strata), wave.model_dump(mode="json"), together=True)
        for wave in settings.waves
    ]


def read(landed: Landed) -> Iterator[Batch]:
    """The strata of a wave with their populations, then its answers."""
    wave = Wave.model_validate(landed.delivery.told)
    if len(landed.files) != 2:
        raise FeedFault(
            f"feeds.survey in upstander.yml, wave {wave.wave}", f"{len(landed.files)} files",
            "two: responses and strata", "Name one file for each.",
        )  # fmt: skip
    populations: dict[str, int] = {}
    yield from batches(STRATA, STRATUM_COLUMNS, _strata(wave, landed.files[1], populations), file=1)
    yield from batches(ANSWERS, ANSWER_COLUMNS, _answers(wave, landed.files[0], populations))


def _strata(wave: Wave, file: LandedFile, populations: dict[str, int]) -> Iterator[tuple[int, Row | Reject]]:
    """A row for each stratum, also where nobody answered; `populations` is filled on the way."""
    layout = Layout(wave.strata_delimiter, wave.encoding)
    for done, one in strata(file, layout, tuple(wave.stratum.mapped())):
        if isinstance(one, Reject):
            yield done, one
            continue
        populations[one.label] = one.population
        yield (
            done,
            {
                "line": one.line,
                "wave": wave.wave,
                "stratum": one.label,
                **_dimensions(one.members),
                "population": one.population,
            },
        )


def _answers(wave: Wave, file: LandedFile, populations: Mapping[str, int]) -> Iterator[tuple[int, Row | Reject]]:
    """The answers of complete responses. Of responses with one token the last counts, so they are held to the end."""
    layout = Layout(wave.delimiter, wave.encoding)
    export = responses(file, layout, wave.tool)
    reading = _Reading(wave, export, _places(wave, file, layout, export), populations)
    held: dict[str, Response] = {}
    done, fault = 0, None
    try:
        for record in export.records:
            done = record.done
            response = reading.response(record)
            if isinstance(response, Reject):
                yield done, response
                continue
            earlier = held.pop(response.respondent, None)
            if earlier is not None:
                yield (
                    done,
                    Reject(earlier.line, "of several responses with one token the last counts", "an earlier one"),
                )
            held[response.respondent] = response
    except UserFault as error:
        fault = error
    yield from ((done, answer) for response in held.values() for answer in response.answers)
    if fault is not None:
        raise fault


def _places(wave: Wave, file: LandedFile, layout: Layout, export: Responses) -> Mapping[str, int]:
    """Where the columns stand that the wave reads; the tool's own columns of ids as far as the export has them."""
    wanted = [(f"measures: {one.measure}", one.question) for one in wave.measures]
    wanted += [(f"stratum.{name}", column) for name, column in wave.stratum.mapped().items()]
    wanted += [("token", wave.token)] if wave.token else []
    wanted += [("id", name) for name in export.ids if name in export.header and name != wave.token]
    return delimited.check_columns(file, layout, export.header, wanted)


@dataclass(frozen=True)
class Response:
    """A complete response: what it says on each measure, or why that cannot be read."""

    line: int
    respondent: str
    answers: tuple[Row | Reject, ...]


@dataclass(frozen=True)
class _Reading:
    """How responses of one wave are read. places: where each column stands. populations: by stratum."""

    wave: Wave
    export: Responses
    places: Mapping[str, int]
    populations: Mapping[str, int]

    def response(self, record: Record) -> Response | Reject:
        if record.broken:
            return Reject(record.line, record.broken, f"{len(record.fields)} fields")
        refused = self.export.refused(record) or self._undecoded(record)
        if refused is not None:
            return refused
        members = {name: self._said(record, column) for name, column in self.wave.stratum.mapped().items()}
        stratum = label([member or "" for member in members.values()])
        if not self.populations.get(stratum):
            columns = self.wave.stratum.mapped()
            excerpt = "; ".join(f"{columns[name]}: {shape(member or 'empty')}" for name, member in members.items())
            return Reject(record.line, "the stratum is in the strata file, with people in it", excerpt)
        respondent = self._respondent(record)
        shared = {
            "line": record.line,
            "wave": self.wave.wave,
            "respondent": respondent,
            "stratum": stratum,
            **_dimensions({name: member or "" for name, member in members.items()}),
            "closed_at": datetime.combine(self.wave.closed_on, time(23, 59, 59)),
        }
        answers = (self._answer(record, one, shared) for one in self.wave.measures)
        return Response(record.line, respondent, tuple(answer for answer in answers if answer is not None))

    def _answer(self, record: Record, one: Measure, shared: Row) -> Row | Reject | None:
        """None where the question was not answered, or not asked."""
        text = self._said(record, one.question)
        if text is None:
            return None
        word = text.casefold()
        if word not in one.yes and word not in one.no:
            rule = f"the answer to {one.question} is one of the words for yes and no of {one.measure}"
            return Reject(record.line, rule, f"{one.question}: {shape(text)}")
        return {**shared, "measure": one.measure, "is_yes": word in one.yes}

    def _respondent(self, record: Record) -> str:
        """The token; without one the response stands for itself."""
        if self.wave.token and (token := self._said(record, self.wave.token)):
            return token
        columns = [name for name in self.export.ids if name in self.places]
        return next((text for name in columns if (text := self._said(record, name))), f"line {record.line}")

    def _undecoded(self, record: Record) -> Reject | None:
        for column, place in self.places.items():
            if delimited.is_undecoded(record.fields[place]):
                excerpt = f"{column}: {shape(record.fields[place])}"
                return Reject(record.line, f"text in {self.wave.encoding} without NUL", excerpt)
        return None

    def _said(self, record: Record, column: str) -> str | None:
        text = record.fields[self.places[column]].strip()
        return None if text == "" or text.casefold() in self.wave.missing else text


def _dimensions(members: Mapping[str, str]) -> Row:
    return {name: members.get(name, EVERYBODY) for name in DIMENSIONS}


def _once(kind: str, names: list[str]) -> None:
    twice = sorted(name for name, count in Counter(names).items() if count > 1)
    if twice:
        raise ValueError(f"each {kind} once; {', '.join(twice)} stands more than once")
