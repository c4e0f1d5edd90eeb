"""One metric of each kind over help-desk cases, for tests of what the live definitions happen not to use.

It makes definitions; it computes nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from metrics import catalog
from metrics.semantic.model import Kind, Measure, Metric, Statistic

HOURS = Measure("duration", "first_response_hours", observed="is_answered")
PARTS: Mapping[Kind, Mapping[str, Any]] = {
    "count": {"measure": Measure("count", "*", where="urgency = 'emergency'")},
    "sum": {"measure": Measure("sum", "first_response_hours")},
    "ratio": {"numerator": Measure("count", "*", where="is_answered"), "denominator": Measure("count", "*")},
    "mean": {"measure": Measure("mean", "first_response_hours")},
    "quantile": {"measure": Measure("value", "first_response_hours"), "statistic": Statistic(quantile=0.5)},
    "distinct": {"measure": Measure("distinct", "language")},
    "duration": {"measure": HOURS, "statistic": Statistic(quantile=0.5)},
    "stock": {"measure": Measure("stock", "opened_at", until="resolved_at")},
    "survey_share": {
        "measure": Measure("share", "is_answered", stratum="queue", population="resolution_hours"),
    },
}


def metric_of(kind: Kind, *, days: int | None = None, **changed: Any) -> Metric:
    """A metric of this kind over mart_case; days: how long until a case counts."""
    nothing = {"measure": None, "numerator": None, "denominator": None, "statistic": None}
    ripe = None if days is None else timedelta(days=days)
    base = catalog.definitions()["answered_within_target_share"]
    return replace(base, id=f"a_{kind}", kind=kind, mature_after=ripe, **{**nothing, **PARTS[kind], **changed})
