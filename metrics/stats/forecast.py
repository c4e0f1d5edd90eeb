"""Where a series will be if it goes on as it did, and how likely it meets a target by then.

It touches nothing: past values in, a forecast out; chance is drawn from a seed. Three methods that anybody can redo; a
richer one has to beat the seasonal naive on values it has not seen. `scipy.stats` is slow to load, so left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Method = Literal["naive", "seasonal_naive", "drift"]

FEWEST_POINTS = 8
PATHS = 50_000  # the standard error of a chance is at most 0.0023
LAST_BIT = 1e-9  # of the largest value: steps that differ by less are equal


@dataclass(frozen=True, eq=False)
class Forecast:
    """The periods 1 to horizon, in the unit of the series. mean: shape (horizon,).

    low, high: shape (levels, horizon), one row per level, in the order in which the levels were given.
    """

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Drift:
    """How a series steps: from its last value, by a mean step of `count` steps, with their standard deviation."""

    last: float
    step: float
    spread: float
    count: int

    def at(self, periods: Floats) -> Floats:
        """The expected values these many periods after the last."""
        return self.last + self.step * periods

    def error(self, periods: Floats) -> Floats:
        """The standard error there: of the steps to come, and of the mean step itself, which all of them repeat."""
        return self.spread * np.sqrt(periods + periods**2 / self.count)


def forecast(
    values: ArrayLike,
    horizon: int,
    method: Method = "naive",
    season: int | None = None,
    level: float | Sequence[float] = (0.80, 0.95),
) -> Forecast:
    """The values to come, with intervals.

    values: shape (n,), equally spaced, oldest first, none missing. horizon: how many periods ahead, at most n / 2.
    naive: the last value again. seasonal_naive: the last season again; season: its periods, fewer than n. drift: the
    last value and the mean step, with t-quantiles and the error of the mean step.
    level: between 0 and 1, one or several. Constant steps give intervals without width.
    Of 10,000 series of the method's own kind, so many had in their intervals of 80 and 95 % what came n / 2 periods
    ahead, for n = 8, 13, 26, 52: drift holds 80.3, 80.8, 79.6, 80.4 % and 95.1, 95.2, 94.8, 95.0 %. The others have
    normal quantiles, as in R, and hold too little of short series: naive holds 76.6, 77.5, 78.0, 79.8 % and 90.5, 92.7,
    93.7, 94.5 %; seasonal_naive holds 73.0, 76.9, 78.5, 80.1 % and 87.6, 91.7, 93.8, 95.0 %. On series with a drift
    both hold 58 and 81 % (n = 26); of values that only waver around a mean, all of them hold nearly everything.
    Raises ValueError under 8 points, where horizon is above n / 2, and where an argument means nothing.
    Source: Hyndman, Athanasopoulos, Forecasting: Principles and Practice, 5; naive methods as R forecast 8.20.
    """
    past, levels = _checked(values, horizon), np.atleast_1d(np.asarray(level, dtype=np.float64))
    if not np.all((levels > 0) & (levels < 1)):
        raise ValueError(f"a level lies between 0 and 1, not {level}")
    ahead = np.arange(1, horizon + 1, dtype=np.float64)
    tail = 0.5 + levels[:, np.newaxis] / 2
    if method == "drift":
        drift = _drift(past)
        mean, half = drift.at(ahead), special.stdtrit(drift.count - 1, tail) * drift.error(ahead)
    elif method in get_args(Method):
        mean, error = _again(past, ahead, 1 if method == "naive" else _checked_season(season, len(past)))
        half = special.ndtri(tail) * error
    else:
        raise ValueError(f"a method is one of {', '.join(get_args(Method))}, not {method!r}")
    return Forecast(mean, mean - half, mean + half)


def chance_of_target(
    values: ArrayLike,
    horizon: int,
    target: float,
    better: Literal["higher", "lower"],
    when: Literal["at", "ever"] = "at",
    seed: int = 0,
) -> float:
    """How likely the series is at its target, or beyond, if it drifts on as it did; between 0 and 1.

    values, horizon: as for `forecast`. target: in the unit of the values. better: the side that is beyond.
    at: in the period `horizon`, from the t distribution of the drift forecast. ever: in at least one of the periods 1
    to horizon: the share of 50,000 paths drawn from `seed`, within 0.005, never less than the chance at one of them.
    Pages show it as 5 to 95 % at most, and not at all after a shift that was not rebased: both are theirs to do.
    Of random walks with a drift of 0.3 standard deviations a period and targets around where they seem to lead, chances
    came true as they should at a date (at, n = 13, 6 ahead: 12, 29, 50, 71, 88 % as 10, 28, 49, 71, 89 %; at, n = 26,
    13 ahead: 11, 29, 50, 71, 89 % as 10, 30, 50, 72, 89 %) and less often ever (ever, n = 13, 6 ahead: 11, 30, 50, 70,
    89 % as 9, 27, 45, 62, 87 %): a drift that seems greater than it is adds more than one that seems smaller takes.
    Raises ValueError as `forecast`, and where the target is no number.
    """
    drift = _drift(_checked(values, horizon))
    if better not in ("higher", "lower") or when not in ("at", "ever"):
        raise ValueError(f"a target is met higher or lower, at a period or ever, not {better!r}, {when!r}")
    if not math.isfinite(target):
        raise ValueError(f"a target is a number, not {target}")
    sign = 1 if better == "higher" else -1
    upwards = Drift(sign * drift.last, sign * drift.step, drift.spread, drift.count)
    chances = _chances(upwards, np.arange(1, horizon + 1, dtype=np.float64), sign * target)
    if when == "at":
        return float(chances[-1])
    return max(float(chances.max()), share_of_paths(upwards, horizon, sign * target, seed))


def share_of_paths(drift: Drift, periods: int, target: float, seed: int) -> float:
    """How many of 50,000 paths reach the target or more in one of the periods, as a share: what "ever" is made of.

    Each path has a sigma and a mean step of its own, such as the past steps do not rule out: sigma^2 = s^2 (m - 1) /
    chi-square with m - 1 degrees of freedom, mean step ~ N(step, sigma^2 / m). Periods are drawn one by one: a formula
    for continuous time would count what is reached between two of them, and say too much (.77 where .70 is right).
    """
    random = np.random.default_rng(seed)
    sigma = drift.spread * np.sqrt((drift.count - 1) / random.chisquare(drift.count - 1, PATHS))
    step = drift.step + sigma / math.sqrt(drift.count) * random.standard_normal(PATHS)
    place, reached = np.full(PATHS, drift.last, np.float64), np.zeros(PATHS, np.bool_)
    for _ in range(periods):
        place += step + sigma * random.standard_normal(PATHS)
        reached |= place >= target
    return float(reached.mean())


def _chances(drift: Drift, ahead: Floats, target: float) -> Floats:
    """Of being at the target or above in each of these periods."""
    lead = drift.at(ahead) - target
    if drift.spread == 0:
        return np.where(lead >= -LAST_BIT * max(abs(drift.last), abs(target)), 1.0, 0.0)
    chances: Floats = special.stdtr(drift.count - 1, lead / drift.error(ahead))
    return chances


def _drift(past: Floats) -> Drift:
    steps = np.diff(past)
    spread = float(np.std(steps, ddof=1))
    if spread <= LAST_BIT * np.abs(past).max():
        spread = 0.0  # the last bits of equal steps are no chance
    return Drift(float(past[-1]), float((past[-1] - past[0]) / len(steps)), spread, len(steps))


def _again(past: Floats, ahead: Floats, season: int) -> tuple[Floats, Floats]:
    """The last season over and over, and its standard error, which grows from season to season."""
    periods = ahead.astype(np.int64) - 1
    steps = past[season:] - past[:-season]
    error = math.sqrt(np.mean(steps**2)) * np.sqrt(periods // season + 1)
    return past[len(past) - season + periods % season], error


def _checked_season(season: int | None, n: int) -> int:
    if season is None or not 1 <= season < n or season % 1:
        raise ValueError(f"a season has from 1 to {n - 1} periods, fewer than the series, not {season}")
    return int(season)


def _checked(values: ArrayLike, horizon: int) -> Floats:
    past = np.asarray(values, dtype=np.float64)
    if past.ndim != 1 or not np.isfinite(past).all():
        raise ValueError("a forecast needs one row of values, none missing or infinite")
    if len(past) < FEWEST_POINTS:
        raise ValueError(f"{len(past)} points are too few: wanted {FEWEST_POINTS}")
    if not 1 <= horizon <= len(past) / 2 or horizon % 1:
        raise ValueError(f"{horizon} periods ahead of {len(past)} points: wanted 1 to {len(past) // 2}")
    return past
