"""Survey waves: complete responses as the tools export them, their questions mapped to measures, and their strata.

It loads what the mapped questions, the stratum columns and the token say; no other answer, and so no free text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from data_contracts.faults import FeedFault, UserFault
from etl.feed import Batch, Delivery, Landed, LandedFile, Reject, shape
from etl.formats import delimited, drift
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise, Wanted, watched
from etl.formats.responses import Responses, Tool, responses
from etl.formats.strata import label
from etl.formats.survey_words import (
    STRATUM_COLUMNS,
    Answers,
    Delimiter,
    Part,
    Text,
    Unread,
    Words,
    dimensions,
    once,
    stratum_rows,
)

ANSWERS, STRATA = "raw_survey_answer", "raw_survey_stratum"
ANSWER_COLUMNS = (
    "line", "wave", "respondent", "wiki", "edit_bucket", "stratum", "measure", "is_yes", "closed_at",
)  # fmt: skip
PROMISE = Promise(ANSWERS, {"token": "respondent", "id": "respondent"})
NOT_ANSWERED = ("", "n/a", "-99")  # LimeSurvey: not asked; Qualtrics: seen and passed over


class Measure(Answers):
    """What a question measures. question: its column in the export."""

    question: Text


class Stratum(Part):
    """The columns of the responses whose values name the stratum; what is not mapped is not told apart."""

    wiki: Text | None = None
    edit_bucket: Text | None = None

    def mapped(self) -> Mapping[str, str]:
        """The columns that the settings name, by dimension."""
        return {name: value for name, value in self if value is not None}


class Wave(Part):
    """One wave. token: the column that tells respondents apart, where one person can answer more than once.

    closed_on: its last day, as the export's own clock has it; what came later does not count. unread: columns that the
    export has besides; where they are named, a new one is told of.
    """

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
    unread: Unread = None

    @field_validator("measures")
    @classmethod
    def _each_once(cls, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
        once("measure", [one.measure for one in measures])
        return measures

    def wanted(self) -> list[Wanted]:
        """The columns that the settings name."""
        found = [(f"measures: {one.measure}", one.question) for one in self.measures]
        found += [(f"stratum.{name}", column) for name, column in self.stratum.mapped().items()]
        return [*found, ("token", self.token)] if self.token else found


class Settings(Part):
    """The survey waves of an instance."""

    waves: tuple[Wave, ...]

    @field_validator("waves")
    @classmethod
    def _each_once(cls, waves: tuple[Wave, ...]) -> tuple[Wave, ...]:
        once("wave", [one.wave for one in waves])
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
    layout = Layout(wave.strata_delimiter, wave.encoding)
    found = stratum_rows(wave.wave, landed.files[1], layout, tuple(wave.stratum.mapped()), populations, Promise(STRATA))
    yield from batches(STRATA, STRATUM_COLUMNS, found, file=1)
    answers = batches(ANSWERS, ANSWER_COLUMNS, _answers(wave, landed.files[0], populations))
    yield from watched(landed.files[0], wave.wanted(), PROMISE, answers)


def _answers(wave: Wave, file: LandedFile, populations: Mapping[str, int]) -> Iterator[tuple[int, Row | Reject]]:
    """The answers of complete responses. Of responses with one token the last counts, so they are held to the end."""
    layout = Layout(wave.delimiter, wave.encoding)
    export = responses(file, layout, wave.tool)
    reading = _Reading(wave, export, _places(wave, file, layout, export), populations)
    held: dict[str, Response] = {}
    done, fault = 0, None
    named = [column for _, column in wave.wanted()]
    yield from ((0, one) for one in drift.new(export.header, [*named, *export.ids], wave.unread, PROMISE))
    try:
        for record in export.records:
            done = record.done
            response = reading.response(record)
            if isinstance(response, Reject):
                yield done, response
                continue
            earlier = held.pop(response.respondent, None)
            if earlier is not None and _is_later(earlier, response):
                earlier, response = response, earlier
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
    wanted = wave.wanted()
    wanted += [("id", name) for name in export.ids if name in export.header and name != wave.token]
    return delimited.check_columns(file, layout, export.header, wanted, PROMISE)


@dataclass(frozen=True)
class Response:
    """A complete response: what it says on each measure, or why that cannot be read; and when it came, if known."""

    line: int
    respondent: str
    at: datetime | None
    answers: tuple[Row | Reject, ...]


def _is_later(one: Response, other: Response) -> bool:
    """Whether `one`, which stands before `other` in the file, came after it: exports are not always in order."""
    return one.at is not None and other.at is not None and one.at > other.at


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
        at = self.export.answered_at(record)
        if at is not None and at.date() > self.wave.closed_on:
            return Reject(
                record.line,
                "the response came before the wave closed",
                f"{(at.date() - self.wave.closed_on).days} days later",
            )
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
            **dimensions({name: member or "" for name, member in members.items()}),
            "closed_at": datetime.combine(self.wave.closed_on, time(23, 59, 59)),
        }
        answers = (self._answer(record, one, shared) for one in self.wave.measures)
        return Response(record.line, respondent, at, tuple(answer for answer in answers if answer is not None))

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
