"""What is carried over from the build before, what is counted anew, and that the result is that of counting it all."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from metrics import carried, catalog
from metrics.carried import Before, Counting
from metrics.semantic import places, plan
from metrics.semantic.model import Measure, Metric
from tests.kinds import metric_of
from tests.tables import raw

THEN, NOW = datetime(2026, 1, 20), datetime(2026, 1, 27)
KINDS = ("count", "sum", "ratio", "mean", "stock", "quantile", "distinct", "duration", "survey_share")
HEAD = "opened_at | queue | language | urgency | first_response_hours | is_answered | resolved_at | resolution_hours\n"


def metrics() -> list[Metric]:
    return [*map(metric_of, KINDS), replace(metric_of("ratio", days=14), id="a_ripe_ratio")]  # type: ignore[arg-type]


def case(random: Random, day: date) -> str:
    hours = random.randrange(40) / 4
    closed = "" if random.random() < 0.3 else f"{day + timedelta(days=random.randrange(9))}T10:00:00"
    words = [f"{day}T0{random.randrange(10)}:30:00", random.choice("ab"), random.choice(("de", "fr")),
             random.choice(("emergency", "none")), str(hours), random.choice(("yes", "no")), closed, "40"]  # fmt: skip
    return " | ".join(words)


def cases(seed: int = 1, days: int = 24) -> dict[date, list[str]]:
    """Day -> its cases."""
    random = Random(seed)
    return {
        (day := date(2026, 1, 2) + timedelta(days=at)): [case(random, day) for _ in range(random.randrange(1, 4))]
        for at in range(days)
    }


class Warehouse:
    """Builds in one folder, each in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked = list[str]()  # by the last build

    def build(self, name: str, given: dict[date, list[str]], as_of: datetime, several: list[Metric],
              before: Before | None = None) -> dict[str, Any]:  # fmt: skip
        """Counts all; what `meta_part` says of every column."""
        self.asked.clear()
        with duckdb.connect(str(self.folder / f"{name}.duckdb")) as connection:
            rows = [one for day in sorted(given) for one in given[day]]
            raw(connection, "mart_case", HEAD + "--\n" + "\n".join(rows))
            if before:
                connection.execute(f"ATTACH '{self.folder / before.schema}.duckdb' AS {before.schema} (READ_ONLY)")

            def run(query: str, values: Any) -> pa.Table:
                self.asked.append(query)
                found = connection.sql(
                    query, params={key: one for key, one in values.items() if f"${key}" in query} or None
                )
                return pa.table({}) if found is None else found.to_arrow_table()

            made = Counting(as_of, run, before).count(plan.passes(several, catalog.marts())).made
            connection.register("made", made)
            connection.execute("CREATE TABLE meta_part AS SELECT * FROM made")
            return {
                row["column_name"]: row for row in made.to_pylist() if not row["table_name"].endswith("_by_language")
            }

    def counted(self, name: str) -> int:
        """How many rows of parts a build has."""
        with duckdb.connect(str(self.folder / f"{name}.duckdb")) as connection:
            tables = connection.execute("SELECT DISTINCT table_name FROM meta_part").fetchall()
            return sum(connection.sql(f"FROM {table}").shape[0] for (table,) in tables)

    def differences(self, one: str, other: str) -> dict[str, list[Any]]:
        """Tables of parts whose rows differ, rows in which nothing was counted left out."""
        found = {}
        with duckdb.connect() as connection:
            for name in (one, other):
                connection.execute(f"ATTACH '{self.folder / name}.duckdb' AS {name} (READ_ONLY)")
            tables = connection.execute(f"SELECT DISTINCT table_name FROM {one}.meta_part").fetchall()
            for (table,) in tables:
                columns = [row[0] for row in connection.execute(f"DESCRIBE {one}.{table}").fetchall()]
                parts = [name for name in columns if "__" in name]
                quoted = ", ".join(f'"{name}"' for name in columns)
                query = f"SELECT {quoted} FROM {{}}.{table} WHERE COALESCE({', '.join(parts)}) IS NOT NULL"
                both = query.format(one), query.format(other)
                found[table] = [
                    row for a, b in (both, both[::-1]) for row in connection.execute(f"{a} EXCEPT ALL {b}").fetchall()
                ]
            assert found
        return {table: rows for table, rows in found.items() if rows}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    return Warehouse(tmp_path)  # type: ignore[return-value]


