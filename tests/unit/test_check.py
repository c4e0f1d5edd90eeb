"""A build is checked against its contracts before it is published."""

from pathlib import Path

import duckdb
import pytest

from data_contracts.load import Column, Quality, Table
from etl.warehouse.check import Check, Checker, broken_errors, check_build, refusal, rules_of, store


def flights(**changes) -> Table:
    """A contract of the tests: flights of pigeons."""
    columns = (
        Column("flight", "flight", "BIGINT", "", required=True, unique=True, line=11),
        Column("flown_at", "flown_at", "TIMESTAMP", "", minimum="2001-01-01", line=12),
        Column("colour", "colour", "VARCHAR", "", values=("grey", "white"), line=13),
        Column("speed", "speed", "DOUBLE", "", minimum=0, maximum=200, line=14),
        Column("ring", "ring", "VARCHAR", "", pattern="^[A-Z][0-9]+$", line=15),
    )
    written = Quality(
        "white pigeons are fast", "warning", "SELECT COUNT(*) FROM {object} WHERE colour = 'white' AND speed < 10", 20
    )
    said = {
        "contract": "flight", "version": "1", "name": "core_flight", "grain": "", "columns": columns, "quality": (written,), "key": ("flown_at", "ring"),
        "about_persons": False, "feeds": ("pigeons",), "event_time": None, "path": "data_contracts/core/flight.odcs.yaml",
    }  # fmt: skip
    return Table(**{**said, **changes})


GOOD = [
    "(1, TIMESTAMP '2026-03-01', 'grey', 50.0, 'A1')",
    "(2, TIMESTAMP '2026-03-01', 'white', 60.0, 'A2')",
    "(3, TIMESTAMP '2026-03-02', NULL, NULL, NULL)",
]
EMPTY = "CREATE TABLE core_flight (flight BIGINT, flown_at TIMESTAMP, colour VARCHAR, speed DOUBLE, ring VARCHAR)"


@pytest.fixture
def draft(tmp_path):
    def draft(*rows: str, made: str = EMPTY):
        path = tmp_path / "draft.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(made)
            for row in rows:
                connection.execute(f"INSERT INTO core_flight VALUES {row}")
        return path

    return draft


@pytest.fixture(scope="module")
def checker():
    with Checker() as checker:
        yield checker


@pytest.fixture
def checked(checker):
    def checked(path, *tables: Table) -> tuple[Check, ...]:
        return check_build(path, {table.name: table for table in tables}, checker)

    return checked


def broken(checks) -> dict[str, int]:
    return {check.rule: check.breaking_count for check in checks if not check.passed}


def test_a_build_that_keeps_its_contract_passes_every_rule(draft, checked):
    checks = checked(draft(*GOOD), flights())
    assert broken(checks) == {}
    assert len(checks) == 2 + 8 + 1


def test_every_kind_of_rule_finds_its_rows_and_counts_them(draft, checked):
    wrong = [
        "(NULL, TIMESTAMP '2026-03-03', 'grey', 50.0, 'A1')",
        "(1, TIMESTAMP '1999-03-03', 'blue', -1.0, 'A3')",
        "(4, TIMESTAMP '2026-03-01', 'white', 500.0, 'a1')",
        "(5, TIMESTAMP '2026-03-01', 'white', 5.0, 'A2')",
    ]
    assert broken(checked(draft(*GOOD, *wrong), flights())) == {
        "flight is present": 1,
        "flight is unique": 1,
        "flown_at is at least 2001-01-01": 1,
        "colour is one of grey, white": 1,
        "speed is at least 0": 1,
        "speed is at most 200": 1,
        "ring looks like ^[A-Z][0-9]+$": 1,
        "flown_at and ring tell the rows apart": 1,
        "white pigeons are fast": 1,
    }


def test_a_missing_column_or_another_type_is_named_and_stops_the_other_rules(draft, checked):
    path = draft(
        made="CREATE TABLE core_flight (flight VARCHAR, flown_at TIMESTAMP, colour VARCHAR, speed DOUBLE, wing BIGINT)"
    )
    (wrong,) = [check for check in checked(path, flights()) if not check.passed]
    assert "flight is VARCHAR and not BIGINT" in wrong.says
    assert "ring is missing" in wrong.says
    assert "wing is not in the contract" in wrong.says


def test_a_table_without_contract_and_a_contract_without_table_are_broken_rules(draft, checked):
    path = draft(made="CREATE TABLE mart_loft (a BIGINT)")
    assert broken(checked(path, flights())) == {"the table is made": 1, "the table has a contract": 1}


def test_a_warning_does_not_withhold_a_build():
    warning = Check("r", "core_flight", None, "warning", False, 3, "contract:20: r")
    assert broken_errors([warning]) == ()


def test_a_broken_error_withholds_the_build_and_names_rule_count_and_contract_line():
    error = Check(
        "colour is grey",
        "core_flight",
        "colour",
        "error",
        False,
        1200,
        "data_contracts/core/flight.odcs.yaml:13: colour is grey",
    )
    assert broken_errors([error]) == (error,)
    fault = refusal([error], Path("builds/b000002.withheld.duckdb"))
    assert fault.exit_code == 12
    for part in ("core_flight", "1,200", "flight.odcs.yaml:13", "b000002.withheld.duckdb", "last build stays in force"):
        assert part in str(fault)


def test_verdicts_are_kept_in_the_build(tmp_path):
    with duckdb.connect(str(tmp_path / "b.duckdb")) as connection:
        store(connection, [Check("r", "core_flight", None, "warning", False, 3, "contract:20: r")])
        assert connection.execute("FROM meta_check").fetchall() == [
            ("r", "core_flight", None, "warning", False, 3, "contract:20: r")
        ]


def test_rules_of_one_severity_can_be_judged_without_suites(draft):
    with duckdb.connect(str(draft("(1, TIMESTAMP '2026-03-01', 'white', 5.0, 'A2')"))) as connection:
        (only,) = rules_of(connection, flights(), {}, only="warning")
    assert (only.rule, only.passed, only.breaking_count) == ("white pigeons are fast", False, 1)


def test_a_check_that_cannot_run_is_neither_passed_nor_failed(draft):
    wrong = Quality("nonsense", "error", "SELECT COUNT(*) FROM {object} WHERE nowhere = 1", 20)
    with Checker() as checker, pytest.raises(RuntimeError, match="nowhere"):
        checker.verdicts(draft(*GOOD), [flights(quality=(wrong,))])
