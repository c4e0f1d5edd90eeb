"""Key developments: what the program wrote down for readers, dated, with its source, each for the audiences it names.

From Markdown or CSV. A text is plain text for publication; one that names a person by any sign is refused.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject, shape
from etl.formats import dated_notes, delimited, named_people
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise, watched

COLUMNS = (
    "line", "happened_on", "title", "text", "source", "wiki", "pillar", "is_for_program", "is_for_executive",
    "is_for_public",
)  # fmt: skip
SAID = ("source", "audience", "wiki", "pillar")
REQUIRED = ("day", "title", "source", "audience")
OPTIONAL = ("text", "wiki", "pillar")
PROMISE = Promise("raw_developments", {"day": "happened_on", "audience": "is_for_program"})
AUDIENCES = ("program", "executive", "public")
LONGEST = {"title": 200, "text": 2_000, "source": 300, "wiki": 100, "pillar": 100}
AHEAD = timedelta(days=1)  # zones differ: it may be tomorrow already where it was written
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?=\S)", re.IGNORECASE)
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Settings(BaseModel):
    """Where the log is. Files whose names end in .csv (or .csv.gz) are CSV with the columns day, title, text, source,
    audience, wiki and pillar; all others are Markdown. delimiter, encoding: of the CSV.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: Annotated[
        tuple[str, ...], BeforeValidator(lambda told: (told,) if isinstance(told, str) else told), Field(min_length=1)
    ]
    delimiter: Annotated[str, AfterValidator(delimited.check_delimiter)] = ","
    encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"


def deliveries(settings: Settings) -> list[Delivery]:
    """All files of the log, read one at a time."""
    return [Delivery("developments", settings.files, settings.model_dump(exclude={"files"}))]


def read(landed: Landed) -> Iterator[Batch]:
    """The items of one file, in its order."""
    (file,) = landed.files
    is_sheet = file.name.casefold().removesuffix(".gz").endswith(".csv")
    layout = Layout(**landed.delivery.told)
    found = _rows(file, layout) if is_sheet else _notes(file)
    rows = batches("raw_developments", COLUMNS, ((file.bytes, one) for one in _outcomes(found, file)))
    wanted = [("developments", name) for name in (*REQUIRED, *OPTIONAL)]
    yield from watched(file, wanted, PROMISE, rows) if is_sheet else rows


def _notes(file: LandedFile) -> Iterator[tuple[int, Mapping[str, str] | Reject]]:
    for note in dated_notes.notes(file, SAID):
        yield note.line, note.named()


def _rows(file: LandedFile, layout: Layout) -> Iterator[tuple[int, Mapping[str, str] | Reject]]:
    records = delimited.records(file, layout)
    header = [name.strip().casefold() for name in next(records).fields]
    wanted = [*REQUIRED, *(name for name in OPTIONAL if name in header)]
    places = delimited.check_columns(file, layout, header, [("developments", name) for name in wanted], PROMISE)
    for record in records:
        yield record.line, _cells(record, places, layout)


def _cells(record: Record, places: Mapping[str, int], layout: Layout) -> Mapping[str, str] | Reject:
    if record.broken:
        return Reject(record.line, record.broken, f"{len(record.fields)} fields")
    cells = {name: record.fields[place] for name, place in places.items()}
    if any(map(delimited.is_undecoded, cells.values())):
        return Reject(record.line, f"text in {layout.encoding} without NUL", f"{len(record.fields)} fields")
    return cells


class _Unreadable(Exception):
    """What keeps an item out: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


def _outcomes(found: Iterator[tuple[int, Mapping[str, str] | Reject]], file: LandedFile) -> Iterator[Row | Reject]:
    last = file.received_at.date() + AHEAD
    for line, told in found:
        if isinstance(told, Reject):
            yield told
            continue
        try:
            yield {"line": line, **_item(told, last)}
        except _Unreadable as why:
            yield Reject(line, why.rule, why.excerpt)


def _item(told: Mapping[str, str], last: date) -> Row:
    day = _day(told["day"].strip(), last)
    texts = {name: _text(name, told.get(name, "")) for name in LONGEST}
    if not texts["title"]:
        raise _Unreadable("an item has a title", "no title")
    if not texts["source"]:
        raise _Unreadable("an item names its source", "no source")
    scheme = _SCHEME.match(texts["source"])
    if scheme and scheme[0].casefold() not in ("http:", "https:"):
        raise _Unreadable("a source is a name or a web address", f"source: {shape(texts['source'])}")
    audiences = _audiences(told.get("audience", ""))
    return {
        "happened_on": day,
        **{name: text or None for name, text in texts.items()},
        **{f"is_for_{name}": name in audiences for name in AUDIENCES},
    }


def _day(told: str, last: date) -> date:
    if not told:
        raise _Unreadable("an item begins with its day, as in ## 2026-11-12 Title", "no day")
    try:
        day = date.fromisoformat(told)
    except ValueError as error:
        raise _Unreadable(
            "a day is written as 2026-11-12 and one that the calendar has", f"day: {shape(told)}"
        ) from error
    if day > last:
        raise _Unreadable("an item has happened when it is written down", f"day: {day.isoformat()}")
    return day


def _text(name: str, told: str) -> str:
    """One line of plain text, at most as long as its name allows, that names nobody."""
    text = " ".join(told.split())
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in text) or _OVERRIDES.search(text):
        raise _Unreadable("texts are plain, without control signs", f"{name}: {len(text)} signs")
    if len(text) > LONGEST[name]:
        raise _Unreadable(f"{name} has at most {LONGEST[name]} signs", f"{name}: {len(text)} signs")
    rule = named_people.sign_of_person(text)
    if rule:
        raise _Unreadable(f"texts name nobody: {rule}", name)
    return text


def _audiences(told: str) -> tuple[str, ...]:
    """Those whom the item names; nobody is guessed."""
    words = [word.removesuffix("s") for word in re.split(r"[\s,;/|]+|\band\b", told.casefold()) if word]
    if not words or not set(words) <= set(AUDIENCES):
        raise _Unreadable(f"an item says for whom it is: {', '.join(AUDIENCES)}", f"audience: {shape(told)}")
    return tuple(words)
