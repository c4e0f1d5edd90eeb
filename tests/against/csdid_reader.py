"""Runs in an environment of its own: csdid's figures for a panel (a CSV file), one line of JSON per configuration."""

import contextlib
import io
import json
import sys
import warnings

import pandas as pd
from csdid.att_gt import ATTgt

warnings.simplefilter("ignore")
CONTROL = {"never_treated": "nevertreated", "not_yet_treated": "notyettreated"}


def figures(panel: pd.DataFrame, case: dict) -> dict:
    """The four overall figures with their errors; csdid prints, so what it prints is kept apart."""
    formula = "y ~ " + (" + ".join(case["covariates"]) or "1")
    with contextlib.redirect_stdout(io.StringIO()):
        model = ATTgt(
            yname="y", gname="cohort", idname="unit", tname="period", xformla=formula, data=panel,
            control_group=CONTROL[case["control"]], anticipation=case["anticipation"],
        ).fit(est_method=case["method"], base_period="varying", bstrap=False)  # fmt: skip
        sums = {
            name: model.aggte(name, bstrap=False, cband=False).atte
            for name in ("simple", "group", "dynamic", "calendar")
        }
    return {name: [float(found["overall_att"]), float(found["overall_se"])] for name, found in sums.items()}


if __name__ == "__main__":
    rows = pd.read_csv(sys.argv[1])
    for line in sys.stdin:
        sys.stdout.write(json.dumps(figures(rows, json.loads(line))) + "\n")
