"""How complete young figures are: by hand, at the edges, what is refused, and how it moves with its input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.completeness import chain_ladder, triangle_of

nan = np.nan
THREE_MONTHS = [[10, 20, 30], [30, 60, nan], [7, nan, nan]]


@st.composite
def triangles(draw):
    """Counts that grow: 2 to 6 origins of as many ages, the last of which only the first has reached."""
    size = draw(st.integers(2, 6))
    rows = [np.cumsum(draw(st.lists(st.integers(1, 50), min_size=size, max_size=size))) for _ in range(size)]
    return np.array([np.where(np.arange(size) < size - place, row, nan) for place, row in enumerate(rows)])


def test_counts_grow_as_all_counts_together_did_at_their_age():
    """40 became 80, so by 2; 20 became 30, so by 1.5: of the youngest a third is known, of the second two thirds."""
    found = chain_ladder(THREE_MONTHS)
    assert found.growth.tolist() == [2, 1.5]
    assert found.ultimate == pytest.approx([30, 90, 21])
    assert found.share == pytest.approx([1, 2 / 3, 1 / 3])
    assert found.latest.tolist() == [30, 60, 7]


def test_growth_is_not_the_mean_of_ratios():
    """From 10 to 40 and from 90 to 60: 100 become 100."""
    assert chain_ladder([[10, 40], [90, 60], [5, nan]]).growth.tolist() == [1]


def test_under_three_tenths_known_it_is_too_early():
    assert chain_ladder([[30, 100], [5, nan]]).too_early.tolist() == [False, False]
    assert chain_ladder([[29, 100], [5, nan]]).too_early.tolist() == [False, True]


def test_what_is_known_to_the_last_age_has_no_error():
    found = chain_ladder([[10, 20], [10, 30], [10, nan]])
    assert found.se[:2].tolist() == [0, 0]
    assert found.se[2] > 0


def test_the_error_of_one_young_period_by_hand():
    """Growth 50 / 20 = 2.5, sigma squared 2 * 10 * 0.25 = 5; 25^2 * 5 / 2.5^2 * (1 / 10 + 1 / 20) = 75."""
    found = chain_ladder([[10, 20], [10, 30], [10, nan]])
    assert found.se[2] == pytest.approx(np.sqrt(75))
    assert found.total_se == pytest.approx(np.sqrt(75))


def test_a_period_of_0_so_far_has_no_final_count_but_its_age_tells_how_much_is_known():
    found = chain_ladder([[10, 20], [10, 30], [0, nan]])
    assert np.isnan([found.ultimate[2], found.se[2]]).all()
    assert found.share[2] == 0.4
    assert found.total_se is None


def test_a_period_of_0_to_the_last_age_is_0():
    assert chain_ladder([[10, 20], [0, 0], [4, nan]]).ultimate.tolist() == [20, 0, 8]


def test_what_no_older_period_tells_nobody_knows():
    """Where all began with 0 any growth is possible; a period without a first count has no age."""
    found = chain_ladder([[0, 20], [3, nan], [nan, nan]])
    assert np.isnan(found.growth).all()
    assert np.isnan(found.ultimate).tolist() == [False, True, True]
    assert np.isnan(found.share).tolist() == [False, True, True]
    assert found.too_early.tolist() == [False, True, True]


def test_one_period_that_all_is_known_of_is_itself():
    found = chain_ladder([[3]])
    assert (found.ultimate.tolist(), found.share.tolist(), found.total_se) == ([3], [1], 0)


def test_where_growth_never_varies_there_is_no_error():
    found = chain_ladder([[5, 10, 20, 40], [5, 10, 20, nan], [5, 10, nan, nan], [5, nan, nan, nan]])
    assert found.se.tolist() == [0] * 4


@pytest.mark.parametrize("wrong", [[1, 2], [], [[]], [[1, -2]], [[1, np.inf]], [[nan, 2]], [[1, nan, 2]]])
def test_what_is_no_triangle_of_counts_is_refused(wrong):
    with pytest.raises(ValueError, match=r"table|counts|gap"):
        chain_ladder(wrong)


def test_the_triangle_stays_as_it_is():
    given_rows = np.array(THREE_MONTHS)
    chain_ladder(given_rows)
    assert np.array_equal(given_rows, THREE_MONTHS, equal_nan=True)


def test_reports_make_a_triangle():
    """Of period 0 one report came at once and two a period later; of period 1 one has come so far; of period 2 none."""
    found = triangle_of([0, 0, 0, 1], [0, 1, 1, 0], last=2, oldest=2)
    assert np.nan_to_num(found, nan=-1).tolist() == [[1, 3, 3], [1, 1, -1], [0, -1, -1]]


def test_what_came_after_the_last_age_counts_there():
    assert triangle_of([0, 0], [0, 3], last=3, oldest=1)[0].tolist() == [1, 2]
    assert triangle_of([], [], last=0, oldest=0).tolist() == [[0]]


@pytest.mark.parametrize(
    ("origins", "ages", "last"),
    [([0], [2], 1), ([0.5], [0], 1), ([0], [nan], 1), ([-1], [0], 1), ([0], [], 1), ([], [], -1)],
)
def test_what_are_no_reports_is_refused(origins, ages, last):
    with pytest.raises(ValueError, match=r"whole numbers|latest that is over|one origin"):
        triangle_of(origins, ages, last=last, oldest=2)


@given(triangles(), st.sampled_from([3, 1000]))
def test_counts_in_another_unit_are_as_complete(triangle, unit):
    before, after = chain_ladder(triangle), chain_ladder(triangle * unit)
    assert after.share == pytest.approx(before.share)
    assert after.ultimate == pytest.approx(before.ultimate * unit)
    assert after.se == pytest.approx(before.se * unit, nan_ok=True)


@given(triangles(), st.randoms(use_true_random=False))
def test_the_order_of_the_periods_plays_no_part(triangle, random):
    order = random.sample(range(len(triangle)), len(triangle))
    before, after = chain_ladder(triangle), chain_ladder(triangle[order])
    assert after.ultimate == pytest.approx(before.ultimate[order])
    assert after.too_early.tolist() == before.too_early[order].tolist()
    assert (after.total_se is None) == (before.total_se is None)
    assert (after.total_se or 0) == pytest.approx(before.total_se or 0)


@given(triangles())
def test_counts_that_only_grow_are_known_in_part_and_more_with_age(triangle):
    found = chain_ladder(triangle)
    assert np.all(found.ultimate >= found.latest - 1e-9)
    assert np.all(np.diff(found.share) <= 1e-12)
