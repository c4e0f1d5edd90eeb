"""Dumps, answers of the API and events of the stream make one log: each item once, and the same whatever came in which order."""

import gzip
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.block_log import block_log
from tests.feeds.api_pieces import LIVE, Core, column, event, events, hidden, line, recorded
from tests.feeds.logging_reader import TAIL, dump, item
from tests.tables import rows

DUMP = LIVE / "pages-logging.xml.gz"


def items_of(dumped: str = "", **others: str) -> list[tuple[Any, ...]]:
    return rows(block_log(dumped, **others), "core_log_item", "log_id", "target_key", "performer_key")


def test_an_item_of_dump_answer_and_stream_is_one_item() -> None:
    one = """
        target | occurred_at | log_id | log_action
        -------+-------------+--------+-----------
        ana    | 2026-01-01  | 1      | block
    """
    others = {"raw_mediawiki_api_log": one + one.strip().splitlines()[-1], "raw_mediawiki_stream_log": one}
    assert items_of(one, **others) == [(1, "ana", "ada")]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("public | no", "public | yes", (True, None)),  # hidden since
        ("public | yes", "public | no", (True, None)),  # the older answer comes later
        ("public | yes", "suppressor | no", (False, "ana")),  # the program may see it
        ("suppressor | no", "public | yes", (False, "ana")),
        ("suppressor | yes", "public | no", (True, None)),  # not even it may see it any more
    ],
)
def test_which_copy_counts(first: str, second: str, said: tuple[bool, str | None]) -> None:
    log = block_log(
        "",
        raw_mediawiki_api_log=f"""
        _file | target | occurred_at | log_id | log_action | view | is_action_hidden
        ------+--------+-------------+--------+------------+------+-----------------
        aaa   | ana    | 2026-01-01  | 1      | block      | {first}
        bbb   | ana    | 2026-01-01  | 1      | block      | {second}
        """,
    )
    assert rows(log, "core_log_item", "is_action_hidden", "target_key") == [said]


def test_what_a_dump_hides_a_suppressor_shows_and_what_the_stream_told_stays_hidden() -> None:
    log = block_log(
        """
        target | occurred_at | log_id | log_action | is_action_hidden
        -------+-------------+--------+------------+-----------------
        ana    | 2026-01-01  | 1      | block      | yes
        ben    | 2026-01-02  | 2      | block      | yes
        """,
        raw_mediawiki_stream_log="""
        target | occurred_at | log_id | log_action
        -------+-------------+--------+-----------
        ana    | 2026-01-01  | 1      | block
        """,
        raw_mediawiki_api_log="""
        target | occurred_at | log_id | log_action | view
        -------+-------------+--------+------------+-----------
        ben    | 2026-01-02  | 2      | block      | suppressor
        """,
    )
    assert rows(log, "core_log_item", "log_id", "target_key") == [(1, None), (2, "ben")]


def test_bots_are_those_of_the_wikis_group_too() -> None:
    log = block_log(
        """
        performer | target | occurred_at | log_action
        ----------+--------+-------------+-----------
        sweeper   | ana    | 2026-01-01  | block
        ada       | ben    | 2026-01-01  | block
        """,
        raw_mediawiki_api_user="""
        user    | is_bot | is_admin
        --------+--------+---------
        sweeper | yes    | no
        ada     | no     | yes
        """,
    )
    assert rows(log, "core_log_item", "performer_key", "performer_kind") == [("ada", "person"), ("sweeper", "bot")]


RENAME = """
    _file | log_type   | log_action | target | occurred_at | log_id | old_name | new_name | retrieved_at
    ------+------------+------------+--------+-------------+--------+----------+----------+-------------
    ccc   | renameuser | renameuser | ana    | 2026-02-01  | 50     | ana      | eve      | 2026-03-01
"""


def test_a_name_from_before_a_rename_stands_for_the_account_of_now() -> None:
    before = """
        _file | target | performer | occurred_at | log_id | log_action
        ------+--------+-----------+-------------+--------+-----------
        aaa   | ana    | ada       | 2026-01-01  | 1      | block
        aaa   | ben    | ana       | 2026-01-02  | 2      | block       # what the account did itself
    """
    found = items_of(before, raw_mediawiki_api_log=RENAME)
    assert found == [(1, "eve", "ada"), (2, "ben", "eve"), (50, "ana", "ada")]


