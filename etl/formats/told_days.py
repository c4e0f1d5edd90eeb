"""Of which days a delivery of one wiki tells, as rows: so that a quiet wiki is told from one that nobody asked.

They come of what was delivered, never of what happened last.
"""

from datetime import date, datetime, time, timedelta

from etl.feed import Batch


def told_days(table: str, wiki: str, first: date, last: date, done: int, file: int = 0) -> Batch:
    """A row for each day from the first to the last, both told of. done, file: as in Batch."""
    begin = datetime.combine(first, time())
    days = [begin + timedelta(days=number) for number in range((last - first).days + 1)]
    told = {"line": list(range(1, len(days) + 1)), "wiki": [wiki] * len(days), "day_at": days}
    return Batch(table, told, (), done, file)