def until(given: dict[date, list[str]], day: date) -> dict[date, list[str]]:
    return {one: rows for one, rows in given.items() if one < day}


def test_of_a_new_week_only_its_days_are_counted_and_the_result_is_that_of_counting_all(warehouse: Warehouse) -> None:
    given = cases()
    warehouse.build("before", until(given, THEN.date()), THEN, metrics())
    made = warehouse.build("now", given, NOW, metrics(), Before("before", THEN))
    assert all(row["is_carried_over"] for row in made.values())
    assert {row["anew_from"] for name, row in made.items() if name.startswith("a_count_")} == {
        date(2026, 1, 6)
    }  # shared
    assert made["a_duration__event"]["anew_from"] == date(2026, 1, 20)
    assert {row["other_days_anew"] for row in made.values()} == {0}
    warehouse.build("whole", given, NOW, metrics())
    assert warehouse.differences("now", "whole") == {}


@pytest.mark.parametrize(("rows", "cuts", "named"), [(1, 24, 100), (10, 6, 100), (10, 6, 0), (10_000, 1, 100)])
def test_of_long_passes_some_days_are_counted_at_a_time_and_the_result_is_that_of_counting_all_at_once(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch, rows: int, cuts: int, named: int
) -> None:
    """named: quiet days that a cut may name; where there are more, its query finds out which days are busy."""
    monkeypatch.setattr(carried, "MOST_NAMED", named)
    monkeypatch.setattr(places, "EXACT_ROWS", 1)
    monkeypatch.setattr(places, "EXACT_THINGS", 1)
    given = cases()
    warehouse.build("whole", given, NOW, metrics())
    assert not any(query.startswith("INSERT INTO part_") for query in warehouse.asked)
    monkeypatch.setattr(carried, "ROWS_AT_ONCE", rows)
    warehouse.build("in_cuts", given, NOW, metrics())
    added = Counter(query.split()[2] for query in warehouse.asked if query.startswith("INSERT INTO part_"))
    assert all(re.search("_(on|near|of)_", table) for table in added)
    assert set(added.values()) == ({cuts - 1} if cuts > 1 else set())
    finding_out = [query for query in warehouse.asked if query.startswith("INSERT INTO part_") and "busy_day" in query]
    assert any(finding_out) == (named == 0)
    assert warehouse.differences("in_cuts", "whole") == {}


def test_without_a_metric_whose_windows_were_open_the_days_before_stay(warehouse: Warehouse) -> None:
    given = cases()
    several = [metric_of("count"), metric_of("mean")]
    warehouse.build("before", until(given, THEN.date()), THEN, several)
    made = warehouse.build("now", given, NOW, several, Before("before", THEN))
    assert {row["anew_from"] for row in made.values()} == {date(2026, 1, 20)}


@pytest.mark.parametrize("change", ["a row more", "a row less", "another value", "one row for another"])
def test_days_of_which_a_row_changed_are_counted_anew_and_no_others(warehouse: Warehouse, change: str) -> None:
    given = cases()
    changed, day = dict(given), date(2026, 1, 4)
    rows = list(given[day])
    changed[day] = {
        "a row more": [*rows, case(Random(9), day)],
        "a row less": rows[1:],
        "another value": [rows[0].replace(" | 40", " | 41"), *rows[1:]],
        "one row for another": [case(Random(8), day), *rows[1:]],
    }[change]
    warehouse.build("before", given, NOW, metrics())
    made = warehouse.build("now", changed, NOW, metrics(), Before("before", NOW))
    assert {row["other_days_anew"] for name, row in made.items() if name.startswith("a_count_")} == {1}
    warehouse.build("whole", changed, NOW, metrics())
    assert warehouse.differences("now", "whole") == {}


