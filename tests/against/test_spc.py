"""Control charts agree with NHSRplotthedots 0.2.2 and qicharts2 0.8.1, and their rules with PowerBI-SPC.

Where a range factor is involved, ours is Making Data Count's 2.66, which qicharts2 has as 3 / 1.128: its individuals and
time charts are met within that. A constant series has its mean as limits, screened or not, where the package has none.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from metrics.stats import spc
from metrics.stats.signals import Lines, in_runs, mark, trends, two_of_three

VECTORS = Path(__file__).parent / "vectors" / "spc"
CHARTS = {
    "p": spc.p_chart,
    "pp": spc.p_prime,
    "u": spc.u_chart,
    "up": spc.u_prime,
    "c": spc.c_chart,
    "g": spc.g_chart,
    "t": spc.t_chart,
    "i": spc.xmr,
}
screened_or_not = pytest.mark.parametrize("screen", [False, True], ids=["unscreened", "screened"])


def cases(path):
    return {case["id"]: case for case in json.loads(path.read_text())}


XMR = cases(VECTORS / "xmr_cases.json")
ATTRIBUTE = cases(VECTORS / "attribute_cases.json")
RULES = cases(VECTORS / "rules_parametrised.json")
XMR_EXAMPLES = ("vignette_outlier", "snapshot_rnorm20", "snapshot_rnorm20_outlier", "two_in_three_opposite_sides")
ATTRIBUTE_EXAMPLES = (
    "nhs_accidents_p",
    "nhs_accidents_pp",
    "hai_bac_u",
    "hai_bac_up",
    "montgomery_6.5_i",
    "montgomery_7.6_t",
    "montgomery_7.3_c",
    "montgomery_t7.4_p",
    "g_chart_days",
)


def numbers(column):
    return np.array(column, dtype=float)


def assert_is_the_individuals_chart(case, screen):
    options = {key: case[key] for key in ("better", "target", "rebase", "fix_after")}
    found = spc.xmr(case["values"], screen=screen, **options)
    wanted = case["expected"]["screened" if screen else "unscreened"]
    for line in ("center", "lower", "upper"):
        assert getattr(found, line) == pytest.approx(numbers(wanted[line]), rel=1e-9, abs=1e-9, nan_ok=True), line
    for what in ("signals", "verdicts", "variation", "assurance", "trial"):
        assert getattr(found, what) == wanted[what], what


def draw(case, screen):
    """`part` and `freeze` count points, `exclude` numbers them from 1."""
    options = dict(case["options"] or {})
    counted = numbers(case["input"]["numerator"])
    for number in options.get("exclude", []):
        counted[number - 1] = np.nan
    sizes = [case["input"]["denominator"]] if case["input"]["denominator"] else []
    rebase = [options["part"]] if "part" in options else []
    return CHARTS[case["chart"]](counted, *sizes, screen=screen, rebase=rebase, fix_after=options.get("freeze"))


def assert_is_the_attribute_chart(case, screen):
    found, wanted = draw(case, screen), case["expected"]["screened_mr" if screen else "unscreened_mr"]
    center, lower, upper = (numbers(wanted[line]) for line in ("cl", "lcl", "ucl"))
    relative = {"i": 4e-4, "t": 3e-3}.get(case["chart"], 1e-8)
    absolute = 1e-4 * upper.max() if case["chart"] == "t" else 1e-8
    assert found.center == pytest.approx(center, rel=1e-8)
    assert found.lower == pytest.approx(lower, rel=relative, abs=absolute)
    assert found.upper == pytest.approx(upper, rel=relative, abs=absolute)
    excluded = [number - 1 for number in dict(case["options"] or {}).get("exclude", [])]
    outside = [signal == "outside" for signal in found.signals]
    assert outside == [bool(flag) and place not in excluded for place, flag in enumerate(wanted["outside"])]


@screened_or_not
@pytest.mark.parametrize("name", XMR)
def test_individuals_charts_are_those_of_nhsrplotthedots(name, screen):
    assert_is_the_individuals_chart(XMR[name], screen)


@screened_or_not
@pytest.mark.parametrize("name", XMR_EXAMPLES)
def test_the_examples_of_nhsrplotthedots_come_out(name, screen, shared):
    assert_is_the_individuals_chart(cases(shared("vectors/spc/xmr_package_examples.json"))[name], screen)


@screened_or_not
@pytest.mark.parametrize("name", ATTRIBUTE)
def test_attribute_charts_are_those_of_qicharts2(name, screen):
    assert_is_the_attribute_chart(ATTRIBUTE[name], screen)


@screened_or_not
@pytest.mark.parametrize("name", ATTRIBUTE_EXAMPLES)
def test_published_attribute_charts_come_out(name, screen, shared):
    assert_is_the_attribute_chart(cases(shared("vectors/spc/attribute_package_examples.json"))[name], screen)


def test_no_example_is_left_out(shared):
    assert set(cases(shared("vectors/spc/xmr_package_examples.json"))) == set(XMR_EXAMPLES)
    assert set(cases(shared("vectors/spc/attribute_package_examples.json"))) == set(ATTRIBUTE_EXAMPLES)


def test_many_series_at_once_are_the_charts_of_each():
    plain = [case for case in XMR.values() if len(case["values"]) == 20 and case["fix_after"] == 12]
    charts = spc.of_many("xmr", [case["values"] for case in plain], better="higher", fix_after=12)
    assert len(plain) == 4
    for place, case in enumerate(plain):
        assert charts.chart(place).signals == case["expected"]["unscreened"]["signals"]
        assert charts.chart(place).upper == pytest.approx(numbers(case["expected"]["unscreened"]["upper"]))


every_rule_case = pytest.mark.parametrize("name", RULES)
WAYS = {1: "upper", -1: "lower", 0: "none"}


def around(case):
    """A row of distances from the centre, in sigma."""
    return (numbers(case["y"])[np.newaxis] - case["mean"]) / case["sd"]


def ways(up, down):
    return ["upper" if rises else "lower" if falls else "none" for rises, falls in zip(up[0], down[0], strict=True)]


@every_rule_case
@pytest.mark.parametrize("points", [6, 7, 8])
def test_shifts_of_any_length_are_those_of_powerbi_spc(name, points):
    row = around(RULES[name])
    assert ways(in_runs(row > 0, points), in_runs(row < 0, points)) == RULES[name]["expected"][f"shift_{points}"]


@every_rule_case
@pytest.mark.parametrize("points", [5, 6, 7])
def test_trends_of_any_length_are_those_of_powerbi_spc(name, points):
    found = trends(around(RULES[name]), np.zeros((1, 1)), points - 1)
    assert [WAYS[way] for way in found[0].tolist()] == RULES[name]["expected"][f"trend_{points}"]


@every_rule_case
def test_points_beyond_three_sigma_are_those_of_powerbi_spc(name):
    zero = np.zeros((1, 1))
    marks = mark(around(RULES[name]), Lines(center=zero, middle=zero, spread=zero + 3))
    found = [WAYS[way] if rule == 1 else "none" for rule, way in zip(marks.rules[0], marks.directions[0], strict=True)]
    assert found == RULES[name]["expected"]["astronomical"]


THIRD_POINT_ASTRAY = ("two3_adjacent", "two3_gap_cross", "rnd1")


@every_rule_case
def test_two_of_three_is_that_of_powerbi_spc_but_for_the_side_of_the_third_point(name):
    """Theirs takes 2.5, -0.1, 2.6 for a signal, and 2.5, 2.6, 0; ours wants the third on the same side (STATS 1).

    To theirs it is enough that the third does not lie beyond the opposite close line.
    """
    row, wanted = around(RULES[name]), RULES[name]["expected"]["two_in_three_only_outside"]
    assert ways(two_of_three(row > 2, row >= -2), two_of_three(row < -2, row <= 2)) == wanted
    found = ways(two_of_three(row > 2, row > 0), two_of_three(row < -2, row < 0))
    assert found == (["none"] * len(wanted) if name in THIRD_POINT_ASTRAY else wanted)
