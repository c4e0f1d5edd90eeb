"""What a build says of itself: the program, its wikis, what was received, which days are covered.

It reads raw tables and the quarantine; it judges nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType

import duckdb
from sqlglot import exp

from data_contracts.load import Table
from etl.instance import Instance
from etl.warehouse import happened
from etl.warehouse.check import Check
from etl.warehouse.connect import attach
from etl.warehouse.happened import Happened
from etl.warehouse.kept import Span
from etl.warehouse.raw import Loaded


@dataclass(frozen=True)
class Identity:
    """Which build this is, and of what it was made."""

    build_id: str
    as_of: datetime
    digest: str
    code: str


def store_program(connection: duckdb.DuckDBPyConnection, instance: Instance, identity: Identity) -> None:
    """`meta_build`, one row, `meta_wiki`, one row per wiki of the program, and `meta_same`, of no build yet."""
    connection.execute("CREATE TABLE meta_same (build_id VARCHAR)")
    connection.execute(
        "CREATE TABLE meta_build (build_id VARCHAR, as_of TIMESTAMP, program VARCHAR, invented BOOLEAN, "
        "fiscal_year_start BIGINT, week_start VARCHAR, input_digest VARCHAR, code_version VARCHAR)"
    )
    connection.execute(
        "INSERT INTO meta_build VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            identity.build_id, identity.as_of, instance.program, instance.invented, instance.fiscal_year_start,
            instance.week_start, identity.digest, identity.code,
        ],
    )  # fmt: skip
    connection.execute(
        "CREATE TABLE meta_wiki (wiki VARCHAR, name VARCHAR, language VARCHAR, direction VARCHAR, "
        "temporary_accounts_from DATE)"
    )
    for wiki in instance.wikis:
        connection.execute(
            "INSERT INTO meta_wiki VALUES (?, ?, ?, ?, ?)",
            [wiki.id, wiki.name, wiki.language, wiki.direction, wiki.temporary_accounts_from],
        )


def store_same(connection: duckdb.DuckDBPyConnection, other: Path) -> None:
    """`meta_same`: the builds of which this one is known to say every value: one held against it, and those before."""
    attach(connection, other, "other")
    connection.execute(
        "INSERT INTO meta_same SELECT build_id FROM other.meta_build UNION SELECT build_id FROM other.meta_same"
    )
    connection.execute("DETACH other")


def midnight_after(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=1), time())


def store_feeds(connection: duckdb.DuckDBPyConnection, loaded: Iterable[Loaded], found: Iterable[Happened]) -> None:
    """`meta_feed`: what was received, a row per file. rows: in raw tables; rejected: in quarantine.

    found: what files brought into their tables.
    """
    connection.execute(
        "CREATE TABLE meta_feed (feed VARCHAR, file VARCHAR, sha256 VARCHAR, bytes BIGINT, rows BIGINT, "
        "rejected BIGINT, received_at TIMESTAMP, latest_event_at TIMESTAMP)"
    )
    rejected = dict(connection.execute("SELECT feed || '/' || file, COUNT(*) FROM quarantine GROUP BY ALL").fetchall())
    brought: dict[tuple[str, str], list[Happened]] = {}
    for each in found:
        brought.setdefault((each.table.contract, each.file), []).append(each)
    for one in loaded:
        file, of_file = one.file, brought.get((one.feed, one.file.sha256), [])
        rows = sum(each.rows for each in of_file if not each.table.is_coverage)
        values = [one.feed, file.name, file.sha256, file.bytes, rows]
        values += [rejected.get(f"{one.feed}/{file.name}", 0), file.received_at, happened.latest(of_file)]
        connection.execute("INSERT INTO meta_feed VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)


def store_coverage(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Iterable[Table]],
    as_of: datetime,
    kept: Iterable[Span] = (),
    left: Mapping[str, date] = MappingProxyType({}),
) -> None:
    """`meta_coverage`: first and last day with an event before as_of, of each feed and of each wiki in it.

    Also `meta_delivered`, a row for every wiki of which deliveries themselves say which days they tell: those days are
    covered, however quiet the wiki is, and no others, whatever happened. A wiki of such a feed of which something
    happened and no day is told, since its first asking broke off, is awaited from the beginning. kept: what was covered
    before by rows that have been deleted since. left: wikis that have left the program, with their last day in it.
    """
    connection.execute("CREATE TABLE meta_coverage (feed VARCHAR, wiki VARCHAR, starts_on DATE, ends_on DATE)")
    connection.execute("CREATE TABLE meta_delivered (feed VARCHAR, wiki VARCHAR, left_on DATE)")
    for span in kept:
        connection.execute("INSERT INTO meta_coverage VALUES (?, ?, ?, ?)", span)
    for feed, some in tables.items():
        tables_of_feed = tuple(some)
        told = next((table for table in tables_of_feed if table.is_coverage and table.column("wiki")), None)
        for table in tables_of_feed:
            if table.event_time:
                is_told_of = told is not None and told is not table and table.column("wiki") is not None
                more = exp.insert(_never(table) if is_told_of else _coverage(table), "meta_coverage")
                connection.execute(more.sql("duckdb"), {"feed": feed, "as_of": as_of})
        for wiki in _wikis(connection, tables_of_feed, as_of) if told else ():
            connection.execute("INSERT INTO meta_delivered VALUES (?, ?, ?)", [feed, wiki, left.get(wiki)])
    connection.execute(
        "CREATE OR REPLACE TABLE meta_coverage AS SELECT feed, wiki, MIN(starts_on) AS starts_on, "
        "MAX(ends_on) AS ends_on FROM meta_coverage GROUP BY feed, wiki ORDER BY ALL"
    )


def undescribed_wikis(connection: duckdb.DuckDBPyConnection) -> Check:
    """Wikis that feeds speak of and upstander.yml does not: their pages would have no name, language or direction."""
    rows = connection.execute(
        "SELECT DISTINCT wiki FROM meta_coverage WHERE wiki IS NOT NULL AND wiki NOT IN (SELECT wiki FROM meta_wiki) "
        "ORDER BY wiki"
    ).fetchall()
    names = f": {', '.join(name for (name,) in rows)} is not among the wikis" if rows else ": wikis"
    rule = "every wiki of the feeds is described"
    return Check(rule, "meta_wiki", "wiki", "warning", not rows, len(rows), f"upstander.yml{names}")


def _wikis(connection: duckdb.DuckDBPyConnection, tables: Iterable[Table], as_of: datetime) -> list[str]:
    """The wikis of which deliveries tell days, or something that happened before as_of, in order of their names."""
    found = set[str]()
    for table in tables:
        if table.event_time and table.column("wiki"):
            query = exp.select("wiki").distinct().from_(table.name).where("wiki IS NOT NULL")
            query = query if table.is_coverage else query.where(_before(table))
            values = None if table.is_coverage else {"as_of": as_of}
            found.update(wiki for (wiki,) in connection.execute(query.sql("duckdb"), values).fetchall())
    return sorted(found)


def _never(table: Table) -> exp.Select:
    """The wikis of which something happened, as known of no day: a span that lengthens no other."""
    first, last = (exp.cast(exp.Literal.string(str(day)), "DATE") for day in (date.max, date.min))
    named = exp.select(exp.Placeholder(this="feed"), "wiki", first, last).distinct().from_(table.name)
    return named.where(_before(table)).where("wiki IS NOT NULL")


def _before(table: Table) -> exp.Condition:
    return exp.LT(this=exp.column(table.event_time or ""), expression=exp.Placeholder(this="as_of"))


def _coverage(table: Table) -> exp.Select:
    day = exp.cast(exp.column(table.event_time or ""), "DATE")
    first, last = exp.Min(this=day.copy()), exp.Max(this=day)
    select = exp.select(exp.Placeholder(this="feed")).from_(table.name).where(_before(table))
    if table.column("wiki") is None:
        return select.select(exp.null(), first, last).having(first.is_(exp.null()).not_())
    sets = exp.GroupingSets(expressions=[exp.Tuple(), exp.column("wiki")])
    select = select.select(exp.column("wiki"), first, last)
    select.set("group", exp.Group(grouping_sets=[sets]))
    whole = exp.Anonymous(this="GROUPING", expressions=[exp.column("wiki")]).eq(1)
    return select.having(first.is_(exp.null()).not_(), whole.or_(exp.column("wiki").is_(exp.null()).not_()))
