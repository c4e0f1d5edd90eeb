"""A panel, units by periods, taken out of a data frame: complete units only, and the names of the others.

It touches nothing: a frame in, arrays out; the frame is not changed. It asks the frame for its columns and nothing
else, so it needs to know no library of data frames.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Frame(Protocol):
    """What is needed of a pandas DataFrame."""

    @property
    def columns(self) -> Any: ...

    def __getitem__(self, column: str, /) -> Any: ...


@dataclass(frozen=True, eq=False)
class Panel:
    """Complete units only. outcome: shape (units, times); covariates: one such array each.

    units and times are sorted; dropped names the units without a value in every period, sorted too.
    """

    units: list[Any]
    times: list[Any]
    outcome: Floats
    covariates: list[Floats]
    dropped: list[Any]

    def without(self, out: NDArray[np.bool_]) -> "Panel":
        """The other units; these join the dropped."""
        gone = [unit for unit, is_out in zip(self.units, out, strict=True) if is_out]
        units = [unit for unit, is_out in zip(self.units, out, strict=True) if not is_out]
        covariates = [values[~out] for values in self.covariates]
        return Panel(units, self.times, self.outcome[~out], covariates, sorted(self.dropped + gone))

    def first(self, periods: int) -> "Panel":
        """The first periods only."""
        covariates = [values[:, :periods] for values in self.covariates]
        return Panel(self.units, self.times[:periods], self.outcome[:, :periods], covariates, self.dropped)


def read(frame: Frame, unit: str, time: str, outcome: str, covariates: Sequence[str] = ()) -> Panel:
    """The panel of these columns. Raises ValueError for what no panel can be: see `staggered_did`."""
    _check_columns(frame, (unit, time, outcome, *covariates))
    units, rows = _sorted(frame[unit], unit)
    times, periods = _sorted(frame[time], time)
    if len(times) < 2:
        raise ValueError(f"column {time!r} has one period or none: a change needs a period before and one after")
    _check_once(units, times, rows, periods)
    grids = []
    for name in (outcome, *covariates):
        grid = np.full((len(units), len(times)), np.nan)
        grid[rows, periods] = _numbers(frame, name)
        grids.append(grid)
    incomplete = np.any([np.isnan(grid).any(axis=1) for grid in grids], axis=0)
    if incomplete.all():
        raise ValueError(f"no unit has a value of {outcome!r} in each of the {len(times)} periods")
    return Panel(units, times, grids[0], grids[1:], []).without(incomplete)


def per_unit(frame: Frame, unit: str, column: str) -> dict[Hashable, Any]:
    """What a column says of each unit, None where nothing; raises ValueError where it says two things of one."""
    _check_columns(frame, (unit, column))
    said: dict[Hashable, Any] = {}
    for name, value in zip(_listed(frame[unit]), _listed(frame[column]), strict=True):
        if said.setdefault(name, value) != value:
            raise ValueError(f"column {column!r} says {said[name]} and {value} of {name!r}: wanted one value per unit")
    return said


def flagged(frame: Frame, unit: str, column: str) -> set[Hashable]:
    """The units with a 1 (or True) in any row of the column; raises ValueError for anything but 0, 1 and missing."""
    _check_columns(frame, (unit, column))
    said = _listed(frame[column])
    if not set(said) <= {0, 1, None}:
        raise ValueError(f"column {column!r} holds {sorted(set(said) - {0, 1, None}, key=str)[0]!r}: wanted 1 or 0")
    return {name for name, value in zip(_listed(frame[unit]), said, strict=True) if value}


def starts(said: Iterable[Any], times: Sequence[Any], column: str) -> Whole:
    """First treated period as a place in `times` from 1; 0 for never, or not until after the last of them."""
    places = []
    for value in said:
        try:
            place = 0 if value is None or value == 0 else 1 + sum(bool(time < value) for time in times)
        except TypeError:
            raise ValueError(f"column {column!r} holds {value!r}, which is no time like {times[0]!r}") from None
        places.append(0 if place > len(times) else place)
    return np.array(places, np.int64)


def _listed(values: Any) -> list[Any]:
    """A column as plain Python values, with None for whatever kind of missing it has."""
    listed: list[Any] = values.astype(object).where(values.notna(), None).tolist()
    return listed


def _check_columns(frame: Frame, names: Sequence[str]) -> None:
    has = [str(name) for name in frame.columns]
    for name in names:
        if name not in has:
            raise ValueError(f"the panel has no column {name!r}; its columns: {', '.join(has)}")


def _sorted(values: Any, column: str) -> tuple[list[Any], Whole]:
    """The different values, sorted, and the place of each row's in them."""
    listed = _listed(values)
    if None in listed:
        raise ValueError(f"column {column!r} has rows without a value")
    try:
        different = sorted(set(listed))
    except TypeError:
        raise ValueError(f"column {column!r} mixes values that cannot be put in order") from None
    place = {value: index for index, value in enumerate(different)}
    return different, np.array([place[value] for value in listed], np.int64)


def _numbers(frame: Frame, column: str) -> Floats:
    try:
        numbers = np.asarray(frame[column].to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError):
        raise ValueError(f"column {column!r} holds something that is no number") from None
    if np.isinf(numbers).any():
        raise ValueError(f"column {column!r} holds an infinite value")
    return numbers


def _check_once(units: list[Any], times: list[Any], rows: Whole, periods: Whole) -> None:
    seen = rows * len(times) + periods
    different, counts = np.unique(seen, return_counts=True)
    if len(different) < len(seen):
        place = int(different[np.argmax(counts)])
        unit, time = units[place // len(times)], times[place % len(times)]
        raise ValueError(f"unit {unit} has more than one row for {time}: wanted one row per unit and period")
