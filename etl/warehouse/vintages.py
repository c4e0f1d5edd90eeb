"""Remembers what every build said of closed periods, and says what changed since then, and why.

Builds are thrown away; what they said stays in `vintages/`, one file per published build with what was new or changed
in it. It compares values and knows nothing of how they are computed.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa

from etl.warehouse import check
from etl.warehouse.build import VINTAGES
from etl.warehouse.connect import attach
from etl.warehouse.land import sync_folder

Cause = Literal["definition", "key", "correction", "settings", "data", "software", "unexplained"]
Inputs = Mapping[str, str]  # "kind/name", such as "files/tickets", to a digest of it

LEFT = "left/"  # the input that is a wiki whose last day in the program is over

NEW_VINTAGE = (
    "CREATE TABLE metric_vintage (metric VARCHAR, version BIGINT, split VARCHAR, members VARCHAR[], grain VARCHAR, "
    "starts_on DATE, ends_on DATE, label VARCHAR, value DOUBLE, low DOUBLE, high DOUBLE, numerator DOUBLE, "
    "denominator DOUBLE, n BIGINT, state VARCHAR, error DOUBLE, build_id VARCHAR, "
    "known_until TIMESTAMP, cause VARCHAR, said VARCHAR)"
)
# Files of builds that knew no approximate values have no column `error`.
SAID_BEFORE = "INSERT INTO metric_vintage BY NAME SELECT * FROM read_parquet($files, union_by_name = TRUE)"
LAST = (
    "CREATE TEMP TABLE _last AS SELECT * FROM metric_vintage QUALIFY ROW_NUMBER() OVER "
    "(PARTITION BY metric, split, members, grain, starts_on ORDER BY build_id DESC) = 1"
)
# Totals are over days that grow with every build, so they are no closed periods. A last bit of a sum is no change.
DELTA = """
    CREATE TEMP TABLE _delta AS
    WITH closed AS (
        SELECT * FROM metric_value WHERE state = 'final' AND grain <> 'total' AND value IS NOT NULL
    )
    SELECT
        c.metric, m.version, c.split, c.members, c.grain, c.starts_on, c.ends_on, c.label, c.value, c.low, c.high,
        c.numerator, c.denominator, c.n, c.state, c.error, l.metric IS NOT NULL AS is_restated
    FROM closed AS c
    JOIN meta_metric AS m USING (metric)
    LEFT JOIN _last AS l USING (metric, split, members, grain, starts_on)
    WHERE l.metric IS NULL
        OR l.value IS NULL
        OR c.n IS DISTINCT FROM l.n
        OR ABS(c.value - l.value) > 1e-9 * GREATEST(1, ABS(l.value))
    UNION ALL
    SELECT
        l.metric, m.version, l.split, l.members, l.grain, l.starts_on, l.ends_on, l.label, NULL, NULL, NULL,
        NULL, NULL, NULL, COALESCE(v.state, 'no_data'), NULL, TRUE
    FROM _last AS l
    JOIN meta_metric AS m USING (metric)
    LEFT JOIN metric_value AS v USING (metric, split, members, grain, starts_on)
    WHERE l.value IS NOT NULL AND (v.metric IS NULL OR v.state <> 'final' OR v.value IS NULL)
"""
RESTATED = "SELECT DISTINCT metric FROM _delta WHERE is_restated ORDER BY metric"
REMEMBER = """
    INSERT INTO metric_vintage
    SELECT
        d.metric, d.version, d.split, d.members, d.grain, d.starts_on, d.ends_on, d.label, d.value, d.low, d.high,
        d.numerator, d.denominator, d.n, d.state, d.error, $build_id, $known_until,
        CASE WHEN d.is_restated THEN w.cause END, CASE WHEN d.is_restated THEN w.said END
    FROM _delta AS d
    LEFT JOIN _why AS w USING (metric)
