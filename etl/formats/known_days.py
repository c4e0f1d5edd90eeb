"""Of which days a file tells: the rows by which a day without an event is told from a day that nobody knows of.

A list with a case a month says nothing of the months behind its last one unless somebody says until when it was kept.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from etl.feed import Batch, LandedFile
from etl.formats.wording import Until

COLUMNS = ("line", "day_on")
EARLIEST = date(2001, 1, 1)


@dataclass
class KnownDays:
    """The days from the first to the last that a file tells of, gathered while it is read.

    file: nothing behind the day on which it came in is known. until: what the settings say: a day, the day on which the
    file came in, or nothing, and then the last day that stands in it.
    """

    file: LandedFile
    until: Until = None
    first: date | None = None
    last: date | None = None

    def see(self, *days: date | None) -> None:
        """Days that stand in the file; those that lie outside of what it can know are passed over."""
        for day in days:
            if day is not None and EARLIEST <= day <= self.received_on:
                self.first = day if self.first is None else min(self.first, day)
                self.last = day if self.last is None else max(self.last, day)

    @property
    def received_on(self) -> date:
        return self.file.received_at.date()

    @property
    def told_until(self) -> date | None:
        """The last day that the file tells of, as far as the settings say."""
        return self.received_on if self.until == "received" else self.until

    def batch(self, table: str, index: int = 0) -> Batch:
        """A row for each of the days."""
        first, last = self.first, max((day for day in (self.last, self.told_until) if day is not None), default=None)
        size = (last - first).days + 1 if first is not None and last is not None else 0
        days = [first + timedelta(days=one) for one in range(size)] if first is not None else []
        return Batch(table, {"line": [1] * len(days), "day_on": days}, (), self.file.bytes, index)
