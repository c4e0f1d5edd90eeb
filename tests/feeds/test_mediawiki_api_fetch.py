"""What is fetched of a wiki's log: everything behind the cursor, once, whatever comes late, breaks off or is hidden since."""

import traceback
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault
from etl.feed import Piece
from etl.formats import api_log_pass
from etl.sources import mediawiki_api as feed
from etl.web import Limits
from tests.feeds.api_pieces import downloads, event, hidden
from tests.feeds.api_wiki import PATH, Wiki, answers, error, lines, numbers, told
from tests.server import Server, as_json, half, page, redirect, reset, serving, slow, status

LOGS = ("block/block", "newusers/create", "thanks/thank")


@pytest.fixture
def other() -> Iterator[Server]:
    """A server that the instance may not ask."""
    with serving() as made:
        yield made


def at(minutes: float, days: float = 0) -> str:
    return f"{datetime(2026, 3, 9) + timedelta(days=days, minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


def log(count: int, first: int = 1) -> list[dict[str, Any]]:
    """An event a minute, of three logs in turn."""
    return [event(number, LOGS[number % 3], timestamp=at(number)) for number in range(first, first + count)]


def test_all_events_of_the_kept_logs_are_fetched_page_by_page() -> None:
    wiki = Wiki(log=[*log(30), event(99, "move/move")], page=4)
    assert sorted(numbers(wiki.fetch())) == [*range(1, 31)]


def test_it_asks_as_wikis_want_to_be_asked(server: Server) -> None:
    Wiki(server, log(3)).fetch()
    asked = server.asked[0]
    told = {name: asked.query[name] for name in ("formatversion", "maxlag", "lelimit", "ledir", "format")}
    assert told == {"formatversion": "2", "maxlag": "5", "lelimit": "max", "ledir": "newer", "format": "json"}
    assert asked.headers["user-agent"].startswith("upstander/")
    assert "https://demo.example" in asked.headers["user-agent"]
    assert "assert" not in asked.query
    assert {one.query["letype"] for one in server.asked} == feed.log_types() - {"suppress"}
    assert server.most_at_once == 1


def test_ten_thousand_events_come_in_one_pass_without_a_gap() -> None:
    wiki = Wiki(log=log(10_000))
    found = wiki.fetch()
    assert sorted(numbers(found)) == [*range(1, 10_001)]
    assert len(found) > 1  # so that what has landed is not lost when the rest does not come
    assert max(len(piece.content) for piece in found) < 3_000_000


def test_a_first_day_is_where_the_log_begins_for_us() -> None:
    wiki = Wiki(log=[event(1, timestamp="2026-03-08T23:59:59Z"), event(2, timestamp="2026-03-09T00:00:00Z")])
    assert numbers(wiki.fetch(since="2026-03-09")) == [2]


def test_what_adds_nothing_makes_no_piece_on_the_same_day() -> None:
    wiki = Wiki(log=log(30))
    cursor = wiki.fetch()[-1].cursor
    assert wiki.fetch(cursor) == []
    wiki.log = []
    cursor = wiki.fetch()[-1].cursor
    wiki.now += timedelta(hours=17)
    assert wiki.fetch(cursor) == []


def test_a_wiki_that_was_asked_says_until_when_even_if_nothing_happened() -> None:
    wiki = Wiki(log=log(30))
    pieces = wiki.fetch()
    assert told(pieces) == [(at(1), "2026-03-10T05:50:00Z")]  # events may come as late
    wiki.now += timedelta(days=3)
    pieces = wiki.fetch(pieces[-1].cursor)
    assert (numbers(pieces), told(pieces)) == ([], [("2026-03-10T05:50:00Z", "2026-03-13T05:50:00Z")])
    assert wiki.fetch(pieces[-1].cursor) == []
    wiki.log.append(event(31, timestamp="2026-03-13T06:00:00Z"))
    wiki.now += timedelta(hours=1)
    pieces = wiki.fetch(pieces[-1].cursor)
    assert told(pieces) == [("2026-03-13T05:50:00Z", "2026-03-13T06:50:00Z")]


