"""Roll-ups as arrays: what belongs to a metric and grain, and where it is told."""

from datetime import date

import numpy as np
import pyarrow as pa

from metrics import catalog, rollup
from metrics.calendar import Rules, periods
from metrics.semantic import plan
from tests.kinds import metric_of

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
MONTHS = periods(JANUARY, date(2026, 2, 28), "month", Rules())


def test_a_roll_up_is_told_apart_by_grain_and_metric_and_groups_come_by_name() -> None:
    one = plan.adhoc(metric_of("count"), catalog.marts(), ("queue", "language"))[0]
    (both,) = plan.adhoc(metric_of("mean"), catalog.marts(), ("queue", "language"))
    several = plan.Pass(one.mart, one.day, one.split, None, None, (*one.parts, *both.parts))
    table = pa.table(
        {
            "grain": ["week", "month", "month"],
            "queue": ["b", "b", "a"],
            "language": ["x", "x", "y"],
            "starts_on": [JANUARY, JANUARY, FEBRUARY],
            "a_count__value": [1.0, 2.0, None],
            "a_mean__n": [None, 3.0, 4.0],
            "a_mean__sum": [None, 6.0, 8.0],
            "a_mean__squares": [None, 12.0, 16.0],
        }
    )
    found = rollup.cells([(several, table)])
    assert set(found) == {("a_count", "week"), ("a_count", "month"), ("a_mean", "week"), ("a_mean", "month")}
    (rows,) = found["a_mean", "month"]
    assert [rows.groups[at] for at in rows.group] == [("b", "x"), ("a", "y")]
    assert list(rows.groups) == [("a", "y"), ("b", "x")]
    assert rows.start.tolist() == [JANUARY.toordinal(), FEBRUARY.toordinal()]
    assert rows.parts["sum"].tolist() == [6, 8]
    assert rollup.is_there(found["a_count", "month"][0]).tolist() == [True, False]
    assert not rollup.is_there(found["a_mean", "week"][0]).any()


def test_an_empty_roll_up_says_nothing() -> None:
    (one,) = plan.adhoc(metric_of("count"), catalog.marts(), ())
    table = pa.table(
        {
            "grain": pa.array([], pa.string()),
            "starts_on": pa.array([], pa.date32()),
            "a_count__value": pa.array([], pa.float64()),
        }
    )
    assert rollup.cells([(one, table)]) == {}


def rows(starts: list[date], values: list[float], groups: list[int]) -> rollup.Rows:
    return rollup.Rows(
        [("a",), ("b",)], np.array(groups), np.array([one.toordinal() for one in starts]), {"value": np.array(values)}
    )


def test_rows_are_placed_by_group_and_period_and_what_is_neither_told_nor_before_is_left_out() -> None:
    given = rows([date(2025, 12, 1), JANUARY, FEBRUARY, date(2026, 3, 1)], [7, 1, 2, 9], [1, 0, 1, 1])
    placed = rollup.Placed.of(given, [("a",), ("b",)], MONTHS, "month")
    matrix = placed.matrix("value", (2, 2))
    assert np.isnan(matrix[0, 1])
    assert (matrix[0, 0], matrix[1, 1]) == (1, 2)
    assert placed.before("value", 2).tolist() == [0, 7]


def test_a_total_has_one_place_whatever_day_it_is_said_to_start_on() -> None:
    given = rows([date(2001, 1, 1)], [5], [0])
    whole = periods(JANUARY, FEBRUARY, "total", Rules())
    assert rollup.Placed.of(given, [("a",)], whole, "total").matrix("value", (1, 1)).tolist() == [[5]]
    assert rollup.Placed.of(given, [("a",)], (), "total").matrix("value", (1, 0)).size == 0


def test_pieces_of_one_period_and_group_stand_together_and_parts_that_are_not_there_are_left_out() -> None:
    nan = np.nan
    given = rollup.Rows(
        [("a",), ("b",)],
        np.array([0, 1, 0, 1]),
        np.array([JANUARY.toordinal()] * 3 + [FEBRUARY.toordinal()]),
        {"event": np.array([10.0, nan, 20.0, 40.0]), "censored": np.array([nan, 30.0, nan, nan])},
        at=np.array([1.0, 2.0, 3.0, 4.0]),
    )
    found = rollup.scaled([rollup.Placed.of(given, [("a",), ("b",)], MONTHS, "month")])
    assert {place: sorted(cell) for place, cell in found.items()} == {
        (0, 0): ["event"], (1, 0): ["censored"], (1, 1): ["event"],
    }  # fmt: skip
    assert found[0, 0]["event"].value.tolist() == [10, 20]
    assert found[0, 0]["event"].at.tolist() == [1, 3]
    assert found[1, 0]["censored"].at.tolist() == [2]
