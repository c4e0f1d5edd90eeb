"""A log of a few lines made into spells and marts, for the tests of the block models."""

from datetime import datetime
from functools import cache

import duckdb
from sqlglot import exp

from data_contracts import load, rules
from etl.warehouse.order import Model, models, run_models
from tests.tables import raw

LOG = {
    "wiki": "wiki.demo",
    "log_type": "block",
    "performer_key": "ada",
    "performer_kind": "person",
    "target_kind": "account",
    "is_action_hidden": False,
    "is_performer_hidden": False,
    "is_comment_hidden": False,
    "has_comment": True,
    "reason_class": "vandalism",
}
ANSWERED = {"view": "public", "retrieved_at": "2026-06-01"}
OTHER_RAW = (
    "raw_mediawiki_api_log",
    "raw_mediawiki_api_user",
    "raw_mediawiki_stream_log",
)  # empty where a test has none
MADE = (
    "core_rename",
    "core_log_item",
    "core_block_event",
    "core_block_spell",
    "core_block",
    "mart_block",
    "mart_block_end",
    "mart_account",
    "mart_thanks",
)


@cache
def chosen() -> tuple[Model, ...]:
    return tuple(model for model in models() if model.name in MADE)


@cache
def errors() -> tuple[tuple[str, str], ...]:
    """Every rule of severity error of the made tables: what it says, and the SELECT of the rows that break it."""
    tables = {**load.tables("core"), **load.tables("marts")}
    found = [rule for name in MADE for rule in rules.rules(tables[name]) if rule.severity == "error"]
    return tuple((rule.says, rule.breaking.sql("duckdb")) for rule in found)


def run_log_models(connection: duckdb.DuckDBPyConnection, as_of: str) -> None:
    """The models that rest on the log alone, made from raw_mediawiki_logging, and their contracts held against them."""
    there = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for name in set(OTHER_RAW) & set(load.tables("sources")) - there:
        raw(connection, name)
    run_models(connection, datetime.fromisoformat(as_of), chosen())
    assert [says for says, breaking in errors() if connection.execute(breaking).fetchall()] == []


def block_log(text: str, as_of: str = "2026-06-01", **others: str) -> duckdb.DuckDBPyConnection:
    """A database with the models made from the log items of `text`, a dump; others: of other raw tables, by their name.

    Log ids count up from the top where `text` has none; a block that is shown never ends where it has no expires_at.
    """
    connection = duckdb.connect()
    for name, told in {"raw_mediawiki_logging": text, **others}.items():
        _log_table(connection, name, told)
    run_log_models(connection, as_of)
    return connection


def _log_table(connection: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    stored = {column.stored for column in load.tables("sources")[name].columns}
    raw(connection, name, text, {column: value for column, value in {**LOG, **ANSWERED}.items() if column in stored})
    if "log_id" not in stored:
        return
    table = exp.to_identifier(name, quoted=True).sql("duckdb")
    for change in (
        "log_id = line WHERE log_id IS NULL",
        "is_indefinite = expires_at IS NULL, is_sitewide = COALESCE(is_sitewide, TRUE) "
        "WHERE log_action IN ('block', 'reblock') AND NOT is_action_hidden",
        "target_key = NULL, target_kind = NULL WHERE is_action_hidden",
        "performer_key = NULL, performer_kind = NULL WHERE is_performer_hidden",
    ):
        connection.execute(f"UPDATE {table} SET {change}")
