"""Which stored values are carried over from the build before, and that all are those of evaluating everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from metrics import catalog, lots, materialise
from metrics.calendar import Rules
from metrics.carried import Before
from metrics.coverage import Coverage
from metrics.semantic import places
from metrics.semantic.model import GRAINS, Measure, Metric
from tests.kinds import metric_of
from tests.tables import raw

KINDS = ("count", "sum", "ratio", "mean", "stock", "quantile", "distinct", "duration", "survey_share")
HEAD = (
    "opened_at | queue | language | urgency | first_response_hours | is_answered | resolved_at | resolution_hours\n--\n"
)
FIRST = date(2026, 12, 7)  # three weeks before week 53, which ends in January
DAY, FEED = timedelta(days=1), "tickets"
Cases = Mapping[date, list[str]]


def metrics() -> dict[str, Metric]:
    found = [*map(metric_of, KINDS), replace(metric_of("ratio", days=5), id="a_ripe_ratio")]  # type: ignore[arg-type]
    return {one.id: replace(one, grains=GRAINS, dimensions=("queue", "language")) for one in found}


def case(random: Random, day: date, queues: str = "ab") -> str:
    closed = "" if random.random() < 0.3 else f"{day + random.randrange(9) * DAY}T10:00:00"
    words = [f"{day}T0{random.randrange(10)}:30:00", random.choice(queues), random.choice(("de", "fr")),
             random.choice(("emergency", "none")), str(random.randrange(40) / 4), random.choice(("yes", "no")), closed, "40"]  # fmt: skip
    return " | ".join(words)


def cases(seed: int = 1, days: int = 45) -> dict[date, list[str]]:
    """Day -> its cases."""
    random = Random(seed)
    return {(day := FIRST + at * DAY): [case(random, day) for _ in range(random.randrange(3))] for at in range(days)}


@dataclass(frozen=True)
class State:
    """All that a build is made of."""

    cases: Cases
    as_of: datetime
    metrics: Mapping[str, Metric] = field(default_factory=metrics)
    rules: Rules = field(default_factory=Rules)
    whole: Coverage | None = None

    @property
    def coverage(self) -> Mapping[str, Coverage]:
        return {FEED: self.whole or Coverage((FIRST, self.as_of.date() - DAY))}

    def before(self, name: str) -> Before:
        return Before(name, self.as_of, frozenset(), self.rules, self.coverage)


class Builds:
    """Builds in one folder, each in a file of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.evaluated = set[tuple[str, str, str]]()

    def build(self, name: str, state: State, before: Before | None = None) -> None:
        with duckdb.connect(str(self.folder / f"{name}.duckdb")) as connection:
            raw(
                connection,
                "mart_case",
                HEAD + "\n".join(one for day in sorted(state.cases) for one in state.cases[day]),
            )
            if before:
                connection.execute(f"ATTACH '{self.folder / before.schema}.duckdb' AS {before.schema} (READ_ONLY)")

            def run(query: str, values: Any) -> pa.Table:
                named = {key: one for key, one in values.items() if f"${key}" in query}
                found = connection.sql(query, params=named or None)
                return pa.table({}) if found is None else found.to_arrow_table()

            def store(table: str, rows: pa.Table) -> None:
                if table in ("_told", "metric_value"):
                    columns = (rows.column(one).to_pylist() for one in ("metric", "split", "label"))
                    self.evaluated = set(zip(*columns, strict=True))
                connection.register("incoming", rows)
                connection.execute(f"CREATE TABLE {table} AS SELECT * FROM incoming")
                connection.unregister("incoming")

            known = materialise.Known(state.as_of, state.rules, state.coverage)
            materialise.materialise(state.metrics, catalog.marts(), known, run, store, None, before)

    def values(self, name: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.folder / f"{name}.duckdb"), read_only=True) as connection:
            columns = connection.execute("DESCRIBE metric_value").fetchall()
            told = [f"ROUND({column}, 9)" if kind == "DOUBLE" else column for column, kind, *_ in columns]
            return connection.execute(f"SELECT {', '.join(told)} FROM metric_value ORDER BY ALL").fetchall()

    def after(self, before: State, now: State, **then: Any) -> set[tuple[str, str, str]]:
        """Metric, split and period of all that a build evaluated that could carry over; its values are all correct."""
        self.build("before", before)
        self.build("now", now, replace(before.before("before"), **then))
        found = self.evaluated
        self.build("whole", now)
        assert found <= self.evaluated
        assert self.values("now") == self.values("whole")
        return found


