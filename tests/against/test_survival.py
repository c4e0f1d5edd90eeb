"""Kaplan-Meier curves agree with R survival 3.5-3: survfit(Surv(time, status) ~ 1, conf.type = "log-log").

Two data sets differ from R by design: where S is exactly one half over a stretch, R gives its middle as the median and
ours is the left end, because nothing happened in the middle.
"""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from metrics.stats.survival import kaplan_meier

VECTORS = Path(__file__).parent / "vectors" / "survival"
CASES = json.loads((VECTORS / "km_expected.json").read_text())
LEFT_END = {"median_flat_half": 2.0, "all_events": 2.0}


def columns(case):
    if "input" in case:
        return case["input"]["time"], case["input"]["status"]
    name, status = ("lung.csv", "st") if case["id"] == "lung" else ("aml.csv", "status")
    rows = list(csv.DictReader((VECTORS / name).read_text().splitlines()))
    if case["id"] == "aml_maintained":
        rows = [row for row in rows if row["x"] == "Maintained"]
    return [float(row["time"]) for row in rows], [int(row[status]) for row in rows]


every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])


@every_case
def test_the_curve_and_its_interval_are_those_of_r(case):
    found, wanted = kaplan_meier(*columns(case)), case["curve"]
    assert found.times.tolist() == wanted["time"]
    assert found.at_risk.tolist() == wanted["n_risk"]
    assert found.events.tolist() == wanted["n_event"]
    assert found.survival == pytest.approx(wanted["surv"], rel=1e-8)
    assert found.low == pytest.approx(np.array(wanted["lower_loglog"], float), rel=1e-8, nan_ok=True)
    assert found.high == pytest.approx(np.array(wanted["upper_loglog"], float), rel=1e-8, nan_ok=True)


@every_case
def test_quantiles_and_their_bounds_are_those_of_r(case):
    found, wanted = kaplan_meier(*columns(case)), case["median"]["log-log"]
    for place, share in enumerate(wanted["q"]):
        value, low, high = found.quantile(share)
        assert (low, high) == (wanted["lower"][place], wanted["upper"][place])
        at_the_height = np.isclose(found.survival, 1 - share)
        if not at_the_height.any():  # else R gives the middle of the flat stretch
            assert value == wanted["est"][place]


@every_case
def test_the_median_is_r_s_or_the_left_end_of_a_flat_half(case):
    wanted = [case["median"]["log-log"][key][1] for key in ("est", "lower", "upper")]
    if case["id"] in LEFT_END:
        wanted[0] = LEFT_END[case["id"]]
    assert list(kaplan_meier(*columns(case)).median()) == wanted


@every_case
def test_the_share_within_a_time_is_one_minus_survival(case):
    found, wanted = kaplan_meier(*columns(case)), case["survival_at"]
    for place, t in enumerate(wanted["t"]):
        value, low, high = found.share_within(t)
        assert value == pytest.approx(wanted["attainment"][place], rel=1e-8)
        bounds = wanted["lower_loglog"][place], wanted["upper_loglog"][place]
        if None in bounds:
            assert (low, high) == (None, None)
        else:
            assert (1 - high, 1 - low) == pytest.approx(bounds, rel=1e-8)


@every_case
def test_the_restricted_mean_and_its_standard_error_are_those_of_r(case):
    found = kaplan_meier(*columns(case))
    for wanted in case["rmst"]:
        assert found.restricted_mean(wanted["tau"]) == pytest.approx((wanted["rmst"], wanted["se"]), rel=1e-8)
