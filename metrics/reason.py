"""The frozen results of the question why a number moved, which `Released.explain` hands out.

It computes nothing, and its words hold no number: how a number is written is for whoever draws it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import pandas as pd

from metrics.figure import Figure
from metrics.receipt_id import Named, written
from metrics.semantic.model import Audience, Grain, Metric

Why = Literal[
    "no_value", "no_before", "no_year_before", "not_comparable", "no_group", "lone_group", "few_left", "not_summing"
]
Group = tuple[str, ...]
LAST_BIT: Final = 1e-9  # of a total: what floats leave over is nothing

WHY_NOT: Final[Mapping[Why, str]] = {
    "no_value": "the period has no settled figure",
    "no_before": "there is no earlier settled figure",
    "no_year_before": "the same period a year before has no settled figure",
    "not_comparable": "what was before means another thing, as a phase began between the periods",
    "no_group": "no group may be shown in both periods",
    "lone_group": "what is left beside the groups shown would be one withheld group",
    "few_left": "what is left beside the groups shown would tell of fewer than may be shown",
    "not_summing": "the groups are more than their total",
}
CERTAIN: Final = {True: "more than chance", False: "may be chance", None: "cannot tell whether it is chance"}


@dataclass(frozen=True)
class Difference:
    """How far a later figure lies from an earlier one.

    size: later minus earlier, in the unit of the metric; None where one has no value. low, high: its 95 % interval,
    where the kind has one. is_clear: whether chance alone seldom makes it; None where nothing here can tell.
    """

    size: float | None
    low: float | None
    high: float | None
    is_clear: bool | None


@dataclass(frozen=True)
class Change:
    """The change of the whole. is_shifted: "a year before" is 364 days, as the year before has no week 53.

    is_usual: whether the control chart finds the later period within what is usual; None where it cannot tell.
    """

    before: Figure
    after: Figure
    difference: Difference
    is_shifted: bool
    is_usual: bool | None

    @property
    def words(self) -> str:
        """Which way, between which periods, and whether that is more than chance."""
        size = self.difference.size
        if not size:
            return f"The same in {self.after.label} as in {self.before.label}."
        way = "Higher" if size > 0 else "Lower"
        return f"{way} in {self.after.label} than in {self.before.label}: {CERTAIN[self.difference.is_clear]}."


@dataclass(frozen=True)
class Unexplained:
    """Why there is no explanation. not_comparable: a phase began between the periods, and what was before means another
    thing. no_group: no group may be shown in both periods.

    lone_group, few_left: what the total leaves would tell of one withheld group, or of fewer than may be shown.
    not_summing: the groups are more than their total, as where one thing stands in several.
    """

    why: Why

    @property
    def words(self) -> str:
        return f"Not taken apart: {WHY_NOT[self.why]}."


@dataclass(frozen=True)
class Contribution:
    """What one group adds to the change, in the unit of the metric.

    group: None for all others together, of which nothing may be said one by one. before, after: its own value, as
    rounded as any that its reader sees, None where it was absent. weight_before, weight_after: its share of all that
    was counted. rate: through its own change; mix: through its weight. Weights, rate and mix are None for amounts.
    """

    group: Group | None
    before: float | None
    after: float | None
    weight_before: float | None
    weight_after: float | None
    rate: float | None
    mix: float | None
    total: float


@dataclass(frozen=True)
class Movement:
    """A change taken apart. parts: the largest first, all others last; they sum to the change, before any rounding.

    mix, rate: of the change, what groups' weights made, and what their own rates did; None for amounts. shares: of each
    part in the change of an amount, below 0 or above 1 where parts went both ways; None where they leave no change, and
    for rates, of which the change has two reasons. withheld: how many groups all others are.
    """

    change: Change
    mix: float | None
    rate: float | None
    parts: tuple[Contribution, ...]
    shares: tuple[float | None, ...]
    withheld: int

    @property
    def unrounded(self) -> float | None:
        """What the parts of a rate add up to, where the values of both periods were rounded and tell another change.

        None for amounts, too: of those each part is rounded by itself.
        """
        size, parts = self.change.difference.size or 0.0, [one.total for one in self.parts]
        whole = math.fsum(parts)
        return (
            None
            if self.mix is None or not parts or abs(whole - size) <= LAST_BIT * max(map(abs, [size, *parts]))
            else whole
        )

    @property
    def words(self) -> str:
        """The change, which of its two reasons is the greater one, and how many groups are withheld."""
        rounded = (
            ["Values are rounded; the parts add up to the change before that."] if self.unrounded is not None else []
        )
        return " ".join([self.change.words, *self._reasons(), *rounded, *_withheld(self.withheld)])

    def _reasons(self) -> Iterator[str]:
        if self.mix is not None and self.rate is not None and (self.mix or self.rate):
            more, less = ("mix", "the groups' own change")[:: 1 if abs(self.mix) > abs(self.rate) else -1]
            against = ", and the other way," if self.mix * self.rate < 0 else ""
            yield f"More by {more} than{against} by {less}."


@dataclass(frozen=True)
class Beside:
    """One group in both periods, by itself."""

    before: Figure
    after: Figure
    difference: Difference


@dataclass(frozen=True)
class SideBySide:
    """A change that cannot be taken apart, as that of a median, and the groups that moved by themselves.

    groups: those shown in both periods, in order of their names. unshown: how many others there are.
    """

    change: Change
    groups: tuple[Beside, ...]
    unshown: int

    @property
    def words(self) -> str:
        """The change, and that groups are no parts of it."""
        return " ".join([self.change.words, "Groups do not add up to it.", *_withheld(self.unshown)])


Found = Movement | SideBySide | Unexplained


@dataclass(frozen=True)
class Reason:
    """Why an answer moved, by the groups of one or several dimensions, as the answer's own reader may see it.

    metric, by, where, audience, minimum, build, as_of: of the answer. split: the dimensions.
    """

    metric: Metric
    by: Grain
    split: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    audience: Audience
    minimum: int
    build: str
    as_of: date
    found: Found

    @property
    def words(self) -> str:
        """What was found, without numbers: never better or worse, which is for the metric's owner to say."""
        return self.found.words

    def receipt(self, period: Figure, group: Group) -> str:
        """The ID of a group's own value in one of the two periods. period: of the whole or of the group."""
        split = tuple(zip(self.split, group, strict=True))
        of = (self.metric.id, self.metric.version, self.by, period.start, None, split, self.where, self.audience)
        return written(Named(*of, self.build, self.as_of))

    def frame(self) -> pd.DataFrame:
        """One row per group: the split, before, after, and what it adds to the change; none where nothing was found.

        All others together, of which nothing may be said one by one, have no group (NA).
        """
        numbers = ["before", "after", "weight_before", "weight_after", "rate", "mix", "total", "low", "high"]
        rows = [dict(zip((*self.split, *numbers), row, strict=True)) for row in self._rows()]
        frame = pd.DataFrame(rows, columns=[*self.split, *numbers])
        return frame.astype({**dict.fromkeys(self.split, "string"), **dict.fromkeys(numbers, "Float64")})

    def _rows(self) -> Iterator[tuple[str | float | None, ...]]:
        if isinstance(self.found, Movement):
            for one in self.found.parts:
                weights = (one.weight_before, one.weight_after, one.rate, one.mix)
                yield (
                    *(one.group or (None,) * len(self.split)),
                    one.before,
                    one.after,
                    *weights,
                    one.total,
                    None,
                    None,
                )
        elif isinstance(self.found, SideBySide):
            for each in self.found.groups:
                size, low, high = each.difference.size, each.difference.low, each.difference.high
                yield (*each.after.group, each.before.value, each.after.value, *(None,) * 4, size, low, high)


def _withheld(count: int) -> Iterator[str]:
    if count:
        yield f"{count} group{'' if count == 1 else 's'} withheld in a period, and told of together or not at all."
