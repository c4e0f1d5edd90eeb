"""A mart of invented edits and 28 metrics over it; for the other scripts, not a benchmark itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from metrics import catalog
from metrics.semantic.model import Mart, Measure, Metric, Statistic

FIRST, AS_OF = datetime(2024, 11, 4), datetime(2026, 11, 2)  # 104 weeks
NAME = "mart_edit_made"
MART = Mart(
    NAME,
    {
        "happened_at": "TIMESTAMP", "wiki": "VARCHAR", "platform": "VARCHAR", "editor_kind": "VARCHAR",
        "tenure": "VARCHAR", "is_reverted": "BOOLEAN", "is_flagged": "BOOLEAN", "is_minor": "BOOLEAN",
        "is_reported": "BOOLEAN", "text_bytes": "BIGINT", "score": "DOUBLE",
    },
    {"wiki": "large", "platform": "small", "editor_kind": "small", "tenure": "small"},
    about_persons=False,
    feeds=("invented",),
)  # fmt: skip
ROWS = """
    CREATE TABLE mart_edit_made AS
    WITH drawn AS (SELECT i, CAST(HASH(i) >> 8 AS BIGINT) AS a, CAST(HASH(i, 1) >> 8 AS BIGINT) AS b,
        CAST(HASH(i, 2) >> 8 AS BIGINT) AS c FROM range($rows) AS r(i))
    SELECT
        $first + TO_MICROSECONDS(CAST(i / $rows * $seconds AS BIGINT) * 1000000) AS happened_at,
        'wiki_' || CAST(CAST(FLOOR(300 * POW((a % 1000000) / 1000000.0, 3)) AS INTEGER) AS VARCHAR) AS wiki,
        ['desktop', 'mobile', 'app'][b % 3 + 1] AS platform,
        ['account', 'temporary', 'anonymous', 'bot'][(b // 3) % 4 + 1] AS editor_kind,
        ['new', 'junior', 'older', 'oldest', NULL][(b // 12) % 5 + 1] AS tenure,
        c % 10 = 0 AS is_reverted,
        (c // 10) % 20 = 0 AS is_flagged,
        (c // 200) % 5 = 0 AS is_minor,
        (c // 1000) % 50 = 0 AS is_reported,
        CAST((a // 7) % 2000 AS BIGINT) - 500 AS text_bytes,
        CASE WHEN (a // 11) % 3 = 0 THEN NULL ELSE ((a // 13) % 10000) / 100.0 END AS score
    FROM drawn
"""
CONDITIONS = (
    "is_reverted", "is_flagged", "is_minor", "is_reported", "editor_kind = 'temporary'", "platform = 'mobile'",
    "is_reverted AND NOT is_minor", "editor_kind <> 'bot' AND is_reported",
)  # fmt: skip
PEOPLE = "editor_kind <> 'bot'"


def write(path: Path, rows: int) -> None:
    """A database with the mart; 300 wikis of which the largest has a seventh of the rows, days alike."""
    with duckdb.connect(str(path)) as connection:
        seconds = int((AS_OF - FIRST) / timedelta(seconds=1))
        connection.execute(ROWS, {"rows": rows, "first": FIRST, "seconds": seconds})


def metrics() -> Mapping[str, Metric]:
    """Nine counts, twelve shares, two sums and five means, by week and month, with four dimensions."""
    of = {
        "source": NAME, "at": "happened_at", "dimensions": tuple(MART.dimensions), "grains": ("week", "month"),
        "mature_after": None,
    }  # fmt: skip
    base = replace(catalog.definitions()["cases_opened"], **of, release={"program": 0, "executive": 0, "public": 0})
    every, people = Measure("count", "*"), Measure("count", "*", PEOPLE)
    found = [replace(base, id="edits")]
    found += [replace(base, id=f"count_{at}", measure=Measure("count", "*", one)) for at, one in enumerate(CONDITIONS)]
    ratio = replace(base, kind="ratio", measure=None, denominator=every)
    found += [
        replace(ratio, id=f"share_{at}", numerator=Measure("count", "*", one)) for at, one in enumerate(CONDITIONS)
    ]
    found += [
        replace(ratio, id=f"of_people_{at}", numerator=Measure("count", "*", f"{one} AND {PEOPLE}"), denominator=people)
        for at, one in enumerate(CONDITIONS[:4])
    ]
    for name, where in (("bytes", None), ("bytes_added", "text_bytes > 0")):
        found.append(replace(base, id=name, kind="sum", measure=Measure("sum", "text_bytes", where)))
    for at, (column, where) in enumerate(
        [("score", None), ("score", "is_reverted"), ("score", "is_reported"), ("score", PEOPLE), ("text_bytes", None)]
    ):
        found.append(replace(base, id=f"mean_{at}", kind="mean", measure=Measure("mean", column, where)))
    return {one.id: one for one in found}


def quantiles() -> Mapping[str, Metric]:
    """The median of one column and the 90 % quantile of another, over the same splits as `metrics`."""
    base = replace(metrics()["mean_0"], kind="quantile")
    median = replace(base, id="median_score", measure=Measure("value", "score"), statistic=Statistic(quantile=0.5))
    high = replace(base, id="bytes_p90", measure=Measure("value", "text_bytes"), statistic=Statistic(quantile=0.9))
    return {one.id: one for one in (median, high)}
