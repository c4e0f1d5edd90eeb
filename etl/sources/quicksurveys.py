"""QuickSurveys: answers to short surveys on the wikis' own pages, from their event stream (QuickSurveysResponses 1).

It loads the answers to mapped questions, the range of edits and the token of the session; no page, no country, no
language and no free text is looked at. One person may answer twice, from two devices: nobody can tell.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject, shape
from etl.formats import delimited
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout
from etl.formats.drift import Promise
from etl.formats.event_lines import Event, events
from etl.formats.json_answers import Unreadable, moment, part, word
from etl.formats.report_words import bucket
from etl.formats.strata import label
from etl.formats.survey_words import (
    STRATUM_COLUMNS,
    Answers,
    Delimiter,
    Part,
    Text,
    Words,
    dimensions,
    listed,
    once,
    stratum_rows,
)

ANSWERS, STRATA = "raw_quicksurveys_answer", "raw_quicksurveys_stratum"
ANSWER_COLUMNS = (
    "line", "wave", "respondent", "wiki", "edit_bucket", "stratum", "measure", "is_yes", "answered_at", "closed_at",
)  # fmt: skip
LOGGED_OUT = "logged out"  # the member of edit_bucket that stands for people without an account
CANARY = "canary"
WIKI = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
MANY = re.compile(r"[*?\[]")

Named = Annotated[tuple[str, ...], BeforeValidator(listed), Field(min_length=1)]


def _one_file(pattern: str) -> str:
    if MANY.search(pattern):
        raise ValueError("one file is wanted, not a pattern")
    return pattern


class Measure(Answers):
    """What a question measures. question: its label; needed where the survey has several. yes, no: keys of answers."""

    question: Text | None = None


class Wave(Part):
    """One fielding of a survey: answers of the session's last word count, from opened_on to closed_on, whole days UTC.

    survey: its code name. by: the dimensions that tell strata apart. logged_out: people without an account are left
    out, or a stratum by themselves: then the strata file has it as edit_bucket "logged out".
    """

    wave: Text
    survey: Text
    files: Named
    strata: Annotated[Text, AfterValidator(_one_file)]
    opened_on: date | None = None
    closed_on: date
    by: tuple[Literal["wiki", "edit_bucket"], ...] = ("wiki", "edit_bucket")
    logged_out: Literal["left_out", "stratum"] = "left_out"
    wikis: Mapping[str, str] = Field(default_factory=dict)
    measures: Annotated[tuple[Measure, ...], Field(min_length=1)]
    missing: Words = ()
    strata_delimiter: Delimiter = ","
    strata_encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"

    @model_validator(mode="after")
    def _questions(self) -> "Wave":
        if self.files == (self.strata,):
            raise ValueError("files are those of the answers, and not the strata")
        once("measure", [one.measure for one in self.measures])
        if len(self.measures) > 1 and any(one.question is None for one in self.measures):
            raise ValueError("of several measures each needs its question")
        if self.logged_out == "stratum" and "edit_bucket" not in self.by:
            raise ValueError("logged_out: stratum needs edit_bucket among `by`")
        return self


class Settings(Part):
    """The waves of an instance."""

    waves: tuple[Wave, ...]

    @field_validator("waves")
    @classmethod
    def _each_once(cls, waves: tuple[Wave, ...]) -> tuple[Wave, ...]:
        once("wave", [one.wave for one in waves])
        return waves


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per wave: its strata first, then the files of the stream, read together."""
    return [
        Delivery("quicksurveys", (wave.strata, *wave.files), wave.model_dump(mode="json"), together=True)
        for wave in settings.waves
    ]


def read(landed: Landed) -> Iterator[Batch]:
    """The strata of a wave with their populations, then its answers, file by file; other surveys' are passed over.

    Without a file of answers all of them were deleted, once they were older than they may be.
    """
    wave = Wave.model_validate(landed.delivery.told)
    strata, *streams = landed.files
    populations: dict[str, int] = {}
    layout = Layout(wave.strata_delimiter, wave.strata_encoding)
    told_apart = tuple(name for name in ("wiki", "edit_bucket") if name in wave.by)
    found = stratum_rows(wave.wave, strata, layout, told_apart, populations, Promise(STRATA))
    yield from batches(STRATA, STRATUM_COLUMNS, found)
    reading = _Reading(wave, told_apart, populations)
    for place, file in enumerate(streams, start=1):
        yield from batches(ANSWERS, ANSWER_COLUMNS, _answers(reading, file), file=place)


def _answers(reading: "_Reading", file: LandedFile) -> Iterator[tuple[int, Row | Reject]]:
    for done, event in events(file):
        if isinstance(event, Reject):
            yield done, event
            continue
        yield from ((done, outcome) for outcome in reading.outcomes(event))


