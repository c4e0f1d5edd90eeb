"""What the marts of the log say: blocks set, blocks ended and begun again, new accounts, thanks."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.block_log import block_log
from tests.tables import rows

Row = tuple[Any, ...]

# ../shared/vectors/retention/block_recidivism.json: simulated, hand-checkable, its cutoff is 31 March. u5 had a reblock.
RECIDIVISM = """
    target | occurred_at         | log_action | expires_at
    -------+---------------------+------------+--------------------
    u1     | 2025-01-01          | block      | 2025-01-04
    u1     | 2025-01-20          | block      | 2025-01-27           # 16 days after the first
    u1     | 2025-03-10          | block      | 2025-03-11           # 42 days after the second; window open
    u2     | 2025-01-10          | block      | 2025-01-11           # never again
    u3     | 2025-02-01          | block      | 2025-02-01T12:00:00
    u3     | 2025-03-03T12:00:00 | block      | 2025-03-04T12:00:00  # exactly 30 days after the first; window open
    u4     | 2025-02-05          | block      |                      # never lifted
    u5     | 2025-02-10          | block      | 2025-02-17
    u5     | 2025-02-15          | reblock    | 2025-02-20           # the same spell
    u6     | 2025-03-01          | block      | 2025-03-01T01:00:00  # window ends an hour after the cutoff
    u7     | 2025-02-28          | block      | 2025-03-01           # window ends with the cutoff
    u7     | 2025-03-30T23:59:59 | block      | 2025-04-01           # again, in the window; ends after the cutoff
