"""Scores that a model gave to talk comments, from a table of numbers: how likely each is an attack. Never the comments.

A file that holds text is refused as a whole. Comments are told apart by a number that becomes a keyed hash.
"""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject, shape
from etl.formats import delimited, drift, scores, times
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise, Wanted, watched
from etl.formats.survey_words import Delimiter, Part, Text, Unread, Words, listed, once

TABLE = "raw_comment_scores"
COLUMNS = (
    "line", "comment", "wiki", "page_kind", "author_kind", "commented_at", "model", "score", "threshold", "weight",
    "is_in_force",
)  # fmt: skip
PROMISE = Promise(
    TABLE,
    {
        "columns.id": "comment",
        "columns.at": "commented_at",
        "columns.page": "page_kind",
        "columns.author": "author_kind",
    },
)
PAGES = {"1": "article_talk", "3": "user_talk", "article": "article_talk", "user": "user_talk"}
AUTHORS = ("registered", "anonymous", "temporary", "bot")
MONTH = re.compile(r"(\d{4})-(\d{2})")
WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:+-]{0,63}")
HEAVIEST = 1e9
FIRST = datetime(2001, 1, 1)
AHEAD = timedelta(days=1)  # a time this far behind the receipt of its file cannot be true

Named = Annotated[tuple[str, ...], BeforeValidator(listed), Field(min_length=1)]


class Columns(Part):
    """The file's column for each thing. id: any number or hash of the comment; without weight each counts as one."""

    id: Text
    at: Text
    score: Text
    wiki: Text | None = None
    page: Text | None = None
    author: Text | None = None
    model: Text | None = None
    weight: Text | None = None

    def mapped(self) -> Mapping[str, str]:
        """The columns that the settings name, by what they mean."""
        return {name: value for name, value in self if value is not None}

    def wanted(self) -> list[Wanted]:
        return [(f"columns.{name}", column) for name, column in self.mapped().items()]


class Model(Part):
    """One version of a model. threshold: the score from which a comment counts as an attack.

    since: the first moment whose comments are counted by this version; the versions follow each other.
    """

    model: Text
    threshold: float = Field(gt=0, le=1)
    since: datetime = FIRST


class Settings(Part):
    """Where the scores lie. wiki: of files without a column of it. pages, authors: the file's words for each kind.

    format: of times, as `strptime` reads it, in `zone`; a month such as 2015-03 is understood without it.
    unread: columns that the file has besides; where they are named, a new one is told of.
    """

    files: Named
    columns: Columns
    models: Annotated[tuple[Model, ...], Field(min_length=1)]
    wiki: Text | None = None
    wikis: Mapping[str, str] = Field(default_factory=dict)
    pages: Mapping[str, Words] = Field(default_factory=dict)
    authors: Mapping[Literal["registered", "anonymous", "temporary", "bot"], Words] = Field(default_factory=dict)
    delimiter: Delimiter = "\t"
    encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"
    zone: Annotated[str, AfterValidator(lambda name: times.zone(name).key)] = "UTC"
    format: Annotated[str, AfterValidator(times.check_format)] = "%Y-%m-%d %H:%M:%S"
    unread: Unread = None

    @field_validator("models")
    @classmethod
    def _follow(cls, models: tuple[Model, ...]) -> tuple[Model, ...]:
        if any(one.since.tzinfo for one in models):
            raise ValueError("since is a day or a time in UTC, without an offset")
        once("model", [one.model for one in models])
        once("since of models", [one.since.isoformat() for one in models])
        if min(one.since for one in models) > FIRST:
            raise ValueError("the first version counts from the beginning: its since is left out")
        return models

    @model_validator(mode="after")
    def _known(self) -> "Settings":
        if (self.wiki is None) == (self.columns.wiki is None):
            raise ValueError("either wiki or columns.wiki says whose comments they are")
        if self.columns.model is None and len(self.models) > 1:
            raise ValueError("of several models columns.model must say which one scored")
        strange = sorted(set(self.pages) - set(PAGES.values()) - {"other_talk"})
        if strange:
            raise ValueError(f"pages: {', '.join(strange)} is none of article_talk, user_talk, other_talk")
        return self


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery; its files are read one at a time."""
    return [Delivery("comment_scores", settings.files, settings.model_dump(mode="json", exclude={"files"}))]


def read(landed: Landed) -> Iterator[Batch]:
    """The scores of one file, in its order; FeedFault at the first sign of text."""
    (file,) = landed.files
    told = Settings.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    found = batches(TABLE, COLUMNS, _outcomes(file, told))
    yield from watched(file, told.columns.wanted(), PROMISE, found)


def _outcomes(file: LandedFile, told: Settings) -> Iterator[tuple[int, Row | Reject]]:
    layout = Layout(told.delimiter, told.encoding)
    records = delimited.records(file, layout)
    header = [name.strip() for name in next(records).fields]
    mapped = told.columns.mapped()
    scores.check_header(file, header, list(mapped.values()))
    places = delimited.check_columns(file, layout, header, told.columns.wanted(), PROMISE)
    yield from ((0, one) for one in drift.new(header, places, told.unread, PROMISE))
    reading = _reading(told, {name: places[column] for name, column in mapped.items()}, file)
    for record in records:
        if not record.broken:
            scores.check_fields(file, record, header, (reading.places["at"],))
        yield record.done, reading.outcome(record)


def _reading(told: Settings, places: Mapping[str, int], file: LandedFile) -> "_Reading":
    kinds = [{word: kind for kind, words in said.items() for word in words} for said in (told.pages, told.authors)]
    models = sorted(told.models, key=lambda one: one.since)
    return _Reading(
        told, places, kinds[0], kinds[1],
        {one.model: one for one in models}, [one.since for one in models], [one.model for one in models],
        times.Clock(told.zone, told.format), file.received_at + AHEAD,
    )  # fmt: skip


class _Unreadable(Exception):
    """What makes a row unusable: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


