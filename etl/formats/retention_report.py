"""Reads the Dashboard's "Retention predictors" CSV: a summary, an empty line, and a block with a row per participant.

Only the block of participants is read: the summary is made of it. The words of its header about long-term editors once
said 1000 edits; what counts is the number, which stops at "500+".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats import delimited
from etl.formats.cells import Cells, Unreadable
from etl.formats.delimited import Layout
from etl.formats.drift import Promise

BLOCK = "Per-student detail"
NAMES: Mapping[str, str] = {
    "participant": "username",
    "sessions_during": "sessions during course",
    "sessions_after": "sessions in 30 days after course",
    "edits_in_days_60_to_90": "edits in days 60-90",
    "edits_before": "edits before course",
    "courses_before": "prior courses",
}
COLUMNS = tuple(NAMES)
PROMISE = Promise("raw_events_retention", {column: name for name, column in NAMES.items()})
LONG_TERM = 500  # edits before the course: such an editor who keeps editing is nothing that the course achieved


def cells(file: LandedFile) -> Iterator[tuple[int, Cells | Reject]]:
    """The rows of participants, with the bytes read so far."""
    header: list[str] | None = None
    is_next = is_seen = False
    places: Mapping[str, int] = {}
    short: int | None = None
    for record in delimited.records(file, Layout()):
        if short is not None:
            yield record.done, Reject(short, "the row has as many fields as the header", "fewer fields")
            short = None
        if header is not None:
            if not record.fields or len(record.fields) > len(header):
                yield record.done, Reject(record.line, "the row has as many fields as the header", "another number")
            elif len(record.fields) < len(header):
                short = record.line  # at the end of the file it was cut short, else it is one row that is wrong
            else:
                is_seen = True
                yield record.done, Cells(record.line, {name: record.fields[at] for name, at in places.items()})
        elif is_next:
            header = [name.strip() for name in record.fields]
            wanted = [("the Dashboard's report", name) for name in NAMES.values()]
            places = delimited.check_columns(file, Layout(), header, wanted, PROMISE)
        else:
            is_next = bool(record.fields) and record.fields[0].strip() == BLOCK
    _check_end(file, header, is_seen, short)


def participant(row: Cells) -> dict[str, Any]:
    """One participant. What the report leaves blank is a window that had not closed: None, never 0."""
    during = row.whole(NAMES["sessions_during"])
    if during is None:
        raise Unreadable(f"{NAMES['sessions_during']} is present", "empty")
    return {
        "participant": row.wanted(NAMES["participant"]),
        "sessions_during": during,
        "sessions_after": row.whole(NAMES["sessions_after"]),
        "edits_in_days_60_to_90": row.whole(NAMES["edits_in_days_60_to_90"]),
        "edits_before": _edits_before(row),
        "courses_before": row.whole(NAMES["courses_before"]),
    }


def _edits_before(row: Cells) -> int:
    """The number; "500+" is 500, for counting stopped there."""
    text = row.wanted(NAMES["edits_before"])
    if text == f"{LONG_TERM}+":
        return LONG_TERM
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Unreadable(f"edits before course is a number or {LONG_TERM}+", shape(text))
    return int(text)


def _check_end(file: LandedFile, header: list[str] | None, is_seen: bool, short: int | None) -> None:
    if header is None:
        wanted = f'a line "{BLOCK}", its header and a row per participant'
        raise FeedFault(file.name, "there is no block of participants in it", wanted, "Download the report again.")
    if short is not None:
        raise FeedFault(f"{file.name}:{short}", "the last row is not whole", "a whole file", "Download it again.")
    if not is_seen:
        found = "a header of participants and no rows"
        raise FeedFault(file.name, found, "a row per participant", "Download it again, or take it out.")
