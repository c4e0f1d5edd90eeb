"""Runs contracts as Great Expectations suites inside a build file; a process of its own, because the import is heavy.

It reads the file and tells only which rules hold: no value of a row leaves the database.
Started by `etl.warehouse.check`: pickled (path, tables) come in, pickled verdicts go out.
"""

import logging
import os
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.expectations.core.expect_column_values_to_be_between import ExpectColumnValuesToBeBetween
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_be_unique import ExpectColumnValuesToBeUnique
from great_expectations.expectations.core.expect_column_values_to_not_be_null import ExpectColumnValuesToNotBeNull
from great_expectations.expectations.core.expect_table_columns_to_match_set import ExpectTableColumnsToMatchSet
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from sqlglot import exp

from data_contracts.load import Column, Table
from data_contracts.rules import Rule, rules
from etl.warehouse import checks_dialect

Verdicts = dict[tuple[str, str], bool]  # (table, rule) -> it holds
COLUMNS = "the columns are the contract's"


class BreakingRows(UnexpectedRowsExpectation):
    """A rule in SQL that must find no row; it is asked for ones, not for the rows."""

    unexpected_rows_query: str = "SELECT 1 FROM {batch} WHERE FALSE"
    description: str = "no row breaks the rule"


def verdicts(path: Path, tables: Sequence[Table]) -> Verdicts:
    """For every rule of the tables, whether all rows of the build keep it."""
    checks_dialect.register()
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql("build", connection_string=checks_dialect.URL.format(path=path.resolve()))
    found: Verdicts = {}
    try:
        for table in tables:
            found.update(_table_verdicts(source, table))
    finally:
        checks_dialect.close_all()  # gives the file back to whoever writes the verdicts into it
    return found


def _table_verdicts(source: Any, table: Table) -> Verdicts:
    asset = source.add_table_asset(table.name, table_name=table.name)
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    suite = gx.ExpectationSuite(name=table.name, expectations=list(_expectations(table)))
    return _read(table, batch.validate(suite, result_format="BOOLEAN_ONLY").results)


def _expectations(table: Table) -> Iterator[Any]:
    names = [column.stored for column in table.columns]
    yield ExpectTableColumnsToMatchSet(column_set=names, exact_match=True, meta={"rule": COLUMNS})
    for rule in rules(table):
        yield _expectation(rule, table.column(rule.column or ""))


def _expectation(rule: Rule, column: Column | None) -> Any:
    """The library's own expectation where it has one that means the same, else the rule's SQL."""
    meta = {"rule": rule.name}
    if column is not None and rule.kind == "present":
        return ExpectColumnValuesToNotBeNull(column=column.stored, meta=meta)
    if column is not None and rule.kind == "unique":
        return ExpectColumnValuesToBeUnique(column=column.stored, meta=meta)
    if column is not None and rule.kind == "values":
        return ExpectColumnValuesToBeInSet(column=column.stored, value_set=list(column.values), meta=meta)
    if column is not None and rule.kind == "minimum" and column.type in BOUND:
        return ExpectColumnValuesToBeBetween(
            column=column.stored, min_value=BOUND[column.type](column.minimum), meta=meta
        )
    if column is not None and rule.kind == "maximum" and column.type in BOUND:
        return ExpectColumnValuesToBeBetween(
            column=column.stored, max_value=BOUND[column.type](column.maximum), meta=meta
        )
    return BreakingRows(unexpected_rows_query=_ones(rule), meta=meta)


def _timestamp(value: Any) -> datetime:
    return datetime.combine(value, datetime.min.time()) if type(value) is date else datetime.fromisoformat(str(value))


BOUND: Mapping[str, Any] = {"BIGINT": int, "DOUBLE": float, "TIMESTAMP": _timestamp}


def _ones(rule: Rule) -> str:
    """The rule's SELECT with a one for each breaking row, from the batch in place of the table."""
    select = rule.breaking.copy()
    select.set("expressions", [exp.Literal.number(1)])
    text: str = select.sql("duckdb")
    return text


def _read(table: Table, results: Sequence[Any]) -> Verdicts:
    found: Verdicts = {}
    for result in results:
        rule = result.expectation_config.meta["rule"]
        raised = _raised(result.exception_info or {})
        if raised:  # a check that cannot run is a fault of ours, and neither passed nor failed
            raise RuntimeError(f"{table.name}: {rule}: {raised}")
        found[(table.name, rule)] = bool(result.success)
    return found


def _raised(info: Mapping[str, Any]) -> str | None:
    parts = [info, *(part for part in info.values() if isinstance(part, Mapping))]
    return next((str(part.get("exception_message")) for part in parts if part.get("raised_exception")), None)


def main() -> None:
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever the library prints must not stand in the answer
    with answer:
        while True:  # until the build ends this process
            path, tables = pickle.load(sys.stdin.buffer)
            pickle.dump(verdicts(path, tables), answer)
            answer.flush()


if __name__ == "__main__":
    main()