def test_a_changed_definition_is_counted_anew_on_all_days_and_nothing_else_is(warehouse: Warehouse) -> None:
    given = cases()
    warehouse.build("before", until(given, THEN.date()), THEN, metrics())
    several = [
        one if one.id != "a_count" else replace(one, measure=Measure("count", "*", "queue = 'a'")) for one in metrics()
    ]
    several.append(replace(metric_of("sum"), id="a_new_sum"))
    made = warehouse.build("now", given, NOW, several, Before("before", THEN))
    assert {name for name, row in made.items() if not row["is_carried_over"]} == {"a_count__value", "a_new_sum__value"}
    warehouse.build("whole", given, NOW, several)
    assert warehouse.differences("now", "whole") == {}
    later = NOW + timedelta(days=1)  # what was merged is carried over as any other
    again = warehouse.build("again", given, later, several, Before("now", NOW))
    assert all(row["is_carried_over"] for row in again.values())
    warehouse.build("whole_again", given, later, several)
    assert warehouse.differences("again", "whole_again") == {}


def test_of_a_build_that_knew_more_days_nothing_is_carried_over(warehouse: Warehouse) -> None:
    given = cases()
    warehouse.build("before", given, NOW, metrics())
    made = warehouse.build("now", given, THEN, metrics(), Before("before", NOW))
    assert not any(row["is_carried_over"] for row in made.values())


def test_a_definition_that_is_changed_and_changed_back_is_counted_as_if_it_had_never_changed(
    warehouse: Warehouse,
) -> None:
    """Its parts of days in between were never counted, so none of them may be left in between."""
    given, only_a = cases(), Measure("count", "*", "queue = 'a'")
    other = [one if one.id != "a_count" else replace(one, measure=only_a) for one in metrics()]
    warehouse.build("first", until(given, THEN.date()), THEN, metrics())
    warehouse.build("other", given, NOW, other, Before("first", THEN))
    made = warehouse.build("back", given, NOW, metrics(), Before("other", NOW))
    assert {name for name, row in made.items() if not row["is_carried_over"]} == {"a_count__value"}
    warehouse.build("whole", given, NOW, metrics())
    assert warehouse.differences("back", "whole") == {}


def moved(row: str, day: date) -> str:
    """The same case, opened on another day at the same time."""
    return day.isoformat() + row[len("2026-01-04") :]


def test_a_row_that_moves_to_another_day_changes_both_days_though_the_total_stays(warehouse: Warehouse) -> None:
    given, days = cases(), (date(2026, 1, 4), date(2026, 1, 5))
    changed = given | {days[0]: given[days[0]][1:], days[1]: [*given[days[1]], moved(given[days[0]][0], days[1])]}
    warehouse.build("before", given, NOW, metrics())
    made = warehouse.build("now", changed, NOW, metrics(), Before("before", NOW))
    assert {row["other_days_anew"] for name, row in made.items() if name.startswith("a_count_")} == {2}
    warehouse.build("whole", changed, NOW, metrics())
    assert warehouse.differences("now", "whole") == {}


def test_rows_that_change_places_change_both_days_though_each_has_as_many(warehouse: Warehouse) -> None:
    given, days = cases(), (date(2026, 1, 4), date(2026, 1, 5))
    firsts = [given[day][0] for day in days]
    changed = given | {
        days[0]: [moved(firsts[1], days[0]), *given[days[0]][1:]],
        days[1]: [moved(firsts[0], days[1]), *given[days[1]][1:]],
    }
    warehouse.build("before", given, NOW, metrics())
    made = warehouse.build("now", changed, NOW, metrics(), Before("before", NOW))
    assert {row["other_days_anew"] for name, row in made.items() if name.startswith("a_count_")} == {2}
    warehouse.build("whole", changed, NOW, metrics())
    assert warehouse.differences("now", "whole") == {}


def test_rows_that_came_twice_are_two_and_one_of_them_can_go(warehouse: Warehouse) -> None:
    given, day = cases(), date(2026, 1, 4)
    twice = given | {day: [*given[day], given[day][0], given[day][0]]}
    warehouse.build("before", twice, NOW, metrics())
    warehouse.build("now", given, NOW, metrics(), Before("before", NOW))
    warehouse.build("whole", given, NOW, metrics())
    assert warehouse.differences("now", "whole") == {}


