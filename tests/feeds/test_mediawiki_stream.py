"""What becomes of log events of the public streams once they have landed: rows, refusals, and times that are known."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_contracts import load as contracts
from etl.feed import Delivery
from etl.formats import stream_rows
from etl.formats.stream_events import BLOCKS_CHANGE
from etl.sources import mediawiki_logging, mediawiki_stream
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of
from tests.feeds.streamed import AT, CHANGES, LOG, READ, REASONS, log_event, piece, read, sent
from tests.tables import rows


def test_log_events_make_the_rows_of_a_log(tmp_path: Path) -> None:
    kept = [one for one in sent("recentchange") if one.get("log_id") in (101, 102, 103, 104)]
    batches = read(piece(tmp_path, *kept))
    columns = ("log_id", "log_action", "performer", "performer_kind", "target", "target_kind", "reason_class")
    assert rows_of(batches, LOG, *columns) == [
        (101, "block", "Admin One", "person", "Ana Example", "account", "vandalism"),
        (102, "block", "AnyBot", "bot", "~2026-12345-6", "temporary_account", "harassment"),
        (103, "block", "Admin One", "person", "198.51.100.7", "ipv4", "unclassified"),
        (104, "unblock", "Admin Two", "person", "Ana Example", "account", None),
    ]
    terms = ("duration_text", "expires_at", "is_indefinite", "flags", "is_sitewide", "block_id")
    assert rows_of(batches, LOG, *terms) == [
        ("31 hours", datetime(2026, 11, 22, 17, 0, 1), False, "nocreate", True, 7),
        ("1 week", datetime(2026, 11, 28, 10, 0, 4), False, "anononly,nocreate", True, None),
        ("infinity", None, True, "nocreate", False, None),
        (None, None, None, None, None, None),
    ]
    assert rejects_of(batches) == []


def test_partial_blocks_renames_and_thanks_are_read(tmp_path: Path) -> None:
    kept = [one for one in sent("recentchange") if one.get("log_id") in (105, 107, 108)]
    columns = ("log_type", "is_sitewide", "restricted_page_count", "restricted_namespaces", "old_name", "new_name")
    assert rows_of(read(piece(tmp_path, *kept)), LOG, *columns) == [
        ("thanks", None, None, None, None, None),
        ("block", False, 2, "0,4", None, None),
        ("renameuser", None, None, None, "Old Example", "New Example"),
    ]


@pytest.mark.parametrize(
    "log_params",
    [
        {"duration": "1 day", "flags": "nocreate", "sitewide": True},
        {"5::duration": "1 day", "6::flags": "nocreate", "sitewide": True},
        {"duration": "1 day", "flags": ["nocreate"], "sitewide": True, "expiry": "2026-11-22T10:00:00Z"},
        ["1 day", "nocreate"],
        "1 day\nnocreate",
        'a:3:{s:11:"5::duration";s:5:"1 day";s:8:"6::flags";s:8:"nocreate";s:8:"sitewide";b:1;}',
        'a:2:{i:0;s:5:"1 day";i:1;s:8:"nocreate";}',
    ],
    ids=str,
)
def test_parameters_are_an_object_a_list_or_a_text(tmp_path: Path, log_params: Any) -> None:
    batches = read(piece(tmp_path, log_event(log_params)))
    assert rows_of(batches, LOG, "duration_text", "expires_at", "flags", "is_sitewide") == [
        ("1 day", datetime(2026, 11, 22, 10), "nocreate", True)
    ]


@pytest.mark.parametrize(
    "log_params",
    [{"oldgroups": ["a"], "newgroups": ["a", "b"]}, ["a", "a, b"], "a\na, b", {"oldgroups": [], "newgroups": []}],
)
def test_changes_of_rights_are_read_in_each_form(tmp_path: Path, log_params: Any) -> None:
    batches = read(piece(tmp_path, log_event(log_params, log_type="rights", log_action="rights")))
    assert rows_of(batches, LOG, "log_type", "target") == [("rights", "Ana")]


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        (log_event(timestamp="2026-11-21T10:00:00Z"), "timestamp is a whole number"),
        (log_event(timestamp=None), "timestamp is a time in seconds since 1970"),
        (log_event(timestamp=AT * 1000), "timestamp is a time in seconds since 1970"),
        (log_event(timestamp=True), "timestamp is a whole number"),
        (log_event(log_id=None), "logid is a whole number"),
        (log_event(title=None), "title is present"),
        (log_event(user=None), "user is present"),
        (log_event(log_params=5), "log_params are an object, a list or a text"),
        (log_event(log_params="a:9:{}"), "log_params that are a text can be read"),
        (log_event(log_params=[]), "params of a block have its duration"),  # and not: it never ends
        (log_event(log_params=""), "params of a block have its duration"),
        (log_event(log_params={"duration": "soonish", "flags": ""}), "the duration is certain to be read as MediaWiki reads it"),
        (log_event(log_params={"duration": ["1 day"], "flags": ""}), "duration is a text of at most 4000 signs"),
        (log_event(log_params={"duration": "1 day", "restrictions": [1]}), "restrictions are an object"),
        ({"unreadable_bytes": 12}, "an event is a JSON object"),
        ([], "an event is a JSON object"),
    ],
    ids=str,
)  # fmt: skip
def test_an_event_that_breaks_a_rule_is_refused_without_what_it_says(tmp_path: Path, event: Any, rule: str) -> None:
    batches = read(piece(tmp_path, event))
    assert [one.rule for one in rejects_of(batches)] == [rule]
    assert rows_of(batches, LOG, "log_id") == []
    assert "Ana" not in str(rejects_of(batches))


def test_a_wiki_is_told_by_its_database_and_else_by_its_server(tmp_path: Path) -> None:
    canary = {"domain": "canary"}
    events = [
        log_event(log_id=1), log_event(log_id=2, wiki=None), log_event(log_id=3, wiki="yywiki", meta={}),
        log_event(log_id=4, meta=canary), log_event(log_id=5, wiki=7, server_name="xx.wikipedia.org", meta=None),
    ]  # fmt: skip
    batches = read(piece(tmp_path, *events))
    assert rows_of(batches, LOG, "wiki", "log_id") == [("xx.demo", 1), ("xx.demo", 2), ("xx.demo", 5)]


def test_what_a_piece_says_of_itself_is_believed_only_where_it_can_be_read(tmp_path: Path) -> None:
    spans = [
        {"read_from": "yesterday", "read_until": "2026-11-21T10:00:00Z", "has_gap": False},
        {"read_from": None, "read_until": None, "has_gap": False},
    ]
    assert rows_of(read(piece(tmp_path, *spans)), READ, "seen_at") == []


def test_many_events_make_several_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_rows, "ROWS", 2)
    batches = read(piece(tmp_path, *[log_event(log_id=number) for number in range(1, 6)]))
    assert [len(one.columns["log_id"]) for one in batches if one.table == LOG] == [2, 2, 1]
    assert [log_id for (log_id,) in rows_of(batches, LOG, "log_id")] == [1, 2, 3, 4, 5]


def test_a_piece_that_was_cut_is_a_fault_after_what_could_be_read(tmp_path: Path) -> None:
    one = piece(tmp_path, log_event(log_id=1), log_event(log_id=2))
    path = one.files[0].path
    path.write_bytes(path.read_bytes()[:-30])
    batches, fault = drained(mediawiki_stream.read(one))
    assert rows_of(batches, LOG, "log_id") == [(1,)]
    assert "cut short" in str(fault)


def test_a_day_without_an_event_is_known_where_the_stream_was_read(tmp_path: Path) -> None:
    span = {"read_from": "2026-11-20T23:00:00Z", "read_until": "2026-11-21T10:00:00Z", "has_gap": False}
    assert rows_of(read(piece(tmp_path, span)), READ, "wiki", "seen_at", "has_gap") == [
        ("xx.demo", datetime(2026, 11, 20, 23), False),
        ("xx.demo", datetime(2026, 11, 21, 10), False),
    ]


def test_the_contract_holds_for_the_samples(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    kept = [one for one in sent("recentchange") if 101 <= one.get("log_id", 0) <= 108 and one["log_type"] != "patrol"]
    span = {"read_from": "2026-11-21T09:00:00Z", "read_until": "2026-11-21T10:00:00Z", "has_gap": False}
    (tmp_path / "blocks").mkdir()
    changes = [one for one in sent("blocks") if one["database"] == "xxwiki"]
    given = [piece(tmp_path, *kept, span), piece(tmp_path / "blocks", *changes, span, stream=BLOCKS_CHANGE)]
    load_feed(connection, mediawiki_stream, given)
    assert connection.execute("SELECT * FROM quarantine").fetchall() == []
    assert len(rows(connection, LOG, "log_id")) == 7
    assert len(rows(connection, CHANGES, "event_id")) == 5


def test_rows_are_those_of_a_dump_of_the_same_log(tmp_path: Path) -> None:
    """The columns of the log have the same names, and the same values for the same item."""
    dump = tmp_path / "dump.xml"
    dump.write_text(
        "<mediawiki><logitem><id>5</id><timestamp>2026-11-21T10:00:00Z</timestamp><contributor><username>Admin</username>"
        "<id>1</id></contributor><comment>Vandalism</comment><type>block</type><action>block</action><logtitle>User:Ana"
        '</logtitle><params>a:3:{s:11:"5::duration";s:5:"1 day";s:8:"6::flags";s:8:"nocreate";s:8:"sitewide";b:1;}</params>'
        "</logitem></mediawiki>",
        encoding="utf-8",
    )
    delivery = Delivery("mediawiki_logging", ("dump",), {"wiki": "xx.demo", "bots": [], "reasons": REASONS})
    params = {"duration": "1 day", "flags": "nocreate", "sitewide": True}
    streamed = piece(tmp_path, log_event(params, comment="Vandalism"))
    columns = [column.stored for column in contracts.of_feed("mediawiki_logging")["raw_mediawiki_logging"].columns]
    columns.remove("line")
    found = []
    for feed, one, table in (
        (mediawiki_logging, landed(delivery, dump), "raw_mediawiki_logging"),
        (mediawiki_stream, streamed, LOG),
    ):
        with duckdb.connect() as connection:
            load_feed(connection, feed, [one])
            found.append(rows(connection, table, *columns))
    assert found[0] == found[1]
    assert len(found[0]) == 1
