"""Which control chart fits a metric: by its kind, how much its denominators vary, and how rare its events are."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.semantic.model import Kind
from metrics.stats import spc
from metrics.stats.choice import choose

nan = np.nan
sizes_or_gaps = st.lists(st.one_of(st.integers(0, 3000), st.floats(0, 1e9), st.just(nan)), max_size=12)


@pytest.mark.parametrize(
    ("kind", "sizes", "events", "chart"),
    [
        ("ratio", [100, 125, 110], None, "xmr"),
        ("ratio", [100, 126, 110], None, "p"),
        ("ratio", [1000, 1300, 900], None, "p_prime"),
        ("ratio", [1000, 1300, 900], [20, 1400, 20], "u_prime"),
        ("ratio", [10, 20, 30], [50, 9, 9], "u"),
        ("ratio", [1000, 1300, 900], [2, 2, 1], "g"),
        ("ratio", [1000, 1300, 900], [2, 2, 2], "p_prime"),
        ("ratio", [0, nan], None, "xmr"),
        ("ratio", [100, 0, nan, 110], None, "xmr"),
        ("ratio", [2000, 900], [nan, 5], "xmr"),
        ("count", [1, 2, 2], None, "t"),
        ("count", [0, 0], None, "t"),
        ("count", [2, 2, 9], None, "xmr"),
        ("count", [], None, "xmr"),
        ("distinct", [1, nan, 1], None, "xmr"),
        ("duration", [1, 500], None, "xmr"),
        ("survey_share", [1, 500], None, "xmr"),
    ],
)
def test_the_chart_that_fits_is_named_with_a_reason(kind, sizes, events, chart):
    found = choose(kind, sizes, events=events)
    assert found.chart == chart
    assert found.why.endswith(".")


def test_the_reason_names_the_sizes():
    assert "100 to 126" in choose("ratio", [100, 126]).why


def test_only_known_kinds_and_sizes_have_a_chart():
    with pytest.raises(ValueError, match="not 'median'"):
        choose("median", [1])
    with pytest.raises(ValueError, match="negative"):
        choose("count", [-1])
    with pytest.raises(ValueError, match="do not fit"):
        choose("ratio", [1, 2], events=[1])


@pytest.mark.parametrize("kind", [kind for kind in get_args(Kind) if kind not in ("ratio", "count")])
def test_kinds_that_count_nothing_do_not_look_at_sizes(kind):
    """A sum of money can be negative."""
    assert choose(kind, [-3, 5, nan]).chart == "xmr"


@pytest.mark.parametrize("sizes", [[[1, 2]], [np.inf]])
def test_sizes_are_one_row_of_finite_numbers(sizes):
    with pytest.raises(ValueError, match=r"one row|finite"):
        choose("count", sizes)


def test_the_choice_can_be_had_where_the_charts_are():
    assert spc.choose is choose


@given(st.sampled_from(get_args(Kind)), sizes_or_gaps, st.data())
def test_every_kind_of_metric_has_a_chart_whatever_its_sizes(kind, sizes, data):
    events = data.draw(st.one_of(st.none(), st.lists(st.integers(0, 99), min_size=len(sizes), max_size=len(sizes))))
    found = choose(kind, sizes, events=events)
    assert found.chart in get_args(spc.Chart)
    assert found.why.endswith(".")


@given(sizes_or_gaps, st.randoms(use_true_random=False))
def test_the_order_of_the_periods_plays_no_part(sizes, random):
    assert choose("ratio", random.sample(sizes, len(sizes))) == choose("ratio", sizes)


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([1262, 1827, 1500], "1,262 to 1,827"),
        ([1_234_567, 9_234_567], "1,234,567 to 9,234,567"),
        ([1.2625, 20.0], "1.26 to 20"),
    ],
)
def test_how_large_denominators_are_is_said_as_people_write_numbers(sizes, told):
    assert f"vary, {told}," in choose("ratio", sizes, events=[9] * len(sizes)).why
