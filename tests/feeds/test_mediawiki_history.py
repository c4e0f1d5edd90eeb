"""What a line of a history dump says, by its columns' names, for each number of columns there has been."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from data_contracts import load
from etl.formats import history_table
from etl.formats.history_columns import COLUMNS, PROMISE
from etl.formats.history_text import items, text
from etl.sources import mediawiki_history as feed
from tests.delivered import landed, load_feed, rejects_of
from tests.history_dump import NAME, at, delivery, edit, line, packed, read, user_event, values
from tests.mutated import mutations, read_all

SAMPLE = Path(__file__).parent / "samples/mediawiki_history.tsv"


@pytest.mark.parametrize("count", [70, 74, 76, 78])
def test_columns_are_told_by_their_count_and_read_by_name(tmp_path, count):
    lines = [
        edit(
            "2026-01-02 03:04:05.0",
            "Ada",
            count,
            revision_id="7",
            event_user_registration_timestamp="2025-12-31 00:00:00.0",
        ),
        user_event("2026-01-02 03:04:06.0", "Ben", "create", count, user_is_created_by_self="true"),
    ]
    batches, fault = read(packed(tmp_path, *lines))
    assert fault is None
    assert values(batches, "line", "entity", "occurred_at", "performer", "target", "revision_id", "registered_at") == [
        (1, "revision", at("2026-01-02 03:04:05"), "Ada", None, 7, at("2025-12-31")),
        (2, "user", at("2026-01-02 03:04:06"), None, "Ben", None, None),
    ]


def test_every_column_that_is_read_becomes_one_of_the_contract():
    columns = [PROMISE.column(("", name)) for name in (*history_table.TYPES, "event_type", "revision_id")]
    assert None not in columns
    contract = {column.name for column in load.of_feed("mediawiki_history")[feed.EVENTS].columns}
    assert {one.name for one in columns if one} == contract - {"line", "is_bot_by_name"}  # counted; from the name


def test_the_names_are_those_of_the_dumps_that_were_kept(shared):
    known = json.loads((shared("data/block-vectors") / "mediawiki_history_columns.json").read_text(encoding="utf-8"))
    assert list(COLUMNS[70]) == known["columns_2019_to_2024"]
    assert list(COLUMNS[78]) == known["columns_2026_08"]


def test_places_move_with_the_count_as_the_dumps_code_moved_them():
    places = {
        count: [names.index(name) + 1 for name in ("event_timestamp", "user_text", "revision_tags")]
        for count, names in COLUMNS.items()
    }
    assert places == {70: [4, 39, 70], 74: [4, 41, 74], 76: [4, 43, 76], 78: [5, 45, 78]}


def test_rows_of_real_dumps_are_read(shared, tmp_path):
    real = shared("data/block-vectors") / "mediawiki_history_three_real_rows.tsv"
    path = packed(tmp_path, real.read_text(encoding="utf-8"), name="2023-11.enwiki.all-time.tsv.bz2")
    batches, fault = read(path, wiki="enwiki")
    assert fault is None
    assert not rejects_of(batches)
    columns = (
        "entity",
        "event_type",
        "performer_kind",
        "is_bot_by_group",
        "is_content",
        "target_kind",
        "target_groups",
    )
    assert values(batches, *columns) == [
        ("revision", "create", "account", False, True, None, None),
        ("revision", "create", "account", True, True, None, None),
        ("user", "alterblocks", None, False, None, "account", "extendedconfirmed|ipblock-exempt"),
    ]


def test_a_number_of_columns_that_nobody_knows_is_refused_with_both_lists(tmp_path):
    short = edit("2026-01-02 03:04:05.0", "Ada").rpartition("\t")[0] + "\n"
    batches, fault = read(packed(tmp_path, short, short))
    assert not values(batches, "line")
    assert "77 columns, which look like: aa.aaaa, -, aaaaaaaa" in fault.found
    assert "Ada" not in str(fault)
    assert "70 (since 2020-01), 74 (since 2024-11), 76 (since 2025-10), 78 (since 2026-05) columns" in fault.wanted
    assert "as of data_contracts/sources/mediawiki_history.odcs.yaml, version 1.0.0" in fault.wanted
    assert "the nearest, 78, are: wiki_db, event_log_id, event_entity" in fault.wanted


def test_most_of_the_first_lines_tell_how_many_columns_there_are(tmp_path):
    lines = ["cut\n", *(edit("2026-01-02 03:04:05.0", "Ada", 74, revision_id=str(one)) for one in range(1, 4))]
    batches, fault = read(packed(tmp_path, *lines))
    assert fault is None
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (1, "a line has 74 columns", "1 columns")
    ]
    assert values(batches, "line", "revision_id") == [(2, 1), (3, 2), (4, 3)]


def test_signs_that_stand_for_tabs_and_line_ends_are_read_and_a_backslash_is_itself():
    assert text(r"a\tb\nc\rd") == "a\tb\nc\rd"
    assert text("a\\xb\\") == "a\\xb\\"


def test_items_of_lists_may_hold_commas():
    assert items("") == ()
    assert items("sysop,bot") == ("sysop", "bot")
    assert items(r"mobile edit,one\, two,a\tb") == ("mobile edit", "one, two", "a\tb")


def test_a_quote_is_a_sign_like_any_other(tmp_path):
    lines = [
        edit("2026-01-01 00:00:00.0", '"Ada', event_comment='"not closed', revision_id="1"),
        edit("2026-01-01 00:00:01.0", 'B"en"', event_comment='"', revision_id="2"),
    ]
    batches, _ = read(packed(tmp_path, *lines))
    assert values(batches, "performer", "revision_id") == [('"Ada', 1), ('B"en"', 2)]


def test_a_backslash_in_a_users_name_is_a_backslash_for_no_name_holds_a_tab(tmp_path):
    batches, _ = read(packed(tmp_path, edit("2026-01-01 00:00:00.0", r"Dom\nick")))
    assert values(batches, "performer") == [(r"Dom\nick",)]


@pytest.mark.parametrize(
    ("count", "more", "user", "kind"),
    [
        (78, {}, "Ada", "account"),
        (78, {"event_user_id": "77", "event_user_is_temporary": "true"}, "~2026-12345-6", "temporary_account"),
        (70, {"event_user_id": "77"}, "~2026-12345-6", "temporary_account"),  # no column says so: the name does
        (70, {"event_user_id": "78"}, "~2026-12345-", "account"),
        (78, {"event_user_id": "79"}, "~2026-12345-6", "account"),  # the column says no
        (78, {"event_user_is_temporary": ""}, "~2026-1", "temporary_account"),
        (78, {"event_user_is_anonymous": "true"}, "198.51.100.7", "anonymous"),
        (78, {"event_user_is_anonymous": "true", "event_user_is_cross_wiki": "true"}, "de>Ada", "imported"),
        (70, {"event_user_is_anonymous": "true"}, "de>Ada", "imported"),
        (78, {"event_user_is_anonymous": ""}, "", None),
    ],
)
def test_accounts_temporary_ones_addresses_and_imported_names_are_told_apart(tmp_path, count, more, user, kind):
    batches, _ = read(packed(tmp_path, edit("2026-01-01 00:00:00.0", user, count, **more)))
    assert values(batches, "performer_kind") == [(kind,)]


@pytest.mark.parametrize(
    ("more", "user", "by_group", "by_name"),
    [
        ({"event_user_is_bot_by": "name,group"}, "Ada", True, False),
        ({"event_user_is_bot_by_historical": "group"}, "Ada", True, False),
        ({"event_user_is_bot_by": "name"}, "AdaBot", False, False),  # the dump's own rule for names is another
        ({}, "Adabot", False, True),
        ({}, "Adabots", False, False),
        ({}, "Ada bot 2", False, True),
    ],
)
def test_bots_are_told_by_group_and_by_the_movements_rule_for_names(tmp_path, more, user, by_group, by_name):
    batches, _ = read(packed(tmp_path, edit("2026-01-01 00:00:00.0", user, **more)))
    assert values(batches, "is_bot_by_group", "is_bot_by_name") == [(by_group, by_name)]


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        (("self",), "self_made"),
        (("system",), "automatic"),
        (("peer",), "made_by_other"),
        ((), None),
        (("self", "system"), "automatic"),
    ],
)
def test_a_new_account_says_who_made_it(tmp_path, flags, kind):
    made = {f"user_is_created_by_{flag}": "true" for flag in flags}
    lines = [
        user_event("2026-01-01 00:00:00.0", "Ada", **made),
        user_event("2026-01-02 00:00:00.0", "Ada", "rename", **made),
    ]
    batches, _ = read(packed(tmp_path, *lines))
    assert values(batches, "event_type", "account_kind") == [("create", kind), ("rename", None)]


def test_groups_are_those_after_the_event_and_admins_those_of_then(tmp_path):
    lines = [
        user_event(
            "2026-01-01 00:00:00.0", "Ada", "altergroups", user_groups_historical="sysop,bureaucrat", user_groups="x"
        ),
        edit("2026-01-02 00:00:00.0", "Ada", event_user_groups_historical="sysop,bureaucrat"),
        edit("2026-01-03 00:00:00.0", "Ada", event_user_groups="sysop", revision_id="2"),
    ]
    batches, _ = read(packed(tmp_path, *lines))
    assert values(batches, "target_groups", "is_admin") == [("bureaucrat|sysop", False), (None, True), (None, False)]


def test_blocks_of_users_comments_titles_and_texts_are_not_loaded(tmp_path, connection):
    secret = dict.fromkeys(
        ("event_comment", "page_title", "page_title_historical", "revision_text_sha1", "user_blocks"), "Planted"
    )
    lines = [
        edit("2026-01-01 00:00:00.0", "Planted", **secret),
        user_event("2026-01-01 00:00:00.0", "Planted", "alterblocks", user_blocks_historical="Planted", **secret),
    ]
    load_feed(connection, feed, [landed(delivery(), packed(tmp_path, *lines))])
    found = connection.execute("SELECT * FROM raw_mediawiki_history").fetchall()
    assert len(found) == 2
    assert "Planted" not in str(found)
    assert not [name for name in load.of_feed("mediawiki_history")[feed.EVENTS].columns if "block" in name.name]


def test_a_name_becomes_the_same_hash_wherever_it_stands(tmp_path, connection):
    lines = [edit("2026-01-01 00:00:00.0", "Ada"), user_event("2026-01-01 00:00:00.0", "Ada", "rename")]
    load_feed(connection, feed, [landed(delivery(), packed(tmp_path, *lines))])
    ((edits, users),) = connection.execute(
        "SELECT MAX(performer_key), MAX(target_key) FROM raw_mediawiki_history"
    ).fetchall()
    assert edits == users
    assert len(edits) == 32


def test_the_sample_keeps_its_contract(tmp_path, connection):
    path = packed(tmp_path, SAMPLE.read_text(encoding="utf-8"))
    load_feed(connection, feed, [landed(delivery(), path)])
    count = len(SAMPLE.read_text(encoding="utf-8").splitlines())
    assert connection.execute("SELECT COUNT(*) FROM raw_mediawiki_history").fetchall() == [(count,)]
    assert connection.execute("SELECT * FROM quarantine").fetchall() == []
    kinds = connection.execute(
        "SELECT performer_kind, COUNT(*) FROM raw_mediawiki_history GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert kinds == [("account", 12), ("anonymous", 1), ("temporary_account", 1), (None, 6)]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"revision_id": ""}, "an edit has a number and says whether it was reverted"),
        ({"event_entity": "talk"}, "entity is one of revision, user, page"),
        ({"event_timestamp": ""}, "occurred_at is present"),
        ({"revision_seconds_to_identity_revert": "5"}, "only what was reverted was reverted after some time"),
        ({}, "an edit is told once"),
    ],
)
def test_rows_that_break_the_contract_are_set_aside(tmp_path, connection, change, rule):
    good = edit("2026-01-01 00:00:00.0", "Ada")
    bad = line({**dict(zip(COLUMNS[78], good.rstrip("\n").split("\t"), strict=True)), **change})
    load_feed(connection, feed, [landed(delivery(), packed(tmp_path, good, bad))])
    assert connection.execute("SELECT line, rule FROM quarantine").fetchall() == [(2, rule)]


@settings(max_examples=40)
@given(mutations(SAMPLE.read_bytes()))
def test_whatever_is_done_to_a_dump_comes_out_as_rows_refusals_or_one_fault(tmp_path_factory, content):
    read_all(feed, delivery(), tmp_path_factory.mktemp("spoilt") / NAME, content)
