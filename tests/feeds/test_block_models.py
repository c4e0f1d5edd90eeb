"""What the log items of a target make of its blocks: one spell from its setting to its end."""

from datetime import datetime
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from etl.warehouse.order import MODELS
from tests.block_log import MADE, block_log
from tests.tables import rows


def day(value: Any) -> str | None:
    return f"{value:%m-%d}" if isinstance(value, datetime) else None


def spells(text: str, as_of: str = "2026-06-01") -> list[tuple[str, str | None, str | None]]:
    """(set, ended, by) of every spell, in the order of their setting, days without the year."""
    found = rows(block_log(text, as_of), "core_block", "set_at", "log_id", "ended_at", "ended_by")
    return [(f"{set_at:%m-%d}", day(ended_at), by) for set_at, _, ended_at, by in found]


def one(text: str, *columns: str) -> dict[str, Any]:
    """The only spell of the log."""
    (only,) = rows(block_log(text), "core_block", *columns)
    return dict(zip(columns, only, strict=True))


def test_a_block_ends_by_its_expiry() -> None:
    assert spells("""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-01-08
    """) == [("01-01", "01-08", "expiry")]


def test_a_block_whose_expiry_is_not_yet_past_is_in_force() -> None:
    log = """
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-01-08
    """
    assert spells(log, as_of="2026-01-08") == [("01-01", None, None)]  # what is known ends before 8 January
    assert spells(log, as_of="2026-01-08T00:00:01") == [("01-01", "01-08", "expiry")]


def test_an_indefinite_block_goes_on() -> None:
    assert spells("""
        target | occurred_at | log_action
        -------+-------------+-----------
        ana    | 2026-01-01  | block
    """) == [("01-01", None, None)]


def test_an_unblock_ends_the_block_before_its_expiry_and_only_that() -> None:
    assert spells("""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-02-01
        ben    | 2026-01-01  | block      | 2026-02-01   # somebody else
        ana    | 2026-01-05  | unblock    |
        ana    | 2026-01-06  | unblock    |              # lifted already
        ana    | 2026-01-20  | block      | 2026-01-21
    """) == [("01-01", "01-05", "unblock"), ("01-01", "02-01", "expiry"), ("01-20", "01-21", "expiry")]


def test_an_unblock_after_the_expiry_changes_nothing() -> None:
    assert spells("""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-01-02
        ana    | 2026-01-02  | unblock    |              # the very second of the expiry
    """) == [("01-01", "01-02", "expiry")]


def test_an_unblock_of_a_block_from_before_the_log_is_ignored() -> None:
    assert spells("""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | unblock    |
        ana    | 2026-01-02  | block      | 2026-01-03
    """) == [("01-02", "01-03", "expiry")]


def test_a_reblock_goes_on_with_the_spell_and_moves_its_end() -> None:
    log = """
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-01-08
        ana    | 2026-01-03  | reblock    | 2026-01-10   # later
        ana    | 2026-01-04  | reblock    | 2026-01-06   # earlier again
    """
    assert spells(log) == [("01-01", "01-06", "expiry")]
    assert one(log, "first_expires_at", "expires_at", "reblock_count", "was_extended", "duration_class") == {
        "first_expires_at": datetime(2026, 1, 8),
        "expires_at": datetime(2026, 1, 6),
        "reblock_count": 2,
        "was_extended": True,
        "duration_class": "up_to_a_week",
    }


@pytest.mark.parametrize(
    ("first", "then", "extended"),
    [
        ("2026-01-08", "2026-01-09", True),
        ("2026-01-08", "2026-01-08", False),
        ("2026-01-08", "2026-01-07", False),
        ("2026-01-08", "", True),  # made indefinite
        ("", "2026-01-08", False),  # it never ended, now it does
        ("", "", False),
    ],
)
def test_extended_means_an_expiry_moved_later_or_away(first: str, then: str, extended: bool) -> None:
    found = one(
        f"""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | {first}
        ana    | 2026-01-03  | reblock    | {then}
        """,
        "was_extended",
        "is_indefinite",
        "reblock_count",
    )
    assert found == {"was_extended": extended, "is_indefinite": first == "", "reblock_count": 1}


@pytest.mark.parametrize(
    ("first", "then", "widened", "scope"),
    [
        ("no", "yes", True, "partial"),
        ("yes", "no", False, "sitewide"),
        ("no", "no", False, "partial"),
        ("yes", "yes", False, "sitewide"),
    ],
)
def test_widened_means_from_partial_to_sitewide(first: str, then: str, widened: bool, scope: str) -> None:
    found = one(
        f"""
        target | occurred_at | log_action | is_sitewide
        -------+-------------+------------+------------
        ana    | 2026-01-01  | block      | {first}
        ana    | 2026-01-03  | reblock    | {then}
        """,
        "was_widened",
        "scope",
    )
    assert found == {"was_widened": widened, "scope": scope}  # the scope is the one that was set


