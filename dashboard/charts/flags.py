"""The vertical rules of a chart: what happened, by number; where another usual begins, by letter. It draws nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase
from typing import Final

from dashboard.charts import words
from dashboard.charts.chart import Annotation, Chart

ROOM: Final = 1 / 18  # of the width, which a sign needs on a phone


@dataclass(frozen=True)
class Flag:
    """A rule on a day. sign: stands above it, explained in the notes; level: how many signs above the lowest row."""

    day: date
    sign: str
    text: str
    is_phase: bool
    level: int

    @property
    def height(self) -> int:
        """Pixels above the plot."""
        return self.level * 13


def flags(chart: Chart) -> tuple[Flag, ...]:
    """Phases and what happened, oldest first; signs that would overlap stand on different levels."""
    if chart.span is None:
        return ()
    start, end = chart.span
    room = max((end - start) * ROOM, (end - start).resolution)
    taken: list[date] = []
    found = []
    for sign, one, is_phase in sorted(_signed(chart), key=lambda flag: (flag[1].day, not flag[2])):
        level = next((at for at, last in enumerate(taken) if one.day - last >= room), len(taken))
        taken[level : level + 1] = [one.day]
        found.append(Flag(one.day, sign, one.text, is_phase, level))
    return tuple(found)


def told(chart: Chart) -> Iterator[str]:
    """A note per sign: "1: Reporting tool on en.demo, 5 Oct 2026."."""
    for flag in sorted(flags(chart), key=lambda one: (not one.is_phase, one.day, one.text)):
        when = words.day(flag.day, chart.locale)
        text = flag.text.removesuffix(".")
        yield f"{flag.sign}: from {when} another usual: {text}." if flag.is_phase else f"{flag.sign}: {text}, {when}."


def _signed(chart: Chart) -> Iterator[tuple[str, Annotation, bool]]:
    for at, one in enumerate(chart.phases):
        yield ascii_uppercase[at % len(ascii_uppercase)], one, True
    for number, one in enumerate(chart.annotations, start=1):
        yield str(number), one, False
