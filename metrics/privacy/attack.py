"""What a reader can deduce from everything that was published: the least and the greatest value of every cell.

It touches nothing: published relations in, bounds out. Rows about people never come here.
"""

import math
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Cell = Hashable
Relation = tuple[Mapping[Cell, float], float | None, float | None]
Bounds = tuple[float, float | None]
Closed = tuple[dict[Cell, float], float, float]  # a relation without zeros, infinite where it has no bound

SAME = 1e-6  # figures no further apart are the same; the solver keeps each relation to 1e-7
SOLVED, IMPOSSIBLE, UNBOUNDED = 0, 2, 3  # scipy's numbers for how a program ended


def bounds(relations: Sequence[Relation]) -> dict[Cell, Bounds]:
    """The least and the greatest value that each cell can have, given all that was published.

    relations: [({cell: coefficient}, low, high), ...]: the sum of coefficient times cell lies from low to high; None is
    no bound, equal is exact. A shown cell is a relation of one cell; a rate is one of its numerator, from the rounding
    interval times the denominator. Cells are never negative; anything hashable names a cell.
    Returns {cell: (low, high)} in order of first appearance; high is None where there is no bound.
    Raises ValueError where no table agrees with the relations. Source: linear programs by scipy's HiGHS (STATS 7).
    """
    known, puzzles = _puzzles(relations)
    found: dict[Cell, Bounds] = {cell: (value, value) for cell, value in known.items()}
    for puzzle in puzzles:
        for place, cell in enumerate(puzzle.cells):
            least, greatest = puzzle.range_of(place)
            found[cell] = (_tidy(least), None if math.isnan(greatest) else _tidy(greatest))
    return {cell: found[cell] for coefficients, _, _ in relations for cell in coefficients}


def known_too_closely(relations: Sequence[Relation], cells: Collection[Cell], width: float) -> list[Cell]:
    """Those of the cells whose bounds, as `bounds` finds them, are less than width apart.

    Faster than `bounds`, since two tables that agree with the relations may show many cells to be free at once. A cell
    that no relation names is free. Raises as `bounds`.
    """
    known, puzzles = _puzzles(relations)
    close = {cell for cell in cells if cell in known and width > 0}
    for puzzle in puzzles:
        close.update(puzzle.narrower_than(width, cells))
    return [cell for cell in cells if cell in close]


@dataclass(frozen=True, eq=False)
class _Puzzle:
    """Cells that hang together, and the relations between them."""

    cells: tuple[Cell, ...]
    constraint: LinearConstraint

    def range_of(self, place: int) -> tuple[float, float]:
        """The least and the greatest value of one cell; NaN for the greatest where it has no bound."""
        alone = np.zeros(len(self.cells))
        alone[place] = 1
        return float(self.table_of_least(alone)[place]), float(self.table_of_least(-alone)[place])

    def table_of_least(self, goal: Floats) -> Floats:
        """The table in which the sum of goal times cell is least; all NaN where it has no bound."""
        # Presolve may end at "unbounded or infeasible" and leave open which; without it the solver says.
        found = milp(goal, constraints=self.constraint, options={"presolve": False})
        if found.status == UNBOUNDED:
            return np.full(len(self.cells), np.nan)
        if found.status == IMPOSSIBLE:
            raise ValueError(f"no table agrees with everything that was published about {list(self.cells)}")
        if found.status != SOLVED or found.x is None:
            raise ArithmeticError(f"the solver gave up on {list(self.cells)}: {found.message}")
        return np.asarray(found.x, dtype=np.float64)

    def narrower_than(self, width: float, cells: Collection[Cell]) -> Iterator[Cell]:
        """First tables that pull many cells apart at once, then two for each cell that those leave in doubt."""
        doubt = asked = np.array([cell in cells for cell in self.cells])
        lowest = highest = self.table_of_least(np.zeros(len(self.cells)))
        draw = np.random.default_rng(0)  # which way to pull decides how many programs it takes, not what is found
        before = len(doubt) + 1
        while 0 < doubt.sum() < before:
            before, pull = doubt.sum(), np.where(doubt, draw.standard_normal(len(doubt)), 0.0)
            for table in (self.table_of_least(pull), self.table_of_least(-pull)):
                lowest, highest = np.fmin(lowest, table), np.fmax(highest, table)
            doubt = asked & (highest - lowest < width - SAME)
        for place in np.flatnonzero(doubt).tolist():
            least, greatest = self.range_of(place)
            if greatest - least < width - SAME:  # false for NaN: no bound is no knowledge
                yield self.cells[place]


def _puzzles(relations: Sequence[Relation]) -> tuple[dict[Cell, float], list[_Puzzle]]:
    """The cells that follow from single relations, and what is left to be solved, in parts that do not touch."""
    left, known = [_closed(relation) for relation in relations], dict[Cell, float]()
    while settled := {
        cell: low / factor
        for factors, low, high in left
        if low == high and len(factors) == 1
        for cell, factor in factors.items()
    }:
        known.update(settled)
        left = [_without(relation, settled) for relation in left]
    if min(known.values(), default=0) < -SAME or any(
        low > SAME or high < -SAME for factors, low, high in left if not factors
    ):
        raise ValueError("no table agrees with everything that was published")
    unknown = dict.fromkeys(cell for factors, _, _ in relations for cell in factors if cell not in known)
    return known, _parts(list(unknown), [relation for relation in left if relation[0]])


def _closed(relation: Relation) -> Closed:
    factors, low, high = relation
    bottom, top = -math.inf if low is None else float(low), math.inf if high is None else float(high)
    if not bottom <= top:
        raise ValueError(f"a relation runs from low to high, not from {low} to {high}")
    return {cell: float(factor) for cell, factor in factors.items() if factor}, bottom, top


def _without(relation: Closed, settled: Mapping[Cell, float]) -> Closed:
    factors, low, high = relation
    shift = sum(factor * settled[cell] for cell, factor in factors.items() if cell in settled)
    return {cell: factor for cell, factor in factors.items() if cell not in settled}, low - shift, high - shift


def _parts(cells: Sequence[Cell], relations: Sequence[Closed]) -> list[_Puzzle]:
    if not cells:
        return []
    places = {cell: place for place, cell in enumerate(cells)}
    links = np.array([(places[next(iter(factors))], places[cell]) for factors, _, _ in relations for cell in factors])
    origins, ends = links.reshape(-1, 2).astype(np.int64).T
    graph = csr_array((np.ones(len(ends)), (origins, ends)), shape=(len(cells), len(cells)))
    labels = connected_components(graph, directed=False)[1].tolist()
    cells_of: dict[int, list[Cell]] = {label: [] for label in labels}
    relations_of: dict[int, list[Closed]] = {label: [] for label in labels}
    for cell, label in zip(cells, labels, strict=True):
        cells_of[label].append(cell)
    for relation in relations:
        relations_of[labels[places[next(iter(relation[0]))]]].append(relation)
    return [_puzzle(tuple(members), relations_of[label]) for label, members in cells_of.items()]


def _puzzle(cells: tuple[Cell, ...], relations: Sequence[Closed]) -> _Puzzle:
    places = {cell: place for place, cell in enumerate(cells)}
    factors = np.zeros((len(relations), len(cells)))
    for row, (named, _, _) in enumerate(relations):
        for cell, factor in named.items():
            factors[row, places[cell]] = factor
    lows, highs = [low for _, low, _ in relations], [high for _, _, high in relations]
    return _Puzzle(cells, LinearConstraint(csr_array(factors), lows, highs))


def _tidy(value: float) -> float:
    """Without the solver's last digits, and never below 0."""
    return max(0.0, round(value, 9))
