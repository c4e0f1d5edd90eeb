"""Turns what Phabricator's Conduit says of tasks, their tags and history into rows; and takes the text out before.

It asks no server and opens no file. Descriptions, comments and authors are never read; a title only where it is public
and the settings want it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etl.feed import Reject
from etl.formats.gathering import Outcome
from etl.formats.json_answers import Unreadable, number, part, unix_moment, word

TASKS, TAGS = "raw_phabricator_task", "raw_phabricator_tag"
TASK_TAGS, CHANGES = "raw_phabricator_task_tag", "raw_phabricator_change"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    TASKS: (
        "line", "tracker", "task", "opened_at", "updated_at", "closed_at", "due_at", "status", "state", "priority",
        "owner", "title", "project", "milestone", "tells_tags",
    ),
    TAGS: ("line", "tracker", "tag", "told_at", "position", "project", "milestone"),
    TASK_TAGS: ("line", "tracker", "task", "tag"),
    CHANGES: ("line", "tracker", "task", "change", "happened_at", "status", "state"),
}  # fmt: skip
TIMES = {"opened_at": "dateCreated", "updated_at": "dateModified", "closed_at": "dateClosed"}
PUBLIC = "public"


@dataclass(frozen=True)
class Rule:
    """Tags whose name or slug has the pattern belong to this project and milestone; both may use its groups."""

    pattern: re.Pattern[str]
    project: str | None
    milestone: str | None


@dataclass(frozen=True)
class Reading:
    """What the settings say of one tracker. states: of each status, folded. due: the custom field with the due date.

    latest: no time of the past can lie behind it.
    """

    tracker: str
    rules: tuple[Rule, ...]
    states: Mapping[str, str]
    titles: bool = False
    due: str | None = None
    latest: datetime = datetime.max

    @property
    def digest(self) -> str:
        """Changes with all that decides what of an answer is kept when it is fetched."""
        said = repr(([one.pattern.pattern for one in self.rules], self.titles, self.due))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def state(self, status: str | None, name: str) -> str:
        found = self.states.get((status or "").casefold())
        if found is None:
            raise Unreadable(f"{name} is one that the settings know", f"{name} is another word")
        return found


def outcomes(reading: Reading, line: int, content: Any, told_at: datetime | None = None) -> Iterator[Outcome]:
    """The rows of one answer: a page of tasks or of projects, or the transactions of tasks."""
    result = content.get("result") if isinstance(content, dict) else None
    if isinstance(result, dict) and isinstance(result.get("data"), list):
        for one in result["data"]:
            told = one if isinstance(one, dict) else {}
            reader = _tag if told.get("type") == "PROJ" else _task
            yield from _read(line, reader(reading, line, told, told_at))
    elif isinstance(result, dict) and result and all(isinstance(one, list) for one in result.values()):
        for transactions in result.values():
            for one in transactions:
                told = one if isinstance(one, dict) else {}
                yield from _read(line, _change(reading, line, told))
    elif result not in ([], {}):
        yield Reject(line, "an answer holds tasks, projects or transactions", type(content).__name__)


def without_text(reading: Reading, method: str, result: Any) -> dict[str, Any]:
    """The answer with what is read of it and nothing else: no description, comment or author, no other tag's name."""
    if method == "maniphest.gettasktransactions":
        listed = result.items() if isinstance(result, dict) else ()
        return {"result": {number_: _kept_changes(one) for number_, one in listed if isinstance(one, list)}}
    data = result.get("data") if isinstance(result, dict) else None
    keep = _kept_of_tag if method == "project.search" else _kept_of_task
    return {"result": {"data": [keep(reading, one) if isinstance(one, dict) else {} for one in data or ()]}}


def tags_of(task: Any) -> list[str]:
    """The PHIDs of a task's projects; none where the answer does not have them."""
    listed: Any = task
    for name in ("attachments", "projects", "projectPHIDs"):
        listed = listed.get(name) if isinstance(listed, dict) else None
    return [one for one in listed if isinstance(one, str) and len(one) <= 64] if isinstance(listed, list) else []


def _read(line: int, rows: Iterator[Outcome]) -> Iterator[Outcome]:
    try:
        yield from list(rows)
    except Unreadable as why:
        yield Reject(line, why.rule, why.excerpt)


