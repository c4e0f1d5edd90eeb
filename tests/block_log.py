"""A log of a few lines made into spells and marts, for the tests of the block models."""

from datetime import datetime

import duckdb
from tables import raw

from data_contracts import load, rules
from etl.warehouse.order import models, run_models

LOG = {
    "wiki": "wiki.demo",
    "log_type": "block",
    "performer": "ada",
    "performer_kind": "person",
    "target_kind": "account",
    "is_action_hidden": False,
    "is_performer_hidden": False,
    "is_comment_hidden": False,
    "has_comment": True,
    "reason_class": "vandalism",
}
MADE = (
    "core_log_item",
    "core_block_event",
    "core_block_spell",
    "core_block",
    "mart_block",
    "mart_block_end",
    "mart_account",
    "mart_thanks",
)


def run_log_models(connection: duckdb.DuckDBPyConnection, as_of: str) -> None:
    """The models that rest on the log alone, made from raw_mediawiki_logging, and their contracts held against them."""
    chosen = [model for model in models() if model.name in MADE]
    run_models(connection, datetime.fromisoformat(as_of), chosen)
    assert broken_rules(connection) == []


def broken_rules(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every rule of severity error that a row of the made tables breaks."""
    tables = {**load.tables("core"), **load.tables("marts")}
    return [
        rule.says
        for name in MADE
        for rule in rules.rules(tables[name])
        if rule.severity == "error" and connection.execute(rule.breaking.sql("duckdb")).fetchall()
    ]


def block_log(text: str, as_of: str = "2026-06-01") -> duckdb.DuckDBPyConnection:
    """A database with the models made from the log items of `text`.

    Log ids count up from the top where `text` has none; a block that is shown never ends where it has no expires_at.
    """
    connection = duckdb.connect()
    raw(connection, "raw_mediawiki_logging", text, LOG)
    connection.execute("UPDATE raw_mediawiki_logging SET log_id = line WHERE log_id IS NULL")
    connection.execute(
        """
        UPDATE raw_mediawiki_logging
        SET is_indefinite = expires_at IS NULL, is_sitewide = COALESCE(is_sitewide, TRUE)
        WHERE log_action IN ('block', 'reblock') AND NOT is_action_hidden
        """
    )
    connection.execute("UPDATE raw_mediawiki_logging SET target_key = NULL, target_kind = NULL WHERE is_action_hidden")
    connection.execute(
        "UPDATE raw_mediawiki_logging SET performer_key = NULL, performer_kind = NULL WHERE is_performer_hidden"
    )
    run_log_models(connection, as_of)
    return connection
