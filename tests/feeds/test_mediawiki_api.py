"""Log events of a wiki's Action API become the rows that a dump of the wiki gives; what is in no known form is refused."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from data_contracts.faults import FeedFault
from etl.feed import Batch
from etl.formats.php import serialize, unserialize
from etl.sources import mediawiki_api as feed
from etl.sources import mediawiki_logging
from tests.delivered import drained, rejects_of, rows_of
from tests.feeds.api_pieces import (
    API,
    LIVE,
    SAMPLES,
    Core,
    batches_of,
    column,
    event,
    events,
    hidden,
    line,
    read,
    recorded,
    refused,
    rows,
)

SAMPLE = (SAMPLES / "mediawiki_api.jsonl").read_bytes()
RESTRICTED = {"abusefilter"}  # the test wiki shows this log to everybody, but its dumps never have it


def test_a_block_has_all_its_values(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, event(5, comment="Harassment!"))
    assert row == {
        "line": 1, "wiki": "wiki.demo", "log_id": 5, "occurred_at": datetime(2026, 1, 1), "log_type": "block",
        "log_action": "block", "performer": "Ada", "performer_kind": "person", "target": "Ben",
        "target_kind": "account", "is_action_hidden": False, "is_performer_hidden": False, "is_comment_hidden": False,
        "has_comment": True, "reason_class": "harassment", "duration_text": "1 week",
        "expires_at": datetime(2026, 1, 8), "is_indefinite": False, "flags": "nocreate", "is_sitewide": True,
        "restricted_page_count": None, "restricted_namespaces": None, "restricted_actions": None, "block_id": None,
        "target_count": None, "old_name": None, "new_name": None, "retrieved_at": datetime(2026, 3, 10, 6),
        "view": "public",
    }  # fmt: skip


def partial(restrictions: Any, **more: Any) -> dict[str, Any]:
    return {"duration": "infinity", "flags": [], "sitewide": False, "restrictions": restrictions, **more}


@pytest.mark.parametrize(
    ("restrictions", "said"),
    [
        ({"pages": [{"page_ns": 0, "page_title": "Tea"}, {"page_ns": 1, "page_title": "Tea"}]}, (2, None, None)),
        ({"pages": {"3": {"page_ns": 0, "page_title": "Tea"}}}, (1, None, None)),  # PHP's list with a gap
        ({"namespaces": [0, "4"], "actions": []}, (0, "0,4", None)),
        ({"pages": [], "actions": ["upload", "move"]}, (0, None, "upload,move")),
        ([], (0, None, None)),  # nothing but what the flags say
    ],
)
def test_restrictions_come_in_more_than_one_shape(tmp_path: Path, restrictions: Any, said: tuple[Any, ...]) -> None:
    (row,) = rows(tmp_path, event(params=partial(restrictions)))
    assert (row["restricted_page_count"], row["restricted_namespaces"], row["restricted_actions"]) == said
    assert (row["is_sitewide"], row["is_indefinite"]) == (False, True)


def test_a_missing_sitewide_means_what_the_restrictions_say(tmp_path: Path) -> None:
    whole = {"duration": "1 week", "flags": []}
    found = rows(tmp_path, event(1, params=whole), event(2, params={**whole, "restrictions": {"namespaces": [0]}}))
    assert [row["is_sitewide"] for row in found] == [True, False]


def test_several_blocks_of_one_target_are_numbered(tmp_path: Path) -> None:
    params = {"duration": "1 week", "flags": [], "sitewide": True, "blockId": 77, "finalTargetCount": 2}
    block, unblock = rows(tmp_path, event(1, params=params), event(2, "block/unblock", params={"blockId": 77}))
    assert (block["block_id"], block["target_count"], unblock["block_id"]) == (77, 2, 77)


def test_flags_of_old_rows_may_have_blanks_or_be_one_text(tmp_path: Path) -> None:
    params = [{"duration": "1 week", "flags": flags} for flags in (["anononly", " nocreate"], "anononly,nocreate", [])]
    found = rows(tmp_path, *(event(number, params=one) for number, one in enumerate(params, 1)))
    assert [row["flags"] for row in found] == ["anononly,nocreate", "anononly,nocreate", None]


def test_a_duration_that_is_not_certain_is_taken_from_the_expiry_that_the_wiki_worked_out(tmp_path: Path) -> None:
    params = {"duration": "last monday of next month", "flags": [], "expiry": "2026-02-23T00:00:00Z"}
    (row,) = rows(tmp_path, event(params=params))
    assert (row["expires_at"], row["is_indefinite"]) == (datetime(2026, 2, 23), False)
    (reject,) = refused(tmp_path, event(params={"duration": "last monday of next month", "flags": []}))
    assert reject.rule == "the duration is certain to be read as MediaWiki reads it"


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"olduser": "Ben", "newuser": "Benno", "edits": 3}, ("Ben", "Benno")),
        (["Benno"], ("Ben", "Benno")),  # before 2012 the old name stands in the title only
        ([], (None, None)),  # the first years: both in the comment
    ],
)
def test_a_rename_has_both_names(tmp_path: Path, params: Any, names: tuple[str | None, str | None]) -> None:
    (row,) = rows(tmp_path, event(kind="renameuser/renameuser", params=params))
    assert (row["old_name"], row["new_name"]) == names


def test_what_is_hidden_from_the_public_is_missing_and_said_to_be_hidden(tmp_path: Path) -> None:
    marks = ("actionhidden", "userhidden", "commenthidden", "suppressed")
    (row,) = rows(tmp_path, hidden(1, *marks))
    assert (row["is_action_hidden"], row["is_performer_hidden"], row["is_comment_hidden"]) == (True, True, True)
    assert {row[name] for name in ("performer", "target", "target_kind", "reason_class", "is_sitewide")} == {None}


def test_a_suppressor_is_shown_hidden_parts_and_they_count_as_shown(tmp_path: Path) -> None:
    shown = event(1, actionhidden=True, userhidden=True, commenthidden=True, suppressed=True)
    (row,) = rows(tmp_path, shown, view="suppressor")
    assert (row["is_action_hidden"], row["is_performer_hidden"], row["is_comment_hidden"]) == (False, False, False)
    assert (row["target"], row["performer"], row["view"]) == ("Ben", "Ada", "suppressor")


def test_what_an_account_may_see_beyond_the_public_is_not_taken_unless_it_asks_as_a_suppressor(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, event(1, actionhidden=True, commenthidden=True), view="public")
    assert (row["target"], row["has_comment"], row["is_sitewide"], row["performer"]) == (None, False, None, "Ada")


def test_what_is_kept_back_even_from_a_suppressor_stays_hidden(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, hidden(1, "actionhidden"), view="suppressor")
    assert (row["is_action_hidden"], row["target"], row["performer"]) == (True, None, "Ada")


def test_temporary_accounts_are_told_by_their_names(tmp_path: Path) -> None:
    made = event(1, "newusers/autocreate", user="~2026-2", title="User:~2026-2", temp=True)
    found = rows(tmp_path, made, event(2, title="User:~2026-12345-6"), event(3, title="User:192.0.2.7"))
    assert [row["target_kind"] for row in found] == ["temporary_account", "temporary_account", "ipv4"]


def test_only_events_of_the_kept_logs_become_rows_and_lines_count_all(tmp_path: Path) -> None:
    found = rows(tmp_path, event(1), event(2, "move/move"), event(3, "thanks/thank"))
    assert [(row["line"], row["log_id"]) for row in found] == [(1, 1), (3, 3)]


def test_an_answer_was_made_when_the_wikis_own_clock_says(tmp_path: Path) -> None:
    content = line(events(event(1), at="2026-03-10T05:59:30Z"))
    batches, _ = read(tmp_path, content)
    assert rows_of(batches, "raw_mediawiki_api_log", "retrieved_at") == [(datetime(2026, 3, 10, 5, 59, 30),)]


def days(folder: Path, *lines: bytes) -> tuple[str, str, int] | None:
    """The first and the last day of which a piece tells, and how many they are."""
    batches, fault = read(folder, b"".join(lines))
    assert (rejects_of(batches), fault) == ([], None)
    found = [f"{day:%m-%d}" for (day,) in rows_of(batches, feed.DAYS, "day_at")]
    return (found[0], found[-1], len(found)) if found else None


def test_a_piece_tells_of_the_days_on_which_the_wiki_was_asked_and_one_without_such_a_line_of_its_events(
    tmp_path: Path,
) -> None:
    def asked(start: str | None, until: str | None) -> bytes:
        return line({"told_from": start, "told_until": until})

    logged = line(events(event(timestamp="2026-03-04T00:00:00Z"), event(2, timestamp="2026-03-06T00:00:00Z")))
    assert days(tmp_path, logged, asked("2026-03-02T07:00:00Z", "2026-03-09T07:00:00Z")) == ("03-02", "03-08", 7)
    assert days(tmp_path, asked("2026-03-02T07:00:00Z", "2026-03-09T07:00:00Z")) == ("03-02", "03-08", 7)
    assert days(tmp_path, logged, asked(None, "2026-03-09T07:00:00Z")) == ("03-04", "03-08", 5)
    assert days(tmp_path, asked(None, "2026-03-09T07:00:00Z")) == ("03-08", "03-08", 1)
    assert days(tmp_path, asked("2026-03-09T00:00:00Z", "2026-03-09T07:00:00Z")) is None  # of no whole day yet
    assert days(tmp_path, logged, asked(None, None)) is None  # the first pass has not come to its end
    assert days(tmp_path, logged) == ("03-04", "03-06", 3)  # landed before pieces had such a line


@pytest.mark.parametrize("at", ["2031-01-01T00:00:00Z", "2026-11-21T00:00:00Z", "2000-12-31T00:00:00Z"])
def test_an_event_whose_time_cannot_be_says_nothing_of_the_days_of_the_others(tmp_path: Path, at: str) -> None:
    """The piece came in on the 20th of November 2026."""
    some = [event(1, timestamp=at), event(2, timestamp="2026-03-04T00:00:00Z"), event(3, timestamp=at)]
    assert days(tmp_path, line(events(*some))) == ("03-04", "03-04", 1)
    assert days(tmp_path, line(events(event(timestamp=at)))) is None


def test_recorded_answers_give_the_rows_of_the_dump_of_the_same_wiki(tmp_path: Path) -> None:
    dump = Core(tmp_path).dump(LIVE / "pages-logging.xml.gz").items()
    api = Core(tmp_path).pieces(map(line, recorded("public"))).items()
    restricted = {number for number, log in column(api, "log_type").items() if log in RESTRICTED}
    assert len(restricted) == 3
    assert {number: row for number, row in api.items() if number not in restricted} == dump
    assert len(dump) == 191


def test_a_suppressor_is_told_the_whole_of_what_the_dump_hides(tmp_path: Path) -> None:
    whole = Core(tmp_path).pieces([line(one, view="suppressor") for one in recorded("suppressor")]).items()
    public = Core(tmp_path).pieces(map(line, recorded("public"))).items()
    assert sum(column(public, "is_action_hidden").values()) == 10
    assert not any(column(whole, "is_action_hidden").values())
    assert set(column(whole, "log_type").values()) - {*column(public, "log_type").values()} == {"suppress"}


def test_formatversion_1_says_the_same(tmp_path: Path) -> None:
    older = Core(tmp_path).pieces(map(line, recorded("formatversion1"))).items()
    newer = Core(tmp_path).pieces(map(line, recorded("public"))).items()
    assert len(older) == 20
    assert older == {number: newer[number] for number in older}


def test_pages_of_seven_events_make_the_same_rows_as_pages_of_fifty(tmp_path: Path) -> None:
    small = Core(tmp_path).pieces(map(line, recorded("partial-pages"))).items()
    large = Core(tmp_path).pieces(map(line, recorded("public"))).items()
    logs = column(large, "log_type")
    assert small == {number: row for number, row in large.items() if logs[number] == "block"}


def test_recorded_temporary_accounts_are_no_persons_accounts(tmp_path: Path) -> None:
    items = Core(tmp_path).pieces(map(line, recorded("temporary"))).items()
    kinds = column(items, "target_kind")
    assert [kinds[number] for number in (286, 287, 288)] == ["temporary_account"] * 3
    assert kinds[39] == "account"


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ("no object", "a log event is an object"),
        (event(logid="seven"), "logid is a whole number"),
        (event(logid=True), "logid is a whole number"),
        (event(timestamp="yesterday"), "timestamp is a time in UTC"),
        (event(timestamp=7), "timestamp is a text of at most 4000 signs"),
        (event(title=None), "logtitle is present unless it is hidden"),
        (event(title="User:Ben\0"), "title is a text of at most 4000 signs"),
        (event(user="Ada\ud800"), "user is a text of at most 4000 signs"),
        (event(comment="x" * 2_000_000), "comment is a text of at most 4000 signs"),
        (event(params="soon"), "params are an object"),
        (event(params={}), "params of a block have its duration"),
        (event(params={"duration": "1 week", "restrictions": "Tea"}), "restrictions are an object"),
        (event(params=partial({"pages": "Tea"})), "pages are a list"),
        (event(params=partial({"namespaces": ["Talk"]})), "namespaces is a whole number"),
        (event(params={"duration": "1 week", "flags": [7]}), "flags are texts"),
        (event(params={"duration": "1 week", "blockId": 1 << 70}), "blockId is a whole number"),
        (event(action=None), "each part of an item stands once, type and action among them"),
    ],
)
def test_an_event_in_no_known_form_is_refused_and_the_others_are_read(tmp_path: Path, broken: Any, rule: str) -> None:
    batches, fault = read(tmp_path, line(events(event(1), broken, event(3))))
    assert fault is None
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(2, rule)]
    assert rows_of(batches, "raw_mediawiki_api_log", "log_id") == [(1,), (3,)]
    assert "Ben" not in rejects_of(batches)[0].excerpt


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html>", "no JSON"),
        (line(events(event(1))) + line(events(event(2)))[:-20], "half a line"),
        (b"\x1f\x8b broken", "gzip"),
    ],
)
def test_a_piece_that_is_cut_short_or_no_answer_is_a_fault(tmp_path: Path, content: bytes, words: str) -> None:
    batches, fault = read(tmp_path, content)
    assert isinstance(fault, FeedFault)
    assert words in str(fault)
    assert rows_of(batches, "raw_mediawiki_api_log", "log_id") in ([], [(1,)])


@pytest.mark.parametrize("what", ["logevents", "blocks", "users"])
@pytest.mark.parametrize("answer", [[], {"query": 7}, {"query": {}}, {"batchcomplete": True}])
def test_an_answer_without_a_list_is_refused(tmp_path: Path, what: str, answer: Any) -> None:
    batches, fault = read(tmp_path, line(answer), what)
    assert ([len(rejects_of(batches))], fault) == ([1], None)


def test_deep_nesting_is_a_refusal_and_no_crash(tmp_path: Path) -> None:
    deep = b'{"asked": {}, "at": "2026-03-10T06:00:00Z", "answer": ' + b"[" * 200_000 + b"]" * 200_000 + b"}\n"
    batches, fault = read(tmp_path, line(events(event(1))) + deep)
    assert fault is None
    assert len(rejects_of(batches)) == 1


def test_blocks_in_force_are_read_without_reasons_and_autoblocks_without_targets(tmp_path: Path) -> None:
    batches, fault = read(tmp_path, b"".join(map(line, recorded("blocks"))), "blocks")
    assert (rejects_of(batches), fault) == ([], None)
    found = rows_of(
        batches, "raw_mediawiki_api_block", "block_id", "target_kind", "is_sitewide", "is_indefinite", "target"
    )
    assert found[0] == (117, "account", True, True, "Vandal One")
    assert (120, "autoblock", True, False, None) in found
    assert (119, "temporary_account", True, False, "~2025-1") in found
    assert (115, "ipv4", False, False, "203.0.113.11") in found
    assert rows_of(batches, "raw_mediawiki_api_block", "line") == [(number,) for number in range(1, 10)]


def test_admins_and_bots_are_told_by_their_groups(tmp_path: Path) -> None:
    batches, _ = read(tmp_path, b"".join(map(line, recorded("users"))), "users")
    found = {
        name: (bot, admin)
        for name, bot, admin in rows_of(batches, "raw_mediawiki_api_user", "user", "is_bot", "is_admin")
    }
    assert (found["PatrolBot"], found["Ada Admin"], found["Комаров"]) == ((True, False), (False, True), (False, False))
    assert rows_of(batches, "raw_mediawiki_api_user", "has_more")[0] == (True,)
    assert rows_of(batches, "raw_mediawiki_api_user", "has_more")[-1] == (False,)


def test_a_wiki_describes_itself(tmp_path: Path) -> None:
    answer = recorded("siteinfo")[0]
    answer["query"]["dbrepllag"] = [{"host": "db1", "lag": 2}, {"host": "db2", "lag": 3.5}, {"host": "db3", "lag": -1}]
    batches, _ = read(tmp_path, line(answer), "siteinfo")
    (site,) = rows_of(
        batches, "raw_mediawiki_api_site", "database", "generator", "zone", "zone_offset_minutes", "lag_seconds"
    )
    assert site == ("upstanderwiki", "MediaWiki 1.43.9", "UTC", 0, 3.5)
    assert (2, "User", False) in rows_of(batches, "raw_mediawiki_api_namespace", "namespace", "name", "is_content")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"view": "suppressor"}, "token_from"),
        ({"user_from": "WIKI_USER"}, "stand together"),
        ({"api": "ftp://wiki.example/api.php"}, "pattern"),
        ({"api": f"{API}?action=query"}, "pattern"),
        ({"reasons": {"spam": "("}}, "regular expression"),
        ({"look_back_days": -1}, "greater than or equal"),
        ({"tokens": "secret"}, "Extra inputs"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        feed.Settings.model_validate({"wikis": [{"wiki": "wiki.demo", "api": API, **given}]})


def test_the_kept_logs_are_those_of_the_dumps() -> None:
    assert feed.log_types() == mediawiki_logging.log_types()
    assert feed.deliveries(feed.Settings.model_validate({"wikis": [{"wiki": "wiki.demo", "api": API}]})) == []


@given(st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda some: st.dictionaries(st.integers(0, 99) | st.text(st.characters(exclude_categories=["Cs"])), some, max_size=4),
    max_leaves=8,
))  # fmt: skip
def test_what_is_written_as_php_is_read_back_the_same(value: Any) -> None:
    assert unserialize(serialize(value).encode()) == value


@settings(max_examples=50)
@given(st.data())
def test_no_change_of_the_samples_bytes_makes_anything_but_rows_refusals_and_faults(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(SAMPLE)))
    length, put = data.draw(st.integers(0, 40)), data.draw(st.binary(max_size=12))
    changed = SAMPLE[:at] + put + SAMPLE[at + length :]
    batches, fault = drained(batches_of(tmp_path_factory.mktemp("fuzz"), changed))
    assert all(isinstance(one, Batch) for one in batches)
    assert fault is None or isinstance(fault, FeedFault)
