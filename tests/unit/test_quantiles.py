"""Quantiles of many periods and groups: exact where days are quiet, within 1 % where they are busy."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import catalog, evaluate, materialise, rollup
from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.quantiles import middles
from metrics.semantic import places, plan, sql
from metrics.semantic.model import Measure, Statistic
from metrics.stats.interval import quantile_interval
from tests.kinds import metric_of

AS_OF, DAY = datetime(2026, 3, 1), date(2026, 1, 5)
MARTS = catalog.marts()
HOURS = st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda one: one == 0 or abs(one) > 1e-6)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.register("meta_calendar", materialise.calendar(DAY, materialise.Known(AS_OF, Rules(), {})))
        yield found


def fill(connection: duckdb.DuckDBPyConnection, days: Sequence[Sequence[float]], queue: str = "threats") -> None:
    """A case for every value, day after day."""
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in MARTS["mart_case"].columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE mart_case AS SELECT {columns} LIMIT 0")
    rows = [(DAY + timedelta(days=at), queue, value) for at, values in enumerate(days) for value in values]
    query = "INSERT INTO mart_case (opened_at, queue, first_response_hours) VALUES (?, ?, ?)"
    if rows:
        connection.executemany(query, rows)


def of(connection: duckdb.DuckDBPyConnection, share: float = 0.5, split: tuple[str, ...] = ()) -> list[Figure]:
    """The quantile of January and February, by the compiled SQL."""
    metric = metric_of("quantile", statistic=Statistic(quantile=share))
    rolled = [
        (one, connection.sql(sql.text(query), params={"as_of": AS_OF}).to_arrow_table())
        for one in plan.adhoc(metric, MARTS, split)
        for query in [sql.rolled_up(one, split, sql.parts(one), grains=["month"])]
    ]
    rows = rollup.cells(rolled).get((metric.id, "month"), [])
    coverage = evaluate.Coverage((date(2026, 1, 1), AS_OF.date()))
    return evaluate.figures(metric, "month", rows, evaluate.Frame(AS_OF.date(), Rules(), coverage), len(split))


def test_on_a_quiet_day_a_quantile_is_exact_and_has_two_values_as_interval(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    fill(connection, [[1.5, 1.5, 4.25], [4.25, 4.25, 9]])
    january, february = of(connection)
    assert (january.value, january.low, january.high, january.n, january.error) == (4.25, 1.5, 9, 6, None)
    assert (february.value, february.n, february.state) == (None, None, "no_data")


def test_a_quantile_lies_between_the_rows_that_it_parts(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [[1, 1, 4, 4]])
    assert [(one.value, one.low, one.n) for one in of(connection)[:1]] == [(2.5, None, 4)]
    fill(connection, [[1] * 9 + [4] * 11])
    assert [(one.value, one.low, one.high) for one in of(connection, 0.9)[:1]] == [(4, 4, None)]


def test_a_metric_without_a_statistic_and_a_mart_without_rows_have_no_value(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    fill(connection, [])
    assert {one.value for one in of(connection)} == {None}


def test_on_a_busy_day_values_stand_in_bins_and_the_figure_says_so(connection: duckdb.DuckDBPyConnection) -> None:
    hours = np.random.default_rng(5).lognormal(2, 1, places.EXACT_ROWS + 1)
    fill(connection, [hours.tolist()])
    (january, _) = of(connection)
    assert january.error == places.NEAR == 0.01
    assert january.value == pytest.approx(np.median(hours), rel=0.01)
    assert january.value != np.median(hours)
    assert (january.low, january.high) == pytest.approx(quantile_interval(hours, 0.5), rel=0.01)
    fill(connection, [hours[1:].tolist()])
    (january, _) = of(connection)
    assert (january.value, january.error) == (pytest.approx(np.median(hours[1:]), rel=1e-12), None)


def test_whole_numbers_up_to_50_stay_what_they_are_on_the_busiest_day(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [[-3] * 300 + [0] * 300 + [7] * 600])
    assert [(one.value, one.low, one.error) for one in of(connection, 0.4)[:1]] == [(0, 0, None)]


def test_a_group_of_quiet_days_is_exact_beside_one_of_busy_days(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [[0.37] * 5, [0.37] * (places.EXACT_ROWS + 1)])
    connection.execute("UPDATE mart_case SET queue = 'quiet' WHERE CAST(opened_at AS DATE) = $day", {"day": DAY})
    told = {(one.group[0], one.label): (one.value, one.error) for one in of(connection, split=("queue",))}
    assert told["quiet", "2026-01"] == (0.37, None)
    assert told["threats", "2026-01"] == (pytest.approx(0.37, rel=0.01), 0.01)


@given(days=st.lists(st.lists(HOURS, max_size=6), min_size=1, max_size=4), share=st.sampled_from([0.1, 0.5, 0.9]))
def test_between_equal_signs_every_quantile_is_within_1_percent_of_the_exact_one(
    connection: duckdb.DuckDBPyConnection, days: list[list[float]], share: float
) -> None:
    """Of two neighbours of which one is below 0, the value between them can be near 0, and so is no measure."""
    days = [[abs(value) for value in values] for values in days]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "EXACT_ROWS", 3)
        fill(connection, days)
        (january, _) = of(connection, share)
    values = sorted(value for several in days for value in several)
    is_near = any(value > 50 or value % 1 for several in days if len(several) > 3 for value in several)
    assert january.n == (len(values) or None)
    assert january.error == (0.01 if is_near else None)
    if values:
        assert january.value == pytest.approx(np.quantile(values, share), rel=0.01 if is_near else 1e-12, abs=0)
        exact = quantile_interval(values, share) or (None, None)
        assert (january.low is None, january.high is None) == (exact[0] is None, exact[1] is None)


def test_bins_keep_the_order_of_values_and_stand_for_them_within_1_percent(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    sizes = np.exp(np.random.default_rng(8).uniform(-700, 700, 4_000))
    values = np.sort(np.concatenate((-sizes, sizes, [50.5, -50.5, 51, 1e-3])))
    fill(connection, [values.tolist()])
    (one,) = plan.adhoc(metric_of("quantile"), MARTS, ())
    query = sql.parts(one).order_by("first_response_hours").sql("duckdb")
    assert "GROUP BY" in query
    place = f"SELECT {places.place(one).sql('duckdb')} FROM (SELECT *, TRUE AS is_near FROM mart_case) ORDER BY first_response_hours"
    bins = connection.execute(place).fetchnumpy()
    numbers = next(iter(bins.values())).astype(float)
    assert (np.diff(numbers) >= 0).all()
    assert (np.sign(numbers) == np.sign(values)).all()
    assert np.abs(middles(numbers) / values - 1).max() <= places.NEAR


def test_whole_numbers_up_to_50_would_have_bins_of_their_own() -> None:
    """So that it costs no places to leave them what they are."""
    assert np.exp(1 / places.BINS_FOR_E) < places.WHOLE / (places.WHOLE - 1)


def test_conditions_and_waiting_hold_in_bins_too(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [[0.37] * 600 + [99.0] * 600])
    measure = Measure("value", "first_response_hours", where="first_response_hours < 50")
    (one,) = plan.adhoc(metric_of("quantile", measure=measure), MARTS, ())
    told = connection.execute(sql.text(sql.parts(one)), {"as_of": AS_OF}).fetchall()
    assert sorted(row[2:] for row in told if row[2:] != (None, None)) == [(None, 600.0)]