def test_a_name_that_was_given_up_and_taken_by_somebody_else_is_not_carried_on() -> None:
    log = RENAME + "    ddd | block | block | ana | 2026-02-01T00:02:00 | 51 | | | 2026-02-01T00:03:00\n"
    assert (51, "ana", "ada") in items_of(raw_mediawiki_api_log=log)


def test_an_answer_from_minutes_after_a_rename_may_still_have_the_old_name() -> None:
    log = RENAME + "    ddd | block | block | ana | 2026-01-01 | 1 | | | 2026-02-01T00:03:00\n"
    assert (1, "eve", "ada") in items_of(raw_mediawiki_api_log=log)


def test_a_renames_own_item_keeps_the_old_name_whoever_takes_it_later() -> None:
    log = """
        log_type   | log_action | target | occurred_at | log_id | old_name | new_name | retrieved_at
        -----------+------------+--------+-------------+--------+----------+----------+-------------
        renameuser | renameuser | ana    | 2026-02-01  | 50     | ana      | eve      | 2026-02-02
        renameuser | renameuser | ana    | 2026-03-01  | 51     | ana      | dee      | 2026-03-02
    """
    assert items_of(raw_mediawiki_api_log=log) == [(50, "ana", "ada"), (51, "ana", "ada")]


def test_a_dump_from_after_a_rename_has_the_new_names_already() -> None:
    after = """
        _file | log_type   | log_action | target | occurred_at | log_id | old_name | new_name
        ------+------------+------------+--------+-------------+--------+----------+---------
        aaa   | block      | block      | ana    | 2026-01-01  | 1      |          |              # took the name later
        aaa   | renameuser | renameuser | ana    | 2026-02-01  | 50     | ana      | eve
        aaa   | renameuser | renameuser | cho    | 2026-02-02  | 51     | cho      | ana
        aaa   | thanks     | thank      | ben    | 2026-02-03  | 52     |          |
    """
    assert items_of(after)[0] == (1, "ana", "ada")


def test_several_renames_lead_to_the_last_name_and_two_owners_of_a_name_are_told_apart() -> None:
    renames = """
        _file | log_type   | log_action | target | occurred_at | log_id | old_name | new_name | retrieved_at
        ------+------------+------------+--------+-------------+--------+----------+----------+-------------
        bbb   | renameuser | renameuser | ana    | 2026-02-01  | 50     | ana      | bea      | 2026-05-01
        bbb   | renameuser | renameuser | bea    | 2026-02-05  | 51     | bea      | cho      | 2026-05-01
        bbb   | renameuser | renameuser | ana    | 2026-03-01  | 52     | ana      | dee      | 2026-05-01
        bbb   | renameuser | renameuser | bea    | 2026-04-01  | 53     | bea      | zoe      | 2026-05-01   # somebody else
        bbb   | block      | block      | ana    | 2026-01-02  | 1      |          |          | 2026-01-03
        bbb   | block      | block      | bea    | 2026-02-03  | 2      |          |          | 2026-02-03T12:00:00
        bbb   | block      | block      | ana    | 2026-02-20  | 3      |          |          | 2026-02-21
    """
    found = {number: target for number, target, _ in items_of(raw_mediawiki_api_log=renames)}
    assert (found[1], found[2], found[3]) == ("cho", "cho", "dee")


def test_names_that_two_accounts_swap_are_swapped_once() -> None:
    renames = """
        _file | log_type   | log_action | target | occurred_at         | log_id | old_name | new_name | retrieved_at
        ------+------------+------------+--------+---------------------+--------+----------+----------+-------------
        bbb   | renameuser | renameuser | ana    | 2026-02-01T00:00:00 | 50     | ana      | tmp      | 2026-05-01
        bbb   | renameuser | renameuser | ben    | 2026-02-01T00:01:00 | 51     | ben      | ana      | 2026-05-01
        bbb   | renameuser | renameuser | tmp    | 2026-02-01T00:02:00 | 52     | tmp      | ben      | 2026-05-01
        bbb   | block      | block      | ana    | 2026-01-02          | 1      |          |          | 2026-01-03
        ddd   | block      | block      | ben    | 2026-01-02          | 1      |          |          | 2026-05-02
    """
    assert items_of(raw_mediawiki_api_log=renames)[0] == (1, "ben", "ada")


