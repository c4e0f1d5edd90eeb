"""Contacts of the program in its communities: from an address book (.vcf) or a CSV export, one row per person.

Of a person only community, language, role and days are kept, and a keyed hash of the name. Addresses, numbers and notes
are never read. Whoever did not agree, or whose agreement has run out, leaves nothing but a count.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from data_contracts.faults import Faults, FeedFault, UserFault
from etl.feed import Batch, Delivery, Landed, LandedFile, Reject, shape
from etl.formats import delimited, drift, times, vcards
from etl.formats.batches import Row, batches
from etl.formats.delimited import Layout, Record
from etl.formats.drift import Promise, Wanted, watched

COLUMNS = (
    "line", "book", "person", "community", "language", "role", "since_at", "last_contact_at", "expires_on",
    "has_address",
)  # fmt: skip
LEFT_OUT = ("book", "reason", "contact_count")
WORDS = ("community", "language", "role")
PROMISE = Promise("raw_contacts", {"fields.name": "person", "fields.id": "person", "fields.address": "has_address"})
AHEAD = timedelta(days=1)


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


Named = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_folded)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Fields(_Part):
    """The column of a CSV, or the property of a card, that holds each thing. Of several the first that says something.

    consent: where it stands that the person agreed. expires: the last day on which the entry may be used. id: what
    tells people apart, where that is not the name. address: only looked at for whether there is any.
    """

    name: Named = ()
    id: Named = ()
    consent: Named = Field(min_length=1)
    expires: Named = ()
    community: Named = ()
    language: Named = ()
    role: Named = ()
    since: Named = ()
    last_contact: Named = ()
    address: Named = ()

    def named(self) -> Mapping[str, tuple[str, ...]]:
        """The fields that the settings name."""
        return {name: value for name, value in self if value}

    def wanted(self) -> list[Wanted]:
        return [(f"fields.{name}", column) for name, columns in self.named().items() for column in columns]


class Book(_Part):
    """One address book. form: by default that of the file's name. consent_given: what its field says of who agreed.

    zone and format: of days and times in a CSV; cards write theirs as the standard says. unread: columns that a CSV has
    besides; where they are named, a new one is told of.
    """

    book: str = Field(min_length=1)
    files: Named = Field(min_length=1)
    form: Literal["csv", "vcard"] = "csv"
    delimiter: Annotated[str, AfterValidator(delimited.check_delimiter)] = ","
    encoding: Annotated[str, AfterValidator(delimited.check_encoding)] = "utf-8"
    zone: Annotated[str, AfterValidator(lambda name: times.zone(name).key)] = "UTC"
    format: Annotated[str, AfterValidator(times.check_format)] = "%Y-%m-%d"
    fields: Fields
    consent_given: Annotated[Words, Field(min_length=1)]
    unread: Annotated[tuple[str, ...] | None, BeforeValidator(_listed)] = None

    @model_validator(mode="before")
    @classmethod
    def _form_of_name(cls, told: Any) -> Any:
        if not isinstance(told, dict) or "form" in told:
            return told
        files = _listed(told.get("files")) or ()
        is_cards = any(str(one).casefold().removesuffix(".gz").endswith((".vcf", ".vcard")) for one in files)
        return {**told, "form": "vcard" if is_cards else "csv"}

    @model_validator(mode="after")
    def _csv_names_people(self) -> "Book":
        if self.form == "csv" and not (self.fields.name or self.fields.id):
            raise ValueError("fields must say which column name or id is")
        return self


class Settings(_Part):
    """The address books of an instance."""

    books: tuple[Book, ...]


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per book, its files together: who says no in one of them is in none."""
    return [Delivery("contacts", one.files, one.model_dump(exclude={"files"}), together=True) for one in settings.books]


def read(landed: Landed) -> Iterator[Batch]:
    """Those who agreed, file by file, and how many others there are."""
    book = Book.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    found: list[tuple[int, _Entry | Reject]] = []
    faults: list[UserFault] = []
    for at, file in enumerate(landed.files):
        try:
            found += ((at, one) for one in _entries(book, file))
        except Faults as several:
            faults += several.faults
        except FeedFault as fault:
            faults.append(fault)
    refused = {entry.person for _, entry in found if isinstance(entry, _Entry) and entry.left_out == "no_consent"}
    for at, file in enumerate(landed.files):
        kept = [one for place, one in found if place == at and _is_kept(one, refused)]
        rows = ((file.bytes, one if isinstance(one, Reject) else one.row(book)) for one in kept)
        kept_rows = batches("raw_contacts", COLUMNS, rows, file=at)
        yield from kept_rows if book.form == "vcard" else watched(file, book.fields.wanted(), PROMISE, kept_rows)
    yield from batches("raw_contacts_left_out", LEFT_OUT, ((0, row) for row in _left_out(book, found, refused)))
    if faults:
        raise faults[0] if len(faults) == 1 else Faults(faults)


@dataclass(frozen=True)
class _Entry:
    """One entry of a book. left_out: why nothing of it is kept, empty where it is."""

    line: int
    person: str
    left_out: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)

    def row(self, book: Book) -> Row:
        return {"line": self.line, "book": book.book, "person": self.person, **self.said}


def _is_kept(one: "_Entry | Reject", refused: set[str]) -> bool:
    return isinstance(one, Reject) or (not one.left_out and one.person not in refused)


