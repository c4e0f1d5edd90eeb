"""A page for communities before it is written in a format: its texts, and what in them needs no translation.

It writes nothing. A text is one or more whole sentences; what stands in its places is the same in every language, or is
written by the reader's wiki: numbers, days, names, addresses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.charts.chart import Chart

_PLACE: Final = re.compile(r"\{(\w+)\}")
_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Amount:
    """A number with so many decimals."""

    value: float
    decimals: int = 0

    @property
    def digits(self) -> str:
        """The number as a computer reads it, with just the decimals that are shown: "1204", "16.5", "-2"."""
        return f"{round(self.value, self.decimals) + 0.0:.{self.decimals}f}"  # adding 0.0 makes 0 of -0


@dataclass(frozen=True)
class Day:
    day: date


@dataclass(frozen=True)
class Month:
    """The month that holds the day."""

    day: date


@dataclass(frozen=True)
class Name:
    """What keeps its name in every language: an id, a file, a wiki. language, direction: of the name itself."""

    text: str
    language: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Language:
    """A language by its code, named in the language of the reader."""

    code: str


@dataclass(frozen=True)
class Link:
    """Where words lead: a page as wikis link to it, and its address for everybody else."""

    page: str
    address: str


@dataclass(frozen=True)
class Words:
    """Whole sentences or a title from the plan or a definition: they are translated as they stand."""

    text: str


Place = Amount | Day | Month | Name | Language | Link


@dataclass(frozen=True)
class Text:
    """Sentences to be translated. pattern: our words, with {places}; a link is written [[{place}|its words]]."""

    pattern: str
    places: tuple[tuple[str, Place | Words], ...] = ()

    def parts(self) -> Iterator[str | tuple[str, Place | Words]]:
        """Our words and the named places, in their order."""
        found = dict(self.places)
        for at, part in enumerate(_PLACE.split(self.pattern)):
            if at % 2:
                yield part, found[part]
            elif part:
                yield part

    @property
    def has_words(self) -> bool:
        """Whether there is anything to translate: signs between places are none."""
        return any(
            _LETTER.search(part) if isinstance(part, str) else isinstance(part[1], Words) for part in self.parts()
        )


Cell = Text | Place | tuple[Place, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    text: Text


@dataclass(frozen=True)
class Paragraph:
    text: Text


@dataclass(frozen=True)
class Bullets:
    items: tuple[Text, ...]


@dataclass(frozen=True)
class Grid:
    """A table; the first cell of a row names it. numbers: columns that are set to the right. widths: shares."""

    caption: Text
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A chart, for formats that can show one; its figures stand in a table of the page too."""

    chart: Chart


Block = Heading | Paragraph | Bullets | Grid | Picture


@dataclass(frozen=True)
class Page:
    """A whole page in reading order. banner: what must be known before anything else, None where there is nothing."""

    title: Text
    program: str
    banner: Text | None
    blocks: tuple[Block, ...]
    stamp: Text


def say(pattern: str, **places: Place | Words) -> Text:
    """The text of a pattern. ValueError where its places are not just those that are given, each once."""
    wanted = sorted(_PLACE.findall(pattern))
    if wanted != sorted(places):
        raise ValueError(f"{pattern!r} has the places {wanted}, not {sorted(places)}")
    return Text(pattern, tuple(places.items()))


def as_it_stands(text: str) -> Text:
    """Words of the plan or of a definition as a text of their own."""
    return say("{words}", words=Words(text))


def plain(text: Text) -> str:
    """The text without any marks, its numbers as a computer reads them: for files of data and for text alternatives."""
    return "".join(part if isinstance(part, str) else _plain(part[1]) for part in text.parts())


def cell_texts(cell: Cell) -> tuple[Text, ...]:
    """What stands in a cell of a table, line by line."""
    if isinstance(cell, Text):
        return (cell,)
    lines = cell if isinstance(cell, tuple) else (cell,)
    return tuple(say("{place}", place=one) for one in lines)


def _plain(place: Place | Words) -> str:
    match place:
        case Amount():
            return place.digits
        case Day(day=day) | Month(day=day):
            return day.isoformat()
        case Language(code=code):
            return code
        case Link(address=address):
            return address
        case Name(text=text) | Words(text=text):
            return text
