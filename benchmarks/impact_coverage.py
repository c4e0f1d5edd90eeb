"""Promises of impact: of 500 simulated rollouts the intervals hold the effect in 93 to 97 %, and at most 5 % without an
effect are called one.

    python benchmarks/impact_coverage.py [setting ...]

Wikis differ in level, share the ups and downs of the months, and have noise of their own with standard deviation 1 and
an autocorrelation of 0.3 (or as the setting says); power is told for an effect of one standard deviation. "no promise"
marks settings that show where a method ends; their figures stand in the docstrings too. Takes three minutes on one
processor; with words as arguments, only the settings that have one of them in their name. Exit code 1 where a promise
is broken.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import child
import numpy as np
import pandas as pd

from metrics.stats.impact import (
    Effect,
    interrupted_series,
    single_unit_effect,
    staggered_did,
    synthetic_did,
    time_permutation_p,
)

ROLLOUTS = 500
LOWEST, HIGHEST, MOST_FALSE = 0.93, 0.97, 0.05
EFFECT = 1.0
Told = tuple[Effect, str]


@dataclass(frozen=True)
class Setting:
    """ask: a simulated rollout with an effect, and what is said of it. promised: whether the limits hold for it.

    has_verdict: without one, a claim is an interval that leaves 0 out, and the limit of false claims is not promised.
    """

    name: str
    ask: Callable[[np.random.Generator, float], Told]
    promised: bool = True
    has_verdict: bool = True


def noise(random: np.random.Generator, series: int, periods: int, alike: float) -> np.ndarray:
    """Standard deviation 1, autocorrelation `alike`, shape (series, periods)."""
    shocks = random.standard_normal((series, periods))
    values = np.empty_like(shocks)
    values[:, 0] = shocks[:, 0]
    for t in range(1, periods):
        values[:, t] = alike * values[:, t - 1] + np.sqrt(1 - alike**2) * shocks[:, t]
    return values


def panel(
    random: np.random.Generator,
    wikis: int,
    periods: int,
    starts: list[int],
    effect: float,
    alike: float = 0.3,
    uneven: float = 0.0,
) -> pd.DataFrame:
    """The first wikis start in these periods (from 1), the others never. uneven: how the noise of wikis differs."""
    cohort = np.array(starts + [0] * (wikis - len(starts)))
    own = noise(random, wikis, periods, alike) * random.lognormal(0, uneven, (wikis, 1))
    shared = np.linspace(0, 1, periods) + 0.3 * random.standard_normal(periods)
    t = np.arange(1, periods + 1)
    reached = (cohort[:, np.newaxis] > 0) & (t >= cohort[:, np.newaxis])
    values = 2 * random.standard_normal((wikis, 1)) + shared + own + effect * reached
    columns = {"wiki": np.repeat(np.arange(wikis), periods), "month": np.tile(t, wikis), "y": values.ravel()}
    return pd.DataFrame(
        {**columns, "starts": np.repeat(cohort, periods), "treated": np.repeat(cohort > 0, periods).astype(int)}
    )


def staggered(wikis: int, starts: list[int], uneven: float = 0.0) -> Callable[[np.random.Generator, float], Told]:
    def ask(random: np.random.Generator, effect: float) -> Told:
        rows = panel(random, wikis, 24, starts, effect, uneven=uneven)
        found = staggered_did(rows, unit="wiki", time="month", cohort="starts", outcome="y", better="higher")
        return found.simple, found.verdict.word

    return ask


def interrupted(start: int, alike: float) -> Callable[[np.random.Generator, float], Told]:
    def ask(random: np.random.Generator, effect: float) -> Told:
        values = 20 + 0.02 * np.arange(104) + noise(random, 1, 104, alike)[0]
        values[start:] += effect
        found = interrupted_series(values, start, better="higher")
        return found.effect, found.verdict.word

    return ask


def single(before: int, after: int, alike: float) -> Callable[[np.random.Generator, float], Told]:
    def ask(random: np.random.Generator, effect: float) -> Told:
        rows = panel(random, 6, before + after, [before + 1], effect, alike)
        found = single_unit_effect(
            rows, unit="wiki", time="month", treated="treated", outcome="y", start=before + 1, better="higher"
        )
        return found.effect, found.verdict.word

    return ask


def synthetic(wikis: int, treated: int, uneven: float = 0.0) -> Callable[[np.random.Generator, float], Told]:
    def ask(random: np.random.Generator, effect: float) -> Told:
        rows = panel(random, wikis, 24, [14] * treated, effect, uneven=uneven)
        found = synthetic_did(rows, unit="wiki", time="month", treated="treated", outcome="y", start=14)
        if not found.is_clear:
            return found, "no detectable effect"
        return found, "improved" if found.value > 0 else "worsened"

    return ask


SETTINGS = (
    Setting("staggered, 40 wikis, 20 in 3 cohorts", staggered(40, [8] * 7 + [12] * 7 + [16] * 6)),
    Setting("staggered, the same, uneven noise", staggered(40, [8] * 7 + [12] * 7 + [16] * 6, 0.5), promised=False),
    Setting("staggered, 40 wikis, 20 one by one", staggered(40, list(range(4, 24))), promised=False),
    Setting("staggered, 12 wikis, 4 in 2 cohorts", staggered(12, [10, 10, 14, 14])),
    Setting("staggered, 6 wikis, 2 one by one", staggered(6, [10, 14]), promised=False),
    Setting("staggered, 6 wikis, 2 together", staggered(6, [12, 12])),
    Setting("interrupted, 104 weeks, at 66, alike 0", interrupted(66, 0.0)),
    Setting("interrupted, 104 weeks, at 66, alike .3", interrupted(66, 0.3)),
    Setting("interrupted, 104 weeks, at 92, alike 0", interrupted(92, 0.0)),
    Setting("interrupted, 104 weeks, at 92, alike .3", interrupted(92, 0.3)),
    Setting("single of 6 wikis, 14 + 9, alike 0", single(14, 9, 0.0)),
    Setting("single of 6 wikis, 14 + 9, alike .3", single(14, 9, 0.3)),
    Setting("single of 6 wikis, 26 + 12, alike 0", single(26, 12, 0.0)),
    Setting("single of 6 wikis, 26 + 12, alike .3", single(26, 12, 0.3)),
    Setting("synthetic, 23 wikis, 3 treated", synthetic(23, 3), has_verdict=False),
    Setting("synthetic, 20 wikis, 1 treated", synthetic(20, 1), has_verdict=False),
    Setting("synthetic, 20 wikis, 1, uneven noise", synthetic(20, 1, 0.5), promised=False),
    Setting("synthetic, 6 wikis, 1 treated", synthetic(6, 1), has_verdict=False),
)


def main(words: list[str]) -> int:
    kept = []
    print(f"{'':42}{'coverage':>9}{'of 1.96 se':>11}{'false':>7}{'power':>7}{'no verdict':>11}{'seconds':>9}")
    for setting in SETTINGS:
        if words and not any(word in setting.name for word in words):
            continue
        began = time.perf_counter()
        covered, plain, false, power, mute = measured(setting)
        if setting.promised:
            kept.append(LOWEST <= covered <= HIGHEST and (false <= MOST_FALSE or not setting.has_verdict))
        told = f"{covered:9.3f}{plain:11.3f}{false:7.3f}{power:7.2f}{mute:11.2f}{time.perf_counter() - began:9.1f}"
        print(f"{setting.name:42}{told}  {child.verdict(kept[-1]) if setting.promised else 'no promise'}", flush=True)
    if not words or "orders" in words:
        orders_of_time()
    print(f"promised: coverage {LOWEST} to {HIGHEST}, false claims at most {MOST_FALSE}")
    return 0 if all(kept) else 1


def measured(setting: Setting) -> tuple[float, float, float, float, float]:
    """Coverage of the interval and of the value +- 1.96 se, false claims, power, and how often nothing is said."""
    random = np.random.default_rng(2026)
    without = [setting.ask(random, 0.0) for _ in range(ROLLOUTS)]
    given = [setting.ask(random, EFFECT) for _ in range(ROLLOUTS // 4)]
    covered = [holds(effect.low, 0.0, effect.high) for effect, _ in without]
    plain = [abs(effect.value) <= 1.96 * (effect.se or 0.0) for effect, _ in without]
    false = [word in ("improved", "worsened") for _, word in without]
    found = [word == "improved" for _, word in given]
    mute = [word == "no verdict" for _, word in given]
    return tuple(float(np.mean(counted)) for counted in (covered, plain, false, found, mute))


def orders_of_time() -> None:
    """How often a permutation in time finds an effect: of blocks, which is ours, and of a ring that is only turned."""
    for alike in (0.0, 0.3):
        random = np.random.default_rng(2026)
        series = noise(random, ROLLOUTS, 38, alike)
        moved = series + EFFECT * (np.arange(38) >= 26)
        for name, p in (("blocks", time_permutation_p), ("turns", turned_p)):
            false, found = (np.mean([p(one, 26) <= MOST_FALSE for one in rows]) for rows in (series, moved))
            print(f"{f'orders in time, 26 + 12, {name}, alike {alike:g}':42}{'':20}{false:7.3f}{found:7.2f}")


def turned_p(series: np.ndarray, start: int) -> float:
    sums = [abs(np.roll(series - series.mean(), turn)[start:].sum()) for turn in range(len(series))]
    return float(np.mean(np.array(sums) >= sums[0] - 1e-9))


def holds(low: float | None, value: float, high: float | None) -> bool:
    return low is not None and high is not None and low <= value <= high


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
