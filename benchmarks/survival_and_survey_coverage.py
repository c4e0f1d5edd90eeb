"""Promise: intervals of 95 % hold the truth in 93 to 98 of 100 samples, but for those that a docstring names.

    nice python benchmarks/survival_and_survey_coverage.py

Durations: log-normal, open cases at random, 20 to 200 of them: the median, and the share within twice that time, by
Kaplan-Meier. Surveys: shares of 50, 10 and 3 %, from simple samples, from strata with unequal weights, and from
clusters that agree among themselves, by logit and by beta; and the change between two waves. A bound that does not
exist is open; samples without any bound are counted apart (`none`). A share's interval may hold more than 98 %: where
few say yes it is exact. Docstrings quote what is found. Exit code 1 where a line that is promised misses, or a
docstring says something else. It takes some two minutes of one core.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

import child
import numpy as np
import quoted
from numpy.typing import NDArray

from metrics.stats.survey import SurveyDesign
from metrics.stats.survey_change import Wave, change
from metrics.stats.survival import KaplanMeier, kaplan_meier

SAMPLES, LEAST, MOST = 4000, 93.0, 98.0  # percent
TRUE_MEDIAN, SPREAD = 20.0, 1.2
SIZES, SHARES = (20, 50, 200), (50, 10, 3)
OPEN = {15: 0.004825, 40: 0.020324}  # percent still open -> how often watching stops, per unit of time
Bounds = tuple[float | None, float | None]
Chance = np.random.Generator
Drawn = Callable[[Chance], tuple[SurveyDesign, NDArray[np.bool_]]]


@dataclass(frozen=True)
class Line:
    """What is tried. holds: of each interval that has a name, whether it held the truth; None where there is none."""

    names: tuple[str, ...]
    holds: Callable[[Chance], list[bool | None]]
    is_promised: bool = True
    may_hold_more: bool = False


def main() -> int:
    start, kept, held = time.perf_counter(), [], dict[str, str]()
    print(f"{'':56}{'held':>8}{'none':>8}")
    for line in lines():
        chance = np.random.default_rng(7)
        found = [line.holds(chance) for _ in range(SAMPLES)]
        for place, name in enumerate(line.names):
            got = [one[place] for one in found if one[place] is not None]
            percent, none = 100 * float(np.mean(got)), 100 * (1 - len(got) / SAMPLES)
            is_kept = percent >= LEAST and (line.may_hold_more or percent <= MOST)
            kept.append(is_kept or not line.is_promised)
            held[name] = f"{percent:.1f}"
            told = child.verdict(is_kept) if line.is_promised else "not promised"
            print(f"{name:56}{percent:7.1f}%{none:7.1f}%  {told}", flush=True)
    said = [quoted.is_said(function, sentence) for function, sentence in sentences(held)]
    print(f"{SAMPLES:,} samples a line, {time.perf_counter() - start:.0f} s; docstrings: {child.verdict(all(said))}")
    return 0 if all(kept) and all(said) else 1


def sentences(held: dict[str, str]) -> Iterator[tuple[Callable[..., object], str]]:
    """What the docstrings say of it."""
    for function, what in ((KaplanMeier.median, "median"), (KaplanMeier.share_within, "share within")):
        few, many = (listed(held, [f"{n} cases, {is_open} % open: {what}" for n in SIZES]) for is_open in OPEN)
        yield function, f"of 20, 50, 200 cases: {few} % (15 % open), {many} % (40 % open)."
    for method in ("logit", "beta"):
        for p in SHARES:
            plain = listed(held, [f"{p} % of {n}: {method}" for n in SIZES])
            other = listed(held, [f"{p} %, {kind}: {method}" for kind in KINDS])
            yield SurveyDesign.share, f"{method} {p} %: {plain}; {other}."
    yield change, f"in waves of 20, 50, 200: {listed(held, [f'change in waves of {n}' for n in SIZES])} %."


def listed(held: dict[str, str], names: list[str]) -> str:
    return ", ".join(held[name] for name in names)


def lines() -> Iterator[Line]:
    for n in SIZES:
        for is_open in OPEN:
            name = f"{n} cases, {is_open} % open: "
            yield Line((f"{name}median", f"{name}share within"), durations(n, OPEN[is_open]))
    for p in SHARES:
        for n in SIZES:
            yield shares(f"{p} % of {n}", simple(n, p / 100), p / 100)
        for kind, (drawn, is_promised) in KINDS.items():
            yield shares(f"{p} %, {kind}", drawn(p / 100), p / 100, is_promised)
    for n in SIZES:
        yield Line((f"change in waves of {n}",), changes(n))


def durations(n: int, rate: float) -> Callable[[Chance], list[bool | None]]:
    """Open cases were watched until a moment that has nothing to do with them."""
    share = NormalDist().cdf(np.log(2) / SPREAD)

    def holds(chance: Chance) -> list[bool | None]:
        waits = TRUE_MEDIAN * chance.lognormal(0, SPREAD, n)
        watched = chance.exponential(1 / rate, n)
        curve = kaplan_meier(np.minimum(waits, watched), waits <= watched)
        return [within(TRUE_MEDIAN, curve.median()[1:]), within(share, curve.share_within(2 * TRUE_MEDIAN)[1:])]

    return holds


def shares(name: str, drawn: Drawn, p: float, is_promised: bool = True) -> Line:
    def holds(chance: Chance) -> list[bool | None]:
        design, said = drawn(chance)
        found = [design.share(said, method) for method in ("logit", "beta")]
        return [within(p, (one.low, one.high)) for one in found]

    return Line((f"{name}: logit", f"{name}: beta"), holds, is_promised, may_hold_more=True)


def simple(n: int, p: float) -> Drawn:
    return lambda chance: (SurveyDesign(np.full(n, 50.0)), chance.random(n) < p)


def strata(size: int, p: float, count: int = 4) -> Drawn:
    """Of unequal size and opinion: the largest stands for many times the people of the smallest."""
    people = np.geomspace(1000, 8000, count)
    tilt = np.linspace(-0.6, 0.6, count)
    tilt -= np.sum(tilt * people) / people.sum()  # so that the share over all is p
    names = np.repeat(np.arange(count), size)
    weights, chances = people[names] / size, p * (1 + tilt[names])
    return lambda chance: (SurveyDesign(weights, strata=names), chance.random(len(names)) < chances)


def clusters(count: int, p: float) -> Drawn:
    """Ten answers each, an intraclass correlation of 0.1: each cluster's own share is drawn from a beta."""
    names = np.repeat(np.arange(count), 10)

    def drawn(chance: Chance) -> tuple[SurveyDesign, NDArray[np.bool_]]:
        own = chance.beta(9 * p, 9 * (1 - p), count)
        return SurveyDesign(np.full(len(names), 50.0), clusters=names), chance.random(len(names)) < own[names]

    return drawn


KINDS: dict[str, tuple[Callable[[float], Drawn], bool]] = {
    "4 strata of 5": (lambda p: strata(5, p), False),
    "10 strata of 5": (lambda p: strata(5, p, 10), False),
    "4 strata of 20": (lambda p: strata(20, p), True),
    "15 clusters of 10": (lambda p: clusters(15, p), True),
}


def changes(n: int) -> Callable[[Chance], list[bool | None]]:
    def holds(chance: Chance) -> list[bool | None]:
        waves = [Wave("as before", SurveyDesign(np.full(n, 50.0)).share(chance.random(n) < p)) for p in (0.4, 0.5)]
        found = change(*waves)
        return [within(0.1, (found.low, found.high))]

    return holds


def within(truth: float, bounds: Bounds) -> bool | None:
    low, high = bounds
    if low is None and high is None:
        return None
    return (low is None or low <= truth) and (high is None or truth <= high)


if __name__ == "__main__":
    sys.exit(main())