"""


def ends(text: str, *columns: str, as_of: str = "2026-06-01") -> list[Row]:
    return rows(block_log(text, as_of), "mart_block_end", "ended_at", *columns)


def test_recidivism_agrees_with_the_vector_once_windows_are_over() -> None:
    cutoff = datetime(2025, 3, 31)
    found = ends(RECIDIVISM, "reblocked_within_30d", as_of="2025-03-31")
    mature = [again for ended_at, again in found if ended_at + timedelta(days=30) <= cutoff]
    assert (sum(mature), len(mature)) == (2, 6)


def test_an_end_says_what_is_known_even_while_its_window_is_open() -> None:
    found = ends(RECIDIVISM, "reblocked_within_30d", "reblocked_within_90d", as_of="2025-03-31")
    assert [row for row in found if row[0] < datetime(2025, 2, 2)] == [
        (datetime(2025, 1, 4), True, True),
        (datetime(2025, 1, 11), False, False),
        (datetime(2025, 1, 27), False, True),
        (datetime(2025, 2, 1, 12), False, True),  # exactly 30 days later is outside [end, end + 30 days)
    ]


def test_a_block_in_the_second_of_the_end_is_again_and_the_blocks_own_beginning_is_not() -> None:
    assert ends(
        """
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | block      | 2026-01-03
        ana    | 2026-01-03  | block      |
        ben    | 2026-01-05  | block      |
        ben    | 2026-01-05  | unblock    |            # lifted in the same second
    """,
        "ended_by",
        "reblocked_within_30d",
    ) == [(datetime(2026, 1, 3), "expiry", True), (datetime(2026, 1, 5), "unblock", False)]


def test_a_superseded_block_is_no_end_and_another_wiki_is_no_again() -> None:
    assert ends(
        """
        wiki   | target | occurred_at | log_action | expires_at
        -------+--------+-------------+------------+-----------
        a.demo | ana    | 2026-01-01  | block      |
        a.demo | ana    | 2026-01-03  | block      | 2026-01-05  # supersedes
        b.demo | ana    | 2026-01-06  | block      |
    """,
        "ended_by",
        "reblocked_within_90d",
    ) == [(datetime(2026, 1, 5), "expiry", False)]


def test_a_block_set_beside_an_older_one_is_not_again_for_its_end() -> None:
    log = """
        target | occurred_at | log_action | expires_at | block_id | target_count
        -------+-------------+------------+------------+----------+-------------
        ana    | 2026-01-01  | block      | 2026-01-10 | 7        |
        ana    | 2026-01-02  | block      | 2026-01-05 | 8        | 2
    """
    assert ends(log, "reblocked_within_30d") == [(datetime(2026, 1, 5), False), (datetime(2026, 1, 10), False)]


@pytest.mark.parametrize(
    ("change", "held"),
    [
        ("ana | 2026-01-02 | reblock | 2026-01-03 | no", True),  # shorter
        ("ana | 2026-01-02 | reblock | 2026-01-06 | no", False),  # longer
        ("ana | 2026-01-02 | reblock | 2026-01-05 | yes", False),  # wider
        ("ana | 2026-01-20 | block   | 2026-01-21 | no", False),  # again
        ("ben | 2026-01-20 | block   | 2026-01-21 | no", True),  # somebody else
    ],
)
def test_a_block_held_if_it_was_not_lengthened_widened_or_set_again(change: str, held: bool) -> None:
    log = f"""
        target | occurred_at | log_action | expires_at | is_sitewide
        -------+-------------+------------+------------+------------
        ana    | 2026-01-01  | block      | 2026-01-05 | no
        {change}
    """
    first, *_ = ends(log, "is_held")
    assert first[1] is held


def test_temporary_sitewide_is_told_by_what_was_set() -> None:
    found = ends(
        """
        target | occurred_at | log_action | expires_at | is_sitewide
        -------+-------------+------------+------------+------------
        ana    | 2026-01-01  | block      | 2026-01-02 | yes
        ben    | 2026-01-01  | block      | 2026-01-03 | no
        cho    | 2026-01-01  | block      |            | yes
        cho    | 2026-01-04  | unblock    |            |
    """,
        "is_temporary_sitewide",
    )
    assert [row[1] for row in found] == [True, False, False]


def test_a_spell_known_only_from_a_later_change_is_in_neither_mart() -> None:
    log = block_log("""
        target | occurred_at | log_action | expires_at
        -------+-------------+------------+-----------
        ana    | 2026-01-01  | reblock    | 2026-01-02
    """)
    assert len(rows(log, "core_block", "log_id")) == 1
    assert rows(log, "mart_block", "set_at") == []
    assert rows(log, "mart_block_end", "ended_at") == []


def test_hours_run_to_the_end_or_to_as_of() -> None:
    log = block_log(
        """
        target | occurred_at | log_action | expires_at | is_action_hidden | is_sitewide
        -------+-------------+------------+------------+------------------+------------
        ana    | 2026-01-01  | block      | 2026-01-02 | no               | no
        ben    | 2026-01-02  | block      |            | no               |
        ben    | 2026-01-02T06:00:00 | unblock |       | no               |
        cho    | 2026-01-03  | block      |            | no               |
               | 2026-01-04  | block      |            | yes              |
    """,
        as_of="2026-01-05",
    )
    columns = ("set_at", "block_hours", "has_ended", "is_reversed", "is_partial", "is_indefinite")
    assert [row[1:] for row in rows(log, "mart_block", *columns)] == [
        (24.0, True, False, True, False),
        (6.0, True, True, False, True),
        (48.0, False, False, False, True),
        (None, None, None, None, None),
    ]


def test_persons_are_ranked_by_blocks_in_the_month_and_bots_and_hidden_are_not() -> None:
    log = block_log("""
        performer | performer_kind | target | occurred_at | log_action | is_performer_hidden
        ----------+----------------+--------+-------------+------------+--------------------
        ada       | person         | a      | 2026-01-05  | block      | no
        bob       | person         | b      | 2026-01-04  | block      | no                   # first of the two with one
        cyd       | person         | c      | 2026-01-06  | block      | no
        cyd       | person         | d      | 2026-01-07  | block      | no
        tidybot   | bot            | e      | 2026-01-01  | block      | no
                  |                | f      | 2026-01-02  | block      | yes
        ada       | person         | g      | 2026-02-01  | block      | no
    """)
    assert [row[1:] for row in rows(log, "mart_block", "set_at", "performer_kind", "performer_rank")] == [
        ("bot", None),
        ("hidden", None),
        ("person", 2),
        ("person", 3),
        ("person", 1),
        ("person", 1),
        ("person", 1),
    ]


def test_marts_hold_no_person() -> None:
    log = block_log("target | occurred_at | log_action\n ana | 2026-01-01 | block")
    for mart in ("mart_block", "mart_block_end", "mart_account", "mart_thanks"):
        names = {name for (name, *_) in log.execute(f"DESCRIBE {mart}").fetchall()}
        assert not {name for name in names if name.endswith(("_key", "_id"))}


def test_new_accounts_are_told_by_who_made_them() -> None:
    log = block_log("""
        log_type | log_action       | target_kind       | occurred_at
        ---------+------------------+-------------------+------------
        newusers | create           | account           | 2026-01-01
        newusers | newusers         | account           | 2026-01-02  # the word of the early years
        newusers | create2          | account           | 2026-01-03
        newusers | byemail          | account           | 2026-01-04
        newusers | autocreate       | account           | 2026-01-05
        newusers | forcecreatelocal | account           | 2026-01-06
        newusers | autocreate       | temporary_account | 2026-01-07  # never registered
        newusers | migrated         | account           | 2026-01-08  # renamed, not new
        newusers | create           |                   | 2026-01-09  # its name is hidden
    """)
    kinds = [kind for _, kind in rows(log, "mart_account", "registered_at", "account_kind")]
    assert kinds == ["self_made"] * 2 + ["made_by_other"] * 2 + ["automatic"] * 2 + ["self_made"]


def test_thanks_are_the_thanks_of_the_log() -> None:
    log = block_log("""
        log_type | log_action | target_kind | occurred_at
        ---------+------------+-------------+------------
        thanks   | thank      | account     | 2026-01-01
        thanks   | other      | account     | 2026-01-02
    """)
    assert rows(log, "mart_thanks", "wiki", "thanked_at") == [("wiki.demo", datetime(2026, 1, 1))]
