"""Different things of many periods and groups: exact where days have few, by a sketch with its error where they have more."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pytest

from metrics import catalog, distinct, evaluate, materialise, rollup
from metrics.answer import Figure
from metrics.calendar import Rules
from metrics.semantic import places, plan, sql
from metrics.semantic.model import Grain
from metrics.stats.distinct import estimate
from tests.kinds import metric_of

AS_OF, DAY = datetime(2026, 3, 1), date(2026, 1, 5)
MARTS = catalog.marts()


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.register("meta_calendar", materialise.calendar(DAY, materialise.Known(AS_OF, Rules(), {})))
        yield found


def fill(connection: duckdb.DuckDBPyConnection, days: Sequence[Sequence[str | None]], queue: str = "a") -> None:
    """A case for every word, day after day, in the column of which the metric counts different ones."""
    columns = ", ".join(f"NULL::{kind} AS {name}" for name, kind in MARTS["mart_case"].columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE mart_case AS SELECT {columns} LIMIT 0")
    for at, words in enumerate(days):
        query = "INSERT INTO mart_case (opened_at, queue, language) SELECT $day, $queue, UNNEST($words::VARCHAR[])"
        connection.execute(query, {"day": DAY + timedelta(days=at), "queue": queue, "words": list(words)})


def of(connection: duckdb.DuckDBPyConnection, by: Grain = "month", split: tuple[str, ...] = ()) -> list[Figure]:
    """How many there are in each period, by the compiled SQL."""
    metric = metric_of("distinct")
    rolled = [
        (one, connection.sql(sql.text(query), params={"as_of": AS_OF}).to_arrow_table())
        for one in plan.adhoc(metric, MARTS, split)
        for query in [sql.rolled_up(one, split, sql.parts(one), grains=[by])]
    ]
    rows = rollup.cells(rolled).get((metric.id, by), [])
    frame = evaluate.Frame(AS_OF.date(), Rules(), evaluate.Coverage((DAY, AS_OF.date())))
    return evaluate.figures(metric, by, rows, frame, len(split))


def words(count: int, first: int = 0) -> list[str | None]:
    return [f"word {first + at}" for at in range(count)]


def test_what_comes_back_is_counted_once_in_each_period_and_in_the_whole(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [["de", "de", "fr"], *[[]] * 6, ["de", "nl", None]])
    assert [one.value for one in of(connection, "week")][:3] == [2, 2, 0]
    (january, february) = of(connection)
    assert (january.value, january.n, january.low, january.high, january.error) == (3, 5, None, None, None)
    assert (february.value, february.n) == (0, 0)


def test_groups_do_not_add_up(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [["de", "fr", "nl"]])
    connection.execute("INSERT INTO mart_case (opened_at, queue, language) VALUES ($day, 'b', 'de')", {"day": DAY})
    told = {one.group: one.value for one in of(connection, "total", ("queue",))}
    assert told == {("a",): 3, ("b",): 1}
    assert [one.value for one in of(connection, "total")] == [3]


def test_a_day_of_more_than_1000_is_told_by_a_sketch_with_its_error(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [words(places.EXACT_THINGS)])
    assert [(one.value, one.error) for one in of(connection, "total")] == [(1000, None)]
    fill(connection, [words(1001)])
    (one,) = of(connection, "total")
    assert one.error == pytest.approx(0.01, abs=0.006)
    value, low, high = (number or 0 for number in (one.value, one.low, one.high))
    assert low <= 1001 <= high
    assert (one.n, high - value, value - low) == (1001, round(value * (one.error or 0)), high - value)


def test_few_that_are_told_by_a_sketch_are_told_exactly(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [words(1500)])
    connection.execute("INSERT INTO mart_case (opened_at, queue, language) VALUES ($day, 'b', 'de')", {"day": DAY})
    assert {one.group: one.value for one in of(connection, "total", ("queue",))}[("b",)] == 1


def test_quiet_days_are_folded_into_the_sketch_of_busy_ones(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "EXACT_THINGS", 3)
    fill(connection, [["de", "fr", "nl"], ["fr", "nl", "pl", "sv", "tr"], ["de", "fi"]])
    assert [one.value for one in of(connection, "total")] == [7]


def test_a_hash_is_folded_as_the_sql_folds_it(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(connection, [words(20_000)])
    (one,) = plan.adhoc(metric_of("distinct"), MARTS, ())
    found = []
    for most in (20_000, 0):
        monkeypatch.setattr(places, "EXACT_THINGS", most)
        found.append({row[1] for row in connection.execute(sql.text(sql.parts(one)), {"as_of": AS_OF}).fetchall()})
    hashes, bits = found
    assert len(hashes) == 20_000
    assert min(hashes) >= 0
    assert max(hashes) < 2**52
    assert set(distinct.folded(np.array(sorted(hashes))).tolist()) == bits


def test_the_ends_of_the_scale_are_folded_to_the_ends_of_the_sketch(connection: duckdb.DuckDBPyConnection) -> None:
    """2 ** 52 - 1 has no zero in front and sets the bit 0 of the last bucket; 0 the last bit of the first."""
    ends = [0, places.BUCKETS - 1, places.BUCKETS, 2**40 * places.BUCKETS - 1, 2**39 * places.BUCKETS]
    bits = distinct.folded(np.array(ends, float))
    last = places.BUCKETS * places.BITS
    assert bits.tolist() == [-41, -(last - 64 + 41), -40, -(last - 63), -1]
    text = places.place(plan.adhoc(metric_of("distinct"), MARTS, ())[0]).sql("duckdb")
    told = connection.execute(
        f"SELECT {text} FROM (SELECT UNNEST($ends::BIGINT[]) AS hash_of, TRUE AS is_near, '' AS language)",
        {"ends": ends},
    )
    assert [row[0] for row in told.fetchall()] == bits.tolist()


@pytest.mark.parametrize("things", [2_000, 30_000])
def test_over_many_seeds_the_error_is_no_larger_than_it_is_said_to_be(things: int) -> None:
    off, reach = [], []
    for seed in range(60):
        hashes = np.random.default_rng(seed).integers(0, 2**52, things).astype(float)
        ranks = (-np.unique(distinct.folded(hashes)).astype(np.int64) - 1) % places.BITS
        told = estimate([np.bincount(ranks, minlength=places.RANKS)], places.BUCKETS)
        off.append(told.value[0] / things - 1)
        reach.append(told.error[0])
    assert np.sqrt(np.square(off).mean()) < 1.04 / np.sqrt(places.BUCKETS)
    assert (np.abs(off) < reach).mean() >= 0.85
    assert max(reach) < 0.025