def test_a_wiki_in_which_nothing_ever_happened_was_asked_from_the_first_day_on() -> None:
    assert told(Wiki().fetch(since="2026-03-01")) == [("2026-03-01T00:00:00Z", "2026-03-10T05:50:00Z")]


def test_only_a_pass_that_came_to_its_end_says_that_all_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_log_pass, "PIECE_BYTES", 1)  # a piece for each answer
    wiki = Wiki(log=log(9), page=5)
    first = wiki.fetch()
    assert [until for _, until in told(first)] == [None] * (len(first) - 1) + ["2026-03-10T05:50:00Z"]
    wiki.now += timedelta(days=1)
    wiki.log += [event(10, timestamp=at(60)), event(11, "thanks/thank", timestamp=at(61))]
    pieces = feed.fetch(wiki.download(), first[-1].cursor, wiki.web)
    broken_off = [next(pieces)]
    pieces.close()
    assert told(broken_off) == [("2026-03-10T05:50:00Z", "2026-03-10T05:50:00Z")]
    assert told(wiki.fetch(broken_off[-1].cursor))[-1] == ("2026-03-10T05:50:00Z", "2026-03-11T05:50:00Z")


def test_a_wiki_whose_clock_is_ahead_has_not_told_of_days_to_come() -> None:
    wiki = Wiki(log=log(3))
    wiki.web.now = lambda: datetime(2026, 3, 8)
    assert told(wiki.fetch()) == [(None, "2026-03-07T23:50:00Z")]


def test_a_first_pass_of_many_pieces_tells_from_the_earliest_event_in_any_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api_log_pass, "PIECE_BYTES", 1)
    early = [event(90, timestamp="0001-01-01T00:00:00Z"), event(91, "newusers/create", timestamp=at(0, days=-300))]
    wiki = Wiki(log=[*log(9), *early], page=2)
    pieces = feed.fetch(wiki.download(), None, wiki.web)
    broken_off = [next(pieces) for _ in range(6)]
    pieces.close()
    assert 91 in numbers(broken_off)
    assert {until for _, until in told(broken_off)} == {None}
    rest = wiki.fetch(broken_off[-1].cursor)
    assert 91 not in numbers(rest)
    assert told(rest)[-1] == (at(0, days=-300), "2026-03-10T05:50:00Z")


def test_the_next_run_brings_what_is_new() -> None:
    wiki = Wiki(log=log(30))
    cursor = wiki.fetch()[-1].cursor
    wiki.log += log(6, first=31)
    found = wiki.fetch(cursor)
    assert set(numbers(found)) >= {*range(31, 37)}
    assert min(numbers(found)) > 15  # no more than the overlap again
    assert wiki.fetch(found[-1].cursor) == []


def test_an_event_that_appears_late_or_in_the_same_second_is_not_missed() -> None:
    wiki = Wiki(log=[event(5, timestamp=at(60))])
    cursor = wiki.fetch()[-1].cursor
    wiki.log += [event(4, timestamp=at(52)), event(6, timestamp=at(60))]  # its time is from before it was stored
    assert {4, 6} <= {*numbers(wiki.fetch(cursor))}


def test_an_event_ahead_of_the_wikis_clock_does_not_carry_the_cursor_with_it() -> None:
    wiki = Wiki(log=[event(1, timestamp="2031-01-01T00:00:00Z"), event(2, timestamp=at(1))])
    cursor = wiki.fetch()[-1].cursor
    wiki.now += timedelta(hours=1)
    wiki.log.append(event(3, timestamp=f"{wiki.now:%Y-%m-%dT%H:%M:%SZ}"))
    assert 3 in numbers(wiki.fetch(cursor))


def test_a_run_that_breaks_off_goes_on_behind_its_last_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_log_pass, "PIECE_BYTES", 1)  # a piece for each answer
    wiki = Wiki(log=log(60), page=5)
    pieces = feed.fetch(wiki.download(), None, wiki.web)
    first = [next(pieces) for _ in range(4)]
    pieces.close()
    found = wiki.fetch(first[-1].cursor)
    assert {*numbers(first), *numbers(found)} == {*range(1, 61)}
    assert len(numbers([*first, *found])) < 75  # what the overlap brings twice


