"""Tables of what a build rests on, for any report: feeds, rows set aside, warnings. It asks and writes nothing."""

from datetime import date, timedelta

from dashboard.charts import words
from dashboard.reports.document import Table
from dashboard.reports.plan_records import day_of
from metrics.answer import Build, Listing


def feeds(files: Listing, coverage: Listing, built: Build) -> Table:
    """Per feed its files, its rows and the days it covers; below, the wikis of which it covers other days."""
    last = built.as_of.date() - timedelta(days=1)
    whole = {row["feed"]: (row["starts_on"], row["ends_on"]) for row in coverage.rows if row["wiki"] is None}
    rows: list[tuple[str, ...]] = []
    for feed in sorted({str(row["feed"]) for row in files.rows}):
        days = whole.get(feed)
        start, end = days or (None, None)
        rows.append((_name(feed), *_counts(feed, files), *_days(start, end, last)))
        rows.extend(
            (f"{_name(feed)}, {row['wiki']}", "", "", "", *_days(row["starts_on"], row["ends_on"], last, "no data"))
            for row in coverage.rows
            if row["feed"] == feed and row["wiki"] and (row["starts_on"], row["ends_on"]) != days
        )
    columns = ("Feed", "Files", "Rows", "Set aside", "First day", "Last day", "Behind the build")
    widths = (25, 8, 12, 11, 14, 14, 16)
    return Table("Feeds", columns, tuple(rows), widths, (1, 2, 3), empty="The build has no feed.")


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


def _counts(feed: str, files: Listing) -> tuple[str, str, str]:
    """How many files, rows and rows set aside; a file that is read for several purposes counts once."""
    found = {(row["file"], row["sha256"]): (row["rows"], row["rejected"]) for row in files.rows if row["feed"] == feed}
    amounts = (len(found), *(sum(amount or 0 for amount in column) for column in zip(*found.values(), strict=True)))
    files_, rows, rejected = (words.number(amount, "count") for amount in amounts)
    return files_, rows, rejected


def _days(start: object, end: object, last: date, absent: str = "–") -> tuple[str, str, str]:
    """First and last day, and how far that is behind; a plan covers no days of its own."""
    first, newest = day_of(start), day_of(end)
    if first is None or newest is None:
        return absent, absent, "–"
    behind = "up to date" if newest >= last else words.number((last - newest).days, "days")
    return words.day(first), words.day(newest), behind


def _name(feed: object) -> str:
    return str(feed).replace("_", " ")
