"""Transparency: counts that an organization publishes by period, and statements of reasons as the EU's database has.

It loads counts, days and fixed words; reasons, links and facts, which are text about people, are not read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, field_validator, model_validator

from etl.feed import Batch, Delivery, Landed, shape
from etl.formats import times
from etl.formats.batches import Row, batches
from etl.formats.cells import Cells, Unreadable, csv_cells, outcomes
from etl.formats.delimited import Layout
from etl.formats.drift import Promise, watched
from etl.formats.known_days import KnownDays
from etl.formats.wording import Delimiter, Encoding, Named, Part, Text, Unread, Until, Words

COUNTS, STATEMENTS, DAYS = "raw_transparency_count", "raw_transparency_statement", "raw_transparency_day"
COUNT_COLUMNS = (
    "line", "report", "measure", "kind", "is_total", "starts_on", "ends_on", "value", "counted", "told_until_on",
)  # fmt: skip
STATEMENT_COLUMNS = (
    "line", "platform", "statement", "category", "ground", "source", "action", "is_detected_automatically",
    "automation", "posted_on", "applied_on", "told_until_on",
)  # fmt: skip
STATEMENT_WANTED = (
    "puid", "category", "decision_ground", "source_type", "automated_detection", "automated_decision", "content_date",
    "application_date",
)  # fmt: skip
COUNT_PROMISE = Promise(COUNTS, {"columns.start": "starts_on", "columns.end": "ends_on"})
STATEMENT_PROMISE = Promise(
    STATEMENTS,
    {
        "puid": "statement", "decision_ground": "ground", "source_type": "source",
        "automated_detection": "is_detected_automatically", "automated_decision": "automation",
        "content_date": "posted_on", "application_date": "applied_on",
    },
)  # fmt: skip
ACTIONS = ("account", "visibility", "provision", "monetary")  # of several the first is what weighs most on a person
PREFIXES = ("statement_category_", "decision_ground_", "source_", "automated_decision_")
NOTHING = ("", "[]", "null", "none")


class CountColumns(Part):
    """The report's column for each thing. measure: what is counted, where a report counts several things."""

    start: Text
    end: Text
    value: Text
    kind: Text | None = None
    measure: Text | None = None
    counted: Text | None = None


class Report(Part):
    """A report with counts by period. measure: what it counts, where no column says so. totals: words of the column
    `kind` for the sum of the others. unread: columns besides; where they are named, a new one is told of. until: as of
    the other feeds; a period tells of its own days anyway.
    """

    report: Text
    files: Named
    columns: CountColumns
    measure: Text | None = None
    totals: Words = ("all", "total")
    format: Annotated[str, AfterValidator(times.check_format)] = "%Y-%m-%d"
    delimiter: Delimiter = ","
    encoding: Encoding = "utf-8"
    missing: Words = ("",)
    unread: Unread = None
    until: Until = None

    @model_validator(mode="after")
    def _one_measure(self) -> "Report":
        if (self.measure is None) == (self.columns.measure is None):
            raise ValueError("either measure or columns.measure is wanted")
        return self


class Statements(Part):
    """Statements of reasons under the Digital Services Act, as CSV with the database's own column names."""

    platform: Text
    files: Named
    delimiter: Delimiter = ","
    unread: Unread = None
    until: Until = None


