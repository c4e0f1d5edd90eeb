"""Reads survey responses as Qualtrics, LimeSurvey and Google Forms export them (CSV), and says which are complete.

It knows no wave and no measure; what the answers mean is told by others. Times are those that the export writes, in
its own zone: they are compared with each other and with days, so that zone need not be known.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats import delimited
from etl.formats.delimited import Layout, Record

Tool = Literal["qualtrics", "limesurvey", "google_forms"]
# Texts and codes of Qualtrics' columns, as exports have them with choice texts or with numbers.
TRIALS = {
    "Status": (
        "survey preview", "survey test", "spam", "survey preview spam", "imported spam", "offline survey preview",
        "1", "2", "8", "9", "12", "17",
    ),
    "DistributionChannel": ("preview", "test"),
}  # fmt: skip
FINISHED, UNFINISHED = ("true", "1"), ("false", "0")
TIME = "%Y-%m-%d %H:%M:%S"
NO_DATE = datetime(1980, 1, 1)  # LimeSurvey, of a complete response in a survey that keeps no times


@dataclass(frozen=True)
class Responses:
    """An open export. refused: why a record is no complete answer, or None. ids: columns that tell responses apart.

    answered_at: when a response was sent, on the clock of the export; None where the export does not say.
    """

    header: tuple[str, ...]
    records: Iterator[Record]
    refused: Callable[[Record], Reject | None]
    ids: tuple[str, ...]
    answered_at: Callable[[Record], datetime | None]


def responses(file: LandedFile, layout: Layout, tool: Tool) -> Responses:
    """The responses of an export; FeedFault where it is not one of that tool, or has none."""
    return {"qualtrics": _qualtrics, "limesurvey": _limesurvey, "google_forms": _google_forms}[tool](file, layout)


def _qualtrics(file: LandedFile, layout: Layout) -> Responses:
    """Names, question texts, then ImportIds in JSON, which older ("legacy") exports do not have; then the responses."""
    records = delimited.records(file, layout)
    header = tuple(name.strip() for name in next(records).fields)
    finished = delimited.check_columns(file, layout, header, [("tool: qualtrics", "Finished")])["Finished"]
    texts = next(records)
    if _cell(texts, finished).casefold() in FINISHED + UNFINISHED:
        raise FeedFault(
            f"{file.name}:{texts.line}", "a response where the question texts stand", "two or three header rows",
            "Export it again as CSV from Data & Analysis, and leave its header rows as they are.",
        )  # fmt: skip
    third = next(records, None)
    if third is not None and _is_import_ids(third):
        third = next(records, None)
    if third is None:
        raise FeedFault(file.name, "header rows and no responses", "responses", "Export it again once there are some.")
    trials = [(header.index(name), name, words) for name, words in TRIALS.items() if name in header]

    def refused(record: Record) -> Reject | None:
        for place, name, words in trials:
            if _cell(record, place).casefold() in words:
                return Reject(record.line, "the response is no preview, test or spam", f"{name}: preview, test or spam")
        word = _cell(record, finished)
        if word.casefold() in FINISHED:
            return None
        if word.casefold() in UNFINISHED:
            return Reject(record.line, "the response is complete", "Finished: no")
        return Reject(record.line, "Finished is True or False", f"Finished: {shape(word)}")

    ids = ("ResponseId", "ResponseID")
    return Responses(header, chain([third], records), refused, ids, _clock(header, "RecordedDate", "EndDate"))


def _limesurvey(file: LandedFile, layout: Layout) -> Responses:
    """One header row of question codes; a response has a submitdate once it is complete."""
    records = delimited.records(file, layout)
    header = tuple(name.strip() for name in next(records).fields)
    submitted = delimited.check_columns(file, layout, header, [("tool: limesurvey", "submitdate")])["submitdate"]

    def refused(record: Record) -> Reject | None:
        is_complete = _cell(record, submitted) not in ("", "N/A")
        return None if is_complete else Reject(record.line, "the response is complete", "submitdate: empty")

    return Responses(header, records, refused, ("token", "id"), _clock(header, "submitdate"))


def _google_forms(file: LandedFile, layout: Layout) -> Responses:
    """One header row of question texts behind Timestamp; only complete responses are sent, in order.

    Timestamps are written as the owner's language has them, so they are not read; addresses are no ids, for nobody's
    address is needed to tell rows apart.
    """
    records = delimited.records(file, layout)
    header = tuple(name.strip() for name in next(records).fields)
    sent = delimited.check_columns(file, layout, header, [("tool: google_forms", "Timestamp")])["Timestamp"]

    def refused(record: Record) -> Reject | None:
        return None if _cell(record, sent) else Reject(record.line, "the response is complete", "Timestamp: empty")

    return Responses(header, records, refused, (), lambda record: None)


def _clock(header: tuple[str, ...], *columns: str) -> Callable[[Record], datetime | None]:
    """When a response was sent, by the first of the columns that the export has."""
    place = next((header.index(name) for name in columns if name in header), None)

    def answered_at(record: Record) -> datetime | None:
        try:
            at = datetime.strptime(_cell(record, place)[:19], TIME) if place is not None else None
        except ValueError:
            return None
        return None if at == NO_DATE else at

    return answered_at


def _is_import_ids(record: Record) -> bool:
    filled = [field.strip() for field in record.fields if field.strip()]
    return bool(filled) and all(field.startswith("{") and '"ImportId"' in field for field in filled)


def _cell(record: Record, place: int) -> str:
    return record.fields[place].strip() if place < len(record.fields) else ""
