"""The contracts of the block models: the tables have their columns, and rows that cannot be are caught by name."""

from typing import Any

import duckdb
import pytest

from data_contracts import load, rules
from tests.block_log import MADE, block_log
from tests.tables import raw

BLOCK = {
    "wiki": "wiki.demo",
    "log_id": 1,
    "target_key": "ana",
    "target_kind": "account",
    "performer_key": "ada",
    "performer_kind": "person",
    "set_at": "2026-01-01",
    "first_expires_at": "2026-01-03",
    "expires_at": "2026-01-03",
    "ended_at": "2026-01-03",
    "ended_by": "expiry",
    "scope": "sitewide",
    "restricts_pages": False,
    "restricts_namespaces": False,
    "restricts_actions": False,
    "is_indefinite": False,
    "is_start_known": True,
    "reblock_count": 0,
    "was_extended": False,
    "was_widened": False,
    "duration_class": "up_to_a_week",
    "reason_class": "vandalism",
    "is_user_hidden": False,
}
SHARED = ("wiki", "set_at", "scope", "target_kind", "performer_kind", "duration_class", "reason_class", "ended_at")
MART = {
    **{name: BLOCK[name] for name in SHARED},
    "is_partial": False,
    "is_indefinite": False,
    "is_reversed": False,
    "has_ended": True,
    "block_hours": 48.0,
    "performer_rank": 1,
}
END = {
    **{name: BLOCK[name] for name in SHARED if name != "set_at"},
    "ended_by": "expiry",
    "reblocked_within_30d": False,
    "reblocked_within_90d": True,
    "is_temporary_sitewide": True,
    "is_held": True,
}
SOUND: dict[str, dict[str, Any]] = {"core_block": BLOCK, "mart_block": MART, "mart_block_end": END}


def broken(table: str, **changes: Any) -> list[str]:
    """The rules that one row breaks: sound but for the changes."""
    with duckdb.connect() as connection:
        raw(connection, table, "log_id\n1" if table == "core_block" else "wiki\nwiki.demo", {**SOUND[table], **changes})
        contract = {**load.tables("core"), **load.tables("marts")}[table]
        return [
            rule.name for rule in rules.rules(contract) if connection.execute(rule.breaking.sql("duckdb")).fetchall()
        ]


@pytest.mark.parametrize("table", SOUND)
def test_a_sound_row_breaks_nothing(table: str) -> None:
    assert broken(table) == []


@pytest.mark.parametrize("table", MADE)
def test_a_table_has_the_columns_of_its_contract(table: str) -> None:
    log = block_log("target | occurred_at | log_action\n ana | 2026-01-01 | block")
    contract = {**load.tables("core"), **load.tables("marts")}[table]
    made = [(name, kind) for name, kind, *_ in log.execute(f"DESCRIBE {table}").fetchall()]
    assert made == [(column.stored, column.type) for column in contract.columns]


@pytest.mark.parametrize(
    ("table", "changes", "rule"),
    [
        ("core_block", {"ended_at": None}, "an end has a cause and a cause an end"),
        ("core_block", {"ended_at": "2025-12-31"}, "a block ends after it was set"),
        ("core_block", {"expires_at": None}, "a block that expired had an expiry"),
        ("core_block", {"ended_at": "2026-01-04"}, "no block outlives its expiry"),
        ("core_block", {"is_indefinite": True}, "what never ends has no expiry"),
        ("core_block", {"duration_class": "indefinite"}, "what never ends has no expiry"),
        ("core_block", {"scope": "hidden"}, "a hidden block shows nothing"),
        ("core_block", {"was_widened": None}, "a block that is shown tells all of itself"),
        ("core_block", {"restricts_pages": True}, "a sitewide block names no part"),
        ("core_block", {"performer_kind": "hidden"}, "a hidden performer is nobody"),
        ("core_block", {"was_extended": True}, "only a reblock extends or widens"),
        ("core_block", {"first_expires_at": "2025-12-31"}, "a block is planned to end after it is set"),
        ("mart_block", {"ended_at": "2025-12-31"}, "a block ends after it was set"),
        ("mart_block", {"has_ended": False}, "it has ended where it has an end"),
        ("mart_block", {"has_ended": False, "ended_at": None, "is_reversed": True}, "only what ended was reversed"),
        ("mart_block", {"is_partial": True}, "partial is a scope"),
        ("mart_block", {"is_indefinite": None}, "indefinite is a duration"),
        ("mart_block", {"block_hours": None}, "a hidden block has no end and no hours"),
        ("mart_block", {"performer_rank": None}, "persons have a rank and others none"),
        ("mart_block_end", {"reblocked_within_30d": True, "is_held": False, "reblocked_within_90d": False},
         "blocked again in 30 days is so in 90"),
        ("mart_block_end", {"reblocked_within_30d": True}, "a block held is not blocked again"),
        ("mart_block_end", {"scope": "partial"}, "temporary and sitewide is a scope and a duration"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_caught(table: str, changes: dict[str, Any], rule: str) -> None:
    assert rule in broken(table, **changes)
