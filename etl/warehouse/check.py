"""Checks a draft against the contracts before it is published, and says which rules hold.

It changes no row; what it finds is counted, never quoted.
"""

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa
from sqlglot import exp

from data_contracts.faults import NotReleasable
from data_contracts.load import Severity, Table
from data_contracts.rules import rules

COLUMNS = "the columns are the contract's"
EXISTS, KNOWN = "the table is made", "the table has a contract"


@dataclass(frozen=True)
class Check:
    """One rule and whether the build keeps it. says: the contract's file, line and words."""

    rule: str
    table: str
    column: str | None
    severity: Severity
    passed: bool
    breaking_count: int
    says: str


class Checker:
    """A second process with Great Expectations in it; started early, so that its import is over when it is needed."""

    def __enter__(self) -> "Checker":
        self._said = tempfile.TemporaryFile()  # not a pipe: nobody reads it unless the process dies
        command = [sys.executable, "-m", "etl.warehouse.suites"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, start_new_session=True
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()
        self._said.close()

    def verdicts(self, path: Path, tables: Sequence[Table]) -> Mapping[tuple[str, str], bool]:
        """For each (table, rule) whether it holds in the build file, which nobody may be writing."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the checks have no pipes")
        try:
            pickle.dump((path, tuple(tables)), self._process.stdin)
            self._process.stdin.flush()
            found: Mapping[tuple[str, str], bool] = pickle.load(self._process.stdout)
        except (BrokenPipeError, EOFError) as error:
            self._process.wait()
            self._said.seek(0)
            raise RuntimeError(f"the checks did not run:\n{self._said.read().decode('utf-8', 'replace')}") from error
        return found


def check_build(path: Path, tables: Mapping[str, Table], checker: Checker) -> tuple[Check, ...]:
    """Every rule of the core and mart tables. tables: by name, from the contracts.

    A table without a contract, a contract without a table and a column of another type are broken rules too.
    """
    with duckdb.connect(str(path), read_only=True) as connection:
        made = _columns(connection)
        filled = {table.name for table in tables.values() if table.name in made and _has_rows(connection, table)}
    there = [table for table in tables.values() if table.name in made]
    checks = [_exists(table, table.name in made) for table in tables.values()]
    checks += [_without_contract(name) for name in made if name.startswith(("core_", "mart_")) and name not in tables]
    checks += [_typed(table, made[table.name]) for table in there]
    sound = [table for table, check in zip(there, checks[-len(there) :], strict=True) if check.passed] if there else []
    judged = [table for table in sound if table.name in filled]  # no row of an empty table breaks a rule
    holds = dict(checker.verdicts(path, judged)) if judged else {}
    holds |= {(table.name, rule.name): True for table in sound if table.name not in filled for rule in rules(table)}
    with duckdb.connect(str(path), read_only=True) as connection:
        for table in sound:
            checks += rules_of(connection, table, holds)
    return tuple(checks)


def rules_of(
    connection: duckdb.DuckDBPyConnection, table: Table, holds: Mapping[tuple[str, str], bool], only: str | None = None
) -> list[Check]:
    """The table's rules with their verdicts, counted where they are broken or where nobody judged yet."""
    found = []
    for rule in rules(table):
        if only is None or rule.severity == only:
            passed = holds.get((table.name, rule.name), False)
            count = 0 if passed else _count(connection, rule.breaking)
            found.append(
                Check(rule.name, table.name, rule.column, rule.severity, passed or not count, count, rule.says)
            )
    return found


def broken_errors(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks that withhold a build."""
    return tuple(check for check in checks if not check.passed and check.severity == "error")


def refusal(broken: Sequence[Check], kept: Path) -> NotReleasable:
    """Why the build is withheld, with rules, counts and contract lines. kept: the draft, for whoever mends it."""
    lines = [f"{check.table}: {check.breaking_count:,} x broken: {check.says}" for check in broken]
    return NotReleasable(
        "the new build",
        f"{len(broken)} of its rules are broken:\n    " + "\n    ".join(lines),
        "every rule of severity error kept",
        f"It is not published, and the last build stays in force. Look at {kept}, mend the data, model or rule, "
        "and build again.",
    )


def store(connection: duckdb.DuckDBPyConnection, checks: Sequence[Check]) -> None:
    """Keeps the verdicts in the build, as `meta_check`."""
    connection.execute(
        "CREATE TABLE meta_check (rule VARCHAR, table_name VARCHAR, column_name VARCHAR, severity VARCHAR, "
        "passed BOOLEAN, breaking_count BIGINT, says VARCHAR)"
    )
    rows = [(one.rule, one.table, one.column, one.severity, one.passed, one.breaking_count, one.says) for one in checks]
    if rows:
        names = ["rule", "table_name", "column_name", "severity", "passed", "breaking_count", "says"]
        connection.register("_checks", pa.table([list(column) for column in zip(*rows, strict=True)], names=names))
        connection.execute("INSERT INTO meta_check SELECT * FROM _checks")
        connection.unregister("_checks")


def _has_rows(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    one = exp.select(exp.Literal.number(1)).from_(exp.table_(table.name, quoted=True)).limit(1)
    return bool(connection.execute(one.sql("duckdb")).fetchall())


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _exists(table: Table, made: bool) -> Check:
    says = f"{table.path}: no model makes {table.name}"
    return Check(EXISTS, table.name, None, "error", made, 0 if made else 1, says)


def _without_contract(name: str) -> Check:
    return Check(KNOWN, name, None, "error", False, 1, f"etl/models/{name}.sql: no contract says what {name} holds")


def _typed(table: Table, made: Mapping[str, str]) -> Check:
    """Columns and types as the contract says, in one sentence that names the differences."""
    wanted = {column.stored: column.type for column in table.columns}
    wrong = [f"{name} is missing" for name in wanted if name not in made]
    wrong += [f"{name} is not in the contract" for name in made if name not in wanted]
    wrong += [
        f"{name} is {made[name]} and not {kind}" for name, kind in wanted.items() if name in made and made[name] != kind
    ]
    says = f"{table.path}: {COLUMNS}" + (f"; {', '.join(wrong)}" if wrong else "")
    return Check(COLUMNS, table.name, None, "error", not wrong, len(wrong), says)


def _count(connection: duckdb.DuckDBPyConnection, breaking: exp.Select) -> int:
    select = breaking.copy()
    select.set("expressions", [exp.alias_(exp.Literal.number(1), "one")])
    counted = exp.select(exp.Count(this=exp.Star())).from_(select.subquery("breaking"))
    return int(connection.execute(counted.sql("duckdb")).fetchall()[0][0])
