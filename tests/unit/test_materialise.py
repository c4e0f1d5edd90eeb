"""What a build remembers of its metrics."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from etl import pipeline
from metrics import catalog, lots, materialise
from metrics.calendar import Rules
from metrics.coverage import Coverage
from metrics.materialise import Known
from metrics.semantic import places
from metrics.semantic.model import GRAINS
from tests import engine
from tests.kinds import metric_of
from tests.tables import raw

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
THANKS = catalog.definitions()["thanks_given"]
MARTS = catalog.marts()
MART = MARTS["mart_thanks"]


def known(as_of: datetime = datetime(2026, 2, 1), **coverage: Coverage) -> Known:
    return Known(as_of, Rules(), coverage)


def test_the_calendar_has_every_day_of_every_period_that_is_touched() -> None:
    days = materialise.calendar(date(2026, 1, 31), known()).to_pylist()
    found = {grain: [row for row in days if row["grain"] == grain] for grain in ("week", "month", "quarter", "total")}
    assert {grain: len(rows) for grain, rows in found.items()} == {"week": 7, "month": 31, "quarter": 90, "total": 1}
    assert found["week"][0] == {
        "grain": "week",
        "day": date(2026, 1, 26),
        "starts_on": date(2026, 1, 26),
        "label": "2026-W05",
    }
    assert found["total"][0]["label"] == "all"


def test_a_build_that_ends_before_it_starts_has_an_empty_calendar() -> None:
    assert materialise.calendar(date(2026, 2, 1), known()).num_rows == 0


def test_what_a_feed_covers_is_known_and_else_from_the_first_day_of_the_mart_on() -> None:
    covered = known(mediawiki_logging=Coverage(JANUARY))
    assert materialise.frame_of(THANKS, MARTS, covered, {MART.name: date(2026, 1, 9)}).coverage.whole == JANUARY
    assert materialise.frame_of(THANKS, MARTS, known(), {MART.name: date(2026, 1, 9)}).coverage.whole == (
        date(2026, 1, 9),
        JANUARY[1],
    )


def test_of_a_mart_that_was_never_seen_nothing_is_known_whatever_its_feed_covers() -> None:
    covered = known(mediawiki_logging=Coverage(JANUARY))
    first, last = materialise.frame_of(THANKS, MARTS, covered, {}).coverage.whole
    assert first > last


@pytest.fixture
def build() -> Any:
    """`build(table)` computes the metrics of a database in which that is all the thanks there are."""
    connection = duckdb.connect()

    def computed(thanks: str) -> duckdb.DuckDBPyConnection:
        for name in catalog.marts():
            raw(connection, name, thanks if name == "mart_thanks" else "")
        connection.execute("CREATE TABLE meta_build AS SELECT 1 AS fiscal_year_start, 'sunday' AS week_start")
        connection.execute("CREATE TABLE meta_coverage (feed VARCHAR, wiki VARCHAR, starts_on DATE, ends_on DATE)")
        connection.execute("CREATE TABLE meta_delivered (feed VARCHAR, wiki VARCHAR, left_on DATE)")
        pipeline.compute_metrics(connection, datetime(2026, 2, 1))
        return connection

    yield computed
    connection.close()


def test_parts_and_values_and_what_they_were_made_of_are_kept(build: Any) -> None:
    connection = build("""
        thanked_at | wiki
        -----------+-------
        2026-01-05 | a.demo
        2026-01-05 | a.demo
        2026-01-20 | b.demo
    """)
    parts = "SELECT split, members, day, part, value FROM metric_part WHERE metric = 'thanks_given' ORDER BY ALL"
    assert connection.execute(parts).fetchall() == [
        ("", [], date(2026, 1, 5), "value", 2),
        ("", [], date(2026, 1, 20), "value", 1),
        ("wiki", ["a.demo"], date(2026, 1, 5), "value", 2),
        ("wiki", ["b.demo"], date(2026, 1, 20), "value", 1),
    ]
    values = (
        "SELECT grain, label, value, state FROM metric_value WHERE metric = 'thanks_given' AND split = '' ORDER BY ALL"
    )
    assert connection.execute(values).fetchall() == [
        ("fiscal_year", "FY2026", 3, "partial"),
        ("month", "2026-01", 3, "partial"),  # nobody knows of its first four days
        ("quarter", "2026Q1", 3, "partial"),
        ("total", "all", 3, "final"),
        ("week", "week of 2026-01-04", 2, "partial"),
        ("week", "week of 2026-01-11", 0, "final"),
        ("week", "week of 2026-01-18", 1, "final"),
        ("week", "week of 2026-01-25", 0, "final"),
    ]
    assert connection.execute("SELECT * FROM meta_mart").fetchall() == [("mart_thanks", date(2026, 1, 5), None)]
    metrics = connection.execute("SELECT metric, version, digest FROM meta_metric ORDER BY metric").fetchall()
    assert metrics == [(name, one.version, catalog.digest(one)) for name, one in sorted(catalog.definitions().items())]


def test_a_build_of_nothing_has_no_values(build: Any) -> None:
    connection = build("")
    for table in ("metric_part", "metric_value", "meta_calendar", "meta_mart"):
        assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchall() == [(0,)]


def test_what_is_read_in_cuts_is_what_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of long tables, with a row for every place, members of large dimensions are read in lots."""
    metrics = {name: replace(metric_of(name), dimensions=("queue", "language")) for name in ("quantile", "duration")}
    metrics = {one.id: replace(one, grains=GRAINS) for one in metrics.values()}
    table = """
        opened_at  | queue | language | first_response_hours | is_answered
        -----------+-------+----------+----------------------+------------
        2025-11-30 | a     | de       | 1                    | yes
        2025-12-01 | a     | fr       | 9                    | yes
        2025-12-07 | b     | de       | 4                    | no
        2025-12-08 | b     | nl       | 3.5                  | yes
        2026-01-05 | c     | nl       | 8                    | yes
        2026-01-06 |       | nl       | 2                    | yes
    """
    whole, in_cuts = (stored_values(table, metrics, rows, monkeypatch) for rows in (1_000_000, 1))
    assert whole == in_cuts
    medians = {key[1:]: value for key, value in whole.items() if key[0] == "a_quantile" and value is not None}
    assert medians["", "total", "all", ()] == pytest.approx(3.75)
    assert medians["", "month", "2025-12", ()] == 4
    assert medians["", "week", "2025-W48", ()] == 1
    assert medians["", "week", "2025-W49", ()] == 6.5
    assert medians["language", "total", "all", ("nl",)] == 3.5


