"""How long blocks of the demo program last, and when they end by the calendar. It does not say who is blocked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo.arrivals import DAY, Generator, Seconds, pick
from etl.demo.wikis import NEVER


@dataclass(frozen=True)
class Duration:
    """A duration as an administrator chooses it; months and hours are both 0 where the block never ends."""

    text: str
    months: int = 0
    hours: int = 0


DURATIONS = (
    Duration("24 hours", hours=24),
    Duration("31 hours", hours=31),
    Duration("60 hours", hours=60),
    Duration("3 days", hours=72),
    Duration("1 week", hours=168),
    Duration("2 weeks", hours=336),
    Duration("1 month", months=1),
    Duration("3 months", months=3),
    Duration("6 months", months=6),
    Duration("1 year", months=12),
    Duration("2 years", months=24),
    Duration("infinity"),
)
INFINITE = len(DURATIONS) - 1

# Shares by kind of target, in the order of DURATIONS.
OF_ACCOUNTS = [0.02, 0.12, 0.02, 0.08, 0.10, 0.05, 0.06, 0.02, 0.01, 0.01, 0.00, 0.51]
OF_TEMPORARY = [0.10, 0.30, 0.05, 0.20, 0.16, 0.07, 0.04, 0.00, 0.00, 0.00, 0.00, 0.08]
OF_ADDRESSES = [0.05, 0.33, 0.04, 0.16, 0.16, 0.08, 0.11, 0.05, 0.015, 0.005, 0.00, 0.00]
OF_RANGES = [0.00, 0.12, 0.00, 0.14, 0.20, 0.18, 0.20, 0.09, 0.05, 0.02, 0.00, 0.00]
BY_BOT = [0.45, 0.00, 0.35, 0.20, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00]
OF_PROXIES = [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.06, 0.10, 0.20, 0.40, 0.24, 0.00]


def ends(set_at: Seconds, duration: NDArray[np.int64]) -> Seconds:
    """When blocks set at these times end, by the calendar as in MediaWiki: 31 January and a month is 3 March."""
    months = np.array([one.months for one in DURATIONS])[duration]
    hours = np.array([one.hours for one in DURATIONS])[duration]
    day = set_at.astype("datetime64[s]").astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    later = (month + months).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    by_calendar = later.astype("datetime64[s]").astype(np.int64) + set_at % DAY
    finite: Seconds = np.where(months > 0, by_calendar, set_at + hours * 3600)
    finite[duration == INFINITE] = NEVER
    return finite


def longer(rng: Generator, duration: NDArray[np.int64]) -> NDArray[np.int64]:
    """A duration that is longer than each of these: the next or the one after it, at most two years."""
    drawn = duration + 1 + pick(rng, len(duration), [0.6, 0.4])
    return drawn.clip(max=INFINITE - 1)
