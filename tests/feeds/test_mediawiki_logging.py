"""The rows that the log feed makes, and what it refuses."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from data_contracts import load
from etl.formats.reasons import UNCLASSIFIED, Reasons
from etl.sources import mediawiki_logging as feed
from tests.feeds.logging_reader import Rows, dump, item, read

SAMPLE = Path(__file__).parent / "samples" / "mediawiki_logging.xml"
WHEN = datetime(2026, 1, 1)
PARTIAL = (
    'a:4:{s:11:"5::duration";s:8:"infinity";s:8:"6::flags";s:16:"nocreate,noemail";s:8:"sitewide";b:0;'
    's:15:"7::restrictions";a:3:{s:5:"pages";a:2:{i:1;s:6:"Möwe";i:2;s:5:"Tea:X";}'
    's:10:"namespaces";a:2:{i:0;i:2;i:1;s:1:"4";}s:7:"actions";a:1:{i:0;s:6:"upload";}}}'
).replace('s:6:"Möwe"', 's:5:"Möwe"')


def rows_of(tmp_path: Path, *items: str, **told: Any) -> Rows:
    path = tmp_path / "log.xml"
    path.write_bytes(dump(*items))
    rows, rejects, fault = read(path, **told)
    assert (rejects, fault) == ([], None)
    return rows


def row_of(tmp_path: Path, one: str, **told: Any) -> dict[str, Any]:
    (row,) = rows_of(tmp_path, one, **told)
    return row


def refused(tmp_path: Path, one: str) -> tuple[int, str, str]:
    path = tmp_path / "log.xml"
    path.write_bytes(dump(item(1), one, item(3)))
    rows, (reject,), fault = read(path)
    assert ([row["line"] for row in rows], fault) == ([1, 3], None)
    return reject.line, reject.rule, reject.excerpt


def test_a_block_has_all_its_values(tmp_path: Path) -> None:
    row = row_of(tmp_path, item(5, comment="Vandalism!"), reasons={"spam": "(?i)spam", "vandalism": "(?i)vandal"})
    assert row == {
        "line": 1, "wiki": "demo", "log_id": 5, "occurred_at": WHEN, "log_type": "block", "log_action": "block",
        "performer": "Ada", "performer_kind": "person", "target": "Ben", "target_kind": "account",
        "is_action_hidden": False, "is_performer_hidden": False, "is_comment_hidden": False, "has_comment": True,
        "reason_class": "vandalism", "duration_text": "1 week", "expires_at": datetime(2026, 1, 8),
        "is_indefinite": False, "flags": "nocreate", "is_sitewide": True, "restricted_page_count": None,
        "restricted_namespaces": None, "restricted_actions": None, "block_id": None, "target_count": None,
        "old_name": None, "new_name": None,
    }  # fmt: skip


def test_a_partial_block_names_pages_namespaces_and_actions(tmp_path: Path) -> None:
    row = row_of(tmp_path, item(params=PARTIAL))
    assert (row["is_sitewide"], row["restricted_page_count"]) == (False, 2)
    assert (row["restricted_namespaces"], row["restricted_actions"]) == ("2,4", "upload")
    assert (row["is_indefinite"], row["expires_at"], row["flags"]) == (True, None, "nocreate,noemail")


def test_restrictions_without_the_word_sitewide_are_partial(tmp_path: Path) -> None:
    params = PARTIAL.replace('s:8:"sitewide";b:0;', "").replace("a:4:", "a:3:", 1)
    assert row_of(tmp_path, item(params=params))["is_sitewide"] is False


def test_a_missing_sitewide_without_restrictions_means_sitewide(tmp_path: Path) -> None:
    params = 'a:2:{s:11:"5::duration";s:8:"31 hours";s:8:"6::flags";s:0:"";}'
    row = row_of(tmp_path, item(params=params))
    assert (row["is_sitewide"], row["flags"], row["expires_at"]) == (True, None, datetime(2026, 1, 2, 7))


def test_newer_wikis_number_their_blocks(tmp_path: Path) -> None:
    params = 'a:4:{s:11:"5::duration";s:5:"1 day";s:8:"sitewide";b:1;s:7:"blockId";i:77;s:16:"finalTargetCount";i:2;}'
    lifted = 'a:1:{s:7:"blockId";i:77;}'
    block, unblock = rows_of(tmp_path, item(1, params=params), item(2, "block/unblock", params=lifted))
    assert (block["block_id"], block["target_count"], unblock["block_id"]) == (77, 2, 77)
    assert (unblock["is_indefinite"], unblock["is_sitewide"], unblock["reason_class"]) == (None, None, None)


@pytest.mark.parametrize(
    ("params", "duration", "flags", "expires_at"),
    [
        ("24 hours\nnocreate, noemail", "24 hours", "nocreate,noemail", datetime(2026, 1, 2)),
        ("24 hours", "24 hours", None, datetime(2026, 1, 2)),
        ("indefinite\nanononly", "indefinite", "anononly", None),
        ("", None, None, None),
    ],
)
def test_older_forms_are_lines_or_nothing(
    tmp_path: Path, params: str, duration: str | None, flags: str | None, expires_at: datetime | None
) -> None:
    row = row_of(tmp_path, item(params=params))
    assert (row["duration_text"], row["flags"], row["expires_at"]) == (duration, flags, expires_at)
    assert (row["is_indefinite"], row["is_sitewide"]) == (expires_at is None, True)


def test_hidden_parts_are_missing_and_said_to_be_hidden(tmp_path: Path) -> None:
    row = row_of(tmp_path, item(title="hidden", by="hidden", comment="hidden"), reasons={"any": ""})
    assert (row["is_action_hidden"], row["is_performer_hidden"], row["is_comment_hidden"]) == (True, True, True)
    assert {row[name] for name in ("performer", "performer_kind", "target", "target_kind", "reason_class")} == {None}
    assert {row[name] for name in ("duration_text", "is_indefinite", "is_sitewide", "flags")} == {None}


def test_a_block_with_a_hidden_action_keeps_the_class_of_its_comment(tmp_path: Path) -> None:
    row = row_of(tmp_path, item(title="hidden", comment="spam"), reasons={"spam": "spam"})
    assert (row["reason_class"], row["is_indefinite"]) == ("spam", None)


def test_an_empty_comment_is_not_a_hidden_one(tmp_path: Path) -> None:
    row = row_of(tmp_path, item(comment=None), reasons={"spam": "spam"})
    assert (row["has_comment"], row["is_comment_hidden"], row["reason_class"]) == (False, False, "unclassified")


def test_a_hidden_users_block_stands_in_the_suppress_log(tmp_path: Path) -> None:
    row = row_of(tmp_path, item(kind="suppress/block"))
    assert (row["log_type"], row["target"], row["duration_text"]) == ("suppress", "Ben", "1 week")


RENAMED = 'a:3:{s:10:"4::olduser";s:5:"A B C";s:10:"5::newuser";s:8:"Alphabet";s:8:"6::edits";i:0;}'


@pytest.mark.parametrize(
    ("params", "title", "names"),
    [
        (RENAMED, "User:A B C", ("A B C", "Alphabet")),
        ("Alphabet", "User:A B C", ("A B C", "Alphabet")),  # the old name in the title only
        ("", "User:A B C", (None, None)),  # both names in the comment only
        (None, "hidden", (None, None)),
    ],
)
def test_a_rename_has_both_names_wherever_the_log_has_them(
    tmp_path: Path, params: str | None, title: str, names: tuple[str | None, str | None]
) -> None:
    row = row_of(tmp_path, item(kind="renameuser/renameuser", title=title, params=params))
    assert (row["old_name"], row["new_name"]) == names


def test_a_rename_in_another_form_is_refused_without_its_names(tmp_path: Path) -> None:
    line, rule, excerpt = refused(tmp_path, item(kind="renameuser/renameuser", params="Ann\nBob\nCid"))
    assert (line, rule) == (2, "params of a rename are in a known form")
    assert "Bob" not in excerpt


@pytest.mark.parametrize(
    ("kind", "title", "target", "target_kind"),
    [
        ("block/block", "Benutzer:Ben", "Ben", "account"),
        ("block/block", "Участник:Ben:Cho", "Ben:Cho", "account"),
        ("block/block", "User:~2026-12345-6", "~2026-12345-6", "temporary_account"),
        ("block/block", "User:192.0.2.7", "192.0.2.7", "ipv4"),
        ("block/block", "User:2001:DB8:0:0:0:0:0:1", "2001:DB8:0:0:0:0:0:1", "ipv6"),
        ("block/block", "User:198.51.100.0/24", "198.51.100.0/24", "range"),
        ("block/unblock", "User:#1234", "#1234", "autoblock"),
        ("thanks/thank", "User:Ben", "Ben", "account"),
        ("newusers/create", "User:Ben", "Ben", "account"),
        ("renameuser/renameuser", "User:Ben", "Ben", "account"),
        ("protect/protect", "Talk:Tea", "Talk:Tea", "page"),
        ("abusefilter/modify", "Special:AbuseFilter/1", "Special:AbuseFilter/1", "page"),
        ("suppress/event", "Special:Log/block", "Special:Log/block", "page"),
    ],
)
def test_a_target_is_a_person_without_namespace_or_a_page_with_it(
    tmp_path: Path, kind: str, title: str, target: str, target_kind: str
) -> None:
    row = row_of(tmp_path, item(kind=kind, title=title))
    assert (row["target"], row["target_kind"]) == (target, target_kind)


def test_a_bot_is_known_by_its_name_or_by_the_settings(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, item(1, by="PatrolBot"), item(2, by="Sweeper"), item(3, by="Ada"), bots=["Sweeper"])
    assert [row["performer_kind"] for row in rows] == ["bot", "bot", "person"]


def test_the_first_reason_that_fits_counts(tmp_path: Path) -> None:
    reasons = {"harassment": "(?i)npa|harass", "spam": "(?i)spam"}
    rows = rows_of(
        tmp_path,
        item(1, comment="Spam, then [[WP:NPA]]"),
        item(2, comment="spam"),
        item(3, comment="?"),
        reasons=reasons,
    )
    assert [row["reason_class"] for row in rows] == ["harassment", "spam", "unclassified"]


@given(
    st.lists(
        st.sampled_from(
            ["(?i)spam", "(?i)NPA|edit war", "Spam", "(?i)sp.m", "(?i)kiss", "war$", "(?i)straße", "(?i)a|"]
        ),
        max_size=4,
    ),
    st.text(st.sampled_from("spamNPA edit wRkKſßis\n"), max_size=12)
    | st.sampled_from(["SPAM", "Npa!", "an EDIT war", "edit  war", "\u212aiss"]),
)
def test_a_class_of_reasons_is_that_of_the_first_expression_that_fits(expressions: list[str], comment: str) -> None:
    named = {str(number): one for number, one in enumerate(expressions)}
    slow = next((name for name, one in named.items() if re.search(one, comment)), UNCLASSIFIED)
    assert Reasons(named).class_of(comment) == slow
    assert Reasons(named).classes_of(pa.array([comment, "", comment])).to_pylist()[::2] == [slow, slow]


def test_a_wikis_own_reasons_stand_in_place_of_the_programs() -> None:
    wikis = [{"wiki": "a", "files": ["a.xml"]}, {"wiki": "b", "files": ["b.xml"], "reasons": {"spam": "Werbung"}}]
    settings = feed.Settings.model_validate({"reasons": {"spam": "spam"}, "wikis": wikis})
    assert [one.told["reasons"] for one in feed.deliveries(settings)] == [{"spam": "spam"}, {"spam": "Werbung"}]


def test_log_types_that_the_contract_does_not_keep_are_left_out_and_still_counted(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, item(1, "move/move"), item(2), item(3, "patrol/patrol"), item(4, "delete/delete"), item(5))
    assert [(row["line"], row["log_id"]) for row in rows] == [(2, 2), (5, 5)]


@pytest.mark.parametrize(
    ("one", "rule", "excerpt"),
    [
        (item("x7"), "id is a whole number", "id: a9"),
        (item(at="2026-02-30T00:00:00Z"), "timestamp is a time in UTC", "timestamp: 9999-99-99A99:99:99A"),
        (item(at="2026-01-01 00:00:00"), "timestamp is a time in UTC", "timestamp: 9999-99-99 99:99:99"),
        (item(params="a\nb\nc"), "params of a block are in a known form", "params: a?a?a"),
        (item(params='a:1:{s:9:"5::duration";}'), "params of a block are in a known form", 'params: a:9:{a:9:"9::aaaaaaaa";}'),
        (item(params="some time"), "the duration is certain to be read as MediaWiki reads it", "duration_text: aaaa aaaa"),
        (item(kind="rights/rights", params="Aha"), "params of a change of rights are in a known form", "params: Aaa"),
        (item(title=None), "logtitle is present unless it is hidden", "logtitle: nothing"),
        (item().replace("    <action>block</action>\n", ""), "each part of an item stands once, type and action among them", ""),
        (item().replace("    <type>block</type>\n", ""), "each part of an item stands once, type and action among them", ""),
        (item(kind="move/move").replace("<action>", "<type>block</type><action>"), "each part of an item stands once, type and action among them", ""),
        (item().replace("<id>1</id>", "<id>1</id><id>2</id>"), "each part of an item stands once, type and action among them", ""),
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_read_is_refused_with_its_place_and_shape_only(
    tmp_path: Path, one: str, rule: str, excerpt: str
) -> None:
    assert refused(tmp_path, one) == (2, rule, excerpt)


def test_a_refusal_says_nothing_of_people(tmp_path: Path) -> None:
    _, _, excerpt = refused(tmp_path, item(params='a:1:{s:15:"7::restrictions";s:3:"Ben";}x'))
    assert "Ben" not in excerpt


def test_settings_refuse_an_expression_that_is_none_and_an_unknown_key() -> None:
    with pytest.raises(ValidationError, match='regular expression for "spam"'):
        feed.Settings.model_validate({"wikis": [{"wiki": "a", "files": ["a"], "reasons": {"spam": "("}}]})
    with pytest.raises(ValidationError, match="robots"):
        feed.Settings.model_validate({"wikis": [{"wiki": "a", "files": ["a"], "robots": []}]})


def test_the_columns_are_those_of_the_contract(tmp_path: Path) -> None:
    tables = load.of_feed(feed.FEED)
    assert tables.keys() == {feed.TABLE, feed.DAYS}
    table = tables[feed.TABLE]
    assert list(row_of(tmp_path, item())) == [column.name for column in table.columns]


def test_the_sample_of_ten_items_can_be_read() -> None:
    rows, rejects, fault = read(SAMPLE)
    assert ([row["line"] for row in rows], rejects, fault) == ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [], None)


def test_rows_come_in_batches_of_about_twenty_thousand(tmp_path: Path) -> None:
    path = tmp_path / "log.xml"
    path.write_bytes(dump(*(item(number) for number in range(1, 30_001))))
    rows, _, _ = read(path)
    assert len(rows) == 30_000
    assert rows[-1]["log_id"] == 30_000
