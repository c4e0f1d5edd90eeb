"""Figures of earlier weeks that the last summary told differently, and why they changed. It asks nothing.

Only figures that this summary shows, and only where its reader may see what was said before; others are counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.charts import words
from dashboard.reports.document import Table
from metrics.answer import Figure
from metrics.progress import Progress
from metrics.restated import Restatement, Restatements

WHY: Final[Mapping[str, str]] = {
    "definition": "Counted in another way",
    "key": "People counted anew",
    "correction": "Mistakes in the data corrected",
    "settings": "Settings corrected",
    "data": "Data came late",
    "software": "Computation corrected",
}
CAPTION: Final = "Corrected since last week"
EMPTY: Final = "No figure of an earlier week was corrected."


@dataclass(frozen=True)
class Corrected:
    """A figure of a measure as it was known when the week began, and as it is now.

    cause: of the newest change. receipt: the ID of what was said then; what is said now is a figure like every other.
    """

    measure: Progress
    was: Figure
    now: Figure
    cause: str
    receipt: str


def corrected(one: Progress, found: Restatements, since: date, shown: int) -> Iterator[Corrected]:
    """What of a measure was corrected, the newest period first.

    found: restatements of the measure's metric by builds that know the day `since` or later. shown: how many of the
    measure's newest periods the summary shows. What was first told later than that was in no summary before.
    """
    by_start: dict[date, list[Restatement]] = {}
    for each in sorted(_of(one, found.found), key=lambda each: each.after.build):
        by_start.setdefault(each.after.figure.start, []).append(each)
    for now in reversed(one.released.figures[-shown:]):
        changes = by_start.get(now.start, [])
        if changes and now.shown and changes[0].before.known_until.date() <= since:
            was = changes[0].before
            if was.figure.value != now.value:
                yield Corrected(one, was.figure, now, str(changes[-1].after.cause), found.receipt(changes[0], was))


def _of(one: Progress, found: Iterable[Restatement]) -> Iterator[Restatement]:
    """Those of exactly what the measure is narrowed to."""
    split, group = (tuple(name for name, _ in one.released.where), tuple(member for _, member in one.released.where))
    return (each for each in found if (each.split, each.after.figure.group) == (split, group))


def table(found: Sequence[Corrected], limit: int = 0) -> Table:
    """As a table of texts; where it is limited, with how many were left out."""
    kept = found[:limit] if limit else found
    columns = ("Measure", "Period", "Was", "Is", "Why")
    rows = tuple(
        (
            one.measure.title,
            words.short_period(one.now, one.measure.released.by),
            words.figure(one.was, one.measure.released),
            words.figure(one.now, one.measure.released),
            WHY.get(one.cause, WHY["data"]),
        )
        for one in kept
    )
    return Table(
        CAPTION, columns, rows, (40, 12, 11, 11, 26), empty=EMPTY, left=len(found) - len(kept), noun="correction"
    )


def receipts(found: Iterable[Corrected]) -> list[tuple[str, ...]]:
    """The period and the ID of each number as it was told before."""
    return [(f"{words.short_period(one.now, one.measure.released.by)}, was", one.receipt) for one in found]


def withheld(count: int) -> Iterator[str]:
    """That there are more, where there are."""
    if count:
        verb = "is" if count == 1 else "are"
        yield f"{words.count(count, 'correction')} since last week {verb} withheld, as one side of each tells of few."
