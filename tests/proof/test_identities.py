"""What must be equal is equal, for every metric that the demo program has figures of: periods, groups, parts and wholes.

Identities are tried on what a build stores, before anything is withheld; those that people see go through the door.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.warehouse.connect import Reader
from metrics.calendar import Rules, year_before
from metrics.query import ask, definitions
from tests import engine
from tests.tables import raw

METRICS = definitions()
ADDED = {  # what adds up, by kind; of the others the rows that they rest on
    "count": ("value",),
    "sum": ("value",),
    "ratio": ("numerator", "denominator"),
    "mean": ("numerator", "denominator"),
}
INSIDE = [("quarter", "month"), ("fiscal_year", "quarter"), ("fiscal_year", "month")]
NEAR = 1e-9
RATES = sorted(name for name, one in METRICS.items() if one.has_exposure)
# Where there is no rate, what each side counted stays behind the door, to withhold by.
TOLD = f"(value IS NOT NULL OR NOT CONTAINS({RATES}, metric))"


FIRST_OF_A_GROUP = """
    SELECT DISTINCT (grain, starts_on) FROM metric_value
    WHERE metric = $metric AND split = $split AND value IS NULL AND numerator > 0 AND denominator > 0
"""


@pytest.fixture(scope="module")
def build(demo_build: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with Reader(demo_build).cursor() as cursor:
        yield cursor


@pytest.fixture(autouse=True)
def asked_here(demo_build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPSTANDER_HOME", str(demo_build))


def kinds(*wanted: str) -> list[str]:
    return sorted(name for name, one in METRICS.items() if one.kind in wanted)


def columns(name: str) -> tuple[str, ...]:
    return ADDED.get(METRICS[name].kind, ("n",))


def uneven(build: duckdb.DuckDBPyConnection, name: str, wholes: str, parts: str) -> list[tuple]:
    """Wholes that are not the sum of their parts.

    wholes: SELECT of `whole` (what it is of), added. parts: the same with a row for each part.
    """
    found = build.execute(
        f"""
        WITH whole AS ({wholes}), part AS ({parts}),
        together AS (SELECT whole, SUM(COALESCE(added, 0)) AS added FROM part GROUP BY whole)
        SELECT whole.whole, whole.added, together.added
        FROM whole LEFT JOIN together USING (whole)
        WHERE whole.added IS NOT NULL
        """,
        {"metric": name},
    ).fetchall()
    return [one for one in found if one[2] is None or abs(one[1] - one[2]) > NEAR * max(1, abs(one[1]))]


@pytest.mark.parametrize(("long", "short"), INSIDE, ids=lambda one: one)
@pytest.mark.parametrize("name", sorted(set(METRICS) - set(kinds("stock"))))
def test_a_long_period_is_the_sum_of_the_short_ones_in_it_for_each_group(build, name, long, short):
    if not {long, short} <= set(METRICS[name].grains):
        return
    for column in columns(name):
        wholes = f"""
            SELECT (split, members, starts_on) AS whole, {column} AS added
            FROM metric_value WHERE metric = $metric AND grain = '{long}' AND {TOLD}
        """
        parts = f"""
            SELECT (long.split, long.members, long.starts_on) AS whole, short.{column} AS added
            FROM metric_value AS long
            JOIN metric_value AS short USING (metric, split, members)
            WHERE metric = $metric AND long.grain = '{long}' AND short.grain = '{short}'
              AND short.starts_on BETWEEN long.starts_on AND long.ends_on
        """
        assert uneven(build, name, wholes, parts) == []


@pytest.mark.parametrize("name", kinds("stock"))
def test_what_is_open_at_the_end_of_a_long_period_is_open_at_the_end_of_its_last_short_one(build, name):
    for long, short in INSIDE:
        wrong = build.execute(
            """
            SELECT long.split, long.members, long.label, long.value, ARG_MAX(short.value, short.starts_on) AS last
            FROM metric_value AS long
            JOIN metric_value AS short USING (metric, split, members)
            WHERE metric = $metric AND long.grain = $long AND short.grain = $short
              AND short.starts_on BETWEEN long.starts_on AND long.ends_on
            GROUP BY ALL
            HAVING long.value IS DISTINCT FROM last
            """,
            {"metric": name, "long": long, "short": short},
        ).fetchall()
        assert wrong == []


@pytest.mark.parametrize("name", sorted(METRICS))
def test_the_groups_of_each_dimension_are_the_whole_in_each_period(build, name):
    """Of rates the total is of the wikis that both sides know, as are the groups, but where one of them begins."""
    for column in columns(name):
        for dimension in METRICS[name].dimensions:
            wholes = f"""
                SELECT (grain, starts_on) AS whole, {column} AS added
                FROM metric_value WHERE metric = $metric AND split = '' AND {TOLD}
            """
            parts = f"""
                SELECT (grain, starts_on) AS whole, {column} AS added
                FROM metric_value WHERE metric = $metric AND split = '{dimension}' AND {TOLD}
            """
            wrong = uneven(build, name, wholes, parts)
            first = build.execute(FIRST_OF_A_GROUP, {"metric": name, "split": dimension}).fetchall()
            assert [one for one in wrong if one[1] != 0 and one[:1] not in first] == []  # nothing there, no group


@pytest.mark.parametrize("name", kinds("ratio", "survey_share"))
def test_no_share_is_more_than_all_and_each_interval_holds_its_value(build, name):
    metric = METRICS[name]
    is_share = metric.is_share or metric.kind == "survey_share"
    wrong = build.execute(
        """
        SELECT split, members, grain, label, value, low, high, numerator, denominator
        FROM metric_value
        WHERE metric = $metric AND value IS NOT NULL AND (
          NOT COALESCE(value BETWEEN low - 1e-12 AND high + 1e-12, true)
          OR $is_share AND (value NOT BETWEEN 0 AND 1 OR numerator > denominator OR numerator < 0)
        )
        """,
        {"metric": name, "is_share": is_share},
    ).fetchall()
    assert wrong == []


def test_nothing_that_has_no_value_has_a_number_and_nothing_final_is_without(build):
    """Of a median that most cases have not reached yet only the lower bound is known."""
    wrong = build.execute(
        """
        SELECT metric, split, members, grain, label, state
        FROM metric_value
        WHERE value IS NULL AND COALESCE(high, numerator, denominator) IS NOT NULL AND NOT CONTAINS($rates, metric)
          OR value IS NULL AND low IS NOT NULL AND NOT CONTAINS($durations, metric)
          OR state IN ('no_data', 'too_early') AND value IS NOT NULL
          OR state IN ('final', 'maturing') AND value IS NULL
        """,
        {"durations": kinds("duration"), "rates": RATES},
    ).fetchall()
    assert wrong == []


@pytest.mark.parametrize("split", [(), ("wiki",)], ids=["all together", "by wiki"])
def test_active_editors_of_the_demo_are_new_or_returning_and_so_are_those_that_are_shown(build, split):
    names = ("active_editors", "new_active_editors", "returning_active_editors")
    stored = build.execute(
        """
        SELECT label, members, SUM(CASE metric WHEN 'active_editors' THEN value ELSE -value END) AS rest
        FROM metric_value
        WHERE CONTAINS($names, metric) AND grain = 'month' AND split = $split AND state = 'final'
        GROUP BY ALL
        """,
        {"names": list(names), "split": ",".join(split)},
    ).fetchall()
    assert len(stored) > 12
    assert [row for row in stored if row[2] != 0] == []
    told = [
        {(one.label, one.group): one.value for one in ask(name, by="month", split=split, audience="program").figures}
        for name in names
    ]
    shared = [key for key in told[0] if all(one.get(key) is not None for one in told)]
    assert len(shared) > 12
    assert [key for key in shared if told[0][key] != told[1][key] + told[2][key]] == []


@given(
    st.lists(
        st.tuples(
            st.sampled_from([date(2026, 1, 1), date(2026, 2, 1)]),
            st.sampled_from(["a.demo", "b.demo", None]),
            st.sampled_from(["account", "temporary_account", "bot"]),
            st.sampled_from([0, 4, 5, 99, 100]),
            st.booleans(),
        ),
        min_size=1,
    )
)
def test_active_editors_of_any_rows_are_new_or_returning(rows):
    """Of each month and wiki, also where nobody is new."""
    names = ("active_editors", "new_active_editors", "returning_active_editors")
    with duckdb.connect() as connection:
        raw(connection, "mart_editor_month", "")
        connection.executemany(
            "INSERT INTO mart_editor_month (month_at, wiki, editor_kind, content_edit_count, is_new) "
            "VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        for split in ((), ("wiki",)):
            asked = {"as_of": datetime(2026, 3, 1), "start": date(2026, 1, 1), "split": split}
            active, new, returning = (engine.values(connection, METRICS[name], **asked) for name in names)
            for key in {*active, *new, *returning}:
                assert active[key] == new.get(key, 0) + returning.get(key, 0)


SAME = (  # two names for one number
    ("reports_begun.value", "report_started_share.denominator"),
    ("report_started_share.numerator", "report_submission_share.denominator"),
    ("report_submission_share.denominator", "report_abandonment_share.denominator"),
    ("emergencies_opened.value", "emergencies_acknowledged_share.denominator"),
    ("emergencies_opened.value", "emergencies_per_responder_day.numerator"),
    ("rota_coverage_share.numerator", "emergencies_per_responder_day.denominator"),
    ("case_rated_share.numerator", "case_satisfaction_share.denominator"),
)
NO_MORE = (  # the first of each is among the second
    ("report_submission_share.numerator", "report_submission_share.denominator"),
    ("report_submission_share.denominator", "reports_begun.value"),
    ("block_recidivism_30d.numerator", "block_recidivism_90d.numerator"),
    ("emergencies_opened.value", "cases_opened.value"),
    ("cases_open_30d.value", "cases_open.value"),
    ("partial_block_share.denominator", "blocks_set.value"),
    ("partial_block_share.numerator", "blocks_set.value"),
    ("rota_coverage_share.numerator", "rota_coverage_share.denominator"),
)


def beside(build: duckdb.DuckDBPyConnection, one: str, other: str) -> list[tuple]:
    """Two numbers, as metric.column, of every settled period and group of which both are told."""
    (first, told), (second, beside) = one.split("."), other.split(".")
    return build.execute(
        f"""
        SELECT one.{told}, other.{beside}, split, members, grain, one.label
        FROM metric_value AS one
        JOIN metric_value AS other USING (split, members, grain, starts_on, ends_on)
        WHERE one.metric = $one AND other.metric = $other AND one.state = 'final' AND other.state = 'final'
          AND one.{told} IS NOT NULL AND other.{beside} IS NOT NULL
        """,
        {"one": first, "other": second},
    ).fetchall()


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_thing_counted_under_two_names_is_one_number(build, one, other):
    found = beside(build, one, other)
    assert len(found) > 20
    assert [row for row in found if row[0] != row[1]] == []


@pytest.mark.parametrize(("one", "other"), NO_MORE)
def test_what_is_counted_among_others_is_no_more_than_they_are(build, one, other):
    """So that the steps of the report form go down, from begun over started to submitted."""
    found = beside(build, one, other)
    assert len(found) > 20
    assert [row for row in found if row[0] > row[1]] == []


@pytest.mark.parametrize("grain", ["week", "month", "quarter"])
def test_what_came_less_what_went_is_the_change_of_what_is_open(build, grain):
    """Of cases a reopening is one more that came; of the first period the change is from what was open before."""
    wrong = build.execute(
        """
        WITH moved AS (
            SELECT starts_on,
                MAX(value) FILTER (metric = 'cases_open') AS open,
                MAX(value) FILTER (metric = 'cases_opened') + MAX(value) FILTER (metric = 'cases_reopened') AS came,
                MAX(value) FILTER (metric = 'cases_closed') AS went
            FROM metric_value WHERE split = '' AND grain = $grain
            GROUP BY starts_on
            HAVING open IS NOT NULL
        ),
        changed AS (SELECT *, open - LAG(open, 1, 0.0) OVER (ORDER BY starts_on) AS change FROM moved)
        SELECT starts_on, change, came, went FROM changed WHERE change IS DISTINCT FROM came - went
        """,
        {"grain": grain},
    ).fetchall()
    assert wrong == []


@pytest.mark.parametrize("grain", ["week", "month", "quarter", "fiscal_year"])
@pytest.mark.parametrize("name", kinds("count", "sum"))
def test_all_periods_of_a_grain_are_the_total(build, name, grain):
    """So that weeks come to what months do, from Monday or over the turn of a year, since both are the days."""
    if not {grain, "total"} <= set(METRICS[name].grains):
        return
    wrong = build.execute(
        """
        SELECT split, members, total.value, SUM(parts.value) AS together
        FROM metric_value AS total
        JOIN metric_value AS parts USING (metric, split, members)
        WHERE metric = $metric AND total.grain = 'total' AND parts.grain = $grain AND total.value IS NOT NULL
        GROUP BY ALL
        HAVING together IS NULL OR ABS(total.value - together) > 1e-9 * GREATEST(1, ABS(total.value))
        """,
        {"metric": name, "grain": grain},
    ).fetchall()
    assert wrong == []


def test_what_is_shown_of_a_running_month_is_the_total_of_its_days_and_as_many_of_the_year_before_can_be_asked():
    rules, answer = Rules(), ask("cases_opened", by="month", audience="program")
    last = answer.as_of - timedelta(days=1)
    running = next(one for one in answer.figures if one.start <= last <= one.end)
    start, _ = year_before(running.start, "month", rules)
    spans = (running.start, last), (start, start + (last - running.start))
    (so_far,), (before,) = (
        ask("cases_opened", by="total", start=first, end=end, audience="program").figures for first, end in spans
    )
    assert (running.state, so_far.value) == ("partial", running.value)
    assert (so_far.end - so_far.start, before.end) == (before.end - before.start, date(2025, 11, last.day))
    assert before.value < next(one.value for one in answer.figures if one.start == start)


def test_a_fiscal_year_begins_in_july_and_is_named_by_its_end():
    figures = ask("cases_opened", by="fiscal_year", audience="program").figures
    assert all((one.start.month, one.start.day, one.end.month) == (7, 1, 6) for one in figures)
    assert all(one.label == f"FY{one.end.year}" for one in figures)
    assert figures[-1].start <= date(2026, 11, 18) <= figures[-1].end
