"""The key developments of a period as its readers are told them: what was written down for them, and nothing else.

It reads the records it is given. A text is plain text; each format escapes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.charts import words
from dashboard.reports.document import Table
from dashboard.reports.plan_records import day_of
from metrics.answer import Listing
from metrics.calendar import Period

EMPTY = "No key development was written down for this week."


@dataclass(frozen=True)
class Development:
    """One item. text: "" where the title says all; source: a web address or a name."""

    day: date
    title: str
    text: str
    source: str


def developments(listing: Listing, period: Period) -> tuple[Development, ...]:
    """The items of the days of the period, the newest first."""
    found = [
        Development(day, str(row["title"]), str(row["text"] or ""), str(row["source"]))
        for row in listing.rows
        if (day := day_of(row["happened_at"])) is not None and period.start <= day <= period.end
    ]
    return tuple(sorted(found, key=lambda one: (-one.day.toordinal(), one.title)))


def table(found: Sequence[Development], limit: int = 0) -> Table:
    """As a table of texts; only titles where it is limited, and how many were left out."""
    kept = found[:limit] if limit else found
    if limit:
        rows = tuple((one.title, words.day(one.day), one.source) for one in kept)
        whole = Table("Key developments", ("What happened", "Day", "Source"), rows, (56, 12, 32))
    else:
        told = [(words.day(one.day), one.title, one.text or "–", one.source) for one in kept]
        columns = ("Day", "What happened", "In short", "Source")
        whole = Table("Key developments of the week", columns, tuple(told), (12, 26, 40, 22))
    return Table(
        whole.caption,
        whole.columns,
        whole.rows,
        whole.widths,
        empty=EMPTY,
        left=len(found) - len(kept),
        noun="development",
    )
