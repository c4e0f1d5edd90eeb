"""When many blocks end, at once: the same times as `durations.end`, which looks at one.

It asks `durations.end` itself about each duration that is not a mere length of time.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.formats.durations import end
from etl.formats.log_words import Bits, Places
from etl.formats.strtotime import Duration, NoDuration

Times = NDArray[np.int64]  # microseconds since 1970

_START = datetime(1970, 1, 1)
_STEP = timedelta(microseconds=1)
_EARLIEST, _LATEST = (datetime.min - _START) // _STEP, (datetime.max - _START) // _STEP
_LONGEST_MONTHS, _LONGEST_STEP = 12 * 9999, timedelta(days=366 * 9999)


def ends(at: Times, durations: Sequence[Duration | None], which: Places) -> pa.Array:
    """The end of each block, missing where it never ends. which: for each time its place in `durations`.

    Raises NoDuration as `durations.end` does.
    """
    is_length = [one is None or one.is_length for one in durations]
    months = np.array([_months(one) for one in durations], np.int64)
    steps = np.array([_step(one) for one in durations], np.int64)
    later = _later(at, months[which])
    found = later + steps[which]
    for place in np.flatnonzero(~np.array(is_length, np.bool_)[which]).tolist():
        found[place] = _asked(durations[which[place]], int(at[place]))
    never = np.array([one is None for one in durations], np.bool_)[which]
    if not (_is_possible(later) & _is_possible(found))[~never].all():
        raise NoDuration("an end outside of the years 1 to 9999")
    return pa.array(found, mask=never).cast(pa.timestamp("us"))


def _later(at: Times, months: Times) -> Times:
    """Months later by the calendar; days that the month has not run on, as in PHP."""
    if not months.any():
        return at
    time = at.astype("M8[us]")
    month = time.astype("M8[M]")
    within = time - month.astype("M8[us]")
    later: Times = ((month + months).astype("M8[us]") + within).astype(np.int64)
    return later


def _is_possible(times: Times) -> Bits:
    return (times >= _EARLIEST) & (times <= _LATEST)


def _months(duration: Duration | None) -> int:
    if duration is None or not duration.is_length:
        return 0
    if abs(duration.months) > _LONGEST_MONTHS:
        raise NoDuration("an end outside of the years 1 to 9999")
    return duration.months


def _step(duration: Duration | None) -> int:
    if duration is None or not duration.is_length:
        return 0
    if abs(duration.step) > _LONGEST_STEP:
        raise NoDuration("an end outside of the years 1 to 9999")
    return duration.step // _STEP


def _asked(duration: Duration | None, at: int) -> int:
    if duration is None:
        raise TypeError("a block that never ends has no end")
    return (end(duration, _START + at * _STEP) - _START) // _STEP