LONG = [replace(metric_of(kind), dimensions=("queue", "language"), grains=GRAINS) for kind in ("quantile", "distinct")]


BEGUN = """
    opened_at           | queue | language | first_response_hours
    --------------------+-------+----------+---------------------
    2026-01-06 12:00:00 | a     | de       | 3
    2026-01-14 05:00:00 | a     | de       | 101
"""


def this_morning(table: str, start: date, rows: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    """All that is told of long metrics at half past six on a Wednesday."""
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", rows)
    with duckdb.connect() as connection:
        raw(connection, "mart_case", table)
        return engine.stored(connection, {one.id: one for one in LONG}, datetime(2026, 1, 14, 6, 30), start)


@pytest.mark.parametrize("rows", [1, 1_000_000])
def test_what_happened_on_a_day_that_is_not_over_is_in_its_week_and_in_no_total(
    monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    said = this_morning(BEGUN, date(2026, 1, 5), rows, monkeypatch)
    for split, members in (("", ()), ("queue", ("a",)), ("language", ("de",))):
        assert said["a_quantile", split, "total", "all", members] == 3
        assert said["a_quantile", split, "month", "2026-01", members] == 52
        assert said["a_quantile", split, "week", "2026-W03", members] == 101
        assert said["a_distinct", split, "total", "all", members] == 1


@pytest.mark.parametrize("rows", [1, 1_000_000])
def test_of_a_program_on_its_first_morning_nothing_is_told(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    table = BEGUN.replace("2026-01-06", "2026-01-14")
    assert this_morning(table, date(2026, 1, 14), rows, monkeypatch) == {}


def stored_values(table: str, metrics: Any, rows: int, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", rows)
    with duckdb.connect() as connection:
        raw(connection, "mart_case", table)
        return engine.stored(connection, metrics, datetime(2026, 2, 1), date(2025, 11, 1))


def test_what_is_remembered_of_busy_days_says_what_their_rows_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "EXACT_ROWS", 2)
    monkeypatch.setattr(places, "EXACT_THINGS", 1)
    metrics = {f"a_{kind}": replace(metric_of(kind), grains=GRAINS) for kind in ("quantile", "distinct")}  # type: ignore[arg-type]
    head = "opened_at | queue | language | first_response_hours\n---+---+---+---\n"
    old = "2026-01-05 | a | de | 1.5\n2026-01-05 | a | fr | 60\n2026-01-05 | b | de | 0.3\n2026-01-12 | b | nl | 2.5\n"
    new = "2026-01-20 | a | de | 0.7\n2026-01-20 | a | pl | 0.8\n2026-01-20 | b | pl | 0.9\n"
    covered = known(**dict.fromkeys(MARTS["mart_case"].feeds, Coverage(JANUARY)))
    whole, parts = remembering(head + old + new, metrics, covered, None)
    digests = {name: (catalog.digest(metric), None) for name, metric in metrics.items()}
    said = materialise.Remembered({"mart_case": date(2026, 1, 15)}, digests, parts)
    after, _ = remembering(head + new, metrics, covered, said)
    assert after == whole
    assert {row["error"] for row in whole if row["metric"] == "a_quantile" and row["n"]} == {None, places.NEAR}
    (told,) = (row for row in whole if (row["metric"], row["split"], row["grain"]) == ("a_distinct", "", "total"))
    assert (told["value"], told["n"], told["error"] is None) == (4, 7, False)


def remembering(table: str, metrics: Any, covered: Known, said: materialise.Remembered | None) -> Any:
    """All values of a build, and its parts."""
    with duckdb.connect() as connection:
        raw(connection, "mart_case", table)
        engine.build(connection, metrics, {"mart_case": MARTS["mart_case"]}, covered, said)
        values = connection.sql("SELECT * FROM metric_value ORDER BY ALL").to_arrow_table().to_pylist()
        return values, connection.sql("FROM metric_part").to_arrow_table()