def changed(state: State, day: date, *rows: str) -> State:
    """The same with other rows on a day."""
    return replace(state, cases={**state.cases, day: list(rows)})


def labels(evaluated: set[tuple[str, str, str]], metric: str = "a_duration", split: str = "queue") -> set[str]:
    return {label for one, of, label in evaluated if (one, of) == (metric, split)}


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    return Builds(tmp_path)


THEN = State(cases(), datetime(2027, 1, 11))


def test_of_a_new_week_only_its_periods_are_evaluated(builds: Builds) -> None:
    evaluated = builds.after(THEN, replace(THEN, as_of=datetime(2027, 1, 18)))
    assert labels(evaluated) == {"2027-W02", "2027-01", "2027Q3", "FY2027", "all"}
    assert labels(evaluated, "a_ripe_ratio") == labels(evaluated) | {"2027-W01"}  # whose windows were open


@pytest.mark.parametrize("rows", [[], ["more"], ["less"]])
def test_a_late_row_of_week_53_changes_it_and_what_it_is_in_and_nothing_else(builds: Builds, rows: list[str]) -> None:
    day = date(2026, 12, 31)
    random, there = Random(3), [case(Random(7), day), case(Random(8), day), case(Random(9), day)]
    before = changed(THEN, day, *there)
    now = changed(before, day, *(there[:2] if rows == ["less"] else [*there, *(case(random, day) for _ in rows)]))
    evaluated = builds.after(before, now)
    expected = {"2026-W53", "2026-12", "2027Q2", "FY2027", "all"} if rows else set()
    assert labels(evaluated) == labels(evaluated, split="") == expected


def test_a_changed_definition_is_evaluated_in_all_periods_and_no_other_is(builds: Builds) -> None:
    ratio = replace(metrics()["a_ratio"], per=100)  # its parts stay
    evaluated = builds.after(THEN, replace(THEN, metrics={**metrics(), "a_ratio": ratio}))
    assert labels(evaluated, "a_ratio") == labels(evaluated, "a_ratio", "") == labels(builds.evaluated, "a_ratio")
    assert "2026-W52" not in labels(evaluated, "a_count")
    assert labels(evaluated) == set()


def test_a_metric_whose_parts_changed_and_a_new_one_are_evaluated(builds: Builds) -> None:
    other = replace(metrics()["a_count"], measure=Measure("count", "*", "language = 'de'"))
    more = {**metrics(), "a_count": other, "a_new_sum": replace(metrics()["a_sum"], id="a_new_sum")}
    evaluated = builds.after(THEN, replace(THEN, metrics=more))
    assert {name for name, _, label in evaluated if label == "2026-W52"} == {"a_count", "a_new_sum", "a_stock"}


def test_a_group_that_is_new_in_an_old_week_has_values_in_all_periods(builds: Builds) -> None:
    """It counted nothing in the others, and nobody said so before."""
    day = date(2026, 12, 15)
    now = changed(THEN, day, *THEN.cases[day], case(Random(3), day, "c"))
    evaluated = builds.after(THEN, now)
    assert labels(evaluated) == labels(builds.evaluated)
    assert labels(evaluated, split="language") == {"2026-W51", "2026-12", "2027Q2", "FY2027", "all"}
    assert labels(Builds(builds.folder / "later").after(now, THEN)) == labels(builds.evaluated)  # and none once it goes


def test_a_period_that_becomes_whole_is_evaluated_though_no_row_of_it_changed(builds: Builds) -> None:
    quiet = replace(THEN, cases={day: rows for day, rows in THEN.cases.items() if day < date(2026, 12, 28)})
    late = replace(quiet, whole=Coverage((FIRST, date(2026, 12, 24))))
    evaluated = builds.after(late, replace(quiet, whole=Coverage((FIRST, date(2026, 12, 27)))))
    assert "2026-W52" in labels(evaluated)
    assert "2026-W51" not in labels(evaluated)
    assert any(row[3] == "week" and row[6] == "2026-W52" and "final" in row for row in builds.values("now"))