def test_a_mart_that_lost_all_its_rows_and_got_them_back_holds_nothing_in_between(warehouse: Warehouse) -> None:
    given, later = cases(), NOW + timedelta(days=1)
    warehouse.build("before", given, THEN, metrics())
    warehouse.build("empty", {}, NOW, metrics(), Before("before", THEN))
    warehouse.build("whole_empty", {}, NOW, metrics())
    assert warehouse.differences("empty", "whole_empty") == {}
    assert warehouse.counted("empty") == 0
    warehouse.build("again", given, later, metrics(), Before("empty", NOW))
    warehouse.build("whole", given, later, metrics())
    assert warehouse.differences("again", "whole") == {}
    assert warehouse.counted("again") > 0


def test_days_that_were_known_and_then_not_are_counted_anew_once_they_are_known_again(warehouse: Warehouse) -> None:
    given = cases()
    warehouse.build("before", given, NOW, metrics())
    warehouse.build("back", given, THEN, metrics(), Before("before", NOW))
    warehouse.build("whole_back", given, THEN, metrics())
    assert warehouse.differences("back", "whole_back") == {}
    warehouse.build("now", given, NOW, metrics(), Before("back", THEN))
    assert warehouse.differences("now", "before") == {}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_build_after_build_the_result_is_that_of_counting_all(
    warehouse: Warehouse, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows come, go and move, days become busy, metrics come, go and change, and what is known goes on or back."""
    monkeypatch.setattr(places, "EXACT_ROWS", 2)
    random, given = Random(seed), cases(seed)
    before = None
    for number in range(5):
        given, as_of = edited(random, given), datetime(2026, 1, random.randrange(12, 28))
        several = [one for one in varied(random) if random.random() < 0.9]
        warehouse.build(f"now{number}", given, as_of, several, before)
        warehouse.build(f"whole{number}", given, as_of, several)
        assert warehouse.differences(f"now{number}", f"whole{number}") == {}
        before = Before(f"now{number}", as_of)


def edited(random: Random, given: dict[date, list[str]]) -> dict[date, list[str]]:
    found = {day: list(rows) for day, rows in given.items()}
    for day in random.sample(sorted(found), k=min(4, len(found))):
        match random.randrange(5):
            case 0:
                found[day] = []
            case 1:
                found[day].append(case(random, day))
            case 2 if found[day]:
                found[day][0] = case(random, day)
            case 3 if found[day]:
                to = random.choice(sorted(found))
                found[to].append(moved(found[day].pop(), to))
            case 4:
                found[day] += found[day][:1]
    return found


def varied(random: Random) -> list[Metric]:
    """The metrics, of which some mean another thing than usual."""
    found = metrics()
    for at, one in enumerate(found):
        if one.id == "a_count" and random.random() < 0.4:
            found[at] = replace(one, measure=Measure("count", "*", f"queue = '{random.choice('ab')}'"))
        elif one.id == "a_ripe_ratio" and random.random() < 0.4:
            found[at] = replace(one, mature_after=timedelta(days=random.choice((3, 9))))
    return found


def test_a_metric_that_is_gone_leaves_nothing_behind(warehouse: Warehouse) -> None:
    given = cases()
    warehouse.build("before", given, THEN, metrics())
    made = warehouse.build("now", given, NOW, metrics()[1:], Before("before", THEN))
    assert "a_count__value" not in made
    warehouse.build("whole", given, NOW, metrics()[1:])
    assert warehouse.differences("now", "whole") == {}


def test_a_day_that_becomes_busy_by_one_more_row_is_counted_anew_as_a_busy_one(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "EXACT_ROWS", 2)
    monkeypatch.setattr(places, "EXACT_THINGS", 1)
    given = cases()
    day = next(one for one, rows in given.items() if len(rows) == 2 and one < THEN.date())
    more = {**given, day: [*given[day], case(Random(9), day)]}
    warehouse.build("before", given, NOW, metrics())
    warehouse.build("now", more, NOW, metrics(), Before("before", NOW))
    warehouse.build("whole", more, NOW, metrics())
    assert warehouse.differences("now", "whole") == {}
    assert warehouse.differences("before", "whole")["part_case_opened_at_near_first_response_hours"]
