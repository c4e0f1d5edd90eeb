"""What becomes of a wiki's history: edits that lasted or not, editors by month, newcomers who stay, administrators."""

from datetime import datetime

import duckdb
import pytest

from data_contracts import load
from etl.sources import mediawiki_history as feed
from etl.warehouse import store
from etl.warehouse.pseudonym import Pseudonym
from tests.delivered import landed, run
from tests.history_dump import delivery, edit, packed
from tests.tables import raw, rows

MODELS = (
    "core_history_file", "core_edit", "core_editor_month", "core_new_editor", "core_admin_spell", "mart_edit",
    "mart_editor_month", "mart_new_editor", "mart_admin_spell",
)  # fmt: skip
EVENT = {
    "wiki": "en.demo", "entity": "revision", "event_type": "create", "is_bot_by_group": False, "is_bot_by_name": False,
    "is_admin": False, "is_content": True, "is_reverted": False, "is_revert": False, "performer_kind": "account",
}  # fmt: skip
USER = {
    "wiki": "en.demo", "entity": "user", "is_bot_by_group": False, "is_admin": False, "target_kind": "account",
}  # fmt: skip
DAYS = """
line | snapshot | bucket   | day_at
-----+----------+----------+-----------
1    | 2026-03  | all-time | 2026-01-01
2    | 2026-03  | all-time | 2026-03-31
"""


@pytest.fixture
def made(connection):
    """The models made of edits and of events of users; the answer reads columns of one of them."""

    def made(edits="", users="", *, days=DAYS, as_of="2026-11-01"):
        raw(connection, "raw_mediawiki_history_day", days, {"wiki": "en.demo"})
        raw(connection, "raw_mediawiki_history", users, USER)
        groups = "REPLACE(target_groups, '+', '|') AS target_groups"  # a bar parts the cells of tables here
        connection.execute(f"CREATE TABLE kept AS SELECT * REPLACE ({groups}) FROM raw_mediawiki_history")
        raw(connection, "raw_mediawiki_history", edits, EVENT)
        connection.execute("INSERT INTO raw_mediawiki_history SELECT * FROM kept")
        run(connection, as_of, *MODELS)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_a_snapshot_tells_until_the_end_of_its_month_and_not_of_what_comes_after(made):
    answer = made(
        """
        revision_id | occurred_at | performer
        ------------+-------------+----------
        1           | 2026-03-31  | ana
        2           | 2026-04-01  | ana       # no file should tell of it
        """
    )
    known = answer("core_history_file", "known_from_at", "known_until_at")
    assert known == [(datetime(2026, 1, 1), datetime(2026, 4, 1))]
    assert answer("core_edit", "revision_id") == [(1,)]


def test_of_two_snapshots_only_the_newest_counts(made):
    days = """
    line | snapshot | bucket   | day_at     | _file
    -----+----------+----------+------------+------
    1    | 2026-02  | all-time | 2026-01-01 | old
    1    | 2026-03  | all-time | 2026-01-01 | new
    """
    answer = made(
        """
        revision_id | occurred_at | performer | _file
        ------------+-------------+-----------+------
        1           | 2026-01-01  | old name  | old
        1           | 2026-01-01  | new name  | new
        """,
        days=days,
    )
    assert answer("core_edit", "revision_id", "editor_key") == [(1, "new name")]


def test_each_wiki_has_a_newest_snapshot_of_its_own(made):
    days = """
    line | wiki    | snapshot | bucket   | day_at     | _file
    -----+---------+----------+----------+------------+------
    1    | de.demo | 2026-02  | all-time | 2026-02-28 | de
    1    | en.demo | 2026-03  | 2025     | 2025-01-01 | en
    2    | en.demo | 2026-03  | 2026     | 2026-03-31 | more
    """
    answer = made(
        """
        wiki    | revision_id | occurred_at | performer | _file
        --------+-------------+-------------+-----------+------
        de.demo | 1           | 2026-02-28  | ana       | de
        de.demo | 2           | 2026-03-01  | ana       | de    # after its wiki's snapshot
        en.demo | 1           | 2025-01-01  | ana       | en
        en.demo | 2           | 2026-03-01  | ana       | more
        """,
        days=days,
    )
    ends = answer("core_history_file", "wiki", "bucket", "known_until_at")
    april = datetime(2026, 4, 1)
    assert ends == [
        ("de.demo", "all-time", datetime(2026, 3, 1)),
        ("en.demo", "2025", april),
        ("en.demo", "2026", april),
    ]
    assert answer("core_edit", "wiki", "revision_id") == [("de.demo", 1), ("en.demo", 1), ("en.demo", 2)]


