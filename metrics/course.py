"""Reads a series as a control chart: what is usual, what is more than chance, since when, and whether it is good news.

It computes on released figures alone, so that what is withheld is missing here too. It reads no build, draws nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from metrics import withhold
from metrics.answer import Figure, Released
from metrics.semantic.model import Metric
from metrics.stats.control_chart import Assurance, ControlChart, Verdict
from metrics.stats.signals import SHIFT_POINTS, Signal
from metrics.stats.spc import RATES, SHARES, Chart, Choice, choose, of_many

Floats = NDArray[np.float64]
Direction = Literal["up", "down"]

SURVEY: Final = "survey_share"
RARE: Final[Mapping[Chart, str]] = {
    "t": "Events are rare, and the limits are those of chance for counts; the days between two of them would say more.",
    "g": "Events are rare, and the limits are those of chance; the cases between two of them would say more.",
}
NO_COUNTS: Final = "It is no count out of cases: how much its values usually move says what is usual."
NOT_SHOWN: Final = "Not every period may show its cases, so how much the values usually move says what is usual."
WITHHELD: Final = "Too many periods are withheld: those that may be shown are not like the others."
LOGGED_OUT: Final = frozenset({"ipv4", "ipv6", "range", "temporary_account", "anonymous", "anonymous_or_temporary"})
OF_LOGGED_OUT: Final = frozenset({"temporary_account_blocks", "anonymous_editors_published"})


@dataclass(frozen=True)
class Phase:
    """From this day on the metric has another usual, and why: somebody decided so in the plan.

    is_comparable: whether values before and after mean the same thing.
    """

    starts_on: date
    why: str
    is_comparable: bool = True


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

    @property
    def is_settled(self) -> bool:
        return self.figure.state == "final" and self.figure.shown


@dataclass(frozen=True)
class Run:
    """The last points in a row that say the same: since when, by which rule, over how many periods.

    signal: the rule of them all; a shift where all are on one side of the centre for long enough; else the last one's.
    is_new: it could not be seen yet when the period before the last was the newest.
    """

    verdict: Verdict
    signal: Signal
    direction: Direction
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

    @property
    def last(self) -> Place | None:
        """The newest settled point: the one that `variation` and `run` are about."""
        return next((one for one in reversed(self.places) if one.is_settled), None)

    @property
    def is_selective(self) -> bool:
        """Whether so many periods are withheld that nothing can be said: neither lines nor verdicts are there then."""
        return withhold.is_selective(self.released.figures)

    @property
    def known_count(self) -> int:
        """How many settled values the last phase has."""
        begun = max((one.starts_on for one in self.phases), default=date.min)
        return sum(one.is_settled and one.figure.start >= begun for one in self.places)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The chart of an answer. figures: its points, oldest first. starts: the point with which each new phase begins."""

    choice: Choice
    chart: ControlChart
    figures: tuple[Figure, ...]
    starts: tuple[int, ...]

    @property
    def last(self) -> int | None:
        """The newest settled point."""
        known = np.flatnonzero(np.isfinite(self.chart.values))
        return int(known[-1]) if len(known) else None


def course(released: Released, phases: Sequence[Phase] = (), target: float | None = None) -> Course:
    """The course of an answer that has one group (ValueError otherwise). target: in the unit of the metric.

    Only settled values are points; what is withheld, not over or still maturing is missing, and breaks runs. Of a
    survey only its waves are points, so that neighbours are waves. A phase begins with the first period that starts on
    its day or later: a period that straddles it belongs to what was before.
    Shares of cases and rates get the chart that `metrics.stats.spc.choose` names where every point shows its cases;
    other series an individuals chart. Of rare events the answer has counts by period, not the times between them:
    they get the limits of chance for counts, and `why` says what would say more.
    It knows no seasons: what rises and falls with the year by more than it does from one period to the next looks like
    a shift for some months, and the reader has to know.
    Where more than a tenth of the periods is withheld there are points without lines, and no verdict: small numbers are
    withheld and zeros are not, so that the rest is not like the whole.
    """
    if len(released.groups()) > 1:
        raise ValueError(f"a course is of one group, and the answer has {len(released.groups())}")
    within = tuple(one for one in phases if _begins_within(one, released.figures))
    drawn = _drawn(released, within, target)
    if withhold.is_selective(released.figures):
        places = tuple(Place(one, None, None, None, None, "common", False) for one in released.figures)
        chart, is_trial = drawn.choice.chart, drawn.chart.trial
        return Course(released, chart, WITHHELD, places, within, None, None, None, is_trial, target)
    return Course(
        released=released,
        chart=drawn.choice.chart,
        why=drawn.choice.why,
        places=_places(released, within, drawn),
        phases=within,
        run=_run(released, within, drawn),
        variation=None if drawn.last is None else drawn.chart.verdicts[drawn.last],
        assurance=drawn.chart.assurance,
        trial=drawn.chart.trial,
        target=target,
    )