@dataclass(frozen=True)
class _Reading:
    """How rows are read. places: where each thing stands. latest: no comment lies behind it.

    changes, versions: from which moment on which version of the model counts, in order.
    """

    told: Settings
    places: Mapping[str, int]
    pages: Mapping[str, str]
    authors: Mapping[str, str]
    models: Mapping[str, Model]
    changes: Sequence[datetime]
    versions: Sequence[str]
    clock: times.Clock
    latest: datetime

    def outcome(self, record: Record) -> Row | Reject:
        if record.broken:
            return Reject(record.line, record.broken, f"{len(record.fields)} fields")
        try:
            return self._row(record)
        except _Unreadable as why:
            return Reject(record.line, why.rule, why.excerpt)

    def _row(self, record: Record) -> Row:
        said = {name: record.fields[place].strip() for name, place in self.places.items()}
        wiki = self._word("wiki", said.get("wiki", self.told.wiki or ""))
        model, at = self._model(said), self._time(said["at"])
        return {
            "line": record.line,
            "comment": self._word("id", said["id"]),
            "wiki": self.told.wikis.get(wiki, wiki),
            "page_kind": self._page(said.get("page", "")),
            "author_kind": self._author(said.get("author", "")),
            "commented_at": at,
            "model": model.model,
            "score": self._number("score", said["score"], 0, 1),
            "threshold": model.threshold,
            "weight": self._weight(said),
            "is_in_force": self.versions[bisect_right(self.changes, at) - 1] == model.model,
        }

    def _model(self, said: Mapping[str, str]) -> Model:
        """A version that the settings do not name has no threshold: what it says cannot be compared with anything."""
        if "model" not in said:
            return self.told.models[0]
        if said["model"] not in self.models:
            raise _Unreadable(
                "the model is one that the settings have a threshold for", f"model: {shape(said['model'])}"
            )
        return self.models[said["model"]]

    def _page(self, word: str) -> str | None:
        if not word:
            return None
        return self.pages.get(word.casefold()) or PAGES.get(word.casefold()) or "other_talk"

    def _author(self, word: str) -> str | None:
        """Unknown where the word is in nobody's list: an account is not taken for a person without one."""
        known = self.authors.get(word.casefold())
        return known or (word.casefold() if word.casefold() in AUTHORS else None)

    def _time(self, text: str) -> datetime:
        month = MONTH.fullmatch(text)
        try:
            at = datetime(int(month[1]), int(month[2]), 1) if month else self.clock.utc(text)
        except ValueError as error:
            raise _Unreadable(f"at is a month or a time as in {self.told.format}", f"at: {shape(text)}") from error
        if not FIRST <= at <= self.latest:
            raise _Unreadable("at is a time between 2001 and the receipt of the file", f"at: year {at.year}")
        return at

    def _weight(self, said: Mapping[str, str]) -> float:
        if "weight" not in said:
            return 1.0
        weight = self._number("weight", said["weight"], 0, HEAVIEST)
        if weight == 0:
            raise _Unreadable("weight is over 0", "weight: 0")
        return weight

    def _number(self, name: str, text: str, least: float, most: float) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most or not text.isascii() or "_" in text:
            raise _Unreadable(f"{name} is a number from {least:g} to {most:g}", f"{name}: {shape(text)}")
        return value

    def _word(self, name: str, text: str) -> str:
        if not WORD.fullmatch(text):
            raise _Unreadable(f"{name} is one word", f"{name}: {shape(text or 'empty')}")
        return text