def test_what_is_known_ends_with_the_build_s_own_time(made):
    answer = made(
        """
        revision_id | occurred_at | performer
        ------------+-------------+----------
        1           | 2026-01-31  | ana
        2           | 2026-02-01  | ana
        """,
        as_of="2026-02-01",
    )
    assert answer("core_edit", "revision_id") == [(1,)]


def test_bots_are_told_by_group_or_name_and_only_among_accounts(made):
    answer = made(
        """
        revision_id | occurred_at | performer | performer_kind    | is_bot_by_group | is_bot_by_name
        ------------+-------------+-----------+-------------------+-----------------+---------------
        1           | 2026-01-01  | ana       | account           | false           | false
        2           | 2026-01-01  | ben       | account           | true            | false
        3           | 2026-01-01  | cho bot   | account           | false           | true
        4           | 2026-01-01  | ~2026-1   | temporary_account | false           | false
        5           | 2026-01-01  | 192.0.2.1 | anonymous         | false           | false
        6           | 2026-01-01  | de>my bot | imported          | false           | true
        7           | 2026-01-01  |           |                   | false           |
        """
    )
    kinds = ["account", "bot", "bot", "temporary_account", "anonymous", "imported", "hidden"]
    assert answer("core_edit", "revision_id", "editor_kind") == list(enumerate(kinds, start=1))
    assert len(answer("core_editor_month", "editor_key")) == 4  # of those with an account


def test_a_revert_after_the_snapshot_s_end_has_not_happened(made):
    answer = made(
        """
        revision_id | occurred_at         | performer | is_reverted | seconds_to_revert
        ------------+---------------------+-----------+-------------+------------------
        1           | 2026-03-31 23:59:00 | ana       | true        | 59
        2           | 2026-03-31 23:59:00 | ana       | true        | 60
        3           | 2026-03-31 23:59:00 | ana       | true        |           # by nobody knows what
        """
    )
    assert answer("core_edit", "revision_id", "is_reverted") == [(1, True), (2, False), (3, True)]
    assert answer("mart_edit", "is_reverted") == [(False,), (True,), (True,)]


def test_an_editor_s_month_counts_all_edits_and_those_of_content(made):
    answer = made(
        """
        revision_id | occurred_at | performer | is_content | registered_at | first_edit_at | is_admin
        ------------+-------------+-----------+------------+---------------+---------------+---------
        1           | 2026-01-01  | ana       | true       | 2026-01-01    | 2026-01-01    | false
        2           | 2026-01-31  | ana       | false      | 2026-01-01    | 2026-01-01    | true
        3           | 2026-02-01  | ana       |            | 2026-01-01    | 2026-01-01    | false
        4           | 2026-01-05  | ben       | true       |               | 2004-05-05    | false
        """
    )
    columns = ("month_at", "activity_level", "tenure", "editor_role", "is_new", "edit_count", "content_edit_count")
    january, february = datetime(2026, 1, 1), datetime(2026, 2, 1)
    assert answer("mart_editor_month", *columns) == [
        (january, "1_to_4", "2001_to_2005", "other", False, 1, 1),
        (january, "1_to_4", "2026_or_later", "admin", True, 2, 1),
        (february, "none", "2026_or_later", "other", False, 1, 0),
    ]


