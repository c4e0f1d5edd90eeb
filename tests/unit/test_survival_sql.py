"""Curves of whole marts in one query: the same as of each group by itself, and Spark could run it."""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from metrics.semantic import sql, survival
from metrics.stats.survival import REACHED, KaplanMeier, kaplan_meier

Row = tuple[str | None, float, bool, int]

VECTORS = Path(__file__).parents[1] / "against" / "vectors" / "survival"
CASES = survival.Cases(exp.table_("cases"), "hours", "is_answered", ("wiki",))
COUNTED = survival.Cases(exp.table_("cases"), "hours", "is_answered", ("wiki",), count="n")
SCHEMA = pa.schema([("wiki", pa.string()), ("hours", pa.float64()), ("is_answered", pa.bool_()), ("n", pa.int64())])

times = st.one_of(st.integers(0, 8).map(float), st.floats(0, 1e4))
groups = st.sampled_from(["de", "fr", "zu", None])
rows_of_groups = st.lists(st.tuples(groups, times, st.booleans(), st.integers(0, 3)), max_size=60)


def asked(rows: list[Row], query: exp.Query) -> list[tuple]:
    with duckdb.connect() as connection:
        columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 4
        connection.register("cases", pa.table(columns, schema=SCHEMA))
        return connection.execute(sql.text(query)).fetchall()


def by_group(rows: list[Row]) -> dict[str | None, KaplanMeier]:
    """The curve of each group that has a case, by itself."""
    found = defaultdict(list)
    for wiki, *case in rows:
        if case[-1]:
            found[wiki].append(case)
    return {
        wiki: kaplan_meier(hours, seen, counts=counts)
        for wiki, cases in found.items()
        for hours, seen, counts in [tuple(zip(*cases, strict=True))]
    }


def points(curve: KaplanMeier) -> list[tuple]:
    """The rows that the query should give; NaN is NULL there."""
    until = [*curve.times.tolist()[1:], None]
    columns = (curve.at_risk, curve.events, curve.survival, curve.low, curve.high)
    points = zip(curve.times.tolist(), until, *(column.tolist() for column in columns), strict=True)
    return [tuple(None if value is not None and math.isnan(value) else value for value in point) for point in points]


def assert_near(found: Sequence, wanted: Sequence, within: float = 1e-12) -> None:
    """Absolute below 1, else relative; what does not exist is the same in both."""
    assert [value is None for value in found] == [value is None for value in wanted]
    for got, meant in zip(found, wanted, strict=True):
        assert got is None or abs(got - meant) <= within * max(1, abs(meant)), (found, wanted)


def assert_curves(rows: list[Row], query: exp.Query) -> None:
    found = defaultdict(list)
    for wiki, *point in sorted(asked(rows, query), key=lambda row: row[1]):
        found[wiki].append(tuple(point))
    wanted = by_group(rows)
    assert found.keys() == wanted.keys()
    for wiki, curve in wanted.items():
        assert [point[:4] for point in found[wiki]] == [point[:4] for point in points(curve)]
        for got, meant in zip(found[wiki], points(curve), strict=True):
            assert_near(got[4:], meant[4:])


@given(rows_of_groups)
def test_every_group_s_curve_is_the_one_it_has_by_itself(rows: list[Row]) -> None:
    assert_curves(rows, survival.curves(COUNTED))


@given(rows_of_groups)
def test_rows_that_are_cases_need_no_counts(rows: list[Row]) -> None:
    assert_curves([(*row[:3], 1) for row in rows], survival.curves(CASES))


@given(rows_of_groups, st.sampled_from([0.25, 0.5, 0.9]), times, times)
def test_every_group_s_figures_are_those_of_its_curve(rows: list[Row], share: float, t: float, tau: float) -> None:
    found = asked(rows, survival.summaries(COUNTED, quantile=share, within=t, tau=tau))
    wanted = by_group(rows)
    assert {row[0] for row in found} == wanted.keys()
    assert len(found) == len(wanted)
    for wiki, n, events, *figures in found:
        curve = wanted[wiki]
        assert (n, events) == (curve.at_risk[0], curve.events.sum())
        assert tuple(figures[:3]) == curve.quantile(share)
        assert_near(figures[3:6], curve.share_within(t))
        assert_near(figures[6:], curve.restricted_mean(tau), within=1e-10)


@pytest.mark.parametrize("case", json.loads((VECTORS / "km_expected.json").read_text()), ids=lambda case: case["id"])
def test_the_query_s_curve_is_that_of_r(case: dict) -> None:
    """R survival 3.5-3: survfit(Surv(time, status) ~ 1, conf.type = "log-log")."""
    hours, seen = case["input"].values() if "input" in case else read(case["id"])
    rows = [(None, time, bool(event), 1) for time, event in zip(hours, seen, strict=True)]
    found = sorted(asked(rows, survival.curves(CASES)), key=lambda row: row[1])
    _, time, _, at_risk, events, *heights = (list(column) for column in zip(*found, strict=True))
    wanted = case["curve"]
    assert (time, at_risk, events) == (wanted["time"], wanted["n_risk"], wanted["n_event"])
    for height, name in zip(heights, ("surv", "lower_loglog", "upper_loglog"), strict=True):
        assert_near(height, wanted[name], within=1e-8)