def test_once_a_day_it_looks_back_for_what_has_been_hidden_since() -> None:
    days = (at(0, days=-3), at(0, days=-30), at(1))
    wiki = Wiki(log=[event(number, timestamp=day) for number, day in enumerate(days, 1)])
    cursor = wiki.fetch()[-1].cursor
    wiki.log[0] = hidden(1, "actionhidden", timestamp=at(0, days=-3))
    wiki.log[1] = hidden(2, "actionhidden", timestamp=at(0, days=-30))
    assert wiki.fetch(cursor) == []  # the same day
    wiki.now += timedelta(days=1)
    found = wiki.fetch(cursor)
    assert numbers(found) == [1, 3]  # the older one lies behind the days that are looked back
    assert answers(found)[0]["query"]["logevents"][0]["actionhidden"] is True
    wiki.now += timedelta(days=1)
    assert numbers(wiki.fetch(found[-1].cursor)) == []  # it is known by now
    wiki.log[0] = hidden(1, "actionhidden", "userhidden", timestamp=at(0, days=-3))
    assert numbers(wiki.fetch(found[-1].cursor)) == [1, 3]


def test_an_event_that_was_hidden_within_minutes_is_fetched_again() -> None:
    wiki = Wiki(log=[event(1, timestamp=at(1)), event(2, timestamp=at(2))])
    cursor = wiki.fetch(look_back_days=0)[-1].cursor
    wiki.log[0] = hidden(1, "commenthidden", timestamp=at(1))
    assert numbers(wiki.fetch(cursor, look_back_days=0)) == [1, 2]


def test_another_view_begins_anew(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIKI_TOKEN", "sesame")
    wiki = Wiki(server, log(9))
    cursor = wiki.fetch()[-1].cursor
    found = wiki.fetch(cursor, view="suppressor", token_from="WIKI_TOKEN")
    assert sorted(numbers(found)) == [*range(1, 10)]
    assert {one["asked"]["view"] for one in lines(found)} == {"suppressor"}
    assert "suppress" in {one.query["letype"] for one in server.asked}


def test_a_wiki_that_lags_is_asked_again_after_the_time_it_wants(server: Server) -> None:
    lag = error("maxlag", "Waiting for a database server: 7 seconds lagged.", retry_after="5", x_database_lag="7")
    wiki = Wiki(server, log(3), failing=[lag, lag])
    assert sorted(numbers(wiki.fetch())) == [1, 2, 3]
    assert [round(wait) in (5, 6) for wait in server.waits] == [True, True]


@pytest.mark.parametrize("code", ["ratelimited", "readonly", "internal_api_error_DBQueryError"])
def test_what_may_pass_is_waited_for(server: Server, code: str) -> None:
    wiki = Wiki(server, log(3), failing=[error(code), status(429, retry_after=3), status(503)])
    assert sorted(numbers(wiki.fetch())) == [1, 2, 3]
    assert len(server.waits) == 3


def test_a_wiki_that_lags_for_long_is_given_up_in_words(server: Server) -> None:
    wiki = Wiki(server, log(3), failing=[error("maxlag", retry_after="5")] * 50)
    with pytest.raises(FeedFault, match="maxlag"):
        wiki.fetch()
    assert sum(server.waits) < 120


def test_a_continuation_that_the_wiki_has_forgotten_is_begun_again_where_it_stood() -> None:
    wiki = Wiki(log=log(30), page=4, forgotten=1)
    assert {*numbers(wiki.fetch())} == {*range(1, 31)}


def test_a_wiki_that_forgets_every_continuation_is_a_fault() -> None:
    with pytest.raises(FeedFault, match="badcontinue"):
        Wiki(log=log(30), page=4, forgotten=99).fetch()


def test_a_log_that_a_wiki_does_not_have_is_passed_over() -> None:
    assert sorted(numbers(Wiki(log=log(6), unknown=("abusefilter", "thanks")).fetch())) == [1, 3, 4, 6]


def test_a_parameter_that_a_wiki_does_not_know_is_no_missing_log() -> None:
    wiki = Wiki(log=log(3), failing=[error("badvalue", 'Unrecognized value for parameter "leprop": details.')])
    with pytest.raises(FeedFault, match="badvalue"):
        wiki.fetch()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (page(), "no JSON"),
        (as_json([]), "no object"),
        (as_json({"batchcomplete": True}), "no log events"),
        (as_json({"query": {"logevents": {"1": {}}}}), "no log events"),
        (as_json({"error": "secret words"}), "an unknown error"),
        (error("secret words of somebody"), "an unknown error"),
        (error("readapidenied"), "an account that may read"),
        (status(401), "token"),
        (status(404), "404"),
        (redirect("https://elsewhere.example/api.php"), "may not ask"),
        (as_json({"continue": "onward", "query": {"logevents": []}}), "how to go on"),
    ],
)
def test_what_is_no_answer_is_said_in_words(server: Server, reply: Any, words: str) -> None:
    wiki = Wiki(server, log(3), failing=[reply])
    with pytest.raises(FeedFault, match=words) as caught:
        wiki.fetch()
    assert "secret" not in str(caught.value)


