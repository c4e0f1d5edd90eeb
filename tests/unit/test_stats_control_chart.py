"""What a control chart says: good or bad, met or missed, to be relied on or not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.stats import spc

nan = np.nan
SHORT = {None: "-", "outside": "o", "trend": "t", "two_of_three": "2", "shift": "s"}
STEADY = [
    52,
    48,
    50,
    51,
    47,
    49,
    53,
    50,
    48,
    52,
    51,
    49,
]  # mean 50, limits 42.99 and 57.01, close lines 45.32 and 54.68

with_gaps = st.lists(st.one_of(st.integers(-6, 6).map(float), st.just(nan)), min_size=1, max_size=40)


def short(chart):
    return "".join(SHORT[signal] for signal in chart.signals)


@pytest.mark.parametrize(
    ("better", "up", "down"),
    [("higher", "improvement", "concern"), ("lower", "concern", "improvement"), ("neither", "high", "low")],
)
def test_a_signal_is_good_or_bad_by_direction(better, up, down):
    found = spc.xmr([*STEADY, 60, 50, 40], better=better, fix_after=12)
    assert found.verdicts[12:] == [up, "common", down]
    assert found.variation == down


def test_the_verdict_of_a_trend_follows_its_direction_and_not_its_side():
    found = spc.xmr([*STEADY, 47, 47.5, 48, 48.5, 49, 49.5, 49.8], better="higher", fix_after=12)
    assert short(found)[12:] == "ttttttt"
    assert set(found.verdicts[12:]) == {"improvement"}


def test_where_rules_point_both_ways_the_first_decides_and_the_chart_says_so():
    """A fall that starts above the upper limit: good to be there, bad to come down."""
    found = spc.xmr([*STEADY, 60, 54, 53, 52, 51, 50, 49], better="higher", fix_after=12)
    assert short(found)[12:] == "otttttt"
    assert found.verdicts[12:14] == ["improvement", "concern"]
    assert found.conflicts.tolist() == [False] * 12 + [True] + [False] * 6


@pytest.mark.parametrize(
    ("target", "higher", "lower"),
    [(58, "fail", "pass"), (50, "inconsistent", "inconsistent"), (42, "pass", "fail"), (None, None, None)],
)
def test_assurance_compares_the_target_with_the_limits(target, higher, lower):
    assert spc.xmr(STEADY, better="higher", target=target).assurance == higher
    assert spc.xmr(STEADY, better="lower", target=target).assurance == lower
    assert spc.xmr(STEADY, better="neither", target=target).assurance is None


def test_a_target_on_a_limit_is_inconsistent():
    """Ranges 1 1 1, limits 0.5 + 2.66 and 0.5 - 2.66."""
    for target in (0.5 + 2.66, 0.5 - 2.66):
        assert spc.xmr([0, 1, 0, 1], better="higher", target=target).assurance == "inconsistent"


def test_assurance_is_that_of_the_last_phase():
    raised = [*STEADY, *(value + 20 for value in STEADY)]
    assert spc.xmr(raised, better="higher", target=60).assurance == "inconsistent"
    assert spc.xmr(raised, better="higher", target=60, rebase=[12]).assurance == "pass"


def test_assurance_of_a_ratio_uses_the_last_point_that_has_limits():
    """Around 1/2 the limits are 0 to 1 for 9 cases and 0.35 to 0.65 for 100."""
    few_last, many_last = [100, 100, 9], [9, 100, 100]
    assert spc.p_chart([50, 50, 4.5], few_last, better="higher", target=0.3).assurance == "inconsistent"
    assert spc.p_chart([4.5, 50, 50], many_last, better="higher", target=0.3).assurance == "pass"
    assert spc.p_chart([4.5, 50, 50, 0], [*many_last, 0], better="higher", target=0.3).assurance == "pass"
    assert spc.p_chart([50, 50, 4.5], few_last, better="higher", target=0.7).assurance == "inconsistent"
    assert spc.p_chart([4.5, 50, 50], many_last, better="higher", target=0.7).assurance == "fail"


def test_limits_are_on_trial_below_thirteen_values_in_the_last_phase():
    assert spc.xmr(STEADY).trial
    assert not spc.xmr([*STEADY, 50]).trial
    assert spc.xmr([*STEADY, nan]).trial
    assert spc.xmr([*STEADY, 50, 51], rebase=[2]).trial
    assert not spc.xmr([*STEADY, 50], fix_after=5).trial


@given(with_gaps)
def test_turning_values_and_direction_around_changes_no_verdict(values):
    up = spc.xmr(values, better="higher", target=2)
    down = spc.xmr([-value for value in values], better="lower", target=-2)
    assert (up.signals, up.verdicts, up.assurance) == (down.signals, down.verdicts, down.assurance)
    assert up.upper == pytest.approx(-down.lower, nan_ok=True)


@given(with_gaps)
def test_the_other_direction_turns_improvement_into_concern(values):
    turned = {"improvement": "concern", "concern": "improvement", "common": "common"}
    higher, lower = spc.xmr(values, better="higher"), spc.xmr(values, better="lower")
    assert [turned[verdict] for verdict in higher.verdicts] == lower.verdicts
