"""Reads Phabricator's CSV export of tasks: how they stand, without tags and without history.

Titles are read where the settings want them; descriptions and people's names never are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from etl.feed import LandedFile, Reject, shape
from etl.formats import delimited
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise
from etl.formats.gathering import Outcome
from etl.formats.json_answers import Unreadable, moment, number, word
from etl.formats.phabricator_rows import TASKS, Reading

# By what Phorge calls its columns; the base engine adds the last two.
NAMES: Mapping[str, str] = {
    "id": "ID",
    "status": "Status",
    "priority": "Priority Name",
    "owner": "Owner PHID",
    "closed": "Date Closed",
    "title": "Title",
    "opened": "Created",
    "updated": "Modified",
}
NEEDED = ("id", "status", "opened")
PROMISE = Promise(TASKS, {"columns.id": "task"})


@dataclass(frozen=True)
class Export:
    """What the settings say of exported files. columns: names of columns where they are called otherwise.

    project, milestone: what all their tasks belong to, since an export does not tell tags.
    """

    columns: Mapping[str, str]
    project: str | None = None
    milestone: str | None = None


def outcomes(file: LandedFile, reading: Reading, export: Export) -> Iterator[tuple[int, tuple[Outcome, ...]]]:
    """Each task of the export, with the bytes read so far."""
    layout = Layout()
    records = delimited.records(file, layout)
    header = [name.strip() for name in next(records).fields]
    named = {**NAMES, **export.columns}
    wanted = {thing: name for thing, name in named.items() if thing in (*NEEDED, *export.columns) or name in header}
    places = delimited.check_columns(
        file, layout, header, [(f"columns.{one}", name) for one, name in wanted.items()], PROMISE
    )
    for record in records:
        yield record.done, (_outcome(reading, export, record, {one: places[name] for one, name in wanted.items()}),)


def _outcome(reading: Reading, export: Export, record: Record, places: Mapping[str, int]) -> Outcome:
    if record.broken:
        return Reject(record.line, record.broken, f"{len(record.fields)} fields")
    said = {name: record.fields[place].strip() for name, place in places.items()}
    try:
        return TASKS, _row(reading, export, record.line, said)
    except Unreadable as why:
        return Reject(record.line, why.rule, why.excerpt)


def _row(reading: Reading, export: Export, line: int, said: Mapping[str, str]) -> dict[str, object]:
    undecoded = [name for name, text in said.items() if delimited.is_undecoded(text)]
    if undecoded:
        raise Unreadable("text in utf-8 without NUL", f"{undecoded[0]}: {shape(said[undecoded[0]])}")
    key = number({"id": said["id"].removeprefix("T")}, "id")
    return {
        "line": line,
        "tracker": reading.tracker,
        "task": None if key is None else str(key),
        **{f"{name}_at": _past(reading, said, name) for name in ("opened", "updated", "closed")},
        "due_at": moment(said, "due"),
        "status": word(said, "status", 60),
        "state": reading.state(said["status"], "status"),
        "priority": word(said, "priority", 60),
        "owner": word(said, "owner", 64),
        "title": word(said, "title", 500) if reading.titles else None,
        "project": export.project,
        "milestone": export.milestone,
        "tells_tags": False,
    }


def _past(reading: Reading, said: Mapping[str, str], name: str) -> datetime | None:
    found = moment(said, name)
    if found is not None and found > reading.latest:
        raise Unreadable(f"{name} is not after the receipt of its file", f"{name}: year {found.year}")
    return found