"""
UNEXPLAINED = (
    "SELECT metric, COUNT(*) FROM metric_vintage WHERE build_id = $build_id AND cause = 'unexplained' "
    "GROUP BY metric ORDER BY metric"
)
FORGET = "DROP TABLE _last; DROP TABLE _delta"


@dataclass(frozen=True)
class Why:
    """What can have changed the closed values of a metric since the last build. said: all of it, in words."""

    cause: Cause
    said: str


@dataclass(frozen=True)
class Rests:
    """On what a metric rests. version: of its definition; why: of its last change. feeds: those of its mart.

    is_by_key: whether anything of it is matched by hashed names, so that a new key can change it. is_of_who_is_there:
    whether it leaves wikis that left the program out of all its periods.
    """

    version: int
    why: str
    feeds: tuple[str, ...]
    is_by_key: bool
    is_of_who_is_there: bool = False


def remember(
    connection: duckdb.DuckDBPyConnection,
    home: Path,
    build_id: str,
    as_of: datetime,
    inputs: Inputs,
    rests: Callable[[str], Rests],
) -> None:
    """`metric_vintage` of the draft: all that was said before, and what this build says anew of closed periods.

    Also `meta_input`, of what the build was made. rests: of a metric.
    """
    before, files = last_inputs(home), sorted(map(str, (home / VINTAGES).glob("b*.parquet")))
    connection.execute("CREATE TABLE meta_input (input VARCHAR, digest VARCHAR)")
    connection.executemany("INSERT INTO meta_input VALUES (?, ?)", [list(one) for one in inputs.items()])
    connection.execute(NEW_VINTAGE)
    if files:
        connection.execute(SAID_BEFORE, {"files": files})
    connection.execute(LAST)
    connection.execute(DELTA)
    restated = [metric for (metric,) in connection.execute(RESTATED).fetchall()]
    found = {metric: why(metric, rests(metric), before, inputs) for metric in restated}
    said = [list(found), [one.cause for one in found.values()], [one.said for one in found.values()]]
    connection.register("_why", pa.table(said, schema=pa.schema([(name, pa.string()) for name in WHY])))
    connection.execute(REMEMBER, {"build_id": build_id, "known_until": as_of})
    connection.unregister("_why")
    connection.execute(FORGET)


WHY = ("metric", "cause", "said")


def why(metric: str, rests: Rests, before: Inputs, now: Inputs) -> Why:
    """The cause of a change: the first that fits, and in words all that do."""
    found = list(_causes(metric, rests, {name for name in {*before, *now} if before.get(name) != now.get(name)}))
    if not found:
        return Why("unexplained", "nothing that it rests on has changed")
    return Why(found[0][0], "; ".join(said for _, said in found))


def _causes(metric: str, rests: Rests, changed: set[str]) -> Iterator[tuple[Cause, str]]:
    if f"definition/{metric}" in changed:
        yield "definition", f"definition, version {rests.version}: {rests.why}"
    if "key/" in changed and rests.is_by_key:
        yield "key", "a new key: who is who is counted anew"
    for feed in rests.feeds:
        if f"corrections/{feed}" in changed:
            yield "correction", f"corrections of {feed}"
    for name in ("program", *rests.feeds):
        if f"settings/{name}" in changed:
            yield "settings", f"settings of {name}"
    left = sorted(name.removeprefix(LEFT) for name in changed if name.startswith(LEFT))
    if left and rests.is_of_who_is_there:
        yield "settings", f"which wikis are in the program: {', '.join(left)}"
    for feed in rests.feeds:
        if f"files/{feed}" in changed:
            yield "data", f"new or changed files of {feed}"
    if "known_until/" in changed:
        yield "data", "more days are known"
    if "software/" in changed:
        yield "software", "the program that computes it"


def unexplained(connection: duckdb.DuckDBPyConnection, build_id: str) -> check.Check:
    """Whether every closed value that this build says anew has a cause."""
    found = connection.execute(UNEXPLAINED, {"build_id": build_id}).fetchall()
    says = "values of closed periods changed, and nothing that they rest on did"
    if found:
        says += f": {', '.join(f'{metric} ({count:,} values)' for metric, count in found)}"
    broken = sum(count for _, count in found)
    return check.Check("a closed value changes for a cause", "metric_vintage", None, "error", not found, broken, says)


def restated(home: Path, build_id: str) -> int:
    """How many closed values a published build told differently than those before it."""
    with duckdb.connect() as connection:
        file = str(home / VINTAGES / f"{build_id}.parquet")
        query = "SELECT COUNT(*) FROM read_parquet($file) WHERE cause IS NOT NULL"
        ((count,),) = connection.execute(query, {"file": file}).fetchall()
        return int(count)


def last_inputs(home: Path) -> Inputs:
    """Of what the last remembered build was made; nothing before the first."""
    files = sorted((home / VINTAGES).glob("b*.json"))
    said: Inputs = json.loads(files[-1].read_text(encoding="utf-8")) if files else {}
    return said


def keep(home: Path, build: Path) -> None:
    """Writes what a published build remembers, for every build that has no file yet; needs the lock.

    A build that was killed between being published and being kept is made up for by the next.
    """
    folder = home / VINTAGES
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as connection:
        attach(connection, build, "build")
        if not connection.execute(HAS_VINTAGES).fetchall():
            return  # it was made before builds remembered
        ((own,),) = connection.execute("SELECT build_id FROM build.meta_build").fetchall()
        inputs = dict(connection.execute("SELECT input, digest FROM build.meta_input ORDER BY input").fetchall())
        builds = connection.execute("SELECT DISTINCT build_id FROM build.metric_vintage").fetchall()
        for build_id in sorted({own, *(one for (one,) in builds)}):
            path = folder / f"{build_id}.parquet"
            if not path.exists():
                rows = connection.sql(OF_BUILD, params={"build_id": build_id})
                _replace(path, partial(_write_rows, rows))
        said = json.dumps(inputs, indent=0)
        _replace(folder / f"{own}.json", partial(Path.write_text, data=said, encoding="utf-8"))


HAS_VINTAGES = "SELECT 1 FROM duckdb_tables() WHERE database_name = 'build' AND table_name = 'metric_vintage'"
OF_BUILD = (
    "SELECT * FROM build.metric_vintage WHERE build_id = $build_id ORDER BY metric, split, grain, members, starts_on"
)


def _write_rows(rows: duckdb.DuckDBPyRelation, path: Path) -> None:
    rows.write_parquet(str(path), compression="zstd")


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    draft = path.with_name(f".{path.name}.draft")
    write(draft)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync_folder(path.parent)
