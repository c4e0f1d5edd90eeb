"""From when to when a log dump tells: the times of its first and last item, of whatever type, and the day in its name.

It reads no item: most of them are dropped, and say nevertheless that the dump goes so far. Days of which nothing can be
known are passed over: an item that claims one is refused, if it is kept, and says nothing of the others.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from etl.formats.known_days import EARLIEST
from etl.formats.log_blocks import Block
from etl.formats.log_items import LogItems

_TAG = b"<timestamp>"
_DAY = len("2026-11-01")
_DATED = re.compile(r"-(20\d{6})-pages-logging\.xml[^/]*\Z")  # of all items: `-pages-logging3.xml` holds only some


@dataclass
class LogSpan:
    """The days of the first and the last item whose time can be, seen while a dump is read.

    until: the day on which it came in, behind which it knows nothing.
    """

    until: date = date.max
    first: date | None = None
    last: date | None = None

    def see_blocks(self, blocks: Iterable[Block]) -> None:
        """Blocks in which each `<` begins a tag, in their order."""
        for block in blocks:
            self._see(_days(block, bytes.find), _days(block, bytes.rfind))

    def see_items(self, items: LogItems) -> None:
        """Items of all types, in their order."""
        self._see(map(_as_day, items.timestamp), map(_as_day, reversed(items.timestamp)))

    def can_know(self, day: date) -> bool:
        return EARLIEST <= day <= self.until

    def _see(self, forwards: Iterator[date | None], backwards: Iterator[date | None]) -> None:
        """The days of the same items, from their first on and from their last back: mostly no more than one is read."""
        if self.first is None:
            self.first = next((day for day in forwards if day and self.can_know(day)), None)
        self.last = next((day for day in backwards if day and self.can_know(day)), self.last)


def told_until(names: Iterable[str], span: LogSpan) -> date | None:
    """The last day of which the dump tells. None for a dump without an item.

    Wikimedia's dumps begin on the day in their name (enwiki-20261101-pages-logging.xml.gz), so that they hold all of
    the days before it, however quiet the wiki was then. Without such a name nobody knows more than the last item.
    names: several where dumps of several days hold the same.
    """
    if span.first is None or span.last is None:
        return None
    found = [_as_day(dated[1]) for name in names if (dated := _DATED.search(name))]
    begun = [day - timedelta(days=1) for day in found if day is not None and span.can_know(day)]
    return max([span.first, span.last, *begun])


def _days(block: Block, find: Callable[[bytes, bytes, int, int], int]) -> Iterator[date | None]:
    """Of all items in a block, from its first one on or, by `rfind`, from its last one back."""
    start, end = 0, block.end
    while (at := find(block.text, _TAG, start, end)) >= 0:
        begin = at + len(_TAG)
        yield _as_day(block.text[begin : begin + _DAY].decode("latin-1"))
        start, end = (begin, end) if find is bytes.find else (start, at)


def _as_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:_DAY])
    except ValueError:
        return None