def test_a_new_block_of_a_blocked_target_supersedes_the_old_one() -> None:
    assert spells("""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      |
        ana    | 2026-01-03  | block      | 2026-01-05
        ana    | 2026-01-04  | unblock    |              # lifts the second; the first is long gone
    """) == [("01-01", "01-03", "superseded"), ("01-03", "01-04", "unblock")]


def test_a_new_block_after_the_end_supersedes_nothing() -> None:
    assert spells("""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-01-03
        ana    | 2026-01-03  | block      | 2026-01-05   # in the second of the expiry: the first has ended by itself
    """) == [("01-01", "01-03", "expiry"), ("01-03", "01-05", "expiry")]


def test_items_of_one_second_go_by_their_log_ids() -> None:
    assert spells("""
        target | occurred_at | log_id | log_action
        -------+-------------+--------+-----------
        ana    | 2026-01-03  | 12     | block
        ana    | 2026-01-03  | 11     | unblock
        ana    | 2026-01-01  | 10     | block
    """) == [("01-01", "01-03", "unblock"), ("01-03", None, None)]


def test_time_goes_before_log_ids() -> None:
    assert spells("""
        target | occurred_at | log_id | log_action
        -------+-------------+--------+-----------
        ana    | 2026-01-01  | 90     | block        # brought in later from another wiki's log
        ana    | 2026-01-03  | 11     | unblock
    """) == [("01-01", "01-03", "unblock")]


def test_a_reblock_of_what_has_ended_begins_a_spell_of_unknown_start() -> None:
    log = """
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-01-03
        ana    | 2026-01-03  | reblock    | 2026-01-09   # a block that the log does not show
        ben    | 2026-01-02  | reblock    | 2026-01-04   # set before the log begins
        ben    | 2026-01-03  | reblock    | 2026-01-06
    """
    assert rows(block_log(log), "core_block", "target_key", "is_start_known", "reblock_count") == [
        ("ana", False, 0),
        ("ana", True, 0),
        ("ben", False, 1),
    ]
    assert spells(log) == [("01-01", "01-03", "expiry"), ("01-02", "01-06", "expiry"), ("01-03", "01-09", "expiry")]


def test_a_reblock_after_an_unblock_begins_a_spell_of_unknown_start() -> None:
    assert spells("""
        target | occurred_at | log_action
        -------+-------------+-----------
        ana    | 2026-01-01  | block
        ana    | 2026-01-03  | unblock
        ana    | 2026-01-04  | reblock
    """) == [("01-01", "01-03", "unblock"), ("01-04", None, None)]


def test_several_blocks_of_one_target_run_side_by_side_and_are_changed_by_number() -> None:
    log = """
        target | occurred_at | log_action | expires_at | block_id | target_count
        -------+-------------+------------+------------+----------+-------------
        ana    | 2026-01-01  | block      |            | 7        |
        ana    | 2026-01-03  | block      | 2026-01-20 | 8        | 2
        ana    | 2026-01-04  | reblock    | 2026-02-01 | 7        |
        ana    | 2026-01-05  | unblock    |            | 8        |
    """
    assert spells(log) == [("01-01", "02-01", "expiry"), ("01-03", "01-05", "unblock")]


def test_a_numbered_block_that_is_the_only_one_afterwards_supersedes() -> None:
    assert spells("""
        target | occurred_at | log_action | block_id | target_count
        -------+-------------+------------+----------+-------------
        ana    | 2026-01-01  | block      | 7        |
        ana    | 2026-01-02  | block      | 8        | 2
        ana    | 2026-01-03  | block      | 9        |               # the wiki counts one: 7 and 8 were lifted unseen
        ana    | 2026-01-04  | reblock    | 8        |               # so this is not the 8 that we knew
    """) == [
        ("01-01", "01-03", "superseded"),
        ("01-02", "01-03", "superseded"),
        ("01-03", None, None),
        ("01-04", None, None),
    ]


def test_a_block_from_before_numbers_were_logged_is_lifted_by_a_number() -> None:
    assert spells("""
        target | occurred_at | log_action | block_id | target_count
        -------+-------------+------------+----------+-------------
        ana    | 2026-01-01  | block      |          |
        ana    | 2026-01-02  | block      | 8        | 2
        ana    | 2026-01-03  | unblock    | 7        |               # no block 7 was seen: it is the first one
    """) == [("01-01", "01-03", "unblock"), ("01-02", None, None)]


def test_a_hidden_block_is_a_spell_of_which_nothing_is_known() -> None:
    log = """
        target | occurred_at | log_action | is_action_hidden | reason_class | is_comment_hidden | has_comment
        -------+-------------+------------+------------------+--------------+-------------------+------------
               | 2026-01-01  | block      | yes              |              | yes               | no
               | 2026-01-02  | unblock    | yes              |              | yes               | no
               | 2026-01-02  | reblock    | yes              |              | yes               | no
    """
    assert one(
        log, "scope", "target_kind", "duration_class", "reason_class", "performer_kind", "ended_at", "is_indefinite"
    ) == {
        "scope": "hidden",
        "target_kind": "hidden",
        "duration_class": "hidden",
        "reason_class": "hidden",
        "performer_kind": "person",
        "ended_at": None,
        "is_indefinite": None,
    }


