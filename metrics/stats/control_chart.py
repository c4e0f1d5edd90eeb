"""What a control chart says: its lines, its signals, whether they are good news, and whether a target will be met.

It touches nothing. `metrics.stats.spc` draws the charts; `metrics.stats.signals` has the rules.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from metrics.stats.signals import LAST_BIT, SIGNALS, Marks, Signal, scale

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Better = Literal["higher", "lower", "neither"]
Chart = Literal["xmr", "p", "p_prime", "u", "u_prime", "c", "g", "t"]
Verdict = Literal["improvement", "concern", "high", "low", "common"]
Assurance = Literal["pass", "fail", "inconsistent"]

FEWEST_FOR_FIRM_LIMITS = 13
VERDICTS: Mapping[Better, tuple[Verdict, Verdict, Verdict]] = {  # by direction: 0 none, 1 up, -1 down
    "higher": ("common", "improvement", "concern"),
    "lower": ("common", "concern", "improvement"),
    "neither": ("common", "high", "low"),
}
ASSURANCES: Mapping[Better, tuple[Assurance, Assurance, Assurance]] = {  # by side: 0 within, 1 above, -1 below
    "higher": ("inconsistent", "fail", "pass"),
    "lower": ("inconsistent", "pass", "fail"),
}


@dataclass(frozen=True)
class Options:
    """What every chart may be told; `spc.xmr` says what each means. Raises ValueError where one means nothing."""

    better: Better = "neither"
    target: float | None = None
    screen: bool = False
    rebase: Sequence[int] = ()
    fix_after: int | None = None

    def __post_init__(self) -> None:
        if self.better not in get_args(Better):
            raise ValueError(f"better is higher, lower or neither, not {self.better!r}")
        if self.target is not None and not np.isfinite(self.target):
            raise ValueError(f"a target is a number or None, not {self.target}")
        if self.fix_after is not None and self.fix_after < 1:
            raise ValueError(f"limits come from one point at least, not from {self.fix_after}")

    def phases(self, periods: int) -> list[slice]:
        """The periods of each phase, oldest first; a series without periods has one empty phase."""
        places = list(self.rebase)
        if not all(0 <= place < periods and place % 1 == 0 for place in places):
            raise ValueError(f"a phase begins at one of the {periods} points, counted from 0, not at {places}")
        starts = sorted({0, *(int(place) for place in places)})
        return [slice(start, end) for start, end in zip(starts, [*starts[1:], periods], strict=True)]


@dataclass(frozen=True, eq=False)
class ControlChart:
    """One series as a chart; arrays and lists in the order and of the length of the series.

    values: what is plotted (the ratio where there are denominators), NaN = missing. center, lower, upper: its lines, in
    the unit of the values, NaN = no limit. signals: the rule with the highest priority that holds, or None.
    verdicts: what it means, "common" without a signal. variation: the last point's verdict, None for an empty series.
    assurance: whether the target will be met; None without a target, a direction or limits. trial: the last phase has
    fewer than 13 values. conflicts: another rule holds there that points the other way.
    """

    values: Floats
    center: Floats
    lower: Floats
    upper: Floats
    signals: list[Signal | None]
    verdicts: list[Verdict]
    variation: Verdict | None
    assurance: Assurance | None
    trial: bool
    conflicts: Bools


@dataclass(frozen=True, eq=False)
class ControlCharts:
    """Many series as charts, in arrays of shape (series, periods); `chart` takes one out."""

    values: Floats
    center: Floats
    lower: Floats
    upper: Floats
    marks: Marks
    options: Options

    @cached_property
    def last_phase(self) -> slice:
        """The periods since the last rebase."""
        return self.options.phases(self.values.shape[1])[-1]

    @cached_property
    def assurances(self) -> list[Assurance | None]:
        """Of each series, by the last limits of the last phase: those of a ratio differ from point to point."""
        target, better, upper = self.options.target, self.options.better, self.upper[:, self.last_phase]
        if target is None or better not in ASSURANCES or not upper.shape[1]:
            return [None] * len(upper)
        last = upper.shape[1] - 1 - np.argmax(np.isfinite(upper)[:, ::-1], axis=1, keepdims=True)
        top, bottom = (np.take_along_axis(line[:, self.last_phase], last, axis=1) for line in (self.upper, self.lower))
        same = LAST_BIT * scale(self.values[:, self.last_phase])
        side = (target - top > same).astype(int) - (bottom - target > same)
        words, known = ASSURANCES[better], np.isfinite(top)
        pairs = zip(side[:, 0].tolist(), known[:, 0].tolist(), strict=True)
        return [words[way] if is_known else None for way, is_known in pairs]

    @cached_property
    def trials(self) -> list[bool]:
        """Of each series: whether the last phase has fewer than 13 values."""
        known = np.isfinite(self.values[:, self.last_phase]).sum(axis=1)
        return [count < FEWEST_FOR_FIRM_LIMITS for count in known.tolist()]

    def chart(self, series: int) -> ControlChart:
        """The chart of the series at this place, from 0."""
        words = VERDICTS[self.options.better]
        verdicts = [words[way] for way in self.marks.directions[series].tolist()]
        return ControlChart(
            values=self.values[series],
            center=self.center[series],
            lower=self.lower[series],
            upper=self.upper[series],
            signals=[SIGNALS[rule] for rule in self.marks.rules[series].tolist()],
            verdicts=verdicts,
            variation=verdicts[-1] if verdicts else None,
            assurance=self.assurances[series],
            trial=self.trials[series],
            conflicts=self.marks.conflicts[series],
        )
