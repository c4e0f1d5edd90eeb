"""Charts of many series at once: each as if it were alone, and how many are marked where nothing happens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats import spc

nan = np.nan
ONE_BY_ONE = {
    "xmr": spc.xmr,
    "p": spc.p_chart,
    "p_prime": spc.p_prime,
    "u": spc.u_chart,
    "u_prime": spc.u_prime,
    "c": spc.c_chart,
    "g": spc.g_chart,
    "t": spc.t_chart,
}


def drawn(chart):
    """All of a chart that can be compared."""
    lines = [np.nan_to_num(line, nan=-1e9).tolist() for line in (chart.center, chart.lower, chart.upper)]
    return *lines, chart.signals, chart.verdicts, chart.variation, chart.assurance, chart.trial


def test_charts_of_many_have_denominators_where_the_chart_has_them():
    with pytest.raises(ValueError, match="denominators"):
        spc.of_many("p", [[1, 2]])
    with pytest.raises(ValueError, match="denominators"):
        spc.of_many("c", [[1, 2]], [[3, 4]])
    with pytest.raises(ValueError, match="'run'"):
        spc.of_many("run", [[1, 2]])
    with pytest.raises(ValueError, match="do not fit"):
        spc.of_many("p", [[1, 2]], [[3, 4], [3, 4]])


@given(
    st.sampled_from(list(ONE_BY_ONE)),
    st.lists(st.lists(st.one_of(st.integers(1, 9), st.just(nan)), min_size=9, max_size=9), min_size=1, max_size=6),
    st.lists(st.one_of(st.integers(9, 30), st.just(0), st.just(nan)), min_size=9, max_size=9),
    st.booleans(),
)
def test_many_series_at_once_are_as_one_by_one(name, rows, sizes, screen):
    options = {"screen": screen, "better": "lower", "target": 1.0, "rebase": [4], "fix_after": 4}
    one, has_sizes = ONE_BY_ONE[name], name in ("p", "p_prime", "u", "u_prime")
    charts = spc.of_many(name, rows, [sizes] * len(rows) if has_sizes else None, **options)
    for place, row in enumerate(rows):
        alone = one(row, sizes, **options) if has_sizes else one(row, **options)
        assert drawn(charts.chart(place)) == drawn(alone)


@pytest.mark.parametrize("name", ["xmr", "p", "u_prime", "c", "t"])
def test_of_quiet_series_one_point_in_twenty_is_marked_and_one_last_point_in_fifty(name):
    """400 series of 104 points; a shift marks seven points at once, and one of six points would mark too many."""
    random, shape = np.random.default_rng(1), (400, 104)
    quiet = {
        "xmr": random.normal(0, 1, shape),
        "p": random.binomial(100, 0.3, shape),
        "u_prime": random.poisson(30, shape),
        "c": random.poisson(20, shape),
        "t": random.exponential(9, shape),
    }
    sizes = np.full(shape, 100.0) if name in ("p", "u_prime") else None
    marked = spc.of_many(name, quiet[name], sizes).marks.rules > 0
    assert marked.mean() == pytest.approx(0.055, abs=0.015)
    assert marked[:, -1].mean() == pytest.approx(0.02, abs=0.015)
