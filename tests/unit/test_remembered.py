"""Parts that stand in for rows which were deleted say what the rows said, for every kind of metric and every split."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from metrics import catalog
from metrics.calendar import Rules
from metrics.evaluate import Coverage
from metrics.materialise import Known, Remembered
from metrics.semantic import places
from metrics.semantic.model import GRAINS, Measure, Metric
from tests import engine
from tests.kinds import metric_of
from tests.tables import raw

FIRST, HORIZON, AS_OF = date(2026, 1, 1), date(2026, 2, 10), datetime(2026, 3, 20)
KINDS = ("count", "sum", "ratio", "mean", "quantile", "duration", "survey_share")
HOURS = Measure("sum", "covered_people", source="mart_rota_hour", at="hour_at")
HEAD = "opened_at | queue | language | urgency | first_response_hours | is_answered | resolved_at | resolution_hours\n"


def metrics() -> dict[str, Metric]:
    """One of each kind, one whose windows close, and a rate of two marts."""
    of_two = metric_of("ratio", numerator=Measure("count", "*"), denominator=HOURS, dimensions=())
    several = [*map(metric_of, KINDS), replace(metric_of("ratio", days=14), id="a_ripe_ratio")]  # type: ignore[arg-type]
    return {one.id: replace(one, grains=GRAINS) for one in (*several, replace(of_two, id="a_rate"))}


def cases() -> dict[date, list[str]]:
    random = Random(5)
    found = {}
    for at in range(70):
        day = FIRST + timedelta(days=at)
        found[day] = [
            f"{day}T0{random.randrange(10)}:30:00 | {random.choice('ab')} | {random.choice(('de', 'fr'))} | "
            f"{random.choice(('emergency', 'none'))} | {random.randrange(4000) / 8} | {random.choice(('yes', 'no'))} | | 40"
            for _ in range(random.randrange(1, 6))
        ]
    return found


def built(given: dict[date, list[str]], several: dict[str, Metric], said: Remembered | None) -> tuple[Any, pa.Table]:
    """All values of a build, and its parts."""
    hours = "hour_at | covered_people\n--\n" + "\n".join(f"{FIRST + timedelta(days=at)} | 2" for at in range(70))
    marts = {name: catalog.marts()[name] for name in ("mart_case", "mart_rota_hour")}
    span = Coverage((FIRST, AS_OF.date() - timedelta(days=1)))
    known = Known(AS_OF, Rules(), {feed: span for mart in marts.values() for feed in mart.feeds})
    with duckdb.connect() as connection:
        raw(connection, "mart_case", HEAD + "--\n" + "\n".join(one for day in sorted(given) for one in given[day]))
        raw(connection, "mart_rota_hour", hours)
        engine.build(connection, several, marts, known, said)
        values = connection.sql("FROM metric_value ORDER BY ALL").to_arrow_table().to_pylist()
        return values, connection.sql("FROM metric_part").to_arrow_table()


def kept(several: dict[str, Metric], parts: pa.Table) -> Remembered:
    digests = {name: (catalog.digest(one), None) for name, one in several.items()}
    return Remembered({"mart_case": HORIZON}, digests, parts)


def left(given: dict[date, list[str]]) -> dict[date, list[str]]:
    """The rows from the horizon on, and of the day before some that came later: they say less than there was."""
    yesterday = HORIZON - timedelta(days=1)
    return {day: rows if day > yesterday else rows[:1] for day, rows in given.items() if day >= yesterday}


@pytest.mark.parametrize("busy", [2, 1_000], ids=["days are busy", "no day is busy"])
def test_every_value_of_every_kind_stays_when_rows_go(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "EXACT_ROWS", busy)
    whole, parts = built(cases(), metrics(), None)
    after, again = built(left(cases()), metrics(), kept(metrics(), parts))
    assert after == whole
    assert {row["metric"] for row in whole if row["value"] is not None} == set(metrics())
    twice, _ = built(left(cases()), metrics(), kept(metrics(), again))  # what a second purge keeps
    assert twice == whole


def test_a_definition_that_changed_after_a_purge_has_no_value_of_days_that_are_gone_and_the_others_all() -> None:
    whole, parts = built(cases(), metrics(), None)
    only_a = replace(metrics()["a_quantile"], measure=Measure("value", "first_response_hours", "queue = 'a'"))
    changed = metrics() | {"a_quantile": only_a}
    after, _ = built(left(cases()), changed, kept(metrics(), parts))
    assert [one for one in after if one["metric"] != "a_quantile"] == [
        one for one in whole if one["metric"] != "a_quantile"
    ]
    months = {
        one["label"]: (one["value"] is None, one["state"])
        for one in after
        if (one["metric"], one["split"], one["grain"]) == ("a_quantile", "", "month")
    }
    assert months == {"2026-02": (False, "partial"), "2026-03": (False, "partial")}
    back, _ = built(left(cases()), metrics(), kept(metrics(), parts))  # and changed back it has them again
    assert back == whole
