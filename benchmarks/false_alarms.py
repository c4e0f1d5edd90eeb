"""How often control charts speak where nothing happened: false alarms a year, by chart and rule.

    python benchmarks/false_alarms.py

10,000 quiet series for each line: every value is drawn anew from one distribution that stays as it is. An alarm is a
run of neighbouring points that are marked and point the same way; it is counted under the highest rule in it. A year
has 52 points: weeks, and for g and t, which have a point for each event, events. "last point" is the share of series
whose newest point is marked: what a reader of many charts meets. Limits come from all points; 12 make trial limits.
Exit code 1 where the docstring of a chart does not quote what is printed here.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import child
import numpy as np
import quoted
from numpy.typing import NDArray

from metrics.stats import spc
from metrics.stats.signals import SIGNALS, Marks

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], tuple[Floats, Floats | None]]

SERIES, YEAR, QUOTED, TRIAL = 10_000, 52, 104, 12
RULES = [rule.replace("_", " ") for rule in SIGNALS if rule]


@dataclass(frozen=True)
class Alarms:
    """Of quiet series: alarms a year, those by rule, and the share of series whose last point is marked."""

    a_year: float
    by_rule: dict[str, float]
    at_the_end: float


@dataclass(frozen=True)
class Quiet:
    """A chart of series in which nothing happens. says: whose docstring quotes it. short: the words of a variant."""

    name: str
    chart: spc.Chart
    draw: Draw
    says: Callable[..., object] | None = None
    short: str = ""
    screen: bool = False


def normal(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, None]:
    return random.normal(100, 10, shape), None


def skewed(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, None]:
    return random.lognormal(3, 0.5, shape), None


def following(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, None]:
    """Each value keeps 0.3 of how far the one before it was off."""
    off = random.normal(0, 1, shape)
    for place in range(1, shape[1]):
        off[:, place] += 0.3 * off[:, place - 1]
    return off, None


def shares(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    sizes = random.integers(60, 140, shape)
    return random.binomial(sizes, 0.2).astype(float), sizes.astype(float)


def shares_that_waver(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Of thousands of cases, so that chance alone moves them by half a point; what else there is, by two."""
    sizes = random.integers(3000, 7000, shape)
    return random.binomial(sizes, random.normal(0.2, 0.02, shape)).astype(float), sizes.astype(float)


def rates(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    sizes = random.uniform(30, 70, shape)
    return random.poisson(0.5 * sizes).astype(float), sizes


def rates_that_waver(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    sizes = random.uniform(3000, 7000, shape)
    return random.poisson(random.normal(0.5, 0.05, shape) * sizes).astype(float), sizes


def counts(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, None]:
    return random.poisson(20, shape).astype(float), None


def few_counts(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, None]:
    return random.poisson(3, shape).astype(float), None


def cases_between(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, None]:
    return random.geometric(0.02, shape) - 1.0, None


def times_between(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Floats, None]:
    return random.exponential(9, shape), None


LINES = (
    Quiet("xmr", "xmr", normal, spc.xmr),
    Quiet("xmr, screened", "xmr", normal, spc.xmr, "screened", screen=True),
    Quiet("xmr, lognormal values", "xmr", skewed, spc.xmr, "lognormal values"),
    Quiet("xmr, neighbours alike (0.3)", "xmr", following, spc.xmr, "neighbours correlated by 0.3"),
    Quiet("p", "p", shares, spc.p_chart),
    Quiet("p, more than chance", "p", shares_that_waver, spc.p_chart, "where more than chance moves them"),
    Quiet("p'", "p_prime", shares_that_waver, spc.p_prime),
    Quiet("p', screened", "p_prime", shares_that_waver, spc.p_prime, "screened", screen=True),
    Quiet("u", "u", rates, spc.u_chart),
    Quiet("u, more than chance", "u", rates_that_waver, spc.u_chart, "where more than chance moves them"),
    Quiet("u'", "u_prime", rates_that_waver, spc.u_prime),
    Quiet("u', screened", "u_prime", rates_that_waver, spc.u_prime, "screened", screen=True),
    Quiet("c, 20 in a period", "c", counts, spc.c_chart),
    Quiet("c, 3 in a period", "c", few_counts),
    Quiet("g", "g", cases_between, spc.g_chart),
    Quiet("t", "t", times_between, spc.t_chart),
)


def main() -> int:
    kept = []
    heads = "".join(f"{rule:>14}" for rule in RULES)
    print(f"{'false alarms a year (52 points)':32}{'points':>7}{'all':>8}{heads}{'last point':>12}")
    for line in LINES:
        found = {points: _alarms(line, points) for points in (TRIAL, YEAR, QUOTED)}
        for points, one in found.items():
            told = "".join(f"{one.by_rule[rule]:14.2f}" for rule in RULES)
            print(f"{line.name:32}{points:7}{one.a_year:8.2f}{told}{one.at_the_end:12.1%}")
        if line.says is not None:
            kept.append(quoted.is_said(line.says, _words(line.short, found)))
    print(f"docstrings quote these figures: {child.verdict(all(kept))}")
    return 0 if all(kept) else 1


def _alarms(line: Quiet, points: int) -> Alarms:
    values, sizes = line.draw(np.random.default_rng(points), (SERIES, points))
    charts = spc.of_many(line.chart, values, sizes, screen=line.screen)
    rules = _highest_rules(charts.marks)
    years = SERIES * points / YEAR
    by_rule = {rule: float((rules == code).sum() / years) for code, rule in enumerate(RULES, 1)}
    return Alarms(len(rules) / years, by_rule, float((charts.marks.rules[:, -1] > 0).mean()))


def _highest_rules(marks: Marks) -> NDArray[np.int8]:
    """The highest rule of each alarm: of each run of marked points that point the same way."""
    ways, rules = (np.pad(one, ((0, 0), (0, 1))).ravel() for one in (marks.directions, marks.rules))
    first = np.flatnonzero((ways != 0) & (ways != np.concatenate(([0], ways[:-1]))))
    rules = np.where(rules == 0, len(SIGNALS), rules)  # what lies between two runs has no rule
    return np.minimum.reduceat(rules, first).astype(np.int8) if len(first) else rules[:0]


def _words(short: str, found: dict[int, Alarms]) -> str:
    one, trial = found[QUOTED], found[TRIAL]
    if short:
        return f"{short} {one.a_year:.2f}"
    by_rule = ", ".join(f"{rule} {one.by_rule[rule]:.2f}" for rule in RULES)
    return (
        f"Of {SERIES:,} quiet series of {QUOTED} points: {one.a_year:.2f} false alarms a year of {YEAR} points "
        f"({by_rule}), {trial.a_year:.2f} on trial limits; the last point is marked in {one.at_the_end:.1%} of them"
    ).replace("%", " %")


if __name__ == "__main__":
    sys.exit(main())
