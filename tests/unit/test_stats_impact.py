"""Staggered effects: tables that can be done in the head, and what must not matter."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats.impact import staggered_did, sun_abraham


def table(text):
    """One row per line: unit, cohort, then the outcomes of the periods 1, 2, ...; "-" is missing."""
    rows = []
    for line in text.strip().splitlines():
        unit, cohort, *values = line.split()
        for period, value in enumerate(values, start=1):
            rows.append((unit, period, int(cohort), np.nan if value == "-" else float(value)))
    return pd.DataFrame(rows, columns=["wiki", "month", "starts", "y"])


def effect_of(panel, **options):
    return staggered_did(panel, unit="wiki", time="month", cohort="starts", outcome="y", **options)


TWO_BY_TWO = table("""
    ab 2 1 5
    cd 2 2 8
    ef 0 3 4
    gh 0 5 7
""")


def test_two_groups_and_two_periods_give_the_difference_of_differences():
    """(4 + 6) / 2 - (1 + 2) / 2 = 3.5; squared influences 2 * (1 / 2)^2 + 2 * (0.5 / 2)^2 = 0.625."""
    found = effect_of(TWO_BY_TWO)
    for effect in (found.simple, found.group, found.dynamic, found.calendar, found.by_time[0]):
        assert (effect.value, effect.se) == pytest.approx((3.5, 0.625**0.5))
    assert (list(found.by_time), found.pre_test_p, found.dropped) == ([0], None, [])
    assert (found.treated, found.controls) == (2, 2)


def test_the_interval_of_few_units_is_that_of_student_s_two_sample_test():
    """Pooled variance (2 + 0.5) / 2 = 1.25, standard error sqrt(1.25 (1/2 + 1/2)), t with 2 degrees 4.302653."""
    simple = effect_of(TWO_BY_TWO).simple
    half = 4.302653 * 1.25**0.5
    assert (simple.low, simple.high) == pytest.approx((3.5 - half, 3.5 + half), rel=1e-6)


STAGGERED = table("""
    a 2 0 2 2 2
    b 3 0 0 5 7
    c 0 0 1 1 1
    d 0 0 1 1 1