def _left_out(book: Book, found: Sequence[tuple[int, "_Entry | Reject"]], refused: set[str]) -> Iterator[Row]:
    """How many people are left out and why; nobody counts twice."""
    people = {
        entry.person: "no_consent" if entry.person in refused else entry.left_out
        for _, entry in found
        if isinstance(entry, _Entry) and (entry.left_out or entry.person in refused)
    }
    for reason, count in sorted(Counter(people.values()).items()):
        yield {"book": book.book, "reason": reason, "contact_count": count}


class _Unreadable(Exception):
    """What makes an entry unusable: the rule it breaks and the redacted excerpt."""

    def __init__(self, rule: str, excerpt: str) -> None:
        super().__init__(rule, excerpt)
        self.rule, self.excerpt = rule, excerpt


def _entries(book: Book, file: LandedFile) -> Iterator[_Entry | Reject]:
    reading = _Reading(book, times.Clock(book.zone, book.format), file.received_at)
    for line, texts in _cards(book, file) if book.form == "vcard" else _rows(book, file):
        if isinstance(texts, Reject):
            yield texts
            continue
        try:
            yield reading.entry(line, texts)
        except _Unreadable as why:
            yield Reject(line, why.rule, why.excerpt)


Texts = Mapping[str, tuple[str, ...]]  # what each field says, by what it means


def _cards(book: Book, file: LandedFile) -> Iterator[tuple[int, Texts | Reject]]:
    """The cards of people. Where the settings do not say it, name and address are those of the standard."""
    named = {"address": ("EMAIL", "TEL"), **book.fields.named()}
    for card in vcards.cards(file):
        try:
            if card.is_group:
                continue
            texts = {
                meaning: tuple(one for name in names for one in card.texts(name.upper()))
                for meaning, names in named.items()
            }
            if "name" not in named:
                texts["name"] = (card.name,) if card.name else ()
            yield card.line, texts
        except vcards.Undecoded:
            yield card.line, Reject(card.line, "the text is in the encoding that the card names", "a card")


def _rows(book: Book, file: LandedFile) -> Iterator[tuple[int, Texts | Reject]]:
    layout = Layout(book.delimiter, book.encoding)
    records = delimited.records(file, layout)
    header = [name.strip() for name in next(records).fields]
    named = book.fields.named()
    places = delimited.check_columns(file, layout, header, book.fields.wanted(), PROMISE)
    yield from ((1, one) for one in drift.new(header, places, book.unread, PROMISE))
    for record in records:
        yield record.line, _texts_of(record, named, places, book)


def _texts_of(
    record: Record, named: Mapping[str, tuple[str, ...]], places: Mapping[str, int], book: Book
) -> Texts | Reject:
    if record.broken:
        return Reject(record.line, record.broken, f"{len(record.fields)} fields")
    used = [record.fields[places[column]] for columns in named.values() for column in columns]
    if any(map(delimited.is_undecoded, used)):
        return Reject(record.line, f"text in {book.encoding} without NUL", f"{len(record.fields)} fields")
    return {
        meaning: tuple(text for column in columns if (text := record.fields[places[column]].strip()))
        for meaning, columns in named.items()
    }


@dataclass(frozen=True)
class _Reading:
    """How entries of one file are read: received_at, UTC, is the day by which agreements have run out."""

    book: Book
    clock: times.Clock
    received_at: datetime

    def entry(self, line: int, texts: Texts) -> _Entry:
        told = next(iter(texts.get("id") or texts.get("name") or ()), "")
        person = " ".join(told.split()).casefold()
        if not person:
            raise _Unreadable("an entry names somebody", "no name")
        if not any(one.casefold() in self.book.consent_given for one in texts["consent"]):
            return _Entry(line, person, "no_consent")
        expires_on = self._day(texts)
        if expires_on is not None and expires_on < self.received_at.date():
            return _Entry(line, person, "expired")
        since_at, last_at = self._time("since", texts), self._time("last_contact", texts)
        words = {name: next(iter(texts.get(name, ())), None) for name in WORDS}
        said = {**words, "since_at": since_at, "last_contact_at": last_at, "expires_on": expires_on}
        return _Entry(line, person, "", {**said, "has_address": self._has_address(texts)})

    def _has_address(self, texts: Texts) -> bool | None:
        is_told = self.book.form == "vcard" or bool(self.book.fields.address)
        return bool(texts.get("address")) if is_told else None

    def _day(self, texts: Texts) -> date | None:
        told = next(iter(texts.get("expires", ())), None)
        if told is None:
            return None
        try:
            if self.book.form == "vcard":
                return datetime.fromisoformat(told).date()
            return datetime.strptime(told, self.book.format).date()
        except ValueError as error:
            raise _Unreadable("expires is a day that the calendar has", f"expires: {shape(told)}") from error

    def _time(self, meaning: str, texts: Texts) -> datetime | None:
        told = next(iter(texts.get(meaning, ())), None)
        if told is None:
            return None
        try:
            moment = self._by_standard(told) if self.book.form == "vcard" else self.clock.utc(told)
        except (ValueError, OverflowError) as error:
            raise _Unreadable(f"{meaning} is a day or time", f"{meaning}: {shape(told)}") from error
        if moment > self.received_at + AHEAD:
            raise _Unreadable(f"{meaning} is not after the receipt of its file", f"{meaning}: year {moment.year}")
        return moment

    def _by_standard(self, told: str) -> datetime:
        """A day or a time as cards write them, such as 20261112, 2026-11-12 or 20261112T101500Z."""
        moment = datetime.fromisoformat(told)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else self._local(moment)

    def _local(self, moment: datetime) -> datetime:
        return times.Clock(self.book.zone, "%Y-%m-%d %H:%M:%S").utc(moment.strftime("%Y-%m-%d %H:%M:%S"))
