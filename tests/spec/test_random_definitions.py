"""SQL and reference say the same of random definitions of every kind, over random rows, whatever is asked.

What is stored says it too: each case goes through the parts that a build keeps, and through the mart at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics import evaluate, materialise, reading
from metrics.answer import Figure
from metrics.calendar import period_of, periods
from metrics.question import Question
from metrics.semantic import places, reference
from tests import chance, engine
from tests.chance import DAY, Case

CASES = max(500, settings().max_examples)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


@pytest.mark.parametrize("kind", chance.KINDS)
@settings(max_examples=CASES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_sql_and_reference_agree_on_random_definitions(
    kind: str, connection: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    hold(connection, data.draw(chance.cases(kind)))


@pytest.mark.parametrize(("kind", "error"), [("quantile", places.NEAR), ("distinct", 1e-9)])
@settings(max_examples=CASES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_of_busy_days_figures_are_near_the_reference_and_stored_as_they_are_asked(
    kind: str, error: float, connection: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    """All days of two values are busy here. What is drawn below 0 is whole and small, and so has no bins; and of so few
    different things a sketch is exact."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "EXACT_ROWS", 1)
        patch.setattr(places, "EXACT_THINGS", 1)
        hold(connection, data.draw(chance.cases(kind)), error)


def hold(connection: duckdb.DuckDBPyConnection, case: Case, error: float = 1e-9) -> None:
    """Insists that all ways to the case's figures lead to the same. error: how far they are from the reference."""
    connection.begin()
    try:
        _hold(connection, case, error)
    finally:
        connection.rollback()


def _hold(connection: duckdb.DuckDBPyConnection, case: Case, error: float) -> None:
    question, meant = case.question, said_by_reference(case)
    coverage = evaluate.Coverage((case.first, case.as_of.date() - DAY))
    known = materialise.Known(case.as_of, case.rules, {"chance": coverage})
    for name in question.marts:
        engine.hold_table(connection, name, chance.table(case.rows[name]))
    at_once = engine.at_once(connection, question, known, first_days(case))
    assert engine.shown(at_once, question.split) == near(meant, error)
    exact = engine.shown([one for one in at_once if one.error is None], question.split)
    assert exact == near({key: value for key, value in meant.items() if key in exact})
    if case.beside is not None:
        engine.build(connection, {one.id: one for one in (question.metric, *case.beside)}, chance.MARTS, known)
        stored = reading.figures(connection, question, known)
        has_zeros = question.metric.kind in ("count", "sum", "distinct", "stock") or question.metric.has_exposure
        told_by_door = meant if are_seen(case) or not has_zeros else {}  # it makes up no zeros of who was never seen
        assert engine.shown(stored, question.split) == near(told_by_door, error)
        if told_by_door:
            assert told(stored) == told(at_once)


def near(values: Any, error: float = 1e-9) -> Any:
    return pytest.approx(values, rel=error, abs=1e-9)


def told(figures: Sequence[Figure]) -> list[tuple[Any, ...]]:
    """Figures with their states and intervals, numbers to nine digits."""
    found = []
    for one in figures:
        numbers = one.value, one.low, one.high, one.numerator, one.denominator
        rounded = [None if it is None else near(it) for it in numbers]
        found.append((one.label, one.start, one.end, one.group, one.state, one.n, one.error, *rounded))
    return found


def said_by_reference(case: Case) -> Mapping[Any, float]:
    """Values by period and group, of the rows that are asked for.

    Of a member asked for alone a rate says as much as it does beside others: nothing where one side never counted.
    """
    metric, question, as_of = case.question.metric, case.question, case.as_of
    if None in first_days(case).values():
        return {}
    start, end = question.start or date.min, question.end or as_of.date() - DAY
    rows, *below = [[row for row in case.rows[name] if _is_of(row, question)] for name in metric.sources]
    if metric.kind == "stock":  # what was open before the first day is open on it
        as_of = datetime.combine(end + DAY, time())
    else:
        rows = [row for row in rows if row[metric.at] is not None and start <= row[metric.at].date() <= end]
    beside = [name for name, _ in question.where if name not in question.split] if metric.has_exposure else []
    found = reference.values(
        metric,
        rows,
        *below,
        as_of=as_of,
        name=lambda day: "all" if question.by == "total" else period_of(day, question.by, case.rules).label,
        labels=[one.label for one in periods(max(case.first, start), end, question.by, case.rules)],
        split=[*question.split, *beside],
    )
    if not beside:
        return found
    kept = 1 + len(question.split)
    return {key[:kept] if question.split else key[0]: value for key, value in found.items()}


def _is_of(row: Mapping[str, Any], question: Question) -> bool:
    return all(("unknown" if row[name] is None else row[name]) == member for name, member in question.where)


def are_seen(case: Case) -> bool:
    """Whether each member that is asked for counted on any day."""
    rows = [case.rows[name] for name in case.question.metric.sources]
    times = [row[name] for several in rows for row in several for name in chance.TIMES if row[name] is not None]
    days = sorted({str(one.date()) for one in times})
    for name, member in case.question.where:
        found = reference.values(case.question.metric, *rows, as_of=case.as_of, name=str, labels=days, split=[name])
        if member not in {group for _, group in found}:
            return False
    return True


def first_days(case: Case) -> dict[str, date | None]:
    """Mart to the first day on which any row of it counts."""
    found: dict[str, date | None] = {}
    metric = case.question.metric
    for name, measure in zip(metric.sources, (metric.measure or metric.numerator, metric.denominator), strict=False):
        times = [row[measure.at or metric.at] for row in case.rows[name]]
        if measure.until:
            times += [row[measure.until] for row in case.rows[name] if reference.truth(measure.where, row)]
        found[name] = min((one.date() for one in times if one is not None and one < case.as_of), default=None)
    return found
