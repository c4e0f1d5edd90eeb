"""Reads address books (vCard 2.1, 3.0 and 4.0) card by card, each property as the texts that it says.

It decides nothing: which property means what is told by others. It holds one card at a time.
"""

import quopri
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data_contracts.faults import FeedFault
from etl.feed import LandedFile
from etl.formats.content_lines import ContentLine, content_lines, text

DEEPEST = 4
LISTS = ("CATEGORIES", "NICKNAME")  # commas part their values in every version; elsewhere they may be part of one
STRUCTURED = ("N", "ORG", "ADR")  # semicolons part their components


class Undecoded(Exception):
    """A value in no encoding that its card names."""


@dataclass(frozen=True)
class Card:
    """One card: where it begins, and its lines by the property's name."""

    line: int
    properties: Mapping[str, list[ContentLine]]

    def texts(self, name: str) -> tuple[str, ...]:
        """What the property says, without empty texts; of structured ones the first component. Raises Undecoded."""
        found: list[str] = []
        for line in self.properties.get(name, []):
            value = _decoded(line)
            parts = re.split(r"(?<!\\),", value) if name in LISTS or name.startswith("X-") else [value]
            if name in STRUCTURED:
                parts = re.split(r"(?<!\\);", value)[:1]
            found += (text(part) for part in parts)
        return tuple(one for one in found if one)

    @property
    def name(self) -> str:
        """The name as it is shown, else put together from its parts."""
        shown = next(iter(self.texts("FN")), "")
        lines = self.properties.get("N", [])
        if shown or not lines:
            return shown
        parts = [text(part) for part in re.split(r"(?<!\\);", _decoded(lines[0]))]
        return " ".join(part for part in [*parts[1:2], *parts[:1]] if part)

    @property
    def is_group(self) -> bool:
        """A list of others, which is nobody itself."""
        return any("group" in map(str.casefold, self.texts(name)) for name in ("KIND", "X-ADDRESSBOOKSERVER-KIND"))


def cards(file: LandedFile) -> Iterator[Card]:
    """Every card of the file; FeedFault where it is no address book, is damaged or ends inside a card."""
    inside: list[str] = []
    began, last = 1, 1
    properties: dict[str, list[ContentLine]] = {}
    for line in content_lines(file):
        last = line.line
        word = line.value.strip().upper()
        if line.name == "BEGIN":
            if not inside:
                began, properties = line.line, {}
            inside.append(word)
        if not inside or inside[0] != "VCARD" or len(inside) > DEEPEST:
            found = "it is no address book" if not inside or inside[0] != "VCARD" else "cards inside one another"
            raise FeedFault(f"{file.name}:{line.line}", found, "BEGIN:VCARD", "Export it as vCard (.vcf).")
        if line.name == "END":
            if inside.pop() != word:
                raise FeedFault(f"{file.name}:{line.line}", f"END:{word[:40]}", "END:VCARD", "Export it again.")
            if not inside:
                yield Card(began, properties)
        elif len(inside) == 1:
            properties.setdefault(line.name, []).append(line)
    if inside:
        where, found = f"{file.name}:{last}", f"the file ends inside a card that begins on line {began}"
        raise FeedFault(where, found, "END:VCARD", "It was cut short: export or fetch it again.")


def _decoded(line: ContentLine) -> str:
    """The value in the encoding that the line names, else in UTF-8."""
    raw = line.value.encode("utf-8", "surrogateescape")
    if "QUOTED-PRINTABLE" in (line.said("ENCODING").upper(), *line.params):
        raw = quopri.decodestring(raw)
    elif line.said("CHARSET") == "" and not line.broken:
        return line.value
    try:
        told = raw.decode(line.said("CHARSET") or "utf-8")
    except (LookupError, ValueError) as error:  # no such encoding, a NUL in its name, or other bytes
        raise Undecoded from error
    if "\0" in told or len(raw) >= 1 << 16:
        raise Undecoded
    return told
