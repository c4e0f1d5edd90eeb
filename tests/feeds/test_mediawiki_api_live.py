"""A real MediaWiki on loopback: what is fetched of it is what its dump has, also while it is being edited."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data_contracts.faults import FeedFault
from etl.feed import Piece
from etl.formats.api_asking import Api
from etl.sources import mediawiki_api as feed
from etl.web import Web
from tests.feeds.api_pieces import Core, column, downloads, kept
from tests.feeds.api_wiki import answers, numbers
from tests.mediawiki import history, live_wiki
from tests.mediawiki.history import EDITORS, SUPPRESSOR, SYSOPS, TEMPORARY
from tests.mediawiki.live_wiki import LiveWiki
from tests.tables import rows

GRANTS = "basic,highvolume,viewdeleted,viewrestrictedlogs,oversight"


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveWiki]:
    if not live_wiki.is_here():
        pytest.skip(f"needs {live_wiki.NEEDED}")
    started = LiveWiki(tmp_path_factory.mktemp("mediawiki"))
    try:
        started.start()
        history.live_through(started)
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def web(wiki: LiveWiki) -> Iterator[Web]:
    with Web([wiki.host], "https://demo.example", wait=lambda seconds: None) as made:
        yield made


@pytest.fixture(scope="module")
def account(wiki: LiveWiki) -> tuple[str, str]:
    """Name and password of a bot password of the suppressor."""
    return wiki.bot_password(SUPPRESSOR, GRANTS)


@pytest.fixture
def suppressor(account: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settings with which the wiki is asked as its suppressor."""
    monkeypatch.setenv("TEST_WIKI_USER", account[0])
    monkeypatch.setenv("TEST_WIKI_PASSWORD", account[1])
    return {"view": "suppressor", "user_from": "TEST_WIKI_USER", "password_from": "TEST_WIKI_PASSWORD"}