def test_a_block_that_hides_the_user_counts_where_its_target_is_shown() -> None:
    log = """
        target | occurred_at | log_type | log_action | is_action_hidden
        -------+-------------+----------+------------+-----------------
        ana    | 2026-01-01  | suppress | block      | no
               | 2026-01-02  | suppress | block      | yes
        ben    | 2026-01-03  | suppress | event      | no
    """
    assert one(log, "target_key", "is_user_hidden") == {"target_key": "ana", "is_user_hidden": True}


def test_other_logs_and_autoblocks_make_no_spell() -> None:
    assert (
        spells("""
        target | occurred_at | log_type | log_action | target_kind
        -------+-------------+----------+------------+------------
        #12    | 2026-01-01  | block    | unblock    | autoblock
        #12    | 2026-01-01  | block    | block      | autoblock
        ana    | 2026-01-01  | protect  | protect    | page
    """)
        == []
    )


def test_the_same_target_on_two_wikis_is_two() -> None:
    assert spells("""
        wiki   | target | occurred_at | log_id | log_action
        -------+--------+-------------+--------+-----------
        b.demo | ana    | 2026-01-01  | 1      | block
        a.demo | ana    | 2026-01-02  | 1      | block
        b.demo | ana    | 2026-01-03  | 2      | unblock
    """) == [("01-01", "01-03", "unblock"), ("01-02", None, None)]


def test_parts_of_a_partial_block_are_told() -> None:
    columns = ("scope", "restricts_pages", "restricts_namespaces", "restricts_actions")
    log = block_log("""
        target | occurred_at | log_action | is_sitewide | restricted_page_count | restricted_namespaces | restricted_actions
        -------+-------------+------------+-------------+-----------------------+-----------------------+-------------------
        ana    | 2026-01-01  | block      | no          | 3                     | 2,4                   |
        ben    | 2026-01-01  | block      | no          | 0                     |                       | upload
        cho    | 2026-01-01  | block      | no          |                       |                       |
        dee    | 2026-01-01  | block      | yes         |                       |                       |
    """)
    assert rows(log, "core_block", "target_key", *columns) == [
        ("ana", "partial", True, True, False),
        ("ben", "partial", False, False, True),
        ("cho", "partial", False, False, False),  # e-mail or account creation only
        ("dee", "sitewide", False, False, False),
    ]


@pytest.mark.parametrize(
    ("expires_at", "expected"),
    [
        ("2026-01-02T00:00:00", "up_to_a_day"),
        ("2026-01-02T00:00:01", "up_to_a_week"),
        ("2026-01-08T00:00:00", "up_to_a_week"),
        ("2026-01-08T00:00:01", "up_to_a_month"),
        ("2026-02-01T00:00:00", "up_to_a_month"),
        ("2026-02-01T00:00:01", "up_to_a_year"),
        ("2027-01-02T00:00:00", "up_to_a_year"),
        ("2027-01-02T00:00:01", "over_a_year"),
        ("", "indefinite"),
    ],
)
def test_durations_fall_into_classes_by_the_length_that_was_set(expires_at: str, expected: str) -> None:
    log = f"""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | {expires_at}
    """
    assert one(log, "duration_class") == {"duration_class": expected}


def test_of_an_item_in_two_files_the_copy_with_more_hidden_counts() -> None:
    log = block_log("""
        _file | target | occurred_at | log_id | log_action | is_performer_hidden
        ------+--------+-------------+--------+------------+--------------------
        bbb   | ana    | 2026-01-01  | 1      | block      | yes
        aaa   | ana    | 2026-01-01  | 1      | block      | no
        bbb   | ben    | 2026-01-02  | 2      | block      | no                    # alike: the first file's
        aaa   | BEN    | 2026-01-02  | 2      | block      | no
    """)
    assert rows(log, "core_block", "target_key", "performer_kind") == [("BEN", "person"), ("ana", "hidden")]


def test_what_happens_at_as_of_or_later_is_not_known_yet() -> None:
    log = """
        target | occurred_at | log_action
        -------+-------------+-----------
        ana    | 2026-01-01  | block
        ana    | 2026-01-03  | unblock
    """
    assert spells(log, as_of="2026-01-03") == [("01-01", None, None)]
    assert spells(log, as_of="2026-01-01") == []


@pytest.mark.parametrize("name", MADE)
def test_every_model_carries_over_to_spark(name: str) -> None:
    text = (MODELS / f"{name}.sql").read_text(encoding="utf-8")
    (spark,) = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    read_again = sqlglot.parse_one(spark, dialect="spark")
    assert isinstance(read_again, exp.Select)
    assert not list(read_again.find_all(exp.Anonymous))  # a function that only one of the two knows
