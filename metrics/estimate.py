"""What durations and surveys make of the parts of one period and group, with their places and strata.

It touches nothing; the statistics are those of `metrics.stats`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.semantic.model import Metric
from metrics.stats.survey import SurveyDesign
from metrics.stats.survival import kaplan_meier

Floats = NDArray[np.float64]

FEWEST_FOR_SPREAD = 5  # answers of a stratum of a survey: fewer tell too little of how they differ


@dataclass(frozen=True, eq=False)
class Pieces:
    """The rolled-up pieces of one part: arrays of one length, each piece with its place on a scale or its stratum.

    value: how many (or how much). at: NaN where the kind has no scale. stratum: None where it has no strata.
    """

    value: Floats
    at: Floats
    stratum: NDArray[np.object_]


NO_PIECES = Pieces(np.zeros(0), np.zeros(0), np.zeros(0, dtype=object))
Cell = Mapping[str, Pieces]


@dataclass(frozen=True)
class Estimate:
    """A value of one period and group; None where there is nothing to tell. n: the rows it rests on.

    error: of an approximate value, how far from the exact one it may be, as a share of it.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    error: float | None = None


NOTHING = Estimate(None)


def estimate(metric: Metric, cell: Cell) -> Estimate:
    """The value of one cell of a metric whose parts have places on a scale."""
    return KINDS[metric.kind](metric, cell)


def _duration(metric: Metric, cell: Cell) -> Estimate:
    """Kaplan-Meier: open cases are censored, so that they count for as long as they have waited."""
    ended, still_open = cell.get("event", NO_PIECES), cell.get("censored", NO_PIECES)
    cases = np.concatenate((ended.value, still_open.value))
    if not len(cases) or metric.statistic is None:
        return NOTHING
    observed = np.arange(len(cases)) < len(ended.value)
    curve = kaplan_meier(np.concatenate((ended.at, still_open.at)), observed, counts=cases)
    if metric.statistic.within is not None:
        value, low, high = curve.share_within(metric.statistic.within)
    else:
        value, low, high = curve.quantile(metric.statistic.quantile or 0.5)
    return Estimate(value, low, high, n=round(cases.sum()))


def _survey_share(metric: Metric, cell: Cell) -> Estimate:
    """Each stratum weighs as many people as it has; one with a single answer is merged into the smallest other one.

    Strata of fewer than 5 answers keep their weight, and only their spread is taken together with that of the smallest
    other one. By themselves their intervals hold too little where weights are unequal; merged altogether, they would
    move the share towards the strata that answered most readily.
    """
    strata = _strata(cell)
    if not strata:
        return NOTHING
    answered = {name: yes + no for name, (yes, no, _) in strata.items()}
    n = round(sum(answered.values()))
    if n < 2:
        return Estimate(None, n=n)
    sizes = [round(answered[name]) for name in strata]
    weights = np.repeat([people / answered[name] for name, (_, _, people) in strata.items()], sizes)
    shared, people_of = _spreads(strata)
    population = np.repeat([people_of[shared[name]] for name in strata], sizes)
    is_yes = np.concatenate([np.arange(size) < yes for size, (yes, _, _) in zip(sizes, strata.values(), strict=True)])
    names = np.repeat([shared[name] for name in strata], sizes)
    got = SurveyDesign(weights, names, population=population).share(is_yes)
    return Estimate(got.value, got.low, got.high, n=n)


def _spreads(strata: Mapping[str, tuple[float, float, float]]) -> tuple[dict[str, str], dict[str, float]]:
    """Stratum -> the one with which its spread is taken together, itself from 5 answers on; and people in those."""
    shared = {name: name for name in strata}
    answers = {name: yes + no for name, (yes, no, _) in strata.items()}
    people = {name: max(size, answers[name]) for name, (_, _, size) in strata.items()}
    for name in strata:
        if answers[name] < FEWEST_FOR_SPREAD and len(people) > 1:
            joining, size = answers.pop(name), people.pop(name)
            other = min(people, key=lambda one: (people[one], one))
            answers[other], people[other] = answers[other] + joining, people[other] + size
            shared = {one: other if at == name else at for one, at in shared.items()}
    return shared, people


def _strata(cell: Cell) -> dict[str, tuple[float, float, float]]:
    """Stratum -> yes, no, people in it (the fewest said); strata with a single answer merged, in a fixed order."""
    found: dict[str, list[float]] = {}
    for index, part in enumerate(("yes", "no")):
        pieces = cell.get(part, NO_PIECES)
        for value, people, stratum in zip(pieces.value, pieces.at, pieces.stratum, strict=True):
            known = found.setdefault(str(stratum), [0.0, 0.0, float(people)])
            known[index] += float(value)
            known[2] = min(known[2], float(people))  # in whatever order they come
    names = sorted(found)
    for name in names:
        if found[name][0] + found[name][1] < 2 and len(found) > 1:
            yes, no, people = found.pop(name)
            other = min(found, key=lambda one: (found[one][2], one))
            found[other] = [found[other][0] + yes, found[other][1] + no, found[other][2] + people]
    return {name: (yes, no, people) for name, (yes, no, people) in sorted(found.items())}


KINDS: Mapping[str, Callable[[Metric, Cell], Estimate]] = {
    "duration": _duration,
    "survey_share": _survey_share,
}
