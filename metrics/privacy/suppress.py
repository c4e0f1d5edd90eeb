"""Which cells of a table of counts must be withheld so that no small group can be worked out from the rest.

It touches nothing: counts in, a table with holes out. What else was published is for `attack` and the release gate.
"""

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
    hidden = _protected(values, small, minimum) if totals else small
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
    """Lines as nodes (rows, then columns) and cells as arcs: what can change while every sum stays is its cycles.

    Going from a row to a column adds to the cell between them, counted with its sign; going back takes from it.
    room: how far each can go. price: of withholding the cell; infinite for a 0.
    """

    values: Floats
    room: Floats
    price: Floats

    def ends(self, place: Place) -> tuple[int, int]:
        return place[0], len(self.values) + place[1]

    def cells(self, path: list[int]) -> list[Place]:
        rows = len(self.values)
        return [(min(arc), max(arc) - rows) for arc in pairwise(path)]

    def arcs(self, hidden: Flags) -> Flags:
        rows, columns = hidden.shape
        return np.block(
            [[np.zeros((rows, rows), np.bool_), hidden], [hidden.T, np.zeros((columns, columns), np.bool_)]]
        )

    def room_beside(self, place: Place) -> Floats:
        room, (row, column) = self.room.copy(), self.ends(place)
        room[row, column] = room[column, row] = 0
        return room


@dataclass(frozen=True, eq=False)
class _Route:
    """How far a cell can move within the withheld cells; which move with it; the room left above, between its ends."""

    width: float
    cells: set[Place]
    above: Floats
    ends: tuple[int, int]


def _network(values: Floats) -> _Network:
    rows, columns = values.shape
    adding, total = _signs(values.shape) > 0, _is_total(values.shape)
    cost = np.where(values == 0, np.inf, values + (values.sum() + 1) * total)  # any inner cells before one total
    room, price = np.zeros((rows + columns,) * 2), np.full((rows + columns,) * 2, np.inf)
    room[:rows, rows:] = np.where(adding, np.inf, values)
    room[rows:, :rows] = np.where(adding, values, np.inf).T
    price[:rows, rows:], price[rows:, :rows] = cost, cost.T
    return _Network(values, room, price)


def _protected(values: Floats, small: Flags, minimum: int) -> Flags:
    network, hidden, routes = _network(values), small.copy(), dict[Place, set[Place]]()
    for row, column in np.argwhere(small).tolist():
        while (route := _route(network, hidden, (row, column), minimum)).width < minimum:
            for cell in _cheapest_addition(network, hidden, route):
                hidden[cell] = True
        routes[row, column] = route.cells
    hidden = _without_the_needless(network, hidden, small, routes, minimum)
    if exposed := attack.known_too_closely(relations_of(values, hidden), list(routes), minimum):
        raise ArithmeticError(f"cells {exposed} can be worked out: the network and the linear programs disagree")
    return hidden


def _route(network: _Network, hidden: Flags, place: Place, enough: float) -> _Route:
    """Let the cell grow, then shrink, as far as is wanted, with every sum and every shown cell unchanged."""
    price = np.where(network.arcs(hidden), 0.0, np.inf)
    start, goal = network.ends(place)
    if _signs(hidden.shape)[place] > 0:
        start, goal = goal, start  # from its row to its column the cell itself grows; the way back is what is sought
    above, below = network.room_beside(place), network.room_beside(place)
    grown = _push(above, price, start, goal, enough)
    shrunk = _push(below, price, goal, start, min(enough - grown, network.values[place]))
    moved = np.argwhere(above != network.room_beside(place)), np.argwhere(below != network.room_beside(place))
    cells = {cell for pairs in moved for pair in pairs.tolist() for cell in network.cells(pair)}
    return _Route(grown + shrunk, cells, above, (start, goal))


def _cheapest_addition(network: _Network, hidden: Flags, route: _Route) -> list[Place]:
    """The cells of the cheapest way for more growth; the withheld ones alone allow no more, so some are new."""
    price = np.where(network.arcs(hidden), 0.0, network.price)
    return network.cells(_cheapest_path(route.above, price, *route.ends))


def _without_the_needless(
    network: _Network, hidden: Flags, small: Flags, routes: dict[Place, set[Place]], minimum: int
) -> Flags:
    """Show again, totals first and great cells before small ones, what later choices made unnecessary."""
    total = _is_total(hidden.shape)
    added = [(int(row), int(column)) for row, column in np.argwhere(hidden & ~small)]
    for cell in sorted(added, key=lambda cell: (not total[cell], -network.values[cell], cell)):
        fewer = hidden.copy()
        fewer[cell] = False
        again = {place: _route(network, fewer, place, minimum) for place, cells in routes.items() if cell in cells}
        if all(route.width >= minimum for route in again.values()):
            hidden = fewer
            routes = routes | {place: route.cells for place, route in again.items()}
    return hidden


def _push(room: Floats, price: Floats, start: int, goal: int, enough: float) -> float:
    """Send as much as is wanted through arcs of finite price, leaving in `room` what they can still carry."""
    sent = 0.0
    while sent < enough and (path := _cheapest_path(room, price, start, goal)):
        step = min(enough - sent, *(float(room[arc]) for arc in pairwise(path)))
        for here, there in pairwise(path):
            room[here, there] -= step
            room[there, here] += step
        sent += step
    return sent


def _cheapest_path(room: Floats, price: Floats, start: int, goal: int) -> list[int]:
    """The nodes of the cheapest path with room all the way (Dijkstra 1959); empty where there is none."""
    spent, origin = np.full(len(room), np.inf), np.full(len(room), -1)
    spent[start], waiting = 0.0, np.ones(len(room), dtype=np.bool_)
    while (reached := waiting & (spent < np.inf)).any():
        here = int(np.argmin(np.where(reached, spent, np.inf)))
        if spent[goal] <= spent[here]:
            return _retraced(origin, start, goal)
        waiting[here] = False
        onward = spent[here] + np.where(room[here] > 0, price[here], np.inf)
        better = onward < spent
        spent[better], origin[better] = onward[better], here
    return []


def _retraced(origin: NDArray[np.int64], start: int, goal: int) -> list[int]:
    path = [goal]
    while path[-1] != start:
        path.append(int(origin[path[-1]]))
    return path[::-1]


def _with_totals(inner: Floats) -> Floats:
    rows = np.column_stack((inner, inner.sum(axis=1)))
    return np.vstack((rows, rows.sum(axis=0)))


def _is_total(shape: tuple[int, ...]) -> Flags:
    total = np.zeros(shape, dtype=np.bool_)
    total[-1, :] = total[:, -1] = True
    return total


def _signs(shape: tuple[int, ...]) -> Floats:
    """+1 for the inner cells and the grand total, -1 for the totals of lines: so signed, every line sums to 0."""
    signs = np.where(_is_total(shape), -1.0, 1.0)
    signs[-1, -1] = 1.0
    return signs
