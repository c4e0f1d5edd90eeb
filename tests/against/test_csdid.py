"""Staggered effects agree with csdid, which was written by others after the same paper; in an environment of its own."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from metrics.stats.impact import staggered_did

TOOL = "csdid==0.4.3"
READER = Path(__file__).with_name("csdid_reader.py")
VECTORS = Path(__file__).parent / "vectors" / "impact"
CASES = [
    {"method": method, "control": control, "covariates": covariates, "anticipation": anticipation}
    for method, control, covariates, anticipation in (
        ("reg", "never_treated", [], 0),
        ("reg", "not_yet_treated", [], 0),
        ("reg", "never_treated", [], 1),
        ("reg", "never_treated", ["x"], 0),
        ("reg", "not_yet_treated", ["x"], 0),
        ("dr", "never_treated", ["x"], 0),
    )
]


@pytest.fixture(scope="module")
def theirs():
    if shutil.which("uv") is None:
        pytest.skip("uv is not here: effects are not compared with csdid (pip install uv)")
    command = [
        "uv",
        "run",
        "--quiet",
        "--isolated",
        "--no-project",
        "--python",
        sys.executable,
        "--with",
        TOOL,
        "python",
        str(READER),
    ]
    told = subprocess.run(
        [*command, str(VECTORS / "panel_simulated.csv")],
        input="\n".join(map(json.dumps, CASES)),
        capture_output=True,
        text=True,
        timeout=600,
    )
    if any(words in told.stderr for words in ("No solution found", "Failed to fetch")):
        pytest.skip("csdid cannot be had here")
    assert told.returncode == 0, told.stderr[-2000:]
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.mark.parametrize("place", range(len(CASES)), ids=lambda place: " ".join(map(str, CASES[place].values())))
def test_overall_figures_and_their_errors_are_those_of_csdid(theirs, place):
    case = CASES[place]
    panel = pd.read_csv(VECTORS / "panel_simulated.csv")
    found = staggered_did(panel, unit="unit", time="period", cohort="cohort", outcome="y", **case)
    near = 1e-3 if case["method"] == "dr" else 1e-5
    for name, (value, se) in theirs[place].items():
        effect = getattr(found, name)
        assert (name, effect.value) == (name, pytest.approx(value, abs=near))
        assert (name, effect.se) == (name, pytest.approx(se, abs=near))