""")


def test_four_ways_to_sum_up_two_cohorts():
    """Cells: a 1, 1, 1; b 5, 7 (and -1 the month before). simple 15/5; group (1 + 6)/2; dynamic (3 + 4 + 1)/3;
    calendar (1 + 3 + 4)/3.
    """
    found = effect_of(STAGGERED)
    values = [found.simple.value, found.group.value, found.dynamic.value, found.calendar.value]
    assert values == pytest.approx([3, 7 / 2, 8 / 3, 8 / 3])
    assert {since: effect.value for since, effect in found.by_time.items()} == pytest.approx({-1: -1, 0: 3, 1: 4, 2: 1})


def test_later_starters_count_as_controls_until_they_start_where_asked_for():
    """In month 2 the controls of a are b, c and d: 2 - (0 + 1 + 1) / 3 = 4/3 instead of 1."""
    found = effect_of(STAGGERED, control="not_yet_treated")
    assert found.simple.value == pytest.approx((4 / 3 + 1 + 1 + 5 + 7) / 5)


def test_where_nobody_is_never_treated_the_panel_ends_before_the_last_cohort_starts():
    """Only month 2 remains, with b as a control: 2 - 0."""
    found = effect_of(STAGGERED[STAGGERED["starts"] > 0], control="not_yet_treated")
    assert list(found.by_time) == [0]
    assert (found.simple.value, found.treated, found.controls) == (2, 1, 1)


def test_two_units_and_no_more_have_an_effect_without_error_interval_or_verdict():
    found = effect_of(STAGGERED[STAGGERED["starts"] > 0], control="not_yet_treated")
    assert (found.simple.se, found.simple.low, found.simple.high) == (None, None, None)
    assert found.verdict.word == "no verdict"


def test_what_is_anticipated_moves_the_base_a_period_earlier():
    panel = table("""
        a 4 0 0 3 9
        b 4 0 0 3 9
        c 0 1 1 1 1
        d 0 1 1 1 1
    """)
    assert effect_of(panel).simple.value == 6
    assert effect_of(panel, anticipation=1).simple.value == 9


def test_a_panel_that_ends_with_the_last_cohort_ends_before_it_anticipates():
    """d starts in month 6 and anticipates in 5; c in between has no control then, and is left out."""
    panel = table("""
        a 3 0 0 2 2 2 2
        b 3 0 0 2 2 2 2
        c 5 0 0 0 0 9 9
        d 6 0 0 0 0 9 9
        e 6 0 0 0 0 9 9
    """)
    found = effect_of(panel, control="not_yet_treated", anticipation=1)
    assert (list(found.by_time), found.dropped) == ([-1, 0, 1], ["c"])
    assert (found.simple.value, found.treated, found.controls) == (2, 2, 2)


def test_what_is_anticipated_is_no_part_of_the_pre_test():
    """Month 3, before the start in 4, moves by 5, which is anticipated; month 2 does not move."""
    random = np.random.default_rng(7)
    starts, values = np.repeat([4, 0], 8), random.standard_normal((16, 4))
    values[:8, 2:] += 5
    panel = pd.DataFrame({"wiki": np.repeat(np.arange(16), 4), "month": np.tile([1, 2, 3, 4], 16),
                          "starts": np.repeat(starts, 4), "y": values.ravel()})  # fmt: skip
    assert effect_of(panel).pre_test_p < 0.001
    assert effect_of(panel, anticipation=1).pre_test_p > 0.1


def test_units_that_are_incomplete_or_treated_from_the_beginning_are_named_and_left_out():
    panel = table("""
        always 1 9 9 9
        gappy  2 0 - 9
        on     2 1 2 3
        off    0 1 1 1
        out    0 1 1 1
        short  0 1 1
    """)
    found = effect_of(panel)
    assert found.dropped == ["always", "gappy", "short"]
    assert (found.treated, found.controls) == (1, 2)
    assert found.simple.value == 1.5


def test_with_a_period_of_anticipation_units_treated_in_the_second_are_left_out_too():
    panel = table("""
        early 2 0 5 5 5
        late  4 0 0 0 5
        off   0 0 0 0 0
        out   0 0 0 0 0
    """)
    assert effect_of(panel, anticipation=1).dropped == ["early"]


@pytest.mark.parametrize("never", [0, None, np.nan, 99, np.inf])
def test_never_is_zero_missing_or_after_the_last_period(never):
    panel = TWO_BY_TWO.assign(starts=[2, 2, 2, 2, never, never, never, never])
    assert effect_of(panel).simple.value == 3.5


@pytest.mark.parametrize(
    ("months", "start", "never"),
    [
        (["2026-01", "2026-02"], "2026-02", None),
        ([pd.Timestamp("2026-01-01"), pd.Timestamp("2026-02-01")], pd.Timestamp("2026-02-01"), pd.NaT),
        ([2019, 2024], 2024, 0),
    ],
)
def test_periods_may_be_anything_in_order(months, start, never):
    panel = TWO_BY_TWO.assign(month=months * 4, starts=[start] * 4 + [never] * 4)
    assert effect_of(panel).simple.value == 3.5


def test_covariates_are_taken_into_account_in_cohorts_of_a_few_units():
    """The outcome grows by x a month, and by 2 more from the start on; x is larger where the rollout went."""
    x = np.array([3, 4, 5, 2, 1, 2, 3, 4, 5, 1], float)
    starts = np.array([2, 2, 3, 3, 0, 0, 0, 0, 0, 0])
    months = np.arange(1, 5)
    values = x[:, None] * months + 2 * ((starts[:, None] > 0) & (months >= starts[:, None]))
    panel = pd.DataFrame({"wiki": np.repeat(np.arange(10), 4), "month": np.tile(months, 10),
                          "starts": np.repeat(starts, 4), "y": values.ravel(), "x": np.repeat(x, 4)})  # fmt: skip
    for method in ("dr", "reg"):
        found = effect_of(panel, covariates=["x"], method=method, better="higher")
        assert found.simple.value == pytest.approx(2)
        assert found.verdict.word == "improved"
    assert effect_of(panel).simple.value != pytest.approx(2, abs=0.1)


def test_outcomes_that_are_too_large_to_be_subtracted_are_refused():
    panel = table("""
        a 2 0 1 1e308
        b 2 0 1 1e308
        c 0 0 1 -1e308
        d 0 0 1 -1e308
    """)
    with pytest.raises(ValueError, match="too large to be compared"):
        effect_of(panel)


FAULTS = {
    "no column 'y'; its columns: wiki": lambda rows: rows.drop(columns="y"),
    "more than one row for 2": lambda rows: pd.concat([rows, rows.tail(1)]),
    "one period or none": lambda rows: rows[rows["month"] == 1],
    "no complete unit is never treated": lambda rows: rows[rows["starts"] > 0],
    "no complete unit starts after the first period": lambda rows: rows[rows["starts"] == 0],
    "wanted one value per unit": lambda rows: rows.assign(starts=[2, 0, 2, 2, 0, 0, 0, 0]),
    "something that is no number": lambda rows: rows.assign(y="many"),
    "infinite": lambda rows: rows.assign(y=np.inf),
    "no unit has a value of 'y' in each": lambda rows: rows.assign(y=np.nan),
    "rows without a value": lambda rows: rows.assign(wiki=["a", "a", "b", "b", "c", "c", None, None]),
    "cannot be put in order": lambda rows: rows.assign(month=[1, "2"] * 4),
    "is no time like 1": lambda rows: rows.assign(starts=["2"] * 4 + [None] * 4),
}


@pytest.mark.parametrize("words", FAULTS)
def test_what_no_panel_can_be_is_refused_in_words(words):
    with pytest.raises(ValueError, match=words):
        effect_of(FAULTS[words](TWO_BY_TWO))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"control": "others"}, "control is one of never_treated, not_yet_treated, not 'others'"),
        ({"method": "twfe"}, "method is one of dr, reg, ipw, not 'twfe'"),
        ({"anticipation": -1}, "0 or more, not -1"),
        ({"better": "up"}, "better is one of higher, lower, neither, not 'up'"),
        ({"covariates": ["size"]}, "no column 'size'"),
    ],
)
def test_arguments_that_mean_nothing_are_refused_in_words(options, words):
    with pytest.raises(ValueError, match=words):
        effect_of(TWO_BY_TWO, **options)


def test_units_that_all_start_together_have_nobody_to_be_compared_with():
    with pytest.raises(ValueError, match="there is no control group"):
        effect_of(TWO_BY_TWO[TWO_BY_TWO["starts"] > 0], control="not_yet_treated")


def test_more_covariates_than_a_cohort_has_units_are_refused():
    random = np.random.default_rng(0)
    names = [f"x{place}" for place in range(5)]
    panel = TWO_BY_TWO.assign(**{name: np.repeat(random.standard_normal(4), 2) for name in names})
    with pytest.raises(ValueError, match="cannot be estimated from this panel: Fewer observations"):
        effect_of(panel, covariates=names, method="reg")


def simulated(wikis=8, periods=6, effect=0.0, seed=0):
    random = np.random.default_rng(seed)
    starts = np.array([3, 3, 5, 5] + [0] * (wikis - 4))
    values = random.standard_normal((wikis, periods))
    values += effect * ((starts[:, None] > 0) & (np.arange(1, periods + 1) >= starts[:, None]))
    columns = {"wiki": np.repeat(np.arange(wikis), periods), "month": np.tile(np.arange(1, periods + 1), wikis)}
    return pd.DataFrame({**columns, "starts": np.repeat(starts, periods), "y": values.ravel()})


def figures(found):
    parts = [found.simple, found.group, found.dynamic, found.calendar, *found.by_time.values()]
    return np.array([[part.value, part.se, part.low, part.high] for part in parts], float)


numbers = st.floats(-100, 100)


@given(
    st.integers(0, 99), numbers, st.lists(numbers, min_size=8, max_size=8), st.lists(numbers, min_size=6, max_size=6)
)
def test_levels_of_everything_of_units_and_of_months_do_not_matter(seed, level, of_wiki, of_month):
    panel = simulated(seed=seed)
    moved = panel["y"] + level + np.repeat(of_wiki, 6) + np.tile(of_month, 8)
    assert figures(effect_of(panel.assign(y=moved))) == pytest.approx(figures(effect_of(panel)), abs=1e-9)


@given(st.integers(0, 99), st.floats(0.01, 100))
def test_another_unit_of_measurement_changes_the_figures_by_as_much_and_the_verdict_not_at_all(seed, factor):
    panel = simulated(seed=seed)
    found, scaled = effect_of(panel), effect_of(panel.assign(y=panel["y"] * factor))
    assert figures(scaled) == pytest.approx(figures(found) * factor, rel=1e-9)
    assert (scaled.verdict.word, scaled.pre_test_p) == (found.verdict.word, pytest.approx(found.pre_test_p))


@given(st.integers(0, 99), st.permutations(range(48)), st.permutations(range(8)))
def test_order_of_rows_and_names_of_units_do_not_matter(seed, order, names):
    panel = simulated(seed=seed)
    other = panel.iloc[list(order)]
    other = other.assign(wiki=[names[wiki] for wiki in other["wiki"]])
    found, wanted = effect_of(other), effect_of(panel)
    assert figures(found) == pytest.approx(figures(wanted), abs=1e-9)
    assert found.permutation == wanted.permutation


def test_the_panel_is_left_as_it_was():
    panel = simulated()
    before = panel.copy(deep=True)
    effect_of(panel, covariates=[])
    pd.testing.assert_frame_equal(panel, before)


def test_periods_treated_already_are_no_controls():
    """Two-way fixed effects take b's last month against a's, which grows: its answer here is below 0."""
    panel = table("""
        a 2 0 1 2 3 4
        b 4 0 0 0 1 2
        c 0 0 0 0 0 0
        d 0 0 0 0 0 0
    """)
    assert effect_of(panel).simple.value == pytest.approx((1 + 2 + 3 + 4 + 1 + 2) / 6)


def test_more_effects_before_the_start_than_units_cannot_be_tested_jointly():
    assert effect_of(simulated(periods=14).replace({"starts": {3: 12}})).pre_test_p is None


def test_the_second_opinion_is_near_the_first_and_needs_a_never_treated_unit():
    panel = simulated(wikis=40, effect=2)
    found = sun_abraham(panel, unit="wiki", time="month", cohort="starts", outcome="y")
    assert found.value == pytest.approx(effect_of(panel).simple.value, abs=found.se)
    assert found.low < found.value - 1.96 * found.se
    with pytest.raises(ValueError, match="never treated"):
        sun_abraham(panel[panel["starts"] > 0], unit="wiki", time="month", cohort="starts", outcome="y")
