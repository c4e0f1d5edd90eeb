"""Reads answers of the Analytics API about editors: {"items": [{project, ..., "results": [{timestamp, editors}]}]}.

It knows no server and no file: it is given answers, and gives figures, or says why there is none.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

from etl.feed import Batch, Reject, shape
from etl.formats.json_answers import Answer, Unreadable, number, word

EDITOR_TYPES = ("anonymous", "group-bot", "name-bot", "user")
ACTIVITY_LEVELS = ("1..4-edits", "5..24-edits", "25..99-edits", "100..-edits", "all-activity-levels")
KEYS = ("editor-type", "page-type", "activity-level", "granularity")
_ERROR = frozenset({"type", "title", "detail"})
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:00|T00:00:00(?:\.0+)?Z)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; a row of the raw table."""

    line: int
    wiki: str
    editor_type: str
    page_type: str
    activity_level: str
    granularity: str
    starts_on: date
    ends_on: date
    editors: int
    retrieved_at: datetime


COLUMNS = tuple(one.name for one in fields(Figure))


@dataclass
class Gathered:
    """The figures and refusals of a file, and the first and last days of their periods, by wiki."""

    rows: list[Figure] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    days: set[tuple[str, date]] = field(default_factory=set)

    def take(self, line: int, found: Iterator[Figure | Unreadable]) -> None:
        for one in found:
            if isinstance(one, Unreadable):
                self.rejects.append(Reject(line, one.rule, one.excerpt))
                continue
            self.rows.append(one)
            if one.ends_on < one.retrieved_at.date():  # the contract refuses the others
                self.days |= {(one.wiki, one.starts_on), (one.wiki, one.ends_on)}

    def batches(self, done: int) -> Iterator[Batch]:
        columns = {name: [getattr(row, name) for row in self.rows] for name in COLUMNS}
        yield Batch("raw_aqs_editors", columns, tuple(self.rejects), done)
        wikis, days = [wiki for wiki, _ in sorted(self.days)], [day for _, day in sorted(self.days)]
        yield Batch("raw_aqs_editors_day", {"line": [1] * len(days), "wiki": wikis, "day_on": days}, (), done)


def figures(answer: Answer, wikis: Mapping[str, str], received_at: datetime) -> Iterator[Figure | Unreadable]:
    """Every figure of an answer, or what is wrong where it would stand. wikis: by project.

    received_at: when the answer came, where it does not say so itself.
    """
    try:
        items = _items(answer.content)
    except Unreadable as why:
        yield why
        return
    for item in items:
        try:
            wiki, words, results = _of_item(item, wikis)
        except Unreadable as why:
            yield why
            continue
        for result in results:
            try:
                yield _figure(answer.line, wiki, words, result, answer.at or received_at)
            except Unreadable as why:
                yield why


def _items(content: Any) -> list[Any]:
    if isinstance(content, dict) and content.keys() >= _ERROR:
        raise Unreadable("the answer has figures, and is no error", f"title: {shape(content['title'])}")
    items = content.get("items") if isinstance(content, dict) else None
    if not isinstance(items, list):
        raise Unreadable("the answer has items", type(content).__name__)
    return items


def _of_item(item: Any, wikis: Mapping[str, str]) -> tuple[str, tuple[str, ...], list[Any]]:
    if not isinstance(item, dict):
        raise Unreadable("an item is an object", type(item).__name__)
    project = (word(item, "project") or "").removesuffix(".org")
    if project.startswith("all-"):
        raise Unreadable("no item is a sum over projects", f"project: {shape(project)}")
    if project not in wikis:
        raise Unreadable("the project is one of the settings", f"project: {shape(project)}")
    words = [word(item, key) for key in KEYS]
    missing = next((key for key, said in zip(KEYS, words, strict=True) if said is None), None)
    if missing:
        raise Unreadable(f"{missing} is present", f"{missing}: nothing")
    results = item.get("results")
    if not isinstance(results, list):
        raise Unreadable("an item has results", f"results: {type(results).__name__}")
    return wikis[project], tuple(said or "" for said in words), results


def _figure(line: int, wiki: str, words: tuple[str, ...], result: Any, at: datetime) -> Figure:
    if not isinstance(result, dict):
        raise Unreadable("a result is an object", type(result).__name__)
    starts_on = _day(word(result, "timestamp"))
    editors = number(result, "editors")
    if editors is None:
        raise Unreadable("editors is a whole number", "editors: nothing")
    ends_on = _last_of_month(starts_on) if words[-1] == "monthly" else starts_on
    editor_type, page_type, activity_level, granularity = words
    return Figure(line, wiki, editor_type, page_type, activity_level, granularity, starts_on, ends_on, editors, at)


def _day(text: str | None) -> date:
    """A day as YYYY-MM-DD, YYYYMMDD or YYYYMMDDHH, or as a time that is its midnight in UTC."""
    parts = _DAY.fullmatch(text or "")
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    raise Unreadable("timestamp is the beginning of a day", f"timestamp: {shape(text)}")


def _last_of_month(day: date) -> date:
    if (day.year, day.month) == (date.max.year, date.max.month):
        return date.max
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
