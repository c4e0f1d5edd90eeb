"""Items of a log dump as text: which parts they have, and which of them are hidden.

It judges no values and knows no file. Some hundred items are taken together, part by part, because that is fast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

Texts = Sequence[str | None]
Marks = Sequence[bool]

_NAMES = frozenset({"username", "ip"})


@dataclass(frozen=True, slots=True)
class LogItems:
    """Some items as they stand in the dump; the n-th value of each part is the n-th item's.

    line: ordinals in the file, from 1. None: not there, hidden or empty; but params are "" where they are there and
    empty. type: stands within another part where is_clear is false. is_clear: each part stands once, a type among them.
    """

    line: Sequence[int]
    id: Texts
    timestamp: Texts
    type: Texts
    action: Texts
    title: Texts
    params: Texts
    comment: Texts
    performer: Texts
    is_action_hidden: Marks
    is_performer_hidden: Marks
    is_comment_hidden: Marks
    is_clear: Marks

    def __len__(self) -> int:
        return len(self.line)

    def of_types(self, types: frozenset[str]) -> "LogItems":
        """The items of these types, and those without a type."""
        if types.issuperset(self.type):
            return self
        return self._at([place for place, type_ in enumerate(self.type) if type_ in types or type_ is None])

    def one_by_one(self) -> "list[LogItems]":
        return [self._at([place]) for place in range(len(self))]

    def _at(self, places: Sequence[int]) -> "LogItems":
        return LogItems(*([part[place] for place in places] for part in (getattr(self, f.name) for f in fields(self))))


def log_items(elements: Sequence[Any], line: Sequence[int]) -> LogItems:
    """The items of parsed `<logitem>`s whose tags have no namespace."""
    texts: list[dict[str, str | None]] = []
    performer: list[str | None] = []
    is_clear: list[bool] = []
    for element in elements:
        parts = [*element]
        text = {part.tag: part.text for part in parts}
        texts.append(text)
        performer.append(_performer(parts))
        is_clear.append(len(text) == len(parts) and "type" in text)
    title = [text.get("logtitle") for text in texts]
    comment = [text.get("comment") for text in texts]
    return LogItems(
        line,
        [text.get("id") for text in texts],
        [text.get("timestamp") for text in texts],
        [_type(text, element) for text, element in zip(texts, elements, strict=True)],
        [text.get("action") for text in texts],
        title,
        [text["params"] or "" if "params" in text else None for text in texts],
        comment,
        performer,
        _hidden(elements, "text", title),
        _hidden(elements, "contributor", performer),
        _hidden(elements, "comment", comment),
        is_clear,
    )


def _type(text: Mapping[str, str | None], element: Any) -> str | None:
    """Wherever it stands, so that items of unwanted types can be dropped by it."""
    if "type" in text:
        return text["type"]
    found: str | None = element.findtext(".//type") or None
    return found


def _hidden(elements: Sequence[Any], name: str, said: Texts) -> Marks:
    """Which items have the part hidden; only those can that say nothing there."""
    if None not in said:
        return [False] * len(said)
    return [text is None and _is_deleted(element, name) for element, text in zip(elements, said, strict=True)]


def _performer(parts: Sequence[Any]) -> str | None:
    contributor = parts[2] if len(parts) > 2 else None  # its place, but for dumps that others wrote
    if contributor is None or contributor.tag != "contributor":
        contributor = next((part for part in parts if part.tag == "contributor"), ())
    for name in contributor:
        if name.tag in _NAMES:
            text: str | None = name.text
            return text
    return None


def _is_deleted(element: Any, name: str) -> bool:
    part = element.find(name)
    return part is not None and part.get("deleted") is not None
