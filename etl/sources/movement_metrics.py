"""Movement metrics: the monthly editing metrics of all Wikimedia wikis together, as the Foundation publishes them.

It loads each figure as it stands; an empty cell is no figure, and not 0.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from etl.feed import Batch, Delivery, Landed, LandedFile, Reject
from etl.formats import delimited, drift
from etl.formats.batches import Row, batches
from etl.formats.cells import Cells, Unreadable, csv_cells, outcomes
from etl.formats.delimited import Layout
from etl.formats.drift import Promise, watched
from etl.formats.known_days import KnownDays
from etl.formats.wording import Named, Part

TABLE, DAYS = "raw_movement_metrics", "raw_movement_metrics_day"
COLUMNS = ("line", "month_on", "measure", "value")
MONTH = "month"
WANTED = ("active_editors", "new_active_editors", "returning_active_editors")
KNOWN = (
    *WANTED, "anonymous_edits", "mobile-heavy_wiki_active_editors", "mobile-heavy_wiki_edits",
    "mobile-heavy_wiki_new_editor_retention", "mobile-heavy_wiki_nonbot_edits", "mobile_edits",
    "net_new_Commons_content_pages", "net_new_Wikidata_entities", "net_new_Wikipedia_articles", "net_new_content_pages",
    "new_editor_retention", "non_anonymous_edits", "other_nonbot_edits", "revert_rate", "total_edits", "uploads",
    "wikidata_edits",
)  # fmt: skip
LAYOUT = Layout("\t")
PROMISE = Promise(TABLE, {MONTH: "month_on", **dict.fromkeys(KNOWN, "value")})


class Settings(Part):
    """The files, each with all months that there were when it was made."""

    files: Named


def deliveries(settings: Settings) -> list[Delivery]:
    """One delivery; its files are read one at a time."""
    return [Delivery("movement_metrics", settings.files)]


def read(landed: Landed) -> Iterator[Batch]:
    """The figures of one file, month by month, and the days of which it tells."""
    (file,) = landed.files
    known = KnownDays(file)
    wanted = [("the Foundation's file", name) for name in (MONTH, *WANTED)]
    cells = csv_cells(file, LAYOUT, wanted, KNOWN, promise=PROMISE, unread=())
    found = batches(TABLE, COLUMNS, _gone_first(file, outcomes(cells, _Reading(known).rows)))
    yield from watched(file, wanted, PROMISE, found)
    yield known.batch(DAYS)


@dataclass(frozen=True)
class _Reading:
    """How months are read."""

    known: KnownDays

    def rows(self, cells: Cells) -> Iterable[Row]:
        month = cells.day(MONTH)
        if month is None or month.day != 1:
            raise Unreadable("month is the first day of a month", "empty" if month is None else "another day")
        if month > self.known.received_on:
            raise Unreadable("month is not after the receipt of its file", f"year {month.year}")
        values = {name: cells.number(name) for name in KNOWN}
        self.known.see(month, month.replace(day=monthrange(month.year, month.month)[1]))
        for name, value in values.items():
            if value is not None:
                yield {"line": cells.line, "month_on": month, "measure": name, "value": value}


def _gone_first(file: LandedFile, rest: Iterator[tuple[int, Row | Reject]]) -> Iterator[tuple[int, Row | Reject]]:
    """Figures that are published no more are told and the others read; `rest` tells of those that must be there."""
    header = [name.strip() for name in next(delimited.records(file, LAYOUT)).fields]
    yield from ((0, one) for one in drift.gone_quietly(header, [name for name in KNOWN if name not in WANTED], PROMISE))
    yield from rest