@dataclass(frozen=True)
class _Reading:
    """How events of one wave are read. populations: by stratum."""

    wave: Wave
    told_apart: tuple[str, ...]
    populations: Mapping[str, int]

    def outcomes(self, event: Event) -> list[Row | Reject]:
        try:
            return list(self._rows(event))
        except Unreadable as why:
            return [Reject(event.line, why.rule, why.excerpt)]

    def _rows(self, event: Event) -> Iterator[Row]:
        """A row for each measure that the answer is about: none where it is of another survey or question."""
        content, meta = event.content, part(event.content, "meta")
        said = part(content, "event")
        if word(meta, "domain") == CANARY or word(said, "surveyCodeName") != self.wave.survey:
            return
        label_ = word(said, "surveyQuestionLabel")
        asked = [one for one in self.wave.measures if one.question is None or one.question == label_]
        if not asked:
            return
        members = self._members(content, said)
        if members is None:
            return
        shared = {
            "line": event.line,
            "wave": self.wave.wave,
            "respondent": _respondent(meta, said),
            "answered_at": self._answered_at(content, meta),
            "stratum": self._stratum(members),
            **dimensions(members),
            "closed_at": datetime.combine(self.wave.closed_on, time(23, 59, 59)),
        }
        keys = [key for key in _keys(said) if key not in self.wave.missing]
        for one in asked if keys else ():
            yield {**shared, "measure": one.measure, "is_yes": _is_yes(one, keys)}

    def _members(self, content: Mapping[str, Any], said: Mapping[str, Any]) -> Mapping[str, str] | None:
        """The stratum's members by dimension; None for people without an account, where they are left out."""
        edits = bucket(word(said, "editCountBucket"))
        flag = said.get("isLoggedIn")
        if flag is not None and not isinstance(flag, bool):
            raise Unreadable("isLoggedIn is true or false", f"isLoggedIn: {type(flag).__name__}")
        if flag is None and edits is None:
            raise Unreadable("an answer says whether somebody was logged in, or their edits", "neither")
        if flag is False:  # copies without the flag tell people with an account by their edits
            if self.wave.logged_out == "left_out":
                return None
            edits = LOGGED_OUT
        found = {"wiki": self._wiki(content), "edit_bucket": edits or ""}
        return {name: found[name] for name in self.told_apart}

    def _wiki(self, content: Mapping[str, Any]) -> str:
        database = word(content, "wiki") or ""
        if not WIKI.fullmatch(database):
            raise Unreadable("wiki is the name of a database", f"wiki: {shape(database or 'missing')}")
        return self.wave.wikis.get(database, database)

    def _answered_at(self, content: Mapping[str, Any], meta: Mapping[str, Any]) -> datetime:
        """When the server got it; the time of the device, client_dt, is not believed."""
        at = moment(meta, "dt") or moment(content, "dt")
        if at is None:
            raise Unreadable("meta.dt is there", "meta.dt: missing")
        if not (self.wave.opened_on or date.min) <= at.date() <= self.wave.closed_on:
            raise Unreadable("the answer came while the wave was open", f"on another day of {at.year}")
        return at

    def _stratum(self, members: Mapping[str, str]) -> str:
        stratum = label(list(members.values()))
        if not self.populations.get(stratum):
            excerpt = "; ".join(f"{name}: {shape(member or 'empty')}" for name, member in members.items())
            raise Unreadable("the stratum is in the strata file, with people in it", excerpt)
        return stratum


def _respondent(meta: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """The token of the session; an answer without one stands for itself."""
    found = word(said, "surveySessionToken") or word(meta, "id")
    if found is None:
        raise Unreadable("surveySessionToken is there", "surveySessionToken: missing")
    return found


def _keys(said: Mapping[str, Any]) -> list[str]:
    """The keys of the answers: of the list, or of the one value that events had before it."""
    several = said.get("surveyAnswers")
    if several is None or several == []:
        one = word(said, "surveyResponseValue")
        several = [] if one is None else [one]
    if not isinstance(several, list) or not all(isinstance(key, str) for key in several):
        raise Unreadable("surveyAnswers is a list of keys", f"surveyAnswers: {type(several).__name__}")
    return [key.strip().casefold() for key in several if key.strip()]


def _is_yes(measure: Measure, keys: list[str]) -> bool:
    yes, no = (any(key in words for key in keys) for words in (measure.yes, measure.no))
    if yes == no or any(key not in measure.yes + measure.no for key in keys):
        rule = f"the answer is one of the keys for yes and no of {measure.measure}, and not of both"
        raise Unreadable(rule, f"{len(keys)} answers" if len(keys) > 1 else f"answer: {shape(keys[0])}")
    return yes
