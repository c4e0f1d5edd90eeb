"""What a reader can deduce: the cheap arguments, the linear programs, and what no table can satisfy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.privacy import attack

steady = settings(max_examples=60, deadline=None, derandomize=True)
small_tables = st.integers(1, 4).flatmap(
    lambda rows: st.integers(1, 4).flatmap(
        lambda columns: st.tuples(
            st.lists(st.lists(st.integers(0, 30), min_size=columns, max_size=columns), min_size=rows, max_size=rows),
            st.lists(st.lists(st.booleans(), min_size=columns, max_size=columns), min_size=rows, max_size=rows),
        )
    )
)


def published(values, hidden):
    values, hidden = np.array(values, float), np.array(hidden, bool)
    lines = [[(row, column) for column in range(values.shape[1])] for row in range(len(values))]
    lines += [[(row, column) for row in range(len(values))] for column in range(values.shape[1])]
    sums = [(dict.fromkeys(line, 1), *[sum(values[cell] for cell in line)] * 2) for line in lines]
    return sums + [({cell: 1}, value, value) for cell, value in np.ndenumerate(values) if not hidden[cell]]


def test_one_hidden_cell_in_a_line_is_known():
    assert attack.bounds([({"a": 1, "b": 1}, 9, 9), ({"b": 1}, 7, 7)]) == {"a": (2, 2), "b": (7, 7)}


def test_two_hidden_cells_of_one_sum_are_bounded_by_it():
    assert attack.bounds([({"a": 1, "b": 1}, 9, 9)]) == {"a": (0, 9), "b": (0, 9)}


def test_a_cell_without_an_upper_bound_has_none():
    assert attack.bounds([({"a": 1, "b": -1}, 3, None)]) == {"a": (3, None), "b": (0, None)}


def test_a_cell_that_is_only_named_is_free():
    assert attack.bounds([({"a": 1}, None, None), ({"a": 1, "b": 0}, 2, 2), ({"c": 1}, None, None)]) == {
        "a": (2, 2),
        "b": (0, None),
        "c": (0, None),
    }


def test_nothing_published_is_nothing_known():
    assert attack.bounds([]) == {}
    assert attack.known_too_closely([], ["a"], 5) == []


def test_factors_count():
    """Three halves of a is 6 to 9; a is 4 to 6."""
    assert attack.bounds([({"a": 1.5}, 6, 9)])["a"] == pytest.approx((4, 6))


@pytest.mark.parametrize(
    "relations",
    [
        [({"a": 1}, -1, -1)],
        [({"a": 1}, 1, 1), ({"a": 1}, 2, 2)],
        [({"a": 1, "b": 1}, None, -1)],
        [({"a": 1}, 2, 1)],
        [({"a": 1}, float("nan"), 1)],
        [({"a": 0}, 1, 2)],
    ],
)
def test_relations_that_no_table_satisfies_are_refused(relations):
    with pytest.raises(ValueError, match=r"no table agrees|runs from low to high"):
        attack.bounds(relations)


def test_a_solver_that_gives_up_is_not_taken_for_no_bound(monkeypatch):
    stopped = type("Result", (), {"status": 1, "x": None, "message": "time limit"})
    monkeypatch.setattr(attack, "milp", lambda *_, **__: stopped)
    with pytest.raises(ArithmeticError, match="time limit"):
        attack.bounds([({"a": 1, "b": 1}, 9, 9)])


def test_a_cell_is_known_too_closely_when_its_bounds_are_nearer_than_the_width():
    relations = [({"a": 1, "b": 1}, 9, 9), ({"c": 1}, 4, 4), ({"d": 1, "e": -1}, 0, None)]
    assert attack.known_too_closely(relations, ["a", "c", "d", "f"], 10) == ["a", "c"]
    assert attack.known_too_closely(relations, ["a", "c", "d", "f"], 9) == ["c"]


@steady
@given(small_tables)
def test_the_bounds_contain_the_truth(table):
    values, hidden = table
    for cell, (low, high) in attack.bounds(published(values, hidden)).items():
        assert low <= values[cell[0]][cell[1]] <= high


@steady
@given(small_tables, st.randoms(use_true_random=False))
def test_the_order_of_what_was_published_does_not_matter(table, random):
    relations = published(*table)
    shuffled = random.sample(relations, len(relations))
    found, wanted = attack.bounds(shuffled), attack.bounds(relations)
    assert [found[cell] for cell in wanted] == [pytest.approx(both) for both in wanted.values()]


@steady
@given(small_tables, st.integers(1, 12))
def test_the_fast_gate_finds_the_cells_that_the_bounds_find(table, width):
    relations = published(*table)
    found = attack.bounds(relations)
    cells = list(found)[::2]
    narrow = [cell for cell in cells if found[cell][1] - found[cell][0] < width - 1e-6]
    assert attack.known_too_closely(relations, cells, width) == narrow


@steady
@given(small_tables, st.integers(2, 9))
def test_counts_so_many_times_as_great_have_bounds_so_many_times_as_great(table, factor):
    values, hidden = table
    few = attack.bounds(published(values, hidden))
    many = attack.bounds(published(np.array(values) * factor, hidden))
    assert list(many.values()) == [pytest.approx((low * factor, high * factor)) for low, high in few.values()]