def test_a_list_that_goes_on_from_the_same_place_for_ever_is_a_fault() -> None:
    again = as_json({"continue": {"lecontinue": "20260309|1", "continue": "-||"}, "query": {"logevents": []}})
    with pytest.raises(FeedFault, match="for ever"):
        Wiki(failing=[again] * 9).fetch()


def test_an_answer_that_breaks_off_is_asked_for_again(server: Server) -> None:
    whole = as_json({"query": {"logevents": log(3)}})
    wiki = Wiki(server, log(3), failing=[half(whole)])
    assert sorted(numbers(wiki.fetch())) == [1, 2, 3]


@pytest.mark.parametrize(("failure", "code"), [(status(500), "500"), (status(502), "502"), (reset(), "broke off")])
def test_a_server_that_fails_once_is_asked_again_and_one_that_fails_for_ever_is_a_fault(
    server: Server, failure: Any, code: str
) -> None:
    assert sorted(numbers(Wiki(server, log(3), failing=[failure]).fetch())) == [1, 2, 3]
    with serving() as broken, pytest.raises(FeedFault, match=code):
        Wiki(broken, log(3), failing=[failure] * 50).fetch()


def test_a_server_that_does_not_answer_in_time_is_asked_again(server: Server) -> None:
    wiki = Wiki(server, log(3), failing=[slow(as_json({}), 5)])
    wiki.web = server.web(limits=Limits(read_s=0.2))
    assert sorted(numbers(wiki.fetch())) == [1, 2, 3]
    assert len(server.waits) == 1


def test_events_that_cannot_be_read_are_landed_for_the_quarantine_and_move_no_cursor() -> None:
    broken = [
        {"logid": "x", "timestamp": at(1), "type": "block"},
        {"logid": 8, "timestamp": "soon", "type": "block"},
        7,
    ]
    wiki = Wiki(failing=[as_json({"query": {"logevents": []}}), as_json({"query": {"logevents": broken}})])
    (piece,) = wiki.fetch()
    assert piece.cursor["logs"] == {}
    assert answers([piece])[0]["query"]["logevents"] == broken


