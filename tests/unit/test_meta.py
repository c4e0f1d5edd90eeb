"""What a build says of its feeds: covered days, wikis that nobody described."""

from dataclasses import replace
from datetime import date, datetime

import duckdb
import pytest

from data_contracts.load import Column, Table
from etl.instance import Instance
from etl.warehouse.meta import Identity, midnight_after, store_coverage, store_program, undescribed_wikis
from metrics import listings

VISITS = Table(
    contract="pigeons", version="1", name="raw_pigeons", grain="", quality=(), key=(), about_persons=False, feeds=("pigeons",),
    columns=(Column("wiki", "wiki", "VARCHAR", ""), Column("came_at", "came_at", "TIMESTAMP", "")), event_time="came_at", path="",
)  # fmt: skip


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw_pigeons (wiki VARCHAR, came_at TIMESTAMP)")
        connection.execute(
            "INSERT INTO raw_pigeons VALUES ('loft', '2026-03-01 10:00:00'), ('loft', '2026-03-04 00:00:00'), "
            "('barn', '2026-03-02 23:59:59'), (NULL, '2026-02-27 08:00:00')"
        )
        yield connection


def test_coverage_is_of_the_feed_and_of_each_wiki_and_ends_before_as_of(connection):
    store_coverage(connection, {"pigeons": (VISITS,)}, datetime(2026, 3, 4))
    assert connection.execute("FROM meta_coverage ORDER BY wiki NULLS FIRST").fetchall() == [
        ("pigeons", None, date(2026, 2, 27), date(2026, 3, 2)),
        ("pigeons", "barn", date(2026, 3, 2), date(2026, 3, 2)),
        ("pigeons", "loft", date(2026, 3, 1), date(2026, 3, 1)),
    ]


def test_a_wiki_is_delivered_to_the_day_that_its_delivery_tells_of_and_others_are_awaited(connection):
    connection.execute("CREATE TABLE raw_pigeons_day AS SELECT 'loft' AS wiki, DATE '2026-03-03' AS day_on")
    days = replace(VISITS, name="raw_pigeons_day", event_time="day_on", is_coverage=True, columns=VISITS.columns[:1])
    feeds = {"pigeons": (VISITS, days), "crows": (VISITS,)}
    store_coverage(connection, feeds, datetime(2026, 3, 4), left={"loft": date(2026, 3, 3), "nest": date(2026, 3, 1)})
    assert connection.execute("FROM meta_delivered").fetchall() == [
        ("pigeons", "barn", None),
        ("pigeons", "loft", date(2026, 3, 3)),
    ]
    ends = "SELECT feed, ends_on FROM meta_coverage WHERE wiki = 'loft' ORDER BY feed"
    assert connection.execute(ends).fetchall() == [("crows", date(2026, 3, 1)), ("pigeons", date(2026, 3, 3))]


def test_what_happened_behind_the_last_day_that_a_delivery_tells_of_is_not_the_end_of_it(connection):
    """Of the last hours that a delivery brought by chance nobody knows the rest."""
    connection.execute("CREATE TABLE raw_pigeons_day AS SELECT 'loft' AS wiki, DATE '2026-03-02' AS day_on")
    days = replace(VISITS, name="raw_pigeons_day", event_time="day_on", is_coverage=True, columns=VISITS.columns[:1])
    store_coverage(connection, {"pigeons": (VISITS, days)}, datetime(2026, 3, 5))
    assert connection.execute("FROM meta_coverage ORDER BY wiki NULLS FIRST").fetchall() == [
        ("pigeons", None, date(2026, 3, 2), date(2026, 3, 2)),
        ("pigeons", "barn", date.max, date.min),  # of which no delivery says which days it tells
        ("pigeons", "loft", date(2026, 3, 2), date(2026, 3, 2)),
    ]


def test_a_feed_of_which_nothing_is_known_yet_has_no_coverage(connection):
    store_coverage(connection, {"pigeons": (VISITS,)}, datetime(2020, 1, 1))
    assert connection.execute("FROM meta_coverage").fetchall() == []


@pytest.mark.parametrize("moment", [datetime(2026, 3, 4), datetime(2026, 3, 4, 23, 59, 59)])
def test_what_happened_on_a_day_is_known_until_the_midnight_after_it(moment):
    assert midnight_after(moment) == datetime(2026, 3, 5)


def test_a_wiki_that_the_settings_do_not_describe_is_warned_of(connection):
    program = Instance.model_validate(
        {"program": "P", "wikis": [{"id": "loft", "name": "Loft", "language": "ar", "direction": "rtl"}], "feeds": {}}
    )
    store_program(connection, program, Identity("b000001", datetime(2026, 3, 4), "d", "c"))
    store_coverage(connection, {"pigeons": (VISITS,)}, datetime(2026, 3, 4))
    found = undescribed_wikis(connection)
    assert (found.passed, found.breaking_count, found.severity) == (False, 1, "warning")
    assert "barn" in found.says
    assert connection.execute("FROM meta_wiki").fetchall() == [("loft", "Loft", "ar", "rtl", None)]


def test_outside_the_team_days_of_a_wiki_are_told_only_where_deliveries_tell_them(connection):
    """Of other feeds, such as reports, they are the days of what happened there, be it one thing."""
    connection.execute("CREATE TABLE meta_coverage (feed VARCHAR, wiki VARCHAR, starts_on DATE, ends_on DATE)")
    connection.execute("CREATE TABLE meta_delivered (feed VARCHAR, wiki VARCHAR, left_on DATE)")
    connection.execute(
        "INSERT INTO meta_coverage SELECT feed, wiki, DATE '2026-10-03', DATE '2026-10-03' "
        "FROM (VALUES ('incident_reports'), ('mediawiki_logging')) f(feed), (VALUES (NULL), ('tiny')) w(wiki)"
    )
    connection.execute("INSERT INTO meta_delivered VALUES ('mediawiki_logging', 'tiny', NULL)")
    told = {name: connection.execute(listings.QUERIES[name]).fetchall() for name in ("coverage", "published_coverage")}
    wikis = {name: [(feed, wiki) for feed, wiki, *_ in rows] for name, rows in told.items()}
    log = [("mediawiki_logging", None), ("mediawiki_logging", "tiny")]
    assert wikis["coverage"] == [("incident_reports", None), ("incident_reports", "tiny"), *log]
    assert wikis["published_coverage"] == [("incident_reports", None), *log]