def test_days_that_nobody_watched_and_that_are_watched_now_are_evaluated(builds: Builds) -> None:
    """Of the queue, not of the total: of that they were known."""
    last = THEN.as_of.date() - DAY
    seen = Coverage((FIRST, last), {"a": (date(2026, 12, 14), last)})
    evaluated = builds.after(replace(THEN, whole=seen), THEN)
    assert labels(evaluated) == {"2026-W50"}
    assert labels(evaluated, split="language") == set()


def test_of_days_before_those_that_are_known_rows_count_in_the_total_as_in_their_month(builds: Builds) -> None:
    known = replace(THEN, whole=Coverage((date(2026, 12, 21), THEN.as_of.date() - DAY)))
    day = date(2026, 12, 8)
    evaluated = builds.after(known, changed(known, day, *known.cases[day], case(Random(3), day)))
    assert labels(evaluated) == {"2026-12", "2027Q2", "FY2027", "all"}


def test_what_is_shown_no_more_is_not_carried_over(builds: Builds) -> None:
    last = THEN.as_of.date() - DAY
    builds.after(THEN, replace(THEN, whole=Coverage((date(2026, 12, 21), last))))
    assert not {"2026-W50", "2026-W51"} & {row[6] for row in builds.values("now")}


def test_by_another_calendar_all_that_has_another_name_is_evaluated(builds: Builds) -> None:
    evaluated = builds.after(THEN, replace(THEN, rules=Rules(1, "sunday")))
    assert "week of 2026-12-20" in labels(evaluated)
    assert "2026-12" not in labels(evaluated)


def test_of_a_day_that_is_not_over_no_value_is_carried_over(builds: Builds) -> None:
    """Of queue c there is a case of this morning alone, which is in no total; then a case of last week comes late."""
    morning, late = (
        "2027-01-11T05:30:00 | c | fr | none | 1 | yes |  | 40",
        "2027-01-05T09:00:00 | a | de | none | 2 | yes |  | 40",
    )
    then = changed(replace(THEN, as_of=datetime(2027, 1, 11, 6)), date(2027, 1, 11), morning)
    builds.after(then, changed(then, date(2027, 1, 5), late))


def test_of_a_build_that_does_not_say_what_it_knew_no_value_is_carried_over(builds: Builds) -> None:
    assert builds.after(THEN, THEN, rules=None) == builds.evaluated


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_build_after_build_the_values_are_those_of_evaluating_all(
    builds: Builds, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows come, go and move; groups, coverage, calendar and definitions change; what is known goes on or back."""
    monkeypatch.setattr(places, "EXACT_ROWS", 2)
    monkeypatch.setattr(lots, "ROWS_AT_ONCE", 20)
    random, state, before, carried = Random(seed), State(cases(seed), datetime(2026, 12, 30)), None, 0
    for number in range(5):
        builds.build(f"now{number}", state, before)
        evaluated = len(builds.evaluated)
        builds.build(f"whole{number}", state)
        assert builds.values(f"now{number}") == builds.values(f"whole{number}")
        carried += len(builds.evaluated) - evaluated
        before, state = state.before(f"now{number}"), another(random, state)
    assert carried > 0


def another(random: Random, state: State) -> State:
    """What might be there a while later."""
    found = {day: list(rows) for day, rows in state.cases.items()}
    for day in random.sample(sorted(found), k=random.randrange(4)):
        found[day] = [*found[day], case(random, day, "abc")] if random.random() < 0.6 else found[day][1:]
    as_of = state.as_of + random.choice((0, 0, 1, 3, 7, 14, -2)) * DAY
    as_of = datetime.combine(as_of, time(random.choice((0, 0, 0, 6))))
    last = as_of.date() - random.choice((1, 1, 3, 20)) * DAY
    only_a = {"a": (FIRST + random.choice((0, 7)) * DAY, last - random.choice((0, 4)) * DAY)}
    whole = random.choice((state.whole, None, Coverage((FIRST, last)), Coverage((FIRST, last), only_a)))
    several = metrics()
    if random.random() < 0.3:
        several["a_count"] = replace(several["a_count"], measure=Measure("count", "*", "queue = 'a'"))
    if random.random() < 0.3:
        several.pop(random.choice(sorted(several)))
    rules = random.choice((state.rules, state.rules, Rules(random.choice((1, 7)), "monday"), Rules(7, "sunday")))
    return State(found, as_of, several, rules, whole)
