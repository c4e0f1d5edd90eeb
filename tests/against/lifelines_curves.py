"""Run by lifelines' own Python: curves of the cases that come in as JSON lines, printed as JSON lines.

uv run --no-project --with lifelines==0.30.3 python tests/against/lifelines_curves.py < cases.jsonl
"""

import json
import math
import sys

from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time


def main() -> None:
    for line in sys.stdin:
        case = json.loads(line)
        fitted = KaplanMeierFitter(alpha=0.05).fit(case["durations"], case["observed"])
        table, bounds = fitted.event_table, fitted.confidence_interval_
        times = sorted(set(case["durations"]))
        columns = {
            "at_risk": table["at_risk"],
            "events": table["observed"],
            "survival": fitted.survival_function_.iloc[:, 0],
            "low": bounds.iloc[:, 0],
            "high": bounds.iloc[:, 1],
        }
        found = {name: column.loc[times].tolist() for name, column in columns.items()}
        if min(times) == 0:  # before time 0 everybody waits, and lifelines has no row for it
            found["at_risk"][0] = len(case["durations"])
        found["median"] = fitted.median_survival_time_
        found["restricted_mean"] = restricted_mean_survival_time(fitted, t=case["tau"])
        sys.stdout.write(json.dumps({name: shown(value) for name, value in found.items()}) + "\n")


def shown(value: object) -> object:
    """What has no number is null."""
    if isinstance(value, list):
        return [shown(one) for one in value]
    number = float(value)  # type: ignore[arg-type]
    return number if math.isfinite(number) else None


if __name__ == "__main__":
    main()
