"""How often forecasts hold what comes, and how often what was called likely comes true.

    python benchmarks/forecast_coverage.py

10,000 series for each line, drawn from the method's own model: a random walk for naive, one of each part of the season
for seasonal naive (season 4), a random walk with a drift for drift; then each method on the models of the others. Held:
how many of the values 1 and n / 2 periods ahead lay in the interval. Chances: of walks with a drift of 0.3 standard
deviations a period, with targets around where each seems to lead, sorted by what was said. Exit code 1 where drift
misses its level by more than 2 points, where a chance "at" a date is off by more than 3 between 5 and 95 %, or where a
docstring does not quote what is printed here. Chances of meeting a target "ever" are known to be too high.
"""

import sys
from collections.abc import Callable
from typing import Literal

import child
import numpy as np
import quoted
from numpy.typing import NDArray

from metrics.stats.forecast import Method, chance_of_target, forecast

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]

SERIES, LENGTHS, SEASON, OTHERS = 10_000, (8, 13, 26, 52), 4, 26
AT_SERIES, EVER_SERIES = 40_000, 4_000  # each "ever" takes 50,000 paths
WITHIN, CHANCE_WITHIN = 0.02, 0.03
EDGES = (0.05, 0.2, 0.4, 0.6, 0.8, 0.95)


def walk(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return random.normal(0, 1, shape).cumsum(axis=1)


def drifting(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return random.normal(0.3, 1, shape).cumsum(axis=1)


def seasonal(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    off = random.normal(0, 1, shape)
    for place in range(SEASON, shape[1]):
        off[:, place] += off[:, place - SEASON]
    return off


def noise(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return random.normal(0, 1, shape)


MODELS: dict[str, Draw] = {"walk": walk, "seasonal walk": seasonal, "walk with drift": drifting, "noise": noise}
OWN: dict[Method, str] = {"naive": "walk", "seasonal_naive": "seasonal walk", "drift": "walk with drift"}


def main() -> int:
    print(f"{'held':18}{'of a':18}{'n':>4}{'80 %: next':>13}{'n/2 ahead':>11}{'95 %: next':>13}{'n/2 ahead':>11}")
    kept = []
    for method, own in OWN.items():
        found = [_line(method, own, n) for n in LENGTHS]
        worst = np.abs(np.array(found) - [0.8, 0.8, 0.95, 0.95]).max()
        if method == "drift":
            kept.append(bool(worst <= WITHIN))
        print(f"{'':18}at most {worst * 100:.1f} points off")
        kept.append(quoted.is_said(forecast, _sentence(method, found)))
    for method, own in OWN.items():
        for model in MODELS:
            if model != own:
                _line(method, model, OTHERS)
    kept += [_chances("at", AT_SERIES, n) for n in (13, 26)] + [_chances("ever", EVER_SERIES, 13)]
    print(f"drift within 2 points, chances at a date within 3, docstrings quote: {child.verdict(all(kept))}")
    return 0 if all(kept) else 1


def _line(method: Method, model: str, n: int) -> list[float]:
    """Shares held by the 80 % interval at the next period and n / 2 ahead, then by the 95 % interval."""
    horizon = n // 2
    rows = MODELS[model](np.random.default_rng(n), (SERIES, n + horizon))
    low, high = np.empty((2, SERIES, 2, horizon))
    for place, row in enumerate(rows):
        found = forecast(row[:n], horizon, method, season=SEASON if method == "seasonal_naive" else None)
        low[place], high[place] = found.low, found.high
    come = rows[:, np.newaxis, n:]
    held = ((low <= come) & (come <= high)).mean(axis=0)
    shares = [float(held[level, ahead]) for level in (0, 1) for ahead in (0, -1)]
    told = "".join(f"{share:{width}.1%}" for share, width in zip(shares, (13, 11, 13, 11), strict=True))
    print(f"{method:18}{model:18}{n:4}{told}")
    return shares


def _chances(when: Literal["at", "ever"], series: int, n: int) -> bool:
    horizon, random = n // 2, np.random.default_rng(series)
    rows = drifting(random, (series, n + horizon))
    leads = rows[:, n - 1] + (rows[:, n - 1] - rows[:, 0]) / (n - 1) * horizon
    targets = leads + random.uniform(-2, 2, series) * np.sqrt(horizon + horizon**2 / n)
    said, met = np.empty(series), np.empty(series, np.bool_)
    for place, (row, target) in enumerate(zip(rows, targets.tolist(), strict=True)):
        said[place] = chance_of_target(row[:n], horizon, target, "higher", when)
        met[place] = row[-1] >= target if when == "at" else row[n:].max() >= target
    print(f'chance of a target, "{when}", n = {n}, {horizon} ahead: said, came true, of how many')
    bins = [np.searchsorted(EDGES, said) == place for place in range(len(EDGES) + 1)]
    table = np.array([[said[those].mean(), met[those].mean()] for those in bins])
    for (told, true), those in zip(table, bins, strict=True):
        print(f"{'':18}{told:8.1%}{true:8.1%}{those.sum():8,}")
    shown = table[1:-1]  # pages show nothing beyond 5 and 95 %
    words = " % as ".join(", ".join(f"{share * 100:.0f}" for share in column) for column in shown.T)
    is_said = quoted.is_said(chance_of_target, f"{when}, n = {n}, {horizon} ahead: {words} %")
    return is_said and (when == "ever" or np.abs(shown[:, 0] - shown[:, 1]).max() <= CHANCE_WITHIN)


def _sentence(method: str, found: list[list[float]]) -> str:
    """The shares held n / 2 ahead, at each length."""
    first, second = (", ".join(f"{one[place]:.1%}".rstrip("%") for one in found) for place in (1, 3))
    return f"{method} holds {first} % and {second} %"


if __name__ == "__main__":
    sys.exit(main())
