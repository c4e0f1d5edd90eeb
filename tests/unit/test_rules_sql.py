"""Rules of contracts as SELECTs of the rows that break them."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data_contracts import load, rules
from data_contracts.faults import FeedFault
from tests.unit.test_contracts_load import CONTRACT


def table(path: Path, text: str) -> load.Table:
    file = path / "sources" / "loft.odcs.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load.read_contract(file)[0]


@pytest.fixture
def lofts() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE raw_loft (ring_key VARCHAR, seen_at TIMESTAMP, eggs BIGINT, colour VARCHAR)")
        connection.execute(
            """
            INSERT INTO raw_loft VALUES
                ('good', '2026-01-01', 1, 'white'), ('known', '2026-01-01', NULL, NULL), ('some', '2026-01-01', 3, '7'),
                (NULL, '2026-01-02', 0, 'white'), ('', '2026-01-03', 2, 'white'), ('green', '2026-01-04', -1, 'green'),
                ('nest', '2026-01-05', 4, 'white'), ('twin', '2026-01-06', 1, 'white'), ('good', '2026-01-01', 9, NULL)
            """
        )
        yield connection


def test_each_rule_finds_the_rows_that_break_it_and_no_other(tmp_path: Path, lofts: duckdb.DuckDBPyConnection) -> None:
    found = {
        rule.name: [row[0] for row in lofts.execute(rule.breaking.sql("duckdb")).fetchall()]
        for rule in rules.rules(table(tmp_path, CONTRACT))
    }
    assert {name: sorted(rings, key=str) for name, rings in found.items()} == {
        "ring_key is present": [None],
        "seen_at is present": [],
        "eggs is unique": ["twin"],  # the second with one egg; of those without a number none is
        "eggs is at least 0": ["green"],
        "eggs is at most 3": ["good", "nest"],
        "colour is one of white, 7": ["green"],
        "seen_at and ring_key tell the rows apart": ["good"],
        "a pigeon has a ring": [""],
    }


def test_a_rule_says_its_kind_severity_and_line(tmp_path: Path) -> None:
    found = {rule.name: rule for rule in rules.rules(table(tmp_path, CONTRACT))}
    colour = found["colour is one of white, 7"]
    assert (colour.kind, colour.severity, colour.column, colour.table) == ("values", "warning", "colour", "raw_loft")
    assert colour.says.endswith("/loft.odcs.yaml:18: colour is one of white, 7")
    assert (found["a pigeon has a ring"].kind, found["a pigeon has a ring"].column) == ("written", None)
    assert found["seen_at and ring_key tell the rows apart"].kind == "key"


def test_a_pattern_and_a_least_day_are_rules_too(tmp_path: Path, lofts: duckdb.DuckDBPyConnection) -> None:
    text = CONTRACT.replace("logicalTypeOptions: {minimum: 0, maximum: 3}", "logicalTypeOptions: {}")
    text = text.replace("name: colour\n", 'name: colour\n        logicalTypeOptions: {pattern: "^[a-z]+$"}\n')
    text = text.replace("primaryKeyPosition: 1}", 'primaryKeyPosition: 1, logicalTypeOptions: {minimum: "2026-01-02"}}')
    broken = {
        rule.kind: lofts.execute(rule.breaking.sql("duckdb")).fetchall()
        for rule in rules.rules(table(tmp_path, text))
        if rule.kind in ("pattern", "minimum")
    }
    assert [row[0] for row in broken["pattern"]] == ["some"]
    assert {row[0] for row in broken["minimum"]} == {"good", "known", "some"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT COUNT(*) FRM {object}",
        "SELECT ring_key FROM {object}",
        "SELECT COUNT(*), MIN(eggs) FROM {object}",
        "DELETE FROM {object}",
    ],
)
def test_sql_that_does_not_count_breaking_rows_is_refused_with_its_line(tmp_path: Path, query: str) -> None:
    text = CONTRACT.replace("SELECT COUNT(*) FROM {object} WHERE ring_key = ''", query)
    with pytest.raises(FeedFault) as caught:
        rules.rules(table(tmp_path, text))
    assert caught.value.where.endswith("/loft.odcs.yaml:24")


def test_every_rule_of_every_contract_can_be_written() -> None:
    for room in ("sources", "core", "marts"):
        for one in load.tables(room).values():  # type: ignore[arg-type]
            assert all(rule.breaking.sql("duckdb").startswith("SELECT") for rule in rules.rules(one))
