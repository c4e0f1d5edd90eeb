"""Looks for what people wrote and are called in what was made of it: the texts and bytes of a build, and reports.

It reads logs by their tags alone and knows no feed.
"""

import gzip
import html
import re
from collections.abc import Collection
from pathlib import Path

from pypdf import PdfReader

from etl.warehouse.connect import Reader

ABOUT_PEOPLE = b"block|suppress|newusers|rights|thanks"
TARGET = rb"<type>(?:%s)</type>\s*<action>[^<]*</action>\s*<logtitle>[^<:]*:([^<]*)</logtitle>" % ABOUT_PEOPLE
EASY_TO_MISTAKE = 9  # shorter names can stand in other words


def names_in(*logs: Path) -> set[str]:
    """Everybody who did something in these logs, or to whom something was done about an account or address."""
    return {name for log in logs for tag in (rb"<username>([^<]*)</username>", TARGET) for name in _found(log, tag)}


def comments_in(*logs: Path) -> set[str]:
    """What was written as a reason."""
    return {comment for log in logs for comment in _found(log, rb"<comment>([^<]*)</comment>")}


def telling(words: Collection[str], count: int) -> list[str]:
    """Some of the words, evenly from all, none so short that it can stand in another."""
    long = sorted(word for word in words if len(word) >= EASY_TO_MISTAKE)
    return long[:: max(1, len(long) // count)]


def texts_of(home: Path) -> set[str]:
    """Every text in any column of the build in force."""
    found: set[str] = set()
    with Reader(home).cursor() as cursor:
        columns = cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type LIKE '%VARCHAR%'"
        ).fetchall()
        for table, column in columns:
            values = cursor.table(table).project(f'CAST("{column}" AS VARCHAR)').distinct().fetchall()
            found.update(value for (value,) in values if value)
    return found


def report_text(path: Path) -> str:
    """What a reader of the report can select and copy."""
    if path.suffix == ".pdf":
        return "\n".join(page.extract_text() for page in PdfReader(path).pages)
    return html.unescape(path.read_text(encoding="utf-8"))


def standing_in(content: bytes | str, words: Collection[str]) -> list[str]:
    """The words that can be read in the content."""
    if isinstance(content, str):
        return [word for word in words if word in content]
    return [word for word in words if word.encode() in content]


def _found(log: Path, pattern: bytes) -> set[str]:
    content = log.read_bytes()
    unpacked = gzip.decompress(content) if log.suffix == ".gz" else content
    return {html.unescape(text.decode()) for text in set(re.findall(pattern, unpacked))}
