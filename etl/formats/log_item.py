"""One item of a log dump as text: which parts it has, and which of them are hidden.

It judges no values and knows no file.
"""

from typing import Any, NamedTuple

_NAMES = frozenset({"username", "ip"})


class LogItem(NamedTuple):
    """One item as it stands in the dump. line: its ordinal in the file, from 1. None: not there, hidden or empty.

    params: "" where they are there and empty. is_clear: each part stands once.
    """

    line: int
    id: str | None
    timestamp: str | None
    type: str | None
    action: str | None
    title: str | None
    params: str | None
    comment: str | None
    performer: str | None
    is_action_hidden: bool
    is_performer_hidden: bool
    is_comment_hidden: bool
    is_clear: bool


def log_item(element: Any, line: int) -> LogItem:
    """The item of a parsed `<logitem>` whose tags have no namespace."""
    texts = {part.tag: part.text for part in element}
    text, count = texts.get, len(element)
    contributor = element[2] if count > 2 else None  # its place; elsewhere only in dumps that others wrote
    if contributor is None or contributor.tag != "contributor":
        contributor = element.find("contributor")
    performer = contributor[0].text if contributor is not None and _begins_with_name(contributor) else None
    comment, title = text("comment"), text("logtitle")
    return LogItem(
        line,
        text("id"),
        text("timestamp"),
        text("type"),
        text("action"),
        title,
        (text("params") or "") if "params" in texts else None,
        comment,
        performer,
        title is None and "text" in texts and _is_deleted(element.find("text")),
        performer is None and contributor is not None and _is_deleted(contributor),
        comment is None and "comment" in texts and _is_deleted(element.find("comment")),
        len(texts) == count,
    )


def _begins_with_name(contributor: Any) -> bool:
    return len(contributor) > 0 and contributor[0].tag in _NAMES


def _is_deleted(part: Any) -> bool:
    return part.get("deleted") is not None
