"""Tables of what a build rests on, for any report: feeds, rows set aside, warnings. It asks and writes nothing."""

from datetime import date, timedelta

from dashboard.charts import words
from dashboard.reports.document import Table
from dashboard.reports.plan_records import day_of
from metrics.answer import Build, Listing


def feeds(coverage: Listing, built: Build) -> Table:
    """Which days each feed covers, and how far it is behind the last day of the build."""
    last = built.as_of.date() - timedelta(days=1)
    rows = tuple(
        (
            _name(row["feed"]),
            str(row["wiki"] or "–"),
            _day(row["starts_on"]),
            _day(row["ends_on"]),
            _behind(day_of(row["ends_on"]), last),
        )
        for row in coverage.rows
    )
    columns = ("Feed", "Wiki", "First day", "Last day", "Behind the build")
    return Table("Feeds", columns, rows, (30, 20, 16, 16, 18), empty="The build has no feed.")


def quarantine(found: Listing) -> Table:
    """How many rows were set aside, by feed, file and rule."""
    rows = tuple(
        (_name(row["feed"]), str(row["file"]), str(row["rule"]), words.number(row["row_count"], "count"))
        for row in found.rows
    )
    caption = "Rows set aside because they break their contract"
    columns = ("Feed", "File", "Rule", "Rows")
    return Table(caption, columns, rows, (20, 28, 42, 10), (3,), empty="No row was set aside.")


def warnings(checks: Listing) -> Table:
    """The checks that failed without withholding the build."""
    rows = tuple(
        (str(row["rule"]), str(row["table_name"]), words.number(row["breaking_count"], "count"))
        for row in checks.rows
        if not row["passed"]
    )
    empty = "No check warned, and no rule of severity error is broken."
    return Table("Warnings of the checks", ("Rule", "Table", "Rows"), rows, (60, 28, 12), (2,), empty=empty)


def _behind(day: date | None, last: date) -> str:
    if day is None:
        return "no data"
    return "up to date" if day >= last else words.number((last - day).days, "days")


def _day(value: object) -> str:
    day = day_of(value)
    return words.day(day) if day else "no data"


def _name(feed: object) -> str:
    return str(feed).replace("_", " ")