def phases_of(
    released: Released, rows: Sequence[Mapping[str, Any]], wikis: Sequence[Mapping[str, Any]] = ()
) -> tuple[Phase, ...]:
    """The phases that hold for an answer of one group, oldest first.

    rows: the listing "phases". One holds where the metric is the same and the answer is narrowed to all that it names:
    a phase for all wikis holds for each of them, one of a wiki does not hold for all of them together.
    wikis: the listing "wikis". What is counted of people without an account on one wiki begins anew with the day from
    which they got temporary accounts there.
    """
    narrowed = _narrowed(released)
    planned = [
        Phase(_day(one["starts_on"]), one["why"], bool(one.get("is_comparable", True)))
        for one in rows
        if one["metric"] == released.metric.id and json.loads(one["filters"] or "{}").items() <= narrowed.items()
    ]
    return tuple(
        sorted([*planned, *_temporary_accounts(released.metric, narrowed, wikis)], key=lambda one: one.starts_on)
    )


def _narrowed(released: Released) -> dict[str, str]:
    """Dimension to the one member that the answer is about."""
    group = next(iter(released.groups()), ())
    return dict(released.where) | dict(zip(released.split, group, strict=False))


def _temporary_accounts(
    metric: Metric, narrowed: Mapping[str, str], wikis: Sequence[Mapping[str, Any]]
) -> Sequence[Phase]:
    if not (metric.id in OF_LOGGED_OUT or LOGGED_OUT & set(narrowed.values())):
        return ()
    return [
        Phase(_day(one["temporary_accounts_from"]), f"temporary accounts on {one['wiki']}", is_comparable=False)
        for one in wikis
        if one["wiki"] == narrowed.get("wiki") and one["temporary_accounts_from"] is not None
    ]


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _begins_within(phase: Phase, figures: Sequence[Figure]) -> bool:
    return bool(figures) and figures[0].start < phase.starts_on <= figures[-1].start


def _drawn(released: Released, phases: Sequence[Phase], target: float | None) -> _Drawn:
    metric = released.metric
    figures = tuple(one for one in released.figures if _is_point(one, metric))
    known = np.array([one.state == "final" and one.shown for one in figures], dtype=bool)
    values, numerators, denominators = (
        _column([getattr(one, name) for one in figures], known) for name in ("value", "numerator", "denominator")
    )
    choice, sizes = _choice(metric, values, numerators, denominators), denominators / metric.per
    starts = sorted({at for at in (_first_from(one.starts_on, figures) for one in phases) if at is not None})
    has_sizes = choice.chart in (*SHARES, *RATES)
    charts = of_many(
        choice.chart,
        (numerators if has_sizes else values)[np.newaxis],
        sizes[np.newaxis] if has_sizes else None,
        better=metric.better,
        target=target,
        rebase=starts,
    )
    return _Drawn(choice, charts.chart(0), figures, tuple(starts))


def _is_point(figure: Figure, metric: Metric) -> bool:
    """A period without a wave is no point of a survey; a wave that is withheld is one of which nothing is known."""
    return metric.kind != SURVEY or figure.shown or figure.state == "withheld"


def _column(several: Sequence[float | None], known: NDArray[np.bool_]) -> Floats:
    column = np.array([np.nan if one is None else one for one in several], dtype=np.float64)
    return np.where(known, column, np.nan)


def _first_from(day: date, figures: Sequence[Figure]) -> int | None:
    return next((at for at, one in enumerate(figures) if one.start >= day), None)


