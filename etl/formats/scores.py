"""Reads delimited files of model scores, a comment a row, and refuses files that carry what somebody wrote.

It knows no model and no wiki; what the columns mean is told by others.
"""

import re
from collections.abc import Sequence

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.delimited import Record

# Names of columns that hold words of people or people themselves: a file with one of them is not read at all.
WORDS_OF_PEOPLE = {
    "comment", "text", "body", "content", "message", "diff", "cleaned_comment", "clean_diff", "insertion",
    "insertion_only", "summary", "edit_summary", "title", "page_title", "user_text", "user_name", "username", "user",
    "author", "author_name", "name", "ip", "email", "quote", "sentence",
}  # fmt: skip
LONGEST = 64  # characters: as long as a SHA-256; longer fields hold words
SENTENCE = re.compile(r"\S+\s+\S+\s+\S+\s+\S")  # four words
AGAIN = "Take the column out, delete the file from landing as well, and export only numbers, kinds and times."


def check_header(file: LandedFile, header: Sequence[str], mapped: Sequence[str]) -> None:
    """FeedFault where a column's name says that it holds text or people; one that the settings map holds a kind."""
    found = [name for name in header if name not in mapped and _plain(name) in WORDS_OF_PEOPLE]
    if found:
        raise FeedFault(
            f"{file.name}:1", f"columns of text or people: {', '.join(found)}", "scores without text", AGAIN
        )


def check_fields(file: LandedFile, record: Record, header: Sequence[str], apart: Sequence[int]) -> None:
    """FeedFault where a field holds a sentence, whatever its column is called. apart: places of times, which may."""
    for place, field in enumerate(record.fields):
        if place not in apart and (len(field) > LONGEST or SENTENCE.search(field)):
            name = header[place] if place < len(header) else f"column {place + 1}"
            raise FeedFault(
                f"{file.name}:{record.line}", f'the column "{name}" holds text', "scores without text", AGAIN
            )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]+", "_", name.casefold()).strip("_")