def test_a_renamed_account_that_is_blocked_again_is_found(tmp_path: Path) -> None:
    """The dump is from before the rename, the answers are from after it: 30 days lie between neither."""
    path = tmp_path / "before.xml"
    path.write_bytes(dump(item(1, title="User:Ben", at="2026-01-01T00:00:00Z")))  # for a week
    after = line(
        events(
            event(
                2,
                "renameuser/renameuser",
                timestamp="2026-01-09T00:00:00Z",
                params={"olduser": "Ben", "newuser": "Eve"},
            ),
            event(3, title="User:Eve", timestamp="2026-01-20T00:00:00Z"),
        ),
        at="2026-03-10T06:00:00Z",
    )
    core = Core(tmp_path).dump(path).pieces([after])
    models = ("core_block_event", "core_block_spell", "core_block", "mart_block_end")
    with core.made("2026-12-01", *models) as connection:
        found = rows(connection, "mart_block_end", "ended_at", "reblocked_within_30d")
    assert found == [(datetime(2026, 1, 8), True), (datetime(2026, 1, 27), False)]


def parts_of_the_dump(folder: Path, cuts: list[int], tag: str = "part") -> list[Path]:
    """The recorded dump cut into several, as large wikis' dumps come."""
    head, *some = gzip.decompress(DUMP.read_bytes()).decode().split("  <logitem>")
    whole = [
        f"  <logitem>{one}"
        for one in "".join(f"  <logitem>{one}" for one in some).removesuffix(TAIL).split("  <logitem>")[1:]
    ]
    found = []
    for number, (first, last) in enumerate(zip([0, *cuts], [*cuts, len(whole)], strict=True)):
        path = folder / f"{tag}{number}.xml"
        path.write_text(head + "".join(whole[first:last]) + TAIL, encoding="utf-8")
        found.append(path)
    return found


def pieces_of(answers: list[Any], size: int, view: str = "public") -> list[bytes]:
    """The recorded answers as pieces of `size` events, from a time after the rename that they tell of."""
    some = [one for answer in answers for one in answer["query"]["logevents"]]
    at = "2025-07-01T00:00:00Z"
    return [line(events(*some[first : first + size], at=at), at, view) for first in range(0, len(some), size)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    """The log as the dump and one run of answers make it."""
    return Core(tmp_path_factory.mktemp("whole")).dump(DUMP).pieces(pieces_of(recorded("public"), 1000)).items()


@settings(max_examples=8)
@given(
    st.lists(st.integers(1, 190), max_size=3, unique=True).map(sorted),
    st.integers(20, 400),
    st.booleans(),
    st.integers(0, 10**6),
)
def test_no_order_no_repetition_and_no_way_of_cutting_changes_the_log(
    tmp_path_factory: pytest.TempPathFactory, whole: dict[int, Any], cuts: list[int], size: int, again: bool, seed: int
) -> None:
    folder, chance = tmp_path_factory.mktemp("cut"), random.Random(seed)
    dumps = parts_of_the_dump(folder, cuts)
    pieces = pieces_of(recorded("public"), size)
    if again:
        dumps += [DUMP]
        pieces += pieces_of(recorded("public")[2:4], 33)
    core = Core(folder)
    for path in chance.sample(dumps, len(dumps)):
        core.dump(path)
    assert core.pieces(chance.sample(pieces, len(pieces))).items() == whole


def test_what_any_copy_hides_is_hidden_in_whichever_order_copies_come(tmp_path: Path) -> None:
    shown, gone = event(1), hidden(1, "actionhidden", "userhidden")
    orders = [[shown, gone], [gone, shown], [gone, shown, gone]]
    made = [
        Core(tmp_path).pieces(line(events(one), at=f"2026-03-1{n}T00:00:00Z") for n, one in enumerate(order)).items()
        for order in orders
    ]
    assert made[0] == made[1] == made[2]
    assert column(made[0], "is_action_hidden") == {1: True}
