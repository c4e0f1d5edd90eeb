"""What becomes of events of the public streams once they have landed: rows, refusals, and days that are known."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault
from etl.feed import Batch, Delivery
from etl.formats.stream_events import BLOCKS_CHANGE, RECENT_CHANGE
from etl.sources import mediawiki_logging, mediawiki_stream
from tests.delivered import broken, drained, landed, load_feed, rejects_of, rows_of, run
from tests.tables import raw, rows

SAMPLES = Path(__file__).parent / "samples"
WIKIS = [{"wiki": "xx.demo", "database": "xxwiki", "server_name": "xx.wikipedia.org"}]
REASONS = {"harassment": "(?i)harass", "vandalism": "(?i)vandal"}
LOG, CHANGES, READ = "raw_mediawiki_stream_log", "raw_mediawiki_stream_block_change", "raw_mediawiki_stream_read"
AT = 1795255200  # 2026-11-21T10:00:00Z


def told(stream: str = RECENT_CHANGE, **changes: Any) -> Mapping[str, Any]:
    chosen = mediawiki_stream.Settings.model_validate({"wikis": WIKIS, "reasons": REASONS, **changes})
    return next(one.told for one in mediawiki_stream.downloads(chosen) if one.series == stream)


def sent(name: str) -> list[Any]:
    """The events of a recorded stream."""
    text = (SAMPLES / f"mediawiki_stream-{name}.sse").read_text(encoding="utf-8")
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def piece(folder: Path, *contents: Any, stream: str = RECENT_CHANGE, **changes: Any) -> Any:
    path = folder / "piece"
    frame = {"asked": {"stream": stream}, "at": "2026-11-21T10:05:00Z"}
    path.write_text("".join(json.dumps({**frame, "answer": one}) + "\n" for one in contents), encoding="utf-8")
    return landed(Delivery("mediawiki_stream", (stream,), told(stream, **changes)), path)


def read(one: Any) -> list[Batch]:
    batches, fault = drained(mediawiki_stream.read(one))
    assert fault is None
    return batches


def log_event(log_params: Any = None, **changes: Any) -> dict[str, Any]:
    event = {
        "meta": {"id": "e", "dt": "2026-11-21T10:00:00Z", "domain": "xx.wikipedia.org"}, "wiki": "xxwiki", "type": "log",
        "log_id": 5, "log_type": "block", "log_action": "block", "title": "User:Ana", "user": "Admin", "timestamp": AT,
        "comment": "", "log_params": {"duration": "1 day", "flags": "", "sitewide": True} if log_params is None else log_params,
    }  # fmt: skip
    return {**event, **changes}


def change(blocks: Any, prior: Any = None, **changes: Any) -> dict[str, Any]:
    event = {
        "meta": {"id": "b", "dt": "2026-11-21T10:00:00Z", "domain": "xx.wikipedia.org"}, "database": "xxwiki",
        "user_text": "Ana", "performer": {"user_text": "Admin", "user_is_bot": False}, "blocks": blocks,
    }  # fmt: skip
    return {**event, **({} if prior is None else {"prior_state": {"blocks": prior}}), **changes}


FULL = {
    "name": False,
    "email": False,
    "user_talk": False,
    "account_create": False,
    "sitewide": True,
    "restrictions": [],
}
PARTIAL = {**FULL, "sitewide": False, "restrictions": [{"type": "page", "value": 3}]}


# log events


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
    events = [log_event(log_id=1), log_event(log_id=2, wiki=None), log_event(log_id=3, wiki="yywiki", meta={})]
    assert rows_of(read(piece(tmp_path, *events)), LOG, "wiki", "log_id") == [("xx.demo", 1), ("xx.demo", 2)]


# changes of blocks


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


# days, contract and core


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
    batches, _ = drained(mediawiki_logging.read(landed(delivery, dump)))
    columns = [name for name in mediawiki_logging.COLUMNS if name != "line"]
    params = {"duration": "1 day", "flags": "nocreate", "sitewide": True}
    streamed = read(piece(tmp_path, log_event(params, comment="Vandalism")))
    assert rows_of(streamed, LOG, *columns) == rows_of(batches, "raw_mediawiki_logging", *columns)


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


# hostile content


CHANGED = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(0, 60), st.binary(max_size=8) | st.sampled_from([b"\0", b"[" * 5000, b"\n"])),
    min_size=1,
    max_size=5,
)  # fmt: skip


@given(changes=CHANGED, stream=st.sampled_from([RECENT_CHANGE, BLOCKS_CHANGE]))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_bytes_are_there_are_rows_refusals_or_a_fault(
    tmp_path: Path, changes: Sequence[tuple[int, int, bytes]], stream: str
) -> None:
    one = piece(tmp_path, *sent("recentchange" if stream == RECENT_CHANGE else "blocks"), stream=stream)
    content = one.files[0].path.read_bytes()
    for at, size, new in changes:
        at %= len(content) + 1
        content = content[:at] + new + content[at + size :]
    one.files[0].path.write_bytes(content)
    batches, fault = drained(mediawiki_stream.read(one))
    assert all(isinstance(batch, Batch) for batch in batches)
    assert fault is None or isinstance(fault, FeedFault)


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["duration", "blocks", "name", "x"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
NAMES = (
    "log_params",
    "title",
    "user",
    "comment",
    "timestamp",
    "log_id",
    "log_type",
    "log_action",
    "meta",
    "wiki",
    "type",
)


@given(values=st.dictionaries(st.sampled_from(NAMES), ODD, min_size=1))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_log_events_with_any_values_are_rows_or_refusals(tmp_path: Path, values: Mapping[str, Any]) -> None:
    batches, fault = drained(mediawiki_stream.read(piece(tmp_path, log_event(**values))))
    assert fault is None
    assert len(rows_of(batches, LOG, "log_id")) + len(rejects_of(batches)) <= 1


@given(
    values=st.dictionaries(
        st.sampled_from(["blocks", "prior_state", "meta", "performer", "user_text"]), ODD, min_size=1
    )
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changes_with_any_values_are_rows_or_refusals(tmp_path: Path, values: Mapping[str, Any]) -> None:
    batches, fault = drained(mediawiki_stream.read(piece(tmp_path, {**change(FULL), **values}, stream=BLOCKS_CHANGE)))
    assert fault is None
    assert len(rows_of(batches, CHANGES, "event_id")) + len(rejects_of(batches)) <= 1
