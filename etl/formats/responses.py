"""Reads survey responses as Qualtrics and LimeSurvey export them (CSV), and says which are complete.

It knows no wave and no measure; what the answers mean is told by others.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from data_contracts.faults import FeedFault
from etl.feed import LandedFile, Reject, shape
from etl.formats import delimited
from etl.formats.delimited import Layout, Record

Tool = Literal["qualtrics", "limesurvey"]
# Texts and codes of Qualtrics' columns, as exports have them with choice texts or with numbers.
TRIALS = {"Status": ("survey preview", "survey test", "1", "2"), "DistributionChannel": ("preview", "test")}
FINISHED, UNFINISHED = ("true", "1"), ("false", "0")


@dataclass(frozen=True)
class Responses:
    """An open export. refused: why a record is no complete answer, or None. ids: columns that tell responses apart."""

    header: tuple[str, ...]
    records: Iterator[Record]
    refused: Callable[[Record], Reject | None]
    ids: tuple[str, ...]


def responses(file: LandedFile, layout: Layout, tool: Tool) -> Responses:
    """The responses of an export; FeedFault where it is not one of that tool, or has none."""
    return _qualtrics(file, layout) if tool == "qualtrics" else _limesurvey(file, layout)


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
                return Reject(record.line, "the response is no preview or test", f"{name}: preview or test")
        word = _cell(record, finished)
        if word.casefold() in FINISHED:
            return None
        if word.casefold() in UNFINISHED:
            return Reject(record.line, "the response is complete", "Finished: no")
        return Reject(record.line, "Finished is True or False", f"Finished: {shape(word)}")

    return Responses(header, chain([third], records), refused, ("ResponseId", "ResponseID"))


def _limesurvey(file: LandedFile, layout: Layout) -> Responses:
    """One header row of question codes; a response has a submitdate once it is complete."""
    records = delimited.records(file, layout)
    header = tuple(name.strip() for name in next(records).fields)
    submitted = delimited.check_columns(file, layout, header, [("tool: limesurvey", "submitdate")])["submitdate"]

    def refused(record: Record) -> Reject | None:
        is_complete = _cell(record, submitted) not in ("", "N/A")
        return None if is_complete else Reject(record.line, "the response is complete", "submitdate: empty")

    return Responses(header, records, refused, ("token", "id"))


def _is_import_ids(record: Record) -> bool:
    filled = [field.strip() for field in record.fields if field.strip()]
    return bool(filled) and all(field.startswith("{") and '"ImportId"' in field for field in filled)


def _cell(record: Record, place: int) -> str:
    return record.fields[place].strip() if place < len(record.fields) else ""
