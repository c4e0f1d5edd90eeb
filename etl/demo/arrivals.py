"""When things happen in the demo program: arrivals by day, weekday, season and hour. It does not say what happens."""

from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from etl.demo.planted import AS_OF, FIRST_DAY

Seconds = NDArray[np.int64]  # since 1970, UTC
Generator = np.random.Generator

DAY = 86_400
WEEKDAYS = np.array([1.06, 1.07, 1.05, 1.03, 0.98, 0.88, 0.93])  # Monday first


def seconds(day: date) -> int:
    """Midnight UTC of a day, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


START, END = seconds(FIRST_DAY), seconds(AS_OF)
BURN_IN = START - 120 * DAY  # blocks set before the log begins lead to blocks in it


def stream(seed: int, *parts: int) -> Generator:
    """Chance of its own for one part of the demo, so that a change in one part leaves the others as they were."""
    return np.random.Generator(np.random.PCG64([seed, *parts]))


def arrivals(rng: Generator, total: float, start: int = START, end: int = END, zone: float = 0.0) -> Seconds:
    """Times between `start` and `end`, in order, at the pace of about `total` from START to END.

    zone: hours east of Greenwich of most people, who are awake in the evening and not at night.
    """
    days = np.arange(start, end, DAY, dtype=np.int64)
    season = 1 + 0.06 * np.sin(2 * np.pi * (days / DAY - 30) / 365.25)
    pace = season * WEEKDAYS[(days // DAY + 3) % 7]  # 1 January 1970 was a Thursday
    expected = pace / pace.mean() * total * DAY / (END - START)
    day = np.repeat(days, rng.poisson(expected))
    awake = 1 + 0.75 * np.cos(2 * np.pi * (np.arange(24) + zone - 19) / 24)
    hour = rng.choice(24, size=len(day), p=awake / awake.sum())
    return np.sort(day + hour * 3600 + rng.integers(0, 3600, len(day)))


def pick(rng: Generator, size: int, shares: list[float]) -> NDArray[np.int64]:
    """Which of several things, by their shares."""
    weights = np.asarray(shares, dtype=float)
    return np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(size), side="right").astype(np.int64)


def few_do_most(number: int) -> list[float]:
    """Shares of people in a piece of work: the first does most."""
    return [1 / (rank + 2) ** 0.9 for rank in range(number)]
