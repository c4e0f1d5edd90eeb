"""A published build of a few hundred invented rows, written straight into the marts: every number can be counted.

It reads no feed and runs no model; parts, values and coverage are computed as in any build.
"""

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from data_contracts import load
from etl import pipeline
from etl.instance import Instance, Wiki
from etl.warehouse import meta, quarantine
from etl.warehouse.build import drafting, locked, publish
from tests.tables import raw

AS_OF = datetime(2026, 4, 1)
PROGRAM = Instance(
    program="Small Wikis",
    invented=True,
    as_of=AS_OF,
    wikis=(Wiki(id="a.demo", name="A", language="en"), Wiki(id="b.demo", name="B", language="fr")),
    feeds=None,
)
# wiki, scope, first day, how many blocks: every other one is set on the day after; each lasts 20 days
BLOCKS = (
    ("a.demo", "sitewide", date(2026, 1, 10), 40),
    ("a.demo", "sitewide", date(2026, 2, 10), 30),
    ("a.demo", "sitewide", date(2026, 3, 10), 20),
    ("a.demo", "partial", date(2026, 1, 10), 20),
    ("a.demo", "partial", date(2026, 2, 10), 3),
    ("a.demo", "partial", date(2026, 3, 10), 12),
    ("b.demo", "sitewide", date(2026, 2, 10), 15),
    ("b.demo", "sitewide", date(2026, 3, 10), 15),
    ("b.demo", "partial", date(2026, 3, 10), 14),
)
COVERED = (
    ("mediawiki_logging", None, "2026-01-01", "2026-03-31"),
    ("mediawiki_logging", "a.demo", "2026-01-01", "2026-03-31"),
    ("mediawiki_logging", "b.demo", "2026-02-01", "2026-03-31"),
    ("mediawiki_logging", "c.demo", "2026-01-01", "2026-03-31"),
    ("tickets", None, "2026-01-01", "2026-03-31"),
)
NEW_BLOCK = (
    "INSERT INTO mart_block (wiki, set_at, ended_at, scope, is_partial, block_hours, has_ended) "
    "VALUES (?, ?, ?, ?, ?, 480, TRUE)"
)
PLAN = {
    "mart_goal": """
        goal  | title         | pillar | owner
        ------+---------------+--------+------
        fewer | Fewer blocks  | tools  | lead
        help  | Faster help   | tools  | desk
        """,
    "mart_measure": """
        goal  | measure | metric                       | title             | grain | filters             | position
        ------+---------+------------------------------+-------------------+-------+---------------------+---------
        fewer | partial | partial_block_share          | Partial blocks    | month | {"wiki": "a.demo"}  | 1
        help  | quick   | answered_within_target_share | Answered in time  | month | {}                  | 2
        help  | nobody  | cases_opened                 | Cases of nowhere  | month | {"queue": "nowhere"} | 3
        """,
    "mart_target": """
        goal  | measure | starts_on  | ends_on    | value
        ------+---------+------------+------------+------
        fewer | partial | 2026-01-01 | 2026-06-30 | 0.2
        other | partial | 2026-01-01 | 2026-06-30 | 0.9
        """,
    "mart_risk": """
        risk | title | severity | pillar | owner | opened_at  | closed_at
        -----+-------+----------+--------+-------+------------+----------
        one  | One   | low      | tools  | lead  | 2026-01-05 |
        two  | Two   | critical | policy | lead  | 2026-02-05 |
        """,
}


def publish_small_build(home: Path) -> Path:
    """Puts the small build in force in `home`."""
    with locked(home), drafting(home) as draft:
        with draft.writing() as connection:
            _fill(connection)
            pipeline.compute_metrics(connection, AS_OF)
        publish(draft, {"as_of": AS_OF.isoformat()})
    return home


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    quarantine.create_quarantine(connection)
    for name in load.tables("marts"):
        raw(connection, name, PLAN.get(name, ""))
    for wiki, scope, day, count in BLOCKS:
        for index in range(count):
            set_at = datetime.combine(day, datetime.min.time()) + timedelta(days=index % 2)
            values = [wiki, set_at, set_at + timedelta(days=20), scope, scope == "partial"]
            connection.execute(NEW_BLOCK, values)
    for index in range(60):  # 20 each month, one of four never answered
        opened = datetime(2026, 1 + index // 20, 5)
        values = [opened, index % 4 != 0, 5.0 if index % 4 else 500.0]
        connection.execute(
            "INSERT INTO mart_case (opened_at, is_answered, first_response_hours) VALUES (?, ?, ?)", values
        )
        connection.execute("INSERT INTO mart_case_spell (opened_at, is_reopening) VALUES (?, FALSE)", [opened])
    meta.store_program(connection, PROGRAM, meta.Identity("b000001", AS_OF, "digest", "code"))
    meta.store_feeds(connection, {}, [])
    meta.store_coverage(connection, {}, AS_OF)
    connection.executemany("INSERT INTO meta_coverage VALUES (?, ?, ?, ?)", COVERED)