def test_a_token_goes_into_the_header_and_nowhere_else(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIKI_TOKEN", "sesame-4711")
    wiki = Wiki(server, log(3))
    found = wiki.fetch(token_from="WIKI_TOKEN")
    assert {one.headers["authorization"] for one in server.asked} == {"Bearer sesame-4711"}
    assert {one.query["assert"] for one in server.asked} == {"user"}
    assert "sesame" not in repr((found, wiki.download(token_from="WIKI_TOKEN")))


def test_an_account_that_is_not_let_in_is_a_fault_with_a_remedy(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIKI_TOKEN", "sesame-4711")
    wiki = Wiki(server, log(3), failing=[error("assertuserfailed", "You are no longer logged in")])
    with pytest.raises(FeedFault, match="token or password") as caught:
        wiki.fetch(token_from="WIKI_TOKEN")
    assert "sesame" not in str(caught.value)


def test_a_variable_that_is_not_there_is_a_fault_before_anything_is_asked(server: Server) -> None:
    with pytest.raises(FeedFault, match="NO_SUCH_TOKEN"):
        Wiki(server, log(3)).fetch(token_from="NO_SUCH_TOKEN")
    assert server.asked == []


def signing_in(server: Server, result: str) -> Wiki:
    first = as_json({"query": {"tokens": {"logintoken": "abc+\\"}}}, set_cookie="wiki_session=one; path=/; HttpOnly")
    second = as_json({"login": {"result": result}}, set_cookie="wiki_session=two; path=/; HttpOnly")
    return Wiki(server, log(3), failing=[first, second])


def test_a_bot_password_signs_in_and_its_session_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIKI_USER", "Sue@reader")
    monkeypatch.setenv("WIKI_PASSWORD", "sesame-4711")
    wiki = signing_in(server, "Success")
    assert sorted(numbers(wiki.fetch(user_from="WIKI_USER", password_from="WIKI_PASSWORD"))) == [1, 2, 3]
    _, login, *others = server.asked
    assert (login.method, login.form["lgname"], login.form["lgpassword"]) == ("POST", "Sue@reader", "sesame-4711")
    assert (login.form["lgtoken"], login.headers["cookie"]) == ("abc+\\", "wiki_session=one")
    assert {one.headers["cookie"] for one in others} == {"wiki_session=two"}


def test_a_wiki_on_a_host_that_is_not_listed_is_not_asked(server: Server, other: Server) -> None:
    wiki = Wiki(server, log(3))
    series = downloads(other.url(PATH))["logevents"]
    with pytest.raises(FeedFault, match="may not ask"):
        next(feed.fetch(series, None, wiki.web))
    assert other.asked == []


@pytest.mark.parametrize("is_signing_in", [False, True])
def test_neither_token_nor_password_follows_to_a_host_that_is_not_listed(
    server: Server, other: Server, monkeypatch: pytest.MonkeyPatch, is_signing_in: bool
) -> None:
    onward = redirect(other.url(PATH), 307)
    first = as_json({"query": {"tokens": {"logintoken": "abc+\\"}}})
    wiki = Wiki(server, log(3), failing=[first, onward] if is_signing_in else [onward])
    for name in ("WIKI_TOKEN", "WIKI_USER", "WIKI_PASSWORD"):
        monkeypatch.setenv(name, "sesame-4711")
    account = {"user_from": "WIKI_USER", "password_from": "WIKI_PASSWORD"}
    with pytest.raises(FeedFault, match="may not ask") as caught:
        wiki.fetch(**(account if is_signing_in else {"token_from": "WIKI_TOKEN"}))
    assert other.asked == []
    assert "sesame" not in "".join(traceback.format_exception(caught.value))


def test_a_wrong_password_is_a_fault_without_the_password(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIKI_USER", "Sue@reader")
    monkeypatch.setenv("WIKI_PASSWORD", "sesame-4711")
    with pytest.raises(FeedFault, match="did not let the account in") as caught:
        signing_in(server, "Failed").fetch(user_from="WIKI_USER", password_from="WIKI_PASSWORD")
    assert "sesame" not in str(caught.value)


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 255), st.integers(0, 6)), min_size=2, max_size=5),
)
def test_whatever_comes_late_and_wherever_a_run_breaks_off_nothing_is_missed(runs: list[tuple[int, int]]) -> None:
    """Each run: which of the next eight events are stored by then, and how many pieces land before it breaks off."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api_log_pass, "PIECE_BYTES", 1)
        patch.setattr(feed, "log_types", lambda: frozenset({"block"}))
        wiki, waiting = Wiki(page=3), [event(number, timestamp=at(number * 0.4)) for number in range(1, 25)]
        landed: list[Piece] = []
        for stored, count in [*runs, (255, 99), (255, 99), (255, 99), (255, 99)]:
            now = [one for place, one in enumerate(waiting[:8]) if stored >> place & 1]
            wiki.log += now
            waiting = [one for one in waiting if one not in now]
            pieces = feed.fetch(wiki.download(), landed[-1].cursor if landed else None, wiki.web)
            landed += [piece for piece, _ in zip(pieces, range(count), strict=False)]
        assert {*numbers(landed)} == {*range(1, 25)}
