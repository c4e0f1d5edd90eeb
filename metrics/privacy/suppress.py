"""Which cells of a table of counts must be withheld so that no small group can be worked out from the rest.

It touches nothing: counts in, a table with holes out. What else was published is for `attack` and the release gate.
"""

import heapq
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.privacy import attack

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Place = tuple[int, int]


@dataclass(frozen=True, eq=False)
class SuppressedTable:
    """What may be shown. With totals both arrays have one more row and column, the totals last.

    shown: the counts, NaN where withheld. hidden: true where withheld, for its own sake or to protect another; do not
    say which, for a reader who knows that a cell is small knows more than the table was checked for.
    """

    shown: Floats
    hidden: Flags


def table(counts: ArrayLike, *, minimum: int, totals: bool = True) -> SuppressedTable:
    """Withhold every count above 0 and under the minimum, and as few others as it takes to protect those.

    counts: shape (rows, columns), whole numbers >= 0, without totals. totals: whether row, column and grand totals are
    published too; they can be under the minimum themselves, and be withheld to protect others, but last of all.
    Protected: among all tables that agree with what is shown, the cell's greatest and least value differ by at least
    the minimum. A 0 is always shown: withhold zeros that give something away before. Same table, same answer.
    Raises ValueError for anything but whole numbers >= 0. Source: cheapest cycles in the network of lines (Kelly,
    Golden, Assad 1992), each answer then checked by linear programs (STATS 7).
    """
    inner = np.asarray(counts, dtype=np.float64)
    if inner.ndim != 2 or not np.isfinite(inner).all() or (inner < 0).any() or (inner % 1 != 0).any():
        raise ValueError("wanted a table of counts: two dimensions, whole numbers from 0, none missing")
    values = _with_totals(inner) if totals else inner
    small = (values > 0) & (values < minimum)
    hidden = _protected(_network(values), small, minimum) if totals else small
    return SuppressedTable(np.where(hidden, np.nan, values), hidden)


def relations_of(values: ArrayLike, hidden: ArrayLike) -> list[attack.Relation]:
    """What a reader knows of the withheld cells of a table whose last row and column are totals.

    values, hidden: shape (rows + 1, columns + 1). Each line's parts sum to its total; cells are named (row, column).
    """
    numbers, holes = np.asarray(values, dtype=np.float64), np.asarray(hidden, dtype=np.bool_)
    signs = _signs(numbers.shape)
    known = -(signs * np.where(holes, 0, numbers))
    rows, columns = known.sum(axis=1).tolist(), known.sum(axis=0).tolist()
    places = [(int(row), int(column)) for row, column in np.argwhere(holes)]
    named: list[dict[attack.Cell, float]] = [{} for _ in rows + columns]
    for row, column in places:
        named[row][row, column] = named[len(rows) + column][row, column] = float(signs[row, column])
    return [(factors, rest, rest) for factors, rest in zip(named, rows + columns, strict=True) if factors]


@dataclass(frozen=True, eq=False)
class _Network:
    """Lines as nodes (rows, then columns), cells as arcs between them: changes that no sum shows are its cycles.

    Counted with its sign, each line sums to 0 with its total; going from a row to a column adds to the signed cell,
    going back takes from it. room: how far each cell can go either way. price: of withholding it; infinite for a 0.
    """

    values: Floats
    room: Floats
    price: Floats

    def ends(self, place: Place) -> tuple[int, int]:
        return place[0], len(self.values) + place[1]

    def cells(self, path: list[int]) -> list[Place]:
        rows = len(self.values)
        return [(min(pair), max(pair) - rows) for pair in pairwise(path)]


def _network(values: Floats) -> _Network:
    rows, columns = values.shape
    signs, size = _signs(values.shape), rows + columns
    last = values.sum() + 1  # a total is withheld only where no set of inner cells will do
    price = np.where(values == 0, np.inf, values + last * _is_total(values.shape))
    room, prices = np.zeros((size, size)), np.full((size, size), np.inf)
    room[:rows, rows:] = np.where(signs > 0, np.inf, values)
    room[rows:, :rows] = np.where(signs > 0, values, np.inf).T
    prices[:rows, rows:], prices[rows:, :rows] = price, price.T
    return _Network(values, room, prices)


def _protected(network: _Network, small: Flags, minimum: int) -> Flags:
    hidden, routes = small.copy(), dict[Place, set[Place]]()
    smalls = [(int(row), int(column)) for row, column in np.argwhere(small)]
    for place in smalls:
        while (found := _route(network, hidden, place, minimum)).width < minimum:
            for cell in _cheapest_addition(network, hidden, place, minimum - found.width, found.room):
                hidden[cell] = True
        routes[place] = found.cells
    _show_what_is_not_needed(network, hidden, small, routes, minimum)
    if exposed := attack.known_too_closely(relations_of(network.values, hidden), smalls, minimum):
        raise ArithmeticError(f"cells {exposed} can be worked out: the network and the linear programs disagree")
    return hidden


@dataclass(frozen=True, eq=False)
class _Route:
    """How far a cell can move within the withheld cells: its width, the cells it moves, the room left above it."""

    width: float
    cells: set[Place]
    room: Floats


def _route(network: _Network, hidden: Flags, place: Place, enough: int) -> _Route:
    price = _prices(network, hidden, np.inf)
    own = network.ends(place)
    start, goal = own if _signs(hidden.shape)[place] < 0 else own[::-1]  # the way round that makes the cell greater
    ...


def _push(room: Floats, price: Floats, start: int, goal: int, enough: float) -> float:
    """Send as much as is wanted through cells of finite price, leaving in `room` what they can still carry."""
    sent = 0.0
    while sent < enough and (path := _cheapest_path(room, price, start, goal, 1)):
        step = min(enough - sent, *(room[pair] for pair in pairwise(path)))
        for here, there in pairwise(path):
            room[here, there] -= step
            room[there, here] += step
        sent += step
    return sent


def _cheapest_path(room: Floats, price: Floats, start: int, goal: int, least: float) -> list[int]:
    """The nodes of the cheapest path whose every arc can carry at least this much (Dijkstra); empty where none can."""
    spent, came_from = np.full(len(room), np.inf), np.full(len(room), -1)
    spent[start] = 0
    waiting, done = [(0.0, start)], np.zeros(len(room), dtype=np.bool_)
    while waiting:
        so_far, here = heapq.heappop(waiting)
        ...
