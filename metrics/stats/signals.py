"""Which points of a control chart are more than noise: the four rules of Making Data Count, for many series at once.

It touches nothing: values and lines in, marks out. What came before or after the given periods plays no part, so each
phase of a series is given alone. Arrays have the shape (series, periods), oldest first; NaN = missing, breaks all runs.
Source: NHS England, Making Data Count, "Plot the dots" rules of November 2023.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Signs = NDArray[np.int8]  # 1 up, -1 down, 0 neither

Signal = Literal["outside", "trend", "two_of_three", "shift"]

SIGNALS: tuple[Signal | None, ...] = (None, *get_args(Signal))  # by code; the first that holds has priority
SHIFT_POINTS, TREND_STEPS, CLOSE_POINTS = 7, 6, 3  # a trend of 7 points is 6 steps
CLOSE = 2 / 3  # of the way to a limit: two sigma
LAST_BIT = 1e-9  # of the largest value: what differs by less is equal


@dataclass(frozen=True, eq=False)
class Lines:
    """The lines of one phase, in the unit of its values; each of shape (series, 1) or (series, periods).

    spread: three sigma, to both sides of middle, which is the centre except where a distribution is lopsided.
    """

    center: Floats
    middle: Floats
    spread: Floats


@dataclass(frozen=True, eq=False)
class Marks:
    """rules: places in SIGNALS, 0 for none. directions: where that rule points. conflicts: another points back."""

    rules: Signs
    directions: Signs
    conflicts: Bools


def mark(values: Floats, lines: Lines) -> Marks:
    """The first rule that holds at each point of a phase; where a line is NaN, the rules that need it do not hold."""
    same = LAST_BIT * scale(values)
    off_center, off_middle = values - lines.center, values - lines.middle
    above, below = off_center > same, off_center < -same
    close = CLOSE * lines.spread
    found = np.stack(
        [
            _signs(off_middle - lines.spread > same, off_middle + lines.spread < -same),
            trends(values, same),
            _signs(two_of_three(off_middle - close > same, above), two_of_three(off_middle + close < -same, below)),
            _signs(in_runs(above, SHIFT_POINTS), in_runs(below, SHIFT_POINTS)),
        ]
    )
    first = np.argmax(found != 0, axis=0)
    directions = np.take_along_axis(found, first[np.newaxis], axis=0)[0]
    rules = np.where(directions != 0, first + 1, 0).astype(np.int8)
    return Marks(rules, directions, np.logical_and((found > 0).any(axis=0), (found < 0).any(axis=0)))


def trends(values: Floats, same: Floats, steps: int = TREND_STEPS) -> Signs:
    """The members of every run of strict steps of one sign, and that sign; a tie ends it.

    same: shape (series, 1), up to which a step is a tie. Where the next point is a member too, of the same trend or of
    another, the step to it decides: where a rise turns into a fall, the apex belongs to the fall.
    """
    step = np.diff(values, axis=1)
    up, down = step > same, step < -same
    run, leaving = _signs(in_runs(up, steps), in_runs(down, steps)), _signs(up, down)
    trend = np.zeros(values.shape, np.int8)
    trend[:, 1:] = run
    trend[:, :-1] = np.where(run != 0, run, trend[:, :-1])
    both = (trend[:, :-1] != 0) & (trend[:, 1:] != 0) & (leaving != 0)
    trend[:, :-1] = np.where(both, leaving, trend[:, :-1])
    return trend


def two_of_three(close: Bools, on_side: Bools) -> Bools:
    """The points beyond a close line in every three neighbours with two of them, all three on the line's side."""
    enough = np.sum(_windows(close, CLOSE_POINTS), axis=0, dtype=np.int8) >= 2
    return _members(enough & np.logical_and.reduce(_windows(on_side, CLOSE_POINTS)), CLOSE_POINTS) & close


def in_runs(flags: Bools, length: int) -> Bools:
    """The members of every run of at least this many flags."""
    return _members(np.logical_and.reduce(_windows(flags, length)), length)


def scale(values: Floats) -> Floats:
    """The largest known size of each series, shape (series, 1); 0 where nothing is known."""
    sizes: Floats = np.abs(np.nan_to_num(values)).max(axis=1, initial=0, keepdims=True)
    return sizes


def _windows(flags: Bools, length: int) -> list[Bools]:
    """The first, the second, ... members of all windows of this length, those that stick out at the ends included."""
    padded = np.pad(flags, ((0, 0), (length - 1, length - 1)))
    return [padded[:, place : place + flags.shape[1] + length - 1] for place in range(length)]


def _members(windows: Bools, length: int) -> Bools:
    """The points that lie in at least one of the windows that hold."""
    periods = windows.shape[1] - length + 1
    members: Bools = np.logical_or.reduce([windows[:, place : place + periods] for place in range(length)])
    return members


def _signs(up: Bools, down: Bools) -> Signs:
    return up.astype(np.int8) - down.astype(np.int8)
