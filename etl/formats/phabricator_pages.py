"""Asks Conduit for tasks, a page a piece, each with the names of its tags and the history of its status.

It stores nothing. What a server says to an error is never shown: it may quote the token.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from data_contracts.faults import FeedFault
from etl.feed import Piece
from etl.formats import phabricator_rows
from etl.formats.phabricator_rows import Reading
from etl.web import Answer, Web

LIMIT = 100
OVERLAP_S = 300  # a change may be written a little after the time that it bears
TOKEN_REFUSED = ("ERR-INVALID-AUTH", "ERR-INVALID-SESSION", "ERR-INVALID-TOKEN")
CODE = re.compile(r"[A-Z0-9_-]{1,60}", re.ASCII)


@dataclass(frozen=True)
class Asking:
    """How one tracker's server is asked. tasks_of: of which projects; start: of changes since then, in Unix seconds."""

    base: str
    reading: Reading
    web: Web
    token: str = field(repr=False)
    tasks_of: tuple[str, ...]
    start: int

    def ask(self, method: str, form: Mapping[str, str | int]) -> tuple[bytes, Any]:
        """The line for the piece, without text, and the result. A fault that comes with status 200 is one, too."""
        answer = self.web.post(f"{self.base}/api/{method}", {"api.token": self.token, **form})
        content = answer.json()
        check(answer.url, content)
        result = content.get("result") if isinstance(content, dict) else None
        if not isinstance(result, dict | list):
            raise FeedFault(answer.url, "an answer without a result", "Conduit's JSON", "Look at the address.")
        return self._line(method, form, answer, result), result

    def _line(self, method: str, form: Mapping[str, Any], answer: Answer, result: Any) -> bytes:
        kept = phabricator_rows.without_text(self.reading, method, result)
        line = {"asked": {"method": method, **form}, "at": f"{answer.received_at:%Y-%m-%dT%H:%M:%S}Z", "answer": kept}
        return json.dumps(line, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def check(where: str, content: Any) -> None:
    """FeedFault where Conduit answers with an error: it does so with status 200."""
    code = content.get("error_code") if isinstance(content, dict) else None
    if code is None:
        return
    shown = code if isinstance(code, str) and CODE.fullmatch(code) else "an error without a code"
    remedy = "Check the token." if shown in TOKEN_REFUSED else "Ask the server by hand, in its Conduit console."
    raise FeedFault(where, f"the server refused: {shown}", "an answer with a result", remedy)


def pieces(asking: Asking, known: dict[str, Any]) -> Iterator[Piece]:
    """Pages by the time of the last change: a task that changes meanwhile moves to the end and takes no other with it.

    The server's own cursor is the task that a page ended with; where that task changes, the tasks behind it would be
    passed over. So it serves only within a second in which more changed than a page holds.
    """
    start = max(asking.start, known.get("modified", OVERLAP_S) - OVERLAP_S)
    seen, tags, after = set(known.get("seen") or ()), set[str](), None
    modified: int = known.get("modified") or start
    while True:
        line, result = asking.ask("maniphest.search", _form(asking, start, after))
        page, onward = _page(asking, result)
        fresh = [task for task in page if _mark(task) not in seen]
        last = max((_modified(task) for task in page), default=start)
        modified = max(modified, last)
        seen |= {_mark(task) for task in fresh}
        seen = {mark for mark in seen if int(mark.rpartition(":")[2]) >= modified - OVERLAP_S}
        if fresh:
            more = _with_tags(asking, fresh, tags), _with_history(asking, fresh)
            cursor = {"modified": modified, "seen": sorted(seen), "wanted": asking.reading.digest}
            yield Piece(b"".join((line, *more)), cursor)
        if onward is None:
            return
        if last <= start and onward == after:
            raise FeedFault(f"{asking.base}/api/maniphest.search", "its next page begins where this one began")
        start, after = (last, None) if last > start else (start, onward)


def _form(asking: Asking, start: int, after: str | None) -> Mapping[str, str | int]:
    form: dict[str, str | int] = {
        "order": "outdated", "limit": LIMIT, "attachments[projects]": 1, "constraints[modifiedStart]": start,
    }  # fmt: skip
    form |= {f"constraints[projects][{place}]": one for place, one in enumerate(asking.tasks_of)}
    return form if after is None else {**form, "after": after}


def _page(asking: Asking, result: Any) -> tuple[list[Any], str | None]:
    """The tasks of a page, and the server's cursor of the next one."""
    data = result.get("data") if isinstance(result, dict) else None
    cursor = result.get("cursor") if isinstance(result, dict) else None
    where = f"{asking.base}/api/maniphest.search"
    if not isinstance(data, list) or not isinstance(cursor, dict):
        raise FeedFault(where, "an answer without tasks and cursor", "a page of tasks", "Look at the address.")
    tasks = [task for task in data if _modified(task)]
    times = [_modified(task) for task in tasks]
    if times != sorted(times):
        raise FeedFault(where, "tasks that are not in the order of their changes", "the order that was asked for")
    after = cursor.get("after")
    return tasks, str(after) if isinstance(after, str | int) and after else None


def _with_tags(asking: Asking, tasks: list[Any], known: set[str]) -> bytes:
    """The names of tags that this fetch has not asked for yet."""
    new = sorted({tag for task in tasks for tag in phabricator_rows.tags_of(task)} - known)
    lines = []
    for place in range(0, len(new), LIMIT):
        form = {f"constraints[phids][{number}]": tag for number, tag in enumerate(new[place : place + LIMIT])}
        lines.append(asking.ask("project.search", form)[0])
    known.update(new)
    return b"".join(lines)


def _with_history(asking: Asking, tasks: list[Any]) -> bytes:
    form = {f"ids[{place}]": int(task["id"]) for place, task in enumerate(tasks)}
    return asking.ask("maniphest.gettasktransactions", form)[0]


def _modified(task: Any) -> int:
    """When the task changed last, in seconds since 1970; 0 for what is no task."""
    fields = task.get("fields") if isinstance(task, dict) else None
    is_task = isinstance(fields, dict) and _is_number(task.get("id")) and _is_number(fields.get("dateModified"))
    return int(task["fields"]["dateModified"]) if is_task else 0


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _mark(task: Any) -> str:
    return f"{task['id']}:{_modified(task)}"