def read(name: str) -> tuple[list[float], list[int]]:
    file, status = ("lung.csv", "st") if name == "lung" else ("aml.csv", "status")
    rows = list(csv.DictReader((VECTORS / file).read_text().splitlines()))
    chosen = [row for row in rows if name != "aml_maintained" or row["x"] == "Maintained"]
    return [float(row["time"]) for row in chosen], [int(row[status]) for row in chosen]


def test_two_groups_by_hand() -> None:
    """de: 3/4, then an event before the censoring at 2: 3/4 * 2/3, then nobody. fr: open, so that nothing is known."""
    rows = [("de", 1, True, 1), ("de", 2, True, 1), ("de", 2, False, 1), ("de", 5, True, 1), ("fr", 3, False, 1)]
    found = sorted(asked(rows, survival.curves(CASES)), key=str)
    assert [row[:6] for row in found] == [
        ("de", 1, 2, 4, 1, 0.75),
        ("de", 2, 5, 3, 1, pytest.approx(0.5)),
        ("de", 5, None, 1, 1, 0),
        ("fr", 3, None, 1, 0, 1),
    ]
    figures = sorted(asked(rows, survival.summaries(CASES, within=3)))
    assert [row[:5] for row in figures] == [("de", 4, 3, 2, 1), ("fr", 1, 0, None, None)]
    assert figures[1][6:] == (0, 0, 0)


@pytest.mark.parametrize(("t", "share"), [(0.9, 0), (1, 0.25), (1.9, 0.25), (2, 0.5), (4.9, 0.5), (5, 1), (9, 1)])
def test_a_share_within_a_time_counts_events_at_that_time(t: float, share: float) -> None:
    rows = [("de", 1, True, 1), ("de", 2, True, 1), ("de", 2, False, 1), ("de", 5, True, 1)]
    ((*_, found, _, _),) = asked(rows, survival.summaries(CASES, within=t))
    assert found == pytest.approx(share)


def test_a_half_that_is_rounded_is_a_half() -> None:
    rows = [("de", hour, True, 1) for hour in range(1, 25)]
    ((*_, median, _, _),) = asked(rows, survival.summaries(CASES))
    assert median == 12
    assert survival.REACHED == REACHED


def test_a_row_without_a_duration_or_an_answer_is_no_case() -> None:
    rows = [("de", None, True, 1), ("de", 3, None, 1), ("de", 4, True, 1), ("fr", 1, True, 0), ("zu", 1, True, None)]
    assert [row[:4] for row in asked(rows, survival.summaries(COUNTED))] == [("de", 1, 1, 4)]


def test_without_groups_everybody_has_one_curve_and_nobody_has_none() -> None:
    every = survival.Cases(exp.select("hours", "is_answered").from_("cases"), "hours", "is_answered")
    query = survival.summaries(every, within=1, tau=1)
    assert asked([("de", 1, True, 1), ("fr", 2, True, 1)], query)[0][:4] == (2, 2, 1, 1)
    assert asked([], query) == [(0, 0, *[None] * 8)]
    assert asked([], survival.curves(CASES)) == asked([], survival.summaries(CASES)) == []


def test_groups_may_have_several_columns() -> None:
    both = survival.Cases(exp.table_("cases"), "hours", "is_answered", ("wiki", "n"))
    rows = [("de", 1, True, 1), ("de", 2, True, 2), ("de", 4, True, 2)]
    assert sorted(asked(rows, survival.summaries(both))) == [
        ("de", 1, 1, 1, 1, None, None),
        ("de", 2, 2, 2, 2, 2, None),
    ]


def test_a_million_cases_in_three_rows() -> None:
    rows = [("de", 1, True, 400_000), ("de", 2, True, 100_000), ("de", 3, False, 500_000)]
    ((_, n, events, median, low, high),) = asked(rows, survival.summaries(COUNTED))
    assert (n, events, median, low) == (1_000_000, 500_000, 2, 2)
    assert high is None


@pytest.mark.parametrize(
    "wrong",
    [{"level": 95}, {"quantile": 0}, {"quantile": 1}, {"within": -1}, {"tau": math.nan}, {"tau": math.inf}],
)
def test_what_is_no_level_share_or_time_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"level|quantile|time"):
        survival.summaries(CASES, **wrong)


def test_a_group_s_column_may_not_have_the_name_of_a_result() -> None:
    with pytest.raises(ValueError, match="survival"):
        survival.Cases(exp.table_("cases"), "hours", "is_answered", ("survival",))


def test_the_query_carries_over_to_spark() -> None:
    query = survival.summaries(COUNTED, within=24, tau=100)
    (written,) = sqlglot.transpile(
        sql.text(query), read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    tree = sqlglot.parse_one(written, dialect="spark", error_level=sqlglot.ErrorLevel.RAISE)
    functions = {type(node).__name__ for node in tree.find_all(exp.Func)} - {
        "Cast",
        "TryCast",
        "Case",
        "If",
        "And",
        "Or",
    }
    assert functions <= {"Coalesce", "Count", "Exp", "Lead", "Ln", "Max", "Min", "Sqrt", "Sum"}  # Spark has them all