def test_newcomers_stay_if_they_edit_in_the_second_thirty_days(made):
    users = """
    line | event_type | occurred_at | target  | account_kind
    -----+------------+-------------+---------+--------------
    1    | create     | 2026-01-01  | ana     | self_made
    2    | create     | 2026-01-01  | ben     | made_by_other
    3    | create     | 2026-01-01  | cho     | automatic     # came with an account from another wiki
    4    | create     | 2026-01-01  | dee     |
    5    | create     | 2026-01-31  | eve     | self_made     # her 60 days end with March: known
    6    | create     | 2026-02-01  | fay     | self_made     # hers do not
    7    | rename     | 2026-01-02  | gil     |               # no new account
    8    | create     | 2026-01-09  | ana     | self_made     # told twice: the first counts
    """
    answer = made(
        """
        revision_id | occurred_at         | performer
        ------------+---------------------+----------
        1           | 2026-01-01 23:59:59 | ana
        2           | 2026-01-31          | ana       # 30 days after: in the second 30 days
        3           | 2026-01-30 23:59:59 | ben       # not yet
        4           | 2026-03-02          | ben       # 60 days after: too late
        5           | 2026-02-01          | fay
        """,
        users,
    )
    columns = ("has_edited_within_1d", "has_edited_within_30d", "has_edited_in_second_30d")
    assert answer("core_new_editor", "editor_key") == [("ana",), ("ben",), ("dee",), ("eve",), ("fay",)]
    assert answer("mart_new_editor", "registered_at", "account_kind", *columns) == [
        (datetime(2026, 1, 1), "made_by_other", False, True, False),
        (datetime(2026, 1, 1), "self_made", True, True, True),
        (datetime(2026, 1, 1), "unknown", False, False, False),
        (datetime(2026, 1, 31), "self_made", False, False, False),
        (datetime(2026, 2, 1), "self_made", None, None, None),
    ]


def test_administrators_are_so_from_one_change_of_groups_to_another(made):
    users = """
    line | event_type  | occurred_at | target | target_groups
    -----+-------------+-------------+--------+-----------------
    1    | altergroups | 2026-01-01  | ana    | sysop
    2    | altergroups | 2026-01-05  | ana    | bureaucrat+sysop      # goes on
    3    | altergroups | 2026-02-01  | ana    | bureaucrat
    4    | altergroups | 2026-03-01  | ana    | sysop                 # again
    5    | altergroups | 2026-01-01  | ben    | sysop-not
    6    | altergroups | 2026-01-01  | cho    |
    """
    answer = made(users=users)
    assert answer("mart_admin_spell", "started_at", "ended_at") == [
        (datetime(2026, 1, 1), datetime(2026, 2, 1)),
        (datetime(2026, 3, 1), None),
    ]


def test_a_new_snapshot_takes_the_place_of_all_rows_of_the_last_one(tmp_path):
    old = packed(tmp_path, edit("2026-08-01 00:00:00.0", "Old Name"), name="2026-09.en.demo.all-time.tsv.bz2")
    lines = [edit("2026-08-01 00:00:00.0", "New Name"), edit("2026-10-01 00:00:00.0", "Ada", revision_id="2")]
    new = packed(tmp_path, *lines, name="2026-10.en.demo.all-time.tsv.bz2")
    assert edits_in_store(tmp_path, old) == 1
    assert edits_in_store(tmp_path, old, new) == 2
    assert edits_in_store(tmp_path, old) == 1  # as before, where the new one turns out to be wrong


def edits_in_store(home, *paths):
    tables = load.of_feed("mediawiki_history")
    given = [landed(delivery(), *paths)]
    wanted = store.Wanted("mediawiki_history", tables, given, [], Pseudonym(b"a key for tests"), "")
    made = store.update(home, wanted, feed.read, lambda *watched: None)
    with duckdb.connect(str(made), read_only=True) as connection:
        assert connection.execute("SELECT COUNT(*) FROM quarantine").fetchall() == [(0,)]
        return connection.execute("SELECT COUNT(*) FROM raw_mediawiki_history").fetchall()[0][0]
