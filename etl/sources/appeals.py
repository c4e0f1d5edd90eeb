"""Appeals against sanctions: a list of cases, or counts by month, as a review committee keeps them.

It loads days, outcomes and hashed case numbers; what a case is about is not read. Months of receipt and of decision
differ: a row of monthly counts does not add up, and nothing here makes it.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from etl.feed import Batch, Delivery, Landed
from etl.formats import times
from etl.formats.batches import Row, batches
from etl.formats.cells import Cells, Unreadable, csv_cells, outcomes
from etl.formats.delimited import Layout
from etl.formats.drift import Promise, watched
from etl.formats.known_days import EARLIEST, KnownDays
from etl.formats.wording import Delimiter, Encoding, Named, Part, Text, Unread, Until, Words

Outcome = Literal["ratified", "overturned", "remanded", "ineligible", "withdrawn"]
OUTCOMES: tuple[str, ...] = ("ratified", "overturned", "remanded", "ineligible", "withdrawn")
CASE_COLUMNS = ("line", "body", "case", "received_on", "decided_on", "outcome", "told_until_on")
MONTH_COLUMNS = ("line", "body", "month_on", "measure", "appeals", "told_until_on")
EXAMPLE = date(2031, 11, 1)
CASES, MONTHS, DAYS = "raw_appeals_case", "raw_appeals_month", "raw_appeals_day"
CASE_PROMISE = Promise(CASES, {"columns.id": "case"})
MONTH_PROMISE = Promise(MONTHS, {f"counts.{name}": "appeals" for name in ("received", *OUTCOMES)})


def _check_month_format(pattern: str) -> str:
    """The format itself; ValueError where it does not hold a year and a month."""
    if datetime.strptime(EXAMPLE.strftime(pattern), pattern).date() != EXAMPLE:
        raise ValueError(f'"{pattern}" holds no year and month; one such as %Y-%m or %b %Y is wanted')
    return pattern


class CaseColumns(Part):
    """The list's column for each thing."""

    id: Text
    received: Text
    decided: Text
    outcome: Text


class Body(Part):
    """What decides, and its files: `columns` for a list of cases, `month` and `counts` for counts by month, not both.

    outcomes: of a list of cases, which of its words mean what. counts: what is counted to its column; `received` by the
    month of receipt, outcomes by the month of the decision. unread: columns that the files have besides; where they are
    named, a new one is told of. until: the last day of which the files tell, or `received`:
    the day on which each came in.
    """

    body: Text
    files: Named
    columns: CaseColumns | None = None
    outcomes: Mapping[Outcome, Words] = Field(default_factory=dict)
    month: Text | None = None
    counts: Mapping[Literal["received"] | Outcome, Text] = Field(default_factory=dict)
    format: Annotated[str, AfterValidator(times.check_format)] = "%Y-%m-%d"
    month_format: Annotated[str, AfterValidator(_check_month_format)] = "%Y-%m"
    delimiter: Delimiter = ","
    encoding: Encoding = "utf-8"
    missing: Words = ("",)
    unread: Unread = None
    until: Until = None

    @model_validator(mode="after")
    def _one_form(self) -> "Body":
        if (self.columns is None) == (self.month is None):
            raise ValueError("either columns (a list of cases) or month (counts by month) is wanted")
        if self.columns is not None and not self.outcomes:
            raise ValueError("outcomes must say which words of the column mean what")
        if self.month is not None and not self.counts:
            raise ValueError("counts must say which columns count what")
        words = [word for several in self.outcomes.values() for word in several]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} means two outcomes")
        return self


class Settings(Part):
    """The bodies that decide appeals."""

    bodies: tuple[Body, ...]

    @field_validator("bodies")
    @classmethod
    def _each_once(cls, bodies: tuple[Body, ...]) -> tuple[Body, ...]:
        names = [one.body for one in bodies]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands more than once: its appeals would count twice")
        return bodies


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per body; its files are read one at a time."""
    return [
        Delivery("appeals", body.files, body.model_dump(mode="json", exclude={"files"})) for body in settings.bodies
    ]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one file, and the days of which it tells."""
    (file,) = landed.files
    body = Body.model_validate({**landed.delivery.told, "files": landed.delivery.files})
    known = KnownDays(file, body.until)
    layout = Layout(body.delimiter, body.encoding)
    if body.columns is not None:
        wanted = [(f"columns.{name}", column) for name, column in body.columns]
        reading = _Cases(body, body.columns, known)
        cells = csv_cells(file, layout, wanted, (), body.missing, CASE_PROMISE, body.unread)
        found = batches(CASES, CASE_COLUMNS, outcomes(cells, reading.rows))
        yield from watched(file, wanted, CASE_PROMISE, found)
    else:
        wanted = [("month", str(body.month)), *((f"counts.{name}", column) for name, column in body.counts.items())]
        cells = csv_cells(file, layout, wanted, (), body.missing, MONTH_PROMISE, body.unread)
        found = batches(MONTHS, MONTH_COLUMNS, outcomes(cells, _Months(body, known).rows))
        yield from watched(file, wanted, MONTH_PROMISE, found)
    yield known.batch(DAYS)


@dataclass(frozen=True)
class _Cases:
    """How rows of a list of cases are read."""

    body: Body
    columns: CaseColumns
    known: KnownDays

    def rows(self, cells: Cells) -> Iterable[Row]:
        received = _known_day(self.known, self.columns.received, cells.day(self.columns.received, self.body.format))
        if received is None:
            raise Unreadable("the day of receipt is present", f"{self.columns.received}: empty")
        decided = _known_day(self.known, self.columns.decided, cells.day(self.columns.decided, self.body.format))
        self.known.see(received, decided)
        yield {
            "line": cells.line,
            "body": self.body.body,
            "case": cells.wanted(self.columns.id),
            "received_on": received,
            "decided_on": decided,
            "outcome": self._outcome(cells.text(self.columns.outcome)),
            "told_until_on": self.known.told_until,
        }

    def _outcome(self, text: str | None) -> str | None:
        """The outcome that the word means; other where the settings do not have it."""
        if text is None:
            return None
        return next((name for name, words in self.body.outcomes.items() if text.casefold() in words), "other")


@dataclass(frozen=True)
class _Months:
    """How rows of monthly counts are read: one row for each count that is there; an empty cell is no count."""

    body: Body
    known: KnownDays

    def rows(self, cells: Cells) -> Iterable[Row]:
        column = str(self.body.month)
        month = _known_day(self.known, column, cells.day(column, self.body.month_format))
        if month is None:
            raise Unreadable("the month is present", f"{column}: empty")
        first = month.replace(day=1)
        counts = {name: cells.whole(of) for name, of in self.body.counts.items()}
        if any(count is not None for count in counts.values()):
            self.known.see(first, min(_last_of(first), self.known.received_on))
        for name, count in counts.items():
            if count is not None:
                told: dict[str, Any] = {"line": cells.line, "body": self.body.body, "month_on": first}
                yield {**told, "measure": name, "appeals": count, "told_until_on": self.known.told_until}


def _last_of(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def _known_day(known: KnownDays, column: str, day: date | None) -> date | None:
    """The day itself; refused where nobody can have known it when the file came in."""
    if day is not None and not EARLIEST <= day <= known.received_on:
        raise Unreadable("a day is not after the receipt of its file, nor before 2001", f"{column}: year {day.year}")
    return day
