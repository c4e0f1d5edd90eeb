"""How a measure stands on its way to its target, and how likely it is there when the target's time ends.

It takes a control chart of released figures, and asks nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from metrics.answer import Figure, Released
from metrics.calendar import DAY, Period, Rules, periods
from metrics.course import Course
from metrics.semantic.model import Metric
from metrics.stats.forecast import FEWEST_POINTS, chance_of_target, forecast
from metrics.target_path import Aim, NoPath, Path, path

NoOutlookWhy = Literal["neither", "no_target", "no_periods", "withheld"]
NoChanceWhy = Literal["over", "no_value", "new_usual", "gap", "few", "far"]

CAP: Final = (0.05, 0.95)  # beyond, a short series cannot tell one chance from another (STATS 5)
NEW_USUAL: Final = ("shift", "outside")  # signals after which the past says little of what is to come


@dataclass(frozen=True)
class Ahead:
    """One period to come if the series drifts on as it did: its mean, and its 80 and 95 % intervals."""

    period: Period
    mean: float
    low80: float
    high80: float
    low95: float
    high95: float


@dataclass(frozen=True)
class Chance:
    """How likely the measure is at its target or beyond in the last period of its time, and in one at least until then.

    Between 0 and 1 as computed; `capped` says what may be shown. end: that last period. rests_on: how many figures.
    """

    at: float
    ever: float
    end: Ahead
    rests_on: int


@dataclass(frozen=True)
class NoChance:
    """Why there is none. new_usual: the last points say that something changed, and nobody said what is usual now.

    few: too few figures since the last phase began; far: the end is further off than half of what is known; gap: either
    of them, as a value is missing. known: how many figures there are to go by; wanted: how many periods off the end is.
    possible_from: when there are enough, if none will be missing; None where that is never.
    """

    why: NoChanceWhy
    known: int = 0
    wanted: int = 0
    possible_from: date | None = None


@dataclass(frozen=True)
class NoOutlook:
    """Why nothing can be said. neither: neither way is better; no_periods: the answer is no series; withheld: too many
    periods are, and those that may be shown are not like the others."""

    why: NoOutlookWhy


@dataclass(frozen=True)
class Outlook:
    """What there is to say. fan: periods to come, as far as what is known reaches, up to the target's last."""

    released: Released
    aim: Aim
    path: Path | NoPath
    chance: Chance | NoChance
    fan: tuple[Ahead, ...]


def outlook(course: Course, aim: Aim | None, rules: Rules) -> Outlook | NoOutlook:
    """Where an answer should be by now, and its chance; each, or why there is none.

    course: of an answer of one group. The target is due in the last period that ends within its time. The chance is
    that of the drift forecast from the settled figures of the last phase, after the last missing one. It is refused
    under 8 figures, further ahead than half of them, and while the chart signals a shift or a value outside its limits
    that nobody has made a phase of: the past then says little of what is to come.
    """
    released = course.released
    if not released.metric.judged:
        return NoOutlook("neither")
    if aim is None:
        return NoOutlook("no_target")
    if released.by == "total":
        return NoOutlook("no_periods")
    if course.is_selective:
        return NoOutlook("withheld")
    known, has_gap = _known(course)
    to_come = _to_come(known, aim, released, rules)
    no = _why_not(course, aim, known, to_come, has_gap)
    reach = 0 if no is not None and no.why not in ("far", "gap") else min(len(to_come), len(known) // 2)
    values = [one.value or 0.0 for one in known]
    fan = _fan(values, to_come[:reach], released.metric) if reach and len(values) >= FEWEST_POINTS else ()
    return Outlook(released, aim, path(course, aim), no or _chance(values, fan, aim, released.metric), fan)


def capped(chance: float) -> float:
    """A chance as it may be shown: CAP stands for what is less or more."""
    return min(max(chance, CAP[0]), CAP[1])


def _known(course: Course) -> tuple[Sequence[Figure], bool]:
    """The settled figures of the last phase, after the last missing one; whether one is missing."""
    begun = max((one.starts_on for one in course.phases), default=date.min)
    figures = [one.figure for one in course.places if one.figure.start >= begun]
    settled = [at for at, one in enumerate(figures) if one.state == "final" and one.shown]
    if not settled:
        return (), False
    gaps = [at for at, later in pairwise(settled) if later > at + 1]
    first = settled[0] if not gaps else next(at for at in settled if at > gaps[-1])
    return figures[first : settled[-1] + 1], bool(gaps)


def _to_come(known: Sequence[Figure], aim: Aim, released: Released, rules: Rules) -> Sequence[Period]:
    """The periods after the last known one that end within the target's time."""
    if not known:
        return ()
    after = periods(known[-1].end + DAY, aim.ends_on, released.by, rules)
    return [one for one in after if one.end <= aim.ends_on]


def _why_not(
    course: Course, aim: Aim, known: Sequence[Figure], to_come: Sequence[Period], has_gap: bool
) -> NoChance | None:
    if not known:
        return NoChance("no_value")
    if course.released.as_of - DAY > aim.ends_on or not to_come:
        return NoChance("over")
    if course.run is not None and course.run.signal in NEW_USUAL:
        return NoChance("new_usual", len(known), len(to_come))
    is_few, is_far = len(known) < FEWEST_POINTS, len(to_come) > len(known) / 2
    if not is_few and not is_far:
        return None
    why: NoChanceWhy = "gap" if has_gap else "few" if is_few else "far"
    return NoChance(why, len(known), len(to_come), _possible_from(len(known), to_come, course.released.metric))


def _possible_from(known: int, to_come: Sequence[Period], metric: Metric) -> date | None:
    """When enough more periods are settled: k of them, so that the rest are at most half of what is then known."""
    more = max(math.ceil((2 * len(to_come) - known) / 3), FEWEST_POINTS - known)
    if more >= len(to_come):
        return None
    return to_come[more - 1].end + timedelta(days=1 + metric.days_to_settle)


def _fan(values: Sequence[float], to_come: Sequence[Period], metric: Metric) -> tuple[Ahead, ...]:
    found = forecast(values, len(to_come), "drift")
    lines = np.clip([found.mean, found.low[0], found.high[0], found.low[1], found.high[1]], *_possible(values, metric))
    return tuple(Ahead(period, *column) for period, column in zip(to_come, lines.T.tolist(), strict=True))


def _possible(values: Sequence[float], metric: Metric) -> tuple[float, float]:
    """Below and above what a value cannot lie: a drift knows nothing of that."""
    is_share = metric.unit == "share" and max(values) <= 1 and not metric.can_exceed_1
    is_amount = min(values) >= 0 and metric.kind != "mean"
    return (0.0 if is_amount else -math.inf), (1.0 if is_share else math.inf)


def _chance(values: Sequence[float], fan: Sequence[Ahead], aim: Aim, metric: Metric) -> Chance:
    better: Literal["higher", "lower"] = "higher" if metric.better == "higher" else "lower"
    at = chance_of_target(values, len(fan), aim.value, better, when="at")
    ever = chance_of_target(values, len(fan), aim.value, better, when="ever")
    return Chance(at, ever, fan[-1], len(values))
