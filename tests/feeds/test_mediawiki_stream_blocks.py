"""What becomes of changes of blocks once they have landed, and how they are held against the log."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.formats.stream_events import BLOCKS_CHANGE
from tests.delivered import broken, rejects_of, rows_of, run
from tests.feeds.streamed import CHANGES, FULL, PARTIAL, change, piece, read, sent
from tests.tables import raw, rows


def test_what_was_done_is_told_by_the_state_before_and_after(tmp_path: Path) -> None:
    kept = [one for one in sent("blocks") if one["database"] == "xxwiki" and one["user_text"] != "Hidden Example"]
    columns = (
        "change",
        "target",
        "is_sitewide",
        "expires_at",
        "is_indefinite",
        "restriction_count",
        "prior_is_sitewide",
    )
    assert rows_of(read(piece(tmp_path, *kept, stream=BLOCKS_CHANGE)), CHANGES, *columns, "performer_kind") == [
        ("set", "Ana Example", True, datetime(2026, 11, 22, 17, 0, 1), False, 0, None, "person"),
        ("lifted", "Ana Example", None, None, None, None, True, "person"),
        ("changed", "Cho Example", False, datetime(2026, 11, 24, 10, 0, 9), False, 2, True, "person"),
        ("set", "~2026-12345-6", True, None, True, 0, None, "bot"),
    ]


@pytest.mark.parametrize(
    ("blocks", "prior", "expected"),
    [
        (FULL, None, "set"),
        (FULL, PARTIAL, "changed"),
        (FULL, {**FULL, "expiry_dt": "2026-11-20T10:00:00Z"}, "set"),  # the one before had ended
        ({}, FULL, "lifted"),
        ([], FULL, "lifted"),
        ({**FULL, "sitewide": False}, FULL, "lifted"),  # nothing is barred
        ({**FULL, "expiry_dt": "2026-11-21T10:00:00Z"}, FULL, "lifted"),  # ends as it is sent
        ({**FULL, "sitewide": False, "account_create": True}, None, "set"),
        (
            {"email": False, "user_talk": False, "account_create": False},
            None,
            "set",
        ),  # before there were partial blocks
    ],
)
def test_set_changed_or_lifted_is_inferred(tmp_path: Path, blocks: Any, prior: Any, expected: str) -> None:
    batches = read(piece(tmp_path, change(blocks, prior), stream=BLOCKS_CHANGE))
    assert rows_of(batches, CHANGES, "change") == [(expected,)]


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        (change({}), "there is a block before or after"),
        (change({**FULL, "sitewide": "yes"}), "sitewide is true or false"),
        (change({**FULL, "expiry_dt": "infinity"}), "expiry_dt is a time with its offset"),
        (change({**FULL, "restrictions": {"a": 1}}), "restrictions are a list"),
        (change("none"), "blocks is an object"),
        (change(None), "blocks is present"),
        (change(FULL, user_text=None), "user_text is present"),
        (change(FULL, meta={"dt": "2026-11-21T10:00:00Z"}, server_name="xx.wikipedia.org"), "id is present"),
        (change(FULL, meta={"id": "b"}), "dt is present"),
        (change(FULL, performer="Admin"), "performer is an object"),
        ({"database": "xxwiki", "meta": {"dt": "2026-11-21T10:00:00Z"}}, "blocks is present"),
    ],
)
def test_a_change_in_no_known_form_is_refused(tmp_path: Path, event: Any, rule: str) -> None:
    batches = read(piece(tmp_path, event, stream=BLOCKS_CHANGE))
    assert [one.rule for one in rejects_of(batches)] == [rule]
    assert "Ana" not in str(rejects_of(batches))


def test_a_change_counts_once_and_is_held_against_the_log(connection: duckdb.DuckDBPyConnection) -> None:
    raw(
        connection,
        CHANGES,
        """
        wiki    | event_id | occurred_at         | target | change
        --------+----------+---------------------+--------+-------
        xx.demo | a        | 2026-11-21T10:00:01 | ana    | set
        xx.demo | b        | 2026-11-21T11:00:00 | ana    | lifted
        xx.demo | b        | 2026-11-21T11:00:00 | ana    | lifted
        xx.demo | c        | 2026-11-21T12:00:00 | ben    | set
        xx.demo | d        | 2026-11-21T13:00:00 | cho    | set
        xx.demo | e        | 2026-11-22T00:00:00 | ana    | set
        xx.demo | f        | 2026-11-21T14:00:00 | dan    | set
        xx.demo | g        | 2026-11-21T16:00:00 | dan    | set
        """,
        {"target_kind": "account", "is_sitewide": "yes"},
    )
    raw(
        connection,
        "core_log_item",
        """
        wiki    | log_id | occurred_at         | target_key | log_type | is_action_hidden
        --------+--------+---------------------+------------+----------+-----------------
        xx.demo | 1      | 2026-11-21T10:00:00 | ana        | block    | no
        xx.demo | 2      | 2026-11-21T11:00:00 | ana        | rights   | no
        xx.demo | 3      | 2026-11-21T11:02:00 | ana        | block    | no
        yy.demo | 4      | 2026-11-21T12:00:00 | ben        | block    | no
        xx.demo | 5      | 2026-11-21T13:00:01 |            | block    | yes
        xx.demo | 6      | 2026-11-21T14:00:00 | dora       | block    | no
        xx.demo | 7      | 2026-11-21T16:00:00 | dora       | block    | no
        """,
    )
    raw(
        connection,
        "core_rename",
        """
        wiki    | log_id | name_key | ends_at             | account_key
        --------+--------+----------+---------------------+------------
        xx.demo | 9      | dan      | 2026-11-21T15:00:00 | dora
        """,
    )
    run(connection, "2026-11-22", "core_block_change")
    assert rows(connection, "core_block_change", "event_id", "has_log_item") == [
        ("a", True), ("b", False), ("c", False), ("d", True), ("f", True), ("g", False),
    ]  # fmt: skip
    assert broken(connection, "core_block_change", severity="warning") == ["each change of a block stands in the log"]
