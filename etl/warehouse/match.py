"""Holds the values of a new build against those of another one that it must not differ from.

It reads both and changes neither.
"""

from pathlib import Path

import duckdb

from data_contracts.faults import NotReleasable
from etl.warehouse.connect import attach

KEY = "metric, split, members, grain, starts_on"
DIFFERENCES = """
    SELECT COALESCE(n.metric, o.metric) AS metric, COUNT(*)
    FROM metric_value AS n
    FULL JOIN other.metric_value AS o USING (metric, split, members, grain, starts_on)
    WHERE n.state IS DISTINCT FROM o.state
      OR n.n IS DISTINCT FROM o.n
      OR (n.value IS NULL) <> (o.value IS NULL)
      OR ABS(n.value - o.value) > 1e-9 * GREATEST(1, ABS(o.value))
    GROUP BY ALL
    ORDER BY ALL
"""


def differences(build: Path, other: Path) -> dict[str, int]:
    """Metric -> how many of its stored values differ by more than the rounding of sums."""
    with duckdb.connect(str(build), read_only=True) as connection:
        attach(connection, other, "other")
        return dict(connection.execute(DIFFERENCES).fetchall())


def refuse_differences(build: Path, other: Path) -> None:
    """NotReleasable where any value differs, with the metrics."""
    found = differences(build, other)
    if found:
        metrics = ", ".join(f"{metric} ({count:,} values)" for metric, count in found.items())
        raise NotReleasable(
            "the new build",
            f"values would change that must not: {metrics}",
            "the values of the build in force",
            "Nothing was deleted, and the last build stays in force. Look at what these metrics rest on.",
        )
