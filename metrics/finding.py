"""What a rollout did to one metric, as it is told: the effect, the word for it, what it rests on, and what it assumes.

It holds results and computes nothing; numbers are in the unit of the metric, and None where they do not exist.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from metrics import withhold
from metrics.answer import Figure, Released
from metrics.semantic.model import Grain
from metrics.stats.verdict import Effect, Verdict, Word

Method = Literal["staggered", "together", "alone", "interrupted"]
Reason = Literal[
    "not_begun",  # nothing of it has started
    "elsewhere",  # it is judged on a wiki that it did not reach
    "no_metric",  # the catalogue has no such metric, or not by this grain
    "at_once",  # another rollout that names this metric began at the same time
    "no_figures",  # nothing is known
    "withheld",  # so much is withheld from this reader that what is left is not like the whole
    "too_little_before",
    "too_little_after",
    "nothing_to_compare",
    "as_before",  # the same computation finds as much in the time before, when nothing began
    "neither",  # it changed, and neither way is better
    "statistics",  # the statistics themselves refuse; `why` has their sentence
]
Direction = Literal["up", "down"]
Why = Literal["gaps", "withheld", "too_little_before", "too_little_after", "other_rollout", "no_usual"]

LEAST_BEFORE: Final[Mapping[Grain, int]] = {"week": 8, "month": 4, "quarter": 4, "fiscal_year": 4}  # periods
LEAST_AFTER: Final[Mapping[Grain, int]] = {"week": 8, "month": 3, "quarter": 3, "fiscal_year": 3}
A_YEAR: Final[Mapping[Grain, int]] = {"week": 52, "month": 12, "quarter": 4}


@dataclass(frozen=True)
class Reach:
    """One rollout of the plan: which wiki it reaches, and when. has_begun: not planned for later."""

    rollout: str
    title: str
    wiki: str
    day: date
    has_begun: bool


@dataclass(frozen=True)
class Other:
    """Something else that began and may move the same metric: another rollout, or a phase of the plan (no wiki)."""

    wiki: str
    day: date
    title: str


@dataclass(frozen=True)
class Size:
    """An effect and its 95 % interval; bounds are None where there is none."""

    value: float
    low: float | None
    high: float | None

    @property
    def nearest_none(self) -> float:
        """How far the interval keeps from 0; 0.0 where it holds it, or is none."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return 0.0
        return min(abs(self.low), abs(self.high))


@dataclass(frozen=True)
class Point:
    """The effect over the periods from `first` to `last` since the start; those before it are negative."""

    first: int
    last: int
    size: Size


@dataclass(frozen=True)
class Moment:
    """One period of a series. fitted: the line through it; otherwise: where the time before would have led."""

    figure: Figure
    fitted: float | None
    otherwise: float | None


@dataclass(frozen=True)
class SetAside:
    """A wiki that the comparison leaves out. other: what else began there, else ""."""

    wiki: str
    why: Why
    other: str = ""


@dataclass(frozen=True)
class Second:
    """What another method finds; its own interval is too narrow for so few wikis and is not told."""

    method: Literal["staggered", "synthetic"]
    value: float


@dataclass(frozen=True)
class Basis:
    """What a finding rests on.

    reached, others: the wikis that are compared. before, after: periods. left_out: periods in which it began.
    cut: what else began, where the time looked at begins or ends. tried: what the same computation finds in the time
    before, when nothing began. pre_test_p: of the test that nothing differed before. season: how the time of the year
    is taken out: "fitted", or each period less the same one a year before; None where it is not.
    """

    reached: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    before: int = 0
    after: int = 0
    left_out: int = 0
    cut: tuple[Other, ...] = ()
    tried: Size | None = None
    pre_test_p: float | None = None
    second: Second | None = None
    season: Literal["fitted", "year_ago"] | None = None


@dataclass(frozen=True)
class Finding:
    """What a rollout did to one metric.

    released: the answer that it is made of. word, reason: the verdict, and why there is none. direction: which way it
    clearly went, also where neither way is better. is_relative: the effect is a share of what was usual before.
    points: the effect by time since the start; moments: the series with its lines, newest last.
    """

    released: Released | None
    metric: str
    word: Word
    reason: Reason | None
    method: Method | None = None
    why: str = ""
    size: Size | None = None
    direction: Direction | None = None
    smallest: float | None = None
    is_relative: bool = False
    basis: Basis = Basis()
    points: tuple[Point, ...] = ()
    moments: tuple[Moment, ...] = ()

    @property
    def could_be_wrong(self) -> bool:
        """Whether chance alone could have made a change seem to be here."""
        return self.size is not None and self.reason not in ("statistics",)


@dataclass(frozen=True)
class Card:
    """One rollout of the plan, on all wikis that it reaches, with a finding per metric that it is judged by.

    evaluation: its id, None where the plan does not say what it was to change. said_before: whether that was written
    before the first wiki was reached.
    """

    evaluation: str | None
    title: str
    owner: str
    written_on: date | None
    reaches: tuple[Reach, ...]
    findings: tuple[Finding, ...]

    @property
    def first_day(self) -> date:
        return min(one.day for one in self.reaches)

    @property
    def said_before(self) -> bool:
        return self.written_on is not None and self.written_on < self.first_day


@dataclass(frozen=True)
class Judgement:
    """A verdict in the words of a finding."""

    word: Word
    reason: Reason | None
    why: str
    direction: Direction | None


def judge(verdict: Verdict, size: Size, is_judged: bool, tried: Size | None) -> Judgement:
    """The statistics' verdict, unless the time before shows as much or neither way is better.

    verdict: for a metric of which neither way is better it was asked as if higher were. tried: see `Basis`; a change
    counts only where its whole interval is farther from 0 than that. This can take a verdict away, and never gives one.
    """
    if verdict.word in ("no verdict", "no detectable effect"):
        reason: Reason | None = "statistics" if verdict.word == "no verdict" else None
        return Judgement(verdict.word, reason, verdict.why, None)
    direction: Direction = "up" if size.value > 0 else "down"
    if tried is not None and size.nearest_none <= abs(tried.value):
        return Judgement("no verdict", "as_before", "", None)
    if not is_judged:
        return Judgement("no verdict", "neither", "", direction)
    return Judgement(verdict.word, None, verdict.why, direction)


def is_selective(released: Released, looked_at: Iterable[Figure]) -> bool:
    """Whether of the settled figures of a series so many are withheld that those shown are not like the others.

    A withheld figure does not say whether it is settled, so its day does.
    """
    wait = timedelta(days=1 + released.metric.days_to_settle)
    return withhold.is_selective([one for one in looked_at if one.end + wait <= released.as_of])


def no_verdict(
    released: Released, reason: Reason, method: Method | None = None, basis: Basis = Basis(), why: str = ""
) -> Finding:
    """A finding without an effect. why: the sentence of the statistics, where they refuse."""
    return Finding(released, released.metric.id, "no verdict", reason, method, why=why, basis=basis)


def size_of(effect: Effect) -> Size:
    return Size(effect.value, effect.low, effect.high)
