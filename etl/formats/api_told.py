"""From when to when a wiki has told its log, whether or not anything happened: the last line of a piece, and its days.

Of the day on which a wiki is asked the rest is yet to come, so a piece tells of the days before it. Pieces from before
there was such a line tell of the days of their events.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from etl.feed import Batch
from etl.formats.json_answers import Answer, Unreadable, moment
from etl.formats.known_days import EARLIEST
from etl.formats.told_days import told_days

FROM, UNTIL = "told_from", "told_until"
FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def line(view: str, start: str | None, until: str | None, now: datetime) -> bytes:
    """until: None where no pass has come to its end yet; start: None where nothing ever happened."""
    told = {"asked": {"view": view}, "at": now.strftime(FORMAT), "answer": {FROM: start, UNTIL: until}}
    return json.dumps(told).encode() + b"\n"


@dataclass
class Told:
    """What one piece tells of, gathered while it is read. first, last: its events, in no order.

    received_on: nothing behind it is known, whatever an event claims.
    """

    received_on: date
    first: datetime | None = None
    last: datetime | None = None
    start: datetime | None = None
    until: datetime | None = None
    is_said: bool = False

    def see_line(self, answer: Answer) -> bool:
        """Whether the answer is the line that says it."""
        content = answer.content
        if not isinstance(content, dict) or content.keys() != {FROM, UNTIL}:
            return False
        try:
            self.start, self.until = moment(content, FROM), moment(content, UNTIL)
        except Unreadable:
            return False
        self.is_said = True
        return True

    def see(self, times: Iterable[datetime]) -> None:
        """Times of events."""
        begin, end = datetime.combine(EARLIEST, time()), datetime.combine(self.received_on, time.max)
        known = [one for one in (self.first, self.last) if one is not None]
        times = [*(one for one in times if begin <= one <= end), *known]
        self.first, self.last = min(times, default=None), max(times, default=None)

    def batches(self, table: str, wiki: str, done: int) -> Iterable[Batch]:
        """The days, in one batch if there are any."""
        until = self._last_day()
        if until is None:
            return
        first = self.start.date() if self.start else min(self.first.date() if self.first else until, until)
        if max(first, EARLIEST) <= until:
            yield told_days(table, wiki, max(first, EARLIEST), until, done)

    def _last_day(self) -> date | None:
        """The last of the days of which all is told; where no line says it, that of the last event."""
        if not self.is_said:
            return self.last.date() if self.last else None
        return min(self.until.date(), self.received_on) - timedelta(days=1) if self.until else None
