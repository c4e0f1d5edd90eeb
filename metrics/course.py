"""Reads a series as a control chart: what is usual, what is more than chance, since when, and whether it is good news.

It computes on released figures alone, so that what is withheld is missing here too; it reads no build and draws nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from metrics.answer import Figure, Released
from metrics.stats.control_chart import Assurance, Verdict
from metrics.stats.signals import Signal
from metrics.stats.spc import Chart


@dataclass(frozen=True)
class Phase:
    """From this day on the metric has another usual, and why: somebody decided so in the plan."""

    starts_on: date
    why: str


@dataclass(frozen=True)
class Place:
    """One point of the chart: its figure, its lines and what holds there. Lines are None where there is no limit.

    figure: only settled ones are judged; others are here too, without signal. conflicts: another rule points elsewhere.
    """

    figure: Figure
    center: float | None
    lower: float | None
    upper: float | None
    signal: Signal | None
    verdict: Verdict
    conflicts: bool


@dataclass(frozen=True)
class Run:
    """The last points in a row that say the same: since when, by which rule, over how many periods.

    is_new: it could not be seen yet when the period before the last was the newest.
    """

    verdict: Verdict
    signal: Signal
    direction: Literal["up", "down"]
    since: date
    periods: int
    is_new: bool


@dataclass(frozen=True)
class Course:
    """The series of one group of an answer as a control chart, oldest first.

    chart, why: which chart, and why it fits. places: one per figure. phases: those that begin within the series.
    run: None where the last settled point is within what is usual. variation: its verdict; None without any value.
    assurance: whether the target will be met if nothing changes; None without target, direction or limits.
    trial: fewer than 13 values in the last phase, so the limits may still move.
    """

    released: Released
    chart: Chart
    why: str
    places: tuple[Place, ...]
    phases: tuple[Phase, ...]
    run: Run | None
    variation: Verdict | None
    assurance: Assurance | None
    trial: bool
    target: float | None


def course(released: Released, phases: Sequence[Phase] = (), target: float | None = None) -> Course:
    """The course of an answer that has one group (ValueError otherwise). target: in the unit of the metric."""
    raise NotImplementedError


def phases_of(released: Released, rows: Sequence[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """The phases of the plan, rows of the listing "phases", that hold for this answer: metric and filters are its own."""
    raise NotImplementedError