def _task(reading: Reading, line: int, task: Mapping[str, Any], told_at: datetime | None) -> Iterator[Outcome]:
    fields = part(task, "fields")
    key = number(task, "id")
    status = word(part(fields, "status"), "value", 60)
    tells_tags = bool(part(part(task, "attachments"), "projects"))
    yield TASKS, {
        "line": line, "tracker": reading.tracker, "task": None if key is None else str(key),
        **{column: _past(reading, fields, name) for column, name in TIMES.items()},
        "due_at": unix_moment(fields, reading.due) if reading.due else None,
        "status": status, "state": reading.state(status, "status"),
        "priority": word(part(fields, "priority"), "name", 60), "owner": word(fields, "ownerPHID", 64),
        "title": _title(reading, fields),
        "project": None, "milestone": None, "tells_tags": tells_tags,
    }  # fmt: skip
    for tag in tags_of(task):
        yield TASK_TAGS, {"line": line, "tracker": reading.tracker, "task": str(key), "tag": tag}


def _tag(reading: Reading, line: int, tag: Mapping[str, Any], told_at: datetime | None) -> Iterator[Outcome]:
    fields = part(tag, "fields")
    names = [one for one in (word(fields, "name", 500), word(fields, "slug", 500)) if one]
    place, rule, match = _rule(reading, names) or (None, None, None)
    yield TAGS, {
        "line": line, "tracker": reading.tracker, "tag": word(tag, "phid", 64), "told_at": told_at, "position": place,
        "project": _expanded(match, rule.project) if rule else None,
        "milestone": _expanded(match, rule.milestone) if rule else None,
    }  # fmt: skip


def _change(reading: Reading, line: int, change: Mapping[str, Any]) -> Iterator[Outcome]:
    """A status that was set; transactions of other kinds, some without old and new value, say nothing here."""
    if change.get("transactionType") != "status":
        return
    status = word(change, "newValue", 60)
    key, task = number(change, "transactionID"), number(change, "taskID")
    yield CHANGES, {
        "line": line, "tracker": reading.tracker, "task": None if task is None else str(task),
        "change": None if key is None else str(key), "happened_at": _past(reading, change, "dateCreated"),
        "status": status, "state": reading.state(status, "newValue"),
    }  # fmt: skip


def _past(reading: Reading, content: Mapping[str, Any], name: str) -> datetime | None:
    found = unix_moment(content, name)
    if found is not None and found > reading.latest:
        raise Unreadable(f"{name} is not after the receipt of its file", f"{name}: year {found.year}")
    return found


def _rule(reading: Reading, names: list[str]) -> tuple[int, Rule, re.Match[str]] | None:
    for place, rule in enumerate(reading.rules):
        for name in names:
            match = rule.pattern.search(name)
            if match:
                return place, rule, match
    return None


def _expanded(match: re.Match[str] | None, template: str | None) -> str | None:
    if match is None or template is None:
        return None
    return match.expand(template).strip() or None


def _title(reading: Reading, fields: Mapping[str, Any]) -> str | None:
    is_public = part(fields, "policy").get("view") == PUBLIC
    return word(fields, "name", 500) if reading.titles and is_public else None


def _kept_of_task(reading: Reading, task: Mapping[str, Any]) -> dict[str, Any]:
    told = task.get("fields")
    fields = told if isinstance(told, dict) else {}
    policy, status, priority = (fields.get(name) for name in ("policy", "status", "priority"))
    is_public = isinstance(policy, dict) and policy.get("view") == PUBLIC
    names = ["dateCreated", "dateModified", "dateClosed", "ownerPHID", *([reading.due] if reading.due else [])]
    kept = {name: fields[name] for name in names if name in fields}
    kept["status"] = {"value": status.get("value")} if isinstance(status, dict) else None
    kept["priority"] = {"name": priority.get("name")} if isinstance(priority, dict) else None
    if reading.titles and is_public:
        kept |= {"name": fields.get("name"), "policy": {"view": PUBLIC}}
    tagged = {"projects": {"projectPHIDs": tags_of(task)}}
    return {"id": task.get("id"), "type": "TASK", "fields": kept, "attachments": tagged}


def _kept_of_tag(reading: Reading, tag: Mapping[str, Any]) -> dict[str, Any]:
    told = tag.get("fields")
    fields = {name: told.get(name) for name in ("name", "slug")} if isinstance(told, dict) else {}
    is_ours = _rule(reading, [one for one in fields.values() if isinstance(one, str)]) is not None
    return {"type": "PROJ", "phid": tag.get("phid"), "fields": fields if is_ours else {}}


def _kept_changes(transactions: list[Any]) -> list[dict[str, Any]]:
    names = ("transactionID", "taskID", "transactionType", "dateCreated", "oldValue", "newValue")
    return [
        {name: one.get(name) for name in names}
        for one in transactions
        if isinstance(one, dict) and one.get("transactionType") == "status"
    ]
