"""Curves agree with another program's: lifelines, in an environment of its own.

Its bounds are log-log too. Its variance of the restricted mean is that of the restricted time and not of its mean, so
only the means are compared. Where nobody is left it gives bounds, and ours do not exist. Where the curve is at one half
but for its last bits, it takes the next time for the median.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from metrics.stats.survival import kaplan_meier

TOOL = "lifelines==0.30.3"
SCRIPT = Path(__file__).with_name("lifelines_curves.py")
VECTORS = Path(__file__).parent / "vectors" / "survival"


def random_cases(seed: int) -> dict:
    """From 1 to 200 cases, in whole hours (ties, events at 0) or in minutes, none to nearly all of them open."""
    chance = np.random.default_rng(seed)
    size, is_open = int(chance.integers(1, 200)), chance.choice([0, 0.15, 0.9])
    durations = chance.exponential(20, size).round(0 if seed % 2 else 4)
    observed = chance.random(size) >= is_open
    return {"durations": durations.tolist(), "observed": observed.tolist(), "tau": float(durations.max())}


def cases() -> list[dict]:
    known = [case["input"] for case in json.loads((VECTORS / "km_expected.json").read_text()) if "input" in case]
    small = [{"durations": one["time"], "observed": one["status"], "tau": max(one["time"])} for one in known]
    return [*small, *map(random_cases, range(60))]


def fitted(wanted: list[dict]) -> list[dict]:
    if shutil.which("uv") is None:
        pytest.skip("uv is not here: curves are not compared with those of lifelines (pip install uv)")
    command = ["uv", "run", "--quiet", "--isolated", "--no-project", "--with", TOOL, "python", str(SCRIPT)]
    lines = "\n".join(map(json.dumps, wanted))
    told = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=600)
    if any(words in told.stderr for words in ("No solution found", "Failed to fetch")):
        pytest.skip("lifelines cannot be had here")
    assert told.returncode == 0, told.stderr[-2000:]
    return [json.loads(line) for line in told.stdout.splitlines()]


def test_its_curves_medians_and_restricted_means_are_ours():
    wanted = cases()
    for case, theirs in zip(wanted, fitted(wanted), strict=True):
        ours = kaplan_meier(case["durations"], case["observed"])
        assert (ours.at_risk.tolist(), ours.events.tolist()) == (theirs["at_risk"], theirs["events"])
        assert ours.survival == pytest.approx(theirs["survival"], abs=1e-9)
        known = ~np.isnan(ours.low)
        for bound, other in ((ours.low, theirs["low"]), (ours.high, theirs["high"])):
            assert bound[known] == pytest.approx(np.array(other, float)[known], abs=1e-9)
        median = ours.median()[0]
        if median != theirs["median"]:  # a half that its last bits keep from being reached there
            assert ours.survival[ours.times == median].tolist() == pytest.approx([0.5], abs=1e-12)
        assert ours.restricted_mean(case["tau"])[0] == pytest.approx(theirs["restricted_mean"], rel=1e-9, abs=1e-9)
