"""Which cells are withheld: none that need not be, and enough that no small one can be worked out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from metrics.privacy import attack, suppress

steady = settings(max_examples=80, deadline=None, derandomize=True)
tables = arrays(
    np.int64,
    st.tuples(st.integers(1, 7), st.integers(1, 5)),
    elements=st.one_of(st.integers(0, 12), st.integers(0, 200)),
)
nan = np.nan


def with_totals(inner):
    wide = np.column_stack((inner, inner.sum(axis=1)))
    return np.vstack((wide, wide.sum(axis=0)))


def deduced(shown):
    """What a reader finds who knows only what is shown, and that every line sums to its total."""
    relations = [({cell: 1}, value, value) for cell, value in np.ndenumerate(shown) if not np.isnan(value)]
    rows, columns = shown.shape
    for row in range(rows):
        relations.append(({(row, c): 1 for c in range(columns - 1)} | {(row, columns - 1): -1}, 0, 0))
    for column in range(columns):
        relations.append(({(r, column): 1 for r in range(rows - 1)} | {(rows - 1, column): -1}, 0, 0))
    return attack.bounds(relations)


def test_a_table_without_small_cells_is_shown_with_its_totals():
    found = suppress.table([[5, 0], [7, 9]], minimum=5)
    assert found.shown.tolist() == [[5, 0, 5], [7, 9, 16], [12, 9, 21]]
    assert not found.hidden.any()


def test_a_small_cell_takes_three_others_with_it_the_cheapest_that_will_do():
    found = suppress.table([[3, 7, 20], [15, 22, 30], [12, 40, 9]], minimum=5)
    assert np.argwhere(found.hidden).tolist() == [[0, 0], [0, 2], [2, 0], [2, 2]]
    assert np.array_equal(found.shown[2], [nan, 40, nan, 61], equal_nan=True)


def test_a_zero_is_shown_even_where_hiding_it_would_be_cheapest():
    found = suppress.table([[3, 20, 30], [25, 0, 11], [18, 14, 9]], minimum=5)
    assert found.shown[1, 1] == 0
    assert found.hidden[0, 0]


def test_a_total_under_the_minimum_is_withheld_and_cannot_be_worked_out():
    """The first row's total is 2, and so it is the other rows' parts and totals that must give way."""
    found = suppress.table([[1, 1], [20, 30], [40, 50]], minimum=5)
    assert found.hidden[0].all()
    low, high = deduced(found.shown)[0, 2]
    assert high is None or high - low >= 5


def test_totals_are_withheld_only_where_nothing_else_will_do():
    """One group alone: its line has no other part to hide behind."""
    found = suppress.table([[3, 0], [0, 60]], minimum=5)
    assert found.hidden.tolist() == [[True, False, True], [False, False, False], [True, False, True]]


def test_inner_cells_are_withheld_rather_than_totals_that_sum_to_less():
    """Hiding 50 and the totals 1003 and 950 would do; the way round through the other four inner cells sums to more."""
    found = suppress.table([[3, 1000, 0], [50, 0, 900], [0, 800, 900]], minimum=5)
    assert found.hidden.tolist() == [
        [True, True, False, False],
        [True, False, True, False],
        [False, True, True, False],
        [False] * 4,
    ]


def test_of_cells_that_could_be_shown_again_totals_come_first():
    """Either the second row's 7 or its total 9 must stay withheld: the total is shown."""
    found = suppress.table([[0, 3], [2, 7], [2, 0], [3, 7]], minimum=5)
    assert found.shown[:, 2].tolist() == pytest.approx([nan, 9, nan, 10, 24], nan_ok=True)
    assert found.hidden[1].tolist() == [True, True, False]


def test_without_totals_only_small_cells_are_withheld():
    found = suppress.table([[3, 7], [0, 9]], minimum=5, totals=False)
    assert found.hidden.tolist() == [[True, False], [False, False]]
    assert np.array_equal(found.shown, [[nan, 7], [0, 9]], equal_nan=True)


def test_a_single_column_is_protected_like_any_table():
    found = suppress.table([[3], [20], [30]], minimum=5)
    assert found.hidden.tolist() == [[True, True], [True, True], [False, False], [False, False]]


@pytest.mark.parametrize("counts", [[1, 2], [[1, -1]], [[1.5]], [[nan]], [[np.inf]]])
def test_anything_but_a_table_of_counts_is_refused(counts):
    with pytest.raises(ValueError, match="table of counts"):
        suppress.table(counts, minimum=5)


def test_an_empty_table_has_only_a_total_of_nothing():
    assert suppress.table(np.zeros((0, 2)), minimum=5).shown.tolist() == [[0, 0, 0]]


def test_the_linear_programs_have_the_last_word(monkeypatch):
    monkeypatch.setattr(attack, "known_too_closely", lambda *_: [(0, 0)])
    with pytest.raises(ArithmeticError, match=r"\(0, 0\)"):
        suppress.table([[3, 7], [20, 9]], minimum=5)


def test_cells_that_later_ones_made_needless_are_shown_again():
    """Taking one cell out of what is withheld must always expose a small one."""
    inner = np.random.default_rng(5).poisson(9, (8, 5))
    values, found = with_totals(inner).astype(float), suppress.table(inner, minimum=5)
    small = [cell for cell, value in np.ndenumerate(values) if 0 < value < 5]
    for cell in np.argwhere(found.hidden & ~((values > 0) & (values < 5))).tolist():
        fewer = found.hidden.copy()
        fewer[tuple(cell)] = False
        assert attack.known_too_closely(suppress.relations_of(values, fewer), small, 5), cell


def test_a_wide_table_takes_few_more_cells_than_are_small():
    inner = np.random.default_rng(0).negative_binomial(0.7, 0.7 / 30.7, (30, 10))
    found, small = suppress.table(inner, minimum=10), (inner > 0) & (inner < 10)
    assert small.sum() <= found.hidden.sum() <= 1.5 * small.sum()


@steady
@given(tables, st.sampled_from([3, 5, 10]))
def test_no_small_count_can_be_worked_out(inner, minimum):
    values, found = with_totals(inner), suppress.table(inner, minimum=minimum)
    bounds = deduced(found.shown)
    for cell, value in np.ndenumerate(values):
        low, high = bounds[cell]
        assert low <= value
        if 0 < value < minimum:
            assert found.hidden[cell]
            assert high is None or high - low >= minimum - 1e-6


@steady
@given(tables)
def test_what_is_shown_is_true_and_every_zero_is_shown(inner):
    values, found = with_totals(inner), suppress.table(inner, minimum=5)
    assert np.array_equal(found.shown[~found.hidden], values[~found.hidden])
    assert np.isnan(found.shown[found.hidden]).all()
    assert not found.hidden[values == 0].any()


@steady
@given(tables)
def test_the_same_table_always_gives_the_same_answer_and_is_not_changed(inner):
    before = inner.copy()
    assert np.array_equal(suppress.table(inner, minimum=5).hidden, suppress.table(inner, minimum=5).hidden)
    assert np.array_equal(inner, before)


@steady
@given(tables)
def test_rows_and_columns_that_change_places_are_as_well_protected(inner):
    turned = suppress.table(inner.T, minimum=5)
    bounds = deduced(turned.shown)
    for cell, value in np.ndenumerate(with_totals(inner.T)):
        if 0 < value < 5:
            assert bounds[cell][1] is None or bounds[cell][1] - bounds[cell][0] >= 5 - 1e-6