class Settings(Part):
    """The reports and statements of an instance."""

    reports: tuple[Report, ...] = ()
    statements: tuple[Statements, ...] = ()

    @field_validator("reports")
    @classmethod
    def _each_once(cls, reports: tuple[Report, ...]) -> tuple[Report, ...]:
        names = [one.report for one in reports]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands more than once")
        return reports


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery per report and platform; files are read one at a time."""
    parts: list[tuple[str, Report | Statements]] = [("report", one) for one in settings.reports]
    parts += [("statements", one) for one in settings.statements]
    return [
        Delivery("transparency", one.files, {"part": part, **one.model_dump(mode="json", exclude={"files"})})
        for part, one in parts
    ]


def read(landed: Landed) -> Iterator[Batch]:
    """The rows of one file, and the days of which it tells."""
    (file,) = landed.files
    told: dict[str, Any] = {**landed.delivery.told, "files": landed.delivery.files}
    if told.pop("part") == "report":
        report = Report.model_validate(told)
        known = KnownDays(file, report.until)
        wanted = [(f"columns.{name}", column) for name, column in report.columns if column is not None]
        layout = Layout(report.delimiter, report.encoding)
        cells = csv_cells(file, layout, wanted, (), report.missing, COUNT_PROMISE, report.unread)
        found = batches(COUNTS, COUNT_COLUMNS, outcomes(cells, _Counts(report, known).rows))
        yield from watched(file, wanted, COUNT_PROMISE, found)
    else:
        statements = Statements.model_validate(told)
        known = KnownDays(file, statements.until)
        named = [("the database's export", name) for name in STATEMENT_WANTED]
        layout, actions = Layout(statements.delimiter), [f"decision_{one}" for one in ACTIONS]
        cells = csv_cells(file, layout, named, actions, promise=STATEMENT_PROMISE, unread=statements.unread)
        rows = _Statements(statements.platform, known).rows
        found = batches(STATEMENTS, STATEMENT_COLUMNS, outcomes(cells, rows))
        yield from watched(file, named, STATEMENT_PROMISE, found)
    yield known.batch(DAYS)


@dataclass(frozen=True)
class _Counts:
    """How rows of a report are read."""

    report: Report
    known: KnownDays

    def rows(self, cells: Cells) -> Iterable[Row]:
        columns = self.report.columns
        starts = _present(columns.start, cells.day(columns.start, self.report.format))
        ends = _present(columns.end, cells.day(columns.end, self.report.format))
        value = cells.whole(columns.value)
        if value is None:
            return  # an empty cell counts nothing, and not 0
        self.known.see(starts, ends)
        kind = cells.text(columns.kind) if columns.kind else None
        yield {
            "line": cells.line,
            "report": self.report.report,
            "measure": cells.wanted(columns.measure) if columns.measure else self.report.measure,
            "kind": kind or "all",
            "is_total": kind is None or kind.casefold() in self.report.totals,
            "starts_on": starts,
            "ends_on": ends,
            "value": value,
            "counted": cells.text(columns.counted) if columns.counted else None,
            "told_until_on": self.known.told_until,
        }


@dataclass(frozen=True)
class _Statements:
    """How statements of reasons are read."""

    platform: str
    known: KnownDays

    def rows(self, cells: Cells) -> Iterable[Row]:
        posted, applied = (
            _day_of(cells, "content_date"),
            _present("application_date", _day_of(cells, "application_date")),
        )
        self.known.see(applied)
        yield {
            "line": cells.line,
            "platform": self.platform,
            "statement": cells.wanted("puid"),
            "category": _word(cells, "category"),
            "ground": _word(cells, "decision_ground"),
            "source": _word(cells, "source_type"),
            "action": _action(cells.values),
            "is_detected_automatically": cells.truth("automated_detection"),
            "automation": _word(cells, "automated_decision"),
            "posted_on": posted,
            "applied_on": applied,
            "told_until_on": self.known.told_until,
        }


def _present(column: str, day: date | None) -> date:
    if day is None:
        raise Unreadable(f"{column} is present", f"{column}: empty")
    return day


def _day_of(cells: Cells, column: str) -> date | None:
    """The database has days, with or without a time of midnight behind them."""
    found: datetime | None = cells.moment(column)
    return None if found is None else found.date()


def _word(cells: Cells, column: str) -> str | None:
    """A constant without what all of its column begin with: STATEMENT_CATEGORY_VIOLENCE is violence."""
    found = cells.text(column)
    if found is None:
        return None
    word = found.casefold()
    if not (word.isascii() and word.replace("_", "").isalnum()):
        raise Unreadable(f"{column} is one of the database's constants", f"{column}: {shape(found)}")
    return next((word.removeprefix(prefix) for prefix in PREFIXES if word.startswith(prefix)), word)


def _action(values: Mapping[str, str]) -> str | None:
    """What the decision was about; of several the first of ACTIONS."""
    told = (one for one in ACTIONS if values.get(f"decision_{one}", "").strip().casefold() not in NOTHING)
    return next(told, None)