@pytest.fixture
def in_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wiki is asked for three log events at a time."""
    ask = Api.every

    def every(self: Any, **params: Any) -> Any:
        return ask(self, **{**params, **({"lelimit": 3} if "lelimit" in params else {})})

    monkeypatch.setattr(Api, "every", every)


def fetched(wiki: LiveWiki, web: Web, cursor: Any = None, what: str = "logevents", **told: Any) -> list[Piece]:
    return [*feed.fetch(downloads(wiki.api, **told)[what], cursor, web)]


def rows_by_api(folder: Path, pieces: list[Piece]) -> dict[int, tuple[Any, ...]]:
    return Core(folder).pieces(one.content for one in pieces).items()


def rows_by_dump(folder: Path, wiki: LiveWiki) -> dict[int, tuple[Any, ...]]:
    return Core(folder).dump(wiki.dump(folder / "log.xml.gz")).items()


class Watched(Web):
    """Notes what is sent and what it waits for; sends headers that the test wiki understands with the first requests."""

    def __init__(self, wiki: LiveWiki, times: int = 0, **headers: str) -> None:
        self.waits: list[float] = []
        self.sent: list[Any] = []
        super().__init__([wiki.host], "https://demo.example", wait=self.waits.append)
        self._left = [{name.replace("_", "-"): value for name, value in headers.items()}] * times
        self.connections: list[int] = []
        others = wiki.connections()
        self._client.event_hooks["request"] = [self._note]
        self._client.event_hooks["response"] = [lambda _: self.connections.append(wiki.connections() - others)]

    def _note(self, request: Any) -> None:
        request.headers.update(self._left.pop() if self._left else {})
        self.sent.append(request)


@contextmanager
def edited_meanwhile(wiki: LiveWiki, most: int = 80) -> Iterator[list[str]]:
    """Somebody blocks one address after the other; gives the list of them as it grows."""
    stopped, written = threading.Event(), list[str]()

    def edit() -> None:
        session = wiki.as_(SYSOPS[0])
        while not stopped.is_set() and len(written) < most:
            target = f"203.0.113.{100 + len(written)}"
            history.set_block(session, target, anononly="1")
            written.append(target)

    writer = threading.Thread(target=edit)
    writer.start()
    try:
        yield written
    finally:
        stopped.set()
        writer.join()


def test_the_whole_log_by_its_api_is_the_log_of_its_dump_row_for_row(wiki: LiveWiki, web: Web, tmp_path: Path) -> None:
    api, dump = rows_by_api(tmp_path, fetched(wiki, web)), rows_by_dump(tmp_path, wiki)
    assert len(dump) > 35
    assert api == dump
    assert {"block", "newusers", "renameuser", "rights", "protect", "thanks"} == {*column(api, "log_type").values()}


@pytest.mark.usefixtures("in_threes")
def test_small_pages_make_the_same_log(wiki: LiveWiki, web: Web, tmp_path: Path) -> None:
    pieces = fetched(wiki, web)
    assert max(len(one["query"]["logevents"]) for one in answers(pieces)) == 3
    assert len({*numbers(pieces)}) == len(numbers(pieces)) > 35
    assert rows_by_api(tmp_path, pieces) == rows_by_dump(tmp_path, wiki)


def test_it_says_who_it_is_asks_politely_and_one_question_at_a_time(wiki: LiveWiki) -> None:
    with Watched(wiki) as watched:
        fetched(wiki, watched)
    assert {one.url.params["maxlag"] for one in watched.sent} == {"5"}
    (name,) = {one.headers["user-agent"] for one in watched.sent}
    assert name.startswith("upstander/")
    assert "(https://demo.example) httpx/" in name
    assert {*watched.connections} == {1}


@pytest.mark.usefixtures("in_threes")
def test_nothing_is_missing_or_double_when_the_wiki_is_edited_meanwhile(
    wiki: LiveWiki, web: Web, tmp_path: Path
) -> None:
    """The first load of the whole log, in small pages, and six that go on from the one before."""
    before = len(rows_by_dump(tmp_path, wiki))
    with edited_meanwhile(wiki) as written:
        pieces = fetched(wiki, web)
        while_first = len(written)
        for _ in range(6):
            pieces += fetched(wiki, web, pieces[-1].cursor)
    pieces += fetched(wiki, web, pieces[-1].cursor)
    assert fetched(wiki, web, pieces[-1].cursor) == []
    found = rows_by_api(tmp_path, pieces)
    assert len(written) > while_first > 0
    assert len(found) == before + len(written)
    assert found == rows_by_dump(tmp_path, wiki)


def test_a_suppressor_is_told_what_the_public_is_not(
    wiki: LiveWiki, web: Web, tmp_path: Path, suppressor: dict[str, str]
) -> None:
    public = rows_by_api(tmp_path, fetched(wiki, web))
    answers = [one.content for one in fetched(wiki, web, **suppressor)]
    whole = Core(tmp_path).pieces(answers).items()
    hidden = [number for number, is_hidden in column(public, "is_action_hidden").items() if is_hidden]
    assert [public[number][3:5] for number in hidden] == [
        ("newusers", "create2"),
        ("block", "block"),
        ("block", "block"),
    ]
    assert not any(column(public, "target_key")[number] for number in hidden)
    assert not any(column(whole, "is_action_hidden").values())
    assert all(column(whole, "target_key")[number] for number in hidden)
    more = {number: log for number, log in column(whole, "log_type").items() if number not in public}
    assert {*more.values()} == {"suppress"}
    both = Core(tmp_path).dump(wiki.dump(tmp_path / "log.xml.gz")).pieces(answers).items()
    assert both == whole  # the view of the suppressor goes before that of the public


def test_what_an_account_sees_beyond_the_public_is_left_out_unless_it_asks_as_a_suppressor(
    wiki: LiveWiki, web: Web, tmp_path: Path, suppressor: dict[str, str]
) -> None:
    pieces = fetched(wiki, web, **{**suppressor, "view": "public"})
    assert rows_by_api(tmp_path, pieces) == rows_by_dump(tmp_path, wiki)


def test_no_password_no_token_and_no_cookie_stands_in_pieces_cursors_settings_or_logs(
    wiki: LiveWiki, suppressor: dict[str, str], account: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Watched(wiki) as watched:
        told = [
            fetched(wiki, watched, what=what, **suppressor) for what in ("logevents", "blocks", "users", "siteinfo")
        ]
    named = "; ".join(one.headers["cookie"] for one in watched.sent if "cookie" in one.headers)
    cookies = [value for _, _, value in (one.partition("=") for one in named.split("; ")) if len(value) > 20]
    assert cookies
    forms = [one.content.decode() for one in watched.sent if one.method == "POST"]
    assert all(account[1] in form for form in forms)
    said = f"{[[(one.content, one.cursor) for one in pieces] for pieces in told]}{downloads(wiki.api, **suppressor)}"
    assert [secret for secret in (*account, *cookies) if secret in said + caplog.text] == []


def test_an_account_that_the_wiki_does_not_know_is_a_fault_without_its_password(
    wiki: LiveWiki,
    web: Web,
    suppressor: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("TEST_WIKI_PASSWORD", "wrong-4711")
    with pytest.raises(FeedFault, match="did not let the account in") as caught:
        fetched(wiki, web, **suppressor)
    assert "4711" not in "".join(traceback.format_exception(caught.value)) + caplog.text


def test_a_wiki_that_lags_is_waited_for_and_then_goes_on(wiki: LiveWiki, web: Web) -> None:
    with Watched(wiki, 2, X_Test_Lag="7") as lagging:
        found = fetched(wiki, lagging)
    assert [5 <= one <= 6.5 for one in lagging.waits] == [True, True]
    assert sorted(numbers(found)) == sorted(numbers(fetched(wiki, web)))


def test_a_wiki_that_is_asked_too_much_is_left_alone_as_long_as_it_wants(wiki: LiveWiki, web: Web) -> None:
    with Watched(wiki, 3, X_Test_Busy="30") as busy:
        found = fetched(wiki, busy)
    assert [30 <= one <= 31 for one in busy.waits] == [True, True, True]
    assert sorted(numbers(found)) == sorted(numbers(fetched(wiki, web)))


def test_a_wiki_that_wants_to_be_left_alone_for_an_hour_is_not_waited_for(wiki: LiveWiki) -> None:
    with Watched(wiki, 1, X_Test_Busy="3600") as busy, pytest.raises(FeedFault, match="left alone for 3600 seconds"):
        fetched(wiki, busy)
    assert busy.waits == []


def test_what_mediawiki_itself_calls_rate_limited_is_waited_for(wiki: LiveWiki, web: Web) -> None:
    with Watched(wiki, 2, X_Test_Ratelimit="1") as limited:
        found = fetched(wiki, limited)
    assert len(limited.waits) == 2
    assert sorted(numbers(found)) == sorted(numbers(fetched(wiki, web)))


def test_a_wiki_that_takes_no_edits_can_be_read(wiki: LiveWiki) -> None:
    with Watched(wiki, 99, X_Test_Readonly="1") as reading:
        assert numbers(fetched(wiki, reading))


def test_a_temporary_account_and_its_block_are_told_as_such(wiki: LiveWiki, web: Web, tmp_path: Path) -> None:
    items = rows_by_api(tmp_path, fetched(wiki, web))
    kinds, actions = column(items, "target_kind"), column(items, "log_action")
    of_it = [number for number, kind in kinds.items() if kind == "temporary_account"]
    assert [actions[number] for number in of_it] == ["autocreate", "block"]
    assert TEMPORARY not in str(items)


def test_two_blocks_of_one_account_at_once_are_two_blocks(wiki: LiveWiki, web: Web, tmp_path: Path) -> None:
    pieces = [one.content for one in fetched(wiki, web)]
    models = ("core_block_event", "core_block_spell")
    with Core(tmp_path).pieces(pieces).made("2025-02-10", *models) as connection:
        spells = rows(connection, "core_block_spell", "log_id", "expires_at", "ended_by")
    assert [(f"{expires_at:%d %b}", ended_by) for _, expires_at, ended_by in spells[-2:]] == [
        ("16 Feb", "unblock"),
        ("03 Mar", None),
    ]


def test_a_rename_leaves_one_account(wiki: LiveWiki, web: Web, tmp_path: Path) -> None:
    """What was fetched before it, and dumped before it, is the same account as what is fetched after it."""
    old, new = EDITORS[3], "عمر الجديد"
    before = wiki.dump(tmp_path / "before.xml.gz")
    pieces = fetched(wiki, web)
    now = datetime.now() + timedelta(hours=1)
    wiki.inside(now, "rename", actor=history.RENAMER, **{"from": old, "to": new})
    with Watched(wiki, 99, X_Test_Clock=f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}") as later:
        pieces += fetched(wiki, later, pieces[-1].cursor)
        anew = fetched(wiki, later)
    merged = Core(tmp_path).dump(before).pieces(one.content for one in pieces).items()
    fresh = rows_by_api(tmp_path, anew)
    assert merged == fresh
    changed = [row[3:5] for number, row in Core(tmp_path).dump(before).items().items() if row != fresh[number]]
    assert sorted(changed) == [("block", "block"), ("newusers", "create2"), ("thanks", "thank")]


def test_lists_of_blocks_bots_and_the_wiki_itself_are_read(wiki: LiveWiki, web: Web, tmp_path: Path) -> None:
    core = Core(tmp_path).pieces(one.content for one in fetched(wiki, web))
    for what in ("blocks", "users", "siteinfo"):
        core.pieces(kept(fetched(wiki, web, what=what)), what)
    tomorrow = f"{datetime.now() + timedelta(days=1):%Y-%m-%d}"
    models = ("core_block_event", "core_block_spell", "core_block", "core_block_in_force")
    with core.made(tomorrow, *models) as connection:
        assert rows(connection, "raw_mediawiki_api_site", "database", "zone") == [("upstanderwiki", "UTC")]
        assert rows(connection, "raw_mediawiki_api_user", "is_bot").count((True,)) == 1
        listed = rows(connection, "core_block_in_force", "is_listed", "is_logged")
    assert (True, True) in listed
    assert (False, True) not in listed