def _choice(metric: Metric, values: Floats, numerators: Floats, denominators: Floats) -> Choice:
    if metric.kind != "ratio":
        choice = choose(metric.kind, values)
        return Choice("c", RARE["t"]) if choice.chart == "t" else _in_words(choice, metric)
    if not metric.counts_rows and not metric.has_exposure:
        return Choice("xmr", NO_COUNTS)
    if np.any(np.isfinite(values) & ~np.isfinite(numerators + denominators)):
        return Choice("xmr", NOT_SHOWN)
    is_rate = not metric.is_share or bool(np.any(numerators > denominators))
    choice = choose("ratio", denominators, events=numerators, is_rate=is_rate)
    if choice.chart == "g":
        return Choice("u" if is_rate else "p", RARE["g"])
    return choice


def _in_words(choice: Choice, metric: Metric) -> Choice:
    """Without the underscore of a kind, since people read it."""
    return replace(choice, why=choice.why.replace(metric.kind, metric.kind.replace("_", " ")))


def _places(released: Released, phases: Sequence[Phase], drawn: _Drawn) -> tuple[Place, ...]:
    at = {one.start: place for place, one in enumerate(drawn.figures)}
    of_phase = {_phase(one, phases): place for place, one in reversed(list(enumerate(drawn.figures)))}
    return tuple(
        _place(one, drawn, at[one.start])
        if one.start in at
        else _between(one, drawn, of_phase.get(_phase(one, phases)))
        for one in released.figures
    )


def _phase(figure: Figure, phases: Sequence[Phase]) -> int:
    return sum(one.starts_on <= figure.start for one in phases)


def _place(figure: Figure, drawn: _Drawn, at: int) -> Place:
    chart = drawn.chart
    return Place(
        figure=figure,
        center=_line(chart.center, at),
        lower=_line(chart.lower, at),
        upper=_line(chart.upper, at),
        signal=chart.signals[at],
        verdict=chart.verdicts[at],
        conflicts=bool(chart.conflicts[at]),
    )


def _between(figure: Figure, drawn: _Drawn, at: int | None) -> Place:
    """A period without a wave: the lines go on, as they are the same within a phase; nothing is judged."""
    if at is None:
        return Place(figure, None, None, None, None, "common", False)
    return replace(_place(figure, drawn, at), signal=None, verdict="common", conflicts=False)


def _line(line: Floats, at: int) -> float | None:
    return float(line[at]) if np.isfinite(line[at]) else None


def _run(released: Released, phases: Sequence[Phase], drawn: _Drawn) -> Run | None:
    last = drawn.last
    if last is None or drawn.chart.verdicts[last] == "common":
        return None
    verdict = drawn.chart.verdicts[last]
    begun = max((start for start in drawn.starts if start <= last), default=0)
    same = list(takewhile(lambda at: drawn.chart.verdicts[at] == verdict, range(last, begun - 1, -1)))
    direction = _direction(verdict, released.metric)
    return Run(
        verdict=verdict,
        signal=_signal(drawn.chart, same, direction),
        direction=direction,
        since=drawn.figures[same[-1]].start,
        periods=len(same),
        is_new=_is_new(released, phases, drawn.figures[last], verdict),
    )


def _direction(verdict: Verdict, metric: Metric) -> Direction:
    if verdict in ("high", "low"):
        return "up" if verdict == "high" else "down"
    return "up" if (verdict == "improvement") == (metric.better == "higher") else "down"


def _signal(chart: ControlChart, same: Sequence[int], direction: Direction) -> Signal:
    """One rule for the whole run where there is one. same: its points, newest first."""
    off_center = (chart.values - chart.center)[list(same)] * (1 if direction == "up" else -1)
    rules = [one for one in (chart.signals[at] for at in same) if one is not None]
    if len(set(rules)) > 1 and len(same) >= SHIFT_POINTS and np.all(off_center > 0):
        return "shift"
    return rules[0]


def _is_new(released: Released, phases: Sequence[Phase], last: Figure, verdict: Verdict) -> bool:
    """Whether the same answer, had it ended before the last settled period, would not have said this at its end."""
    earlier = tuple(one for one in released.figures if one.start < last.start)
    before = replace(released, figures=earlier)
    drawn = _drawn(before, [one for one in phases if _begins_within(one, earlier)], None)
    return drawn.last is None or drawn.chart.verdicts[drawn.last] != verdict
