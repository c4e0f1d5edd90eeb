"""The SQL of passes and roll-ups: what it gives on a few rows, and that Spark could run it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from metrics import catalog, materialise
from metrics.calendar import Rules
from metrics.semantic import plan, sql
from metrics.semantic.model import Kind, Measure
from tests.kinds import metric_of
from tests.tables import raw

MART = catalog.marts()["mart_case"]
# Functions that mean the same in every engine; all but CONV have one name.
PLAIN = {"Count", "CountIf", "Sum", "Coalesce", "Nullif", "And", "Or", "Case", "If", "Abs", "Sign", "Floor", "Ln", "MD5",
         "Concat", "Substring", "CONV"}  # fmt: skip
CASES = """
    opened_at           | queue   | language | first_response_hours | is_answered | resolved_at | resolution_hours
    --------------------+---------+----------+----------------------+-------------+-------------+-----------------
    2026-01-05T08:00:00 | threats | de       | 2                    | yes         | 2026-01-07  | 40
    2026-01-05T23:59:59 | threats | fr       | 3                    | yes         |             | 40
    2026-01-06T00:00:00 |         | de       | 3                    | no          |             | 40
    2026-01-20T00:00:00 | threats | de       | 9                    | yes         | 2026-01-20  | 40
"""
AS_OF = datetime(2026, 1, 20)


@pytest.fixture
def mart() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        raw(connection, "mart_case", CASES)
        yield connection


def parts(
    mart: duckdb.DuckDBPyConnection, kind: Kind, columns: str, where: sql.Where = (), **changed: Any
) -> list[Any]:
    """These columns of the parts of a metric of this kind by queue, a row for every part, sorted."""
    passes = plan.adhoc(metric_of(kind, **changed), {MART.name: MART}, ("queue",))
    for one in passes:
        mart.execute(f"DROP TABLE IF EXISTS {one.table}")
        mart.execute(sql.text(sql.created(one.table, sql.parts(one, where))), {"as_of": AS_OF})
    query = exp.select(*columns.split()).from_(sql.union([sql.told_apart(one) for one in passes]).subquery("parts"))
    return sorted(mart.execute(sql.text(query)).fetchall(), key=str)


def test_parts_are_counted_by_day_and_member_and_the_unknown_moment_is_not_in_them(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    found = parts(mart, "ratio", "day members part value")
    assert found == [
        (date(2026, 1, 5), ["threats"], "denominator", 2),
        (date(2026, 1, 5), ["threats"], "numerator", 2),
        (date(2026, 1, 6), ["unknown"], "denominator", 1),  # no numerator of 0 is stored
    ]


def test_a_part_counts_only_rows_whose_window_is_over(mart: duckdb.DuckDBPyConnection) -> None:
    assert parts(mart, "count", "day value", days=14, measure=Measure("count", "*")) == [
        (date(2026, 1, 5), 2),
        (date(2026, 1, 6), 1),  # over exactly at the cutoff
    ]
    assert parts(mart, "count", "day value", days=15, measure=Measure("count", "*")) == []


def test_sums_and_squares_leave_out_what_is_missing(mart: duckdb.DuckDBPyConnection) -> None:
    mart.execute("UPDATE mart_case SET first_response_hours = NULL WHERE language = 'fr'")
    assert parts(
        mart, "mean", "part value", measure=Measure("mean", "first_response_hours", where="queue = 'threats'")
    ) == [
        ("n", 1),
        ("squares", 4),
        ("sum", 2),
    ]
    assert parts(mart, "sum", "part value") == [("value", 2), ("value", 3)]


def test_durations_keep_their_place_on_the_scale(mart: duckdb.DuckDBPyConnection) -> None:
    columns = 'part "at" value'
    assert parts(mart, "duration", columns) == [("censored", 3, 1), ("event", 2, 1), ("event", 3, 1)]
    assert parts(mart, "quantile", columns) == [("event", 2, 1), ("event", 3, 1), ("event", 3, 1)]


def test_answers_keep_their_stratum_and_its_size(mart: duckdb.DuckDBPyConnection) -> None:
    assert parts(mart, "survey_share", 'part stratum "at" value') == [("no", None, 40, 1), ("yes", "threats", 40, 2)]


def test_a_stock_knows_when_rows_come_and_when_they_go(mart: duckdb.DuckDBPyConnection) -> None:
    assert parts(mart, "stock", "part day value") == [
        ("in", date(2026, 1, 5), 2),
        ("in", date(2026, 1, 6), 1),
        ("out", date(2026, 1, 7), 1),
    ]


def test_where_keeps_one_member_also_of_what_is_not_known(mart: duckdb.DuckDBPyConnection) -> None:
    every = Measure("count", "*")
    assert parts(mart, "count", "value", [("language", "de")], measure=every) == [(1,), (1,)]
    assert parts(mart, "count", "value", [("queue", "unknown"), ("language", "de")], measure=every) == [(1,)]
    assert parts(mart, "count", "value", [("queue", "it's")], measure=every) == []


def test_the_roll_up_sums_parts_over_periods_members_and_days(mart: duckdb.DuckDBPyConnection) -> None:
    metric = metric_of("count", measure=Measure("count", "*"))
    known = materialise.Known(AS_OF, Rules(), {})
    mart.register("meta_calendar", materialise.calendar(date(2026, 1, 5), known))
    (one,) = plan.adhoc(metric, {MART.name: MART}, ("queue", "language"))
    mart.execute(sql.text(sql.created(one.table, sql.parts(one))), {"as_of": AS_OF})

    def rolled(*keep: str, **asked: Any) -> list[Any]:
        anew = sql.rolled_up(one, keep, sql.parts(one), grains=["month"], **asked)
        found = mart.execute(sql.text(anew), {"as_of": AS_OF}).fetchall()
        assert mart.execute(sql.text(sql.rolled_up(one, keep, grains=["month"], **asked))).fetchall() == found
        return [(*row[1 : 1 + len(keep)], row[-1]) for row in found]

    assert rolled() == [(3,)]
    assert rolled("language") == [("de", 2), ("fr", 1)]
    assert rolled("language", "queue") == [("de", "threats", 1), ("de", "unknown", 1), ("fr", "threats", 1)]
    assert rolled("language", where=[("queue", "threats")]) == [("de", 1), ("fr", 1)]
    assert rolled(days=(date(2026, 1, 6), None)) == [(1,)]
    assert rolled(days=(None, date(2026, 1, 5))) == [(2,)]
    every_grain = mart.execute(sql.text(sql.rolled_up(one, ()))).fetchall()
    assert [(row[0], row[-1]) for row in every_grain] == [
        ("fiscal_year", 3), ("month", 3), ("quarter", 3), ("total", 3), ("week", 3),
    ]  # fmt: skip


def test_a_part_that_is_not_there_stays_missing_in_the_roll_up_and_a_sum_of_nothing_but_zeros_is_0(
    mart: duckdb.DuckDBPyConnection,
) -> None:
    mart.execute("UPDATE mart_case SET first_response_hours = 0 WHERE queue IS NULL")
    metric = metric_of(
        "ratio", numerator=Measure("sum", "first_response_hours"), denominator=Measure("count", "*", "language = 'fr'")
    )
    mart.register("meta_calendar", materialise.calendar(date(2026, 1, 5), materialise.Known(AS_OF, Rules(), {})))
    (one,) = plan.adhoc(metric, {MART.name: MART}, ("queue",))
    query = sql.rolled_up(one.only({metric.id}), ["queue"], sql.parts(one), grains=["total"])
    rows = [row[1:2] + row[3:5] for row in mart.execute(sql.text(query), {"as_of": AS_OF}).fetchall()]
    assert rows == [("threats", 5, 1), ("unknown", 0, None)]


def test_the_first_day_on_which_anything_counted_is_of_parts_that_are_there(mart: duckdb.DuckDBPyConnection) -> None:
    metric = metric_of("count", measure=Measure("count", "*", "language = 'de' AND queue IS NULL"))
    (one,) = plan.adhoc(metric, {MART.name: MART}, ("queue",))
    mart.execute(sql.text(sql.created(one.table, sql.parts(one))), {"as_of": AS_OF})

    def first(**asked: Any) -> Any:
        return mart.execute(sql.text(sql.first_day(one, **asked))).fetchall()

    assert first() == [(date(2026, 1, 6),)]
    assert first(where=[("queue", "unknown")]) == [(date(2026, 1, 6),)]
    assert first(where=[("queue", "threats")]) == [(None,)]


def spark(query: exp.Expr) -> exp.Expr:
    """The query as Spark would read it; an error where sqlglot knows something that Spark cannot do."""
    written = sql.text(query, "spark")
    assert query.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    return sqlglot.parse_one(written, dialect="spark", error_level=sqlglot.ErrorLevel.RAISE)


@pytest.mark.parametrize("name", sorted(catalog.definitions()))
def test_every_pass_and_roll_up_carries_over_to_spark(name: str) -> None:
    for one in plan.passes([catalog.definitions()[name]], catalog.marts()):
        asked = {"where": [(one.split[0], "it's")] if one.split else (), "days": (date(2026, 1, 1),) * 2}
        for query in (sql.parts(one), sql.rolled_up(one, one.split, grains=["week"], **asked)):
            read = spark(query)
            found = list(read.find_all(exp.Func))
            functions = {one.name if isinstance(one, exp.Anonymous) else type(one).__name__ for one in found}
            functions -= {"Cast", "TryCast"}
            assert functions <= PLAIN
        assert spark(sql.parts(one)).named_selects == [*one.keys, *(part.column for part in one.parts)]
