"""One description of a chart: its data, its target, what happened, and the words that say the same. It draws nothing.

Screen and paper draw from this alone, so that they cannot differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from dashboard.charts import words
from dashboard.charts.axis import Axis
from metrics.answer import State
from metrics.semantic.model import Unit
from metrics.stats.control_chart import Verdict

MOST_WHISKERS = 30
NO_AXIS = Axis(0.0, 1.0, ((0.0, "0"), (1.0, "1")))


@dataclass(frozen=True)
class Usual:
    """The lines of a control chart at one period: its centre and its limits, None where there is none.

    trial: so few values stand behind them that they may still move.
    """

    center: float | None
    lower: float | None
    upper: float | None
    trial: bool = False


@dataclass(frozen=True)
class Point:
    """One period of a line, or one bar. words: the value as people read it, or why there is none.

    interval: the 95 % interval in words, "" where there is none. usual, verdict: the period in a control chart; None
    where there is none, and no verdict where the point is not judged. says: the verdict in words, "" where it is none.
    is_part: it is an amount of a part of its period, which is not like those of whole ones.
    """

    label: str
    short: str
    start: date
    end: date
    value: float | None
    low: float | None
    high: float | None
    state: State
    words: str
    interval: str = ""
    usual: Usual | None = None
    verdict: Verdict | None = None
    says: str = ""
    is_part: bool = False

    @property
    def settled(self) -> bool:
        return self.state == "final"

    @property
    def flagged(self) -> bool:
        """Whether a control chart finds more than chance here."""
        return self.verdict not in (None, "common")

    @property
    def middle(self) -> date:
        return self.start + (self.end - self.start) / 2


def neighbours(one: Point, other: Point) -> bool:
    """Whether no day lies between two periods."""
    return other.start == one.end + timedelta(days=1)


@dataclass(frozen=True)
class Stroke:
    """Neighbouring points that one line joins. settled: all are final; else the line is drawn dashed."""

    points: tuple[Point, ...]
    settled: bool


@dataclass(frozen=True)
class Line:
    """The points of one group, oldest first. name: "" where there is only one line."""

    name: str
    points: tuple[Point, ...]

    @property
    def shown(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.value is not None)

    def strokes(self) -> tuple[Stroke, ...]:
        """The line in pieces: a period without a value leaves a gap, an unsettled one is joined by a dashed piece.

        An amount of a part of a period is joined to nothing: beside whole periods it would look like a fall.
        """
        return tuple(_strokes(self.points))

    @property
    def controlled(self) -> bool:
        """Whether it is drawn as a control chart, with what is usual beside it."""
        return any(point.usual is not None for point in self.points)

    @property
    def whiskers(self) -> bool:
        """Whether its intervals are thin lines: on a control chart of few points; of many they are not drawn."""
        spread = [point for point in self.shown if point.low is not None and point.high is not None]
        return self.controlled and 0 < len(spread) <= MOST_WHISKERS

    def bands(self) -> tuple[tuple[Point, ...], ...]:
        """Runs of two or more neighbouring points that have an interval; none on a control chart, which has an area."""
        runs: list[list[Point]] = []
        for point in () if self.controlled else self.points:
            if point.low is None or point.high is None:
                continue
            if runs and neighbours(runs[-1][-1], point):
                runs[-1].append(point)
            else:
                runs.append([point])
        return tuple(tuple(run) for run in runs if len(run) > 1)


@dataclass(frozen=True)
class Annotation:
    """What happened on a day, such as a rollout. Its number stands in the chart, its text below."""

    day: date
    text: str


@dataclass(frozen=True)
class Mark:
    """A day of a milestone on a timeline."""

    day: date
    kind: Literal["planned", "forecast", "actual"]


@dataclass(frozen=True)
class Row:
    """A line of a timeline: a project as a bar from `start` to `end`, or a milestone as marks on its days."""

    name: str
    state: str
    start: date | None = None
    end: date | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart before it is drawn. alt: the chart in words; notes: how to read it.

    phases: days from which on something else is usual, each with its reason.
    """

    kind: Literal["series", "bars", "timeline"]
    title: str
    alt: str
    unit: Unit = "count"
    lines: tuple[Line, ...] = ()
    rows: tuple[Row, ...] = ()
    target: float | None = None
    today: date | None = None
    annotations: tuple[Annotation, ...] = ()
    phases: tuple[Annotation, ...] = ()
    notes: tuple[str, ...] = ()
    axis: Axis = NO_AXIS
    locale: str = words.LOCALE

    @property
    def span(self) -> tuple[date, date] | None:
        """First and last day that the chart shows; None where it shows none."""
        days = [day for line in self.lines for point in line.points for day in (point.start, point.end)]
        days += [day for row in self.rows for day in (row.start, row.end) if day is not None]
        days += [mark.day for row in self.rows for mark in row.marks]
        return (min(days), max(days)) if days else None

    @property
    def target_words(self) -> str:
        return "" if self.target is None else f"Target {words.number(self.target, self.unit, self.locale)}"

    @property
    def is_empty(self) -> bool:
        return not self.rows and not any(line.shown for line in self.lines)


def _is_like_others(one: Point) -> bool:
    """Whether it is a value of a whole period."""
    return one.value is not None and not one.is_part


def _strokes(points: tuple[Point, ...]) -> Iterator[Stroke]:
    run: list[Point] = []
    settled = True
    for one, other in pairwise(points):
        joined = _is_like_others(one) and _is_like_others(other) and neighbours(one, other)
        both = one.settled and other.settled
        if run and (not joined or both != settled):
            yield Stroke(tuple(run), settled)
            run = []
        if joined:
            run = [*run, other] if run else [one, other]
            settled = both
    if run:
        yield Stroke(tuple(run), settled)
